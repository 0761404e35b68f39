//! The way in: an empty page that takes files, the check of the columns, the reading.

use yew::prelude::*;

use super::columns::Columns;
use super::state::{Progress, Report, Stage};
use crate::page::hand::Hands;
use crate::page::text::{help, section, shown};
use crate::view::report::figures::{counted, left, left_words, size, size_of};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub hands: Hands,
    pub report: Report,
    pub dragging: bool,
}

/// Everything before the report.
#[component]
pub fn Entrance(props: &Props) -> Html {
    let report = &props.report;
    let has_report = report.told.is_some();
    html! {
        <>
            <section class="intro"><h1 tabindex="-1">{ heading(report) }</h1>
                if report.stage == Stage::Empty {
                    <p class="muted">{ "A CSV, a log or the events of a mail platform, a million rows or one. You see which slice to pause, whom to suppress, and whom by no means. Nothing leaves this tab." }</p>
                }
            </section>
            { match report.stage {
                Stage::Empty => html! { <>{ awaited(report) }{ drop_box(props) }{ refused(report) }{ takes() }</> },
                Stage::Peeking => html! { <p class="read" role="status">{ "Looking at the first rows…" }</p> },
                Stage::Columns | Stage::Told => html! { <Columns hands={props.hands.clone()} files={report.files.clone()} settings={report.settings.clone()} told={has_report} /> },
                Stage::Reading => html! { <Reading hands={props.hands.clone()} progress={report.progress.clone()} /> },
            } }
        </>
    }
}

fn heading(report: &Report) -> String {
    match (report.stage, report.files.as_slice()) {
        (Stage::Empty, _) => "Drop a file of bounces.".into(),
        (_, []) => "Sample export".into(),
        (_, [one]) => one.name.clone(),
        (_, [first, others @ ..]) => format!("{} and {}", first.name, counted(others.len() as u64, "more file", "more files")),
    }
}

fn drop_box(props: &Props) -> Html {
    let sample = {
        let (hands, settings) = (props.hands.clone(), props.report.settings.clone());
        Callback::from(move |_: MouseEvent| hands.take_sample_sheet(&settings))
    };
    html! {
        <div class={classes!("box", "files", props.dragging.then_some("drag"))}>
            <p class="drop" hidden={!props.dragging}>{ "Drop it to read it. It stays on this device." }</p>
            <p class="invite">{ "Drop files anywhere on this page." }</p>
            <div class="row"><Picker hands={props.hands.clone()} more={false} words="Open files…" go={true} />
                <button type="button" id="load-sample" onclick={sample}>{ "Load the sample export" }</button>
                <span class="end muted wide">{ "CSV, TSV, NDJSON, logs; gzip and zip too." }</span></div>
        </div>
    }
}

/// The files that an opened session is about.
fn awaited(report: &Report) -> Html {
    let Some(session) = &report.session else { return Html::default() };
    let names: Vec<String> = session.files.iter().map(|file| format!("{} ({})", file.name, size(file.bytes.unwrap_or_default()))).collect();
    html! { <p class="note lede" id="session"><b>{ "Session opened." }</b>{ " It holds no rows: open its files now, " }{ shown(&names.join(", "), false) }{ "." }</p> }
}

/// What was dropped and could not be read.
fn refused(report: &Report) -> Html {
    let troubles = report.files.iter().filter_map(|file| Some((file, file.trouble.as_ref()?)));
    troubles
        .map(|(file, trouble)| {
            html! { <div class="note lede stop under" role="alert"><p><b>{ shown(&file.name, false) }</b>{ ": " }{ shown(trouble, false) }</p></div> }
        })
        .collect()
}

