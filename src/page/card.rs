//! The verdict in full: sentence, six facts, do and do not, steps, proof, and what to send on.

use yew::prelude::*;

use super::answer::{about_label, is_quiet, recipient};
use super::data::labels;
use super::digits::Codes;
use super::evidence::Evidence;
use super::hand::{Hands, print};
use super::letter::PacketView;
use super::own::make::MakeRule;
use super::state::{Answer, Shared};
use super::text::{help, prose, rule_link, section, shown, source, tag};
use crate::verdict::{Action, Cause, Decoded, Outcome, Sentence, TokenKind};
use crate::view::marks::legible;
use crate::view::names::{Labels, plain};
use crate::view::{copy, packet};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub hands: Hands,
    pub answer: Shared<Answer>,
    /// Counted over all outcomes of the answer.
    pub index: usize,
    pub hide: bool,
}

/// One outcome's card. Sections with nothing to say are left out.
#[component]
pub fn Card(props: &Props) -> Html {
    let Some((decoded, outcome)) = props.answer.outcomes().nth(props.index) else { return Html::default() };
    let hide = props.hide;
    html! {
        <article class={classes!("sheet", is_quiet(outcome).then_some("quiet"))} aria-labelledby="verdict">
            { verdict(props, outcome) }
            { rail(outcome, hide) }
            { facts(outcome, hide) }
            { dos(outcome, hide) }
            { unknown(props, outcome) }
            { fetch(&props.hands, outcome) }
            { steps(outcome, hide) }
            { meaning(outcome, hide) }
            <Evidence hands={props.hands.clone()} answer={props.answer.clone()} index={Some(props.index)} {hide} />
            <Codes answer={props.answer.clone()} index={props.index} {hide} />
            { others(outcome, hide) }
            { label(decoded, outcome, hide) }
            if packet::is_due(outcome) {
                <PacketView hands={props.hands.clone()} answer={props.answer.clone()} index={props.index} {hide} />
            }
            <MakeRule hands={props.hands.clone()} answer={props.answer.clone()} index={props.index} />
            { sources(decoded, outcome) }
        </article>
    }
}

fn verdict(props: &Props, outcome: &Outcome) -> Html {
    type Form = fn(&Decoded, &Outcome, &Labels, bool) -> String;
    let copy = |form: Form, what: &'static str| {
        let (hands, answer, index, hide) = (props.hands.clone(), props.answer.clone(), props.index, props.hide);
        Callback::from(move |_: MouseEvent| {
            if let Some((decoded, outcome)) = answer.outcomes().nth(index) {
                hands.copy(form(decoded, outcome, &labels(), hide), what);
            }
        })
    };
    let summary = if outcome.summary.is_empty() { plain(outcome.cause.id()).into() } else { outcome.summary.clone() };
    html! {
        <div class="verdict">
            <div>
                <h2 id="verdict" tabindex="-1">{ prose(&summary, props.hide) }</h2>
                if outcome.recipient.as_ref().is_some_and(|recipient| !outcome.summary.contains(recipient)) { <p class="about">{ recipient(outcome, props.hide) }</p> }
            </div>
            <div class="row noprint">
                <button type="button" onclick={copy(copy::text, "Verdict")}>{ "Copy" }</button>
                <button type="button" onclick={copy(copy::markdown, "Verdict as Markdown")}>{ "Copy Markdown" }</button>
                <button type="button" onclick={Callback::from(|_: MouseEvent| print())}>{ "Print" }</button>
            </div>
        </div>
    }
}

/// How far a message came that its own server would not take.
fn rail(outcome: &Outcome, hide: bool) -> Html {
    if outcome.cause != Cause::SmtpLogin {
        return Html::default();
    }
    let host = outcome.tokens.iter().find(|token| token.kind == TokenKind::Host);
    html! {
        <ol class="rail" aria-label="How far it came">
            <li>{ "Your app" }</li>
            <li class="here" aria-current="step">{ "Sign-in" }{ host.map(|host| html! { <>{ " at " }{ shown(&host.value, hide) }</> }).unwrap_or_default() }{ ": refused" }</li>
            <li>{ "Hand-off" }</li>
            <li>{ "Recipient’s server" }</li>
        </ol>
    }
}

