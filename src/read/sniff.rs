//! Which form is it? Found by looking at the bytes, the surest sign first.

use std::borrow::Cow;

use super::{Event, Notice, Span, charset, client, event, log, mail, reply, table, transcript};
use crate::verdict::{Form, Part};

/// The other forms that a text which was read as `found` could be read as.
pub fn readings(found: Form) -> Vec<Form> {
    let texts = [Form::SmtpReply, Form::Summary];
    let readable = !matches!(found, Form::Empty | Form::Binary);
    texts.into_iter().filter(|form| readable && *form != found).collect()
}

/// Reads anything: one notice for each mail of a file, else one.
pub fn read(bytes: &[u8]) -> Vec<Notice> {
    each(bytes).collect()
}

/// As [`read`], one mail after another: so much memory as the largest of them needs.
pub fn each(bytes: &[u8]) -> impl Iterator<Item = Notice> {
    let what = binary(bytes);
    let plain = if what.is_some() { Cow::Borrowed(bytes) } else { mail::plain(bytes) };
    let mails = mail::places_in_mbox(&plain).unwrap_or_default();
    let plain = if mails.is_empty() { Cow::Borrowed(bytes) } else { plain };
    let places = if mails.is_empty() { std::iter::once(0..bytes.len()).collect() } else { mails };
    places.into_iter().map(move |place| match what {
        Some(what) => nothing(Form::Binary, format!("This is {what}, not a bounce. Nothing was read.")),
        None => read_one(plain.get(place).unwrap_or_default()),
    })
}

/// Reads one mail or text in whatever charset it is.
fn read_one(bytes: &[u8]) -> Notice {
    let mail = match mail::read(bytes) {
        Some(mail) if mail.form != Form::OrdinaryMail => return mail,
        other => other,
    };
    let (text, charset) = charset::decode(bytes, None);
    match mail {
        Some(mail) => reported(&peel(&text)).unwrap_or(mail),
        None => Notice { charset: charset.into(), ..read_text(&text) },
    }
}

/// Reads a text as it was pasted.
pub fn read_text(text: &str) -> Notice {
    let text = peel(text);
    if text.trim().is_empty() {
        return nothing(Form::Empty, String::new());
    }
    let found = READERS.iter().find_map(|reader| reader(&text)).unwrap_or_else(|| reply::read(&text));
    if found.form == Form::OrdinaryMail { reported(&text).unwrap_or(found) } else { found }
}

/// What log lines or events within an ordinary mail report: people mail them around, and some listings begin like a mail (`Date : …`).
fn reported(text: &str) -> Option<Notice> {
    [log::read, event::read].iter().find_map(|reader| reader(text)).filter(|notice| !notice.events.is_empty())
}

/// One reader's try at a text: none where it is not of its form.
type Reader = fn(&str) -> Option<Notice>;

/// In the order in which they are asked: the form with the surest signs first.
const READERS: [Reader; 7] =
    [|text| mail::read(text.as_bytes()), event::read, log::read, table::read, mail::read_text, transcript::read, client::read];

/// The whole text as one reply, or each line as a reply of its own.
pub fn read_as(text: &str, form: Form) -> Notice {
    let text = peel(text);
    if form != Form::Summary {
        return reply::read(&text);
    }
    let part = Part { id: 0, name: "input".into(), text };
    let end = part.text.len();
    let event = Event { words: vec![Span { part: 0, start: 0, end }], ..Event::default() };
    Notice {
        form,
        charset: "utf-8".into(),
        truncated: false,
        parts: vec![part],
        events: vec![event],
        more: 0,
        unread: Vec::new(),
        warnings: Vec::new(),
    }
}

fn nothing(form: Form, warning: String) -> Notice {
    let warnings = Some(warning).filter(|warning| !warning.is_empty()).into_iter().collect();
    Notice { form, charset: "utf-8".into(), truncated: false, parts: Vec::new(), events: Vec::new(), more: 0, unread: Vec::new(), warnings }
}

/// Line ends as LF without blanks before them, and the quoting or indentation that all lines share taken off.
fn peel(text: &str) -> String {
    let mut text = mail::unix_text(text).into_owned();
    for _ in 0..8 {
        let lines = || text.lines().filter(|line| !line.trim().is_empty());
        let quoted = lines().count() > 0 && lines().all(|line| line.starts_with('>'));
        let indent = lines().map(|line| line.len() - line.trim_start_matches([' ', '\t']).len()).min().unwrap_or(0);
        text = if quoted {
            text.lines()
                .map(|line| line.strip_prefix('>').map_or(line, |rest| rest.strip_prefix(' ').unwrap_or(rest)))
                .collect::<Vec<_>>()
                .join("\n")
        } else if indent > 0 {
            text.lines().map(|line| line.get(indent..).unwrap_or_default()).collect::<Vec<_>>().join("\n")
        } else {
            break;
        };
    }
    text
}

/// What a file is that holds no text, by its first bytes.
fn binary(bytes: &[u8]) -> Option<&'static str> {
    const MAGIC: [(&[u8], &str); 12] = [
        (b"PK\x03\x04", "a zip file or an Excel workbook; unpack it, or save the sheet as CSV UTF-8"),
        (b"\x1f\x8b", "a gzip file; unpack it first"),
        (b"\x28\xb5\x2f\xfd", "a zstd file; unpack it first"),
        (b"BZh", "a bzip2 file; unpack it first"),
        (b"\xfd7zXZ", "an xz file; unpack it first"),
        (b"Rar!", "a RAR file; unpack it first"),
        (b"\xd0\xcf\x11\xe0", "an old Office or Outlook file (.xls, .doc, .msg); save the mail as .eml or its text"),
        (b"%PDF", "a PDF; copy the bounce's text out of it"),
        (b"\x89PNG", "a picture; paste the bounce's text instead"),
        (b"\xff\xd8\xff", "a picture; paste the bounce's text instead"),
        (b"GIF8", "a picture; paste the bounce's text instead"),
        (b"\0asm", "a program"),
    ];
    let known = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, what)| *what);
    let head = &bytes[..bytes.len().min(4096)];
    let utf16 =
        head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") || head.iter().filter(|b| **b == 0).count() * 5 > head.len() * 2;
    let odd = head.iter().filter(|b| **b < 9 || (14..27).contains(*b) || (28..32).contains(*b)).count();
    known.or((!utf16 && odd * 20 > head.len()).then_some("binary data"))
}
