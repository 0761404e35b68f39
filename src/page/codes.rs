//! The code reference: every reply code and enhanced code, digit by digit, and which rules speak of it.

use std::collections::BTreeMap;

use yew::prelude::*;

use super::data::{code_book, company, labels};
use super::digits::digits;
use super::hand::Hands;
use super::rules::{cause, family, what};
use super::state::Shared;
use super::text::{help, link, section, tag};
use crate::rules::form::{RuleFile, RuleForm};
use crate::verdict::{Action, Bucket, Cause};
use crate::view::digits::{Entry, covers, numbers};
use crate::view::names::plain;
use crate::view::route::Route;

/// Rules listed with one code, in all and of one family.
const ROWS: usize = 50;
const EACH: usize = 3;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub hands: Hands,
    /// The code that the address names.
    pub code: Option<String>,
    pub rules: Option<Shared<RuleFile>>,
    /// The route is in view.
    pub shown: bool,
}

/// One code, or all of them.
#[component]
pub fn CodesPage(props: &Props) -> Html {
    if !props.shown {
        return Html::default();
    }
    match &props.code {
        Some(code) => {
            props.hands.ask_rules();
            one(code, props.rules.as_ref())
        }
        None => all(),
    }
}

fn all() -> Html {
    let book = code_book();
    let row = |code: String, entry: &Entry| {
        html! { <div><dt>{ link(&Route::Code(code.clone()), html! { <code>{ code }</code> }) }</dt><dd>{ &entry.title }{ by(entry) }</dd></div> }
    };
    let replies = book.reply.iter().map(|(code, entry)| row(code.clone(), entry));
    let mut enhanced: Vec<(&String, &Entry)> = book.enhanced.iter().collect();
    enhanced.sort_by_key(|(code, _)| numbers(code));
    let enhanced = enhanced.into_iter().map(|(code, entry)| row(format!("5.{code}"), entry));
    html! {
        <>
            <section class="intro"><h1 tabindex="-1">{ "Codes" }</h1>
                <p class="muted">{ "What the numbers of a reply say, and what they do not. A code helps; the words decide." }</p></section>
            <div class="sheet">
                { section("replies", "Reply codes", help("RFC 5321"), html! { <dl class="kv list">{ for replies }</dl> }) }
                { section("enhanced", "Enhanced codes", help("RFC 3463 and the IANA registry. With 4 in front: the same, temporary."), html! { <dl class="kv list">{ for enhanced }</dl> }) }
                { section("buckets", "The 14 buckets", Html::default(), buckets()) }
            </div>
        </>
    }
}

fn by(entry: &Entry) -> Html {
    if entry.by.is_empty() {
        Html::default()
    } else {
        html! { <span class="muted">{ ", " }{ &entry.by }</span> }
    }
}

fn buckets() -> Html {
    let one = |bucket: &Bucket| {
        html! { <div><dt>{ tag(*bucket) }{ " " }<b>{ labels().of("bucket", bucket.id()) }</b></dt><dd class="muted">{ bucket.means() }</dd></div> }
    };
    html! { <dl class="kv two">{ for Bucket::ALL.iter().map(one) }</dl> }
}

fn one(code: &str, rules: Option<&Shared<RuleFile>>) -> Html {
    let book = code_book();
    let entry = book.entry(code).cloned().unwrap_or_else(|| Entry { title: "not registered".into(), ..Entry::default() });
    let from = if entry.rfc.is_empty() { &entry.by } else { &entry.rfc };
    let near = book.near(code).into_iter().map(|other| {
        let title = book.entry(&other).map(|entry| entry.title.clone()).unwrap_or_default();
        html! { <>{ link(&Route::Code(other.clone()), html! { <><code>{ other }</code>{ " " }{ title }</> }) }</> }
    });
    html! {
        <>
            <section class="intro"><p class="small">{ link(&Route::Codes, "Codes".into()) }{ " / " }{ code }</p>
                <h1 tabindex="-1"><code>{ code }</code>{ " " }{ &entry.title }</h1><p class="muted">{ &entry.text }</p></section>
            <div class="sheet">
                { section("digits", "Digit by digit", help(from), html! { <>{ digits(code) }{ note(&entry) }</> }) }
                { uses(&entry) }
                { rules.map_or_else(|| section("who", "Who means what by it", Html::default(), html! { <p class="muted">{ "Asking the decoder for its rules." }</p> }), |rules| who(code, rules)) }
                { section("near", "Near it", Html::default(), html! { <p class="row near">{ for near }</p> }) }
            </div>
        </>
    }
}

