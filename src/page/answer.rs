//! What a decode brought: how the text was read, then one card, or several side by side, or a table that opens cards.

use yew::prelude::*;

use super::card::Card;
use super::data::labels;
use super::evidence::Evidence;
use super::hand::{Hands, focus};
use super::paste::notice;
use super::state::{Act, Answer, Notice, Shared};
use super::text::{prose, shown, tag};
use crate::verdict::{Cause, Decoded, Form, Outcome};
use crate::view::names::plain;

/// More outcomes than this come as a table first.
const SIDE_BY_SIDE: usize = 6;
/// A log with more outcomes than this is offered as an export.
const MANY: usize = 20;
/// Rows of that table shown at once.
const ROWS: usize = 200;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub hands: Hands,
    pub answer: Shared<Answer>,
    pub open: Option<usize>,
    pub hide: bool,
}

/// The whole answer.
#[component]
pub fn AnswerView(props: &Props) -> Html {
    let count = props.answer.outcomes().count();
    let open = if count == 1 { Some(0) } else { props.open.filter(|open| *open < count) };
    html! {
        <>
            { reading_line(props, count) }
            { warnings(&props.answer, props.hide) }
            if count == 0 { { nothing(&props.answer) } }
            if count > 1 { { several(props, count) } }
            if let Some(open) = open {
                if count > 1 { { opened_line(props, open) } }
                <Card key={open} hands={props.hands.clone()} answer={props.answer.clone()} index={open} hide={props.hide} />
            } else if count > 1 && count <= SIDE_BY_SIDE && props.answer.mails.len() == 1 {
                <div class="sheet">
                    <Evidence hands={props.hands.clone()} answer={props.answer.clone()} index={None::<usize>} hide={props.hide} />
                </div>
            }
        </>
    }
}

/// "Read as …", with the other readings to choose from.
fn reading_line(props: &Props, count: usize) -> Html {
    let Some(first) = props.answer.mails.first() else { return Html::default() };
    let form = first.input.form;
    let ask = |reading: Option<Form>| {
        let hands = props.hands.clone();
        Callback::from(move |_: MouseEvent| hands.decode(reading))
    };
    let others = props.answer.readings.iter().filter(|other| **other != form && Some(**other) != props.answer.forced);
    let button = |words: String, reading| html! { <button type="button" class="plain" onclick={ask(reading)}>{ words }</button> };
    html! {
        <div class="read">
            if form == Form::Table || form == Form::Log && count > MANY { { as_export(props) } }
            <p>{ "Read as: " }<b>{ read_as(&props.answer, form, count) }</b>{ if props.answer.forced.is_some() { ", as you asked." } else { "." } }</p>
            if first.input.form != Form::Empty && (!props.answer.readings.is_empty() || props.answer.forced.is_some()) {
                <details class="others"><summary>{ "Another reading" }</summary><div class="row">
                    if props.answer.forced.is_some() { { button("Decide by itself".into(), None) } }
                    { for others.map(|other| button(format!("Read as {}", labels().of("form", other.id())), Some(*other))) }
                </div></details>
            }
        </div>
    }
}

/// A table or a log of many is better read as an export.
fn as_export(props: &Props) -> Html {
    let hands = props.hands.clone();
    let take = Callback::from(move |_: MouseEvent| hands.take_pasted_sheet());
    html! { <p class="noprint"><button type="button" id="as-export" onclick={take}>{ "Make a report of it" }</button></p> }
}

fn read_as(answer: &Answer, form: Form, count: usize) -> String {
    let name = labels().of("form", form.id());
    let mails = answer.mails.len();
    match (mails, count) {
        (0 | 1, 0 | 1) => name,
        (0 | 1, outcomes) => format!("{name}, {outcomes} outcomes"),
        (mails, outcomes) => format!("{mails} mails, {outcomes} outcomes"),
    }
}

