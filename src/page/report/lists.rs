//! An existing suppression list against the replies: who is dead, who was suppressed wrongly, who is missing.

use yew::prelude::*;

use super::people::decision_name;
use super::state::{Page, Told};
use crate::analysis::Decision;
use crate::page::hand::Hands;
use crate::page::state::Shared;
use crate::page::text::{help, section, shown, tag};
use crate::verdict::Cause;
use crate::view::names::plain;
use crate::view::report::figures::{count, counted, cut, day};

const ROWS: u32 = 50;
const LISTS: [(&str, &str); 3] = [
    ("release", "Suppressed wrongly, can be released"),
    ("missing", "Dead by the words, missing from the list"),
    ("dead", "On the list, dead by the words"),
];

#[derive(Properties, PartialEq)]
pub struct Props {
    pub hands: Hands,
    pub told: Shared<Told>,
    pub page: Option<Shared<Page<Decision>>>,
    /// A suppression list is among the files.
    pub has_list: bool,
    pub shown: bool,
}

/// The section; an invitation where no such list was given.
#[component]
pub fn ListsView(props: &Props) -> Html {
    let list = use_state(|| LISTS[0].0);
    let from = use_state(|| 0_u64);
    let has_list = props.has_list;
    use_effect_with((*list, *from, props.told.clone(), props.shown && has_list), {
        let hands = props.hands.clone();
        move |(list, from, _, shown): &(&'static str, u64, Shared<Told>, bool)| {
            if *shown {
                hands.ask_listed(list, *from, ROWS);
            }
        }
    });
    if !has_list {
        let words = "Have you a suppression list already? Open it beside the bounces (Change columns, Add files…), and this shows who on it is dead by the words, who was suppressed wrongly, and who is missing.";
        return html! { <div class="noprint">{ section("lists", "Your list", help("Compare"), html! { <p class="lede muted">{ words }</p> }) }</div> };
    }
    let choice = |(id, name): (&'static str, &'static str)| {
        let (list, from) = (list.clone(), from.clone());
        let is_on = *list == id;
        let onchange = Callback::from(move |_: Event| {
            list.set(id);
            from.set(0);
        });
        html! { <label><input type="radio" name="list" value={id} checked={is_on} {onchange} />{ name }</label> }
    };
    let matter = html! { <><fieldset class="opt noprint"><legend class="vh">{ "Which" }</legend>{ for LISTS.into_iter().map(choice) }</fieldset>{ table(props, &from) }</> };
    section("lists", "Your list", help("Against the replies"), matter)
}

fn table(props: &Props, from: &UseStateHandle<u64>) -> Html {
    let Some(page) = &props.page else { return html! { <p class="muted" role="status">{ "Comparing…" }</p> } };
    if page.rows.is_empty() {
        return html! { <p class="muted">{ "Nobody." }</p> };
    }
    let row = |person: &Decision| {
        let bucket = Cause::from_id(&person.cause).map(Cause::bucket);
        html! { <tr key={person.key.clone()}><td><code>{ shown(&person.key, false) }</code></td><td>{ decision_name(&person.decision) }</td>
        <td class="c">if let Some(bucket) = bucket { { tag(bucket) }{ " " } }{ plain(&person.cause) }</td><td class="c">{ person.last.as_deref().map(day).unwrap_or_default() }</td>
        <td class="txt"><code class="clip">{ shown(&cut(&person.last_reply, 300), false) }</code></td></tr> }
    };
    let (rows, next) = (u64::from(ROWS), **from + u64::from(ROWS));
    let to = |at: u64| {
        let from = from.clone();
        Callback::from(move |_: MouseEvent| from.set(at))
    };
    html! {
        <>
            <div class="scroll" tabindex="0" role="region" aria-label="Your list"><table id="listed"><caption>{ counted(page.total, "person", "people") }</caption>
                <thead><tr><th scope="col">{ "Key" }</th><th scope="col">{ "Decision" }</th><th scope="col">{ "Cause" }</th><th scope="col">{ "Last" }</th><th scope="col">{ "Last reply" }</th></tr></thead>
                <tbody>{ for page.rows.iter().map(row) }</tbody></table></div>
            if page.total > rows { <p class="row small noprint"><button type="button" onclick={to(from.saturating_sub(rows))} disabled={**from == 0}>{ "Back" }</button>
                <span>{ format!("{} to {} of {}", count(**from + 1), count(next.min(page.total)), count(page.total)) }</span><button type="button" onclick={to(next)} disabled={next >= page.total}>{ "On" }</button></p> }
        </>
    }
}
