//! The records of a file whose head was understood, one by one.

use super::cut::Longest;
use super::encoding::{Encoding, Odd, Utf16, utf16_length};
use super::engine::Mark;
use super::recognise;
use super::seam::Reader;
use super::split::{RECORD, Step};
use super::splitter::Splitter;
use super::{Cells, Item, Kind, Row};
use crate::analysis::{Found, Hints, Purpose};

/// One record in so many is marked.
const MARKED: u64 = 1024;
/// How much of new bytes is put behind held ones to complete a record.
const BRIDGE: usize = 16 * 1024;

/// Where a run begins.
pub(super) struct Start {
    pub mark: Mark,
    /// Bytes of text, and lines, before the first record.
    pub skip: usize,
    pub lines: u64,
    /// The first record names the columns.
    pub header: bool,
}

/// A file whose head was understood.
pub(super) struct Run {
    pub found: Found,
    reader: Box<dyn Reader>,
    encoding: Encoding,
    utf16: Option<Utf16>,
    splitter: Splitter,
    row: Row,
    /// The columns' names, to know them again further down.
    header: Option<Cells>,
    /// The next record is the header.
    header_due: bool,
    /// Bytes of text still to be passed over.
    skip: usize,
    /// Text that holds no whole record yet, and how much of it is needed before it is worth another look.
    held: Vec<u8>,
    needed: usize,
    /// Of the next record: its physical line, and its place in the bytes of the file.
    line: u64,
    offset: u64,
    pub marks: Vec<Mark>,
    longest: Vec<Longest>,
    count: Count,
}

/// How many records were odd, and the line of the first.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    read: u64,
    zeros: u64,
    legacy: u64,
    first_legacy: u64,
    unclosed: u64,
    first_unclosed: u64,
    /// With more or fewer cells than the header.
    ragged: u64,
    first_ragged: u64,
}

impl Run {
    pub(super) fn new(found: Found, hints: &Hints, splitter: Splitter, encoding: Encoding, start: Start) -> Self {
        let reader = recognise::reader(&found, hints);
        let column = |name: &String| found.columns.iter().position(|column| column.name == *name);
        let longest = found.mapping.text.iter().filter_map(column).map(Longest::of).collect();
        let mut header = None;
        if found.format.header && !start.header {
            let names = header.insert(Cells::default());
            found.columns.iter().for_each(|column| names.push(&column.name));
        }
        Self {
            reader,
            utf16: encoding.big.map(Utf16::new),
            encoding,
            splitter,
            row: Row { number: start.mark.number, ..Row::default() },
            header,
            header_due: start.header,
            skip: start.skip,
            held: Vec::new(),
            needed: 0,
            line: start.mark.line + start.lines,
            offset: start.mark.offset.unwrap_or_default(),
            marks: Vec::new(),
            longest,
            count: Count::default(),
            found,
        }
    }

    /// Where the next record stands.
    pub(super) fn mark(&self) -> Mark {
        Mark { number: self.row.number, line: self.line, offset: Some(self.offset) }
    }

    /// It has a header row.
    pub(super) fn has_header(&self) -> bool {
        self.header.is_some()
    }

