//! The runs of letters and digits that any rule can see, so that a mask leaves them alone.
//!
//! A rule sees a text through the literals of its phrases. A token may be replaced where no literal can reach into it: where none of
//! its runs is a run of a literal between the same neighbours, nor begins or ends with one that need not stop at a word's edge.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::super::fold::{fold, folded};
use super::super::pack::Pack;
use super::super::phrase::{Gap, Phrase, Piece, Run};
use super::super::scene::STAGES;
use crate::read::codes::{LEADS, VERSIONED};

/// All runs of a pack's literals, by hash.
#[derive(Debug)]
pub struct Vocabulary {
    /// Every run, wherever it stands.
    known: HashSet<u64, Raw>,
    /// Runs with their neighbours: what stands before them within their literal, and the hash of both.
    whole: Places,
    /// Runs that need not end where they end, and how long those are that begin with a byte (bit `n`: `n` bytes).
    heads: Places,
    head_lengths: Lengths,
    /// Runs that need not begin where they begin.
    tails: Places,
    tail_lengths: Lengths,
    /// Runs that may stand anywhere.
    inner: Option<AhoCorasick>,
    /// What stands before a placeholder that takes digits or an IP address.
    before_numbers: HashSet<u64, Raw>,
}

type Places = HashMap<u64, Vec<Box<str>>, Raw>;
type Lengths = Box<[u32; 256]>;

/// Stands before a run that begins there.
const EDGE: char = '\u{1}';

/// Keys are hashes already.
#[derive(Debug, Default)]
pub struct Hashed(u64);
pub type Raw = BuildHasherDefault<Hashed>;

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = hash(bytes);
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

/// The hash of a run, byte by byte, whatever its case.
pub fn step(hash: u64, byte: u8) -> u64 {
    (hash.rotate_left(5) ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x517c_c1b7_2722_0a95)
}

/// The hash of a whole run.
pub fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |hash, byte| step(hash, *byte))
}

/// A run between two neighbours; 0 where any will do.
fn place(run: u64, before: u32, after: u32) -> u64 {
    (run ^ u64::from(before)).rotate_left(23).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ u64::from(after).rotate_left(40)
}

/// A run of a text: what stands before it, itself, and what follows.
pub struct Seat<'t> {
    /// The template so far, then the token before the run.
    pub before: [&'t str; 2],
    pub run: &'t [u8],
    /// As a face shows it; none at the end.
    pub after: Option<char>,
}

impl Seat<'_> {
    fn back(&self) -> impl Iterator<Item = char> {
        self.before[1].chars().rev().chain(self.before[0].chars().rev()).filter_map(as_face)
    }

    /// These characters stand before the run.
    fn follows(&self, before: &str) -> bool {
        let mut back = self.back();
        before.chars().rev().all(|want| match want {
            EDGE => back.next().is_none_or(|c| !u8::try_from(c).is_ok_and(is_run)),
            want => back.next() == Some(want),
        })
    }
}

/// A character as a face shows it; none for a mark by itself.
pub fn as_face(c: char) -> Option<char> {
    match c {
        '\u{2018}' | '\u{2019}' | '\u{2032}' | '`' | '\u{b4}' => Some('\''),
        '\u{201c}' | '\u{201d}' => Some('"'),
        c if c.is_ascii_whitespace() => Some(' '),
        c if c.is_ascii() => Some(c.to_ascii_lowercase()),
        c => c.to_lowercase().next().and_then(fold),
    }
}

impl Vocabulary {
    pub fn of(pack: &Pack) -> Self {
        let mut listed = Listed::default();
        pack.rules.iter().flat_map(|rule| rule.phrases()).for_each(|phrase| listed.phrase(phrase));
        let marks = pack.providers.iter().flat_map(|provider| &provider.marks).map(|mark| folded(&mark.to_lowercase()));
        marks.for_each(|mark| listed.anywhere(&mark));
        STAGES.iter().for_each(|(words, _)| listed.anywhere(words));
        for word in LEADS.iter().chain(&VERSIONED) {
            [' ', '-', '#', '(', '['].into_iter().for_each(|after| listed.add(word, "", Some(after), (false, false)));
        }
        listed.vocabulary()
    }

    /// Whether a literal can reach into the run.
    pub fn sees(&self, seat: &Seat<'_>) -> bool {
        let before = seat.back().next().map_or(1, u32::from);
        let after = seat.after.map_or(1, u32::from);
        let held = |places: &Places, run: u64, befores: &[u32], afters: &[u32]| {
            befores.iter().any(|before| {
                afters.iter().any(|after| {
                    places.get(&place(run, *before, *after)).is_some_and(|places| places.iter().any(|text| seat.follows(text)))
                })
            })
        };
        let lengths = seat.run.first().map_or(0, |byte| self.head_lengths[usize::from(byte.to_ascii_lowercase())]);
        let mut run = 0;
        for (length, byte) in (1..).zip(seat.run) {
            run = step(run, *byte);
            if length < 32 && lengths >> length & 1 == 1 && held(&self.heads, run, &[0, before], &[0]) {
                return true;
            }
        }
        self.known.contains(&run) && held(&self.whole, run, &[0, before], &[0, after])
            || self.tail_of(seat.run).any(|run| held(&self.tails, run, &[0], &[0, after]))
    }

