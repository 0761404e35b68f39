//! Phrases: literals with choices, gaps and placeholders, matched in linear time. `docs/rules.md` gives the syntax.

use std::ops::Range;

use memchr::memmem;

use crate::rules::form::{check_phrase, spread};

/// Longest text that a `*` stands for, in bytes.
const GAP: usize = 300;
/// Longest text that a `~` stands for, in bytes: a few words.
const STEP: usize = 48;

/// One compiled phrase.
#[derive(Clone, Debug)]
pub struct Phrase {
    /// Each with the gap before it; the first has none.
    stretches: Vec<(Gap, Vec<Piece>)>,
    /// The phrase does not begin (end) with `*`: its edge is a word's edge.
    closed: (bool, bool),
}

/// What may stand between two stretches.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Gap {
    /// `*`: anything.
    Wide,
    /// `~`: a few whole words of the same sentence, or none.
    Step,
}

#[derive(Clone, Debug, PartialEq)]
enum Piece {
    Literal(String),
    Run(Run),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Run {
    Digits,
    Ip,
    Host,
    Mailbox,
    Id,
    Word,
}

impl Phrase {
    /// Compiles a phrase: one for each way to read its choices.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn all(text: &str) -> Result<Vec<Self>, String> {
        check_phrase(text)?;
        Ok(spread(text)?.iter().map(|plain| Self::plain(plain)).collect())
    }

    /// A phrase without choices.
    fn plain(text: &str) -> Self {
        let mut stretches = Vec::new();
        let mut gap = Gap::Wide;
        for stretch in text.split_inclusive(['*', '~']) {
            let body = stretch.trim_end_matches(['*', '~']).trim();
            if !body.is_empty() {
                stretches.push((gap, pieces(body)));
            }
            gap = if stretch.ends_with('~') { Gap::Step } else { Gap::Wide };
        }
        Self { stretches, closed: (!text.starts_with('*'), !text.ends_with('*')) }
    }

    /// The longest literal: what the gate listens for.
    pub fn anchor(&self) -> &str {
        self.literals().max_by_key(|literal| literal.len()).unwrap_or_default()
    }

    /// Bytes that are literal: the longer, the more specific.
    pub fn weight(&self) -> usize {
        self.literals().map(str::len).sum()
    }

    fn literals(&self) -> impl Iterator<Item = &str> {
        self.stretches.iter().flat_map(|(_, pieces)| pieces).filter_map(|piece| match piece {
            Piece::Literal(text) => Some(text.as_str()),
            Piece::Run(_) => None,
        })
    }

    /// The phrase is one literal, without gaps and placeholders.
    pub fn is_literal(&self) -> bool {
        matches!(self.stretches.as_slice(), [(_, stretch)] if matches!(stretch.as_slice(), [Piece::Literal(_)]))
    }

    /// Where the phrase stands, given that its anchor stands at byte `at` of `text`: at once for a phrase that is one literal.
    pub fn find_anchored(&self, text: &str, at: usize) -> Option<Range<usize>> {
        let [(_, stretch)] = self.stretches.as_slice() else { return self.find(text) };
        let [Piece::Literal(literal)] = stretch.as_slice() else { return self.find(text) };
        let end = at + literal.len();
        ((!self.closed.0 || edge(text, at)) && (!self.closed.1 || edge(text, end))).then_some(at..end)
    }

    /// The first place in `text` (a face) where the phrase stands.
    pub fn find(&self, text: &str) -> Option<Range<usize>> {
        let ((_, first), rest) = self.stretches.split_first()?;
        let mut from = 0;
        while let Some(start) = find_stretch(first, text, from, text.len()) {
            if (!self.closed.0 || edge(text, start.start))
                && let Some(end) = self.follow(rest, text, start.end)
                && (!self.closed.1 || edge(text, end))
            {
                return Some(start.start..end);
            }
            from = next_char(text, start.start);
        }
        None
    }

    /// The end of the phrase whose first stretch ends at `end`. Each later stretch takes the nearest place in its gap.
    fn follow(&self, rest: &[(Gap, Vec<Piece>)], text: &str, mut end: usize) -> Option<usize> {
        for (gap, stretch) in rest {
            end = match gap {
                Gap::Wide => find_stretch(stretch, text, end, end + GAP)?.end,
                Gap::Step => {
                    let next = find_stretch(stretch, text, end, end + STEP)?;
                    let within = text.get(end..next.start)?;
                    let whole = edge(text, end) && edge(text, next.start);
                    (whole && ![". ", "; ", "\n"].iter().any(|stop| within.contains(stop))).then_some(next.end)?
                }
            };
        }
        Some(end)
    }
}

fn pieces(stretch: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut rest = stretch;
    while let Some((literal, tail)) = rest.split_once('{') {
        if !literal.is_empty() {
            found.push(Piece::Literal(literal.into()));
        }
        let (name, after) = tail.split_once('}').unwrap_or((tail, ""));
        found.push(Piece::Run(match name {
            "n" => Run::Digits,
            "ip" => Run::Ip,
            "host" => Run::Host,
            "addr" => Run::Mailbox,
            "id" => Run::Id,
            _ => Run::Word,
        }));
        rest = after;
    }
    if !rest.is_empty() {
        found.push(Piece::Literal(rest.into()));
    }
    found
}

/// Finds a stretch that starts in `from..=until`.
fn find_stretch(stretch: &[Piece], text: &str, from: usize, until: usize) -> Option<Range<usize>> {
    let Some(Piece::Literal(head)) = stretch.first() else { return None };
    let mut at = from;
    let stop = floor(text, until.saturating_add(head.len()).min(text.len()));
    while let Some(found) = text.get(at..stop).and_then(|rest| memmem::find(rest.as_bytes(), head.as_bytes())) {
        let start = at + found;
        if let Some(end) = match_pieces(&stretch[1..], text, start + head.len()) {
            return Some(start..end);
        }
        at = next_char(text, start);
    }
    None
}

fn match_pieces(pieces: &[Piece], text: &str, mut at: usize) -> Option<usize> {
    for piece in pieces {
        let rest = text.get(at..)?;
        at += match piece {
            Piece::Literal(literal) => rest.starts_with(literal.as_str()).then_some(literal.len())?,
            Piece::Run(run) => Some(run.length(rest)).filter(|length| *length > 0)?,
        };
    }
    Some(at)
}

impl Run {
    /// Bytes at the start of `text` that this placeholder takes.
    fn length(self, text: &str) -> usize {
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

/// A word begins or ends at byte `at`, or no word touches it. Scripts without spaces have edges everywhere.
fn edge(text: &str, at: usize) -> bool {
    let wordy = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && (c as u32) < 0x2e80);
    !(wordy(text[..at].chars().next_back()) && wordy(text[at..].chars().next()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(phrase: &str, text: &str) -> Option<String> {
        Phrase::all(phrase).unwrap().iter().find_map(|phrase| phrase.find(text)).map(|at| text[at].to_string())
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
        let far = format!("blocked {} using", "x".repeat(400));
        assert_eq!(hit("blocked * using", &far), None);
    }
}
