//! Bytes → JSON objects, each a record: one a line, one after another, in an array, or in an array within an object (a page of an API).
//!
//! Only brackets and strings are looked at; whether an object is sound is for its reader to say. An object that is not closed costs
//! itself alone: reading goes on at the next `{` that begins a line or follows `},`.

use memchr::{memchr, memchr_iter, memchr2, memchr3};

use super::split::{RECORD, Step, TOO_LONG};

/// Keys whose array holds the records.
const CONTAINERS: [&[u8]; 16] = [
    b"items",
    b"results",
    b"Bounces",
    b"bounces",
    b"bounceLogs",
    b"events",
    b"events_by_user",
    b"Records",
    b"records",
    b"Messages",
    b"messages",
    b"value",
    b"data",
    b"rows",
    b"entries",
    b"logs",
];

/// Objects within objects, at most.
const DEPTH: usize = 64;
/// Arrays of records within arrays of records, at most.
const NESTED: usize = 8;
/// How far back from a `{` is looked for what shows that a record begins.
const BACK: usize = 64;

const UNCLOSED: &str = "a JSON object that is not closed, or a bracket in the wrong place";
const NO_OBJECT: &str = "not a JSON object";

/// What has been entered to get at the records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Wrapper,
    Array,
}

/// Where the end of a value is.
enum Scan {
    End(usize),
    /// It is a wrapper; its array of records begins here.
    Inside(usize),
    Short,
    Bad,
}

/// Splits JSON.
#[derive(Debug, Default)]
pub(super) struct Objects {
    open: Vec<Open>,
    /// Within a broken object.
    lost: bool,
}

impl Objects {
    /// The record at the beginning of `bytes`; `end` says that nothing follows them.
    pub(super) fn next(&mut self, bytes: &[u8], end: bool) -> Step {
        if self.lost {
            return self.seek(bytes, end);
        }
        let blank = bytes.iter().take_while(|byte| is_blank(**byte) || **byte == b',').count();
        if blank > 0 {
            return skip(bytes, blank);
        }
        match (self.open.last(), bytes.first()) {
            (_, None) => Step::More,
            (Some(Open::Wrapper), Some(b'"')) => self.member(bytes, end),
            (Some(Open::Wrapper), Some(b'}')) | (Some(Open::Array), Some(b']')) => {
                self.open.pop();
                skip(bytes, 1)
            }
            (Some(Open::Wrapper), _) | (_, Some(b'[' | b']')) => skip(bytes, 1),
            (_, Some(b'{')) => self.object(bytes, end),
            _ => junk(bytes, end),
        }
    }

    fn object(&mut self, bytes: &[u8], end: bool) -> Step {
        match scan(bytes, 0, self.open.len() < NESTED) {
            Scan::End(used) => Step::Record { end: used, used, lines: lines(bytes, used) },
            Scan::Inside(used) => {
                self.open.extend([Open::Wrapper, Open::Array]);
                skip(bytes, used)
            }
            Scan::Short if !end && bytes.len() <= RECORD => Step::More,
            Scan::Short if !end => self.lose(TOO_LONG),
            Scan::Short | Scan::Bad => self.lose(UNCLOSED),
        }
    }

    /// A key of a wrapper and its value: passed over, or entered if it is an array of records.
    fn member(&mut self, bytes: &[u8], end: bool) -> Step {
        let short = !end && bytes.len() <= RECORD;
        let Some(close) = string(bytes, 0) else { return if short { Step::More } else { self.lose(UNCLOSED) } };
        let key = bytes.get(1..close - 1).unwrap_or_default();
        let after = close + bytes.iter().skip(close).take_while(|byte| is_blank(**byte) || **byte == b':').count();
        let found = match bytes.get(after) {
            None => Scan::Short,
            Some(b'[') if CONTAINERS.contains(&key) => match first_of(bytes, after + 1) {
                None => Scan::Short,
                Some(b'{' | b']') => Scan::Inside(after + 1),
                Some(_) => scan(bytes, after, false),
            },
            Some(b'{' | b'[') => scan(bytes, after, false),
            Some(b'"') => string(bytes, after).map_or(Scan::Short, Scan::End),
            Some(_) => memchr3(b',', b'}', b'\n', bytes.get(after..).unwrap_or_default()).map_or(Scan::Short, |at| Scan::End(after + at)),
        };
        match found {
            Scan::End(used) => skip(bytes, used),
            Scan::Inside(used) => {
                self.open.push(Open::Array);
                skip(bytes, used)
            }
            Scan::Short if short => Step::More,
            Scan::Short | Scan::Bad => self.lose(UNCLOSED),
        }
    }

