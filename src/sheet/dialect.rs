//! How a file's records and cells are told apart, by its first records.

use memchr::memchr_iter;

use super::Span;
use super::recognise::is_log;
use super::seam::Shape;
use super::split::{Dialect, Step, Table};
use crate::analysis::{Found, Hints};

/// Candidates, the likelier first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Records that a delimiter is tried on.
const SAMPLE: usize = 50;
/// At least this share of the records has the same number of cells.
const SHARE: f64 = 0.5;
/// The same where lines of a title, at most so many, stand above the table.
const SHARE_BELOW_TITLE: f64 = 0.8;
const TITLES: usize = 10;

/// What the head says of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub shape: Shape,
    pub dialect: Dialect,
    /// Cells of most records.
    pub width: Option<usize>,
    /// Bytes before the first record: a `sep=` line, comments before `#Fields:`, a title.
    pub skip: usize,
}

impl Layout {
    /// `head` is the file's beginning in ASCII-compatible bytes, `end` says that it is all of it.
    pub(super) fn find(head: &[u8], end: bool, hints: &Hints) -> Self {
        let newline = newline(head);
        let dialect = Dialect { delimiter: None, escape: false, newline };
        let bare = |shape| Self { shape, dialect, width: None, skip: 0 };
        let chosen = hints.delimiter.and_then(|letter| u8::try_from(letter).ok()).filter(u8::is_ascii);
        if chosen.is_none() && is_json(head) {
            return bare(Shape::Json);
        }
        if chosen.is_none() && head.split(|byte| *byte == newline).take(20).any(|line| std::str::from_utf8(line).is_ok_and(is_log)) {
            return bare(Shape::Lines);
        }
        let (declared, preface) = preface(head, newline);
        let body = head.get(preface..).unwrap_or_default();
        let trial = |delimiter| Trial::of(body, end, dialect_of(body, delimiter, newline));
        let best = match chosen.or(declared) {
            Some(delimiter) => Some(trial(Some(delimiter))),
            None => DELIMITERS.into_iter().map(|delimiter| trial(Some(delimiter))).filter(|trial| trial.fits).reduce(Trial::better),
        };
        let best = best.unwrap_or_else(|| trial(None));
        Self { shape: Shape::Table, dialect: best.dialect, width: Some(best.width), skip: preface + best.skip }
    }

    /// Of a file that was looked at before; `fresh` where it is read from its beginning.
    pub(super) fn known(head: &[u8], end: bool, found: &Found, fresh: bool) -> Self {
        let format = &found.format;
        let shape = match format.delimiter {
            Some(_) => Shape::Table,
            None if head.trim_ascii_start().starts_with(b"{") || is_json(head) => Shape::Json,
            None => Shape::Lines,
        };
        let delimiter = format.delimiter.as_ref().and_then(|delimiter| delimiter.bytes().next());
        let dialect = Dialect { delimiter, escape: format.escape, newline: newline(head) };
        let known = Self { shape, dialect, width: Some(found.columns.len()), skip: 0 };
        if !fresh || shape != Shape::Table {
            return known;
        }
        let (_, preface) = preface(head, dialect.newline);
        let title = Trial::of(head.get(preface..).unwrap_or_default(), end, dialect).skip;
        Self { skip: preface + title, ..known }
    }
}

/// The first records of the head, split in one way.
#[derive(Default)]
struct Sample {
    /// Cells of each, and the bytes before it.
    widths: Vec<usize>,
    starts: Vec<usize>,
    /// Cells after the first of a record, and how many of them begin with a blank.
    cells: usize,
    spaced: usize,
    /// Records that begin with words.
    words: usize,
}

impl Sample {
    fn of(head: &[u8], end: bool, dialect: Dialect) -> Self {
        let (mut table, mut sample) = (Table::new(dialect, None), Self::default());
        let mut at = 0;
        while at < head.len() && sample.widths.len() < SAMPLE {
            let rest = head.get(at..).unwrap_or_default();
            match table.next(rest, end) {
                Step::Record { used, .. } => {
                    sample.starts.push(at);
                    sample.add(&table.spans, rest);
                    at += used;
                }
                Step::Skip { used, .. } | Step::Broken { used, .. } => at += used,
                Step::More => break,
            }
        }
        sample
    }

    fn add(&mut self, spans: &[Span], record: &[u8]) {
        let cells = || spans.iter().map(|span| record.get(span.start..span.end).unwrap_or_default());
        self.widths.push(spans.len());
        self.cells += cells().skip(1).count();
        self.spaced += cells().skip(1).filter(|cell| cell.starts_with(b" ")).count();
        self.words += usize::from(cells().next().is_some_and(is_words));
    }