fn note(entry: &Entry) -> Html {
    if entry.note.is_empty() {
        Html::default()
    } else {
        html! { <p class="note lede">{ &entry.note }</p> }
    }
}

/// The causes that receivers express with a code, and whether any of them may suppress.
fn uses(entry: &Entry) -> Html {
    let causes: Vec<Cause> = entry.uses.iter().filter_map(|id| Cause::from_id(id)).collect();
    if causes.is_empty() {
        return Html::default();
    }
    let deadly = causes.iter().filter(|cause| cause.defaults().0 == Action::Suppress).count();
    let told = match deadly {
        0 => "None of these speaks of a dead address.".to_string(),
        n if n == causes.len() => "Even here the code alone is no proof: platforms write such codes themselves.".into(),
        n => format!("Only {n} of these {} speaks of a dead address, and only words tell which it is.", causes.len()),
    };
    let items = causes.iter().map(|cause| html! { <li>{ tag(cause.bucket()) }{ " " }{ plain(cause.id()) }</li> });
    let matter = html! { <><ul class="row near">{ for items }</ul><p class="lede"><b class="no">{ "Do not" }</b>{ " suppress on this code alone. " }{ told }</p></> };
    section("uses", "Used for", Html::default(), matter)
}

/// The rules that a code takes part in, most exact wording first.
fn who(code: &str, rules: &RuleFile) -> Html {
    let number: Option<u16> = code.parse().ok();
    let named = |rule: &RuleForm| {
        number.is_some_and(|number| rule.code.contains(&number)) || rule.status.iter().any(|pattern| covers(pattern, code))
    };
    let quoted = |rule: &RuleForm| !rule.text.is_empty() && rule.hits.iter().any(|hit| says(hit, code));
    let mut found: Vec<&RuleForm> = rules.rule.iter().filter(|rule| named(rule) || quoted(rule)).collect();
    found.sort_by_key(|rule| (rule.text.is_empty(), rank(rule, rules), rule.weak));
    let all = found.len();
    let mut families: BTreeMap<&str, usize> = BTreeMap::new();
    found.retain(|rule| {
        let seen = families.entry(family(rule)).or_default();
        *seen += 1;
        *seen <= EACH
    });
    if found.is_empty() {
        return Html::default();
    }
    let head = ["Words beside it", "By", "Cause", "Rule"].map(|name| html! { <th scope="col">{ name }</th> });
    let rows = found.iter().take(ROWS).map(|rule| {
        let words = if rule.text.is_empty() { html! { <span class="muted">{ "no words, the code alone" }</span> } } else { html! { <code>{ what(rule) }</code> } };
        html! {
            <tr key={rule.id.clone()}><td class="txt">{ words }</td><td class="c">{ whose(rule, rules) }</td><td class="c">{ cause(rule) }</td>
                <td>{ link(&Route::Rule(rule.id.clone()), html! { <code>{ &rule.id }</code> }) }</td></tr>
        }
    });
    let more = if all > ROWS.min(found.len()) {
        format!(" At most {EACH} of a family; there are {all}, and the rule browser finds them all.")
    } else {
        String::new()
    };
    let matter = html! {
        <div class="scroll" tabindex="0" role="region" aria-label="Rules with this code"><table class="stack"><caption>{ "Rules whose wording or examples carry this code." }{ more }</caption>
            <thead><tr>{ for head }</tr></thead><tbody>{ for rows }</tbody></table></div>
    };
    section("who", "Who means what by it", Html::default(), matter)
}

/// Mailbox providers first, lists that stand in a thousand replies last.
fn rank(rule: &RuleForm, rules: &RuleFile) -> usize {
    let family = family(rule);
    let role = rules.provider.iter().find(|provider| provider.id == family).map_or("", |provider| provider.role.as_str());
    ["mailbox_provider", "gateway", "", "mta", "esp"].iter().position(|known| *known == role).unwrap_or(5)
}

fn whose(rule: &RuleForm, rules: &RuleFile) -> String {
    let family = family(rule);
    if rules.provider.iter().any(|provider| provider.id == family) { company(family) } else { "any".into() }
}

/// Whether a text holds a code as a word of its own.
fn says(text: &str, code: &str) -> bool {
    let edge = |c: Option<char>| c.is_none_or(|c| !c.is_ascii_digit() && c != '.');
    text.match_indices(code)
        .any(|(at, _)| edge(text[..at].chars().next_back()) && edge(text[at + code.len()..].chars().next().filter(|c| *c != '.')))
}
