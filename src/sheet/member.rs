//! One file, or one member of an archive: its head is looked at, then its records are handed out one by one.

use super::cut::Longest;
use super::dialect::Layout;
use super::encoding::{Encoding, Odd, Utf16, utf16_length};
use super::engine::Mark;
use super::objects::Objects;
use super::recognise;
use super::refuse::refuse;
use super::seam::{Head, Reader, Shape};
use super::split::{Lines, Quotes, RECORD, Span, Step, Table};
use super::{Cells, Item, Kind, Row};
use crate::analysis::{Found, Hints, Purpose};

/// Bytes that are looked at before the first record is read; more where they hold no whole record.
pub(super) const HEAD: usize = 64 * 1024;
const LARGEST_HEAD: usize = 2 * RECORD;
/// Records of the head that the formats are shown.
const SHOWN: usize = 200;
/// One record in so many is marked.
const MARKED: u64 = 1024;
/// How much of new bytes is put behind held ones to complete a record.
const BRIDGE: usize = 16 * 1024;

/// A file while it is read.
pub(super) struct Member {
    name: String,
    hints: Hints,
    /// What the file is known to be, where reading goes on at a mark.
    known: Option<Found>,
    start: Mark,
    /// Bytes before the head was looked at.
    gathered: Vec<u8>,
    head: usize,
    run: Option<Run>,
    refused: Option<&'static str>,
}

impl Member {
    pub(super) fn new(name: &str, hints: &Hints, known: Option<Found>, start: Mark) -> Self {
        let (name, hints) = (name.to_owned(), hints.clone());
        Self { name, hints, known, start, gathered: Vec::new(), head: HEAD, run: None, refused: None }
    }