    /// Hashes of the ends of a run that have the length of a known one.
    fn tail_of<'t>(&self, run: &'t [u8]) -> impl Iterator<Item = u64> + use<'t> {
        let lengths = run.last().map_or(0, |byte| self.tail_lengths[usize::from(byte.to_ascii_lowercase())]);
        (1..run.len().min(32)).filter(move |length| lengths >> length & 1 == 1).map(|length| hash(&run[run.len() - length..]))
    }

    /// Whether a literal that may stand anywhere stands in the token.
    pub fn within(&self, token: &str) -> bool {
        self.inner.as_ref().is_some_and(|inner| inner.is_match(token))
    }

    /// Whether a placeholder for digits or an IP address may begin behind this text.
    pub fn number_follows(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        let signs = bytes.iter().rev().take_while(|byte| !is_run(**byte)).count();
        let run = bytes[..bytes.len() - signs].iter().rev().take(24).take_while(|byte| is_run(**byte)).count();
        let last = bytes.last().is_some_and(|byte| byte.is_ascii_whitespace() || !is_run(*byte));
        last && signs < 4 && self.before_numbers.contains(&tail(&text[bytes.len() - signs - run..]))
    }
}

/// The byte belongs to a run.
pub fn is_run(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn tail(text: &str) -> u64 {
    text.bytes().map(|byte| if byte.is_ascii_whitespace() { b' ' } else { byte }).fold(0, step)
}

/// Runs as they are collected.
#[derive(Default)]
struct Listed {
    known: HashSet<u64, Raw>,
    whole: Places,
    heads: Places,
    tails: Places,
    lengths: [Option<Lengths>; 2],
    inner: HashSet<String>,
    before_numbers: HashSet<u64, Raw>,
}

/// How far a literal was read: the last whole run with the signs behind it, and the run that is still open.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Reading {
    before: String,
    run: String,
    /// The run may be the end of a longer one.
    loose: bool,
}

impl Listed {
    fn phrase(&mut self, phrase: &Phrase) {
        let (opens, closes) = phrase.closed;
        for (n, (_, stretch)) in phrase.stretches.iter().enumerate() {
            let mut readings = vec![Reading { loose: n == 0 && !opens, ..Reading::default() }];
            for piece in stretch {
                readings = self.piece(readings, piece);
            }
            let loose = phrase.stretches.get(n + 1).map_or(!closes, |(gap, _)| *gap == Gap::Wide);
            readings.into_iter().for_each(|reading| self.end(reading, loose));
        }
    }

    /// Words that may stand anywhere, within other words too.
    fn anywhere(&mut self, words: &str) {
        let mut reading = Reading { loose: true, ..Reading::default() };
        self.read(&mut reading, words);
        self.end(reading, true);
    }

    fn piece(&mut self, readings: Vec<Reading>, piece: &Piece) -> Vec<Reading> {
        let mut next = Vec::new();
        for reading in readings {
            match piece {
                Piece::Any(options) => next.extend(options.iter().map(|option| {
                    let mut reading = reading.clone();
                    self.read(&mut reading, &option.text);
                    reading
                })),
                Piece::Run(run) => {
                    let number = matches!(run, Run::Digits | Run::Ip);
                    if number {
                        self.before_numbers.insert(tail(&format!("{}{}", reading.before, reading.run).replace(EDGE, "")));
                    }
                    self.end(reading, true);
                    next.push(Reading { loose: number, ..Reading::default() });
                }
            }
        }
        next.sort_unstable();
        next.dedup();
        next
    }

    fn read(&mut self, reading: &mut Reading, literal: &str) {
        for c in literal.chars() {
            if u8::try_from(c).is_ok_and(is_run) {
                reading.run.push(c);
                continue;
            }
            if !reading.run.is_empty() {
                self.add(&reading.run, &reading.before, Some(c), (reading.loose, false));
                reading.before.clear();
                reading.before.extend((!reading.loose).then_some(EDGE));
                reading.before.push_str(&std::mem::take(&mut reading.run));
            }
            reading.loose = false;
            reading.before.push(c);
        }
    }

    fn end(&mut self, reading: Reading, loose: bool) {
        if !reading.run.is_empty() {
            self.add(&reading.run, &reading.before, None, (reading.loose, loose));
        }
    }

    fn add(&mut self, run: &str, before: &str, after: Option<char>, loose: (bool, bool)) {
        let key = hash(run.as_bytes());
        self.known.insert(key);
        let last = before.chars().next_back().map_or(0, u32::from);
        let note = |places: &mut Places| {
            let seats = places.entry(place(key, last, after.map_or(0, u32::from))).or_default();
            if !seats.iter().any(|seat| **seat == *before) {
                seats.push(before.into());
            }
        };
        note(&mut self.whole);
        let mut measure = |side: usize, byte: Option<&u8>| {
            let lengths = self.lengths[side].get_or_insert_with(|| Box::new([0; 256]));
            lengths[usize::from(*byte.unwrap_or(&0))] |= 1 << run.len().min(31);
        };
        match loose {
            (true, true) => drop(self.inner.insert(run.into())),
            (false, true) => {
                note(&mut self.heads);
                measure(0, run.as_bytes().first());
            }
            (true, false) => {
                note(&mut self.tails);
                measure(1, run.as_bytes().last());
            }
            (false, false) => {}
        }
    }

    fn vocabulary(self) -> Vocabulary {
        let [heads, tails] = self.lengths.map(|lengths| lengths.unwrap_or_else(|| Box::new([0; 256])));
        let automaton = AhoCorasick::builder().ascii_case_insensitive(true).kind(Some(AhoCorasickKind::DFA)).build(&self.inner);
        Vocabulary {
            known: self.known,
            whole: self.whole,
            heads: self.heads,
            head_lengths: heads,
            tails: self.tails,
            tail_lengths: tails,
            inner: automaton.ok(),
            before_numbers: self.before_numbers,
        }
    }
}
