//! The escalation packet: whom to write to, what the text gives, what a person adds, and the letter as it grows.

use std::rc::Rc;

use yew::prelude::*;

use super::data::{company, labels, packets};
use super::hand::Hands;
use super::state::{Answer, Shared};
use super::text::{help, section};
use crate::view::packet::{Facts, Letter, Line, facts, first_choice};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub hands: Hands,
    pub answer: Shared<Answer>,
    pub index: usize,
    pub hide: bool,
}

/// The section. What is typed lives as long as the card and goes nowhere.
#[component]
pub fn PacketView(props: &Props) -> Html {
    let chosen = use_state(|| None::<String>);
    let typed = use_state(|| Rc::new(Facts::new()));
    let Some((_, outcome)) = props.answer.outcomes().nth(props.index) else { return Html::default() };
    let packets = packets();
    let id = chosen.as_deref().unwrap_or_else(|| first_choice(outcome));
    let Some(packet) = packets.packet.iter().find(|packet| packet.id == id) else { return Html::default() };
    let known = facts(outcome, &labels(), company, props.hide);
    let letter = Letter::new(&packets, packet, outcome.bucket, &known, &typed);
    let lines = letter.lines();
    let filled = lines.iter().filter(|line| line.value.is_some()).count();
    let choice = packets.packet.iter().map(|other| {
        let (chosen, id) = (chosen.clone(), other.id.clone());
        let onchange = Callback::from(move |_: Event| chosen.set(Some(id.clone())));
        html! { <label><input type="radio" name="to" checked={other.id == packet.id} {onchange} />{ &other.name }</label> }
    });
    let oninput = {
        let typed = typed.clone();
        Callback::from(move |(id, value): (String, String)| {
            let mut next = (**typed).clone();
            next.insert(id, value);
            typed.set(Rc::new(next));
        })
    };
    let matter = html! {
        <>
            <div class="row noprint">
                <fieldset class="seg"><legend class="vh">{ "Packet for" }</legend>{ for choice }</fieldset>
                <span class="muted small">{ format!("{filled} of {} fields filled", lines.len()) }</span>
            </div>
            <div class="packet">
                <dl class="fields">{ for lines.iter().map(|line| field(line, &typed, &oninput)) }</dl>
                <div>
                    <pre class="raw" tabindex="0" aria-label="The letter">{ letter.text() }</pre>
                    { buttons(&props.hands, &letter) }
                </div>
            </div>
        </>
    };
    section("packet", "Escalation packet", help("Fill in what the text does not say"), matter)
}

fn field(line: &Line, typed: &Facts, oninput: &Callback<(String, String)>) -> Html {
    if let Some(value) = line.value.as_ref().filter(|_| line.known) {
        let value = html! { <span class="clip">{ value }</span> };
        return html! { <div key={line.id.clone()}><dt>{ &line.name }</dt><dd>{ value }</dd></div> };
    }
    let (id, own) = (format!("f-{}", line.id), line.id.clone());
    let oninput = oninput.reform(move |event: InputEvent| {
        let input: web_sys::HtmlInputElement = event.target_unchecked_into();
        (own.clone(), input.value())
    });
    let value = typed.get(&line.id).cloned().unwrap_or_default();
    html! {
        <div key={line.id.clone()} class={classes!(line.value.is_none().then_some("miss"))}>
            <dt><label for={id.clone()}>{ &line.name }</label></dt>
            <dd><input {id} {value} {oninput} placeholder={line.hint.clone()} autocomplete="off" spellcheck="false" /></dd>
        </div>
    }
}

fn buttons(hands: &Hands, letter: &Letter) -> Html {
    let copy = |text: String, what: &'static str| {
        let hands = hands.clone();
        Callback::from(move |_: MouseEvent| hands.copy(text.clone(), what))
    };
    let save = |name: &'static str, kind: &'static str, text: String| {
        let hands = hands.clone();
        Callback::from(move |_: MouseEvent| hands.save(name, kind, &text))
    };
    html! {
        <p class="row noprint">
            <button type="button" class="go" onclick={copy(letter.text(), "Packet")}>{ "Copy text" }</button>
            <button type="button" onclick={copy(letter.markdown(), "Packet as Markdown")}>{ "Copy Markdown" }</button>
            <button type="button" onclick={save("bounce-packet.txt", "text/plain", letter.file())}>{ "Save .txt" }</button>
            <button type="button" onclick={save("bounce-packet.eml", "message/rfc822", letter.eml())}>{ "Save .eml" }</button>
        </p>
    }
}
