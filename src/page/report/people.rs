//! One decision a person: the sums, a page of them at a time, decisions of the user's own, undo.

use gloo_timers::callback::Timeout;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::state::{Page, Told};
use crate::analysis::{Decision, Override, Preset, Scope, Settings, Summary};
use crate::page::data::labels;
use crate::page::hand::Hands;
use crate::page::state::Shared;
use crate::page::text::{help, section, shown, tag};
use crate::verdict::Cause;
use crate::view::names::plain;
use crate::view::report::figures::{count, counted, cut, day};

/// People of one page.
const ROWS: u32 = 50;
const PAUSE_MS: u32 = 250;
/// A note that is the same for everybody, and is said once below the table.
const PLATFORM: &str = "Marketing Cloud";

/// The decisions, in the order in which they are shown.
pub const DECISIONS: [(&str, &str); 6] = [
    ("suppress", "Suppress"),
    ("unsubscribe", "Unsubscribe"),
    ("retry_limited", "Retry, limited"),
    ("retry", "Retry"),
    ("hold", "Hold"),
    ("review", "Review"),
];

/// They as choices.
pub fn decision_options(now: Option<&str>) -> Html {
    DECISIONS.iter().map(|(id, name)| html! { <option value={*id} selected={now == Some(*id)}>{ *name }</option> }).collect()
}

/// What a decision is called.
pub fn decision_name(id: &str) -> String {
    DECISIONS.iter().find(|(of, _)| *of == id).map_or_else(|| plain(id), |(_, name)| (*name).to_string())
}

/// How many have it.
pub fn number_of(summary: &Summary, id: &str) -> u64 {
    match id {
        "suppress" => summary.suppress,
        "unsubscribe" => summary.unsubscribe,
        "retry_limited" => summary.retry_limited,
        "retry" => summary.retry,
        "hold" => summary.hold,
        _ => summary.review,
    }
}

#[derive(Properties, PartialEq)]
pub struct Props {
    pub hands: Hands,
    pub told: Shared<Told>,
    pub page: Option<Shared<Page<Decision>>>,
    pub settings: Settings,
    pub past: Vec<Settings>,
    pub shown: bool,
}

/// What is looked at.
#[derive(Clone, Debug, Default, PartialEq)]
struct Look {
    decision: Option<String>,
    search: String,
    from: u64,
}

/// The section.
#[component]
pub fn PeopleView(props: &Props) -> Html {
    let look = use_state(Look::default);
    let pause = use_mut_ref(|| None::<Timeout>);
    use_effect_with(((*look).clone(), props.told.clone(), props.shown), {
        let hands = props.hands.clone();
        move |(look, _, shown): &(Look, Shared<Told>, bool)| {
            if *shown {
                hands.ask_people(look.decision.clone(), look.search.clone(), look.from, ROWS);
            }
        }
    });
    let onsearch = {
        let look = look.clone();
        Callback::from(move |event: InputEvent| {
            let (look, search) = (look.clone(), event.target_unchecked_into::<HtmlInputElement>().value());
            let later = Timeout::new(PAUSE_MS, move || look.set(Look { search, from: 0, ..(*look).clone() }));
            *pause.borrow_mut() = Some(later);
        })
    };
    let matter = html! {
        <>
            { sums(props, &look) }
            <p class="small muted lede">{ rule_line(props) }</p>
            { presets(props) }
            <p class="row noprint"><label class="vh" for="find-person">{ "Search people" }</label><input id="find-person" type="search" size="30" placeholder="Search key, address, reply" autocomplete="off" oninput={onsearch} />
                <span class="end small muted" id="people-count">{ props.page.as_ref().map(|page| counted(page.total, "person", "people")).unwrap_or_default() }</span></p>
            { table(props) }
            { pages(props, &look) }
            { trusted(props) }
            { undo_line(props) }
        </>
    };
    section("decisions", "Suppression", help("One decision a person"), matter)
}

