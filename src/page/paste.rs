//! The paste box: one entrance for a reply, a whole mail, several at once, or a file.

use yew::prelude::*;

use super::data;
use super::hand::{FIELD_LIMIT, Hands};
use super::state::{Desk, Held, Input, Notice, Wait};
use super::text::{shown, size};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub hands: Hands,
    pub input: Input,
    pub desk: Desk,
    pub wait: Wait,
    pub notice: Option<Notice>,
    pub dragging: bool,
    /// There is an answer: the box makes room for it.
    pub small: bool,
}

/// The box with its buttons, and what there is to say under it.
#[component]
pub fn PasteBox(props: &Props) -> Html {
    let held = match &props.input {
        Input::Held(held) => Some(held),
        Input::Field => None,
    };
    let class = classes!("box", props.small.then_some("small"), props.dragging.then_some("drag"));
    let onsubmit = {
        let hands = props.hands.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            hands.decode(None);
        })
    };
    html! {
        <>
            <form {class} aria-label="Bounce text" {onsubmit}>
                <p class="drop" hidden={!props.dragging}>{ "Drop it to read it. It stays on this device." }</p>
                { held.map(held_view).unwrap_or_default() }
                <Field hands={props.hands.clone()} hidden={held.is_some()} />
                <Buttons hands={props.hands.clone()} />
            </form>
            { waiting(props) }
            { props.notice.as_ref().map(notice).unwrap_or_default() }
        </>
    }
}

fn held_view(held: &Held) -> Html {
    html! {
        <div class="held">
            <p><b>{ shown(&held.name, false) }</b>{ ", " }{ size(held.bytes) }</p>
            <pre tabindex="0" aria-label="First lines">{ shown(&held.head, false) }{ "\n…" }</pre>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct FieldProps {
    hands: Hands,
    hidden: bool,
}

/// The text field. The browser keeps its value; nothing here renders it, however long it grows.
#[component]
fn Field(props: &FieldProps) -> Html {
    let oninput = {
        let hands = props.hands.clone();
        Callback::from(move |event: InputEvent| {
            hands.edited();
            match event.input_type().as_str() {
                "insertFromPaste" | "insertFromDrop" => hands.decode(None),
                _ => hands.typed(),
            }
        })
    };
    let onpaste = {
        let hands = props.hands.clone();
        Callback::from(move |event: Event| take_long_paste(&hands, &event))
    };
    let was_hidden = use_mut_ref(|| false);
    use_effect_with(props.hidden, {
        let hands = props.hands.clone();
        move |hidden| {
            if std::mem::replace(&mut *was_hidden.borrow_mut(), *hidden) && !hidden {
                hands.focus_field();
            }
        }
    });
    html! {
        <div hidden={props.hidden}>
            <label class="vh" for="in">{ "Bounce text" }</label>
            <textarea id="in" ref={props.hands.field.clone()} {oninput} {onpaste} spellcheck="false" autocomplete="off" autocapitalize="off"
                placeholder="Paste a bounce here. A full report works better than one line." />
        </div>
    }
}

/// Keeps files and texts that would stop the page out of the text field.
fn take_long_paste(hands: &Hands, event: &Event) {
    use wasm_bindgen::JsCast;
    let Some(data) = event.dyn_ref::<web_sys::ClipboardEvent>().and_then(web_sys::ClipboardEvent::clipboard_data) else { return };
    if let Some(files) = data.files().filter(|files| files.length() > 0) {
        event.prevent_default();
        return hands.take_files(&files);
    }
    let text = data.get_data("text/plain").unwrap_or_default();
    if text.len() > FIELD_LIMIT {
        event.prevent_default();
        hands.take_text(&text);
    }
}

#[derive(Properties, PartialEq)]
struct ButtonsProps {
    hands: Hands,
}

#[component]
fn Buttons(props: &ButtonsProps) -> Html {
    let picker = use_node_ref();
    let act = |act: fn(&Hands)| {
        let hands = props.hands.clone();
        Callback::from(move |_: MouseEvent| act(&hands))
    };
    let open = {
        let picker = picker.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(input) = picker.cast::<web_sys::HtmlInputElement>() {
                input.click();
            }
        })
    };
    let onchange = {
        let hands = props.hands.clone();
        Callback::from(move |event: Event| {
            let input: web_sys::HtmlInputElement = event.target_unchecked_into();
            if let Some(files) = input.files() {
                hands.take_files(&files);
            }
        })
    };
    html! {
        <div class="row">
            <button type="button" onclick={act(Hands::paste)}>{ "Paste" }</button>
            <button type="button" onclick={open}>{ "Open file…" }</button>
            <input id="file" class="vh" type="file" tabindex="-1" aria-label="File to read" ref={picker} {onchange} />
            <Samples hands={props.hands.clone()} />
            <button type="button" onclick={act(Hands::clear)}>{ "Clear" }</button>
            <span class="end muted wide">{ "Decodes as you paste. " }<kbd>{ "Ctrl" }</kbd>{ " " }<kbd>{ "Enter" }</kbd>{ " decodes now." }</span>
        </div>
    }
}

/// The eight samples. The choice falls back to its heading, so that the same one can be chosen again.
#[component]
fn Samples(props: &ButtonsProps) -> Html {
    let samples = data::samples();
    let onchange = {
        let (hands, samples) = (props.hands.clone(), samples.clone());
        Callback::from(move |event: Event| {
            let select: web_sys::HtmlSelectElement = event.target_unchecked_into();
            if let Some(sample) = select.value().parse::<usize>().ok().and_then(|n| samples.get(n)) {
                hands.take_text(sample.text.trim_end());
            }
            select.set_selected_index(0);
        })
    };
    html! {
        <>
            <label class="vh" for="sample">{ "Try a sample" }</label>
            <select id="sample" {onchange} autocomplete="off">
                <option value="" selected=true>{ "Try a sample" }</option>
                { for samples.iter().enumerate().map(|(n, sample)| html! { <option value={n.to_string()}>{ &sample.name }</option> }) }
            </select>
        </>
    }
}

/// What the reader waits for: the decoder, or a long reading that can be ended.
fn waiting(props: &Props) -> Html {
    match (&props.desk, props.wait) {
        (Desk::Failed(why), _) => notice(&Notice { what: "The decoder did not start.".into(), more: why.clone(), stop: true }),
        (Desk::Loading, Wait::Asked | Wait::Slow) => {
            html! { <p class="read">{ "Loading the rules. Your text is decoded when they are here." }</p> }
        }
        (Desk::Ready, Wait::Slow) => {
            let hands = props.hands.clone();
            let cancel = Callback::from(move |_: MouseEvent| hands.cancel());
            html! {
                <p class="read row">{ "Still reading. Long texts take a moment. " }<button type="button" onclick={cancel}>{ "Cancel" }</button></p>
            }
        }
        _ => Html::default(),
    }
}

/// A message, and what to do about it.
pub fn notice(notice: &Notice) -> Html {
    let role = if notice.stop { "alert" } else { "note" };
    html! {
        <div class={classes!("note", "lede", "under", notice.stop.then_some("stop"))} {role}>
            <p><b>{ &notice.what }</b>{ " " }{ &notice.more }</p>
        </div>
    }
}
