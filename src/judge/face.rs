//! The face of a text: how it looks to the rules, with the way back to the bytes it came from.
//!
//! Lower case, no marks on letters, any white space as one space, curly quotes straight, invisible characters dropped, and the codes that a
//! multi-line reply repeats on each line taken out, so that one phrase fits a reply however it was wrapped.

use std::cell::OnceCell;

use super::fold::fold;
use crate::read::codes::Codes;
use crate::read::{Span, codes};
use crate::verdict::Part;

/// Bytes of a stretch that are looked at; receivers' replies are far shorter (RFC 5321 §4.5.3.1.5 says 512 a line).
const LIMIT: usize = 16 * 1024;

/// Normalised text.
#[derive(Debug, Default)]
pub struct Face {
    pub text: String,
    /// Where each span begins in `text`, and the span, in the order of the list given.
    seams: Vec<(usize, Span)>,
    /// Byte `i` of `text` came from byte `at[i]` of the part of the span that `i` lies in. Made when it is first asked for.
    at: OnceCell<Vec<u32>>,
}

impl Face {
    /// The face of these spans, one after another; `codes` are those of each span.
    pub fn of(spans: &[Span], parts: &[Part], codes: &[Codes]) -> Self {
        let mut face = Self { text: String::with_capacity(spans.iter().map(|span| span.end - span.start + 1).sum()), ..Self::default() };
        for (n, span) in spans.iter().enumerate() {
            let text = source(span, parts);
            let found = codes.get(n).cloned().unwrap_or_else(|| codes::find(text));
            face.seams.push((face.text.len(), *span));
            Brush { text: &mut face.text, at: None }.add(text, 0, found);
            face.text.push('\n');
        }
        face
    }

    /// Number (in the list given) of the span that byte `at` lies in.
    pub fn seam(&self, at: usize) -> usize {
        self.seams.partition_point(|(start, _)| *start <= at).saturating_sub(1)
    }

    /// The bytes of the part that `start..end` of the face came from.
    pub fn span(&self, start: usize, end: usize, parts: &[Part]) -> Option<Span> {
        let part = self.seams.get(self.seam(start))?.1.part;
        let at = self.at.get_or_init(|| self.map(parts));
        let text = &parts.get(part)?.text;
        let from = *at.get(start)? as usize;
        let last = *at.get(end.checked_sub(1)?)? as usize;
        let to = last + text.get(last..)?.chars().next()?.len_utf8();
        (from < to).then_some(Span { part, start: from, end: to })
    }

    fn map(&self, parts: &[Part]) -> Vec<u32> {
        let (mut again, mut at) = (String::with_capacity(self.text.len()), Vec::with_capacity(self.text.len()));
        for (_, span) in &self.seams {
            let text = source(span, parts);
            let mut brush = Brush { text: &mut again, at: Some(&mut at) };
            brush.add(text, span.start, codes::find(text));
            brush.push('\n', span.end);
        }
        at
    }
}

/// The text of a span.
pub fn source<'p>(span: &Span, parts: &'p [Part]) -> &'p str {
    parts.get(span.part).and_then(|part| part.text.get(span.start..span.end)).unwrap_or_default()
}

/// Writes a face, and where each byte of it came from if that is wanted.
struct Brush<'f> {
    text: &'f mut String,
    at: Option<&'f mut Vec<u32>>,
}

impl Brush<'_> {
    fn push(&mut self, c: char, from: usize) {
        self.text.push(c);
        if let Some(at) = &mut self.at {
            at.resize(self.text.len(), from as u32);
        }
    }

    fn add(&mut self, text: &str, offset: usize, codes: Codes) {
        let text = head(text);
        let repeated = Repeated::of(text, codes);
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if byte.is_ascii_digit() && (at == 0 || text[..at].ends_with(char::is_whitespace)) {
                let skip = repeated.at(text, at);
                if skip > 0 {
                    at += skip;
                    continue;
                }
            }
            if byte.is_ascii_graphic() && byte != b'`' && at != repeated.dash {
                self.push(char::from(byte.to_ascii_lowercase()), offset + at);
                at += 1;
                continue;
            }
            let c = text[at..].chars().next().unwrap_or(' ');
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
    fn of(text: &str, found: Codes) -> Self {
        let first = found.smtp.as_ref().map(|(_, at)| at.end).or(found.enhanced.as_ref().map(|(_, at)| at.end)).unwrap_or(usize::MAX);
        let end = found.smtp.as_ref().map(|(_, at)| at.end);
        // The codes may stand behind the part of a very long text that is looked at.
        let dash = end.filter(|end| text.get(*end..).is_some_and(|rest| rest.starts_with('-'))).unwrap_or(usize::MAX);
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
        for text in [
            "550-5.1.1 The email account\n550-5.1.1 does  NOT\r\n550 5.1.1 exist",
            "550-5.1.1 The email account 550-5.1.1 does not 550 5.1.1 exist",
        ] {
            let parts = [Part { id: 0, name: "input".into(), text: text.into() }];
            let face = Face::of(&[Span { part: 0, start: 0, end: text.len() }], &parts, &[]);
            assert_eq!(face.text, "550 5.1.1 the email account does not exist\n");
        }
    }

    #[test]
    fn codes_behind_what_is_looked_at_do_no_harm() {
        let text = format!("{} 550-5.1.1 no", "@".repeat(LIMIT));
        let part = Part { id: 0, name: String::new(), text: text.clone() };
        let face = Face::of(&[Span { part: 0, start: 0, end: text.len() }], &[part], &[codes::find(&text)]);
        assert_eq!(face.text.trim_end().len(), LIMIT);
    }

    #[test]
    fn leads_back_to_the_source() {
        let text = "Wir  k\u{d6}nnen\u{2019}s nicht";
        let parts = [Part { id: 0, name: "input".into(), text: text.into() }];
        let face = Face::of(&[Span { part: 0, start: 0, end: text.len() }], &parts, &[]);
        let start = face.text.find("konnen's").unwrap();
        let span = face.span(start, start + "konnen's".len(), &parts).unwrap();
        assert_eq!(&text[span.start..span.end], "k\u{d6}nnen\u{2019}s");
    }
}
