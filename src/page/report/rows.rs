//! The records themselves: a real table of which only a window is here; the worker reads the cells back from the file.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use web_sys::{HtmlElement, HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::people::decision_name;
use super::people::decision_options;
use super::state::{Page, Told};
use crate::analysis::Filter;
use crate::page::hand::Hands;
use crate::page::state::Shared;
use crate::page::text::{help, section, shown, tag};
use crate::verdict::Bucket;
use crate::view::names::plain;
use crate::view::report::figures::{count, counted, cut, typed};
use crate::view::report::window::{Window, width_class};
use crate::view::route::Route;
use crate::wire::sheet::{Row, Sort};

/// Rows kept in the document.
const KEPT: u32 = 60;
/// The window moves by so many rows at a time.
const STEP: u64 = 10;
/// Pixels of one row: `--row` in `page.css`.
const ROW: f64 = 30.0;
const PAUSE_MS: u32 = 250;
const SCROLL_MS: u32 = 40;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub hands: Hands,
    pub told: Shared<Told>,
    pub page: Option<Shared<Page<Row>>>,
    pub filter: Filter,
    pub shown: bool,
}

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq)]
struct Look {
    search: String,
    sort: Option<Sort>,
    start: u64,
}

/// The section.
#[component]
pub fn RowsView(props: &Props) -> Html {
    let look = use_state(Look::default);
    let active = use_state(|| None::<u64>);
    let opened = use_state(|| None::<Rc<Row>>);
    let asked = use_mut_ref(Vec::<(u32, u64)>::new);
    let (grid, pause) = (use_node_ref(), use_mut_ref(|| None::<Timeout>));
    use_effect_with(((*look).clone(), props.told.clone(), props.shown), {
        let (hands, asked) = (props.hands.clone(), asked.clone());
        move |(look, _, shown): &(Look, Shared<Told>, bool)| {
            if *shown {
                let id = hands.ask_rows(look.search.clone(), look.sort.clone(), look.start, KEPT);
                let mut asked = asked.borrow_mut();
                asked.push((id, look.start));
                let old = asked.len().saturating_sub(8);
                asked.drain(..old);
            }
        }
    });
    let from = props
        .page
        .as_ref()
        .and_then(|page| asked.borrow().iter().find(|(id, _)| *id == page.id).map(|(_, from)| *from))
        .unwrap_or_default();
    let total = props.page.as_ref().map(|page| page.total).unwrap_or_default();
    use_effect_with((total, look.start, from), {
        let grid = grid.clone();
        move |(total, start, _): &(u64, u64, u64)| lay_out(&grid, *total, *start)
    });
    let scrolled = {
        let (grid, look, pause) = (grid.clone(), look.clone(), pause.clone());
        Callback::from(move |_: Event| {
            let Some(element) = grid.cast::<HtmlElement>() else { return };
            let start = window(&element, total).start(f64::from(element.scroll_top())) / STEP * STEP;
            if start != look.start {
                let look = look.clone();
                *pause.borrow_mut() = Some(Timeout::new(SCROLL_MS, move || look.set(Look { start, ..(*look).clone() })));
            }
        })
    };
    let keys = {
        let (grid, active, page, opened) = (grid.clone(), active.clone(), props.page.clone(), opened.clone());
        Callback::from(move |event: KeyboardEvent| pressed(&event, &grid, total, from, &active, page.as_deref(), &opened))
    };
    let view = View { props, from, start: look.start, active: *active, opened: &opened, look: &look };
    let matter = html! {
        <>
            { controls(props, &look, &pause, &grid, total) }
            <p class="small muted" role="status" id="row-count">{ match &props.page { None => "Reading the rows…".into(), Some(page) => counted(page.total, "row", "rows") } }</p>
            <div class="grid virtual" id="grid" tabindex="0" role="region" aria-label="Rows. Arrow keys move, Enter opens a row." ref={grid} onscroll={scrolled} onkeydown={keys}>
                <div class="tall">{ view.table(total) }</div></div>
            if let Some(row) = &*opened { { details(props, row, &opened) } }
        </>
    };
    section("rows", "Rows", help("All columns kept, ours first"), matter)
}

fn window(grid: &HtmlElement, total: u64) -> Window {
    Window { total, row: ROW, view: f64::from(grid.client_height()) - ROW, kept: u64::from(KEPT) }
}

/// Height of the whole and place of the window: through the object model, which the page's policy leaves open.
fn lay_out(grid: &NodeRef, total: u64, start: u64) {
    let Some(grid) = grid.cast::<HtmlElement>() else { return };
    let window = window(&grid, total);
    let set = |selector: &str, property: &str, pixels: f64| {
        use wasm_bindgen::JsCast;
        if let Some(element) = grid.query_selector(selector).ok().flatten().and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
            let _ = element.style().set_property(property, &format!("{pixels}px"));
        }
    };
    set(".tall", "height", window.height() + ROW);
    set(".tall > table", "top", window.offset(f64::from(grid.scroll_top()), start));
}

