//! Rows of the files, read again where they are asked for: only a bit a row is kept.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::File;

use super::save::Pieces;
use super::{Choices, DESK};
use crate::analysis::order::Order;
use crate::analysis::{Analysis, Hints};
use crate::analyst::{Analyst, File as Read};
use crate::desk::own;
use crate::desk::stream::Stream;
use crate::export;
use crate::sheet::{Item, Kind, Row, Sheet};
use crate::tally::{Court, Tally};
use crate::wire::sheet::{self, Sort, Tell};

/// Rows that are put in another order, at most: a key of each is held.
const SORTED: usize = 1_000_000;
/// Bytes of a cell that decide its place in an order.
const KEY: usize = 16;
/// Rows that are nearer than this are read in one go.
const NEAR: u64 = 2_048;

/// Which rows are meant: a bit each, in the order of the files.
#[derive(Clone, Debug, Default)]
pub struct Marked {
    bits: Vec<u64>,
    /// Rows of all words before each word.
    before: Vec<u32>,
    length: u64,
    count: u64,
}

impl Marked {
    /// Marks the next row or leaves it out.
    pub fn push(&mut self, marked: bool) {
        if self.length.is_multiple_of(64) {
            self.bits.push(0);
            self.before.push(self.count as u32);
        }
        if let Some(word) = self.bits.last_mut() {
            *word |= u64::from(marked) << (self.length % 64);
        }
        self.length += 1;
        self.count += u64::from(marked);
    }

    /// How many are marked.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The numbers of the marked rows from the `from`th on.
    pub fn numbers(&self, from: u64) -> impl Iterator<Item = u64> + '_ {
        let word = self.before.partition_point(|before| u64::from(*before) <= from).saturating_sub(1);
        let skip = from - self.before.get(word).copied().map_or(0, u64::from);
        let within = self.bits.get(word..).unwrap_or_default().iter().enumerate();
        let numbers = within
            .flat_map(move |(at, bits)| (0..64).filter(move |bit| bits >> bit & 1 == 1).map(move |bit| (word + at) as u64 * 64 + bit));
        numbers.skip(skip as usize)
    }

    fn has(&self, number: u64) -> bool {
        self.bits.get((number / 64) as usize).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }
}

/// Rows that contain a text, perhaps in the order of a column.
pub struct View {
    search: String,
    sort: Option<Sort>,
    marked: Marked,
    /// Numbers of rows, where there is an order.
    order: Vec<u32>,
}

/// Where rows are read from.
#[derive(Clone)]
struct Source {
    files: Vec<File>,
    hints: Vec<Hints>,
    whole: Rc<Analyst>,
    filtered: Option<Rc<Marked>>,
    chosen: Rc<Choices>,
}

/// Answers with a window of rows.
pub async fn window(id: u32, search: String, sort: Option<Sort>, from: u64, count: u32, tell: impl Fn(Tell)) {
    let Some(source) = source() else { return };
    let Some(view) = view(&source, search.to_lowercase(), sort).await else {
        tell(Tell::Trouble { text: format!("More than {SORTED} rows cannot be put in order here. Filter first.") });
        return;
    };
    let all = source.records();
    let (total, numbers): (u64, Vec<u64>) = match (&view, &source.filtered) {
        (Some(view), _) if !view.order.is_empty() => {
            (view.order.len() as u64, view.order.iter().skip(from as usize).take(count as usize).map(|number| u64::from(*number)).collect())
        }
        (Some(view), _) => (view.marked.count(), view.marked.numbers(from).take(count as usize).collect()),
        (None, Some(marked)) => (marked.count(), marked.numbers(from).take(count as usize).collect()),
        (None, None) => (all, (from..all.min(from.saturating_add(u64::from(count)))).collect()),
    };
    let rows = source.rows(&numbers).await;
    let header = source.header();
    tell(Tell::Rows { id, total, header, rows });
}

fn source() -> Option<Source> {
    DESK.with_borrow(|desk| {
        Some(Source {
            files: desk.files.clone(),
            hints: desk.hints.clone(),
            whole: desk.whole.clone()?,
            filtered: desk.part.as_ref().map(|part| part.rows.clone()),
            chosen: desk.chosen.clone(),
        })
    })
}

