//! The codes that a multi-line reply repeats on each line, and the line ends between: a template has neither.

use super::shape;
use crate::read::codes::Enhanced;
use crate::read::reply::SAID;

/// The code that a text begins with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reply<'t> {
    code: &'t str,
    enhanced: &'t str,
    /// Byte behind the code where a `-` stands that a blank may stand for.
    pub dash: Option<usize>,
    /// The line ends do not matter.
    pub flows: bool,
}

impl<'t> Reply<'t> {
    pub fn of(text: &'t str) -> Self {
        let head = text.get(..5).filter(|head| head.eq_ignore_ascii_case("smtp;")).map_or(0, str::len);
        let start = head + text[head..].len() - text[head..].trim_start().len();
        let end = start + 3;
        let Some(code) = text.get(start..end).filter(|code| shape::is_reply_code(code.as_bytes()) && !code.starts_with('2')) else {
            return Self::default();
        };
        let dashed = match text.as_bytes().get(end) {
            Some(b'-') => true,
            Some(b' ') => false,
            _ => return Self::default(),
        };
        let rest = text[end + 1..].trim_start_matches(' ');
        let length = rest.bytes().take(12).take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
        let enhanced = rest.get(..length).map(|text| text.trim_end_matches('.')).filter(|text| Enhanced::parse(text).is_some());
        let plain = enhanced.is_some() || rest.starts_with(|c: char| c.is_ascii_alphabetic());
        let reply = Self { code, enhanced: enhanced.unwrap_or_default(), dash: None, flows: false };
        let flows = reply.flows(text.trim());
        Self { flows, dash: (dashed && plain && flows).then_some(end), ..reply }
    }

    /// Whether every line goes on with the reply: it repeats the code, or goes on in words.
    fn flows(&self, text: &str) -> bool {
        let mut lines = text.lines();
        let mut last = lines.next().unwrap_or_default();
        lines.all(|line| {
            let words = line.trim_start();
            let first = words.split(' ').next().unwrap_or_default();
            let coded = words.strip_prefix(self.code).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', ' ']));
            let worded = words.starts_with(|c: char| c.is_alphabetic()) && !first.ends_with(':');
            let goes_on = !introduces(last) && (coded || worded);
            last = line;
            goes_on
        })
    }

    /// Bytes at the start of `rest` that repeat the code, as a face leaves them out.
    pub fn repeated(&self, rest: &str) -> usize {
        let Some(after) = rest.strip_prefix(self.code).filter(|_| !self.code.is_empty()) else { return 0 };
        let Some(tail) = after
            .strip_prefix('-')
            .or_else(|| after.strip_prefix(' ').filter(|tail| !self.enhanced.is_empty() && tail.starts_with(self.enhanced)))
        else {
            return 0;
        };
        let tail = tail.strip_prefix(self.enhanced).unwrap_or(tail);
        rest.len() - tail.len()
    }
}

/// A code that follows these words begins a reply of its own.
pub fn introduces(text: &str) -> bool {
    let text = text.trim_end();
    let ends = |mark: &&str| {
        let mark = mark.trim_end().as_bytes();
        text.len() >= mark.len() && text.as_bytes()[text.len() - mark.len()..].eq_ignore_ascii_case(mark)
    };
    text.ends_with([':', ';', '>', '"', '\'', '(', '=', '|', '{', '#', '*', '<', '\u{201c}', '\u{2018}', '\u{ff1a}'])
        || SAID.iter().any(ends)
}
