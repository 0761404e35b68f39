//! Which characters the bytes of a file are.
//!
//! UTF-16 is turned into UTF-8 before anything else looks at it. All other text is split as bytes, and each cell is decoded by itself: a
//! cell that is not UTF-8 is read with the charset of the head, else as Windows-1252, so that mixed files can be read.

use std::borrow::Cow;

use super::split::Quotes;
use super::splitter::Cut;
use super::{Cells, Span};
use crate::read::charset;

/// The characters of 0x80 to 0x9F in Windows-1252 (WHATWG Encoding Standard); the others are those of ISO 8859-1.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•', '–',
    '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// How a file's cells are decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Encoding {
    /// IANA name, lower case.
    pub name: String,
    /// Byte order, of UTF-16.
    pub big: Option<bool>,
    /// What is not ASCII is no UTF-8, whatever it looks like.
    legacy: bool,
    /// What is no UTF-8 has broken characters in it, and no other charset.
    strict: bool,
}

impl Encoding {
    /// As the user said, else as was found before, else as the first bytes of the file show.
    pub(super) fn find(head: &[u8], hint: Option<&str>, known: Option<&str>) -> Self {
        let hint = hint.map(|name| name.trim().to_ascii_lowercase()).filter(|name| !name.is_empty());
        let found = known.or_else(|| order(head).map(|big| if big { "utf-16be" } else { "utf-16le" }));
        match hint.as_deref().or(found) {
            Some("utf-16") => Self::utf16(order(head) == Some(true)),
            Some("utf-16le") => Self::utf16(false),
            Some("utf-16be") => Self::utf16(true),
            Some(name) if hint.is_none() => Self::named(name),
            Some("utf-8" | "utf8") => Self { strict: true, ..Self::named("utf-8") },
            Some(name) => Self { legacy: true, ..Self::named(if is_latin(name) { "windows-1252" } else { name }) },
            None => Self::named(guess(head)),
        }
    }

    fn named(name: &str) -> Self {
        Self { name: name.to_owned(), big: None, legacy: false, strict: false }
    }

    fn utf16(big: bool) -> Self {
        Self { big: Some(big), strict: true, ..Self::named(if big { "utf-16be" } else { "utf-16le" }) }
    }

    /// The text of a cell that is not ASCII.
    pub(super) fn decode<'a>(&self, bytes: &'a [u8], odd: &mut Odd) -> Cow<'a, str> {
        if !self.legacy || bytes.is_ascii() {
            match std::str::from_utf8(bytes) {
                Ok(text) => return Cow::Borrowed(text),
                // Something cut the cell within a character.
                Err(error) if error.error_len().is_none() && error.valid_up_to() > 0 => {
                    return String::from_utf8_lossy(bytes.get(..error.valid_up_to()).unwrap_or_default());
                }
                Err(_) => odd.legacy = true,
            }
        }
        match self.name.as_str() {
            _ if self.strict => String::from_utf8_lossy(bytes),
            "utf-8" | "windows-1252" => windows_1252(bytes).into(),
            name => charset::decode(bytes, Some(name)).0.into(),
        }
    }

    /// Fills the cells of a record from its bytes.
    pub(super) fn fill(&self, cells: &mut Cells, record: &[u8], cut: Cut<'_>, odd: &mut Odd) {
        cells.clear();
        *odd = Odd { zeros: memchr::memchr(0, record).is_some(), legacy: false };
        if !odd.zeros
            && let Ok(text) = std::str::from_utf8(record)
            && (!self.legacy || text.is_ascii())
        {
            return cells.take(text, cut);
        }
        let mut quotes = cut.quotes.iter().peekable();
        for (nth, span) in cut.spans.iter().enumerate() {
            let bytes = record.get(span.start..span.end).unwrap_or_default();
            let text = self.decode(bytes, odd);
            let quotes = quotes.next_if(|(cell, _)| *cell == nth).map(|(_, quotes)| *quotes);
            cells.append(&text.replace('\0', ""), quotes);
        }
    }
}

/// What was odd about a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Odd {
    /// NULs were dropped.
    pub zeros: bool,
    /// A cell was no UTF-8.
    pub legacy: bool,
}

impl Cells {
    /// Takes the whole record over as it stands; cells with quotes in them are written anew behind it.
    fn take(&mut self, record: &str, cut: Cut<'_>) {
        self.text.push_str(record);
        self.spans.extend_from_slice(cut.spans);
        for (nth, quotes) in cut.quotes {
            if let Some(span) = self.spans.get_mut(*nth) {
                let start = self.text.len();
                quotes.undo(record.get(span.start..span.end).unwrap_or_default(), &mut self.text);
                *span = Span { start, end: self.text.len() };
            }
        }
    }

