//! Evidence in a text: which stretches are marked, what is shown of a long text, what of it is invisible.

use std::ops::Range;

use super::mask::HIDDEN;
use crate::verdict::Evidence;

/// A numbered stretch of one part's text, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Counted from 1 over all evidence of an outcome, as shown.
    pub number: usize,
    pub start: usize,
    pub end: usize,
}

/// A stretch between two neighbouring mark borders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Piece {
    pub start: usize,
    pub end: usize,
    /// Marks that cover it, the innermost (latest begun) last.
    pub inside: Vec<usize>,
    /// Marks that begin here.
    pub begins: Vec<usize>,
    /// Marks that end here: their numbers are printed behind it.
    pub ends: Vec<usize>,
}

/// The order in which evidence is numbered: by part, then by place.
pub fn order(evidence: &[Evidence]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..evidence.len()).collect();
    order.sort_by_key(|&i| (evidence[i].part, evidence[i].start, usize::MAX - evidence[i].end));
    order
}

/// The marks of one part. Spans that do not fit the text (or cut a character) are left out.
pub fn marks(evidence: &[Evidence], part: usize, text: &str) -> Vec<Mark> {
    let numbered = order(evidence).into_iter().zip(1..);
    numbered
        .filter(|&(i, _)| evidence[i].part == part)
        .map(|(i, number)| Mark { number, start: evidence[i].start, end: evidence[i].end })
        .filter(|mark| mark.start < mark.end && text.get(mark.start..mark.end).is_some())
        .collect()
}

/// Cuts `range` of a text at every mark border; together the pieces are the range.
pub fn pieces(range: Range<usize>, marks: &[Mark]) -> Vec<Piece> {
    let here: Vec<&Mark> = marks.iter().filter(|mark| mark.start < range.end && range.start < mark.end).collect();
    let borders = here.iter().flat_map(|mark| [mark.start.max(range.start), mark.end.min(range.end)]);
    let mut cuts: Vec<usize> = borders.chain([range.start, range.end]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    cuts.windows(2).map(|cut| piece(cut[0], cut[1], &here)).collect()
}

fn piece(start: usize, end: usize, marks: &[&Mark]) -> Piece {
    let mut found = Piece { start, end, ..Piece::default() };
    for mark in marks.iter().filter(|mark| mark.start <= start && end <= mark.end) {
        found.inside.push(mark.number);
        if mark.start == start {
            found.begins.push(mark.number);
        }
        if mark.end == end {
            found.ends.push(mark.number);
        }
    }
    found
}

/// What to show of a long text: all of it up to `limit` bytes, else lines around the marks (or its beginning).
pub fn excerpt(text: &str, marks: &[Mark], limit: usize, around: usize) -> Vec<Range<usize>> {
    if text.len() <= limit {
        return if text.is_empty() { Vec::new() } else { vec![Range { start: 0, end: text.len() }] };
    }
    if marks.is_empty() {
        return vec![Range { start: 0, end: line_end(text, limit) }];
    }
    let mut windows: Vec<Range<usize>> = marks
        .iter()
        .map(|mark| line_start(text, mark.start.saturating_sub(around))..line_end(text, (mark.end + around).min(text.len())))
        .collect();
    windows.sort_by_key(|window| window.start);
    let mut merged: Vec<Range<usize>> = Vec::new();
    for window in windows {
        match merged.last_mut() {
            Some(last) if window.start <= last.end => last.end = last.end.max(window.end),
            _ => merged.push(window),
        }
    }
    merged
}

/// The whole text in lumps of about `size` bytes, cut at line ends where there are any and never within a mark.
pub fn lumps(text: &str, marks: &[Mark], size: usize) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let mut end = line_end(text, (start + size).min(text.len()));
        while let Some(mark) = marks.iter().find(|mark| mark.start < end && end < mark.end) {
            end = mark.end;
        }
        found.push(start..end);
        start = end;
    }
    found
}

/// How far a line's edge is looked for.
const REACH: usize = 400;

fn line_start(text: &str, at: usize) -> usize {
    let at = floor(text, at);
    let from = floor(text, at.saturating_sub(REACH));
    text[from..at].rfind('\n').map_or(from, |newline| from + newline + 1)
}

fn line_end(text: &str, at: usize) -> usize {
    let at = floor(text, at);
    let to = floor(text, (at + REACH).min(text.len()));
    text[at..to].find('\n').map_or(if to == text.len() { to } else { at }, |newline| at + newline + 1)
}

fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0)
}

/// A stretch as it is read: plain, hidden on wish, or a character that has no face of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Run<'a> {
    Plain(&'a str),
    /// Personal data, hidden.
    Hidden,
    /// A control, bidirectional or zero-width character.
    Control(char),
}