    pub(super) fn feed(&mut self, bytes: &[u8], each: &mut dyn FnMut(Item<'_>)) {
        match &mut self.utf16 {
            Some(utf16) => {
                let mut text = Vec::with_capacity(bytes.len());
                utf16.feed(bytes, &mut text);
                self.text(&text, each);
            }
            None => self.text(bytes, each),
        }
    }

    pub(super) fn finish(&mut self, each: &mut dyn FnMut(Item<'_>)) {
        let mut text = std::mem::take(&mut self.held);
        if let Some(utf16) = &mut self.utf16 {
            utf16.finish(&mut text);
        }
        self.records(&text, true, each);
    }

    /// Reads the records of what is held and of `text`; what they leave over is held.
    fn text(&mut self, text: &[u8], each: &mut dyn FnMut(Item<'_>)) {
        let passed = self.skip.min(text.len());
        self.skip -= passed;
        self.offset += self.raw(text.get(..passed).unwrap_or_default());
        let mut rest = text.get(passed..).unwrap_or_default();
        while !self.held.is_empty() && !rest.is_empty() {
            let (before, bridge) = (self.held.len(), rest.len().min(BRIDGE.max(self.held.len())));
            let mut held = std::mem::take(&mut self.held);
            held.extend_from_slice(rest.get(..bridge).unwrap_or_default());
            let used = if held.len() < self.needed { 0 } else { self.records(&held, false, each) };
            if used >= before {
                rest = rest.get(used - before..).unwrap_or_default();
            } else {
                held.drain(..used);
                self.held = held;
                rest = rest.get(bridge..).unwrap_or_default();
            }
        }
        if !rest.is_empty() {
            let used = self.records(rest, false, each);
            self.held.extend_from_slice(rest.get(used..).unwrap_or_default());
        }
    }

    /// Hands out all whole records of `text`; how many bytes they took.
    fn records(&mut self, text: &[u8], end: bool, each: &mut dyn FnMut(Item<'_>)) -> usize {
        let mut at = 0;
        while at < text.len() {
            let rest = text.get(at..).unwrap_or_default();
            let view = rest.get(..RECORD + 1).unwrap_or(rest);
            let reader = &self.reader;
            let step = self.splitter.next(view, end && view.len() == rest.len(), &|line| reader.continues(line));
            let (used, lines) = match step {
                Step::More => {
                    self.needed = view.len() * 2;
                    return at;
                }
                Step::Skip { used, lines } => (used, lines),
                Step::Broken { used, lines, reason } => {
                    self.broken(reason, each);
                    (used, lines)
                }
                Step::Record { end, used, lines } => {
                    self.record(view.get(..end).unwrap_or_default(), each);
                    (used, lines)
                }
            };
            self.offset += self.raw(view.get(..used).unwrap_or_default());
            self.line += lines;
            at += used;
        }
        self.needed = 0;
        at
    }

    /// How long a stretch of text is in the file.
    fn raw(&self, text: &[u8]) -> u64 {
        if self.utf16.is_some() { utf16_length(text) } else { text.len() as u64 }
    }

    fn record(&mut self, record: &[u8], each: &mut dyn FnMut(Item<'_>)) {
        let mut odd = Odd::default();
        self.encoding.fill(&mut self.row.cells, record, self.splitter.cut(record.len()), &mut odd);
        if std::mem::take(&mut self.header_due) {
            self.header = Some(self.row.cells.clone());
            return;
        }
        let beside = self.is_beside();
        self.note(odd, beside);
        self.row.clear(self.reader.refills());
        if beside {
            self.row.clear(false);
            self.row.kind = Kind::Other;
        } else {
            self.longest.iter_mut().for_each(|longest| longest.add(&self.row.cells));
            self.reader.read(&mut self.row);
        }
        self.give(each);
    }

    /// A header row again, or a row of empty cells.
    fn is_beside(&self) -> bool {
        let cells = &self.row.cells;
        let again = |header: &Cells| header.get(0) == cells.get(0) && header.iter().eq(cells.iter());
        cells.iter().all(|cell| cell.bytes().all(|byte| byte.is_ascii_whitespace())) || self.header.as_ref().is_some_and(again)
    }

    fn broken(&mut self, reason: &str, each: &mut dyn FnMut(Item<'_>)) {
        self.row.cells.clear();
        self.row.clear(false);
        self.row.kind = Kind::Unreadable(reason.to_owned());
        self.give(each);
    }

    fn note(&mut self, odd: Odd, beside: bool) {
        let literal = if let Splitter::Table(table) = &self.splitter { table.literal } else { 0 };
        let ragged = !beside && self.header.as_ref().is_some_and(|header| header.len() != self.row.cells.len());
        let (count, line) = (&mut self.count, self.line);
        let first = |place: &mut u64, is: bool| *place = if is && *place == 0 { line } else { *place };
        first(&mut count.first_legacy, odd.legacy);
        first(&mut count.first_unclosed, literal > count.unclosed);
        first(&mut count.first_ragged, ragged);
        count.read += 1;
        count.zeros += u64::from(odd.zeros);
        count.legacy += u64::from(odd.legacy);
        count.unclosed = literal;
        count.ragged += u64::from(ragged);
    }

    fn give(&mut self, each: &mut dyn FnMut(Item<'_>)) {
        let Self { row, reader, .. } = self;
        row.line = self.line;
        if row.number.is_multiple_of(MARKED) {
            self.marks.push(Mark { number: row.number, line: self.line, offset: Some(self.offset) });
        }
        match row.kind {
            Kind::Bounce | Kind::Delivery | Kind::Other if self.found.format.purpose != Purpose::Bounces => match reader.item(row) {
                Some(item) => each(item),
                None => {
                    row.kind = Kind::Other;
                    each(Item::Row(row));
                }
            },
            _ => each(Item::Row(row)),
        }
        row.number += 1;
    }

    /// What was odd about its records, in sentences.
    pub(super) fn warnings(&self) -> Vec<String> {
        let Count { read, zeros, legacy, first_legacy, unclosed, first_unclosed, ragged, first_ragged } = self.count;
        let name = if self.encoding.name == "utf-8" { "windows-1252" } else { &self.encoding.name };
        let odd = [
            (legacy > 0 && legacy < read)
                .then(|| format!("{} not UTF-8 like the others and read as {name}, the first in line {first_legacy}.", were(legacy))),
            (zeros > 0).then(|| format!("{} cleared of NUL characters.", were(zeros))),
            (unclosed > 0).then(|| {
                let rows = were(unclosed);
                format!("{rows} read with a quote as text that opens a cell and does not close it, the first in line {first_unclosed}.")
            }),
            (ragged > 0).then(|| {
                let rows = were(ragged);
                format!("{rows} read though they have more or fewer cells than the header, the first in line {first_ragged}.")
            }),
        ];
        odd.into_iter().flatten().chain(self.longest.iter().filter_map(Longest::warning)).chain(self.reader.warnings()).collect()
    }
}

fn were(count: u64) -> String {
    if count == 1 { "1 row was".into() } else { format!("{count} rows were") }
}
