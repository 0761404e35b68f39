//! `#/report`: files of bounces. What was found, what to do about whom, and everything to take away.

mod breakdown;
mod clerk;
mod columns;
mod deeds;
mod entrance;
mod export;
mod findings;
mod gates;
mod labels;
mod lists;
mod over_time;
mod packet;
mod people;
mod pick;
mod replies;
mod rows;
mod rows_read;
mod save;
mod state;
mod thresholds;

use yew::prelude::*;

pub use clerk::Clerk;
pub use deeds::listed;
pub use state::{Report, ReportAct};

use super::data::company;
use super::hand::Hands;
use super::paste::notice;
use super::state::{Notice, Shared};
use super::text::shown;
use crate::analysis::{Analysis, Filter};
use crate::view::report::columns::is_certain;
use crate::view::report::figures::{count, counted, size_of, span};
use crate::view::report::filter::{chips, pill};
use crate::view::route::{Part, Route};
use state::{Stage, Told};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub hands: Hands,
    pub report: Report,
    pub part: Part,
    pub shown: bool,
    pub dragging: bool,
    pub notice: Option<Notice>,
    /// How many rules of the user's own are in force.
    pub own_rules: usize,
}

/// The page.
#[component]
pub fn ReportPage(props: &Props) -> Html {
    let report = &props.report;
    use_effect_with((report.stage, report.files.clone()), {
        let (hands, report) = (props.hands.clone(), report.clone());
        move |_| go_on(&hands, &report)
    });
    use_effect_with(report.told.is_some(), {
        let (hands, session) = (props.hands.clone(), report.session.clone());
        move |is_told| {
            if let Some(session) = session.filter(|session| *is_told && !session.filter.is_empty()) {
                hands.filter(session.filter.clone());
            }
        }
    });
    html! {
        <>
            if let Some(told) = report.told.as_ref().filter(|_| report.stage == Stage::Told) {
                <Tabs hands={props.hands.clone()} told={told.clone()} filter={report.filter.clone()} busy={report.busy} part={props.part} />
                { intro(props, told) }
                { filtered(props, told) }
                { notices(props) }
                { panels(props, told) }
            } else {
                <entrance::Entrance hands={props.hands.clone()} report={report.clone()} dragging={props.dragging} />
                { notices(props) }
            }
        </>
    }
}

/// Once the heads of all files were looked at: mapping that was kept, then straight on where all is certain, else to the columns.
fn go_on(hands: &Hands, report: &Report) {
    let all_seen = report.files.iter().all(|file| file.found.is_some() || file.trouble.is_some());
    if report.stage != Stage::Peeking || report.files.is_empty() || !all_seen {
        return;
    }
    let readable = report.files.iter().any(|file| file.trouble.is_none());
    let kept = report.files.iter().enumerate().find_map(|(at, file)| columns::kept(file).map(|hints| (at, hints)));
    if let Some((at, hints)) = kept {
        return hands.hint(at, hints);
    }
    let certain =
        report.files.iter().all(|file| file.trouble.is_none() && file.found.as_ref().is_some_and(|found| is_certain(found, &file.hints)));
    if readable && certain {
        hands.analyse(report.files.iter().map(|file| file.hints.clone()).collect(), report.settings.clone());
    } else {
        let stage = if readable { Stage::Columns } else { Stage::Empty };
        hands.act.emit(super::state::Act::Report(Box::new(ReportAct::Stage(stage))));
    }
}

fn notices(props: &Props) -> Html {
    let report = &props.report;
    let dismiss = {
        let hands = props.hands.clone();
        Callback::from(move |_: MouseEvent| hands.dismiss())
    };
    let as_text = {
        let hands = props.hands.clone();
        Callback::from(move |_: MouseEvent| hands.read_as_text())
    };
    html! {
        <>
            if let Some(text) = &report.trouble {
                <div class="note lede stop under" role="alert" id="report-trouble"><p>{ shown(text, false) }</p>
                    <p class="row"><button type="button" onclick={dismiss}>{ "Close" }</button></p></div>
            }
            if report.guessed && report.stage != Stage::Empty {
                <p class="read noprint" id="guessed">{ "We took this for an export. " }<button type="button" class="plain" onclick={as_text}>{ "Read as one text instead" }</button></p>
            }
            { props.notice.as_ref().filter(|_| props.shown).map(notice).unwrap_or_default() }
        </>
    }
}

