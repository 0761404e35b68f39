//! The rule browser: every rule with its wording, source, date and examples.

use yew::prelude::*;

use super::data::{company, labels};
use super::hand::Hands;
use super::own::{Editor, Own};
use super::state::{Answer, Shared};
use super::text::{link, source, tag};
use super::trial::Trial;
use crate::rules::form::{RuleFile, RuleForm};
use crate::verdict::{Cause, Decoded, Tool};
use crate::view::names::plain;
use crate::view::route::Route;

/// Rows of the table drawn at once.
const ROWS: usize = 100;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub hands: Hands,
    pub rules: Option<Shared<RuleFile>>,
    pub tool: Option<Tool>,
    pub trial: Option<Shared<Decoded>>,
    /// The rule that the address names.
    pub chosen: Option<String>,
    /// The route is in view.
    pub shown: bool,
    pub own: Own,
    pub answer: Option<Shared<Answer>>,
    pub hide: bool,
}

#[derive(Clone, Default, PartialEq)]
struct Filter {
    words: String,
    family: String,
    cause: String,
    rows: usize,
}

/// The page. The rules are asked of the worker when it is first seen.
#[component]
pub fn Rules(props: &Props) -> Html {
    let filter = use_state(|| Filter { rows: ROWS, ..Filter::default() });
    ask_once(props);
    let Some(rules) = &props.rules else {
        return html! { <section class="intro"><h1 tabindex="-1">{ "Rules" }</h1><p class="muted" role="status">{ "Asking the decoder for its rules." }</p></section> };
    };
    let chosen = props.chosen.as_ref().and_then(|id| rules.rule.iter().find(|rule| rule.id == *id));
    if let Some(rule) = chosen {
        return one(rule);
    }
    let found: Vec<&RuleForm> = rules.rule.iter().filter(|rule| fits(rule, &filter)).collect();
    let pack = props.tool.as_ref().map(|tool| tool.rules.clone()).unwrap_or_default();
    let missing =
        props.chosen.as_ref().map(|id| html! { <p class="note warn under">{ format!("There is no rule {id} in this pack.") }</p> });
    html! {
        <>
            <section class="intro"><h1 tabindex="-1">{ "Rules" }</h1>
                <p class="muted">{ format!("{} rules about {} providers, gateways, platforms and lists, pack ", rules.rule.len(), rules.provider.len()) }<code>{ pack }</code>
                    { ". The most specific wins, never the first." }</p>{ missing.unwrap_or_default() }</section>
            <div class="sheet"><Trial hands={props.hands.clone()} trial={props.trial.clone()} />
            <Editor hands={props.hands.clone()} own={props.own.clone()} answer={props.answer.clone()} hide={props.hide} shown={props.shown} />
            <section class="sec" aria-label="Browse"><header><h2>{ "Browse" }</h2></header><div>
                { controls(rules, &filter, found.len()) }
                { table(&found, &filter) }
            </div></section></div>
        </>
    }
}

fn ask_once(props: &Props) {
    if props.shown && props.rules.is_none() {
        props.hands.ask_rules();
    }
}

/// The first part of a rule's id: whose words it knows.
pub fn family(rule: &RuleForm) -> &str {
    rule.id.split('.').next().unwrap_or_default()
}

fn fits(rule: &RuleForm, filter: &Filter) -> bool {
    let words = filter.words.to_lowercase();
    let hay = || {
        let texts = rule.text.iter().chain(&rule.also).chain(&rule.hits).chain(rule.token.iter()).chain(&rule.status);
        texts
            .map(|text| text.to_lowercase())
            .chain([rule.id.clone(), plain(&rule.cause), rule.cause.clone()])
            .chain(rule.code.iter().map(u16::to_string))
    };
    (filter.family.is_empty() || family(rule) == filter.family)
        && (filter.cause.is_empty() || rule.cause == filter.cause)
        && words.split_whitespace().all(|word| hay().any(|text| text.contains(word)))
}