fn facts(outcome: &Outcome, hide: bool) -> Html {
    let (labels, notes) = (labels(), &outcome.notes);
    let fact = |name: &str, value: Html, note: Html| html! { <div><dt>{ name }</dt><dd>{ value }</dd>{ note }</div> };
    let said = |table: &str, id: &str| Html::from(labels.of(table, id));
    let note = |text: &str| {
        if text.is_empty() {
            Html::default()
        } else {
            html! { <dd>{ prose(text, hide) }</dd> }
        }
    };
    let reason = outcome.reason_cause.map(|cause| html! { <>{ ", because of " }<code>{ cause.id() }</code></> }).unwrap_or_default();
    let cause = html! { <><dd><code>{ outcome.cause.id() }</code>{ reason }</dd>{ note(&notes.cause) }</> };
    html! {
        <dl class="facts">
            { fact("Cause", html! { <>{ tag(outcome.bucket) }{ " " }{ labels.of("bucket", outcome.bucket.id()) }</> }, cause) }
            { fact("Owner of the fix", said("owner", outcome.owner.id()), note(&notes.owner)) }
            { fact("This attempt", labels.attempt(outcome).into(), html! { <>{ note(&notes.attempt) }{ retry(outcome) }</> }) }
            { fact("This address", said("address", outcome.address.id()), note(&notes.address)) }
            { fact("Action", html! { <span class="act">{ labels.of("action", outcome.action.id()) }</span> }, note(&notes.action)) }
            { fact("Confidence", said("confidence", outcome.confidence.id()), note(&notes.confidence)) }
        </dl>
    }
}

/// When to try again, where that is known.
fn retry(outcome: &Outcome) -> Html {
    let Some(retry) = outcome.retry_after.filter(|_| matches!(outcome.action, Action::Retry | Action::RetryLimited)) else {
        return Html::default();
    };
    let span = match (retry.min_minutes, retry.max_minutes) {
        (min, max) if min == max => time(min),
        (min, max) => format!("{} to {}", time(min), time(max)),
    };
    html! { <dd>{ format!("Again after {span}; give up after {}", time(retry.give_up_hours * 60)) }</dd> }
}

fn time(minutes: u32) -> String {
    match minutes {
        0..120 => format!("{minutes} min"),
        120..2880 => format!("{} h", minutes / 60),
        _ => format!("{} days", minutes / 1440),
    }
}

fn dos(outcome: &Outcome, hide: bool) -> Html {
    let list = |lines: &[Sentence]| html! { <ul>{ for lines.iter().map(|line| html! { <li>{ prose(line, hide) }</li> }) }</ul> };
    if outcome.dos.is_empty() && outcome.do_not.is_empty() {
        return Html::default();
    }
    html! {
        <div class="dos">
            <div><h2>{ "Do" }</h2>{ list(&outcome.dos) }</div>
            <div class="not"><h2>{ "Do not" }</h2>{ list(&outcome.do_not) }</div>
        </div>
    }
}

/// Wording that no rule knows: said so, with a way to report it.
fn unknown(props: &Props, outcome: &Outcome) -> Html {
    if outcome.cause != Cause::Unclassified {
        return Html::default();
    }
    let (hands, reply) = (props.hands.clone(), outcome.reply.text.clone().unwrap_or_default());
    let copy = Callback::from(move |_: MouseEvent| hands.copy(legible(&reply, true), "Redacted sample"));
    html! {
        <div class="note warn lede under">
            <p><b>{ "No rule knows this wording yet." }</b>{ " It is read by its code alone, if it has one. Nothing is suppressed on this." }</p>
            if outcome.reply.text.is_some() { <p class="row noprint"><button type="button" onclick={copy}>{ "Copy a redacted sample to report it" }</button></p> }
        </div>
    }
}

/// The query that fetches the words, where there are too few.
fn fetch(hands: &Hands, outcome: &Outcome) -> Html {
    if outcome.action != Action::GetFullText {
        return Html::default();
    }
    let labels = labels();
    let query = labels.fetch.query.trim();
    let copy = {
        let (hands, query) = (hands.clone(), query.to_string());
        Callback::from(move |_: MouseEvent| hands.copy(query.clone(), "Query"))
    };
    let matter = html! {
        <>
            <pre class="code" tabindex="0" aria-label="SQL">{ query }</pre>
            <p class="row"><button type="button" class="go" onclick={copy}>{ "Copy query" }</button></p>
            <p class="small muted lede">{ &labels.fetch.note }</p>
        </>
    };
    section("fetch", "Fetch the words", help(&labels.fetch.name), matter)
}

