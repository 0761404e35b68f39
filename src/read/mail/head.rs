//! The header block of a mail (RFC 5322), as tolerant as mail programs are.

use super::lines::{lines, starts};
use crate::read::charset;

/// One header field: name in lower case, value unfolded and decoded.
#[derive(Clone, Debug)]
pub struct Field {
    pub name: String,
    pub value: String,
}

/// A header block.
#[derive(Clone, Debug, Default)]
pub struct Head {
    pub fields: Vec<Field>,
}

/// Fields that only a mail has; two header-like lines of which one is known make a mail.
const KNOWN: [&str; 17] = [
    "from",
    "to",
    "subject",
    "date",
    "received",
    "return-path",
    "message-id",
    "mime-version",
    "content-type",
    "delivered-to",
    "sender",
    "x-failed-recipients",
    "auto-submitted",
    "reply-to",
    "x-mailer",
    "content-transfer-encoding",
    "envelope-to",
];

impl Head {
    /// First value of a field (name in lower case), or the empty text.
    pub fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|field| field.name == name).map_or("", |field| &field.value)
    }

    /// Every value of a field.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |field| field.name == name).map(|field| field.value.as_str())
    }

    pub fn has(&self, name: &str) -> bool {
        self.all(name).next().is_some()
    }

    /// Whether this is a mail's header and not some other text with colons.
    pub fn is_mail(&self) -> bool {
        self.fields.len() >= 2 && self.fields.iter().any(|field| KNOWN.contains(&field.name.as_str()))
    }
}

/// Reads the header block at the top of `text`; returns it and the byte where the body begins.
///
/// A line that is neither a field nor folded belongs to the field before it (re-wrapped text). Where no blank line ends the block,
/// it ends before the first such line.
pub fn head(text: &str) -> (Head, usize) {
    let mut head = Head::default();
    let mut stray = None;
    for line in lines(text) {
        if line.text.is_empty() {
            if head.fields.is_empty() { continue } else { return (decoded(head), (line.at.end + 1).min(text.len())) }
        }
        let name = name_of(line.text).filter(|_| line.indent == 0);
        match (name, head.fields.last_mut()) {
            (Some(name), _) => {
                let value = line.text[name.len()..].trim_start().trim_start_matches(':').trim();
                head.fields.push(Field { name: name.to_ascii_lowercase(), value: value.to_owned() });
            }
            (None, Some(last)) => {
                if line.indent == 0 {
                    stray = stray.or(Some(line.at.start));
                }
                last.value.push(' ');
                last.value.push_str(line.text);
            }
            (None, None) if starts(line.text, "from ") => {}
            (None, None) => return (head, 0),
        }
    }
    (decoded(head), stray.unwrap_or(text.len()))
}

/// The field name that a line begins with: RFC 5322 allows any printable ASCII but colon; we ask for letters, digits, `-`, `_`, `.`.
pub fn name_of(line: &str) -> Option<&str> {
    let length = line.bytes().take(64).take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.')).count();
    let rest = line.get(length..)?.trim_start_matches([' ', '\t']);
    let fits = length > 1 && rest.starts_with(':') && !rest.starts_with("://") && line.starts_with(|c: char| c.is_ascii_alphabetic());
    fits.then(|| &line[..length])
}

fn decoded(mut head: Head) -> Head {
    for field in &mut head.fields {
        if field.value.contains("=?") {
            field.value = words(&field.value);
        } else if !field.value.is_ascii() || field.value.contains('\u{1b}') {
            field.value = charset::decode(&latin_bytes(&field.value), None).0;
        }
    }
    head
}

/// Header bytes reach us as Latin-1 characters; characters beyond Latin-1 were decoded before.
fn latin_bytes(value: &str) -> Vec<u8> {
    value.chars().map(|c| u8::try_from(u32::from(c))).collect::<Result<_, _>>().unwrap_or_else(|_| value.as_bytes().to_vec())
}

/// Decodes encoded words (RFC 2047); what is none stays as it is.
fn words(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut rest = value;
    let mut held: Option<(String, Vec<u8>)> = None;
    while let Some(at) = rest.find("=?") {
        let gap = &rest[..at];
        let Some((charset, bytes, after)) = word(&rest[at..]) else { break };
        let joins = held.as_ref().is_some_and(|(label, _)| gap.trim().is_empty() && label.eq_ignore_ascii_case(charset));
        match held.as_mut().filter(|_| joins) {
            Some((_, run)) => run.extend(bytes),
            None => {
                let followed = held.is_some();
                flush(&mut text, held.take());
                text.push_str(if followed && gap.trim().is_empty() { "" } else { gap });
                held = Some((charset.to_owned(), bytes));
            }
        }
        rest = after;
    }
    flush(&mut text, held);
    text.push_str(rest);
    text
}

fn flush(text: &mut String, held: Option<(String, Vec<u8>)>) {
    if let Some((label, bytes)) = held {
        text.push_str(&charset::decode(&bytes, Some(&label)).0);
    }
}

/// `=?charset?Q?…?=`: charset, bytes, and what follows.
fn word(text: &str) -> Option<(&str, Vec<u8>, &str)> {
    let mut pieces = text.strip_prefix("=?")?.splitn(3, '?');
    let (charset, kind, rest) = (pieces.next()?, pieces.next()?, pieces.next()?);
    let (body, after) = rest.split_once("?=")?;
    let bytes = match kind {
        "B" | "b" => charset::unpack(body.as_bytes()),
        "Q" | "q" => super::mime::quoted_printable(body.replace('_', " ").as_bytes()),
        _ => return None,
    };
    Some((charset.split('*').next().unwrap_or(charset), bytes, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_folded_fused_and_rewrapped_fields() {
        let (head, body) = head("From x@y Thu Jan 1\nSubject: one\n two\nX-Long: a\nstray\nTo: you\n\nbody");
        assert_eq!(head.get("subject"), "one two");
        assert_eq!(head.get("x-long"), "a stray");
        assert_eq!(head.get("to"), "you");
        assert_eq!(body, 62);
        assert!(head.is_mail());
    }

    #[test]
    fn decodes_words() {
        let value = "=?utf-8?b?0JLQsNGI0LUg0YHQvtC+0LHRidC10L3QuNC1INC90LUg0LTQvtGB0YLQsNCy0LvQ?= =?utf-8?b?tdC90L4uIE1haWwgZmFpbHVyZS4=?=";
        assert_eq!(words(value), "Ваше сообщение не доставлено. Mail failure.");
        assert_eq!(words("=?iso-8859-15?Q?Delivery_=28Failure=29?= x"), "Delivery (Failure) x");
        assert_eq!(words("a =?broken"), "a =?broken");
    }
}