fn controls(rules: &RuleFile, filter: &UseStateHandle<Filter>, found: usize) -> Html {
    let change = |change: fn(&mut Filter, String)| {
        let filter = filter.clone();
        move |value: String| {
            let mut next = Filter { rows: ROWS, ..(*filter).clone() };
            change(&mut next, value);
            filter.set(next);
        }
    };
    let words = change(|filter, value| filter.words = value);
    let oninput = Callback::from(move |event: InputEvent| words(event.target_unchecked_into::<web_sys::HtmlInputElement>().value()));
    let select = |id: &'static str,
                  name: &'static str,
                  all: &'static str,
                  now: String,
                  options: Vec<(String, String)>,
                  set: fn(&mut Filter, String)| {
        let set = change(set);
        let onchange = Callback::from(move |event: Event| set(event.target_unchecked_into::<web_sys::HtmlSelectElement>().value()));
        html! {
            <><label class="vh" for={id}>{ name }</label><select {id} {onchange}><option value="" selected={now.is_empty()}>{ all }</option>
                { for options.into_iter().map(|(value, name)| html! { <option value={value.clone()} selected={value == now}>{ name }</option> }) }</select></>
        }
    };
    html! {
        <div class="row">
            <label class="vh" for="find">{ "Search rules" }</label>
            <input id="find" type="search" size="28" placeholder="Words, codes, ids" value={filter.words.clone()} {oninput} autocomplete="off" spellcheck="false" />
            { select("find-family", "Family", "All families", filter.family.clone(), families(rules), |filter, value| filter.family = value) }
            { select("find-cause", "Cause", "All causes", filter.cause.clone(), causes(rules), |filter, value| filter.cause = value) }
            <span class="pill" role="status">{ format!("{found} of {} rules", rules.rule.len()) }</span>
        </div>
    }
}

fn families(rules: &RuleFile) -> Vec<(String, String)> {
    let mut all: Vec<(String, usize)> = Vec::new();
    for rule in &rules.rule {
        match all.iter_mut().find(|(known, _)| known == family(rule)) {
            Some((_, count)) => *count += 1,
            None => all.push((family(rule).into(), 1)),
        }
    }
    let mut named: Vec<(String, String)> = all.into_iter().map(|(id, count)| (id.clone(), format!("{}, {count}", company(&id)))).collect();
    named.sort_by_key(|(_, name)| name.to_lowercase());
    named
}

fn causes(rules: &RuleFile) -> Vec<(String, String)> {
    let used = |cause: &&Cause| rules.rule.iter().any(|rule| rule.cause == cause.id());
    Cause::ALL.iter().filter(used).map(|cause| (cause.id().to_string(), plain(cause.id()))).collect()
}

fn table(found: &[&RuleForm], filter: &UseStateHandle<Filter>) -> Html {
    if found.is_empty() {
        return html! { <p class="note lede">{ "No rule fits. Take a word away, or choose all families and causes." }</p> };
    }
    let more = {
        let filter = filter.clone();
        Callback::from(move |_: MouseEvent| filter.set(Filter { rows: filter.rows + 4 * ROWS, ..(*filter).clone() }))
    };
    let head = ["Rule", "Matches", "Cause", "Seen"].map(|name| html! { <th scope="col">{ name }</th> });
    html! {
        <>
            <div class="scroll" tabindex="0" role="region" aria-label="Rules"><table class="rules stack"><thead><tr>{ for head }</tr></thead>
                <tbody>{ for found.iter().take(filter.rows).map(|rule| row(rule)) }</tbody></table></div>
            if found.len() > filter.rows { <p class="row"><button type="button" onclick={more}>{ format!("Show more of {}", found.len()) }</button></p> }
        </>
    }
}

fn row(rule: &RuleForm) -> Html {
    html! {
        <tr key={rule.id.clone()}>
            <td>{ link(&Route::Rule(rule.id.clone()), html! { <code>{ &rule.id }</code> }) }</td>
            <td class="txt"><code>{ what(rule) }</code></td>
            <td class="c">{ cause(rule) }</td>
            <td class="c">{ &rule.seen }</td>
        </tr>
    }
}

