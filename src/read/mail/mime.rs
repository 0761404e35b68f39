//! The parts of a mail: structure from `mail-parser`, texts decoded by our own charset reader.

use mail_parser::{Encoding, Message, MessageParser, MessagePart, MimeHeaders, PartType};

use super::head::name_of;
use super::html;
use super::lines::unix_text;
use crate::read::charset;

/// Most bytes of one part that are read; a longer part is a returned attachment, not a notice.
const PART_LIMIT: usize = 1 << 20;
/// Most parts that are read.
const PARTS_LIMIT: usize = 64;

/// A leaf of the MIME tree that holds text.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// Media type, lower case, as `message/delivery-status`.
    pub kind: String,
    pub text: String,
    pub charset: &'static str,
    /// Only the first part of it was read.
    pub cut: bool,
}

/// Most mails inside of mails: the tree is walked and dropped recursively, so hostile depth must end before it.
const NESTED_LIMIT: usize = 100;
/// Most lines that may be boundaries, and most header fields in a row: each costs some hundred bytes.
const BOUNDARIES_LIMIT: usize = 2000;
const FIELDS_LIMIT: usize = 2000;

/// The text leaves of a mail in order. The returned original message comes as one leaf `message/rfc822`: its raw text.
pub fn leaves(mail: &[u8]) -> Vec<Leaf> {
    let read = shallow(mail);
    let message = MessageParser::default().parse(read);
    let parts = message.iter().flat_map(|message| message.parts.iter().filter_map(|part| leaf(message, part)));
    let mut leaves: Vec<Leaf> = parts.take(PARTS_LIMIT).collect();
    if leaves.is_empty() {
        leaves.push(whole(read));
    }
    if let Some(last) = leaves.last_mut().filter(|_| read.len() < mail.len()) {
        last.cut = true;
    }
    leaves
}

/// The mail up to where it would nest too deeply, or have more parts or fields than any honest one.
fn shallow(mail: &[u8]) -> &[u8] {
    let nests = |at: &usize| {
        ["message/rfc822", "message/global", "multipart/digest"]
            .iter()
            .any(|kind| mail.get(*at..*at + kind.len()).is_some_and(|word| word.eq_ignore_ascii_case(kind.as_bytes())))
    };
    let slashes = memchr::memchr_iter(b'/', mail).map(|at| at.saturating_sub(7));
    let nested = slashes.flat_map(|at| [at, at.saturating_sub(2)]).filter(nests).nth(NESTED_LIMIT);
    let mail = nested.map_or(mail, |at| &mail[..at]);
    crowded(mail).map_or(mail, |at| &mail[..at])
}

/// Where the lines begin that go beyond [`BOUNDARIES_LIMIT`] or [`FIELDS_LIMIT`].
fn crowded(mail: &[u8]) -> Option<usize> {
    let (mut at, mut boundaries, mut fields) = (0, 0, 0);
    for line in mail.split_inclusive(|byte| *byte == b'\n') {
        let name = || std::str::from_utf8(&line[..line.len().min(80)]).ok().and_then(name_of);
        if line.trim_ascii().is_empty() {
            fields = 0;
        } else if line.starts_with(b"--") {
            (boundaries, fields) = (boundaries + 1, 0);
        } else if name().is_some() {
            fields += 1;
        }
        if boundaries > BOUNDARIES_LIMIT || fields > FIELDS_LIMIT {
            return Some(at);
        }
        at += line.len();
    }
    None
}

/// A mail that has no readable structure: everything after its header, as it stands.
fn whole(mail: &[u8]) -> Leaf {
    let body = mail.windows(2).position(|two| two == b"\n\n").map_or(mail, |at| &mail[at + 2..]);
    read("text/plain".into(), body, None)
}

fn leaf(message: &Message<'_>, part: &MessagePart<'_>) -> Option<Leaf> {
    let raw = message.raw_message.get(part.offset_body as usize..part.offset_end as usize);
    let kind = kind(part);
    match &part.body {
        PartType::Text(_) | PartType::Html(_) => {
            let bytes = transfer(raw?, part.encoding);
            Some(read(kind, &bytes, part.content_type().and_then(|ct| ct.attribute("charset"))))
        }
        PartType::Binary(bytes) if kind.starts_with("message/") || kind.starts_with("text/") => {
            Some(read(kind, bytes, part.content_type().and_then(|ct| ct.attribute("charset"))))
        }
        PartType::Message(_) => Some(read("message/rfc822".into(), &transfer(raw?, part.encoding), None)),
        _ => None,
    }
}

fn kind(part: &MessagePart<'_>) -> String {
    let name = part.content_type().map(|ct| format!("{}/{}", ct.ctype(), ct.subtype().unwrap_or("plain")));
    name.unwrap_or_else(|| "text/plain".into()).to_ascii_lowercase()
}

fn transfer(raw: &[u8], encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::None => raw.to_vec(),
        Encoding::QuotedPrintable => quoted_printable(raw),
        Encoding::Base64 => charset::unpack(raw),
    }
}

fn read(kind: String, bytes: &[u8], declared: Option<&str>) -> Leaf {
    let cut = bytes.len() > PART_LIMIT;
    let bytes = &bytes[..bytes.len().min(PART_LIMIT)];
    let (text, charset) = charset::decode(bytes, declared);
    let text = if kind == "text/html" { html::text(&text) } else { text };
    let text = unix_text(&text).into_owned();
    Leaf { kind, text, charset, cut }
}

/// Quoted-printable (RFC 2045 §6.7); what is no valid escape stays as it is.
pub fn quoted_printable(raw: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'=' {
            bytes.push(byte);
            continue;
        }
        let blank = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count();
        match (rest.get(blank), escape(rest)) {
            (Some(b'\n') | None, _) => rest = rest.get(blank + 1..).unwrap_or_default(),
            (_, Some(value)) => {
                bytes.push(value);
                rest = &rest[2..];
            }
            _ => bytes.push(byte),
        }
    }
    bytes
}

fn escape(rest: &[u8]) -> Option<u8> {
    let digit = |at: usize| rest.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    u8::try_from(digit(0)? * 16 + digit(1)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_printable_is_lenient() {
        assert_eq!(quoted_printable(b"a=3Db=\nc= \nd=ZZ="), b"a=bcd=ZZ");
    }

    #[test]
    fn finds_the_parts_of_a_report() {
        let mail = b"Subject: x\nContent-Type: multipart/report; boundary=b\n\n--b\n\nhuman =E4\n--b\nContent-Type: message/delivery-status\n\nAction: failed\n--b\nContent-Type: message/rfc822\n\nTo: a@b.example\n\nhi\n--b--\n";
        let kinds: Vec<_> = leaves(mail).into_iter().map(|leaf| (leaf.kind, leaf.text.trim().to_owned())).collect();
        assert_eq!(
            kinds,
            [
                ("text/plain".into(), "human =E4".into()),
                ("message/delivery-status".into(), "Action: failed".into()),
                ("message/rfc822".into(), "To: a@b.example\n\nhi".to_owned())
            ]
        );
    }
}
