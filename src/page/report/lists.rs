//! An existing suppression list against the replies: who is dead, who was suppressed wrongly, who is missing.

use yew::prelude::*;

use super::state::{Page, Told};
use crate::analysis::order::{Order, Profile, What};
use crate::analysis::{ListCheck, ListEntry};
use crate::page::hand::Hands;
use crate::page::state::Shared;
use crate::page::text::{help, section, shown, tag};
use crate::verdict::Cause;
use crate::view::names::plain;
use crate::view::report::figures::{count, counted, cut, day};

const ROWS: u32 = 50;

/// How people can stand: id, name, how many, and the file to save.
type Standing = (&'static str, &'static str, fn(&ListCheck) -> u64, Option<What>);

const STANDINGS: [Standing; 5] = [
    ("release", "Suppressed wrongly, can be released", |check| check.release, Some(What::Release)),
    ("missing", "Dead by the words, missing from the list", |check| check.missing, Some(What::Missing)),
    ("dead", "On the list, and rightly", |check| check.dead, Some(What::Dead)),
    ("consent", "On the list by their own wish", |check| check.consent, None),
    ("unclear", "On the list, proved neither way", |check| check.unclear, None),
];

#[derive(Properties, PartialEq)]
pub struct Props {
    pub hands: Hands,
    pub told: Shared<Told>,
    pub page: Option<Shared<Page<ListEntry>>>,
    pub shown: bool,
}

/// The section; an invitation where no such list was given.
#[component]
pub fn ListsView(props: &Props) -> Html {
    let standing = use_state(|| 0_usize);
    let from = use_state(|| 0_u64);
    let check = props.told.analysis.listed;
    use_effect_with((*standing, *from, props.told.clone(), props.shown && check.is_some()), {
        let hands = props.hands.clone();
        move |(standing, from, _, shown): &(usize, u64, Shared<Told>, bool)| {
            if let Some((id, ..)) = STANDINGS.get(*standing).filter(|_| *shown) {
                hands.ask_listed(id, *from, ROWS);
            }
        }
    });
    let Some(check) = check else {
        let words = "Have you a suppression list already? Add it to the bounces (Change columns, Add files…), and this shows who on it is dead by the words, who was suppressed wrongly, and who is missing.";
        return html! { <div class="noprint">{ section("lists", "Your list", help("Compare"), html! { <p class="lede muted">{ words }</p> }) }</div> };
    };
    let choice = |(at, (id, name, number, _)): (usize, &Standing)| {
        let (standing, from) = (standing.clone(), from.clone());
        let is_on = *standing == at;
        let onchange = Callback::from(move |_: Event| {
            standing.set(at);
            from.set(0);
        });
        html! { <p key={*id}><label><input type="radio" name="list" value={*id} checked={is_on} {onchange} />{ format!("{name}: {}", count(number(&check))) }</label></p> }
    };
    let line = format!("{} on the list; no file says anything of {}.", counted(check.listed, "person", "people"), count(check.unseen));
    let matter = html! {
        <>
            <fieldset class="opt"><legend class="vh">{ "Which" }</legend>{ for STANDINGS.iter().enumerate().map(choice) }</fieldset>
            <p class="small muted row"><span>{ line }</span>{ save(props, STANDINGS.get(*standing).and_then(|(.., what)| *what)) }</p>
            { table(props, &from) }
        </>
    };
    section("lists", "Your list", help("Against the replies"), matter)
}

fn save(props: &Props, what: Option<What>) -> Html {
    let Some(what) = what else { return Html::default() };
    let hands = props.hands.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        let order = Order { what, profile: Profile::Generic, redact: false, finding: None, limit: None };
        hands.save_export(order, format!("{}.csv", what.id()), 0);
    });
    html! { <button type="button" class="noprint" {onclick}>{ "Save these" }</button> }
}

fn row(entry: &ListEntry) -> Html {
    let evidence = entry.decision.as_ref();
    let bucket = evidence.and_then(|found| Cause::from_id(&found.cause)).map(Cause::bucket);
    let last = evidence.and_then(|found| found.last.as_deref()).map(day).unwrap_or_default();
    let delivered = entry.delivered.as_deref().map(day).unwrap_or_else(|| "–".into());
    html! {
        <tr key={entry.person.clone()}><td><code>{ shown(&entry.person, false) }</code></td><td>{ shown(entry.reason.as_deref().unwrap_or("–"), false) }</td>
            <td class="c">if let Some(bucket) = bucket { { tag(bucket) }{ " " } }{ evidence.map(|found| plain(&found.cause)).unwrap_or_else(|| "–".into()) }</td>
            <td class="c">{ last }</td><td class="c">{ delivered }</td>
            <td class="txt"><code class="clip">{ shown(&cut(evidence.map_or("", |found| &found.last_reply), 300), false) }</code></td></tr>
    }
}

fn table(props: &Props, from: &UseStateHandle<u64>) -> Html {
    let Some(page) = &props.page else { return html! { <p class="muted" role="status">{ "Comparing…" }</p> } };
    if page.rows.is_empty() {
        return html! { <p class="muted">{ "Nobody." }</p> };
    }
    let (rows, next) = (u64::from(ROWS), **from + u64::from(ROWS));
    let to = |at: u64| {
        let from = from.clone();
        Callback::from(move |_: MouseEvent| from.set(at))
    };
    html! {
        <>
            <div class="scroll" tabindex="0" role="region" aria-label="Your list"><table id="listed"><caption>{ counted(page.total, "person", "people") }</caption>
                <thead><tr><th scope="col">{ "Person" }</th><th scope="col">{ "Your reason" }</th><th scope="col">{ "Cause" }</th><th scope="col">{ "Last bounce" }</th><th scope="col">{ "Delivered" }</th><th scope="col">{ "Last reply" }</th></tr></thead>
                <tbody>{ for page.rows.iter().map(row) }</tbody></table></div>
            if page.total > rows { <p class="row small noprint"><button type="button" onclick={to(from.saturating_sub(rows))} disabled={**from == 0}>{ "Back" }</button>
                <span>{ format!("{} to {} of {}", count(**from + 1), count(next.min(page.total)), count(page.total)) }</span><button type="button" onclick={to(next)} disabled={next >= page.total}>{ "On" }</button></p> }
        </>
    }
}