/// The rows that a search and an order ask for: `Some(None)` where they ask for nothing, `None` where there are too many to put in order.
async fn view(source: &Source, search: String, sort: Option<Sort>) -> Option<Option<Rc<View>>> {
    if search.is_empty() && sort.is_none() {
        return Some(None);
    }
    let known = DESK.with_borrow(|desk| desk.view.clone());
    if let Some(known) = known.filter(|known| known.search == search && known.sort == sort) {
        return Some(Some(known));
    }
    let mut view = View { search, sort, marked: Marked::default(), order: Vec::new() };
    let mut keys: Vec<(Key, u32)> = Vec::new();
    let mut number = 0;
    let mut look = |row: &Row| {
        let passed = source.filtered.as_ref().is_none_or(|marked| marked.has(number));
        let fits = passed && (view.search.is_empty() || row.cells.iter().any(|cell| cell.to_lowercase().contains(&view.search)));
        view.marked.push(fits);
        if let Some(sort) = view.sort.as_ref().filter(|_| fits && keys.len() <= SORTED) {
            keys.push((Key::of(row.cells.get(sort.column)), number as u32));
        }
        number += 1;
    };
    for number in 0..source.files.len() {
        source
            .read(number, None, &mut |row| {
                look(row);
                true
            })
            .await;
    }
    if keys.len() > SORTED {
        return None;
    }
    keys.sort_unstable();
    view.order = keys.into_iter().map(|(_, number)| number).collect();
    if view.sort.as_ref().is_some_and(|sort| sort.descending) {
        view.order.reverse();
    }
    let view = Rc::new(view);
    DESK.with_borrow_mut(|desk| desk.view = Some(view.clone()));
    Some(Some(view))
}

/// What a cell is put in order by: numbers before texts, texts without case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Number(i64),
    Text([u8; KEY]),
    Empty,
}

impl Key {
    fn of(cell: &str) -> Self {
        let cell = cell.trim();
        if cell.is_empty() {
            return Self::Empty;
        }
        if let Some(number) = cell.parse::<f64>().ok().filter(|number| number.is_finite()) {
            return Self::Number((number * 1000.0) as i64);
        }
        let mut key = [0; KEY];
        key.iter_mut().zip(cell.to_lowercase().bytes()).for_each(|(place, byte)| *place = byte);
        Self::Text(key)
    }
}

impl Source {
    fn records(&self) -> u64 {
        self.whole.files.iter().map(|file| file.records).sum()
    }

    fn header(&self) -> Vec<String> {
        let found = self.whole.files.iter().find_map(|file| file.found.as_ref());
        found.map(|found| found.columns.iter().map(|column| column.name.clone()).collect()).unwrap_or_default()
    }

    /// These rows, in this order.
    async fn rows(&self, numbers: &[u64]) -> Vec<sheet::Row> {
        let pack = own::pack();
        let court = Court::new(&pack);
        let scratch = RefCell::new(Tally::default());
        let mut wanted: Vec<u64> = numbers.to_vec();
        wanted.sort_unstable();
        let mut read: Vec<(u64, sheet::Row)> = Vec::with_capacity(wanted.len());
        let mut first = 0;
        for (number, file) in self.whole.files.iter().enumerate() {
            let inside: Vec<u64> =
                wanted.iter().filter(|row| (first..first + file.records).contains(*row)).map(|row| row - first).collect();
            for run in inside.chunk_by(|row, next| next - row < NEAR) {
                let (Some(&start), Some(&end)) = (run.first(), run.last()) else { continue };
                self.read(number, Some(start), &mut |row| {
                    if run.binary_search(&row.number).is_ok() {
                        read.push((first + row.number, self.shown(row, &court, &mut scratch.borrow_mut())));
                    }
                    row.number < end
                })
                .await;
            }
            first += file.records;
        }
        numbers.iter().filter_map(|number| read.iter().find(|(read, _)| read == number)).map(|(_, row)| row.clone()).collect()
    }

