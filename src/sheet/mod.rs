//! Bytes of an export → [`Item`]s: what does each record say, about whom, when? No opinion here.
//!
//! A [`Sheet`] is fed one file in pieces of any size and holds no more of it than one record and the head it looks at first. It finds
//! the packing, the encoding, the dialect, the export's format and what each column holds, and hands out one item a record; what cannot
//! be read is an item too, so that the balance of rows always holds.

mod columns;
mod cut;
mod dates;
mod dialect;
mod encoding;
mod engine;
mod gzip;
mod json;
mod known;
mod lines;
mod lists;
mod member;
mod objects;
mod order;
mod packing;
mod recognise;
mod refuse;
mod run;
mod seam;
mod split;
mod splitter;
mod table;
mod trace;
mod values;
mod zip;

pub use engine::{Mark, Sheet, peek};

use crate::read::Event;
use crate::verdict::{Cause, Part};

/// What a record of a bounce file says. The sheet keeps one and refills it, so that reading a row allocates nothing.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// The physical line at which the record begins, from 1.
    pub line: u64,
    /// Its number among the records of the file, from 0.
    pub number: u64,
    pub kind: Kind,
    /// One for each recipient; several only in a JSON event. Their words are spans of `parts`.
    pub events: Vec<Event>,
    pub parts: Vec<Part>,
    pub about: About,
    /// As the file has them, decoded; the whole line of a log or of a JSON object is one cell.
    pub cells: Cells,
}

impl Row {
    /// Empties what a record says, its cells left alone.
    fn clear(&mut self, keep: bool) {
        self.kind = Kind::Bounce;
        self.about.clear();
        if !keep {
            self.events.clear();
            self.parts.clear();
        }
    }
}

/// The cells of one record in one buffer.
#[derive(Clone, Debug, Default)]
pub struct Cells {
    /// Mostly the record as it stands in the file.
    text: String,
    spans: Vec<Span>,
}

/// A cell, in bytes of its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    start: usize,
    end: usize,
}

impl Cells {
    /// Empties it and keeps the memory.
    pub fn clear(&mut self) {
        self.text.clear();
        self.spans.clear();
    }

    /// Appends a cell.
    pub fn push(&mut self, cell: &str) {
        let start = self.text.len();
        self.text.push_str(cell);
        self.spans.push(Span { start, end: self.text.len() });
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// There are none.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The cell of a column; empty where the row is short.
    pub fn get(&self, column: usize) -> &str {
        let Some(span) = self.spans.get(column) else { return "" };
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|column| self.get(column))
    }
}

/// What sort of record it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// It has a reply, a label or a code, or should have: a verdict is due.
    #[default]
    Bounce,
    /// The message arrived. It resets the count of soft bounces.
    Delivery,
    /// Something else: a send, a repeated header, another daemon's line, an empty line of a log.
    Other,
    /// Why, for a person.
    Unreadable(String),
}

/// What stands around the reply. An empty text is an absent one.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// The person, exactly as the file has it.
    pub key: String,
    /// Of the recipient, lower case.
    pub domain: String,
    /// Seconds since 1970-01-01T00:00Z.
    pub time: Option<i64>,
    pub job: String,
    pub source: String,
    pub ip: String,
    pub pool: String,
    pub sender: String,
    /// The platform's own words for it, most general first, joined by ` / `.
    pub label: String,
    /// What that word stands for, where it stands alone: the row has no words of a receiver. `medium` at best, never a proof.
    pub said: Option<Cause>,
    /// What is the same for all attempts at one message.
    pub message: String,
    /// `IsUnique` says that this event was counted before.
    pub repeated: bool,
}

impl About {
    /// Empties it and keeps the memory.
    pub fn clear(&mut self) {
        let Self { key, domain, time, job, source, ip, pool, sender, label, said, message, repeated } = self;
        for text in [key, domain, job, source, ip, pool, sender, label, message] {
            text.clear();
        }
        (*time, *said, *repeated) = (None, None, false);
    }
}

/// One thing that a file gives.
#[derive(Debug)]
pub enum Item<'a> {
    Row(&'a Row),
    /// Of a file of jobs and their sizes.
    Sent {
        job: &'a str,
        sent: u64,
    },
    /// Of a file that leads from keys to addresses.
    Address {
        key: &'a str,
        address: &'a str,
    },
    /// Of an existing suppression list.
    Listed {
        person: &'a str,
        reason: &'a str,
        since: Option<i64>,
    },
}
