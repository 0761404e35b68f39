//! Bytes → records of a delimited table, quotes and line breaks within quotes understood.
//!
//! RFC 4180, and what real exports do to it. A quote within a quoted cell closes it only where a delimiter or line end follows, so stray
//! quotes stay text. An opening quote that nothing closes must not swallow the file: it is taken for text from its line on.

use memchr::{memchr, memchr_iter, memchr2};

use super::Span;

/// Longest record; what is longer cannot be read.
pub(super) const RECORD: usize = 4 << 20;
/// A quoted cell longer than this, or of more lines, has lost its closing quote.
const QUOTED: usize = 1 << 20;
const QUOTED_LINES: u64 = 200;
/// As many columns as the largest spreadsheet has.
const COLUMNS: usize = 16_384;

pub(super) const TOO_LONG: &str = "the record is longer than 4 MiB";
const TOO_WIDE: &str = "the record has more than 16,384 cells";
const UNCLOSED: &str = "a quote opens a cell and nothing closes it";

const QUOTE: u8 = b'"';

/// What stands at the beginning of some bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A record in `..end`; `used` with its line end, which is the last of `lines`.
    Record { end: usize, used: usize, lines: u64 },
    /// Nothing of interest.
    Skip { used: usize, lines: u64 },
    /// A record that cannot be read.
    Broken { used: usize, lines: u64, reason: &'static str },
    /// The bytes end within a record.
    More,
}

/// How quotes are written within a cell, where any are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quotes {
    Doubled,
    Escaped,
}

/// How cells and records are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    /// None where the table has a single column.
    pub delimiter: Option<u8>,
    /// A quote within quotes is written `\"`.
    pub escape: bool,
    /// `\n`, or `\r` where the file has no other line end.
    pub newline: u8,
}

/// Where reading a cell led.
enum Cell {
    /// The next cell begins here.
    Next(usize),
    /// It was the last: the record's end without its line end, and with it.
    Last(usize, usize),
    Unclosed,
    More,
}

/// Splits a table; holds the cells of the last record.
#[derive(Debug)]
pub(super) struct Table {
    pub dialect: Dialect,
    /// Cells of a sound record; a row with a stray opening quote is read if it has as many.
    pub width: Option<usize>,
    pub spans: Vec<Span>,
    /// Those whose quotes have to be undone.
    pub quotes: Vec<(usize, Quotes)>,
    /// Records that were read with an opening quote as text.
    pub literal: u64,
    skipping: bool,
}

impl Table {
    pub(super) fn new(dialect: Dialect, width: Option<usize>) -> Self {
        Self { dialect, width, spans: Vec::new(), quotes: Vec::new(), literal: 0, skipping: false }
    }

    /// The record at the beginning of `bytes`; `end` says that nothing follows them.
    pub(super) fn next(&mut self, bytes: &[u8], end: bool) -> Step {
        if self.skipping {
            return self.skip(bytes, end);
        }
        self.spans.clear();
        self.quotes.clear();
        let (mut at, mut lines, mut literal) = (0, 0, false);
        loop {
            let open = if literal { None } else { opening(bytes, at) };
            let cell = match open {
                Some(open) => self.quoted(bytes, open, end, &mut lines),
                None => self.plain(bytes, at, end),
            };
            match cell {
                Cell::Next(next) if self.spans.len() < COLUMNS => at = next,
                Cell::Next(next) => return self.give_up(bytes, next, TOO_WIDE),
                Cell::Last(_, used) if used > RECORD => return self.give_up(bytes, RECORD, TOO_LONG),
                Cell::Last(end, used) => return self.record(end, used, lines + 1, literal),
                Cell::Unclosed => literal = true,
                Cell::More if bytes.len() > RECORD => return self.give_up(bytes, RECORD, TOO_LONG),
                Cell::More => return Step::More,
            }
        }
    }

    fn record(&mut self, end: usize, used: usize, lines: u64, literal: bool) -> Step {
        match self.spans.as_slice() {
            [only] if only.start == only.end && end == 0 => Step::Skip { used, lines },
            spans if literal && self.width.is_some_and(|width| width != spans.len()) => Step::Broken { used, lines, reason: UNCLOSED },
            _ => {
                self.literal += u64::from(literal);
                Step::Record { end, used, lines }
            }
        }
    }