/// How many of each; a click shows these alone.
fn sums(props: &Props, look: &UseStateHandle<Look>) -> Html {
    let summary = &props.told.analysis.decisions.summary;
    let sum = |(id, name): &(&'static str, &'static str)| {
        let is_on = look.decision.as_deref() == Some(*id);
        let onclick = {
            let (look, decision) = (look.clone(), (!is_on).then(|| (*id).to_string()));
            Callback::from(move |_: MouseEvent| look.set(Look { decision: decision.clone(), from: 0, ..(*look).clone() }))
        };
        html! { <div key={*id}><dt>{ *name }</dt><dd><button type="button" class="figure" id={format!("sum-{id}")} aria-pressed={is_on.to_string()} {onclick}>{ count(number_of(summary, id)) }</button></dd></div> }
    };
    html! { <dl class="big" id="sums">{ for DECISIONS.iter().filter(|(id, _)| *id != "unsubscribe" || summary.unsubscribe > 0).map(sum) }</dl> }
}

fn rule_line(props: &Props) -> String {
    let summary = &props.told.analysis.decisions.summary;
    let people: u64 = DECISIONS.iter().map(|(id, _)| number_of(summary, id)).sum();
    let days = match props.settings.preset.hours() {
        hours if hours % 24 == 0 && hours > 72 => format!("{} days", hours / 24),
        hours => format!("{hours} hours"),
    };
    format!(
        "{}. A mailbox that is full {} times in a row within {days} is taken for abandoned; a delivery starts the count anew. Suppression is not unsubscription.",
        counted(people, "person", "people"),
        props.settings.preset.times()
    )
}

fn presets(props: &Props) -> Html {
    let onchange = {
        let (hands, settings) = (props.hands.clone(), props.settings.clone());
        Callback::from(move |event: Event| {
            let id = event.target_unchecked_into::<HtmlSelectElement>().value();
            let preset = Preset::ALL.into_iter().find(|preset| preset.id() == id).unwrap_or_default();
            hands.settle(Settings { preset, ..settings.clone() });
        })
    };
    let option =
        |preset: Preset| html! { <option value={preset.id()} selected={preset == props.settings.preset}>{ plain(preset.id()) }</option> };
    html! {
        <div class="row noprint"><span class="row small"><label for="preset">{ "Full mailbox" }</label><select id="preset" {onchange} autocomplete="off">{ for Preset::ALL.into_iter().map(option) }</select></span>
            <ByCause hands={props.hands.clone()} told={props.told.clone()} settings={props.settings.clone()} /></div>
    }
}

#[derive(Properties, PartialEq)]
struct CauseProps {
    hands: Hands,
    told: Shared<Told>,
    settings: Settings,
}

/// A decision of the user's own about everyone with one cause.
#[component]
fn ByCause(props: &CauseProps) -> Html {
    let cause = use_state(String::new);
    let note = use_state(String::new);
    let pick = {
        let cause = cause.clone();
        Callback::from(move |event: Event| cause.set(event.target_unchecked_into::<HtmlSelectElement>().value()))
    };
    let onnote = {
        let note = note.clone();
        Callback::from(move |event: InputEvent| note.set(event.target_unchecked_into::<HtmlInputElement>().value()))
    };
    let onchange = {
        let (hands, settings, cause, note) = (props.hands.clone(), props.settings.clone(), cause.clone(), note.clone());
        Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            let (decision, words) = (select.value(), note.trim().to_string());
            select.set_selected_index(0);
            if !cause.is_empty() && !decision.is_empty() {
                hands.decide(
                    &settings,
                    Override { scope: Scope::Cause((*cause).clone()), decision, note: Some(words).filter(|words| !words.is_empty()) },
                );
            }
        })
    };
    let causes = props.told.analysis.totals.by_cause.keys();
    let option = |id: &String| html! { <option value={id.clone()} selected={*id == *cause}>{ plain(id) }</option> };
    html! {
        <details class="others"><summary>{ "Decide for a whole cause" }</summary><div class="row small">
            <label for="cause-of">{ "Everyone with" }</label><select id="cause-of" onchange={pick} autocomplete="off"><option value="" selected={cause.is_empty()}>{ "choose a cause" }</option>{ for causes.map(option) }</select>
            <label for="cause-note">{ "Note" }</label><input id="cause-note" size="24" autocomplete="off" value={(*note).clone()} oninput={onnote} />
            <label for="cause-to">{ "becomes" }</label><select id="cause-to" {onchange} disabled={cause.is_empty()} autocomplete="off"><option value="">{ "choose" }</option>{ decision_options(None) }</select></div></details>
    }
}

