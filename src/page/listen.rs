//! What happens to the window: addresses, keys, files dropped anywhere, text pasted anywhere.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, DragEvent, Element, Event, KeyboardEvent};

use super::hand::{Hands, focus};
use super::keys;
use super::report::listed;
use super::state::Act;
use crate::view::route::Route;

/// The route that the address names.
pub fn route() -> Option<Route> {
    Route::parse(&web_sys::window()?.location().hash().ok()?)
}

/// Names the window after the page in view; after the first time, focus goes to the page's heading.
pub fn arrive(route: &Route, first: bool) {
    let Some(window) = web_sys::window() else { return };
    if let Some(document) = window.document() {
        document.set_title(&route.title());
    }
    if !first {
        window.scroll_to_with_x_and_y(0.0, 0.0);
        focus("section.page:not([hidden]) h1");
    }
}

/// Listens until dropped.
pub fn listen(hands: &Hands, letters: Rc<RefCell<bool>>) -> Vec<EventListener> {
    let Some(window) = web_sys::window() else { return Vec::new() };
    let on = |kind: &'static str, hear: Box<dyn Fn(&Event)>| {
        EventListener::new_with_options(&window, kind, EventListenerOptions::enable_prevent_default(), move |event| hear(event))
    };
    let own = || hands.clone();
    let (go, key, over, leave, drop, paste) = (own(), own(), own(), own(), own(), own());
    vec![
        on(
            "hashchange",
            Box::new(move |_| {
                if let Some(route) = route() {
                    go.act.emit(Act::Go(route));
                }
            }),
        ),
        on(
            "keydown",
            Box::new(move |event| {
                if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
                    keys::pressed(&key, event, *letters.borrow());
                }
            }),
        ),
        on(
            "dragover",
            Box::new(move |event| {
                if carries_files(event) {
                    event.prevent_default();
                    over.act.emit(Act::Dragging(true));
                }
            }),
        ),
        on(
            "dragleave",
            Box::new(move |event| {
                let to = event.dyn_ref::<DragEvent>().and_then(|event| event.related_target());
                if to.is_none() {
                    leave.act.emit(Act::Dragging(false));
                }
            }),
        ),
        on(
            "drop",
            Box::new(move |event| {
                drop.act.emit(Act::Dragging(false));
                if carries_files(event) {
                    event.prevent_default();
                    dropped(&drop, event);
                }
            }),
        ),
        on("paste", Box::new(move |event| pasted(&paste, event))),
    ]
}

fn carries_files(event: &Event) -> bool {
    let data = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer);
    data.is_some_and(|data| data.types().includes(&"Files".into(), 0))
}

fn dropped(hands: &Hands, event: &Event) {
    let files = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer).and_then(|data| data.files());
    let Some(files) = files else { return };
    match route() {
        Some(Route::Report(_)) => hands.take_sheets(listed(&files), false, false),
        _ => hands.take_files(&files),
    }
}

/// A paste that no field takes is meant for the box.
fn pasted(hands: &Hands, event: &Event) {
    let in_field = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let in_field = in_field.is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"));
    let Some(data) = event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data).filter(|_| !in_field) else { return };
    if let Some(files) = data.files().filter(|files| files.length() > 0) {
        hands.take_files(&files);
    } else if let Some(text) = data.get_data("text/plain").ok().filter(|text| !text.trim().is_empty()) {
        hands.take_text(&text);
    } else {
        return;
    }
    event.prevent_default();
    if web_sys::window().and_then(|window| window.location().hash().ok()).is_some_and(|hash| Route::parse(&hash) != Some(Route::Decode)) {
        hands.act.emit(Act::Go(Route::Decode));
    }
}
