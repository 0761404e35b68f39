//! Phrases: literals with choices, gaps and placeholders, matched in linear time. `docs/rules.md` gives the syntax.

use std::ops::Range;

use memchr::{memchr_iter, memmem};

use super::fold::folded;
use super::gate::{self, Bits};
use crate::rules::form::{Part, check_phrase, parts};

/// Longest text that a `*` stands for, as [`reach`] counts.
const GAP: usize = 300;
/// Longest text that a `~` stands for: eight words.
const STEP: usize = 48;
/// Bytes of a text that is searched without preparation.
const SHORT: usize = 1024;
/// What a word of a gap counts, whatever its length: an address in it may be long or short.
const WORD: usize = 6;

/// One compiled phrase.
#[derive(Clone, Debug)]
pub struct Phrase {
    /// Each with the gap before it; the first has none.
    pub(super) stretches: Vec<(Gap, Vec<Piece>)>,
    /// The phrase does not begin (end) with `*`: its edge is a word's edge.
    pub(super) closed: (bool, bool),
    /// Bytes that are literal, where the shortest choice is taken: the longer, the more specific.
    pub weight: usize,
    /// Words that stand in every text where the phrase does.
    owed: Bits,
}

/// What may stand between two stretches.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Gap {
    /// `*`: anything.
    Wide,
    /// `~`: a few whole words of the same sentence, or none.
    Step,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece {
    /// Any one of these literals, the longest first.
    Any(Vec<Literal>),
    Run(Run),
}

/// Text that stands as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Literal {
    pub text: String,
    /// Hashes of the words that stand whole within it.
    pub words: Vec<u64>,
}

impl Literal {
    /// One of its words, the one least likely to stand in any text.
    pub fn word(&self) -> Option<u64> {
        self.words.first().copied()
    }

    /// Whether a text of these words may hold it.
    fn may_stand(&self, bits: &Bits) -> bool {
        self.word().is_none_or(|word| bits.has(word))
    }

    /// Notes its whole words, the longest first; whether the text before (behind) ends (begins) apart from them.
    fn listen(&mut self, apart: (bool, bool)) {
        let mut found = Vec::new();
        gate::words(&self.text, |word, length, first, last| {
            if (!first || apart.0) && (!last || apart.1) {
                found.push((length, word));
            }
        });
        found.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
        self.words = found.into_iter().map(|(_, word)| word).collect();
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Run {
    Digits,
    Ip,
    Host,
    Mailbox,
    Id,
    Word,
}

impl Phrase {
    /// Compiles a phrase that owes a literal of `least` bytes.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn new(text: &str, least: usize) -> Result<Self, String> {
        check_phrase(text, least)?;
        let text = undashed(folded(text));
        let mut stretches = Vec::new();
        let mut gap = Gap::Wide;
        for stretch in text.split_inclusive(['*', '~']) {
            let body = stretch.trim_end_matches(['*', '~']).trim();
            if !body.is_empty() {
                stretches.push((gap, parts(body)?.into_iter().map(Piece::from).collect()));
            }
            gap = if stretch.ends_with('~') { Gap::Step } else { Gap::Wide };
        }
        let mut phrase = Self { stretches, closed: (!text.starts_with('*'), !text.ends_with('*')), weight: 0, owed: Bits::default() };
        phrase.weight = phrase.literals().map(shortest).sum();
        phrase.listen();
        Ok(phrase)
    }

    /// Finds the whole words of all literals.
    fn listen(&mut self) {
        for n in 0..self.stretches.len() {
            let opens = n > 0 || self.closed.0;
            let closes = self.stretches.get(n + 1).map_or(self.closed.1, |(gap, _)| *gap == Gap::Step);
            let stretch = &mut self.stretches[n].1;
            for at in 0..stretch.len() {
                let apart = (gate::ends_apart(&stretch[..at], opens), gate::begins_apart(&stretch[at + 1..], closes));
                let Piece::Any(options) = &mut stretch[at] else { continue };
                options.iter_mut().for_each(|literal| literal.listen(apart));
                if let [literal] = options.as_slice() {
                    literal.words.iter().for_each(|word| self.owed.set(*word));
                }
            }
        }
    }

    /// What the gate listens for: the literal whose shortest reading is the longest, in every reading.
    pub fn anchors(&self) -> &[Literal] {
        self.literals().max_by_key(|options| shortest(options)).unwrap_or_default()
    }

    fn literals(&self) -> impl Iterator<Item = &[Literal]> {
        self.stretches.iter().flat_map(|(_, pieces)| pieces).filter_map(|piece| match piece {
            Piece::Any(options) => Some(options.as_slice()),
            Piece::Run(_) => None,
        })
    }

    /// The first place in `text` (a face) where the phrase stands.
    pub fn find(&self, text: &str, bits: &Bits) -> Option<Range<usize>> {
        if !bits.holds(&self.owed) {
            return None;
        }
        let ((_, first), rest) = self.stretches.split_first()?;
        let whole = |start: Range<usize>| {
            let opens = !self.closed.0 || edge(text, start.start);
            let end = self.follow(rest, text, bits, start.end).filter(|_| opens)?;
            (!self.closed.1 || edge(text, end)).then_some(start.start..end)
        };
        heads(first, bits).filter_map(|head| fits(head, &first[1..], text, 0, text.len()).find_map(whole)).min_by_key(|found| found.start)
    }

    /// The end of the phrase whose first stretch ends at `end`. Each later stretch takes the nearest place in its gap.
    fn follow(&self, rest: &[(Gap, Vec<Piece>)], text: &str, bits: &Bits, mut end: usize) -> Option<usize> {
        for (n, (gap, stretch)) in rest.iter().enumerate() {
            let closed = self.closed.1 || n + 1 < rest.len();
            end = match gap {
                Gap::Wide => nearest(stretch, text, bits, end, GAP, |at| edge(text, at.start))?.end,
                Gap::Step if !edge(text, end) => return None,
                Gap::Step => {
                    nearest(stretch, text, bits, end, STEP, |at| {
                        edge(text, at.start) && (!closed || edge(text, at.end)) && is_step(&text[end..at.start])
                    })?
                    .end
                }
            };
        }
        Some(end)
    }
}

impl From<Part<'_>> for Piece {
    fn from(part: Part<'_>) -> Self {
        let literal = |text: &str| Literal { text: text.into(), words: Vec::new() };
        match part {
            Part::Literal(text) => Self::Any(vec![literal(text)]),
            Part::Choice(mut options) => {
                options.sort_by_key(|option| std::cmp::Reverse(option.len()));
                Self::Any(options.into_iter().map(literal).collect())
            }
            Part::Placeholder(name) => Self::Run(match name {
                "n" => Run::Digits,
                "ip" => Run::Ip,
                "host" => Run::Host,
                "addr" => Run::Mailbox,
                "id" => Run::Id,
                _ => Run::Word,
            }),
        }
    }
}

