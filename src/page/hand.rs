//! What the page does to the world: reads field, files and clipboard, asks the worker, copies, saves, prints.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, BlobPropertyBag, File, HtmlAnchorElement, HtmlElement, HtmlTextAreaElement, Url};
use yew::{Callback, NodeRef};

use super::desk::{Desk, TRIALS};
use super::report::Clerk;
use super::state::{Act, Held, Notice};
use crate::verdict::Form;
use crate::view::route::Route;
use crate::view::sniff::{Alien, alien, is_export};
use crate::wire::Ask;

/// A text longer than this is held as a file is: a text field of that size would stop the page.
pub const FIELD_LIMIT: usize = 200_000;
/// No bounce is larger; tables of many bounces are.
const FILE_LIMIT: f64 = 64.0 * 1024.0 * 1024.0;
const PAUSE_MS: u32 = 150;
const SLOW_MS: u32 = 1_000;

#[derive(Default)]
struct Memo {
    id: u32,
    bytes: Option<Uint8Array>,
    pause: Option<Timeout>,
    slow: Option<Timeout>,
    asked_rules: bool,
    trials: u32,
}

/// The page's hands; clones share one state.
#[derive(Clone)]
pub struct Hands {
    pub act: Callback<Act>,
    pub desk: Desk,
    /// The worker that reads files of bounces.
    pub clerk: Clerk,
    pub field: NodeRef,
    memo: Rc<RefCell<Memo>>,
}

impl PartialEq for Hands {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.memo, &other.memo)
    }
}

impl Hands {
    pub fn new(act: Callback<Act>, field: NodeRef) -> Self {
        Self { desk: Desk::new(act.clone()), clerk: Clerk::new(act.clone()), act, field, memo: Rc::default() }
    }

    fn text_area(&self) -> Option<HtmlTextAreaElement> {
        self.field.cast()
    }

    /// Moves focus to the box: the text field, or what stands in its place.
    pub fn focus_field(&self) {
        focus_only("form.box .held pre, form.box div:not([hidden]) > #in");
    }

    /// Decodes once typing pauses.
    pub fn typed(&self) {
        let hands = self.clone();
        self.memo.borrow_mut().pause = Some(Timeout::new(PAUSE_MS, move || hands.decode(None)));
    }

    /// Decodes what lies in the box now.
    pub fn decode(&self, reading: Option<Form>) {
        let mut memo = self.memo.borrow_mut();
        memo.pause = None;
        let id = memo.id + 1;
        let text = || self.text_area().map(|field| field.value()).unwrap_or_default();
        let ask = match &memo.bytes {
            Some(bytes) => Ask::Bytes { id, bytes: bytes.clone(), reading },
            None => Ask::Text { id, text: text(), reading },
        };
        if matches!(&ask, Ask::Text { text, .. } if text.trim().is_empty()) {
            drop(memo);
            return self.act.emit(Act::Cleared);
        }
        memo.id = id;
        let act = self.act.clone();
        memo.slow = Some(Timeout::new(SLOW_MS, move || act.emit(Act::Slow(id))));
        drop(memo);
        self.act.emit(Act::Asked { id, forced: reading });
        self.desk.ask(ask);
    }

    /// Asks for the rules, once.
    pub fn ask_rules(&self) {
        if !std::mem::replace(&mut self.memo.borrow_mut().asked_rules, true) {
            self.desk.ask(Ask::Rules);
        }
    }

    /// Asks for them again, where they were asked for: others are in force now.
    pub fn ask_rules_again(&self) {
        if self.memo.borrow().asked_rules {
            self.desk.ask(Ask::Rules);
        }
    }

    /// What lies in the box, as bytes.
    pub fn input(&self) -> Option<Uint8Array> {
        let held = self.memo.borrow().bytes.clone();
        held.or_else(|| self.text_area().map(|field| Uint8Array::from(field.value().as_bytes())))
    }

