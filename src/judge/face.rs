//! The face of a text: how it looks to the rules, with the way back to the bytes it came from.
//!
//! Lower case, no marks on letters, any white space as one space, curly quotes straight, invisible characters dropped, and the codes that a
//! multi-line reply repeats on each line taken out, so that one phrase fits a reply however it was wrapped.

use super::fold::fold;
use crate::read::{Span, codes};
use crate::verdict::Part;

/// Bytes of a stretch that are looked at; receivers' replies are far shorter (RFC 5321 §4.5.3.1.5 says 512 a line).
const LIMIT: usize = 16 * 1024;

/// Normalised text. Byte `i` of `text` came from byte `at[i]` of the part of the span that `i` lies in.
#[derive(Debug, Default)]
pub struct Face {
    pub text: String,
    at: Vec<u32>,
    /// Where each span begins in `text`, its part, and its number in the list given.
    seams: Vec<(usize, usize)>,
}

impl Face {
    /// The face of these spans, one after another.
    pub fn of(spans: &[Span], parts: &[Part]) -> Self {
        let mut face = Self::default();
        for span in spans {
            let text = parts.get(span.part).and_then(|part| part.text.get(span.start..span.end)).unwrap_or_default();
            face.seams.push((face.text.len(), span.part));
            face.add(head(text), span.start);
            face.push('\n', span.end);
        }
        face
    }

    /// The face of one text, for phrases played on plain strings.
    pub fn of_str(text: &str) -> Self {
        let mut face = Self { seams: vec![(0, 0)], ..Self::default() };
        face.add(head(text), 0);
        face
    }

    /// Number (in the list given) of the span that byte `at` lies in.
    pub fn seam(&self, at: usize) -> usize {
        self.seams.partition_point(|(start, _)| *start <= at).saturating_sub(1)
    }

    /// The bytes of the part that `start..end` of the face came from.
    pub fn span(&self, start: usize, end: usize, parts: &[Part]) -> Option<Span> {
        let part = self.seams.get(self.seam(start))?.1;
        let text = &parts.get(part)?.text;
        let from = *self.at.get(start)? as usize;
        let last = *self.at.get(end.checked_sub(1)?)? as usize;
        let to = last + text.get(last..)?.chars().next()?.len_utf8();
        (from < to).then_some(Span { part, start: from, end: to })
    }

    fn push(&mut self, c: char, from: usize) {
        self.text.push(c);
        self.at.resize(self.text.len(), from as u32);
    }

    fn add(&mut self, text: &str, offset: usize) {
        let repeated = Repeated::of(text);
        let mut at = 0;
        while let Some(c) = text[at..].chars().next() {
            let fresh = at == 0 || text[..at].ends_with(char::is_whitespace);
            let skip = if fresh { repeated.at(text, at) } else { 0 };
            if skip > 0 {
                at += skip;
                continue;
            }
            self.add_char(if at == repeated.dash { ' ' } else { c }, offset + at);
            at += c.len_utf8();
        }
    }

    fn add_char(&mut self, c: char, from: usize) {
        match c {
            '\u{2018}' | '\u{2019}' | '\u{2032}' | '`' | '\u{b4}' => self.push('\'', from),
            '\u{201c}' | '\u{201d}' => self.push('"', from),
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => {}
            c if c.is_whitespace() || c.is_control() => {
                if !self.text.ends_with([' ', '\n']) && !self.text.is_empty() {
                    self.push(' ', from);
                }
            }
            c if c.is_ascii() => self.push(c.to_ascii_lowercase(), from),
            c => c.to_lowercase().filter_map(fold).for_each(|low| self.push(low, from)),
        }
    }
}

/// At most `LIMIT` bytes of `text`.
fn head(text: &str) -> &str {
    let mut end = text.len().min(LIMIT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The codes that stand again on each line of a multi-line reply (`550-5.1.1 `, `550 5.1.1 `, or `5.1.1 ` alone).
struct Repeated {
    first: usize,
    /// Where a `-` behind the reply code announces more lines; it shows as a blank.
    dash: usize,
    code: Option<String>,
    enhanced: Option<String>,
}

impl Repeated {
    fn of(text: &str) -> Self {
        let found = codes::find(text);
        let first = found.smtp.as_ref().map(|(_, at)| at.end).or(found.enhanced.as_ref().map(|(_, at)| at.end)).unwrap_or(usize::MAX);
        let end = found.smtp.as_ref().map(|(_, at)| at.end);
        let dash = end.filter(|end| text[*end..].starts_with('-')).unwrap_or(usize::MAX);
        Self { first, dash, code: found.smtp.map(|(code, _)| code.to_string()), enhanced: found.enhanced.map(|(code, _)| code.to_string()) }
    }

    /// Length of a repeated code at byte `at`, with what follows it; 0 where none stands.
    fn at(&self, text: &str, at: usize) -> usize {
        if at < self.first {
            return 0;
        }
        let rest = &text[at..];
        let enhanced = self.enhanced.as_deref().unwrap_or("\u{0}");
        let after_code = self.code.as_deref().and_then(|code| rest.strip_prefix(code));
        if let Some(after) = after_code
            && let Some(tail) = after.strip_prefix('-').or_else(|| after.strip_prefix(' ').filter(|tail| tail.starts_with(enhanced)))
        {
            let tail = tail.strip_prefix(enhanced).unwrap_or(tail);
            return rest.len() - tail.len();
        }
        let line_start = || text[..at].trim_end_matches([' ', '\t']).ends_with('\n');
        rest.strip_prefix(enhanced).filter(|tail| tail.starts_with(' ') && line_start()).map_or(0, |tail| rest.len() - tail.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejoins_a_multi_line_reply() {
        let face = Face::of_str("550-5.1.1 The email account\n550-5.1.1 does  NOT\r\n550 5.1.1 exist");
        assert_eq!(face.text, "550 5.1.1 the email account does not exist");
        let joined = Face::of_str("550-5.1.1 The email account 550-5.1.1 does not 550 5.1.1 exist");
        assert_eq!(joined.text, face.text);
    }

    #[test]
    fn leads_back_to_the_source() {
        let text = "Wir  k\u{d6}nnen\u{2019}s nicht";
        let parts = [Part { id: 0, name: "input".into(), text: text.into() }];
        let face = Face::of(&[Span { part: 0, start: 0, end: text.len() }], &parts);
        let start = face.text.find("konnen's").unwrap();
        let span = face.span(start, start + "konnen's".len(), &parts).unwrap();
        assert_eq!(&text[span.start..span.end], "k\u{d6}nnen\u{2019}s");
    }
}
