//! The human part of a notice, of whichever program: one reader driven by structure.
//!
//! A notice names a recipient (on a line of its own, after `to`, or behind a reply code) and says near by what happened.
//! The returned message below it is cut off first. Nothing here knows a generator; wording lives in `phrases`.

use std::cell::OnceCell;
use std::collections::HashSet;
use std::ops::Range;

use super::lines::{Line, lines, starts};
use super::marks::{self, Kind, Mark};
use super::{address, original, phrases, reply};

/// What the prose says about one recipient, in ranges of the text.
#[derive(Clone, Debug)]
pub struct Passage {
    pub recipient: Option<String>,
    /// What was expanded to the address that the words are about, if the notice says so.
    pub original: Option<String>,
    /// The reply, innermost first, then the paragraph it stands in.
    pub words: Vec<Range<usize>>,
    /// The whole notice without the returned message.
    pub notice: Range<usize>,
}

/// Most places that are looked at as a recipient's, most recipients of prose, and most lines of a dialogue: no honest notice has more.
const MARKS: usize = 2000;
const RECIPIENTS: usize = 200;
const DIALOGUE: usize = 500;
/// Lines of a notice, at most.
const LINES: usize = 20_000;

/// A notice's prose, split into lines.
pub struct Prose<'a> {
    text: &'a str,
    lines: Vec<Line<'a>>,
    notice: Range<usize>,
    /// The paragraphs that say something, once they were asked for.
    telling: OnceCell<Vec<Range<usize>>>,
}

impl<'a> Prose<'a> {
    /// Takes the notice out of `text`: what stands before the returned message.
    pub fn new(text: &'a str) -> Self {
        let all: Vec<Line<'a>> = lines(text).take(LINES).collect();
        let own = original::begins(&all);
        let lines: Vec<Line<'a>> = all.into_iter().take(own).collect();
        let start = lines.iter().find(|line| !line.text.is_empty()).map_or(0, |line| line.at.start);
        let stop = lines.iter().rev().find(|line| !line.text.is_empty()).map_or(start, |line| line.at.end);
        Self { text, lines, notice: start..stop, telling: OnceCell::new() }
    }

    /// Bytes of the notice.
    pub fn notice(&self) -> Range<usize> {
        self.notice.clone()
    }