    /// Its delimiters are those of sentences.
    fn is_prose(&self) -> bool {
        self.spaced == self.cells && self.words * 2 > self.widths.len()
    }
}

/// A delimiter tried on the head.
struct Trial {
    dialect: Dialect,
    /// The most frequent number of cells.
    width: usize,
    /// Bytes before the table: a title, the date of a report.
    skip: usize,
    fits: bool,
    score: f64,
}

impl Trial {
    fn of(head: &[u8], end: bool, dialect: Dialect) -> Self {
        let sample = Sample::of(head, end, dialect);
        let widths = sample.widths.as_slice();
        let count = |width: usize| widths.iter().filter(|have| **have == width).count();
        let width = widths.iter().copied().max_by_key(|width| (count(*width), *width)).unwrap_or(1);
        let share = |from: usize| count(width) as f64 / (widths.len() - from).max(1) as f64;
        let title = widths.iter().take(TITLES + 1).position(|have| *have * 2 > width);
        let title = title.filter(|title| width > 2 && share(*title) >= SHARE_BELOW_TITLE).unwrap_or_default();
        let (share, first) = (share(title), widths.get(title).copied().unwrap_or(1));
        let bonus = if first == width { 1.25 } else { 1.0 };
        Self {
            dialect,
            width,
            skip: sample.starts.get(title).copied().filter(|_| title > 0).unwrap_or_default(),
            // Most records agree, and the first is no line without any delimiter.
            fits: width > 1 && first > 1 && share >= SHARE && !sample.is_prose(),
            score: share * share * (width as f64).log2() * bonus,
        }
    }

    fn better(self, other: Self) -> Self {
        if other.score > self.score { other } else { self }
    }
}

/// The delimiters of prose stand between words and before blanks.
fn is_words(cell: &[u8]) -> bool {
    memchr_iter(b' ', cell).count() > 1
}

fn dialect_of(head: &[u8], delimiter: Option<u8>, newline: u8) -> Dialect {
    Dialect { delimiter, escape: escapes(head, delimiter, newline), newline }
}

/// Quotes within cells are written `\"`, and none is doubled.
fn escapes(head: &[u8], delimiter: Option<u8>, newline: u8) -> bool {
    let edge = |byte: Option<&u8>| byte.is_none_or(|byte| Some(*byte) == delimiter || *byte == newline || *byte == b'\r');
    let (mut escaped, mut doubled) = (0, 0);
    for at in memchr_iter(b'"', head) {
        let before = at.checked_sub(1).and_then(|before| head.get(before));
        if before == Some(&b'\\') {
            escaped += usize::from(!edge(head.get(at + 1)));
        } else if head.get(at + 1) == Some(&b'"') && !edge(before) && !edge(head.get(at + 2)) {
            doubled += 1;
        }
    }
    escaped > 0 && doubled == 0
}

/// A line end of its own, `\r`, only where no other is to be seen.
pub(super) fn newline(head: &[u8]) -> u8 {
    if memchr::memchr(b'\n', head).is_none() && memchr::memchr(b'\r', head).is_some() { b'\r' } else { b'\n' }
}

/// Excel's first line `sep=;`: the delimiter, and the bytes up to the next line.
fn sep_line(head: &[u8]) -> Option<(u8, usize)> {
    let length = head.iter().take(16).position(|byte| matches!(byte, b'\n' | b'\r'))?;
    let line = head.get(..length)?;
    let line = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(line);
    let [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter] = line else { return None };
    let ends = head.iter().skip(length).take(2).take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
    let ends = if head.get(length) == head.get(length + 1) { 1 } else { ends };
    (!delimiter.is_ascii_alphanumeric()).then_some((*delimiter, length + ends))
}

/// What stands before the table and says so: the delimiter that it names, and its bytes.
fn preface(head: &[u8], newline: u8) -> (Option<u8>, usize) {
    sep_line(head).map_or_else(|| (None, comments(head, newline)), |(delimiter, skip)| (Some(delimiter), skip))
}

/// The lines before `#Fields:`, which names the columns of a W3C log (Exchange, IIS).
fn comments(head: &[u8], newline: u8) -> usize {
    let lines = head.split_inclusive(|byte| *byte == newline).take_while(|line| line.starts_with(b"#"));
    let mut skip = 0;
    for line in lines {
        if line.starts_with(b"#Fields:") {
            return skip;
        }
        skip += line.len();
    }
    0
}

/// An object, or an array of objects, opens the file.
fn is_json(head: &[u8]) -> bool {
    let mut solid = head.iter().filter(|byte| !byte.is_ascii_whitespace());
    matches!((solid.next(), solid.next()), (Some(b'{'), Some(b'"' | b'}')) | (Some(b'['), Some(b'{' | b']')))
}