/// Moves the active row; Enter opens it.
fn pressed(
    event: &KeyboardEvent,
    grid: &NodeRef,
    total: u64,
    from: u64,
    active: &UseStateHandle<Option<u64>>,
    page: Option<&Page<Row>>,
    opened: &UseStateHandle<Option<Rc<Row>>>,
) {
    let Some(element) = grid.cast::<HtmlElement>().filter(|_| total > 0) else { return };
    let view = window(&element, total);
    let now = active.unwrap_or_else(|| view.first_in_view(f64::from(element.scroll_top())));
    let page_of = (view.view / ROW) as u64;
    let next = match event.key().as_str() {
        "ArrowDown" => active.map_or(now, |now| now + 1),
        "ArrowUp" => now.saturating_sub(1),
        "PageDown" => now + page_of,
        "PageUp" => now.saturating_sub(page_of),
        "Home" => 0,
        "End" => total - 1,
        "Enter" => {
            let row = page.and_then(|page| page.rows.get(usize::try_from(now.checked_sub(from)?).ok()?));
            opened.set(row.cloned().map(Rc::new));
            return event.prevent_default();
        }
        _ => return,
    };
    event.prevent_default();
    let next = next.min(total - 1);
    active.set(Some(next));
    let first = view.first_in_view(f64::from(element.scroll_top()));
    if next < first || next >= first + page_of {
        let to = if next < first { next } else { next + 1 - page_of.min(next + 1) };
        element.set_scroll_top(view.top_of(to) as i32);
    }
}

fn controls(
    props: &Props,
    look: &UseStateHandle<Look>,
    pause: &Rc<std::cell::RefCell<Option<Timeout>>>,
    grid: &NodeRef,
    total: u64,
) -> Html {
    let onsearch = {
        let (look, pause) = (look.clone(), pause.clone());
        Callback::from(move |event: InputEvent| {
            let (look, search) = (look.clone(), event.target_unchecked_into::<HtmlInputElement>().value());
            *pause.borrow_mut() = Some(Timeout::new(PAUSE_MS, move || look.set(Look { search, start: 0, ..(*look).clone() })));
        })
    };
    let facet = |set: fn(&mut Filter, Option<String>)| {
        let (hands, filter) = (props.hands.clone(), props.filter.clone());
        Callback::from(move |event: Event| {
            let value = event.target_unchecked_into::<HtmlSelectElement>().value();
            let mut filter = filter.clone();
            set(&mut filter, Some(value).filter(|value| !value.is_empty()));
            hands.filter(filter);
        })
    };
    let go = {
        let grid = grid.clone();
        Callback::from(move |event: Event| {
            let row = typed(&event.target_unchecked_into::<HtmlInputElement>().value());
            if let (Some(row), Some(element)) = (row, grid.cast::<HtmlElement>()) {
                element.set_scroll_top(window(&element, total).top_of(row.saturating_sub(1)) as i32);
            }
        })
    };
    let bucket = |bucket: &Bucket| html! { <option value={bucket.id()} selected={props.filter.bucket.as_deref() == Some(bucket.id())}>{ plain(bucket.id()) }</option> };
    html! {
        <p class="row"><label class="vh" for="find-row">{ "Search rows" }</label><input id="find-row" type="search" size="28" placeholder="Search replies and cells" autocomplete="off" oninput={onsearch} />
            <label class="vh" for="facet-bucket">{ "Bucket" }</label><select id="facet-bucket" onchange={facet(|filter, value| filter.bucket = value)} autocomplete="off"><option value="" selected={props.filter.bucket.is_none()}>{ "All buckets" }</option>{ for Bucket::ALL.iter().map(bucket) }</select>
            <label class="vh" for="facet-decision">{ "Decision" }</label><select id="facet-decision" onchange={facet(|filter, value| filter.decision = value)} autocomplete="off"><option value="" selected={props.filter.decision.is_none()}>{ "All decisions" }</option>{ decision_options(props.filter.decision.as_deref()) }</select>
            <span class="end row small"><label for="go-to">{ "Go to row" }</label><input id="go-to" size="8" inputmode="numeric" autocomplete="off" onchange={go} /></span></p>
    }
}

/// What a row needs to be drawn.
struct View<'a> {
    props: &'a Props,
    /// The first row that is here.
    from: u64,
    /// The first row that should be.
    start: u64,
    active: Option<u64>,
    opened: &'a UseStateHandle<Option<Rc<Row>>>,
    look: &'a UseStateHandle<Look>,
}