    pub(super) fn feed(&mut self, bytes: &[u8], each: &mut dyn FnMut(Item<'_>)) {
        match &mut self.run {
            _ if self.refused.is_some() => {}
            Some(run) => run.feed(bytes, each),
            None => {
                self.gathered.extend_from_slice(bytes);
                self.look(false, each);
            }
        }
    }

    pub(super) fn finish(&mut self, each: &mut dyn FnMut(Item<'_>)) {
        self.look(true, each);
        if let Some(run) = &mut self.run {
            run.finish(each);
        }
    }

    pub(super) fn found(&self) -> Option<&Found> {
        self.run.as_ref().map(|run| &run.found)
    }

    /// What is known of it now, though more may follow.
    pub(super) fn peek(mut self) -> Option<Found> {
        self.look(true, &mut |_| {});
        self.run.map(|run| run.found)
    }

    pub(super) fn refused(&self) -> Option<&'static str> {
        self.refused
    }

    /// It has a header row.
    pub(super) fn has_header(&self) -> bool {
        self.run.as_ref().is_some_and(|run| run.header.is_some())
    }

    /// Where the next record stands.
    pub(super) fn mark(&self) -> Mark {
        self.run.as_ref().map_or(self.start, |run| Mark { number: run.row.number, line: run.line, offset: Some(run.offset) })
    }

    pub(super) fn take_marks(&mut self, marks: &mut Vec<Mark>) {
        if let Some(run) = &mut self.run {
            marks.append(&mut run.marks);
        }
    }

    pub(super) fn warnings(&self) -> Vec<String> {
        self.run.as_ref().map(Run::warnings).unwrap_or_default()
    }

    /// Looks at the head if enough of it is there, and reads on from its beginning.
    fn look(&mut self, end: bool, each: &mut dyn FnMut(Item<'_>)) {
        while self.run.is_none() && self.refused.is_none() && (end || self.gathered.len() >= self.head) {
            let whole = end && self.gathered.len() <= self.head;
            let head = self.gathered.get(..self.head).unwrap_or(&self.gathered);
            let known = self.known.as_ref().map(|found| found.format.encoding.as_str());
            let encoding = Encoding::find(head, self.hints.encoding.as_deref(), known);
            let text = decoded(head, &encoding, whole);
            self.refused = refuse(&text).filter(|_| self.known.is_none());
            if self.refused.is_none() {
                self.run = self.begin(&text, encoding, whole || self.head >= LARGEST_HEAD);
            }
            self.head *= 2;
        }
        if let Some(run) = &mut self.run
            && !self.gathered.is_empty()
        {
            run.feed(&std::mem::take(&mut self.gathered), each);
        }
    }

    /// None where the head holds no whole record yet. `last` says that it must do.
    fn begin(&self, text: &[u8], encoding: Encoding, last: bool) -> Option<Run> {
        let body = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
        let mark = text.len() - body.len();
        let layout = match &self.known {
            Some(found) => Layout::known(body, found),
            None => Layout::find(body, last, &self.hints),
        };
        let mut splitter = Splitter::new(&layout);
        let body = body.get(layout.skip..).unwrap_or_default();
        let records = records(&mut splitter, body, last, &encoding);
        if records.is_empty() && !last {
            return None;
        }
        let found = self.known.clone().unwrap_or_else(|| self.recognise(&layout, &encoding, records));
        let header = found.format.header && self.start.offset == Some(0);
        let passed = text.get(mark..mark + layout.skip).unwrap_or_default();
        let lines = passed.iter().filter(|byte| **byte == layout.dialect.newline).count() as u64;
        let start = Start { mark: self.start, skip: mark + layout.skip, header, lines };
        Some(Run::new(found, &self.hints, Splitter::new(&layout), encoding, start))
    }

    fn recognise(&self, layout: &Layout, encoding: &Encoding, mut records: Vec<Cells>) -> Found {
        if records.is_empty() {
            records.push(Cells::default());
        }
        let head = Head { name: &self.name, shape: layout.shape, records: &records };
        let mut found = recognise::recognise(&head, &self.hints);
        found.format.encoding = encoding.name.clone();
        found.format.escape = layout.dialect.escape;
        found.format.delimiter =
            (layout.shape == Shape::Table).then(|| layout.dialect.delimiter.map(|byte| char::from(byte).to_string()).unwrap_or_default());
        found
    }
}

/// The bytes as UTF-8, or as the superset of ASCII that they are.
fn decoded(head: &[u8], encoding: &Encoding, whole: bool) -> Vec<u8> {
    let Some(big) = encoding.big else { return head.to_vec() };
    let (mut utf16, mut text) = (Utf16::new(big), Vec::new());
    utf16.feed(head, &mut text);
    if whole {
        utf16.finish(&mut text);
    }
    text
}

/// The first records of the head.
fn records(splitter: &mut Splitter, body: &[u8], end: bool, encoding: &Encoding) -> Vec<Cells> {
    let (mut records, mut at) = (Vec::new(), 0);
    while at < body.len() && records.len() < SHOWN {
        let rest = body.get(at..).unwrap_or_default();
        let view = rest.get(..RECORD + 1).unwrap_or(rest);
        match splitter.next(view, end && view.len() == rest.len(), &|_| false) {
            Step::Record { end, used, .. } => {
                let mut cells = Cells::default();
                encoding.fill(&mut cells, view.get(..end).unwrap_or_default(), splitter.spans(end), &mut Odd::default());
                records.push(cells);
                at += used;
            }
            Step::Skip { used, .. } | Step::Broken { used, .. } => at += used,
            Step::More => break,
        }
    }
    records
}

/// What tells records apart.
enum Splitter {
    Table(Table),
    Json(Objects, [Span; 1]),
    Lines(Lines, [Span; 1]),
}

impl Splitter {
    fn new(layout: &Layout) -> Self {
        let whole = [Span { start: 0, end: 0, quotes: Quotes::None }];
        match layout.shape {
            Shape::Table => Self::Table(Table::new(layout.dialect, layout.width)),
            Shape::Json => Self::Json(Objects::default(), whole),
            Shape::Lines => Self::Lines(Lines::default(), whole),
        }
    }

    fn next(&mut self, bytes: &[u8], end: bool, continues: &dyn Fn(&str) -> bool) -> Step {
        match self {
            Self::Table(table) => table.next(bytes, end),
            Self::Json(objects, _) => objects.next(bytes, end),
            Self::Lines(lines, _) => lines.next(bytes, end, continues),
        }
    }

    /// The cells of the last record, which has `end` bytes.
    fn spans(&mut self, end: usize) -> &[Span] {
        match self {
            Self::Table(table) => &table.spans,
            Self::Json(_, whole) | Self::Lines(_, whole) => {
                whole[0].end = end;
                whole
            }
        }
    }
}

/// Where a run begins.
struct Start {
    mark: Mark,
    /// Bytes of text before the first record.
    skip: usize,
    /// The first record names the columns.
    header: bool,
    /// Lines before it.
    lines: u64,
}

/// A file whose head was understood.
struct Run {
    found: Found,
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
    marks: Vec<Mark>,
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
}

impl Run {
    fn new(found: Found, hints: &Hints, splitter: Splitter, encoding: Encoding, start: Start) -> Self {
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

    fn feed(&mut self, bytes: &[u8], each: &mut dyn FnMut(Item<'_>)) {
        match &mut self.utf16 {
            Some(utf16) => {
                let mut text = Vec::with_capacity(bytes.len());
                utf16.feed(bytes, &mut text);
                self.text(&text, each);
            }
            None => self.text(bytes, each),
        }
    }

    fn finish(&mut self, each: &mut dyn FnMut(Item<'_>)) {
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
        self.encoding.fill(&mut self.row.cells, record, self.splitter.spans(record.len()), &mut odd);
        if std::mem::take(&mut self.header_due) {
            self.header = Some(self.row.cells.clone());
            return;
        }
        self.note(odd);
        self.row.clear(self.reader.refills());
        if self.is_beside() {
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
        cells.iter().all(|cell| cell.trim().is_empty()) || self.header.as_ref().is_some_and(again)
    }

    fn broken(&mut self, reason: &str, each: &mut dyn FnMut(Item<'_>)) {
        self.row.cells.clear();
        self.row.clear(false);
        self.row.kind = Kind::Unreadable(reason.to_owned());
        self.give(each);
    }

    fn note(&mut self, odd: Odd) {
        let count = &mut self.count;
        count.read += 1;
        count.zeros += u64::from(odd.zeros);
        count.legacy += u64::from(odd.legacy);
        if odd.legacy && count.legacy == 1 {
            count.first_legacy = self.line;
        }
        if let Splitter::Table(table) = &self.splitter
            && table.literal > count.unclosed
        {
            count.first_unclosed = if count.unclosed == 0 { self.line } else { count.first_unclosed };
            count.unclosed = table.literal;
        }
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

    fn warnings(&self) -> Vec<String> {
        let Count { read, zeros, legacy, first_legacy, unclosed, first_unclosed } = self.count;
        let name = if self.encoding.name == "utf-8" { "windows-1252" } else { &self.encoding.name };
        let odd = [
            (legacy > 0 && legacy < read).then(|| {
                format!("{legacy} rows are not UTF-8 like the others and were read as {name}, the first in line {first_legacy}.")
            }),
            (zeros > 0).then(|| format!("{zeros} rows held NUL characters; they were dropped.")),
            (unclosed > 0).then(|| {
                format!("{unclosed} rows hold a quote that opens a cell and does not close it, the first in line {first_unclosed}; it was read as text.")
            }),
        ];
        odd.into_iter().flatten().chain(self.longest.iter().filter_map(Longest::warning)).chain(self.reader.warnings()).collect()
    }
}