/// What a reader should know before the verdict; what is said of one card's codes or label stands in that card.
fn warnings(answer: &Answer, hide: bool) -> Html {
    let in_card = answer.outcomes().count() == 1;
    let said = |decoded: &Decoded, warning: &str| in_card && decoded.outcomes.iter().any(|outcome| belongs(outcome, warning));
    let left = answer.mails.iter().flat_map(|mail| mail.warnings.iter().filter(|warning| !said(mail, warning)));
    let left: Vec<&String> = left.collect();
    if left.is_empty() || answer.outcomes().next().is_none() {
        return Html::default();
    }
    html! {
        <ul class="note warn lede under">{ for left.into_iter().take(20).map(|warning| html! { <li>{ prose(warning, hide) }</li> }) }</ul>
    }
}

/// Whether a warning is about this outcome's codes or label.
pub fn belongs(outcome: &Outcome, warning: &str) -> bool {
    about_codes(outcome, warning) || about_label(outcome, warning)
}

/// Whether a warning is about this outcome's codes.
pub fn about_codes(outcome: &Outcome, warning: &str) -> bool {
    let smtp = outcome.reply.smtp_code.map(|code| code.to_string());
    let codes = smtp.iter().chain(outcome.reply.enhanced.iter());
    !about_label(outcome, warning) && codes.into_iter().any(|code| warning.contains(code.as_str()))
}

/// Whether a warning is about this outcome's label.
pub fn about_label(outcome: &Outcome, warning: &str) -> bool {
    outcome.label.as_ref().is_some_and(|label| warning.contains(&label.source) && warning.contains(&label.value))
}

/// No outcome: what it is instead, and what would help.
fn nothing(answer: &Answer) -> Html {
    let form = answer.mails.first().map_or(Form::Empty, |mail| mail.input.form);
    let (what, more) = match form {
        Form::Empty => ("There is no text here.", "Paste the reply, or the whole bounce mail."),
        Form::Binary => ("This is not text.", "Save the message as .eml, or paste its source."),
        Form::Table => ("This is a table.", "This page reads single bounces. Paste the reply column of one row, or one whole bounce mail."),
        Form::OrdinaryMail => (
            "This looks like ordinary mail.",
            "There is no reply code and no delivery status in it. If a bounce is attached, open that part.",
        ),
        _ => (
            "There is nothing here that reads as a bounce.",
            "Paste the server’s reply with its code, or the whole bounce mail with its headers.",
        ),
    };
    notice(&Notice { what: what.into(), more: more.into(), stop: false })
}

fn several(props: &Props, count: usize) -> Html {
    let open = |n: usize| {
        let hands = props.hands.clone();
        Callback::from(move |_: MouseEvent| {
            hands.act.emit(Act::Open(Some(n)));
            gloo_timers::callback::Timeout::new(30, || focus("#verdict")).forget();
        })
    };
    let outcomes = props.answer.outcomes().enumerate();
    if count > SIDE_BY_SIDE {
        return table(props, count, &open);
    }
    html! {
        <div class="outs">{ for outcomes.map(|(n, (_, outcome))| out(outcome, open(n), props.open == Some(n), props.hide)) }</div>
    }
}

fn out(outcome: &Outcome, onclick: Callback<MouseEvent>, open: bool, hide: bool) -> Html {
    let labels = labels();
    let fact = |name: &str, value: Html| html! { <div><dt>{ name }</dt><dd>{ value }</dd></div> };
    html! {
        <article class={classes!("out", open.then_some("on"))}>
            <p class="addr">{ recipient(outcome, hide) }</p>
            <h2>{ prose(&outcome.summary, hide) }</h2>
            <dl class="kv">
                { fact("Cause", html! { <>{ tag(outcome.bucket) }{ " " }{ plain(outcome.cause.id()) }</> }) }
                { fact("Attempt", labels.attempt(outcome).into()) }
                { fact("Address", labels.of("address", outcome.address.id()).into()) }
                { fact("Owner", labels.of("owner", outcome.owner.id()).into()) }
                { fact("Action", html! { <span class="act">{ labels.of("action", outcome.action.id()) }</span> }) }
                { fact("Confidence", labels.of("confidence", outcome.confidence.id()).into()) }
            </dl>
            if let Some(first) = outcome.dos.first() { <p class="small"><b>{ "Do: " }</b>{ prose(first, hide) }</p> }
            if let Some(first) = outcome.do_not.first() { <p class="small"><b class="no">{ "Do not: " }</b>{ prose(first, hide) }</p> }
            <p class="row"><button type="button" {onclick} aria-pressed={open.to_string()}>{ "Full reading" }</button></p>
        </article>
    }
}