/// A face shows the `-` behind the code of a multi-line reply as a blank; a phrase may begin with both.
fn undashed(mut text: String) -> String {
    let code = text.bytes().take_while(u8::is_ascii_digit).count();
    if code == 3 && text[code..].starts_with('-') {
        text.replace_range(code..=code, " ");
    }
    text
}

fn shortest(options: &[Literal]) -> usize {
    options.iter().map(|option| option.text.len()).min().unwrap_or_default()
}

/// The literals that a stretch may begin with in a text of these words.
fn heads<'s>(stretch: &'s [Piece], bits: &Bits) -> impl Iterator<Item = &'s str> {
    let options = match stretch.first() {
        Some(Piece::Any(options)) => options.as_slice(),
        _ => &[],
    };
    options.iter().filter(|option| option.may_stand(bits)).map(|option| option.text.as_str())
}

/// The nearest place of a stretch that starts within reach of `from` and passes.
fn nearest(
    stretch: &[Piece],
    text: &str,
    bits: &Bits,
    from: usize,
    gap: usize,
    passes: impl Fn(&Range<usize>) -> bool,
) -> Option<Range<usize>> {
    let until = reach(text, from, gap);
    let first = |head| fits(head, &stretch[1..], text, from, until).find(&passes);
    heads(stretch, bits).filter_map(first).min_by_key(|found| found.start)
}

/// Less than four words.
pub fn is_short(text: &str) -> bool {
    reach(text, 0, 4 * WORD - 1) == text.len()
}

/// Where a gap that begins at `from` ends at last: each run of ASCII letters, digits and signs counts as one word, however long it
/// is, any other byte as itself.
fn reach(text: &str, from: usize, gap: usize) -> usize {
    let (mut count, mut within) = (0, false);
    let bytes = text.as_bytes().iter().skip(from);
    let ended = bytes.clone().position(|byte| {
        let word = byte.is_ascii_graphic();
        count += if word && !within { WORD } else { usize::from(!byte.is_ascii()) };
        within = word;
        count > gap
    });
    ended.map_or(text.len(), |length| floor(text, from + length))
}

/// A few words of one sentence; not what goes on within `user@example.com`.
fn is_step(gap: &str) -> bool {
    !gap.starts_with(['@', '.', '-', '+', '=', '/']) && ![". ", "; ", "\n"].iter().any(|stop| gap.contains(stop))
}

/// The places that start in `from..=until` with `head`, followed by `tail`.
fn fits(head: &str, tail: &[Piece], text: &str, from: usize, until: usize) -> impl Iterator<Item = Range<usize>> {
    let stop = floor(text, until.saturating_add(head.len()).min(text.len()));
    let mut at = from;
    std::iter::from_fn(move || {
        loop {
            let start = at + position(text.get(at..stop)?.as_bytes(), head.as_bytes())?;
            at = next_char(text, start);
            if let Some(end) = match_pieces(tail, text, start + head.len()) {
                return Some(start..end);
            }
        }
    })
}

