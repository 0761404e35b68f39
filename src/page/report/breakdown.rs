//! The same events by provider and bucket, by time, and by each dimension. A click on a figure filters everything.

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::over_time::OverTime;
use super::provider;
use super::state::Told;
use crate::analysis::{Dimension, Filter, Share, Table};
use crate::page::hand::Hands;
use crate::page::state::Shared;
use crate::page::text::{help, section, shown, tag};
use crate::verdict::Bucket;
use crate::view::names::plain;
use crate::view::report::figures::{count, percent};
use crate::view::report::filter::of_dimension;
use crate::view::report::heat::{Heat, HeatRow, by_bucket, heat};

/// Rows of a table at first.
const ROWS: usize = 12;
/// Buckets named in a row.
const BUCKETS: usize = 4;

#[derive(Clone, Properties, PartialEq)]
pub struct Props {
    pub hands: Hands,
    pub told: Shared<Told>,
    pub filter: Filter,
}

/// The whole tab.
#[component]
pub fn BreakdownView(props: &Props) -> Html {
    let tables = &props.told.breakdown.tables;
    html! {
        <>
            { heat_map(props) }
            <OverTime hands={props.hands.clone()} told={props.told.clone()} filter={props.filter.clone()} />
            { for tables.iter().filter(|table| table.dimension != Dimension::Provider && !table.rows.is_empty()).map(|table| html! {
                <DimensionTable key={title(table.dimension)} props={props.clone()} dimension={table.dimension} />
            }) }
        </>
    }
}

fn title(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Domain => "Domains",
        Dimension::Provider => "Providers",
        Dimension::Job => "Jobs",
        Dimension::Source => "Sources",
        Dimension::Ip => "Sending IPs",
    }
}

fn heat_map(props: &Props) -> Html {
    let map = heat(&props.told.breakdown.providers);
    if map.rows.is_empty() {
        return section("heat", "Provider by bucket", Html::default(), html! { <p class="muted">{ "No events." }</p> });
    }
    let letter = |bucket: &Bucket| html! { <th scope="col"><abbr title={plain(bucket.id())}>{ tag(*bucket) }</abbr></th> };
    let total = |sum: &u64| html! { <td><span class="sum">{ count(*sum) }</span></td> };
    let matter = html! {
        <>
            <div class="scroll" tabindex="0" role="region" aria-label="Provider by bucket"><table class="heat" id="heat-map" onkeydown={Callback::from(walk)}>
                <caption>{ "Events by provider and bucket. A cell filters everything; arrow keys move, Enter filters." }</caption>
                <thead><tr><th scope="col">{ "Provider" }</th>{ for map.buckets.iter().map(letter) }<th scope="col">{ "All" }</th></tr></thead>
                <tbody>{ for map.rows.iter().map(|row| heat_row(props, &map, row)) }</tbody>
                <tfoot><tr><th scope="row">{ "All" }</th>{ for map.totals.iter().map(total) }<td><span class="sum">{ count(map.all) }</span></td></tr></tfoot>
            </table></div>
            <p class="small muted lede">{ "We look up no MX. Company domains behind Microsoft or Google stand under their own name unless the reply names the host. Shares of bounces, not bounce rates." }</p>
        </>
    };
    section("heat", "Provider by bucket", help("Click to filter"), matter)
}

fn heat_row(props: &Props, map: &Heat, row: &HeatRow) -> Html {
    let name = row.provider.as_deref().map_or_else(|| format!("{} others", row.providers), provider);
    let cell = |(bucket, number): (&Bucket, &u64)| {
        let class = match map.step(*number) {
            0 => "",
            1 => "q1",
            2 => "q2",
            3 => "q3",
            _ => "q4",
        };
        let label = format!("{name}, {}: {}", plain(bucket.id()), count(*number));
        html! { <td {class} key={bucket.id()}>{ figure(props, row, Some(*bucket), *number, label) }</td> }
    };
    html! {
        <tr key={name.clone()}><th scope="row">{ shown(&name, false) }</th>{ for map.buckets.iter().zip(&row.cells).map(cell) }
            <td>{ figure(props, row, None, row.all, format!("{name}, all: {}", count(row.all))) }</td></tr>
    }
}

/// A figure that filters; the row of the others cannot.
fn figure(props: &Props, row: &HeatRow, bucket: Option<Bucket>, number: u64, label: String) -> Html {
    let Some(provider) = row.provider.clone().filter(|_| number > 0) else {
        return html! { <span>{ if number == 0 { "–".to_string() } else { count(number) } }</span> };
    };
    let wanted = Filter { provider: Some(provider), bucket: bucket.map(|bucket| bucket.id().to_string()), ..Filter::default() };
    let is_on = props.filter == wanted;
    let onclick = {
        let (hands, next) = (props.hands.clone(), if is_on { Filter::default() } else { wanted });
        Callback::from(move |_: MouseEvent| hands.filter(next.clone()))
    };
    html! { <button type="button" {onclick} aria-pressed={is_on.to_string()} aria-label={label}>{ count(number) }</button> }
}