/// Whom an outcome is about; a text that names nobody says so.
pub fn recipient(outcome: &Outcome, hide: bool) -> Html {
    match &outcome.recipient {
        Some(recipient) => shown(recipient, hide),
        None => html! { <span class="muted">{ "no recipient named" }</span> },
    }
}

fn table(props: &Props, count: usize, open: &dyn Fn(usize) -> Callback<MouseEvent>) -> Html {
    let labels = labels();
    let row = |(n, (_, outcome)): (usize, (&Decoded, &Outcome))| {
        html! {
            <tr class={classes!((props.open == Some(n)).then_some("on"))}>
                <td class="txt">{ recipient(outcome, props.hide) }</td>
                <td class="c"><b>{ labels.of("action", outcome.action.id()) }</b></td>
                <td class="c">{ tag(outcome.bucket) }{ " " }{ plain(outcome.cause.id()) }</td>
                <td class="c">{ labels.attempt(outcome) }</td>
                <td class="c">{ labels.of("address", outcome.address.id()) }</td>
                <td class="c"><code>{ crate::view::packet::code(outcome).unwrap_or_default() }</code></td>
                <td class="c"><button type="button" onclick={open(n)}>{ "Open" }<span class="vh">{ format!(" outcome {}", n + 1) }</span></button></td>
            </tr>
        }
    };
    html! {
        <div class="scroll" tabindex="0" role="region" aria-label="All outcomes"><table class="stack">
            <caption>{ tally(&props.answer) }{ if count > ROWS { format!(" The first {ROWS} of {count} are shown.") } else { String::new() } }</caption>
            <thead><tr>{ for ["Recipient", "Action", "Cause", "Attempt", "Address", "Code", "Card"].map(|name| html! { <th scope="col">{ name }</th> }) }</tr></thead>
            <tbody>{ for props.answer.outcomes().enumerate().take(ROWS).map(row) }</tbody>
        </table></div>
    }
}

/// `Suppress 3 · Retry 4`: how many outcomes ask for which action.
fn tally(answer: &Answer) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for (_, outcome) in answer.outcomes() {
        let id = outcome.action.id();
        match counts.iter_mut().find(|(known, _)| *known == id) {
            Some((_, count)) => *count += 1,
            None => counts.push((id, 1)),
        }
    }
    let labels = labels();
    let told: Vec<String> = counts.iter().map(|(id, count)| format!("{} {count}", labels.of("action", id))).collect();
    format!("{}.", told.join(" · "))
}

fn opened_line(props: &Props, open: usize) -> Html {
    let hands = props.hands.clone();
    let close = Callback::from(move |_: MouseEvent| {
        hands.act.emit(Act::Open(None));
        focus("#main");
    });
    html! {
        <p class="read row">{ format!("Outcome {}", open + 1) }{ ": " }
            <b>{ props.answer.outcomes().nth(open).map(|(_, outcome)| recipient(outcome, props.hide)).unwrap_or_default() }</b>
            <button type="button" class="plain" onclick={close}>{ "Back to all" }</button>
        </p>
    }
}

/// Whether this outcome is about something that is no failure.
pub fn is_quiet(outcome: &Outcome) -> bool {
    outcome.bucket == crate::verdict::Bucket::NotABounce && outcome.cause != Cause::FeedbackReport
}