fn table(props: &Props) -> Html {
    let Some(page) = &props.page else { return html! { <p class="muted" role="status">{ "Asking for the people…" }</p> } };
    if page.rows.is_empty() {
        return html! { <p class="muted" id="no-people">{ "Nobody matches." }</p> };
    }
    let has_status = page.rows.iter().any(|person| person.sfmc_status.is_some());
    html! {
        <div class="scroll" tabindex="0" role="region" aria-label="People"><table id="people" class="stack">
            <thead><tr><th scope="col">{ "Key" }</th><th scope="col">{ "Decision" }</th><th scope="col">{ "Cause" }</th><th scope="col" class="n">{ "Times" }</th><th scope="col">{ "Last" }</th><th scope="col">{ "Last reply" }</th><th scope="col">{ "Label" }</th>
                if has_status { <th scope="col"><abbr title="What Marketing Cloud’s own rule would make of its labels">{ "Platform" }</abbr></th> }<th scope="col" class="noprint">{ "Override" }</th></tr></thead>
            <tbody>{ for page.rows.iter().map(|person| row(props, person, has_status)) }</tbody></table></div>
    }
}

fn row(props: &Props, person: &Decision, has_status: bool) -> Html {
    let bucket = Cause::from_id(&person.cause).map(Cause::bucket);
    let is_retry = person.decision.starts_with("retry");
    let until = person.retry_until.as_deref().filter(|_| is_retry).map(|until| format!("until {}", day(until)));
    let label = person
        .label
        .as_deref()
        .map(|label| if person.label_conflict { format!("{}, differs", cut(label, 24)) } else { cut(label, 24) })
        .unwrap_or_default();
    let note = person.note.as_ref().filter(|note| person.overridden || !note.starts_with(PLATFORM));
    html! {
        <tr key={person.key.clone()} data-key={person.key.clone()}>
            <td><code>{ shown(&person.key, false) }</code>if let Some(address) = person.recipient.as_ref().filter(|address| **address != person.key) { <br /><span class="small muted">{ shown(address, false) }</span> }</td>
            <td class="c"><b>{ decision_name(&person.decision) }</b>if let Some(until) = until { <br /><span class="small muted">{ until }</span> }if person.overridden { <br /><span class="small muted">{ "yours" }</span> }</td>
            <td>if let Some(bucket) = bucket { { tag(bucket) }{ " " } }{ plain(&person.cause) }if let Some(note) = note { <br /><span class="small muted note-line">{ shown(note, false) }</span> }</td>
            <td class="n" data-h="Times">{ count(person.count) }</td><td class="c" data-h="Last">{ person.last.as_deref().map(day).unwrap_or_default() }</td>
            <td class="txt"><code class="clip">{ shown(&cut(&person.last_reply, 300), false) }</code></td><td data-h="Label">{ shown(&label, false) }</td>
            if has_status { <td data-h="Platform">{ person.sfmc_status.clone().unwrap_or_default() }</td> }
            <td class="noprint">{ override_cell(props, person) }</td>
        </tr>
    }
}