    /// Tries the rules on a line, once typing pauses.
    pub fn try_rules(&self, line: String) {
        let hands = self.clone();
        self.memo.borrow_mut().pause = Some(Timeout::new(PAUSE_MS, move || {
            let trials = hands.memo.borrow().trials + 1;
            hands.memo.borrow_mut().trials = trials;
            hands.desk.ask(Ask::Text { id: TRIALS + trials, text: line, reading: None });
        }));
    }

    /// Ends the reading under way.
    pub fn cancel(&self) {
        self.desk.cancel();
        self.act.emit(Act::Cancelled);
        self.note("Stopped by you.", "Ctrl+Enter reads it after all; a shorter piece, the reply alone, is read at once.", false);
        self.focus_field();
    }

    /// Empties the box and forgets the answer.
    pub fn clear(&self) {
        {
            let mut memo = self.memo.borrow_mut();
            (memo.bytes, memo.pause, memo.slow) = (None, None, None);
        }
        self.desk.cancel();
        self.set_field("");
        self.act.emit(Act::Cleared);
        self.focus_field();
    }

    fn set_field(&self, text: &str) {
        if let Some(field) = self.text_area() {
            field.set_value(text);
            field.set_scroll_top(0);
        }
    }

    /// Puts a text into the box, or holds it where it is too long for a field, and decodes it.
    pub fn take_text(&self, text: &str) {
        if text.len() > FIELD_LIMIT {
            return self.hold_text(text);
        }
        self.memo.borrow_mut().bytes = None;
        self.act.emit(Act::Field);
        self.set_field(text);
        self.decode(None);
    }

    /// A long text as UTF-8 bytes; the browser makes them off the main thread.
    fn hold_text(&self, text: &str) {
        let Ok(blob) = Blob::new_with_str_sequence(&Array::of1(&text.into())) else { return };
        let hands = self.clone();
        spawn_local(async move {
            if let Ok(buffer) = JsFuture::from(blob.array_buffer()).await {
                hands.hold("Pasted text".into(), Uint8Array::new(&buffer));
            }
        });
    }

    fn hold(&self, name: String, bytes: Uint8Array) {
        let size = bytes.length() as usize;
        let head = String::from_utf8_lossy(&bytes.slice(0, 1_200).to_vec()).into_owned();
        let head: Vec<&str> = head.lines().take(6).collect();
        self.memo.borrow_mut().bytes = Some(bytes);
        self.set_field("");
        self.act.emit(Act::Hold(Held { name, bytes: size, head: head.join("\n") }));
        self.decode(None);
    }

    /// Reads a file: one bounce into the box, an export or several files into a report.
    pub fn take_files(&self, files: &web_sys::FileList) {
        let files = super::report::listed(files);
        let is_sheet = |file: &File| is_export(&file.name(), file.size());
        match files.as_slice() {
            [] => {}
            [one] if !is_sheet(one) => self.take_one(one.clone()),
            _ => self.take_sheets(files, false, true),
        }
    }

    /// Reads a file as one text, whatever it is called.
    pub fn take_one(&self, file: File) {
        let hands = self.clone();
        self.go(&Route::Decode);
        spawn_local(async move { hands.take_file(file).await });
    }

    async fn take_file(&self, file: File) {
        let name = file.name();
        if file.size() > FILE_LIMIT {
            return self.refuse(Alien {
                what: "This file is too large for a bounce.",
                instead: "This page reads single bounces of up to 64 MB. Save the one bounce that you want to read.",
            });
        }
        let Ok(buffer) = JsFuture::from(file.array_buffer()).await else {
            return self.note("The file could not be read.", "It may have changed or moved. Choose it again.", true);
        };
        let bytes = Uint8Array::new(&buffer);
        if let Some(alien) = alien(&name, &bytes.slice(0, 16).to_vec()) {
            return self.refuse(alien);
        }
        let small = (bytes.length() as usize <= FIELD_LIMIT).then(|| String::from_utf8(bytes.to_vec()).ok()).flatten();
        match small {
            Some(text) => self.show_file(&text, bytes),
            None => self.hold(name, bytes),
        }
    }

