//! The editor of own rules: live check, dry run, and what to do with them.

use gloo_timers::callback::Timeout;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::{Hands, LIMIT, Own, OwnAct, count, in_force};
use crate::page::data::labels;
use crate::page::hand::focus;
use crate::page::state::{Answer, Shared};
use crate::page::text::{help, section, shown, tag};
use crate::rules::dry_run::{Change, DryRun, Fault, Glance};
use crate::view::names::plain;
use crate::view::propose;

const PAUSE_MS: u32 = 350;
/// Changes drawn.
const ROWS: usize = 20;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub hands: Hands,
    pub own: Own,
    pub answer: Option<Shared<Answer>>,
    pub hide: bool,
    /// The route is in view.
    pub shown: bool,
}

/// The section "Your own rules".
#[component]
pub fn Editor(props: &Props) -> Html {
    let field = use_node_ref();
    use_effect_with((props.own.draft.clone(), props.answer.clone(), props.shown), {
        let hands = props.hands.clone();
        move |(draft, answer, shown): &(AttrValue, Option<Shared<Answer>>, bool)| {
            let (draft, read, reading) = (draft.clone(), answer.is_some(), answer.as_ref().and_then(|answer| answer.forced));
            let wanted = *shown && !draft.trim().is_empty();
            let pause = wanted.then(|| Timeout::new(PAUSE_MS, move || hands.try_own(&draft, read, reading)));
            move || drop(pause)
        }
    });
    use_effect_with((props.own.wanted, props.shown), {
        let (hands, field) = (props.hands.clone(), field.clone());
        move |(wanted, shown)| {
            if *wanted && *shown {
                // After the heading of the page in view has had the focus.
                Timeout::new(80, move || reach(&hands, &field)).forget();
            }
        }
    });
    let empty = props.own.draft.trim().is_empty();
    let matter = html! {
        <>
            <p class="lede">{ "In the form of ours, and before all of ours. They live in this tab and in the file you save; on this device only if you tick it." }</p>
            if !empty || props.own.rules > 0 {
                { text_field(props, &field) }
                <div id="own-check" role="status">{ check(props, &field) }</div>
                { uses(props) }
            }
            { files(props) }
            { keys() }
        </>
    };
    section("own", "Your own rules", help("They come first"), matter)
}

/// Puts the caret behind the rule that was added.
fn reach(hands: &Hands, field: &NodeRef) {
    focus("#own-text");
    if let Some(field) = field.cast::<HtmlTextAreaElement>() {
        let end = field.text_length();
        let _ = field.set_selection_range(end, end);
    }
    hands.own(OwnAct::Reached);
}

fn text_field(props: &Props, field: &NodeRef) -> Html {
    let oninput = {
        let hands = props.hands.clone();
        Callback::from(move |event: InputEvent| hands.write_own(&event.target_unchecked_into::<HtmlTextAreaElement>().value()))
    };
    html! {
        <div class="box own"><label class="vh" for="own-text">{ "Your own rules, as TOML" }</label>
            <textarea id="own-text" ref={field.clone()} value={props.own.draft.clone()} {oninput} rows="11" spellcheck="false" autocomplete="off"
                autocapitalize="off" wrap="off" maxlength={LIMIT.to_string()} aria-describedby="own-check" /></div>
    }
}

/// What is wrong, or what would change.
fn check(props: &Props, field: &NodeRef) -> Html {
    let refused = Some(&props.own.refused).filter(|faults| !faults.is_empty() && props.own.sent == props.own.draft);
    let run = props.own.run.as_deref();
    match refused.or(run.map(|run| &run.faults)).filter(|faults| !faults.is_empty()) {
        Some(faults) => fault_list(faults, props, field),
        None => run.map(|run| changes(run, props)).unwrap_or_default(),
    }
}

fn fault_list(faults: &[Fault], props: &Props, field: &NodeRef) -> Html {
    let row = |fault: &Fault| {
        let (field, draft, line) = (field.clone(), props.own.draft.clone(), fault.line);
        let onclick = Callback::from(move |_: MouseEvent| select_line(&field, &draft, line));
        html! { <li><button type="button" class="plain" {onclick}>{ format!("Line {line}") }</button><span>{ fault.to_string() }</span></li> }
    };
    html! {
        <><p><b>{ count(faults.len(), "fault") }{ "." }</b>{ " Mend what is told here, then apply." }</p><ul class="faults">{ for faults.iter().map(row) }</ul></>
    }
}

/// Selects a line of the field, from 1.
fn select_line(field: &NodeRef, text: &str, line: usize) {
    let Some(field) = field.cast::<HtmlTextAreaElement>() else { return };
    let units = |text: &str| text.encode_utf16().count() as u32;
    let before: u32 = text.split_inclusive('\n').take(line - 1).map(units).sum();
    let length = text.split('\n').nth(line - 1).map_or(0, units);
    let _ = field.focus();
    let _ = field.set_selection_range(before, before + length);
}