fn override_cell(props: &Props, person: &Decision) -> Html {
    let scope = Scope::Person(person.key.clone());
    if props.settings.overrides.iter().any(|own| own.scope == scope) {
        let (hands, settings) = (props.hands.clone(), props.settings.clone());
        let undo = Callback::from(move |_: MouseEvent| hands.undo_decision(&settings, &scope));
        return html! { <button type="button" class="undo" onclick={undo}>{ "Undo" }</button> };
    }
    let onchange = {
        let (hands, settings, now) = (props.hands.clone(), props.settings.clone(), person.decision.clone());
        Callback::from(move |event: Event| {
            let decision = event.target_unchecked_into::<HtmlSelectElement>().value();
            if decision != now {
                hands.decide(&settings, Override { scope: scope.clone(), decision, note: None });
            }
        })
    };
    html! { <select aria-label={format!("Decision for {}", person.key)} {onchange} autocomplete="off">{ decision_options(Some(&person.decision)) }</select> }
}

fn pages(props: &Props, look: &UseStateHandle<Look>) -> Html {
    let total = props.page.as_ref().map(|page| page.total).unwrap_or_default();
    let rows = u64::from(ROWS);
    if total <= rows {
        return Html::default();
    }
    let to = |from: u64| {
        let look = look.clone();
        Callback::from(move |_: MouseEvent| look.set(Look { from, ..(*look).clone() }))
    };
    let (from, last) = (look.from, (total - 1) / rows * rows);
    html! {
        <nav class="row small noprint" aria-label="Pages of people" id="people-pages">
            <button type="button" onclick={to(0)} disabled={from == 0}>{ "First" }</button><button type="button" onclick={to(from.saturating_sub(rows))} disabled={from == 0}>{ "Back" }</button>
            <span>{ format!("{} to {} of {}", count(from + 1), count((from + rows).min(total)), count(total)) }</span>
            <button type="button" onclick={to((from + rows).min(last))} disabled={from >= last}>{ "On" }</button><button type="button" onclick={to(last)} disabled={from >= last}>{ "Last" }</button>
        </nav>
    }
}

/// The part of the platform's own rule that hangs on a list of the user's.
fn trusted(props: &Props) -> Html {
    let is_platform = props.page.as_ref().is_some_and(|page| page.rows.iter().any(|person| person.sfmc_status.is_some()));
    if !is_platform {
        return Html::default();
    }
    let onchange = {
        let (hands, settings) = (props.hands.clone(), props.settings.clone());
        Callback::from(move |event: Event| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value().to_lowercase();
            let domains: Vec<String> =
                text.split(|c: char| c == ',' || c == ';' || c.is_whitespace()).filter(|word| !word.is_empty()).map(String::from).collect();
            hands.settle(Settings { trusted_domains: Some(domains).filter(|domains| !domains.is_empty()), ..settings.clone() });
        })
    };
    let now = props.settings.trusted_domains.as_ref().map(|domains| domains.join(", ")).unwrap_or_default();
    html! {
        <p class="row small noprint"><span class="muted">{ "Platform: what Marketing Cloud’s own rule would make of its labels, beside our decision. One hard bounce holds only at its trusted domains:" }</span>
            <label class="vh" for="trusted">{ "Trusted domains" }</label><input id="trusted" size="30" placeholder="gmail.com, yahoo.com" autocomplete="off" value={now} {onchange} /></p>
    }
}

fn undo_line(props: &Props) -> Html {
    let own = props.settings.overrides.len() as u64;
    let undo = props.past.last().cloned().map(|before| {
        let hands = props.hands.clone();
        let undo = Callback::from(move |_: MouseEvent| hands.undo(&before));
        html! { <button type="button" class="plain" id="undo" onclick={undo}>{ "Undo the last change" }</button> }
    });
    if own == 0 && undo.is_none() {
        return Html::default();
    }
    let words = match own {
        0 => "No decision of yours.".into(),
        _ => format!("{} of yours. They go into every export.", counted(own, "decision", "decisions")),
    };
    html! { <p class="small row" id="own-decisions"><span>{ words }</span>{ undo }<span class="muted">{ labels().of("action", "suppress") }{ " is never done here: you import the list." }</span></p> }
}