    /// A short file: its text stands in the field, its bytes are decoded, so that no line ending is lost.
    fn show_file(&self, text: &str, bytes: Uint8Array) {
        self.act.emit(Act::Field);
        self.set_field(text);
        self.memo.borrow_mut().bytes = Some(bytes);
        self.decode(None);
    }

    /// The field was edited: from now on its text counts, not a file's bytes.
    pub fn edited(&self) {
        if self.memo.borrow_mut().bytes.take().is_some() {
            self.act.emit(Act::Field);
        }
    }

    fn refuse(&self, alien: Alien) {
        self.clear();
        self.note(alien.what, alien.instead, false);
    }

    /// Shows a message under the box.
    pub fn note(&self, what: &str, more: &str, stop: bool) {
        self.act.emit(Act::Note(Notice { what: what.into(), more: more.into(), stop }));
    }

    /// Takes the clipboard's text, if the browser lets it.
    pub fn paste(&self) {
        let hands = self.clone();
        spawn_local(async move {
            let text = match clipboard("readText") {
                Some(clipboard) => JsFuture::from(clipboard.read_text()).await.ok().and_then(|text| text.as_string()),
                None => None,
            };
            match text {
                Some(text) if text.trim().is_empty() => hands.note("The clipboard holds no text.", "Copy the bounce first.", false),
                Some(text) => hands.take_text(&text),
                None => {
                    hands.focus_field();
                    hands.note("Your browser blocked the paste button.", "Press Ctrl+V (⌘V on a Mac) in the box.", false);
                }
            }
        });
    }

    /// Copies a text; `what` names it for the announcement.
    pub fn copy(&self, text: String, what: &'static str) {
        let hands = self.clone();
        spawn_local(async move {
            let done = match clipboard("writeText") {
                Some(clipboard) => JsFuture::from(clipboard.write_text(&text)).await.is_ok(),
                None => false,
            };
            match done {
                true => hands.act.emit(Act::Say(format!("{what} copied."))),
                false => hands.note("Your browser blocked copying.", "Select the text and press Ctrl+C (⌘C on a Mac).", false),
            }
        });
    }

    /// Offers a text as a download.
    pub fn save(&self, name: &str, kind: &str, text: &str) {
        let saved = save(name, kind, text);
        match saved {
            Ok(()) => self.act.emit(Act::Say(format!("{name} saved."))),
            Err(_) => self.note("Your browser blocked the download.", "Copy the text instead.", false),
        }
    }
}

/// The clipboard, where the browser has one with this method (not on `http:`, not in old browsers).
fn clipboard(method: &str) -> Option<web_sys::Clipboard> {
    let navigator = web_sys::window()?.navigator();
    let clipboard = Reflect::get(&navigator, &"clipboard".into()).ok()?;
    let has = clipboard.is_object() && Reflect::get(&clipboard, &method.into()).is_ok_and(|method| method.is_function());
    has.then(|| clipboard.unchecked_into())
}

fn save(name: &str, kind: &str, text: &str) -> Result<(), JsValue> {
    let document = web_sys::window().and_then(|window| window.document()).ok_or(JsValue::NULL)?;
    let bag = BlobPropertyBag::new();
    bag.set_type(kind);
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &bag)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let link: HtmlAnchorElement = document.create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    Timeout::new(10_000, move || drop(Url::revoke_object_url(&url))).forget();
    Ok(())
}

/// Focuses an element and brings its beginning into view.
pub fn focus(selector: &str) {
    if let Some(element) = focus_only(selector) {
        element.scroll_into_view_with_bool(true);
    }
}

fn focus_only(selector: &str) -> Option<HtmlElement> {
    let found = web_sys::window()?.document()?.query_selector(selector).ok()??;
    let element: HtmlElement = found.dyn_into().ok()?;
    // An element that cannot take focus leaves it where it is.
    let _ = element.focus();
    Some(element)
}

/// Opens the browser's print dialog.
pub fn print() {
    if let Some(window) = web_sys::window() {
        let _ = window.print();
    }
}
