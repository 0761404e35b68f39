//! The letter about a finding: what the file gives, what a person fills in, and three forms to take away.

use std::collections::BTreeMap;
use std::rc::Rc;

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::state::Told;
use crate::analysis::Packet;
use crate::analysis::order::{Order, Profile, What};
use crate::analysis::packet::Field;
use crate::export::packet as letter;
use crate::page::hand::Hands;
use crate::page::state::Shared;
use crate::page::text::shown;

/// What a person typed, by the name of the field.
type Typed = BTreeMap<String, String>;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub hands: Hands,
    pub told: Shared<Told>,
    pub finding: usize,
    pub packet: Option<Shared<Packet>>,
}

/// The packet under its finding. What is typed lives as long as it is open and goes nowhere.
#[component]
pub fn PacketView(props: &Props) -> Html {
    let typed = use_state(|| Rc::new(Typed::new()));
    let redact = use_state(|| false);
    let Some(packet) = &props.packet else { return html! { <p class="muted whole" role="status">{ "Gathering the packet…" }</p> } };
    let filled = filled(packet, &typed);
    let known = filled.fields.iter().filter(|field| field.value.is_some()).count();
    let write = |what: What| {
        let order = Order { what, profile: Profile::Generic, redact: *redact, finding: Some(props.finding), limit: None };
        letter(&order, &props.told.analysis, &filled)
    };
    let onredact = {
        let redact = redact.clone();
        Callback::from(move |event: Event| redact.set(event.target_unchecked_into::<HtmlInputElement>().checked()))
    };
    html! {
        <div class="whole" id="packet-of-finding">
            <p class="row small"><span class="muted">{ format!("{known} of {} fields filled. Dashed ones are missing from the file.", filled.fields.len()) }</span>
                <label class="end"><input type="checkbox" checked={*redact} onchange={onredact} />{ "Redact addresses" }</label></p>
            <div class="packet">
                <dl class="fields">{ for packet.fields.iter().enumerate().map(|(at, field)| line(at, field, &typed)) }</dl>
                <div><pre class="raw" tabindex="0" aria-label="The letter">{ gaps(&write(What::PacketText)) }</pre>{ buttons(&props.hands, write) }</div>
            </div>
        </div>
    }
}

/// The packet with what a person typed.
fn filled(packet: &Packet, typed: &Typed) -> Packet {
    let value = |field: &Field| {
        field.value.clone().or_else(|| typed.get(&field.name).map(|text| text.trim().to_string()).filter(|text| !text.is_empty()))
    };
    let fields = packet.fields.iter().map(|field| Field { name: field.name.clone(), value: value(field) }).collect();
    Packet { fields, ..packet.clone() }
}

fn line(at: usize, field: &Field, typed: &UseStateHandle<Rc<Typed>>) -> Html {
    if let Some(value) = &field.value {
        return html! { <div key={at}><dt>{ &field.name }</dt><dd><span class="clip">{ shown(value, false) }</span></dd></div> };
    }
    let id = format!("packet-{at}");
    let value = typed.get(&field.name).cloned().unwrap_or_default();
    let oninput = {
        let (typed, name) = (typed.clone(), field.name.clone());
        Callback::from(move |event: InputEvent| {
            let mut next = (**typed).clone();
            next.insert(name.clone(), event.target_unchecked_into::<HtmlInputElement>().value());
            typed.set(Rc::new(next));
        })
    };
    html! {
        <div key={at} class={classes!(value.trim().is_empty().then_some("miss"))}><dt><label for={id.clone()}>{ &field.name }</label></dt>
            <dd><input {id} {value} {oninput} autocomplete="off" spellcheck="false" /></dd></div>
    }
}

/// The text with its gaps marked.
fn gaps(text: &str) -> Html {
    const GAP: &str = "[to fill in]";
    let pieces: Vec<&str> = text.split(GAP).collect();
    let last = pieces.len().saturating_sub(1);
    pieces
        .into_iter()
        .enumerate()
        .map(|(at, piece)| html! { <>{ shown(piece, false) }if at < last { <span class="mk">{ GAP }</span> }</> })
        .collect()
}

fn buttons(hands: &Hands, write: impl Fn(What) -> String) -> Html {
    let copy = |what, name: &'static str| {
        let (hands, text) = (hands.clone(), write(what));
        Callback::from(move |_: MouseEvent| hands.copy(text.clone(), name))
    };
    let save = |what, name: &'static str, kind: &'static str| {
        let (hands, text) = (hands.clone(), write(what));
        Callback::from(move |_: MouseEvent| hands.save(name, kind, &text))
    };
    html! {
        <p class="row">
            <button type="button" class="go" onclick={copy(What::PacketText, "Packet")}>{ "Copy text" }</button>
            <button type="button" onclick={copy(What::PacketMarkdown, "Packet as Markdown")}>{ "Copy Markdown" }</button>
            <button type="button" onclick={save(What::PacketText, "finding-packet.txt", "text/plain")}>{ "Save .txt" }</button>
            <button type="button" onclick={save(What::PacketMarkdown, "finding-packet.md", "text/markdown")}>{ "Save .md" }</button>
            <button type="button" onclick={save(What::PacketMail, "finding-packet.eml", "message/rfc822")}>{ "Save .eml" }</button>
        </p>
    }
}