    /// Addresses in the header lines that a mail program showed above the notice (`An: …`, `To: …`), up to the first blank line below them.
    pub fn shown_header(&self) -> Vec<String> {
        let field = |line: &&Line<'_>| {
            let name = line.text.split([':', '：']).next().unwrap_or_default().trim().to_lowercase();
            line.text.len() < 500 && phrases::SHOWN_FIELDS.contains(&name.as_str())
        };
        let top: Vec<&Line<'_>> = self.lines.iter().filter(|line| !line.text.is_empty()).take(8).filter(field).collect();
        if top.len() < 2 {
            return Vec::new();
        }
        top.iter().flat_map(|line| address::all(line.text).into_iter().map(|at| line.text[at].to_owned())).collect()
    }

    /// The text up to the returned message.
    pub fn kept(&self) -> &'a str {
        self.text.get(..self.notice.end).unwrap_or_default()
    }

    /// The mail that stands whole below the notice, from its `From ` line or first header field.
    pub fn forwarded(&self) -> Option<&'a str> {
        let rest = self.text.get(self.notice.end..)?;
        let envelope = || self.lines.iter().find(|line| starts(line.text, "from mailer-daemon "));
        original::mail_in(rest).or_else(|| self.text.get(envelope()?.at.start..))
    }

    /// The recipients that the notice names, with what it says about each. `not` are addresses that belong to others.
    pub fn passages(&self, not: &[String]) -> Vec<Passage> {
        let mut marks = self.marks(not);
        if marks.is_empty() {
            // Who writes to oneself is recipient, too.
            marks = self.marks(&[]);
            marks.retain(|mark| mark.kind == Kind::Own);
        }
        let Some(surest) = marks.iter().map(|mark| mark.kind).min() else { return Vec::new() };
        marks.retain(|mark| mark.kind == surest);
        if surest == Kind::Lone && marks.iter().any(|mark| !address::same(&mark.recipient, &marks[0].recipient)) {
            return Vec::new();
        }
        self.blocks(&marks)
    }

    /// What the notice says about recipients that are known from elsewhere, one passage each.
    pub fn about(&self, recipients: &[String]) -> Vec<Passage> {
        let known: HashSet<String> = recipients.iter().map(|recipient| recipient.to_lowercase()).collect();
        let marks: Vec<Mark> = self.marks(&[]).into_iter().filter(|mark| known.contains(&mark.recipient.to_lowercase())).collect();
        let found = self.blocks(&marks);
        let of = |recipient: &String| found.iter().find(|p| p.recipient.as_deref().is_some_and(|r| address::same(r, recipient))).cloned();
        recipients
            .iter()
            .map(|recipient| of(recipient).unwrap_or_else(|| self.whole(Some(recipient.clone()), recipients.len() == 1)))
            .collect()
    }

    /// A passage of the whole notice; its words where it speaks of one recipient only.
    pub fn whole(&self, recipient: Option<String>, alone: bool) -> Passage {
        let name = recipient.clone().unwrap_or_default();
        if alone {
            Passage { recipient, ..self.passage(name, &[self.notice()], true, None) }
        } else {
            Passage { recipient, original: None, words: Vec::new(), notice: self.notice() }
        }
    }

    /// Every place where an address can be a recipient.
    fn marks(&self, not: &[String]) -> Vec<Mark> {
        let mut marks = Vec::new();
        for (n, line) in self.lines.iter().enumerate().filter(|(_, line)| line.text.contains('@')) {
            for at in address::all(line.text).into_iter().take(50) {
                let recipient = &line.text[at.clone()];
                if address::is_system(recipient) || not.iter().any(|other| address::same(other, recipient)) {
                    continue;
                }
                if marks.len() == MARKS {
                    return marks;
                }
                if let Some(kind) = marks::kind(&self.lines, n, &at).filter(|kind| *kind != Kind::Lone || !address::is_help(recipient)) {
                    let original = marks::original(&self.lines, n, at.end);
                    marks.push(Mark { kind, line: n, recipient: recipient.to_owned(), original });
                }
            }
        }
        marks
    }

    /// One passage for each recipient of `marks`, in order of appearance.
    fn blocks(&self, marks: &[Mark]) -> Vec<Passage> {
        let mut found: Vec<(&Mark, Vec<Range<usize>>)> = Vec::new();
        for (n, mark) in marks.iter().enumerate() {
            let goes_on = n > 0 && mark.kind != Kind::Coded && address::same(&marks[n - 1].recipient, &mark.recipient);
            if goes_on {
                continue;
            }
            let block = self.block(marks, n);
            match found.iter().position(|(known, _)| address::same(&known.recipient, &mark.recipient)) {
                Some(known) => found[known].1.push(block),
                None if found.len() < RECIPIENTS => found.push((mark, vec![block])),
                None => {}
            }
        }
        let alone = found.len() == 1;
        let shared = if alone { None } else { self.outside(&found) };
        let passage = |(mark, blocks): (&Mark, Vec<Range<usize>>)| Passage {
            original: mark.original.clone(),
            ..self.passage(mark.recipient.clone(), &blocks, alone, shared.as_ref())
        };
        found.into_iter().map(passage).collect()
    }

    /// The reply that stands before or after all blocks.
    fn outside(&self, found: &[(&Mark, Vec<Range<usize>>)]) -> Option<Range<usize>> {
        let blocks = || found.iter().flat_map(|(_, blocks)| blocks);
        let (first, last) = (blocks().map(|block| block.start).min()?, blocks().map(|block| block.end).max()?);
        reply::coded(self.text, self.notice.start..first).or_else(|| reply::coded(self.text, last..self.notice.end))
    }

    /// Bytes that belong to mark `n`: from its line to the next mark's; a coded line ends the dialogue above it.
    fn block(&self, marks: &[Mark], n: usize) -> Range<usize> {
        let line_at = |n: usize| self.lines.get(n).map_or(self.notice.end, |line| line.at.start);
        if marks[n].kind == Kind::Coded {
            let above = n.checked_sub(1).map_or(0, |above| marks[above].line + 1).min(marks[n].line);
            // The command that this line answers stands last before it.
            let command =
                self.lines[above..marks[n].line].iter().rposition(|line| line.text.starts_with(">>>")).map_or(above, |at| above + at);
            let from = line_at(command);
            let to = if n + 1 == marks.len() { self.notice.end } else { self.lines[marks[n].line].at.end };
            return from..to.max(from);
        }
        let differs = |mark: &&Mark| mark.line > marks[n].line && !address::same(&mark.recipient, &marks[n].recipient);
        let next = marks[n + 1..].iter().find(differs).map_or(self.lines.len(), |mark| mark.line);
        let several = marks.iter().any(|mark| !address::same(&mark.recipient, &marks[n].recipient));
        let section = self.lines[marks[n].line + 1..next]
            .iter()
            .position(|line| several && is_rule(line.text))
            .map_or(next, |at| marks[n].line + 1 + at);
        line_at(marks[n].line)..line_at(section).min(self.notice.end).max(line_at(marks[n].line))
    }

    /// `shared` is the reply that stands outside of all recipients' blocks.
    fn passage(&self, recipient: String, blocks: &[Range<usize>], alone: bool, shared: Option<&Range<usize>>) -> Passage {
        let own = |find: fn(&str, Range<usize>) -> Option<Range<usize>>| blocks.iter().find_map(|block| find(self.text, block.clone()));
        let inner = own(reply::coded)
            .or_else(|| self.transcript(&recipient))
            .or_else(|| alone.then(|| reply::coded(self.text, self.notice())).flatten())
            .or_else(|| own(reply::said))
            .or_else(|| shared.filter(|_| self.told(blocks).is_none()).cloned());
        let spoken = |inner: &Range<usize>| {
            let paragraph = self.paragraph(inner.start);
            let block = blocks.iter().find(|block| !alone && block.contains(&inner.start));
            block.map_or(paragraph.clone(), |block| within(&paragraph, block))
        };
        let paragraph = inner.as_ref().map(spoken).or_else(|| self.reason(blocks));
        Passage { recipient: Some(recipient), original: None, words: distinct(inner.into_iter().chain(paragraph)), notice: self.notice() }
    }

    /// The reply in a dialogue (`>>> RCPT To:<a@b>`, `<<< 550 …`, `550 <a@b>... no`) that names the recipient.
    fn transcript(&self, recipient: &str) -> Option<Range<usize>> {
        let mut dialogue = self.lines.iter().filter(|line| line.text.len() < 1000 && reply::begins_with_code(line.text)).take(DIALOGUE);
        let line = dialogue.find(|line| contains_address(line.text, recipient))?;
        let end = self.notice.end.min(self.text.floor_char_boundary(line.at.start + reply::LONGEST));
        reply::inner(self.text, line.at.start..end)
    }

    /// The paragraph around byte `at`.
    fn paragraph(&self, at: usize) -> Range<usize> {
        let n = self.lines.partition_point(|line| line.at.end < at).min(self.lines.len().saturating_sub(1));
        let first = self.lines[..n].iter().rposition(|line| line.text.is_empty()).map_or(0, |blank| blank + 1);
        let last = self.lines[n..].iter().position(|line| line.text.is_empty()).map_or(self.lines.len(), |blank| n + blank);
        self.span(first, last)
    }

    /// Bytes of lines `first..last`.
    fn span(&self, first: usize, last: usize) -> Range<usize> {
        let lines = &self.lines[first.min(last)..last];
        match (lines.first(), lines.last()) {
            (Some(first), Some(last)) => first.at.start..last.at.end,
            _ => self.notice(),
        }
    }

    /// The first paragraph that says something: in the recipient's own blocks, after them, or else before them.
    fn reason(&self, blocks: &[Range<usize>]) -> Option<Range<usize>> {
        let (first, last) = (blocks.first()?, blocks.last()?);
        let telling = self.telling.get_or_init(|| {
            self.paragraphs(self.notice()).into_iter().filter(|range| self.text.get(range.clone()).is_some_and(says_something)).collect()
        });
        let after = telling.partition_point(|range| range.start < last.end);
        let before = telling.partition_point(|range| range.end <= first.start);
        let shared = telling.get(after).or_else(|| before.checked_sub(1).and_then(|n| telling.get(n)));
        self.told(blocks).or_else(|| self.above(first.start)).or_else(|| shared.cloned())
    }

    /// The lines right above a recipient's, in the same paragraph, if they say something.
    fn above(&self, start: usize) -> Option<Range<usize>> {
        let text = self.text.get(self.paragraph(start).start..start)?;
        let range = start - text.len()..start - text.len() + text.trim_end().len();
        says_something(text).then_some(range)
    }

    /// The first paragraph of a recipient's own blocks that says something.
    fn told(&self, blocks: &[Range<usize>]) -> Option<Range<usize>> {
        let mut paragraphs = blocks.iter().flat_map(|block| self.paragraphs(block.clone()));
        paragraphs.find(|range| self.text.get(range.clone()).is_some_and(says_something))
    }

    fn paragraphs(&self, within: Range<usize>) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        let mut open = false;
        let from = self.lines.partition_point(|line| line.at.start < within.start);
        for line in self.lines.get(from..).unwrap_or_default().iter().take_while(|line| line.at.end <= within.end) {
            match found.last_mut().filter(|_| open) {
                _ if line.text.is_empty() || is_rule(line.text) => open = false,
                Some(last) => last.end = line.at.end,
                None => {
                    found.push(line.at.clone());
                    open = true;
                }
            }
        }
        found
    }
}