    fn shown(&self, row: &Row, court: &Court<'_>, scratch: &mut Tally) -> sheet::Row {
        let said = self.said(row, court, scratch);
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        let (bucket, cause, decision) = (some(said.bucket), some(said.cause), some(said.decision));
        sheet::Row { number: row.number, line: row.line, bucket, cause, decision, cells: row.cells.iter().map(str::to_string).collect() }
    }

    /// Reads a file's rows from the nearest mark before `from` on, until `each` has seen enough.
    async fn read(&self, number: usize, from: Option<u64>, each: &mut dyn FnMut(&Row) -> bool) {
        let (Some(file), Some(known)) = (self.files.get(number), self.whole.files.get(number)) else { return };
        let hints = self.hints.get(number).cloned().unwrap_or_default();
        let Some((mut sheet, blob)) = resumed(file, known, &hints, from) else { return };
        let Ok(mut stream) = Stream::new(&blob) else { return };
        let more = Cell::new(true);
        let mut seen = |item: Item<'_>| {
            if let Item::Row(row) = item
                && more.get()
                && from.is_none_or(|from| row.number >= from)
            {
                more.set(each(row));
            }
        };
        while more.get() {
            match stream.next().await {
                Ok(Some(bytes)) => sheet.feed(bytes, &mut seen),
                _ => return sheet.finish(&mut seen),
            }
        }
        stream.cancel();
    }
}

/// A sheet that goes on at a mark, and the bytes from there; the whole file where it is packed.
fn resumed(file: &File, known: &Read, hints: &Hints, from: Option<u64>) -> Option<(Sheet, web_sys::Blob)> {
    let whole = || Some((Sheet::new(&file.name(), hints), file.clone().unchecked_into()));
    let Some(from) = from else { return whole() };
    let mark = known.marks.iter().rev().find(|mark| mark.number <= from);
    match (mark, &known.found) {
        (Some(mark), Some(found)) => match mark.offset {
            Some(offset) => {
                let rest = file.slice_with_f64(offset as f64).ok()?;
                Some((Sheet::resume(found, hints, *mark), rest))
            }
            None => whole(),
        },
        _ => whole(),
    }
}

/// Sends all rows that pass the filter, with our columns before theirs.
pub async fn save(order: &Order, analysis: &Analysis, send: &dyn Fn(&str, bool)) {
    let Some(source) = source() else { return };
    let pack = own::pack();
    let court = Court::new(&pack);
    let mut scratch = Tally::default();
    let mut pieces = Pieces::new(export::Rows::new(order, analysis, &source.header()), send);
    let (mut number, mut written) = (0, 0);
    let limit = order.limit.unwrap_or(u64::MAX);
    for file in 0..source.files.len() {
        source
            .read(file, None, &mut |row| {
                if source.filtered.as_ref().is_none_or(|marked| marked.has(number)) {
                    pieces.add(&source.said(row, &court, &mut scratch), row.cells.iter());
                    written += 1;
                }
                number += 1;
                written < limit
            })
            .await;
    }
    pieces.end();
}

impl Source {
    fn said(&self, row: &Row, court: &Court<'_>, scratch: &mut Tally) -> export::Said {
        let mut templates = Vec::new();
        if row.kind == Kind::Bounce {
            scratch.verdicts(court, row, &mut templates);
        }
        let verdict = templates.first().and_then(|number| scratch.template(*number)).map(|template| &template.verdict);
        let text = |text: Option<&str>| text.unwrap_or_default().to_string();
        export::Said {
            line: row.line.to_string(),
            bucket: text(verdict.map(|verdict| verdict.cause.bucket().id())),
            cause: text(verdict.map(|verdict| verdict.cause.id())),
            action: text(verdict.map(|verdict| verdict.action.id())),
            confidence: text(verdict.map(|verdict| verdict.confidence.id())),
            rule: text(verdict.and_then(|verdict| verdict.rule.as_deref())),
            provider: text(verdict.and_then(|verdict| verdict.provider.as_deref())),
            decision: text(self.decision(row)),
        }
    }

    /// What is done about the person of a row.
    fn decision(&self, row: &Row) -> Option<&'static str> {
        let person = self.whole.tally.people.find(crate::tally::person(row))?;
        self.chosen.get(person as usize).copied().flatten()
    }
}
