//! Findings, most costly first: a sentence with its figures, do and do not, the rule it used, its rows and its packet.

use yew::prelude::*;

use super::packet::PacketView;
use super::state::{OpenPacket, Told};
use crate::analysis::Finding;
use crate::page::hand::Hands;
use crate::page::state::Shared;
use crate::page::text::{help, prose, section, tag};
use crate::view::names::plain;
use crate::view::report::figures::{count, day, percent, when};
use crate::view::route::{Part, Route};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub hands: Hands,
    pub told: Shared<Told>,
    pub packet: Option<OpenPacket>,
}

/// The section.
#[component]
pub fn Findings(props: &Props) -> Html {
    let findings = &props.told.analysis.findings;
    let open = props.packet.as_ref();
    let matter = match findings.as_slice() {
        [] => html! { <p class="lede">{ nothing(&props.told) }</p> },
        some => html! { <ol id="finding-list">{ for some.iter().enumerate().map(|(at, finding)| item(props, at, finding, open)) }</ol> },
    };
    section("findings", "Findings", help("Most costly first"), matter)
}

fn nothing(told: &Told) -> &'static str {
    match told.passed.0 {
        0 => "There is no bounce in what is in view.",
        1..30 => {
            "Too few bounces for a pattern: the rules call nothing below 30 events. The replies and the decisions are in the other tabs."
        }
        _ => "No pattern stands out: no domain, job, source or address holds the greater part of any kind of refusal.",
    }
}

fn item(props: &Props, at: usize, finding: &Finding, open: Option<&OpenPacket>) -> Html {
    let rows = {
        let (hands, filter) = (props.hands.clone(), finding.filter.clone());
        Callback::from(move |_: MouseEvent| {
            hands.filter(filter.clone());
            hands.go(&Route::Report(Part::Rows));
        })
    };
    let is_open = open.is_some_and(|open| open.finding == at);
    let packet = {
        let hands = props.hands.clone();
        Callback::from(move |_: MouseEvent| if is_open { hands.close_packet() } else { hands.open_packet(at) })
    };
    html! {
        <li class="finding" key={at} id={format!("finding-{at}")}>
            <b aria-hidden="true">{ at + 1 }</b>
            <div>
                <h3>if let Some(bucket) = finding.bucket { { tag(bucket) }{ " " } }{ prose(&finding.title, false) }</h3>
                <p>{ prose(&finding.sentence, false) }{ times(finding) }</p>
                <div class="dd">{ list("Do", "", &finding.dos) }{ list("Do not", "no", &finding.do_not) }</div>
                <p class="rule">{ "Rule " }{ &finding.rule }</p>
            </div>
            <div class="row noprint">
                <button type="button" class="rows" onclick={rows}>{ "Show rows" }</button>
                <button type="button" class="to-packet" onclick={packet} aria-expanded={is_open.to_string()}>{ if is_open { "Close packet" } else { "Packet" } }</button>
            </div>
            if is_open {
                <PacketView hands={props.hands.clone()} told={props.told.clone()} finding={at} packet={open.and_then(|open| open.packet.clone())} />
            }
        </li>
    }
}

/// Since when, where the sentence does not say it itself.
fn times(finding: &Finding) -> String {
    let trend = finding.trend.as_deref().map(plain).filter(|trend| !finding.sentence.contains(trend.as_str()));
    let since = finding.since.as_deref().filter(|_| !finding.sentence.contains("ince ") && !finding.sentence.contains("etween"));
    match (since, trend) {
        (Some(since), Some(trend)) => format!(" Since {}, {trend}.", when(since)),
        (Some(since), None) => format!(" Since {}.", when(since)),
        _ => String::new(),
    }
}

fn list(head: &'static str, class: &'static str, lines: &[String]) -> Html {
    if lines.is_empty() {
        return Html::default();
    }
    html! { <div><b class={class}>{ head }</b><ul>{ for lines.iter().map(|line| html! { <li>{ prose(line, false) }</li> }) }</ul></div> }
}

/// The shapes that the detector looks for, and what each means.
const SHAPES: [(&[&str], &str, &str); 7] = [
    (&["one_domain"], "One domain or provider", "their block or gateway: pause that slice"),
    (&["many_domains"], "Many domains", "the sender: check authentication and recent changes"),
    (&["cross_provider_policy"], "Several big providers", "the sender, not the list"),
    (&["one_job"], "One job", "content or audience: compare with earlier jobs"),
    (&["one_source", "full_mailbox_source"], "One source", "list quality: reconfirm that source"),
    (&["one_ip"], "One IP", "its reputation: move or mend that route"),
    (&["incident_window"], "One time window", "an incident at the provider: retest, suppress nobody"),
];

#[derive(Properties, PartialEq)]
pub struct PatternProps {
    pub told: Shared<Told>,
}

/// Which shapes were found, in a table.
#[component]
pub fn Pattern(props: &PatternProps) -> Html {
    let findings = &props.told.analysis.findings;
    let row = |(kinds, name, means): (&'static [&'static str], &'static str, &'static str)| {
        let found: Vec<&Finding> = findings.iter().filter(|finding| kinds.contains(&finding.kind.as_str())).collect();
        let join = |words: Vec<String>| if words.is_empty() { "–".to_string() } else { words.join("; ") };
        let subjects = found.iter().filter_map(|finding| finding.subject.as_deref()).map(name_of).collect();
        let shares =
            found.iter().map(|finding| if finding.subject.is_some() { percent(finding.share) } else { count(finding.count) }).collect();
        let since = found.iter().filter_map(|finding| finding.since.as_deref()).map(day).collect();
        html! {
            <tr><th scope="row">{ name }</th><td>{ if found.is_empty() { "no" } else { "yes" } }</td><td class="txt">{ join(subjects) }</td>
            <td class="n">{ join(shares) }</td><td class="c">{ join(since) }</td><td>{ if found.is_empty() { "" } else { means } }</td></tr>
        }
    };
    let matter = html! {
        <div class="scroll" tabindex="0" role="region" aria-label="Pattern"><table>
            <thead><tr><th scope="col">{ "Shape" }</th><th scope="col">{ "Found" }</th><th scope="col">{ "Subject" }</th><th scope="col" class="n">{ "Share" }</th><th scope="col">{ "First" }</th><th scope="col">{ "Means" }</th></tr></thead>
            <tbody>{ for SHAPES.into_iter().map(row) }</tbody></table></div>
    };
    section("pattern", "Pattern", help("Several can be true"), matter)
}

fn name_of(subject: &str) -> String {
    if subject.contains(['.', '-', ' ']) { subject.to_string() } else { super::provider(subject) }
}
