//! One file, or one member of an archive: its head is looked at, then its records are handed out one by one.

use super::dialect::Layout;
use super::encoding::{Encoding, Odd, Utf16};
use super::engine::Mark;
use super::recognise;
use super::refuse::refuse;
use super::run::{Run, Start};
use super::seam::{Head, Shape};
use super::split::{RECORD, Step};
use super::splitter::Splitter;
use super::{Cells, Item};
use crate::analysis::{Found, Hints};

/// Bytes that are looked at before the first record is read; more where they hold no whole record.
pub(super) const HEAD: usize = 64 * 1024;
const LARGEST_HEAD: usize = 2 * RECORD;
/// Records of the head that the formats are shown.
const SHOWN: usize = 200;

/// A file while it is read.
pub(super) struct Member {
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
    pub(super) fn new(hints: &Hints, known: Option<Found>, start: Mark) -> Self {
        Self { hints: hints.clone(), known, start, gathered: Vec::new(), head: HEAD, run: None, refused: None }
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
        self.run.as_ref().is_some_and(Run::has_header)
    }

    /// Where the next record stands.
    pub(super) fn mark(&self) -> Mark {
        self.run.as_ref().map_or(self.start, Run::mark)
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
        let (mark, fresh) = (text.len() - body.len(), self.start.offset == Some(0));
        let layout = match &self.known {
            Some(found) => Layout::known(body, last, found, fresh),
            None => Layout::find(body, last, &self.hints),
        };
        let mut splitter = Splitter::new(&layout);
        let body = body.get(layout.skip..).unwrap_or_default();
        let records = records(&mut splitter, body, last, &encoding);
        if records.is_empty() && !last {
            return None;
        }
        let found = self.known.clone().unwrap_or_else(|| self.recognise(&layout, &encoding, records));
        let header = found.format.header && fresh;
        let passed = text.get(mark..mark + layout.skip).unwrap_or_default();
        let lines = passed.iter().filter(|byte| **byte == layout.dialect.newline).count() as u64;
        let start = Start { mark: self.start, skip: mark + layout.skip, header, lines };
        Some(Run::new(found, &self.hints, Splitter::new(&layout), encoding, start))
    }

    fn recognise(&self, layout: &Layout, encoding: &Encoding, mut records: Vec<Cells>) -> Found {
        if records.is_empty() {
            records.push(Cells::default());
        }
        let head = Head { shape: layout.shape, records: &records };
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
                encoding.fill(&mut cells, view.get(..end).unwrap_or_default(), splitter.cut(end), &mut Odd::default());
                records.push(cells);
                at += used;
            }
            Step::Skip { used, .. } | Step::Broken { used, .. } => at += used,
            Step::More => break,
        }
    }
    records
}