/// What the rule looks for, in a line.
pub fn what(rule: &RuleForm) -> String {
    let codes = rule.code.iter().map(u16::to_string).chain(rule.status.iter().cloned());
    match rule.text.first() {
        Some(text) if rule.text.len() > 1 => format!("{text}  (+{})", rule.text.len() - 1),
        Some(text) => text.clone(),
        None => codes.collect::<Vec<_>>().join(" "),
    }
}

/// A rule's cause with its bucket's tag.
pub fn cause(rule: &RuleForm) -> Html {
    match Cause::from_id(&rule.cause) {
        Some(cause) => html! { <>{ tag(cause.bucket()) }{ " " }{ plain(cause.id()) }</> },
        None => html! { { &rule.cause } },
    }
}

/// One rule in full.
fn one(rule: &RuleForm) -> Html {
    let list =
        |texts: &[String]| html! { <ul class="lines">{ for texts.iter().map(|text| html! { <li><code>{ text }</code></li> }) }</ul> };
    let line = |name: &str, value: Html| html! { <div><dt>{ name }</dt><dd>{ value }</dd></div> };
    let some = |name: &str, texts: &[String]| if texts.is_empty() { Html::default() } else { line(name, list(texts)) };
    let codes: Vec<String> = rule.code.iter().map(u16::to_string).chain(rule.status.iter().cloned()).collect();
    let codes = codes.iter().map(|code| match crate::view::digits::slices(code).is_empty() {
        true => html! { <><code>{ code }</code>{ " " }</> },
        false => html! { <>{ link(&Route::Code(code.clone()), html! { <code>{ code }</code> }) }{ " " }</> },
    });
    let examples = |id: &'static str, title: &str, texts: &[String]| {
        if texts.is_empty() {
            return Html::default();
        }
        let matter = texts.iter().map(|text| html! { <pre class="raw">{ text }</pre> });
        html! { <section class="sec" {id} aria-label={title.to_string()}><header><h2>{ title }</h2></header><div>{ for matter }</div></section> }
    };
    html! {
        <>
            <section class="intro"><p class="small">{ link(&Route::Rules, "Rules".into()) }{ " / " }{ company(family(rule)) }</p>
                <h1 tabindex="-1"><code>{ &rule.id }</code></h1></section>
            <div class="sheet">
                <section class="sec" aria-label="What it says"><header><h2>{ "What it says" }</h2></header><div><dl class="kv wider">
                    { line("Cause", cause(rule)) }
                    { some("Any of", &rule.text) }
                    { some("And all of", &rule.also) }
                    { some("And none of", &rule.unless) }
                    if !rule.code.is_empty() || !rule.status.is_empty() { { line("Codes", html! { <>{ for codes }</> }) } }
                    if !rule.stage.is_empty() { { line("Stage", rule.stage.join(", ").into()) } }
                    if rule.from { { line("Only where", format!("{} was recognised by host or mark", company(family(rule))).into()) } }
                    if rule.topic { { line("Weight", "a word that names the matter: decides only where no sentence does".into()) } }
                    if rule.weak { { line("Weight", "words that many causes share: loses to every other wording".into()) } }
                    { line("Confidence", confidence(rule)) }
                    { overrides(rule) }
                    if let Some(language) = &rule.language { { line("Language", language.clone().into()) } }
                    { line("Source", source(&rule.source)) }
                    { line("Seen", rule.seen.clone().into()) }
                </dl></div></section>
                { examples("hits", "Must match", &rule.hits) }
                { examples("misses", "Must not match", &rule.misses) }
            </div>
        </>
    }
}

fn confidence(rule: &RuleForm) -> Html {
    let default = if rule.text.is_empty() { "medium or low, as a code" } else { "high" };
    rule.confidence.as_ref().map_or_else(|| default.into(), |id| labels().of("confidence", id).to_lowercase().into())
}

/// What the rule sets otherwise than its cause does.
fn overrides(rule: &RuleForm) -> Html {
    let set = [("action", "Action", &rule.action), ("owner", "Owner", &rule.owner), ("address", "Address", &rule.address)];
    let rows = set.into_iter().filter_map(|(table, name, id)| {
        let value = labels().of(table, id.as_ref()?);
        Some(html! { <div><dt>{ name }</dt><dd>{ value }</dd></div> })
    });
    html! { <>{ for rows }</> }
}
