//! Mail server logs: one line or a thousand, one event for each attempt at delivery (or refusal) that a line reports.

mod accounting;
mod exchange;
mod exim;
mod others;
mod postfix;
mod qmail;
mod queue;
mod sendmail;
mod stalwart;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::draft::Draft;
use super::{Event, Fate, Notice, Span, scan};
use crate::verdict::{Form, Permanence};

/// Reads the log lines in `text`. `None` where it holds none.
pub fn read(text: &str) -> Option<Notice> {
    let text = scan::unquoted(text);
    if let Some(notice) = queue::read(&text) {
        return Some(notice);
    }
    let text = unwrapped(text);
    let mut log = Log::new(&text);
    text.lines().map(str::trim).filter(|line| !line.is_empty()).for_each(|line| log.line(line));
    log.finish()
}

/// One line of a log on its own: which server wrote it, and what it says; no events where it reports no attempt, or one that only a later
/// line of the same message tells the recipient of. `None` where no server is known that writes such lines.
pub(crate) fn line(text: &str) -> Option<(&'static str, Notice)> {
    let mut log = Log::new(text);
    let (server, _) = READERS.iter().zip(SERVERS).find_map(|(read, server)| Some((server, read(&mut log, text)?)))?;
    if log.lines.iter().any(|(_, tentative)| *tentative) {
        log.draft.events.retain(|event| event.recipient.is_some());
    }
    Some((server, log.draft.finish(Form::Log)))
}

/// What a reader made of a line; `None` from a reader means: not one of mine.
enum Seen {
    /// Events were taken from it.
    Attempt,
    /// A line of this server that reports no attempt.
    Other,
}

/// A log in the reading.
struct Log<'t> {
    draft: Draft<'t>,
    /// The queue id of each event's line, in step with `draft.events`, and whether a later status line replaces it.
    lines: Vec<(Option<String>, bool)>,
    /// Queue ids with the words of their last attempt (Postfix).
    last_words: HashMap<&'t str, Span>,
    /// Recipients of the running deliveries, by number (qmail).
    deliveries: HashMap<&'t str, &'t str>,
    columns: accounting::Columns<'t>,
    others: usize,
    strange: usize,
}

type Reader = for<'l, 't> fn(&'l mut Log<'t>, &'t str) -> Option<Seen>;

const READERS: [Reader; 11] = [
    exchange::read,
    postfix::read,
    exim::read,
    sendmail::read,
    qmail::read,
    stalwart::read,
    others::opensmtpd,
    others::zonemta,
    others::haraka,
    accounting::momentum,
    accounting::read,
];

/// Whose lines each of [`READERS`] reads.
const SERVERS: [&str; 11] =
    ["exchange", "postfix", "exim", "sendmail", "qmail", "stalwart", "opensmtpd", "zonemta", "haraka", "momentum", "accounting"];

impl<'t> Log<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            draft: Draft::new(text),
            lines: Vec::new(),
            last_words: HashMap::new(),
            deliveries: HashMap::new(),
            columns: accounting::Columns::default(),
            others: 0,
            strange: 0,
        }
    }

    fn line(&mut self, line: &'t str) {
        match READERS.iter().find_map(|read| read(self, line)) {
            Some(Seen::Attempt) => {}
            Some(Seen::Other) if stamped(line) => self.others += 1,
            _ => self.strange += 1,
        }
    }

    fn push(&mut self, event: Event) -> Option<Seen> {
        self.push_keyed(event, None, false)
    }

    /// Takes an event; a `tentative` one counts only where no status line of the same queue id follows or went before.
    fn push_keyed(&mut self, event: Event, key: Option<String>, tentative: bool) -> Option<Seen> {
        if self.draft.push(event) {
            self.lines.push((key, tentative));
        }
        Some(Seen::Attempt)
    }

    fn finish(mut self) -> Option<Notice> {
        self.drop_repeats();
        if self.draft.events.is_empty() && (self.others == 0 || self.strange > 0) {
            return None;
        }
        let others = self.others + self.strange;
        self.draft.count_others(others, "line", if others == 1 { "of another kind" } else { "of other kinds" });
        if self.draft.events.is_empty() {
            self.draft
                .warnings
                .push("These log lines report no attempt at delivery: look for the lines with the recipient and a status.".to_owned());
        }
        Some(self.draft.finish(Form::Log))
    }

    fn drop_repeats(&mut self) {
        let final_keys: HashSet<&Option<String>> = self.lines.iter().filter(|(_, tentative)| !tentative).map(|(key, _)| key).collect();
        let mut lines = self.lines.iter();
        self.draft.events.retain(|_| match lines.next() {
            Some((None, true)) => final_keys.is_empty(),
            Some((key, true)) => !final_keys.contains(key),
            _ => true,
        });
    }
}