/// The dry run.
fn changes(run: &DryRun, props: &Props) -> Html {
    let rules = format!("{}, no faults. ", count(run.rules, "rule"));
    let told = match (props.answer.is_some(), run.outcomes, run.changed) {
        (false, ..) => "Decode a bounce, and this shows what they would change.".into(),
        (true, 0, _) => "What lies on the Decode page is too long to be tried on, or holds no bounce.".into(),
        (true, 1, 0) if run.won == 1 => "They decide the outcome on the Decode page and change nothing in it.".into(),
        (true, 1, 0) => "They leave the outcome on the Decode page as it is.".into(),
        (true, 1, _) => "The outcome on the Decode page changes:".into(),
        (true, all, 0) => format!("They decide {} of the {all} outcomes on the Decode page and change none.", run.won),
        (true, all, changed) => {
            format!("{changed} of the {all} outcomes on the Decode page {}:", if changed == 1 { "changes" } else { "change" })
        }
    };
    let head = ["About", "Now", "With your rules", "Rule"].map(|name| html! { <th scope="col">{ name }</th> });
    let rows = run.changes.iter().take(ROWS).map(|change| row(change, props.hide));
    html! {
        <>
            <p><b>{ rules }</b>{ told }</p>
            if !run.changes.is_empty() {
                <div class="scroll" tabindex="0" role="region" aria-label="What would change"><table class="changes stack"><thead><tr>{ for head }</tr></thead>
                    <tbody>{ for rows }</tbody></table></div>
            }
            if run.changed > ROWS { <p class="small muted">{ format!("And {} more.", run.changed - ROWS) }</p> }
        </>
    }
}

fn row(change: &Change, hide: bool) -> Html {
    let glance = |glance: &Glance| {
        let labels = labels();
        let rest =
            format!(", {}, {}", labels.of("action", glance.action.id()), labels.of("confidence", glance.confidence.id()).to_lowercase());
        html! { <>{ tag(glance.cause.bucket()) }{ " " }{ plain(glance.cause.id()) }<span class="muted">{ rest }</span></> }
    };
    let about = change.recipient.as_deref().map_or_else(|| html! { { format!("outcome {}", change.outcome + 1) } }, |who| shown(who, hide));
    html! {
        <tr>
            <td class="txt">{ about }</td>
            <td>{ glance(&change.before) }</td>
            <td>{ glance(&change.after) }</td>
            <td><code>{ change.after.rule.clone().unwrap_or_default() }</code></td>
        </tr>
    }
}

/// Puts them in force, takes them out, keeps them.
fn uses(props: &Props) -> Html {
    let own = &props.own;
    let again = props.answer.as_ref().map(|answer| answer.forced);
    let apply = |text: AttrValue| {
        let (hands, own) = (props.hands.clone(), own.clone());
        Callback::from(move |_: MouseEvent| hands.apply_own(&own, text.clone(), again))
    };
    let keep = {
        let (hands, draft) = (props.hands.clone(), own.draft.clone());
        Callback::from(move |event: Event| hands.keep_own(event.target_unchecked_into::<HtmlInputElement>().checked(), &draft))
    };
    let forget = {
        let hands = props.hands.clone();
        Callback::from(move |_: MouseEvent| hands.keep_own(false, ""))
    };
    let state = match own.rules {
        0 => "None in force.".into(),
        rules if own.sent == own.draft => in_force(rules),
        rules => format!("{} Yet without what you changed.", in_force(rules)),
    };
    html! {
        <div class="row">
            <button type="button" class="go" id="own-apply" onclick={apply(own.draft.clone())}>{ "Apply in this tab" }</button>
            if own.rules > 0 { <button type="button" onclick={apply(AttrValue::default())}>{ "Take out of force" }</button> }
            <label><input type="checkbox" id="own-keep" checked={own.kept} onchange={keep} />{ "Keep on this device" }</label>
            if own.kept { <button type="button" class="plain" onclick={forget}>{ "Forget" }</button> }
            <span class="pill" role="status">{ state }</span>
        </div>
    }
}

/// New, open, save.
fn files(props: &Props) -> Html {
    let fresh = {
        let hands = props.hands.clone();
        Callback::from(move |_: MouseEvent| hands.add_own(propose::TEMPLATE))
    };
    let onchange = {
        let hands = props.hands.clone();
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            if let Some(file) = input.files().and_then(|files| files.get(0)) {
                hands.open_own(file);
            }
            // So that the same file can be opened again.
            input.set_value("");
        })
    };
    let save = {
        let (hands, draft) = (props.hands.clone(), props.own.draft.clone());
        Callback::from(move |_: MouseEvent| hands.save("own-rules.toml", "application/toml", &draft))
    };
    let empty = props.own.draft.trim().is_empty();
    html! {
        <div class="row">
            <button type="button" class={classes!(empty.then_some("go"))} onclick={fresh}>{ "New rule" }</button>
            <label class="btn" for="own-file">{ "Open rules file…" }</label>
            <input id="own-file" class="vh" type="file" accept=".toml,text/plain" {onchange} />
            if !empty { <button type="button" onclick={save}>{ "Save rules file" }</button> }
        </div>
    }
}

/// How a rule is written, in short.
fn keys() -> Html {
    let key = |(key, what): (&'static str, &'static str)| html! { <div><dt><code>{ key }</code></dt><dd>{ what }</dd></div> };
    let keys = [
        ("id", "a family and a name, as own.quota; a provider’s id as the family makes it speak for that provider"),
        ("cause", "one of the ids under Browse"),
        (
            "text",
            "any one of these phrases, in lower case; * is a gap, {addr} {ip} {host} {n} {id} {w} stand for themselves, {a|b} is a choice",
        ),
        ("also, unless", "every one of these too; none of these"),
        ("code, status", "reply codes [550], enhanced codes [\"5.7.*\"]; a rule without text speaks only where no words do"),
        ("confidence", "\"medium\" where the words have a second meaning; high by itself"),
        ("match, miss", "replies that it must win, and must not: they are played at once"),
    ];
    html! { <details><summary>{ "How a rule is written" }</summary><dl class="kv wider">{ for keys.into_iter().map(key) }</dl></details> }
}
