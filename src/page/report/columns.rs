//! "Check columns": what each file was taken for, and what a person changes in it.

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::entrance::Picker;
use super::pick::table;
use super::state::Incoming;
use crate::analysis::{DayOrder, Found, Hints, Need, Purpose, Settings};
use crate::page::choice;
use crate::page::data::labels;
use crate::page::hand::Hands;
use crate::page::text::{section, shown};
use crate::verdict::Confidence;
use crate::view::report::columns::{PURPOSES, has_reply, header_id, reading};
use crate::view::report::figures::{count, size, typed};

/// The mapping that an earlier visit kept for a file with this header, where it was not applied yet.
pub fn kept(file: &Incoming) -> Option<Hints> {
    let found = file.found.as_ref().filter(|_| file.hints == Hints::default() && file.trouble.is_none())?;
    let map = choice::kept_columns(&header_id(found))?;
    Some(Hints { map, ..Hints::default() })
}

#[derive(Properties, PartialEq)]
pub struct Props {
    pub hands: Hands,
    pub files: Vec<Incoming>,
    pub settings: Settings,
    /// There is a report already.
    pub told: bool,
}

/// The section.
#[component]
pub fn Columns(props: &Props) -> Html {
    let keep = use_state(|| false);
    let sent = use_state(|| props.settings.sent.map(count).unwrap_or_default());
    let analyse = {
        let (hands, files, settings, keep, sent) =
            (props.hands.clone(), props.files.clone(), props.settings.clone(), keep.clone(), sent.clone());
        Callback::from(move |_: MouseEvent| {
            if *keep {
                files.iter().for_each(keep_mapping);
            }
            let settings = Settings { sent: typed(&sent), ..settings.clone() };
            hands.analyse(files.iter().map(|file| file.hints.clone()).collect(), settings);
        })
    };
    let over = {
        let hands = props.hands.clone();
        Callback::from(move |_: MouseEvent| hands.clear_report())
    };
    let onkeep = {
        let keep = keep.clone();
        Callback::from(move |event: Event| keep.set(event.target_unchecked_into::<HtmlInputElement>().checked()))
    };
    let onsent = Callback::from(move |event: InputEvent| sent.set(event.target_unchecked_into::<HtmlInputElement>().value()));
    let readable = props
        .files
        .iter()
        .filter(|file| {
            file.trouble.is_none() && file.found.as_ref().is_some_and(|found| has_reply(found) || found.format.purpose != Purpose::Bounces)
        })
        .count();
    let has_sent = props.files.iter().any(|file| file.found.as_ref().is_some_and(|found| found.format.purpose == Purpose::Sent));
    html! {
        <div class="sheet" id="columns">
            { for props.files.iter().enumerate().map(|(at, file)| file_section(props, at, file)) }
            { section("go-on", "Go on", Html::default(), html! {
                <>
                    if !has_sent { <p class="row small"><label for="sent">{ "Messages sent, for the rates" }</label>
                        <input id="sent" size="12" inputmode="numeric" autocomplete="off" value={props.settings.sent.map(count)} oninput={onsent} />
                        <span class="muted">{ "Or drop a file of jobs and messages sent beside it." }</span></p> }
                    <p class="row"><button type="button" class="go" id="analyse" disabled={readable == 0} onclick={analyse}>{ if props.told { "Analyse again" } else { "Analyse" } }</button>
                        <Picker hands={props.hands.clone()} more={true} words="Add files…" />
                        <button type="button" onclick={over}>{ "Start over" }</button>
                        <label class="small"><input type="checkbox" id="keep-columns" onchange={onkeep} />{ "Remember these columns on this device" }</label></p>
                </>
            }) }
        </div>
    }
}

fn keep_mapping(file: &Incoming) {
    if let Some(found) = file.found.as_ref().filter(|_| !file.hints.map.is_empty()) {
        choice::keep_columns(&header_id(found), &file.hints.map);
    }
}

