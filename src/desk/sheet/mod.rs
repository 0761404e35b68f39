//! Files of bounces in the worker: reads them, keeps the counts, and answers what the page asks of them.
//!
//! Everything that awaits holds a turn: a newer reading takes the turn, and the older one ends where it is.

mod read;
mod rows;
mod save;

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use web_sys::File;

use crate::analysis::{Decision, Filter, Hints, ListEntry, Settings};
use crate::analyst::Analyst;
use crate::report;
use crate::wire::sheet::{Ask, TEMPLATES, Tell};

thread_local! {
    static DESK: RefCell<Desk> = RefCell::default();
}

/// A decision's id for each person, by number; none for whom nothing is to be done.
type Choices = Vec<Option<&'static str>>;

/// What lies on the desk.
#[derive(Default)]
struct Desk {
    files: Vec<File>,
    hints: Vec<Hints>,
    settings: Settings,
    /// Everything that was read.
    whole: Option<Rc<Analyst>>,
    /// What passes the filter, where there is one.
    part: Option<Part>,
    /// What is done about whom, by number of the person, under the settings in force.
    chosen: Rc<Choices>,
    /// Counts readings.
    turn: u32,
    /// The reading that is out is to end and to report.
    stop: bool,
    /// Rows in another order or by a search; the last one asked for.
    view: Option<Rc<rows::View>>,
}

/// The events that a filter lets through.
struct Part {
    filter: Filter,
    analyst: Rc<Analyst>,
    rows: Rc<rows::Marked>,
}

/// With the time at which the file is read: log lines without a year lie before it.
fn dated(hints: Hints) -> Hints {
    Hints { now: hints.now.or(Some((js_sys::Date::now() / 1000.0) as i64)), ..hints }
}

/// Answers through `tell`, now or later.
pub fn answer(ask: Ask, tell: impl Fn(Tell) + Clone + 'static) {
    match ask {
        Ask::Peek { id, file, hints } => spawn_local(read::peek(id, file, dated(hints), tell)),
        Ask::Read { files, hints, settings } => {
            let files = files.iter().map(wasm_bindgen::JsCast::unchecked_into).collect();
            let hints = hints.into_iter().map(dated).collect();
            spawn_local(read::whole(files, hints, settings, tell));
        }
        Ask::Sample { settings } => spawn_local(read::sample(settings, tell)),
        Ask::Stop => DESK.with_borrow_mut(|desk| desk.stop = true),
        Ask::Settings { settings } => {
            DESK.with_borrow_mut(|desk| desk.settings = settings);
            choose();
            report(&tell);
        }
        Ask::Filter { filter } => spawn_local(read::part(filter, tell)),
        Ask::People { id, decision, search, from, count } => {
            let (total, rows) = people(decision.as_deref(), &search, from, count);
            tell(Tell::People { id, total, rows });
        }
        Ask::Listed { id, list, from, count } => {
            let (total, rows) = listed(&list, from, count);
            tell(Tell::Listed { id, total, rows });
        }
        Ask::Rows { id, search, sort, from, count } => spawn_local(rows::window(id, search, sort, from, count, tell)),
        Ask::Export { id, order } => spawn_local(save::export(id, order, tell)),
        Ask::Packet { id, finding } => {
            if let Some(packet) = packet(finding) {
                tell(Tell::Packet { id, packet });
            }
        }
    }
}

/// Does something with the analysis that is shown: the filtered one, else the whole.
fn with_shown<T>(act: impl FnOnce(&Analyst, &Filter, &Settings) -> T) -> Option<T> {
    DESK.with_borrow(|desk| {
        let all = Filter::default();
        let (analyst, filter) = match &desk.part {
            Some(part) => (&part.analyst, &part.filter),
            None => (desk.whole.as_ref()?, &all),
        };
        Some(act(analyst, filter, &desk.settings))
    })
}

/// Decides about everyone anew.
fn choose() {
    let chosen = DESK.with_borrow(|desk| desk.whole.as_ref().map(|whole| report::standings(&whole.tally, &desk.settings)));
    DESK.with_borrow_mut(|desk| desk.chosen = Rc::new(chosen.unwrap_or_default()));
}

/// Reports what is there under the settings in force.
fn report(tell: &impl Fn(Tell)) {
    let all = DESK.with_borrow(|desk| desk.whole.as_ref().map(|whole| whole.tally.bounces()));
    let told = with_shown(|analyst, filter, settings| {
        let (mut analysis, breakdown) = super::own::with_pack(|pack| analyst.analysis(pack, filter, settings));
        analysis.templates.truncate(TEMPLATES);
        Tell::Analysis { analysis: Box::new(analysis), breakdown, passed: (analyst.tally.bounces(), all.unwrap_or_default()) }
    });
    if let Some(told) = told {
        tell(told);
    }
}

/// The people with this decision whose key or address contains the text, a window of them.
fn people(decision: Option<&str>, search: &str, from: u64, count: u32) -> (u64, Vec<Decision>) {
    let search = search.to_lowercase();
    with_shown(|analyst, _, settings| {
        let (tally, choices) = (&analyst.tally, report::standings(&analyst.tally, settings));
        let is_meant = |person: &u32| {
            let names = || tally.people.get(*person).into_iter().flat_map(|known| [Some(known.name), known.address]).flatten();
            let standing = choices.get(*person as usize).copied().flatten();
            standing.is_some_and(|standing| decision.is_none_or(|wanted| wanted == standing))
                && (search.is_empty() || names().any(|name| name.to_lowercase().contains(&search)))
        };
        let meant: Vec<u32> = (0..choices.len() as u32).filter(is_meant).collect();
        let window = meant.iter().skip(from as usize).take(count as usize).copied();
        (meant.len() as u64, report::decisions_of(tally, settings, window).collect())
    })
    .unwrap_or_default()
}

/// The people of the comparison with a suppression list, a window of those who stand so.
fn listed(list: &str, from: u64, count: u32) -> (u64, Vec<ListEntry>) {
    with_shown(|analyst, _, settings| {
        let (mut total, mut rows) = (0, Vec::new());
        for entry in report::lists(&analyst.tally, settings).filter(|entry| entry.standing == list) {
            if total >= from && (rows.len() as u64) < u64::from(count) {
                rows.push(entry);
            }
            total += 1;
        }
        (total, rows)
    })
    .unwrap_or_default()
}

fn packet(finding: usize) -> Option<crate::analysis::Packet> {
    with_shown(|analyst, _, settings| {
        super::own::with_pack(|pack| {
            let findings = report::findings(&analyst.tally, pack, settings);
            Some(report::packet(&analyst.tally, pack, settings, findings.get(finding)?))
        })
    })
    .flatten()
}