    /// A cell that does not begin with a quote: quotes in it are text.
    fn plain(&mut self, bytes: &[u8], at: usize, end: bool) -> Cell {
        let newline = self.dialect.newline;
        let (stop, used) = match edge(bytes, at, self.dialect.delimiter.unwrap_or(newline), newline) {
            Some(stop) if bytes.get(stop) != Some(&newline) => {
                self.spans.push(Span { start: at, end: stop });
                return Cell::Next(stop + 1);
            }
            Some(stop) => (stop, stop + 1),
            None if end => (bytes.len(), bytes.len()),
            None => return Cell::More,
        };
        let stop = if stop > at && newline == b'\n' && bytes.get(stop - 1) == Some(&b'\r') { stop - 1 } else { stop };
        self.spans.push(Span { start: at, end: stop });
        Cell::Last(stop, used)
    }

    /// A cell whose opening quote stands at `open`. `lines` grows by the line breaks in it.
    fn quoted(&mut self, bytes: &[u8], open: usize, end: bool, lines: &mut u64) -> Cell {
        let (mut breaks, mut quotes, mut from) = (0, None, open + 1);
        loop {
            let rest = bytes.get(from..).unwrap_or_default();
            let Some(at) = memchr2(QUOTE, self.dialect.newline, rest).map(|length| from + length) else {
                return if end || bytes.len() - open > QUOTED { Cell::Unclosed } else { Cell::More };
            };
            if at - open > QUOTED || breaks > QUOTED_LINES {
                return Cell::Unclosed;
            }
            from = at + 1;
            if bytes.get(at) != Some(&QUOTE) {
                breaks += 1;
            } else if self.dialect.escape && escaped(bytes, open, at) {
                quotes = Some(Quotes::Escaped);
            } else if bytes.get(from) == Some(&QUOTE) {
                quotes = Some(if self.dialect.escape { Quotes::Escaped } else { Quotes::Doubled });
                from += 1;
            } else if let Some(cell) = self.closing(bytes, from, end) {
                if !matches!(cell, Cell::More) {
                    *lines += breaks;
                    self.quotes.extend(quotes.map(|quotes| (self.spans.len(), quotes)));
                    self.spans.push(Span { start: open + 1, end: at });
                }
                return cell;
            } else if breaks > 0 && self.is_edge(bytes.get(at - 1).copied()) {
                return Cell::Unclosed;
            }
        }
    }

    /// What follows a quote that closes its cell, from `from` on; none where it closes nothing.
    fn closing(&self, bytes: &[u8], from: usize, end: bool) -> Option<Cell> {
        let rest = bytes.get(from..).unwrap_or_default();
        let blanks = rest.iter().take_while(|byte| **byte == b' ').count();
        let after = from + blanks;
        match (bytes.get(after).copied(), bytes.get(after + 1).copied()) {
            (Some(byte), _) if Some(byte) == self.dialect.delimiter => Some(Cell::Next(after + 1)),
            (Some(byte), _) if byte == self.dialect.newline => Some(Cell::Last(from, after + 1)),
            (Some(b'\r'), Some(b'\n')) if self.dialect.newline == b'\n' => Some(Cell::Last(from, after + 2)),
            (Some(b'\r'), None) if end => Some(Cell::Last(from, after + 1)),
            (None, _) if end => Some(Cell::Last(from, after)),
            (None, _) | (Some(b'\r'), None) => Some(Cell::More),
            _ => None,
        }
    }

    fn is_edge(&self, byte: Option<u8>) -> bool {
        byte == self.dialect.delimiter || byte == Some(self.dialect.newline)
    }

    /// The record is dropped from `at` to the end of the line.
    fn give_up(&mut self, bytes: &[u8], at: usize, reason: &'static str) -> Step {
        self.skipping = true;
        let lines = memchr_iter(self.dialect.newline, bytes.get(..at).unwrap_or_default()).count();
        Step::Broken { used: at, lines: lines as u64, reason }
    }

    fn skip(&mut self, bytes: &[u8], end: bool) -> Step {
        match memchr(self.dialect.newline, bytes) {
            Some(at) => {
                self.skipping = false;
                Step::Skip { used: at + 1, lines: 1 }
            }
            None if bytes.is_empty() && !end => Step::More,
            None => Step::Skip { used: bytes.len(), lines: 0 },
        }
    }
}

