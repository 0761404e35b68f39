//! The numbers of the pattern rules, for a person to change.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::analysis::{Settings, Thresholds};
use crate::page::hand::Hands;
use crate::page::text::section;

/// A number: what it is called, how it is read and set, and its unit (per cent where it is a fraction).
struct Number {
    id: &'static str,
    name: &'static str,
    get: fn(&Thresholds) -> f64,
    set: fn(&mut Thresholds, f64),
    per_cent: bool,
}

macro_rules! numbers {
    ($($field:ident $kind:ident $name:literal),+ $(,)?) => {
        [$(Number { id: stringify!($field), name: $name, get: |all| all.$field as f64, set: |all, value| all.$field = numbers!(@$kind value), per_cent: numbers!(@@$kind) }),+]
    };
    (@count $value:ident) => { $value.round() as u64 };
    (@share $value:ident) => { $value };
    (@times $value:ident) => { $value };
    (@@share) => { true };
    (@@$other:ident) => { false };
}

const NUMBERS: [Number; 21] = numbers![
    group_events count "A group has at least, events",
    group_share share "and of all bounces",
    leader_share share "One value holds of its group",
    runner_up share "the next at most, of the leader",
    lift times "times its share of all",
    nearly_all share "or so much of the group",
    spread_group_share share "Many domains: group of all bounces",
    spread_top_share share "the top domain below",
    spread_domains count "domains at least",
    cross_providers count "Several providers: at least",
    cross_hours count "within hours",
    cross_events count "events at each",
    cross_share share "and of that provider’s events",
    incident_factor times "Incident: times the usual rate",
    incident_hours count "within hours",
    label_conflicts count "Label conflicts, at least",
    thin_replies count "Thin replies, at least",
    thin_share share "and of the rows",
    change_factor times "Change point: times before",
    trend_factor times "Trend: times more or fewer",
    trend_days count "New or over: last days",
];

#[derive(Properties, PartialEq)]
pub struct Props {
    pub hands: Hands,
    pub settings: Settings,
}

/// The section, closed until wanted.
#[component]
pub fn ThresholdsView(props: &Props) -> Html {
    let is_own = props.settings.thresholds != Thresholds::default();
    let reset = {
        let (hands, settings) = (props.hands.clone(), props.settings.clone());
        Callback::from(move |_: MouseEvent| hands.settle(Settings { thresholds: Thresholds::default(), ..settings.clone() }))
    };
    let matter = html! {
        <details class="others"><summary>{ "Change the numbers of the rules" }</summary>
            <div class="numbers">{ for NUMBERS.iter().map(|number| field(props, number)) }</div>
            <p class="row"><button type="button" onclick={reset} disabled={!is_own}>{ "Back to the usual numbers" }</button></p>
        </details>
    };
    let line = if is_own { "Numbers of your own" } else { "The usual numbers" };
    html! { <div class="noprint">{ section("thresholds", "Rules", html! { <p>{ line }</p> }, matter) }</div> }
}

fn field(props: &Props, number: &'static Number) -> Html {
    let now = (number.get)(&props.settings.thresholds) * if number.per_cent { 100.0 } else { 1.0 };
    let text = format!("{now:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.').to_string();
    let onchange = {
        let (hands, settings) = (props.hands.clone(), props.settings.clone());
        Callback::from(move |event: Event| {
            let typed = event.target_unchecked_into::<HtmlInputElement>().value().trim().replace(',', ".").parse::<f64>();
            let Some(value) = typed.ok().filter(|value| value.is_finite() && *value >= 0.0) else { return };
            let mut settings = settings.clone();
            (number.set)(&mut settings.thresholds, if number.per_cent { value / 100.0 } else { value });
            hands.settle(settings);
        })
    };
    let id = format!("rule-{}", number.id);
    html! {
        <p class="row small" key={number.id}><label for={id.clone()}>{ number.name }</label><input {id} class="short" inputmode="decimal" autocomplete="off" value={text} {onchange} />{ if number.per_cent { "%" } else { "" } }</p>
    }
}
