//! The codes of a reply, digit by digit, and whether they agree.

use yew::prelude::*;

use super::answer::about_codes;
use super::data::code_book;
use super::state::{Answer, Shared};
use super::text::{link, prose, section};
use crate::verdict::{Decoded, Outcome};
use crate::view::route::Route;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub answer: Shared<Answer>,
    pub index: usize,
    pub hide: bool,
}

/// The section of a card; left out where the text holds no code.
#[component]
pub fn Codes(props: &Props) -> Html {
    let Some((decoded, outcome)) = props.answer.outcomes().nth(props.index) else { return Html::default() };
    let smtp = outcome.reply.smtp_code.map(|code| code.to_string());
    let both = [(smtp.as_ref(), "Reply code"), (outcome.reply.enhanced.as_ref(), "Enhanced code")];
    let shown: Vec<Html> = both.into_iter().filter_map(|(code, kind)| Some(one(code?, kind))).collect();
    if shown.is_empty() {
        return Html::default();
    }
    let matter = html! { <><div class="codes">{ for shown }</div>{ agreement(decoded, outcome, props.hide) }</> };
    section("codes", "Codes, digit by digit", Html::default(), matter)
}

fn one(code: &str, kind: &str) -> Html {
    let book = code_book();
    let entry = book.entry(code);
    let from = entry.map(|entry| if entry.rfc.is_empty() { &entry.by } else { &entry.rfc }).filter(|from| !from.is_empty());
    let kind = from.map_or_else(|| kind.to_string(), |from| format!("{kind}, {from}"));
    html! {
        <div>
            <h3>{ link(&Route::Code(code.into()), html! { <code>{ code }</code> }) }<span class="muted small">{ kind }</span></h3>
            { lines(code, true) }
            if let Some(note) = entry.map(|entry| &entry.note).filter(|note| !note.is_empty()) { <p class="small muted">{ note }</p> }
        </div>
    }
}

/// A code's digits with all that is known of each.
pub fn digits(code: &str) -> Html {
    lines(code, false)
}

fn lines(code: &str, short: bool) -> Html {
    let lines = code_book().explain(code).into_iter().map(|((before, digit, after), said)| {
        html! { <div><dt>{ before }<b>{ digit }</b>{ after }</dt><dd>{ said.line(short) }</dd></div> }
    });
    html! { <dl class="digits">{ for lines }</dl> }
}

fn agreement(decoded: &Decoded, outcome: &Outcome, hide: bool) -> Html {
    let said: Vec<&String> = decoded.warnings.iter().filter(|warning| about_codes(outcome, warning)).collect();
    let both = outcome.reply.smtp_code.zip(outcome.reply.enhanced.as_ref());
    let agree = both.is_some_and(|(smtp, enhanced)| enhanced.starts_with(&(smtp / 100).to_string()));
    if said.is_empty() {
        return match agree {
            true => html! { <p class="small muted lede">{ "Both codes are of one class. The words decide what they stand for here." }</p> },
            false => Html::default(),
        };
    }
    html! { <>{ for said.into_iter().map(|warning| html! { <p class="note warn lede">{ prose(warning, hide) }</p> }) }</> }
}