fn steps(outcome: &Outcome, hide: bool) -> Html {
    if outcome.next_steps.is_empty() {
        return Html::default();
    }
    let note = |n: usize| outcome.step_notes.get(n).filter(|note| !note.is_empty());
    let step = |(n, step): (usize, &Sentence)| {
        html! { <li><span>{ prose(step, hide) }</span>{ note(n).map(|note| html! { <small>{ prose(note, hide) }</small> }).unwrap_or_default() }</li> }
    };
    let matter = html! { <ol class="steps">{ for outcome.next_steps.iter().enumerate().map(step) }</ol> };
    section("steps", "Next steps", help("Cheapest check first"), matter)
}

fn meaning(outcome: &Outcome, hide: bool) -> Html {
    if outcome.explanation.is_empty() {
        return Html::default();
    }
    let matter = html! { <>{ for outcome.explanation.iter().map(|line| html! { <p class="lede">{ prose(line, hide) }</p> }) }</> };
    section("meaning", "What it means", Html::default(), matter)
}

fn others(outcome: &Outcome, hide: bool) -> Html {
    if outcome.also_considered.is_empty() {
        return Html::default();
    }
    let rows = outcome.also_considered.iter().map(|other| {
        html! {
            <tr>
                <td class="c">{ tag(other.bucket) }{ " " }<code>{ other.cause.id() }</code></td>
                <td class="txt">{ prose(&other.why_not, hide) }</td>
                <td class="txt">{ prose(&other.would_win_if, hide) }</td>
            </tr>
        }
    });
    let head = ["Also considered", "Why not", "Would win if"].map(|name| html! { <th scope="col">{ name }</th> });
    let matter =
        html! { <div class="scroll"><table class="stack"><thead><tr>{ for head }</tr></thead><tbody>{ for rows }</tbody></table></div> };
    section("others", "Why not something else", Html::default(), matter)
}

fn label(decoded: &Decoded, outcome: &Outcome, hide: bool) -> Html {
    let Some(label) = &outcome.label else { return Html::default() };
    let warning = decoded.warnings.iter().find(|warning| about_label(outcome, warning));
    let told = match warning {
        Some(warning) => prose(warning, hide),
        None => {
            html! { <>{ shown(&label.source, hide) }{ " calls this “" }{ shown(&label.value, hide) }{ "”. The receiver’s words decide, not the label." }</> }
        }
    };
    let lead = if label.conflict { "They disagree. " } else { "No contradiction. " };
    let matter = html! { <p class={classes!("note", "lede", label.conflict.then_some("warn"))}><b>{ lead }</b>{ told }</p> };
    section("label", "Label versus words", Html::default(), matter)
}

fn sources(decoded: &Decoded, outcome: &Outcome) -> Html {
    let mut seen: Vec<Html> = Vec::new();
    if outcome.reply.smtp_code.is_some() {
        seen.push(html! { "RFC 5321 §4.2" });
    }
    if outcome.reply.enhanced.is_some() {
        seen.push(html! { "RFC 3463" });
    }
    let mut known: Vec<(&str, &str)> = Vec::new();
    for proof in &outcome.evidence {
        let from = proof.source.as_deref().unwrap_or_default();
        if from.is_empty() || known.contains(&(&proof.rule, from)) {
            continue;
        }
        known.push((&proof.rule, from));
        seen.push(html! { <>{ rule_link(&proof.rule) }{ ": " }{ source(from) }</> });
    }
    if seen.is_empty() {
        return Html::default();
    }
    let items = seen.into_iter().map(|item| html! { <li>{ item }</li> });
    let origin = format!("Read by Undelivered {}, rules {}.", decoded.tool.app, decoded.tool.rules);
    let matter = html! {
        <><ul class="sources small">{ for items }</ul><p class="small muted">{ origin }{ " Links open only when you click." }</p></>
    };
    section("sources", "Sources", Html::default(), matter)
}