fn intro(props: &Props, told: &Shared<Told>) -> Html {
    let analysis = &told.analysis;
    let others = analysis.sources.len().saturating_sub(1);
    let name = if props.report.is_sample { "Sample export".to_string() } else { analysis.source.name.clone() };
    let over = {
        let hands = props.hands.clone();
        Callback::from(move |_: MouseEvent| hands.clear_report())
    };
    html! {
        <section class="intro report">
            <h1 tabindex="-1">{ shown(&name, false) }{ if others > 0 { format!(" and {}", counted(others as u64, "more file", "more files")) } else { String::new() } }</h1>
            <p class="muted">{ scope(told) }</p>
            <p class="small muted row noprint"><span>{ recognised(analysis) }</span>
                if !props.report.is_sample { { change_columns(props) } }
                <button type="button" class="plain" onclick={over} id="over">{ "Open another file" }</button></p>
            { incomplete(analysis) }
        </section>
    }
}

fn change_columns(props: &Props) -> Html {
    let hands = props.hands.clone();
    let change = Callback::from(move |_: MouseEvent| hands.act.emit(super::state::Act::Report(Box::new(ReportAct::Stage(Stage::Columns)))));
    html! { <button type="button" class="plain" id="change-columns" onclick={change}>{ "Change columns" }</button> }
}

/// `41,882 bounce events about 38,007 people, 1–28 Nov 2026, US Central.`
fn scope(told: &Told) -> String {
    let people = told.analysis.gates.bounced_people;
    let mut words = format!("{} about {}", counted(told.passed.0, "bounce event", "bounce events"), counted(people, "person", "people"));
    if let (Some(first), Some(last)) = (told.breakdown.over_time.first(), told.breakdown.over_time.last()) {
        words += &format!(", {}", span(first.start, last.start));
    }
    let zone = told.analysis.settings.time_zone.as_ref().or(told.analysis.format.time_zone.as_ref());
    if let Some(zone) = zone {
        words += &format!(", times in the file {}", if zone.starts_with(['+', '-']) { format!("UTC{zone}") } else { zone.clone() });
    }
    words + "."
}

fn recognised(analysis: &Analysis) -> String {
    let format = &analysis.format;
    format!(
        "Read as {}, reply in {}.",
        format.name,
        if analysis.mapping.text.is_empty() { "the line itself".into() } else { analysis.mapping.text.join(", ") }
    )
}

/// What the report does not cover.
fn incomplete(analysis: &Analysis) -> Html {
    let part = analysis.sources.iter().chain([&analysis.source]).find(|source| !source.complete);
    let Some(source) = part else { return Html::default() };
    let read = source.bytes.map_or_else(String::new, |bytes| format!(", {}", size_of(source.read_bytes.min(bytes), bytes)));
    html! {
        <p class="note warn lede" id="incomplete"><b>{ "Not the whole file." }</b>{ format!(" The report covers the first {} rows{read}.", count(analysis.rows.read)) }</p>
    }
}

/// The chips of the filter, and what to do where nothing passes.
fn filtered(props: &Props, told: &Shared<Told>) -> Html {
    if props.report.filter.is_empty() {
        return Html::default();
    }
    let button = |name: String, filter: Filter| {
        let hands = props.hands.clone();
        html! { <button type="button" onclick={Callback::from(move |_: MouseEvent| hands.filter(filter.clone()))}>{ shown(&name, false) }{ " ×" }</button> }
    };
    let clear = {
        let hands = props.hands.clone();
        Callback::from(move |_: MouseEvent| hands.filter(Filter::default()))
    };
    let is_none = told.passed.0 == 0 && !props.report.busy;
    let names: Vec<String> = chips(&props.report.filter, provider).into_iter().map(|chip| chip.name).collect();
    html! {
        <><p class="printed small">{ "Only " }{ shown(&names.join(", "), false) }</p>
        <div class={classes!("chips", "row", is_none.then_some("note"))} id="chips" role="group" aria-label="Filter">
            if is_none { <b>{ "No rows match. Clear a filter:" }</b> }
            { for chips(&props.report.filter, provider).into_iter().map(|chip| button(chip.name, chip.without)) }
            <button type="button" class="plain" id="clear-filter" onclick={clear}>{ "Clear all" }</button>
        </div></>
    }
}