/// The first of two bytes from `at` on. Most cells are short: eight bytes at a time find their ends sooner than a call does.
fn edge(bytes: &[u8], at: usize, one: u8, other: u8) -> Option<usize> {
    const SHORT: usize = 4;
    const LOW: u64 = u64::from_le_bytes([0x01; 8]);
    const HIGH: u64 = u64::from_le_bytes([0x80; 8]);
    // Marks the lowest zero byte of a word for sure, and perhaps some above it.
    let zero = |word: u64| word.wrapping_sub(LOW) & !word & HIGH;
    let rest = bytes.get(at..)?;
    let (words, _) = rest.as_chunks::<8>();
    for (nth, word) in words.iter().take(SHORT).enumerate() {
        let word = u64::from_le_bytes(*word);
        let hit = zero(word ^ (LOW * u64::from(one))) | zero(word ^ (LOW * u64::from(other)));
        if hit != 0 {
            return Some(at + nth * 8 + hit.trailing_zeros() as usize / 8);
        }
    }
    let from = words.len().min(SHORT) * 8;
    memchr2(one, other, rest.get(from..)?).map(|length| at + from + length)
}

/// Where the opening quote of a cell stands, blanks before it allowed.
fn opening(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at) {
        Some(&QUOTE) => Some(at),
        Some(b' ') => {
            let rest = bytes.get(at..).unwrap_or_default();
            let open = at + rest.iter().take(8).take_while(|byte| **byte == b' ').count();
            (bytes.get(open) == Some(&QUOTE)).then_some(open)
        }
        _ => None,
    }
}

/// An odd number of backslashes stands before the quote.
fn escaped(bytes: &[u8], open: usize, quote: usize) -> bool {
    let before = bytes.get(open + 1..quote).unwrap_or_default();
    before.iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1
}

/// Splits a file into its lines, each a cell.
#[derive(Debug, Default)]
pub(super) struct Lines {
    skipping: bool,
}

/// Lines that one event of a log may have.
const JOINED: u64 = 100;

impl Lines {
    /// The line at the beginning of `bytes`, with those that go on with it.
    pub(super) fn next(&mut self, bytes: &[u8], end: bool, continues: &dyn Fn(&str) -> bool) -> Step {
        if self.skipping {
            return self.skip(bytes);
        }
        let (mut stop, mut lines) = match line(bytes, 0, end) {
            Some((stop, used)) if used <= RECORD => ((stop, used), 1),
            None if bytes.len() <= RECORD => return Step::More,
            _ => {
                self.skipping = true;
                return Step::Broken { used: RECORD, lines: 0, reason: TOO_LONG };
            }
        };
        if stop.0 == 0 {
            return Step::Skip { used: stop.1, lines };
        }
        while lines < JOINED && (!end || stop.1 < bytes.len()) {
            let Some(next) = line(bytes, stop.1, end).filter(|(_, used)| *used <= RECORD) else {
                if bytes.len() > RECORD { break } else { return Step::More }
            };
            let text = std::str::from_utf8(bytes.get(stop.1..next.0).unwrap_or_default()).unwrap_or_default();
            if text.is_empty() || !continues(text) {
                break;
            }
            (stop, lines) = (next, lines + 1);
        }
        Step::Record { end: stop.0, used: stop.1, lines }
    }

    fn skip(&mut self, bytes: &[u8]) -> Step {
        match memchr(b'\n', bytes) {
            Some(at) => {
                self.skipping = false;
                Step::Skip { used: at + 1, lines: 1 }
            }
            None if bytes.is_empty() => Step::More,
            None => Step::Skip { used: bytes.len(), lines: 0 },
        }
    }
}

/// The end of the line that begins at `from`, without and with its line end.
fn line(bytes: &[u8], from: usize, end: bool) -> Option<(usize, usize)> {
    let found = memchr(b'\n', bytes.get(from..)?).map(|length| from + length);
    let stop = found.or_else(|| (end && from < bytes.len()).then_some(bytes.len()))?;
    let used = if found.is_some() { stop + 1 } else { stop };
    let bare = if stop > from && bytes.get(stop - 1) == Some(&b'\r') { stop - 1 } else { stop };
    Some((bare, used))
}