    fn append(&mut self, cell: &str, quotes: Option<Quotes>) {
        let start = self.text.len();
        match quotes {
            None => self.text.push_str(cell),
            Some(quotes) => quotes.undo(cell, &mut self.text),
        }
        self.spans.push(Span { start, end: self.text.len() });
    }
}

impl Quotes {
    /// Appends a cell with single quotes for what stands for one: `""`, and `\"` where quotes are escaped.
    fn undo(self, cell: &str, text: &mut String) {
        let mut rest = cell;
        while let Some(at) = memchr::memchr(b'"', rest.as_bytes()) {
            let (before, after) = (rest.get(..at).unwrap_or_default(), rest.get(at + 1..).unwrap_or_default());
            let before = if self == Self::Escaped { before.strip_suffix('\\').unwrap_or(before) } else { before };
            text.push_str(before);
            text.push('"');
            rest = after.strip_prefix('"').unwrap_or(after);
        }
        text.push_str(rest);
    }
}

/// Turns UTF-16 into UTF-8, piece by piece.
#[derive(Debug)]
pub(super) struct Utf16 {
    big: bool,
    /// A byte, or a unit, whose other half is still to come.
    odd: Option<u8>,
    high: Option<u16>,
}

impl Utf16 {
    pub(super) fn new(big: bool) -> Self {
        Self { big, odd: None, high: None }
    }

    /// Appends the text of `bytes`, its marks of byte order left in.
    pub(super) fn feed(&mut self, bytes: &[u8], text: &mut Vec<u8>) {
        let mut bytes = bytes;
        if let (Some(first), Some((second, rest))) = (self.odd, bytes.split_first()) {
            self.odd = None;
            self.unit([first, *second], text);
            bytes = rest;
        }
        let pairs = bytes.chunks_exact(2);
        self.odd = pairs.remainder().first().copied().or(self.odd);
        for pair in pairs {
            if let Ok(pair) = pair.try_into() {
                self.unit(pair, text);
            }
        }
    }

    /// Half a character at the end of the file is a broken one.
    pub(super) fn finish(&mut self, text: &mut Vec<u8>) {
        if self.odd.take().is_some() | self.high.take().is_some() {
            push(text, char::REPLACEMENT_CHARACTER);
        }
    }

    fn unit(&mut self, pair: [u8; 2], text: &mut Vec<u8>) {
        let unit = if self.big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) };
        match (self.high.take(), unit) {
            (Some(high), 0xDC00..=0xDFFF) => {
                let code = 0x1_0000 + (u32::from(high - 0xD800) << 10) + u32::from(unit - 0xDC00);
                push(text, char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            (lone, _) => {
                if lone.is_some() {
                    push(text, char::REPLACEMENT_CHARACTER);
                }
                match unit {
                    0xD800..=0xDBFF => self.high = Some(unit),
                    _ => push(text, char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER)),
                }
            }
        }
    }
}

fn push(text: &mut Vec<u8>, letter: char) {
    text.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
}

/// How many bytes of UTF-16 a text in UTF-8 was.
pub(super) fn utf16_length(text: &[u8]) -> u64 {
    text.iter().map(|byte| if matches!(byte, 0x80..=0xBF) { 0 } else { 2 + 2 * u64::from(*byte >= 0xF0) }).sum()
}

/// `Some(true)` for UTF-16, big end first: by its mark, or by the zero bytes of its ASCII letters.
fn order(head: &[u8]) -> Option<bool> {
    match head {
        [0xFF, 0xFE, ..] => return Some(false),
        [0xFE, 0xFF, ..] => return Some(true),
        _ => {}
    }
    let sample = head.get(..head.len().min(512)).unwrap_or_default();
    let zeros = |odd: usize| sample.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count() * 5 > sample.len() * 2;
    match (sample.len() >= 8 && zeros(0), sample.len() >= 8 && zeros(1)) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    }
}

/// The charset of the head, if it is no UTF-8.
fn guess(head: &[u8]) -> &'static str {
    match std::str::from_utf8(head) {
        Err(error) if error.error_len().is_some() => charset::decode(head, None).1,
        _ => "utf-8",
    }
}

fn is_latin(name: &str) -> bool {
    matches!(name, "windows-1252" | "cp1252" | "iso-8859-1" | "latin1" | "latin-1" | "us-ascii" | "ascii")
}

fn windows_1252(bytes: &[u8]) -> String {
    let letter = |byte: &u8| match byte.checked_sub(0x80) {
        Some(high) => WINDOWS_1252.get(usize::from(high)).copied().unwrap_or(char::from(*byte)),
        None => char::from(*byte),
    };
    bytes.iter().map(letter).collect()
}