/// A provider's name; what has none is a domain or `other`.
pub(super) fn provider(id: &str) -> String {
    match id {
        "other" => "Others".into(),
        domain if domain.contains('.') => domain.into(),
        id => company(id),
    }
}

fn panels(props: &Props, told: &Shared<Told>) -> Html {
    let (hands, report) = (&props.hands, &props.report);
    let panel = |part: Part, matter: Html| {
        let off = (part != props.part).then_some("off");
        html! { <div class={classes!("panel", "sheet", off, (part == Part::Export).then_some("noprint"))} data-part={part.name()}>{ matter }</div> }
    };
    let (settings, filter) = (report.settings.clone(), report.filter.clone());
    html! {
        <>
            { panel(Part::Findings, html! {
                <>
                    <findings::Findings hands={hands.clone()} told={told.clone()} packet={report.packet.clone()} />
                    <labels::LabelsView hands={hands.clone()} told={told.clone()} filter={filter.clone()} />
                    <gates::GatesView hands={hands.clone()} told={told.clone()} settings={settings.clone()} />
                    if !told.analysis.findings.is_empty() { <findings::Pattern told={told.clone()} /> }
                    <thresholds::ThresholdsView hands={hands.clone()} settings={settings.clone()} />
                    <rows_read::RowsRead hands={hands.clone()} told={told.clone()} />
                </>
            }) }
            { panel(Part::Breakdown, html! { <breakdown::BreakdownView hands={hands.clone()} told={told.clone()} filter={filter.clone()} /> }) }
            { panel(Part::Replies, html! { <replies::Replies hands={hands.clone()} told={told.clone()} filter={filter.clone()} settings={settings.clone()} /> }) }
            { panel(Part::Suppression, html! {
                <>
                    <people::PeopleView hands={hands.clone()} told={told.clone()} page={report.people.clone()} settings={settings.clone()} past={report.past.clone()}
                        shown={props.shown && props.part == Part::Suppression} />
                    <lists::ListsView hands={hands.clone()} told={told.clone()} page={report.listed.clone()} shown={props.shown && props.part == Part::Suppression} />
                </>
            }) }
            { panel(Part::Rows, html! {
                <rows::RowsView hands={hands.clone()} told={told.clone()} page={report.rows.clone()} filter={filter.clone()} shown={props.shown && props.part == Part::Rows} />
            }) }
            { panel(Part::Export, html! {
                <export::ExportView hands={hands.clone()} told={told.clone()} preview={report.preview.clone()} sql={report.sql.clone()} is_sample={report.is_sample}
                    shown={props.shown && props.part == Part::Export} />
            }) }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct TabsProps {
    hands: Hands,
    told: Shared<Told>,
    filter: Filter,
    busy: bool,
    part: Part,
}

#[component]
fn Tabs(props: &TabsProps) -> Html {
    let tab = |part: Part| {
        let current = (part == props.part).then_some("true");
        html! { <li><a href={Route::Report(part).href()} aria-current={current}>{ part.name() }</a></li> }
    };
    let passed = (!props.told.analysis.filter.is_empty()).then_some(props.told.passed);
    let stop = {
        let hands = props.hands.clone();
        Callback::from(move |_: MouseEvent| hands.stop_reading())
    };
    html! {
        <nav class="tabs" aria-label="Report"><div class="bar"><ul>{ for Part::ALL.into_iter().map(tab) }</ul>
            if props.busy && !props.filter.is_empty() { <span class="end small muted" id="filtering">{ "Filtering… " }<button type="button" class="plain" onclick={stop}>{ "Cancel" }</button></span> }
            <span class="pill end" id="pill">{ pill(passed, props.told.passed.1) }</span></div></nav>
    }
}