/// An attempt that failed for now: its words decide, and where they carry no code, the log says that it was temporary.
fn deferred() -> Event {
    Event { permanence: Some(Permanence::Temporary), ..Event::default() }
}

/// An event of the fate that a status word of a log stands for.
fn event_of(delivered: bool, temporary: bool) -> Event {
    match (delivered, temporary) {
        (true, _) => Event { fate: Fate::Delivered, ..Event::default() },
        (_, true) => deferred(),
        _ => Event::default(),
    }
}

/// The text with the lines that a paste wrapped put together again: line breaks within a record become spaces, so that it keeps its length.
fn unwrapped(text: Cow<'_, str>) -> Cow<'_, str> {
    let mut joints = Vec::new();
    let (mut last, mut at) = ("", 0);
    let mut addressed = true;
    for line in text.split_inclusive('\n') {
        let joined = continues(last, line, addressed);
        if joined {
            joints.push(at - 1);
        }
        addressed = line.contains("to=<") || joined && addressed;
        (last, at) = (line, at + line.len());
    }
    if joints.is_empty() {
        return text;
    }
    let mut flat = String::with_capacity(text.len());
    let mut from = 0;
    for joint in joints {
        flat.extend(text.get(from..joint).into_iter().chain([" "]));
        from = joint + 1;
    }
    flat.push_str(text.get(from..).unwrap_or_default());
    Cow::Owned(flat)
}

/// Does `line` go on where `last` was broken? Only long lines are broken, a record begins with a time or a known word, and a status's
/// closing parenthesis ends it. `addressed`: the record so far has its recipient.
fn continues(last: &str, line: &str, addressed: bool) -> bool {
    let (before, next) = (last.trim_end(), line.trim_start());
    if before.is_empty() || next.is_empty() || before.ends_with(')') && (before.contains("status=") || before.ends_with("command))")) {
        return false;
    }
    let recipient = near(next, "to=<", 40) && !stamped(next);
    let unfinished = recipient && (!addressed || next.starts_with("to=<") && before.ends_with([':', ',']));
    let broken = line.len() > next.len() || before.len() >= 40;
    broken && (unfinished || !begins_record(next))
}

fn begins_record(line: &str) -> bool {
    stamped(line)
        || ["delivery ", "starting delivery ", "type,"].iter().any(|mark| line.starts_with(mark))
        || ["b,", "d,", "t,", "tq,", "r,", "f,", "rb,", "rs,"].iter().any(|mark| line.starts_with(mark))
        || near(line, "postfix", 60)
        || near(line, "to=<", 40)
        || near(line, "exim", 40)
}

/// Does a mark begin within the first bytes of a line?
fn near(line: &str, mark: &str, within: usize) -> bool {
    line.get(..line.floor_char_boundary(within + mark.len())).is_some_and(|head| head.contains(mark))
}

/// Does a log's time stand at the line's beginning, or what stands in its place?
fn stamped(line: &str) -> bool {
    let bytes = line.as_bytes();
    let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let dated = digits == 4 && bytes.get(4) == Some(&b'-') || (1..=2).contains(&digits) && matches!(bytes.get(digits), Some(b'/' | b':'));
    dated || digits >= 10 || line.starts_with("@4000") || line.starts_with('#') || begins_with_month(line) || bracketed(line)
}

/// `<22>` of syslog (RFC 5424), or `[NOTICE]`, `[2026-…`: not the address of a reply that was wrapped there.
fn bracketed(line: &str) -> bool {
    let priority = line.strip_prefix('<').is_some_and(|rest| rest.split('>').next().is_some_and(|number| number.parse::<u16>().is_ok()));
    let level = line.strip_prefix('[').and_then(|rest| rest.split(']').next());
    priority || level.is_some_and(|level| level.len() > 3 && level.bytes().all(|byte| byte.is_ascii_uppercase()) || level.starts_with("20"))
}

fn begins_with_month(line: &str) -> bool {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    MONTHS.iter().any(|month| line.starts_with(month))
        && line.get(3..).is_some_and(|rest| rest.trim_start().starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests;
