//! Wordings, masked, most frequent first: how often, how far spread, one whole example, a rule of the user's own.

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::people::decision_options;
use super::state::Told;
use crate::analysis::{Filter, Override, Scope, Settings, TemplateCount};
use crate::page::data::labels;
use crate::page::hand::Hands;
use crate::page::state::Shared;
use crate::page::text::{help, rule_link, section, shown, tag};
use crate::verdict::{Bucket, Confidence};
use crate::view::names::plain;
use crate::view::propose;
use crate::view::report::figures::{count, counted, cut, when};
use crate::view::route::{Part, Route};
use crate::wire::sheet::TEMPLATES;

/// Wordings shown at first, and how many more at a time.
const ROWS: usize = 40;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub hands: Hands,
    pub told: Shared<Told>,
    pub filter: Filter,
    pub settings: Settings,
}

/// The tab.
#[component]
pub fn Replies(props: &Props) -> Html {
    let rows = use_state(|| ROWS);
    let open = use_state(|| None::<usize>);
    let search = use_state(String::new);
    let templates = &props.told.analysis.templates;
    let wanted = search.to_lowercase();
    let fits = |found: &TemplateCount| {
        wanted.is_empty() || found.template.to_lowercase().contains(&wanted) || found.cause.id().contains(&wanted.replace(' ', "_"))
    };
    let found: Vec<(usize, &TemplateCount)> = templates.iter().enumerate().filter(|(_, found)| fits(found)).collect();
    let oninput = {
        let search = search.clone();
        Callback::from(move |event: InputEvent| search.set(event.target_unchecked_into::<HtmlInputElement>().value()))
    };
    let more = {
        let rows = rows.clone();
        Callback::from(move |_: MouseEvent| rows.set(*rows + 2 * ROWS))
    };
    let matter = html! {
        <>
            <p class="row noprint"><label class="vh" for="find-reply">{ "Search wordings" }</label><input id="find-reply" type="search" size="30" placeholder="Search wordings and causes" autocomplete="off" {oninput} />
                <span class="small muted end">{ counted(found.len() as u64, "wording", "wordings") }</span></p>
            <div class="scroll" tabindex="0" role="region" aria-label="Replies"><table id="templates" class="stack">
                <caption>{ "Addresses, IPs, ids, hosts and dates masked." }if templates.len() >= TEMPLATES { { format!(" The {TEMPLATES} most frequent wordings.") } }</caption>
                <thead><tr><th scope="col" class="n">{ "Events" }</th><th scope="col">{ "Reply" }</th><th scope="col">{ "Cause" }</th><th scope="col">{ "Confidence" }</th><th scope="col" class="n">{ "Domains" }</th><th scope="col"><span class="vh">{ "More" }</span></th></tr></thead>
                <tbody>{ for found.iter().take(*rows).map(|(at, found)| entry(props, *at, found, &open)) }</tbody></table></div>
            if found.len() > *rows { <p class="row small noprint"><button type="button" onclick={more}>{ "Show more" }</button><span class="muted">{ format!("{} of {}", count(*rows as u64), count(found.len() as u64)) }</span></p> }
            if found.is_empty() { <p class="muted">{ "No wording matches." }</p> }
        </>
    };
    section("replies", "Replies", help("One line a wording"), matter)
}

fn entry(props: &Props, at: usize, found: &TemplateCount, open: &UseStateHandle<Option<usize>>) -> Html {
    let is_open = **open == Some(at);
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set((!is_open).then_some(at)))
    };
    let sure = labels().of("confidence", found.confidence.id());
    html! {
        <>
            <tr key={at}><td class="n" data-h="Events">{ count(found.count) }</td><td class="txt"><code class={(!is_open).then_some("clip")}>{ shown(&cut(&found.template, 600), false) }</code>if found.template.trim().is_empty() { <span class="muted">{ "no words at all" }</span> }</td>
                <td class="c">{ tag(found.bucket) }{ " " }{ plain(found.cause.id()) }</td><td data-h="Confidence">{ sure }</td><td class="n" data-h="Domains">{ count(found.domains) }</td>
                <td><button type="button" class="plain" onclick={toggle} aria-expanded={is_open.to_string()}>{ if is_open { "Close" } else { "Open" } }</button></td></tr>
            if is_open { <tr class="more" key={format!("{at}-more")}><td colspan="6">{ details(props, found) }</td></tr> }
        </>
    }
}

fn details(props: &Props, found: &TemplateCount) -> Html {
    let seen = match (&found.first, &found.last) {
        (Some(first), Some(last)) if first != last => format!(", {} to {}", when(first), when(last)),
        (Some(first), _) => format!(", {}", when(first)),
        _ => String::new(),
    };
    let spread = format!(
        "{} at {}, {}{seen}.",
        counted(found.count, "event", "events"),
        counted(found.domains, "domain", "domains"),
        counted(found.jobs, "job", "jobs")
    );
    let rows = {
        let (hands, filter) = (props.hands.clone(), Filter { template: Some(found.template.clone()), ..props.filter.clone() });
        Callback::from(move |_: MouseEvent| {
            hands.filter(filter.clone());
            hands.go(&Route::Report(Part::Rows));
        })
    };
    let decode = {
        let (hands, text) = (props.hands.clone(), found.example.clone());
        Callback::from(move |_: MouseEvent| {
            hands.go(&Route::Decode);
            hands.take_text(&text);
        })
    };
    let is_open_question = found.confidence == Confidence::Low || found.bucket == Bucket::Unknown;
    let cause = (found.bucket != Bucket::Unknown).then_some(found.cause);
    let rule = propose::rule_of_text(&found.example, cause).map(|rule| {
        let hands = props.hands.clone();
        let make = Callback::from(move |_: MouseEvent| hands.add_own(&rule));
        html! { <button type="button" class={is_open_question.then_some("go")} onclick={make}>{ "Make a rule" }</button> }
    });
    html! {
        <div class="inside">
            <p class="lab">{ "One of them, whole" }</p><pre class="raw" tabindex="0" aria-label="Example">{ shown(&found.example, false) }</pre>
            <p class="small muted">{ spread }if let Some(rule) = &found.rule { { " Rule " }{ rule_link(rule) } }</p>
            <p class="row noprint">{ rule }<button type="button" onclick={rows}>{ "Show rows" }</button><button type="button" onclick={decode}>{ "Decode it" }</button>{ decide(props, found) }</p>
        </div>
    }
}

/// A decision of the user's own about everyone whose last reply this is.
fn decide(props: &Props, found: &TemplateCount) -> Html {
    let scope = Scope::Template(found.template.clone());
    let own = props.settings.overrides.iter().find(|own| own.scope == scope).map(|own| own.decision.clone());
    let onchange = {
        let (hands, settings, scope) = (props.hands.clone(), props.settings.clone(), scope.clone());
        Callback::from(move |event: Event| match event.target_unchecked_into::<HtmlSelectElement>().value() {
            empty if empty.is_empty() => hands.undo_decision(&settings, &scope),
            decision => hands.decide(&settings, Override { scope: scope.clone(), decision, note: None }),
        })
    };
    html! {
        <span class="row small"><label for="decide-template">{ "Everyone whose last reply this is" }</label>
            <select id="decide-template" {onchange} autocomplete="off"><option value="" selected={own.is_none()}>{ "as the rules say" }</option>{ decision_options(own.as_deref()) }</select></span>
    }
}