/// Arrow keys go from figure to figure of a heat map.
fn walk(event: KeyboardEvent) {
    let (down, right) = match event.key().as_str() {
        "ArrowDown" => (1, 0),
        "ArrowUp" => (-1, 0),
        "ArrowRight" => (0, 1),
        "ArrowLeft" => (0, -1),
        _ => return,
    };
    let Some(button) = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok()) else { return };
    if let Some(next) = neighbour(&button, down, right) {
        event.prevent_default();
        let _ = next.focus();
    }
}

/// The next cell in a direction that holds a button.
fn neighbour(button: &HtmlElement, down: i32, right: i32) -> Option<HtmlElement> {
    let cell: web_sys::HtmlTableCellElement = button.closest("td").ok()??.dyn_into().ok()?;
    let row: web_sys::HtmlTableRowElement = cell.closest("tr").ok()??.dyn_into().ok()?;
    let body = row.parent_element()?;
    let (mut x, mut y) = (cell.cell_index(), row.section_row_index());
    for _ in 0..64 {
        (x, y) = (x + right, y + down);
        let found = body.query_selector(&format!("tr:nth-child({}) > :nth-child({})", y + 1, x + 1)).ok()??;
        if let Some(found) = found.query_selector("button").ok()? {
            return found.dyn_into().ok();
        }
    }
    None
}

#[derive(Properties, PartialEq)]
struct TableProps {
    props: Props,
    dimension: Dimension,
}

/// The values of one dimension.
#[component]
fn DimensionTable(table: &TableProps) -> Html {
    let all = use_state(|| false);
    let props = &table.props;
    let Some(found) = props.told.breakdown.tables.iter().find(|found| found.dimension == table.dimension) else { return Html::default() };
    let rows = if *all { found.rows.len() } else { ROWS };
    let toggle = {
        let all = all.clone();
        Callback::from(move |_: MouseEvent| all.set(!*all))
    };
    let has_sent = found.rows.iter().any(|row| row.sent.is_some());
    let matter = html! {
        <>
            <div class="scroll" tabindex="0" role="region" aria-label={title(table.dimension)}><table data-dimension={title(table.dimension)}>
                <thead><tr><th scope="col">{ one(table.dimension) }</th><th scope="col" class="n">{ "Events" }</th><th scope="col" class="n">{ "Of all" }</th>
                    if has_sent { <th scope="col" class="n">{ "Sent" }</th><th scope="col" class="n">{ "Bounced" }</th> }
                    <th scope="col">{ "Buckets" }</th></tr></thead>
                <tbody>{ for found.rows.iter().take(rows).map(|share| row(props, found, share, has_sent)) }</tbody></table></div>
            if found.rows.len() > ROWS { <p class="row small noprint"><button type="button" onclick={toggle} aria-expanded={all.to_string()}>{ if *all { "Show fewer".to_string() } else { format!("Show {}", found.rows.len()) } }</button></p> }
        </>
    };
    let line = format!("{} in all", count(found.values));
    html! { <section class="sec" aria-label={title(table.dimension)}><header><h2>{ title(table.dimension) }</h2><p>{ line }</p></header><div>{ matter }</div></section> }
}

fn one(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Domain => "Domain",
        Dimension::Provider => "Provider",
        Dimension::Job => "Job",
        Dimension::Source => "Source",
        Dimension::Ip => "IP",
    }
}

fn row(props: &Props, table: &Table, share: &Share, has_sent: bool) -> Html {
    let onclick = {
        let (hands, filter) = (props.hands.clone(), of_dimension(table.dimension, &share.name));
        Callback::from(move |_: MouseEvent| hands.filter(filter.clone()))
    };
    let all = props.told.passed.0.max(1) as f64;
    let mut buckets: Vec<(Bucket, u64)> = by_bucket(&share.by_cause).into_iter().collect();
    buckets.sort_by_key(|(_, number)| std::cmp::Reverse(*number));
    let rate = share.sent.filter(|sent| *sent > 0).map(|sent| percent(share.count as f64 / sent as f64));
    html! {
        <tr key={share.name.clone()}><th scope="row" class="name"><button type="button" class="plain" {onclick}>{ shown(&share.name, false) }</button></th>
            <td class="n">{ count(share.count) }</td><td class="n">{ percent(share.count as f64 / all) }</td>
            if has_sent { <td class="n">{ share.sent.map_or("–".to_string(), count) }</td><td class="n">{ rate.unwrap_or("–".to_string()) }</td> }
            <td class="c">{ for buckets.iter().take(BUCKETS).map(|(bucket, number)| html! { <span class="pair">{ tag(*bucket) }{ format!(" {} ", count(*number)) }</span> }) }</td></tr>
    }
}
