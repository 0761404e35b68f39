//! Files to save, sent to the page in pieces.

use js_sys::Uint8Array;

use super::{DESK, with_shown};
use crate::analysis::order::{Order, What};
use crate::analysis::{Analysis, Breakdown, Session, Settings};
use crate::analyst::Analyst;
use crate::desk::own;
use crate::export::{self, People, Rows};
use crate::report;
use crate::wire::sheet::Tell;

/// Bytes of a piece.
const PIECE: usize = 1 << 20;
/// Days that the queries look back.
const DAYS: u32 = 30;

/// Sends the file that was ordered.
pub async fn export(id: u32, order: Order, tell: impl Fn(Tell)) {
    let Some((analysis, breakdown)) =
        with_shown(|analyst, filter, settings| own::with_pack(|pack| analyst.analysis(pack, filter, settings)))
    else {
        return;
    };
    let name = export::file_name(&order, &analysis);
    let send = |text: &str, done: bool| {
        let piece = Uint8Array::from(text.as_bytes());
        tell(Tell::Export { id, name: name.clone(), mime: export::mime(order.what).into(), piece, done });
    };
    match order.what {
        What::Rows => super::rows::save(&order, &analysis, &send).await,
        What::Suppress | What::Unsubscribe | What::Retry | What::Hold | What::Review | What::Decisions | What::DecisionLines => {
            with_shown(|analyst, _, settings| people(&order, analyst, &analysis, settings, &send));
            send("", true);
        }
        What::Dead | What::Release | What::Missing => {
            with_shown(|analyst, _, settings| listed(&order, analyst, &analysis, settings, &send));
            send("", true);
        }
        _ => send(&text(&order, &analysis, &breakdown).unwrap_or_default(), true),
    }
}

/// A file that is small enough to be written at once.
fn text(order: &Order, analysis: &Analysis, breakdown: &Breakdown) -> Option<String> {
    Some(match order.what {
        What::Analysis => export::analysis(analysis),
        What::Report => export::report(order, analysis, breakdown),
        What::Sql => export::sql(analysis, DAYS),
        What::Overrides => export::overrides(analysis),
        What::Errors => export::errors(order, analysis, &analysis.errors),
        What::Session => session(analysis).to_json(),
        _ => {
            let finding = analysis.findings.get(order.finding?)?;
            let packet = with_shown(|analyst, _, settings| own::with_pack(|pack| report::packet(&analyst.tally, pack, settings, finding)))?;
            export::packet(order, analysis, &packet)
        }
    })
}

fn session(analysis: &Analysis) -> Session {
    Session {
        tool: analysis.tool.clone(),
        files: analysis.sources.clone(),
        hints: DESK.with_borrow(|desk| desk.hints.clone()),
        settings: analysis.settings.clone(),
        filter: analysis.filter.clone(),
        own_rules: own::toml(),
    }
}

fn people(order: &Order, analyst: &Analyst, analysis: &Analysis, settings: &Settings, send: &dyn Fn(&str, bool)) {
    let out = export::people_out(order.what, &analysis.decisions.summary);
    let list = People::new(order, analysis, out);
    let chosen = analyst.decisions(settings).filter(|person| export::belongs(order.what, person));
    write(order, list, chosen, send);
}

fn listed(order: &Order, analyst: &Analyst, analysis: &Analysis, settings: &Settings, send: &dyn Fn(&str, bool)) {
    let entries: Vec<_> = report::lists(&analyst.tally, settings).filter(|entry| entry.standing == order.what.id()).collect();
    send(&export::list(order, analysis, &entries), false);
}

fn write(order: &Order, mut list: People, people: impl Iterator<Item = crate::analysis::Decision>, send: &dyn Fn(&str, bool)) {
    let mut piece = list.take();
    for person in people.take(order.limit.unwrap_or(u64::MAX) as usize) {
        list.add(&person);
        piece += &list.take();
        if piece.len() >= PIECE {
            send(&piece, false);
            piece.clear();
        }
    }
    send(&piece, false);
}

/// The table of rows in pieces.
pub struct Pieces<'a> {
    rows: Rows,
    piece: String,
    send: &'a dyn Fn(&str, bool),
}

impl<'a> Pieces<'a> {
    pub fn new(rows: Rows, send: &'a dyn Fn(&str, bool)) -> Self {
        Self { rows, piece: String::new(), send }
    }

    /// Writes a row.
    pub fn add<'r>(&mut self, said: &'r export::Said, cells: impl Iterator<Item = &'r str>) {
        self.rows.add(said, cells);
        self.piece += &self.rows.take();
        if self.piece.len() >= PIECE {
            (self.send)(&self.piece, false);
            self.piece.clear();
        }
    }

    /// Sends the rest.
    pub fn end(mut self) {
        self.piece += &self.rows.take();
        (self.send)(&self.piece, true);
    }
}
