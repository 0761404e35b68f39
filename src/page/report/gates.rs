//! Rates against limits: a word and a place on a ruler. Without the number sent there is no rate.

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::state::Told;
use crate::analysis::{GateLimits, Gates, Settings};
use crate::page::hand::Hands;
use crate::page::state::Shared;
use crate::page::text::section;
use crate::view::report::figures::{count, counted, percent, plain_percent, typed};
use crate::view::report::ruler::{Ruler, ruler};

#[derive(Properties, PartialEq)]
pub struct Props {
    pub hands: Hands,
    pub told: Shared<Told>,
    pub settings: Settings,
}

/// The section.
#[component]
pub fn GatesView(props: &Props) -> Html {
    let (gates, settings) = (&props.told.analysis.gates, &props.settings);
    let limits = settings.gate_limits.unwrap_or_else(|| settings.gates.limits());
    let name = if settings.gate_limits.is_some() { "your own limits" } else { settings.gates.id() };
    let thin = props.told.analysis.totals.by_cause.get("insufficient_evidence").copied().unwrap_or_default();
    let events = props.told.passed.0;
    let missing = (events > 0).then(|| thin as f64 / events as f64);
    let rulers = [
        ruler("Hard, people of sent", gates.hard_rate, &[limits.watch, limits.stop]),
        ruler("Total, people of sent", gates.total_rate, &[limits.total]),
        ruler("Text missing, of events", missing, &[0.1]),
    ];
    let matter = html! {
        <>
            <div class="gates" id="gate-rulers">{ for rulers.iter().map(drawn) }</div>
            <p class="small muted lede" id="gate-line">{ line(props) }</p>
            { form(props, limits) }
        </>
    };
    section("gates", "Gates", html! { <p>{ "Limits: " }{ name }</p> }, matter)
}

fn line(props: &Props) -> String {
    let gates = &props.told.analysis.gates;
    let people = format!("{} proved dead, {} with a bounce.", counted(gates.hard_people, "person", "people"), count(gates.bounced_people));
    let label =
        gates.hard_rate_by_label.map(|rate| format!(" By the platform’s label hard would be {}.", percent(rate))).unwrap_or_default();
    match gates.hard_rate {
        Some(_) => format!("{people}{label} Delivery rate is not deliverability."),
        None => format!("{people} Rates need the number of messages sent: type it, or add a file of jobs and messages sent."),
    }
}

fn drawn(ruler: &Ruler) -> Html {
    let mark = |(at, words): &(f64, String)| html! { <><path class="ax2" d={format!("M{at:.1} 10v9")} /><text x={format!("{at:.1}")} y="31" text-anchor="middle">{ words }</text></> };
    let at = ruler.at;
    html! {
        <div key={ruler.name}><h3>{ ruler.name }</h3>
            if let Some(rate) = &ruler.rate {
                <p>{ rate }{ " " }<span>{ ruler.state }</span></p>
                <svg class="chart" viewBox="0 0 280 34" role="img" aria-label={ruler.words.clone()}>
                    <path class="ax2" d="M8 14.5H272" />{ for ruler.marks.iter().map(mark) }
                    <rect class="inkf" x="8" y="13" width={format!("{:.1}", at - 8.0)} height="3" /><path class="inkf" d={format!("M{at:.1} 11l-5-8h10z")} />
                </svg>
            } else { <p class="unknown">{ "–" }{ " " }<span>{ ruler.state }</span></p> }
        </div>
    }
}

fn value(event: &Event) -> String {
    event.target_unchecked_into::<HtmlInputElement>().value()
}

fn form(props: &Props, limits: GateLimits) -> Html {
    let settle = |change: fn(&mut Settings, String)| {
        let (hands, settings) = (props.hands.clone(), props.settings.clone());
        Callback::from(move |event: Event| {
            let mut settings = settings.clone();
            change(&mut settings, value(&event));
            hands.settle(settings);
        })
    };
    let preset = {
        let (hands, settings) = (props.hands.clone(), props.settings.clone());
        Callback::from(move |event: Event| {
            let gates =
                if event.target_unchecked_into::<HtmlSelectElement>().value() == "lenient" { Gates::Lenient } else { Gates::Strict };
            hands.settle(Settings { gates, gate_limits: None, ..settings.clone() });
        })
    };
    let limit = |id: &'static str, name: &'static str, now: f64, change: fn(&mut Settings, String)| {
        html! { <span class="row small"><label for={id}>{ name }</label><input {id} class="short" inputmode="decimal" autocomplete="off" value={plain_percent(now)} onchange={settle(change)} />{ "%" }</span> }
    };
    html! {
        <div class="row noprint" id="gate-form">
            <span class="row small"><label for="gate-sent">{ "Messages sent" }</label><input id="gate-sent" size="11" inputmode="numeric" autocomplete="off" value={props.settings.sent.map(count)}
                onchange={settle(|settings, text| settings.sent = typed(&text))} /></span>
            <span class="row small"><label for="gate-preset">{ "Limits" }</label><select id="gate-preset" onchange={preset} autocomplete="off">
                <option value="strict" selected={props.settings.gates == Gates::Strict}>{ "strict: 0.5, 1, 5 %" }</option>
                <option value="lenient" selected={props.settings.gates == Gates::Lenient}>{ "lenient: 0.5, 2, 5 %" }</option></select></span>
            { limit("gate-watch", "Hard: watch", limits.watch, |settings, text| own(settings, &text, |limits, value| limits.watch = value)) }
            { limit("gate-stop", "stop", limits.stop, |settings, text| own(settings, &text, |limits, value| limits.stop = value)) }
            { limit("gate-total", "Total: stop", limits.total, |settings, text| own(settings, &text, |limits, value| limits.total = value)) }
        </div>
    }
}

/// A limit of the user's own, typed in per cent.
fn own(settings: &mut Settings, text: &str, set: fn(&mut GateLimits, f64)) {
    let number =
        text.trim().trim_end_matches('%').trim().replace(',', ".").parse::<f64>().ok().filter(|number| (0.0..=100.0).contains(number));
    if let Some(number) = number {
        let mut limits = settings.gate_limits.unwrap_or_else(|| settings.gates.limits());
        set(&mut limits, number / 100.0);
        settings.gate_limits = Some(limits);
    }
}
