//! Keys: what they do, where they are off, and the list of them.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement, KeyboardEvent};
use yew::prelude::*;

use super::hand::{Hands, focus};
use super::state::Act;

/// What each key does, for the list.
const KEYS: [(&str, &str); 6] = [
    ("Ctrl Enter", "Decode now (⌘ Enter on a Mac)"),
    ("/", "To the paste box; in rules, rows and people to the search"),
    ("1 … 9", "To an evidence mark"),
    ("← ↑ ↓ →", "In the heat map and in the rows: move; Enter filters or opens"),
    ("?", "This list"),
    ("Esc", "Close this list"),
];

/// Acts on a key pressed anywhere; `letters` says whether single keys are on.
pub fn pressed(hands: &Hands, event: &KeyboardEvent, letters: bool) {
    if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
        event.prevent_default();
        return hands.decode(None);
    }
    let modified = event.ctrl_key() || event.meta_key() || event.alt_key();
    if modified || !letters || event.default_prevented() || in_field(event) {
        return;
    }
    match event.key().as_str() {
        "?" => hands.act.emit(Act::Keys(true)),
        "/" => focus("section.page:not([hidden]) :is(#find, .panel:not(.off) input[type=search], #in)"),
        digit if matches!(digit.as_bytes(), [b'1'..=b'9']) => focus(&format!("#m{digit}")),
        _ => return,
    }
    event.prevent_default();
}

/// The key goes to something that takes text or choices.
fn in_field(event: &KeyboardEvent) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    element.is_some_and(|element| {
        matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT") || element.has_attribute("contenteditable")
    })
}

#[derive(Properties, PartialEq)]
pub struct ListProps {
    pub hands: Hands,
    pub letters: bool,
}

/// The list, with the switch for single keys.
#[component]
pub fn KeyList(props: &ListProps) -> Html {
    let onchange = {
        let hands = props.hands.clone();
        Callback::from(move |event: Event| hands.choose_letters(event.target_unchecked_into::<web_sys::HtmlInputElement>().checked()))
    };
    let key = |(key, what): (&'static str, &'static str)| {
        let caps = key.split(' ').map(|cap| {
            if cap == "…" {
                html! { " … " }
            } else {
                html! { <kbd>{ cap }</kbd> }
            }
        });
        html! { <div><dt>{ for caps }</dt><dd>{ what }</dd></div> }
    };
    html! {
        <>
            <dl class="kv keys">{ for KEYS.into_iter().map(key) }</dl>
            <p class="small"><label><input type="checkbox" checked={props.letters} {onchange} />{ "Single keys on, outside text fields" }</label></p>
        </>
    }
}

#[derive(Properties, PartialEq)]
pub struct DialogProps {
    pub hands: Hands,
    pub letters: bool,
    pub open: bool,
}

/// The list as a dialog.
#[component]
pub fn KeyDialog(props: &DialogProps) -> Html {
    let dialog = use_node_ref();
    use_effect_with(props.open, {
        let dialog = dialog.clone();
        move |open| {
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                match (*open, dialog.open()) {
                    (true, false) => {
                        // Fails only where the dialog is open already.
                        let _ = dialog.show_modal();
                        focus("#keys-close");
                    }
                    (false, true) => dialog.close(),
                    _ => {}
                }
            }
        }
    });
    let close = {
        let hands = props.hands.clone();
        Callback::from(move |_: MouseEvent| hands.act.emit(Act::Keys(false)))
    };
    let onclose = {
        let hands = props.hands.clone();
        Callback::from(move |_: Event| hands.act.emit(Act::Keys(false)))
    };
    html! {
        <dialog ref={dialog} aria-labelledby="keys-title" {onclose}>
            <h2 id="keys-title">{ "Keys" }</h2>
            <KeyList hands={props.hands.clone()} letters={props.letters} />
            <p class="row"><button type="button" id="keys-close" onclick={close}>{ "Close" }</button></p>
        </dialog>
    }
}