fn file_section(props: &Props, at: usize, file: &Incoming) -> Html {
    let remove = {
        let hands = props.hands.clone();
        Callback::from(move |_: MouseEvent| hands.remove_sheet(at))
    };
    let several = props.files.len() > 1;
    let head = html! { <><p>{ shown(&file.name, false) }</p>if several { <button type="button" class="plain" onclick={remove}>{ "Leave it out" }</button> }</> };
    let title = if several { "File" } else { "Check columns" };
    let matter = match (&file.trouble, &file.found) {
        (Some(trouble), _) => html! { <div class="note stop lede" role="alert"><p>{ shown(trouble, false) }</p></div> },
        (_, None) => html! { <p class="muted" role="status">{ "Looking at the first rows…" }</p> },
        (None, Some(found)) => {
            html! { <>{ taken_for(props, at, file, found) }{ questions(props, at, file, found) }{ table(&props.hands, at, file, found) }{ no_reply(props, found) }</> }
        }
    };
    html! { <section class="sec" aria-label={file.name.clone()} key={at}><header><h2>{ title }</h2>{ head }</header><div>{ matter }</div></section> }
}

fn no_reply(props: &Props, found: &Found) -> Html {
    if has_reply(found) || found.format.purpose != Purpose::Bounces {
        return Html::default();
    }
    let copy = {
        let hands = props.hands.clone();
        Callback::from(move |_: MouseEvent| hands.copy(labels().fetch.query.clone(), "Query"))
    };
    html! {
        <div class="note stop lede" role="alert" id="no-reply"><p><b>{ "No column holds the server’s reply." }</b>{ " Categories alone cannot tell a bad address from a block. Choose the column above, or export the reply as well (in Marketing Cloud: SMTPBounceReason and SMTPMessage)." }</p>
            <p class="row"><button type="button" onclick={copy}>{ "Copy the query for Marketing Cloud" }</button></p></div>
    }
}

/// The line that says what the file was taken for, with the ways to say otherwise.
fn taken_for(props: &Props, at: usize, file: &Incoming, found: &Found) -> Html {
    let sure = match found.format.confidence {
        Some(Confidence::High) => ", certain",
        Some(Confidence::Medium) => ", likely",
        _ => "",
    };
    let name = if found.format.name.is_empty() { "a table".to_string() } else { found.format.name.clone() };
    html! {
        <>
            <p class="small muted">{ size(file.bytes) }{ ", read as " }{ reading(found) }{ ". Recognised: " }<b>{ name }</b>{ sure }{ "." }</p>
            <details class="others"><summary>{ "Change delimiter, encoding or purpose" }</summary><div class="row">
                { dialect(props, at, file, found) }
            </div></details>
        </>
    }
}