/// Where `needle` stands first. Most texts are short: a search that needs no preparation suits them.
fn position(hay: &[u8], needle: &[u8]) -> Option<usize> {
    if hay.len() > SHORT {
        return memmem::find(hay, needle);
    }
    let (first, last) = (needle.first()?, hay.len().checked_sub(needle.len())?);
    memchr_iter(*first, &hay[..=last]).find(|at| hay[*at..*at + needle.len()] == *needle)
}

fn match_pieces(pieces: &[Piece], text: &str, mut at: usize) -> Option<usize> {
    for piece in pieces {
        let rest = text.get(at..)?;
        at += match piece {
            Piece::Any(options) => options.iter().find(|option| begins(rest, &option.text))?.text.len(),
            Piece::Run(run) => Some(run.length(rest)).filter(|length| *length > 0)?,
        };
    }
    Some(at)
}

/// `text` begins with `head`; mostly the first byte tells.
fn begins(text: &str, head: &str) -> bool {
    match head.as_bytes().first() {
        None => true,
        first => text.as_bytes().first() == first && text.starts_with(head),
    }
}

impl Run {
    /// Bytes at the start of `text` that this placeholder takes.
    pub(super) fn length(self, text: &str) -> usize {
        let take = |fits: fn(char) -> bool| text.find(|c| !fits(c)).unwrap_or(text.len()).min(320);
        let taken = match self {
            Self::Digits => take(|c| c.is_ascii_digit()),
            Self::Ip => take(|c| c.is_ascii_hexdigit() || matches!(c, '.' | ':' | 'x')),
            Self::Host => take(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_')),
            Self::Mailbox => take(|c| !c.is_whitespace() && !matches!(c, '<' | '>' | '(' | ')' | ',' | ';' | '"' | ':')),
            Self::Id => take(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')),
            Self::Word => take(|c| !c.is_whitespace()),
        };
        let taken = floor(text, taken);
        if matches!(self, Self::Word) { taken } else { text[..taken].trim_end_matches(['.', ':', '-']).len() }
    }
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn next_char(text: &str, at: usize) -> usize {
    at + text[at..].chars().next().map_or(1, char::len_utf8)
}

/// A word begins or ends at byte `at`, or no word touches it. `MAILBOX_FULL` is one word; scripts without spaces have edges everywhere.
pub(super) fn edge(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    let (before, after) = (at.checked_sub(1).and_then(|at| bytes.get(at)), bytes.get(at));
    match (before, after) {
        (None, _) | (_, None) => true,
        (Some(before), Some(after)) if before.is_ascii() && after.is_ascii() => !(is_wordy_byte(*before) && is_wordy_byte(*after)),
        _ => !(is_wordy(text[..at].chars().next_back()) && is_wordy(text[at..].chars().next())),
    }
}

fn is_wordy_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// A character of words that have edges.
pub(super) fn is_wordy(c: Option<char>) -> bool {
    c.is_some_and(|c| c == '_' || c.is_alphanumeric() && (c as u32) < 0x2e80)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(phrase: &str, text: &str) -> Option<String> {
        Phrase::new(phrase, 3).unwrap().find(text, &Bits::ALL).map(|at| text[at].to_string())
    }

    #[test]
    fn matches_gaps_and_placeholders() {
        assert_eq!(
            hit("messages from [{ip}] weren't sent * (s3150)", "x messages from [192.0.2.7] weren't sent. list (s3150)."),
            Some("messages from [192.0.2.7] weren't sent. list (s3150)".into())
        );
        assert_eq!(hit("quota of {n} bytes", "a quota of  bytes"), None);
        assert_eq!(hit("user {addr} unknown", "user bob@example.com unknown here"), Some("user bob@example.com unknown".into()));
    }

    #[test]
    fn keeps_to_word_edges_unless_told() {
        assert_eq!(hit("reject", "rejected"), None);
        assert_eq!(hit("reject*", "rejected"), Some("reject".into()));
        assert_eq!(hit("over quota", "discover quota"), None);
        assert_eq!(hit("\u{53d7}\u{4fe1}\u{8005}", "\u{8be5}\u{53d7}\u{4fe1}\u{8005}\u{4e0d}"), Some("\u{53d7}\u{4fe1}\u{8005}".into()));
    }

    #[test]
    fn reads_choices_and_short_gaps() {
        let phrase = "{user|mailbox} ~ {does not|doesn't} exist";
        assert_eq!(hit(phrase, "the mailbox of bob doesn't exist"), Some("mailbox of bob doesn't exist".into()));
        assert_eq!(hit(phrase, "user does not exist"), Some("user does not exist".into()));
        assert_eq!(hit(phrase, "users do not wait. it does not exist"), None);
        assert_eq!(hit(phrase, "user agent refused. the file does not exist"), None);
        assert_eq!(hit("no such {|local }user", "no such user"), Some("no such user".into()));
    }

    #[test]
    fn a_gap_is_bounded() {
        assert_eq!(hit("blocked * using", &format!("blocked {}using", "x ".repeat(60))), None);
        let long = format!("blocked {} using", "x".repeat(400));
        assert_eq!(hit("blocked * using", &long).as_deref(), Some(long.as_str()));
    }
}