/// The part of `range` inside of `limits`, or all of it where there is none.
fn within(range: &Range<usize>, limits: &Range<usize>) -> Range<usize> {
    let (start, end) = (range.start.max(limits.start), range.end.min(limits.end));
    if start < end { start..end } else { range.clone() }
}

fn distinct(ranges: impl Iterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for range in ranges.filter(|range| !range.is_empty()) {
        if !found.contains(&range) {
            found.push(range);
        }
    }
    found
}

/// A line of decoration, with or without a title.
fn is_rule(line: &str) -> bool {
    ["---", "===", "***", "___", "|--"].iter().any(|rule| line.starts_with(rule))
}

fn contains_address(line: &str, recipient: &str) -> bool {
    line.to_lowercase().contains(&recipient.to_lowercase())
}

/// More than an address, a date, a greeting or a list's title.
fn says_something(paragraph: &str) -> bool {
    let lower = paragraph.to_lowercase();
    let told: Vec<&str> = lower.lines().map(str::trim).filter(|line| !line.ends_with([':', '：'])).collect();
    let first = told.first().copied().unwrap_or_default().trim_start_matches(|c: char| !c.is_alphanumeric() && c != '-' && c != '=');
    if phrases::POLITE.iter().any(|polite| first.starts_with(polite)) {
        return false;
    }
    let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
    let named = |line: &str| address::all(line).into_iter().map(|at| letters(&line[at])).sum::<usize>();
    told.iter().map(|line| letters(line).saturating_sub(named(line))).sum::<usize>() >= 8
}
