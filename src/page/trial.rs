//! "Test a line": which rule wins a text, as it is typed.

use yew::prelude::*;

use super::data::labels;
use super::hand::Hands;
use super::state::Shared;
use super::text::{rule_link, tag};
use crate::verdict::{Decoded, Outcome, Proof};
use crate::view::names::plain;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub hands: Hands,
    pub trial: Option<Shared<Decoded>>,
}

/// The section of the rules page.
#[component]
pub fn Trial(props: &Props) -> Html {
    let typed = use_state_eq(|| false);
    let oninput = {
        let (hands, typed) = (props.hands.clone(), typed.clone());
        Callback::from(move |event: InputEvent| {
            let line = event.target_unchecked_into::<web_sys::HtmlTextAreaElement>().value();
            typed.set(!line.trim().is_empty());
            hands.try_rules(line);
        })
    };
    let trial = props.trial.as_deref().filter(|_| *typed);
    html! {
        <section class="sec" aria-label="Test a line"><header><h2>{ "Test a line" }</h2><p>{ "Runs as you type" }</p></header><div>
            <div class="box trial"><label class="vh" for="line">{ "Line to test" }</label>
                <textarea id="line" rows="2" spellcheck="false" autocomplete="off" placeholder="A reply, as a server wrote it" {oninput} />
                <div class="row" role="status">{ trial.map_or_else(|| "No line yet.".into(), told) }</div></div>
        </div></section>
    }
}

fn told(decoded: &Decoded) -> Html {
    match decoded.outcomes.as_slice() {
        [] => "Nothing in it reads as a reply.".into(),
        outcomes => outcomes.iter().take(3).map(winner).collect(),
    }
}

/// The rule that won, what it means, and what came next.
fn winner(outcome: &Outcome) -> Html {
    let proof = outcome.evidence.iter().find(|proof| proof.kind == Proof::Wording).or_else(|| outcome.evidence.first());
    let second = outcome.also_considered.first().map(|other| format!(" Next: {}.", plain(other.cause.id()))).unwrap_or_default();
    let confidence = labels().of("confidence", outcome.confidence.id()).to_lowercase();
    html! {
        <span>{ proof.map_or_else(|| "No rule".into(), |proof| rule_link(&proof.rule)) }{ " wins: " }{ tag(outcome.bucket) }{ " " }
            <b>{ plain(outcome.cause.id()) }</b>{ format!(", {}, confidence {confidence}.{second}", labels().of("action", outcome.action.id()).to_lowercase()) }</span>
    }
}
