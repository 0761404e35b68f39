//! "Make a rule from this": from a card to a first draft in the editor.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::Hands;
use crate::page::state::{Answer, Shared};
use crate::page::text::{help, section};
use crate::verdict::{Bucket, Cause, Confidence, Outcome, Proof};
use crate::view::names::plain;
use crate::view::propose;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub hands: Hands,
    pub answer: Shared<Answer>,
    pub index: usize,
}

/// A section with a choice of cause where the words are unknown, else a quiet line.
#[component]
pub fn MakeRule(props: &Props) -> Html {
    let chosen = use_state(|| None::<Cause>);
    let Some((_, outcome)) = props.answer.outcomes().nth(props.index) else { return Html::default() };
    let guess = Some(outcome.cause).filter(|cause| cause.bucket() != Bucket::Unknown);
    let cause = chosen.or(guess);
    let Some(rule) = propose::rule(outcome, cause) else { return Html::default() };
    let make = {
        let hands = props.hands.clone();
        Callback::from(move |_: MouseEvent| hands.add_own(&rule))
    };
    if !is_open(outcome) {
        return html! { <p class="small make noprint"><button type="button" class="plain" onclick={make}>{ "Make a rule from this" }</button>{ ", if you read it otherwise." }</p> };
    }
    let matter = html! {
        <>
            <p class="lede">{ "If you know what this receiver means, say so once: a rule of yours decides it from now on." }</p>
            <div class="row noprint">{ choice(&chosen, cause) }<button type="button" onclick={make}>{ "Make a rule from this" }</button></div>
        </>
    };
    section("make", "Make a rule", help("Yours to keep"), matter)
}

/// No words decided this: no rule knows them.
fn is_open(outcome: &Outcome) -> bool {
    let by_words = outcome.evidence.iter().any(|proof| proof.kind == Proof::Wording);
    outcome.bucket != Bucket::NotABounce && (outcome.confidence == Confidence::Low || !by_words)
}

fn choice(chosen: &UseStateHandle<Option<Cause>>, now: Option<Cause>) -> Html {
    let onchange = {
        let chosen = chosen.clone();
        Callback::from(move |event: Event| chosen.set(Cause::from_id(&event.target_unchecked_into::<HtmlSelectElement>().value())))
    };
    let option = |cause: &Cause| html! { <option value={cause.id()} selected={now == Some(*cause)}>{ plain(cause.id()) }</option> };
    let group = |bucket: &Bucket| {
        let causes = Cause::ALL.iter().filter(|cause| cause.bucket() == *bucket);
        html! { <optgroup label={plain(bucket.id())}>{ for causes.map(option) }</optgroup> }
    };
    let buckets = Bucket::ALL.iter().filter(|bucket| **bucket != Bucket::Unknown);
    html! {
        <><label class="vh" for="make-cause">{ "Cause" }</label><select id="make-cause" {onchange} autocomplete="off">
            <option value="" selected={now.is_none()}>{ "Choose the cause" }</option>{ for buckets.map(group) }</select></>
    }
}