/// A choice that changes the hints of a file.
fn choose(
    props: &Props,
    at: usize,
    file: &Incoming,
    (id, name): (&str, &'static str),
    (options, now): (&[(&str, &str)], &str),
    set: fn(&mut Hints, &str),
) -> Html {
    let id = format!("{id}-{at}");
    let onchange = {
        let (hands, hints) = (props.hands.clone(), file.hints.clone());
        Callback::from(move |event: Event| {
            let mut hints = hints.clone();
            set(&mut hints, &event.target_unchecked_into::<HtmlSelectElement>().value());
            hands.hint(at, hints);
        })
    };
    let option =
        |(value, words): &(&str, &str)| html! { <option value={value.to_string()} selected={*value == now}>{ words.to_string() }</option> };
    html! { <span class="row small"><label for={id.clone()}>{ name }</label><select {id} {onchange} autocomplete="off">{ for options.iter().map(option) }</select></span> }
}

const ENCODINGS: [(&str, &str); 6] = [
    ("", "as found"),
    ("utf-8", "UTF-8"),
    ("windows-1252", "Windows-1252"),
    ("utf-16le", "UTF-16 LE"),
    ("utf-16be", "UTF-16 BE"),
    ("iso-8859-15", "ISO-8859-15"),
];
const DELIMITERS: [(&str, &str); 5] = [("", "as found"), (",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "pipe")];
const HEADERS: [(&str, &str); 3] = [("", "as found"), ("yes", "in row 1"), ("no", "none")];

fn dialect(props: &Props, at: usize, file: &Incoming, found: &Found) -> Html {
    let hints = &file.hints;
    let delimiter = hints.delimiter.map(String::from).unwrap_or_default();
    let header = hints.header.map_or("", |header| if header { "yes" } else { "no" });
    let purposes = PURPOSES.map(|(purpose, name)| (purpose_id(purpose), name));
    html! {
        <>
            { choose(props, at, file, ("encoding", "Encoding"), (&ENCODINGS, hints.encoding.as_deref().unwrap_or_default()), |hints, value| hints.encoding = some(value)) }
            if found.format.delimiter.is_some() {
                { choose(props, at, file, ("delimiter", "Delimiter"), (&DELIMITERS, &delimiter), |hints, value| hints.delimiter = value.chars().next()) }
                { choose(props, at, file, ("header", "Header"), (&HEADERS, header), |hints, value| hints.header = some(value).map(|value| value == "yes")) }
            }
            { choose(props, at, file, ("purpose", "Holds"), (&purposes, purpose_id(found.format.purpose)), |hints, value| hints.purpose = purpose(value)) }
        </>
    }
}

fn some(value: &str) -> Option<String> {
    (!value.is_empty()).then(|| value.to_string())
}

fn purpose_id(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Bounces => "bounces",
        Purpose::Sent => "sent",
        Purpose::Addresses => "addresses",
        Purpose::Suppressions => "suppressions",
    }
}

fn purpose(id: &str) -> Option<Purpose> {
    PURPOSES.into_iter().map(|(purpose, _)| purpose).find(|purpose| purpose_id(*purpose) == id)
}

const ORDERS: [(&str, &str); 4] =
    [("", "as found"), ("mdy", "month first: 11/3 is 3 November"), ("dmy", "day first: 11/3 is 11 March"), ("ymd", "year first")];
const ZONES: [(&str, &str); 13] = [
    ("", "as found"),
    ("UTC", "UTC"),
    ("-06:00", "US Central, no daylight saving (−06:00)"),
    ("-08:00", "−08:00"),
    ("-07:00", "−07:00"),
    ("-05:00", "−05:00"),
    ("-03:00", "−03:00"),
    ("+01:00", "+01:00"),
    ("+02:00", "+02:00"),
    ("+03:00", "+03:00"),
    ("+05:30", "+05:30"),
    ("+08:00", "+08:00"),
    ("+09:00", "+09:00"),
];

/// Day order and zone, where there is a time at all; asked aloud where nothing tells.
fn questions(props: &Props, at: usize, file: &Incoming, found: &Found) -> Html {
    if found.mapping.timestamp.is_none() {
        return Html::default();
    }
    let order_id = file.hints.day_order.map(DayOrder::id).unwrap_or_default();
    let set_order = |hints: &mut Hints, value: &str| hints.day_order = DayOrder::from_id(value);
    let is_numeric = !matches!(found.format.day_order, DayOrder::Iso | DayOrder::Epoch);
    let now = file.hints.time_zone.as_deref().unwrap_or_default();
    html! {
        <div class="row">
            if found.day_order_open && file.hints.day_order.is_none() { <p class="note warn">{ "The dates could be day first or month first. Say which: decisions hang on it." }</p> }
            if is_numeric { { choose(props, at, file, ("order", "Dates"), (&ORDERS, order_id), set_order) } }
            if found.time_zone_open || !now.is_empty() || found.format.day_order != DayOrder::Epoch {
                { choose(props, at, file, ("zone", if found.time_zone_open { "Times are in (nothing tells)" } else { "Times are in" }), (&ZONES, now), |hints, value| hints.time_zone = some(value)) }
            }
        </div>
    }
}

/// The needs with a `<select>` each take this as "none".
pub const NO_COLUMN: &str = "\u{0}";

/// The columns a person can choose for a need.
pub fn options(found: &Found, need: Need) -> Vec<(String, String)> {
    let none = match need {
        Need::Text => "– choose –",
        _ => "– none –",
    };
    std::iter::once((NO_COLUMN.to_string(), none.to_string()))
        .chain(found.columns.iter().map(|column| (column.name.clone(), column.name.clone())))
        .collect()
}