/// `text[range]` as runs; `hidden` are ranges of the whole text.
pub fn runs<'a>(text: &'a str, range: Range<usize>, hidden: &[Range<usize>]) -> Vec<Run<'a>> {
    let mut found = Vec::new();
    let mut at = range.start;
    let first = hidden.partition_point(|hide| hide.end <= range.start);
    for hide in hidden[first..].iter().take_while(|hide| hide.start < range.end) {
        faces(&text[at..hide.start.max(at)], &mut found);
        if hide.start >= range.start {
            found.push(Run::Hidden);
        }
        at = hide.end.min(range.end);
    }
    faces(&text[at..range.end], &mut found);
    found
}

fn faces<'a>(text: &'a str, found: &mut Vec<Run<'a>>) {
    let mut done = 0;
    for (at, c) in text.char_indices().filter(|(_, c)| is_invisible(*c)) {
        if done < at {
            found.push(Run::Plain(&text[done..at]));
        }
        if c != '\r' {
            found.push(Run::Control(c));
        }
        done = at + c.len_utf8();
    }
    if done < text.len() {
        found.push(Run::Plain(&text[done..]));
    }
}

/// Characters that show nothing and may deceive: controls, bidirectional marks, zero-width and tag characters.
pub fn is_invisible(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// `U+202E`.
pub fn code_point(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

/// One string as plain text that deceives nobody: controls as `[U+202E]`, personal data hidden on wish.
pub fn legible(text: &str, hide: bool) -> String {
    let hidden = if hide { super::mask::ranges(text) } else { Vec::new() };
    let mut shown = String::with_capacity(text.len());
    for run in runs(text, 0..text.len(), &hidden) {
        match run {
            Run::Plain(plain) => shown.push_str(plain),
            Run::Hidden => shown.push_str(HIDDEN),
            Run::Control(c) => shown.push_str(&format!("[{}]", code_point(c))),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(number: usize, start: usize, end: usize) -> Mark {
        Mark { number, start, end }
    }

    #[test]
    fn pieces_make_up_the_range() {
        let marks = [mark(1, 2, 8), mark(2, 4, 6), mark(3, 10, 12)];
        let cut = pieces(0..14, &marks);
        assert_eq!(cut.iter().map(|p| p.start..p.end).collect::<Vec<_>>(), [0..2, 2..4, 4..6, 6..8, 8..10, 10..12, 12..14]);
        assert_eq!(cut[2], Piece { start: 4, end: 6, inside: vec![1, 2], begins: vec![2], ends: vec![2] });
        assert_eq!((cut[3].ends.as_slice(), cut[1].begins.as_slice()), (&[1][..], &[1][..]));
        assert!(cut[4].inside.is_empty());
    }

    #[test]
    fn a_long_text_is_shown_around_its_marks() {
        let text = format!("{}the words\n{}", "line\n".repeat(4000), "more\n".repeat(4000));
        let shown = excerpt(&text, &[mark(1, 20_000, 20_009)], 1000, 50);
        assert_eq!(shown.len(), 1);
        assert!(text[shown[0].clone()].contains("the words") && shown[0].len() < 300);
        assert!(text[shown[0].clone()].starts_with("line\n"));
        assert_eq!(excerpt("short", &[], 1000, 50), [Range { start: 0, end: 5 }]);
    }

    #[test]
    fn lumps_make_up_the_text_and_spare_marks() {
        let text = "ä".repeat(5000);
        let marks = [mark(1, 900, 1300)];
        let cut = lumps(&text, &marks, 1000);
        assert_eq!((cut[0].clone(), cut.last().map(|l| l.end)), (0..1300, Some(text.len())));
        assert!(cut.windows(2).all(|pair| pair[0].end == pair[1].start));
        assert!(cut.iter().all(|lump| text.get(lump.clone()).is_some()));
    }

    #[test]
    fn what_deceives_is_named() {
        assert_eq!(legible("a\u{202e}b\r\nc\0", false), "a[U+202E]b\nc[U+0000]");
        assert_eq!(legible("to ann@example.com", true), "to a***@example.com");
    }

    #[test]
    fn a_hidden_stretch_over_a_border_shows_once() {
        let text = "ann@example.com";
        let hidden = super::super::mask::ranges(text);
        assert_eq!(runs(text, 0..2, &hidden), [Run::Plain("a"), Run::Hidden]);
        assert_eq!(runs(text, 2..15, &hidden), [Run::Plain("@example.com")]);
    }

    #[test]
    fn spans_that_do_not_fit_are_left_out() {
        let evidence = |start, end| Evidence {
            kind: crate::verdict::Proof::Wording,
            rule: "x".into(),
            quote: String::new(),
            part: 0,
            start,
            end,
            source: None,
            note: Default::default(),
        };
        let all = [evidence(0, 2), evidence(1, 2), evidence(2, 99), evidence(4, 3)];
        assert_eq!(marks(&all, 0, "äbc").len(), 1);
    }
}
