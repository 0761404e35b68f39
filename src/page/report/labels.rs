//! The platform's own labels against the receivers' words.

use yew::prelude::*;

use super::state::Told;
use crate::analysis::{Filter, LabelCount};
use crate::page::hand::Hands;
use crate::page::state::Shared;
use crate::page::text::{help, section, shown, tag};
use crate::verdict::Bucket;
use crate::view::report::figures::{count, percent};
use crate::view::route::{Part, Route};

/// Labels shown, most frequent first.
const LABELS: usize = 20;
/// Buckets named for each.
const BUCKETS: usize = 5;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub hands: Hands,
    pub told: Shared<Told>,
    pub filter: Filter,
}

/// The section; nothing where the file has no labels.
#[component]
pub fn LabelsView(props: &Props) -> Html {
    let labels = &props.told.analysis.labels;
    if labels.by_label.is_empty() {
        return Html::default();
    }
    let mut rows: Vec<(&String, &LabelCount)> = labels.by_label.iter().collect();
    rows.sort_by(|a, b| b.1.count.cmp(&a.1.count).then(a.0.cmp(b.0)));
    let left = rows.len().saturating_sub(LABELS);
    let big = |name: &'static str, number: u64, id: &'static str| html! { <div><dt>{ name }</dt><dd id={id}>{ count(number) }</dd></div> };
    let matter = html! {
        <>
            <dl class="big">
                { big("Kept off the suppression list", labels.kept_off_suppression, "kept-off") }
                { big("Proved dead by the words", props.told.analysis.gates.hard_people, "proved-dead") }
                { big("Labels that the words contradict", labels.conflicts, "conflicts") }
            </dl>
            <p class="small muted lede">{ "Kept off: people whom a label calls hard, and of whose address no receiver says that it is dead." }</p>
            <div class="scroll" tabindex="0" role="region" aria-label="Labels"><table id="label-table">
                <thead><tr><th scope="col">{ "Label" }</th><th scope="col" class="n">{ "Events" }</th><th scope="col" class="n">{ "Contradicted" }</th><th scope="col">{ "What the words say" }</th><th scope="col">{ "For example" }</th></tr></thead>
                <tbody>{ for rows.iter().take(LABELS).map(|(label, counts)| row(props, label, counts)) }</tbody></table></div>
            if left > 0 { <p class="small muted">{ format!("{} more labels are in the JSON export.", count(left as u64)) }</p> }
        </>
    };
    section("labels", "Labels versus words", help("The words win"), matter)
}

fn row(props: &Props, label: &str, counts: &LabelCount) -> Html {
    let rows = {
        let (hands, filter) = (props.hands.clone(), Filter { label: Some(label.to_string()), ..props.filter.clone() });
        Callback::from(move |_: MouseEvent| {
            hands.filter(filter.clone());
            hands.go(&Route::Report(Part::Rows));
        })
    };
    let mut buckets: Vec<(Bucket, u64)> = counts.by_bucket.iter().filter_map(|(id, count)| Some((Bucket::from_id(id)?, *count))).collect();
    buckets.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let share =
        if counts.conflicts > 0 { format!(" ({})", percent(counts.conflicts as f64 / counts.count.max(1) as f64)) } else { String::new() };
    html! {
        <tr key={label.to_string()}>
            <th scope="row"><button type="button" class="plain" onclick={rows}>{ shown(if label.is_empty() { "no label" } else { label }, false) }</button></th>
            <td class="n">{ count(counts.count) }</td><td class="n">{ count(counts.conflicts) }{ share }</td>
            <td class="c">{ for buckets.iter().take(BUCKETS).map(|(bucket, number)| html! { <span class="pair">{ tag(*bucket) }{ format!(" {} ", count(*number)) }</span> }) }</td>
            <td class="txt">if let Some(example) = &counts.example { <code class="clip">{ shown(example, false) }</code> }</td>
        </tr>
    }
}