fn takes() -> Html {
    html! {
        <div class="sheet under">
            { section("takes", "What it takes", Html::default(), html! {
                <dl class="kv wider">
                    <div><dt>{ "Exports" }</dt><dd>{ "Marketing Cloud (_Bounce view and tracking extract), Salesforce reports, SendGrid, Mailgun, Postmark, SparkPost, Mandrill, HubSpot, Brevo, Braze, Iterable, Klaviyo, Marketo, ActiveCampaign, Mailjet" }</dd></div>
                    <div><dt>{ "Events and logs" }</dt><dd>{ "Amazon SES and KumoMTA as NDJSON, PowerMTA accounting, Microsoft 365 message trace, Google email log search, Postfix and Exim logs" }</dd></div>
                    <div><dt>{ "Anything else" }</dt><dd>{ "A table with a column that holds the server’s reply. The columns are found by their values and can be changed." }</dd></div>
                    <div><dt>{ "Beside it" }</dt><dd>{ "Messages sent by job (for rates), addresses by key, an existing suppression list: drop them together, or later." }</dd></div>
                </dl>
            }) }
            { section("private", "Stays here", help("Check it yourself"), html! { <p class="lede">{ "The file is read piece by piece in this tab, by a program that was loaded before the page shut its own network. Files of several gigabytes work. " }<a href="#/about">{ "How to check" }</a></p> }) }
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub struct PickerProps {
    pub hands: Hands,
    /// Beside those that are there.
    pub more: bool,
    pub words: AttrValue,
    #[prop_or_default]
    pub go: bool,
}

/// A button that opens the browser's file dialog.
#[component]
pub fn Picker(props: &PickerProps) -> Html {
    let picker = use_node_ref();
    let open = {
        let picker = picker.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(input) = picker.cast::<web_sys::HtmlInputElement>() {
                input.set_value("");
                input.click();
            }
        })
    };
    let onchange = {
        let (hands, more) = (props.hands.clone(), props.more);
        Callback::from(move |event: Event| {
            let input: web_sys::HtmlInputElement = event.target_unchecked_into();
            if let Some(files) = input.files() {
                hands.take_sheets(super::listed(&files), more, false);
            }
        })
    };
    html! {
        <><button type="button" class={classes!(props.go.then_some("go"))} onclick={open}>{ &props.words }</button>
        <input class="vh sheets" type="file" multiple=true tabindex="-1" aria-label="Files of bounces" ref={picker} {onchange} /></>
    }
}

#[derive(Properties, PartialEq)]
struct ReadingProps {
    hands: Hands,
    progress: Progress,
}

/// How far it is, what it found so far, and a way to stop.
#[component]
fn Reading(props: &ReadingProps) -> Html {
    let begun = use_memo((), |()| now());
    let progress = &props.progress;
    let total = progress.total.unwrap_or_default();
    let mut words = vec![if total > 0 { size_of(progress.bytes.min(total), total) } else { size(progress.bytes) }];
    words.push(counted(progress.rows, "row", "rows"));
    if progress.unreadable > 0 {
        words.push(format!("{} not readable", counted(progress.unreadable, "row", "rows")));
    }
    words.extend(left(progress.bytes, total, (now() - *begun) / 1_000.0).map(left_words));
    let stop = {
        let hands = props.hands.clone();
        Callback::from(move |_: MouseEvent| hands.stop_reading())
    };
    let matter = html! {
        <>
            <progress value={total.gt(&0).then(|| progress.bytes.to_string())} max={total.max(1).to_string()} aria-label="Reading" />
            <p class="row small"><span id="progress">{ words.join(" · ") }</span><button type="button" class="end" id="cancel" onclick={stop}>{ "Cancel" }</button></p>
            <p class="small muted">{ "Cancel keeps what was read and says so." }</p>
            if let Some(finding) = &progress.first {
                <div id="first-finding"><p class="lab">{ "First finding, so far" }</p><p class="lede"><b>{ shown(&finding.title, false) }</b>{ " " }{ shown(&finding.sentence, false) }</p></div>
            }
        </>
    };
    html! { <div class="sheet">{ section("reading", "Reading", help("Findings appear while it reads"), matter) }</div> }
}

/// Milliseconds.
fn now() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map(|performance| performance.now()).unwrap_or_default()
}
