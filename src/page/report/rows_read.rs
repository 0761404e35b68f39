//! What became of every record: the balance, what could not be read, and doubts about the file.

use yew::prelude::*;

use super::state::Told;
use crate::analysis::order::{Order, Profile, What};
use crate::page::hand::Hands;
use crate::page::state::Shared;
use crate::page::text::{help, prose, section, shown};
use crate::view::report::figures::{count, counted};

/// Unreadable records listed.
const LISTED: usize = 20;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub hands: Hands,
    pub told: Shared<Told>,
}

/// The section.
#[component]
pub fn RowsRead(props: &Props) -> Html {
    let analysis = &props.told.analysis;
    let rows = &analysis.rows;
    let big = |name: &'static str, number: u64| html! { <div><dt>{ name }</dt><dd>{ count(number) }</dd></div> };
    let warnings = &analysis.warnings;
    let matter = html! {
        <>
            <dl class="big" id="balance">
                { big("Rows read", rows.read) }{ big("Decided", rows.decided) }{ big("Not decided", rows.undecided) }
                { big("No bounces", rows.not_bounces) }{ big("Not readable", rows.unreadable) }
            </dl>
            <p class="small muted lede">{ format!("{} = {} + {} + {} + {}. Nothing is left out.", count(rows.read), count(rows.decided), count(rows.undecided), count(rows.not_bounces), count(rows.unreadable)) }</p>
            if !warnings.is_empty() { <ul class="note warn lede" id="file-warnings">{ for warnings.iter().map(|warning| html! { <li>{ prose(warning, false) }</li> }) }</ul> }
            { errors(props) }
        </>
    };
    section("balance-of-rows", "Rows read", help("Every row is in one of these"), matter)
}

fn errors(props: &Props) -> Html {
    let (errors, all) = (&props.told.analysis.errors, props.told.analysis.rows.unreadable);
    if errors.is_empty() {
        return Html::default();
    }
    let save = {
        let hands = props.hands.clone();
        Callback::from(move |_: MouseEvent| {
            let order = Order { what: What::Errors, profile: Profile::Generic, redact: false, finding: None, limit: None };
            hands.save_export(order, "errors.csv".into(), 0);
        })
    };
    let more = all.saturating_sub(errors.len().min(LISTED) as u64);
    html! {
        <details class="others" id="errors"><summary>{ format!("Show {}", counted(all, "row that could not be read", "rows that could not be read")) }</summary>
            <ul class="faults">{ for errors.iter().take(LISTED).map(|error| html! { <li><span>{ format!("Line {}", count(error.line)) }</span><span>{ shown(&error.reason, false) }</span></li> }) }</ul>
            <p class="row small">if more > 0 { <span class="muted">{ format!("{} more in the file.", count(more)) }</span> }<button type="button" onclick={save}>{ "Save the list" }</button></p>
        </details>
    }
}