    fn lose(&mut self, reason: &'static str) -> Step {
        self.lost = true;
        Step::Broken { used: 1, lines: 0, reason }
    }

    /// The next place where a record may begin.
    fn seek(&mut self, bytes: &[u8], end: bool) -> Step {
        let mut from = 0;
        while let Some(at) = memchr(b'{', bytes.get(from..).unwrap_or_default()).map(|length| from + length) {
            if begins(bytes.get(at.saturating_sub(BACK)..at).unwrap_or_default()) {
                self.lost = false;
                return skip(bytes, at);
            }
            from = at + 1;
        }
        match bytes.len().checked_sub(BACK) {
            _ if end => skip(bytes, bytes.len()),
            Some(used) if used > 0 => skip(bytes, used),
            _ => Step::More,
        }
    }
}

/// Does what stands before a `{` show that a record begins there?
fn begins(before: &[u8]) -> bool {
    let solid = before.iter().rposition(|byte| !is_blank(*byte)).map_or(0, |at| at + 1);
    let (text, blank) = before.split_at(solid);
    blank.contains(&b'\n') || text.ends_with(b"},")
}

/// What stands where an object should, up to the end of the line or the next object.
fn junk(bytes: &[u8], end: bool) -> Step {
    match memchr2(b'\n', b'{', bytes) {
        Some(at) if bytes.get(at) == Some(&b'{') => skip(bytes, at),
        Some(at) => Step::Broken { used: at + 1, lines: 1, reason: NO_OBJECT },
        None if end || bytes.len() > RECORD => Step::Broken { used: bytes.len(), lines: 0, reason: NO_OBJECT },
        None => Step::More,
    }
}

/// The end of the object or array that opens at `from`. With `wrappers`, an object that holds an array of records is entered.
fn scan(bytes: &[u8], from: usize, wrappers: bool) -> Scan {
    let (mut depth, mut at, mut last, mut key): (usize, usize, u8, &[u8]) = (0, from, b':', b"");
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => {
                let Some(close) = string(bytes, at) else { return if broken_string(bytes, at) { Scan::Bad } else { Scan::Short } };
                if depth == 1 && last != b':' {
                    key = bytes.get(at + 1..close - 1).unwrap_or_default();
                }
                (at, last) = (close, byte);
                continue;
            }
            b'{' | b'[' if depth == DEPTH || !matches!(last, b':' | b',' | b'[') => return Scan::Bad,
            b'[' if wrappers && depth == 1 && last == b':' && CONTAINERS.contains(&key) => match first_of(bytes, at + 1) {
                None => return Scan::Short,
                Some(b'{' | b']') => return Scan::Inside(at + 1),
                Some(_) => depth += 1,
            },
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return Scan::End(at + 1);
                }
            }
            _ => {}
        }
        last = if is_blank(byte) { last } else { byte };
        at += 1;
    }
    Scan::Short
}

/// The byte after the string that opens at `from`; none where it is not closed on its line.
fn string(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from + 1;
    loop {
        at += memchr3(b'"', b'\\', b'\n', bytes.get(at..)?)?;
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => return None,
        }
    }
}

/// A line ends within the string that opens at `from`.
fn broken_string(bytes: &[u8], from: usize) -> bool {
    memchr(b'\n', bytes.get(from..).unwrap_or_default()).is_some()
}

fn first_of(bytes: &[u8], from: usize) -> Option<u8> {
    bytes.iter().skip(from).copied().find(|byte| !is_blank(*byte))
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0x1E)
}

fn lines(bytes: &[u8], used: usize) -> u64 {
    memchr_iter(b'\n', bytes.get(..used).unwrap_or_default()).count() as u64
}

fn skip(bytes: &[u8], used: usize) -> Step {
    Step::Skip { used, lines: lines(bytes, used) }
}
