//! Phrases: literals with choices, gaps and placeholders, matched in linear time. `docs/rules.md` gives the syntax.

use std::ops::Range;

use memchr::memmem;

use super::fold::folded;
use crate::rules::form::{Part, check_phrase, parts};

/// Longest text that a `*` stands for, as [`reach`] counts.
const GAP: usize = 300;
/// Longest text that a `~` stands for: eight words.
const STEP: usize = 48;
/// What a word of a gap counts, whatever its length: an address in it may be long or short.
const WORD: usize = 6;

/// One compiled phrase.
#[derive(Clone, Debug)]
pub struct Phrase {
    /// Each with the gap before it; the first has none.
    pub(super) stretches: Vec<(Gap, Vec<Piece>)>,
    /// The phrase does not begin (end) with `*`: its edge is a word's edge.
    pub(super) closed: (bool, bool),
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
    Any(Vec<String>),
    Run(Run),
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
        Ok(Self { stretches, closed: (!text.starts_with('*'), !text.ends_with('*')) })
    }

    /// What the gate listens for: the literal whose shortest reading is the longest, in every reading.
    pub fn anchors(&self) -> &[String] {
        self.literals().max_by_key(|options| shortest(options)).unwrap_or_default()
    }

    /// Bytes that are literal, where the shortest choice is taken: the longer, the more specific.
    pub fn weight(&self) -> usize {
        self.literals().map(shortest).sum()
    }

    fn literals(&self) -> impl Iterator<Item = &[String]> {
        self.stretches.iter().flat_map(|(_, pieces)| pieces).filter_map(|piece| match piece {
            Piece::Any(options) => Some(options.as_slice()),
            Piece::Run(_) => None,
        })
    }

    /// The phrase is one literal, without gaps and placeholders.
    pub fn is_literal(&self) -> bool {
        matches!(self.stretches.as_slice(), [(_, stretch)] if matches!(stretch.as_slice(), [Piece::Any(options)] if options.len() == 1))
    }

    /// Where the phrase stands, given that the head of its anchor stands at byte `at` of `text`: at once for a phrase that is one literal.
    pub fn find_anchored(&self, text: &str, at: usize) -> Option<Range<usize>> {
        let [(_, stretch)] = self.stretches.as_slice() else { return self.find(text) };
        let [Piece::Any(options)] = stretch.as_slice() else { return self.find(text) };
        let [literal] = options.as_slice() else { return self.find(text) };
        let end = at + literal.len();
        (text.get(at..end) == Some(literal.as_str()) && (!self.closed.0 || edge(text, at)) && (!self.closed.1 || edge(text, end)))
            .then_some(at..end)
    }

    /// The first place in `text` (a face) where the phrase stands.
    pub fn find(&self, text: &str) -> Option<Range<usize>> {
        let ((_, first), rest) = self.stretches.split_first()?;
        let whole = |start: Range<usize>| {
            let opens = !self.closed.0 || edge(text, start.start);
            let end = self.follow(rest, text, start.end).filter(|_| opens)?;
            (!self.closed.1 || edge(text, end)).then_some(start.start..end)
        };
        heads(first).filter_map(|head| fits(head, &first[1..], text, 0, text.len()).find_map(whole)).min_by_key(|found| found.start)
    }

    /// The end of the phrase whose first stretch ends at `end`. Each later stretch takes the nearest place in its gap.
    fn follow(&self, rest: &[(Gap, Vec<Piece>)], text: &str, mut end: usize) -> Option<usize> {
        for (n, (gap, stretch)) in rest.iter().enumerate() {
            let closed = self.closed.1 || n + 1 < rest.len();
            end = match gap {
                Gap::Wide => nearest(stretch, text, end, GAP, |at| edge(text, at.start))?.end,
                Gap::Step if !edge(text, end) => return None,
                Gap::Step => {
                    nearest(stretch, text, end, STEP, |at| {
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
        match part {
            Part::Literal(text) => Self::Any(vec![text.into()]),
            Part::Choice(mut options) => {
                options.sort_by_key(|option| std::cmp::Reverse(option.len()));
                Self::Any(options.into_iter().map(String::from).collect())
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

fn shortest(options: &[String]) -> usize {
    options.iter().map(String::len).min().unwrap_or_default()
}

/// The literals that a stretch may begin with.
fn heads(stretch: &[Piece]) -> impl Iterator<Item = &str> {
    let options = match stretch.first() {
        Some(Piece::Any(options)) => options.as_slice(),
        _ => &[],
    };
    options.iter().map(String::as_str)
}

/// The nearest place of a stretch that starts within reach of `from` and passes.
fn nearest(stretch: &[Piece], text: &str, from: usize, gap: usize, passes: impl Fn(&Range<usize>) -> bool) -> Option<Range<usize>> {
    let until = reach(text, from, gap);
    let first = |head| fits(head, &stretch[1..], text, from, until).find(&passes);
    heads(stretch).filter_map(first).min_by_key(|found| found.start)
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
            let start = at + memmem::find(text.get(at..stop)?.as_bytes(), head.as_bytes())?;
            at = next_char(text, start);
            if let Some(end) = match_pieces(tail, text, start + head.len()) {
                return Some(start..end);
            }
        }
    })
}

fn match_pieces(pieces: &[Piece], text: &str, mut at: usize) -> Option<usize> {
    for piece in pieces {
        let rest = text.get(at..)?;
        at += match piece {
            Piece::Any(options) => options.iter().find(|option| rest.starts_with(option.as_str()))?.len(),
            Piece::Run(run) => Some(run.length(rest)).filter(|length| *length > 0)?,
        };
    }
    Some(at)
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
    let wordy = |c: Option<char>| c.is_some_and(|c| c == '_' || c.is_alphanumeric() && (c as u32) < 0x2e80);
    !(wordy(text[..at].chars().next_back()) && wordy(text[at..].chars().next()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(phrase: &str, text: &str) -> Option<String> {
        Phrase::new(phrase, 3).unwrap().find(text).map(|at| text[at].to_string())
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