impl View<'_> {
    fn table(&self, total: u64) -> Html {
        let Some(page) = &self.props.page else { return html! { <table><tbody></tbody></table> } };
        let widths: Vec<&str> = (0..page.header.len()).map(|at| width(page, at)).collect();
        let last = (self.start + u64::from(KEPT)).min(total);
        let row = |index: u64| {
            let found = index.checked_sub(self.from).and_then(|at| page.rows.get(usize::try_from(at).ok()?));
            self.row(index, found, &widths)
        };
        html! {
            <table aria-rowcount={(total + 1).to_string()}>
                <thead><tr aria-rowindex="1"><th class="n" scope="col">{ "Row" }</th><th scope="col">{ "Our cause" }</th><th scope="col">{ "Decision" }</th>{ for page.header.iter().enumerate().map(|(at, name)| self.head(at, name)) }</tr></thead>
                <tbody>{ for (self.start..last).map(row) }</tbody></table>
        }
    }

    /// A column's head, which sorts: up, down, as in the file.
    fn head(&self, at: usize, name: &str) -> Html {
        let now = self.look.sort.as_ref().filter(|sort| sort.column == at).map(|sort| sort.descending);
        let (aria, mark, next) = match now {
            None => ("none", "", Some(Sort { column: at, descending: false })),
            Some(false) => ("ascending", " ↑", Some(Sort { column: at, descending: true })),
            Some(true) => ("descending", " ↓", None),
        };
        let onclick = {
            let look = self.look.clone();
            Callback::from(move |_: MouseEvent| look.set(Look { sort: next.clone(), start: 0, ..(*look).clone() }))
        };
        html! { <th scope="col" aria-sort={aria}><button type="button" class="plain" {onclick}>{ shown(&cut(name, 40), false) }{ mark }</button></th> }
    }

    fn row(&self, index: u64, found: Option<&Row>, widths: &[&str]) -> Html {
        let is_active = self.active == Some(index);
        let class = classes!(is_active.then_some("on"));
        let aria = (index + 2).to_string();
        let Some(row) = found else {
            let waiting = || html! { <td><div class="muted">{ "…" }</div></td> };
            return html! { <tr {class} key={index.to_string()} aria-rowindex={aria}><td class="n">{ count(index + 1) }</td>{ for (0..widths.len() + 2).map(|_| waiting()) }</tr> };
        };
        let onclick = {
            let (opened, row) = (self.opened.clone(), Rc::new(row.clone()));
            Callback::from(move |_: MouseEvent| opened.set(Some(row.clone())))
        };
        let cell = |(at, width): (usize, &&str)| {
            let text = row.cells.get(at).map_or("", String::as_str);
            html! { <td><div class={width.to_string()}>{ shown(&cut(text, 200), false) }</div></td> }
        };
        html! {
            <tr {class} key={index.to_string()} aria-rowindex={aria} aria-current={is_active.then_some("true")} {onclick}><td class="n">{ count(row.number + 1) }</td>
                <td><div class="w4">{ cause(row) }</div></td><td><div class="w2">{ row.decision.as_deref().map(decision_name).unwrap_or_default() }</div></td>
                { for widths.iter().enumerate().map(cell) }</tr>
        }
    }
}

fn cause(row: &Row) -> Html {
    let bucket = row.bucket.as_deref().and_then(Bucket::from_id);
    match (bucket, &row.cause) {
        (Some(bucket), Some(cause)) => html! { <>{ tag(bucket) }{ " " }{ plain(cause) }</> },
        _ => html! { <span class="muted">{ "no bounce" }</span> },
    }
}

/// By the longest value in the window and the name.
fn width(page: &Page<Row>, at: usize) -> &'static str {
    let longest = page.rows.iter().filter_map(|row| row.cells.get(at)).map(|cell| cell.chars().take(61).count()).max().unwrap_or_default();
    width_class(longest.max(page.header.get(at).map_or(0, |name| name.chars().count() + 2)))
}

/// A row in full.
fn details(props: &Props, row: &Rc<Row>, opened: &UseStateHandle<Option<Rc<Row>>>) -> Html {
    let header = props.page.as_ref().map(|page| page.header.clone()).unwrap_or_default();
    let close = {
        let opened = opened.clone();
        Callback::from(move |_: MouseEvent| opened.set(None))
    };
    let reply = row
        .cells
        .iter()
        .zip(&header)
        .filter(|(_, name)| props.told.analysis.mapping.text.contains(name))
        .map(|(cell, _)| cell.clone())
        .filter(|cell| !cell.trim().is_empty());
    let reply = reply.collect::<Vec<_>>().join("\n");
    let decode = {
        let (hands, reply) = (props.hands.clone(), reply.clone());
        Callback::from(move |_: MouseEvent| {
            hands.go(&Route::Decode);
            hands.take_text(&reply);
        })
    };
    let pair = |(at, cell): (usize, &String)| html! { <div key={at}><dt>{ shown(header.get(at).map_or("", String::as_str), false) }</dt><dd>{ shown(cell, false) }</dd></div> };
    html! {
        <div class="note" id="row-details" role="region" aria-label="Row in full"><p class="row"><b>{ format!("Row {}, line {}", count(row.number + 1), count(row.line)) }</b>{ cause(row) }
            <span class="end row">if !reply.is_empty() { <button type="button" onclick={decode}>{ "Decode it" }</button> }<button type="button" onclick={close}>{ "Close" }</button></span></p>
            <dl class="kv wider">{ for row.cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()).map(pair) }</dl></div>
    }
}
