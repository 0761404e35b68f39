//! Rows copied from an export or a sheet: a header that names bounce columns, then one reply a row.
//!
//! Cells are spans of the text itself, so that evidence points into what was pasted; a doubled quote stays doubled.

use super::{Event, Notice, Span, codes, reply};
use crate::verdict::{Form, Part};

/// Column names of bounce exports, as [`plain`] spells them, by what the column holds.
const TEXT: [&str; 22] = [
    "smtpbouncereason",
    "smtpmessage",
    "bouncereason",
    "smtpreason",
    "reason",
    "rawreason",
    "error",
    "details",
    "bouncedetail",
    "diag",
    "dsndiag",
    "emailbouncedreason",
    "personemailbouncedreason",
    "diagnosticcode",
    "response",
    "mtaresponse",
    "recipientstatus",
    "eventdescription",
    "destinationresponse",
    "output",
    "reply",
    "smtpresponse",
];
const RECIPIENT: [&str; 10] =
    ["emailaddress", "email", "subscriberkey", "address", "recipient", "recipientaddress", "rcpt", "rcptto", "to", "finalrecipient"];
const LABEL: [&str; 7] =
    ["bouncecategory", "bouncesubcategory", "bouncetype", "bounceclass", "bouncecat", "bounceclassification", "severity"];
const CODE: [&str; 4] = ["smtpcode", "code", "errorcode", "responsecode"];
const ENHANCED: [&str; 3] = ["status", "dsnstatus", "enhancedstatuscode"];
const OTHER: [&str; 12] = [
    "eventdate",
    "created",
    "createdat",
    "timestamp",
    "date",
    "jobid",
    "sendid",
    "campaignid",
    "domain",
    "listid",
    "timelogged",
    "isunique",
];

/// Reads a pasted table; none where the first line is no header of a bounce export or names no column of replies.
pub fn read(text: &str) -> Option<Notice> {
    let delimiter = delimiter(text.lines().find(|line| !line.trim().is_empty())?)?;
    let mut rows = rows(text, delimiter);
    let header = rows.next()?;
    let columns = Columns::of(&header, text)?;
    let (mut events, mut empty) = (Vec::new(), 0);
    for row in rows.filter(|row| row.iter().any(|(start, end)| start < end)) {
        match columns.event(&row, text) {
            Some(event) => events.push(event),
            None => empty += 1,
        }
    }
    if events.is_empty() {
        return None;
    }
    let unread = (empty > 0).then(|| format!("rows without a reply: {empty}")).into_iter().collect();
    let parts = vec![Part { id: 0, name: "input".into(), text: text.into() }];
    Some(Notice { form: Form::Table, charset: "utf-8".into(), truncated: false, parts, events, more: 0, unread, warnings: Vec::new() })
}

/// A cell: where it starts and ends in the text, quotes left out.
type Cell = (usize, usize);

/// Letters and digits of a column name, lower case.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// The delimiter that makes the line a header: three fields at least, two of them known names.
fn delimiter(line: &str) -> Option<u8> {
    let known =
        |name: &str| [&TEXT[..], &RECIPIENT, &LABEL, &CODE, &ENHANCED, &OTHER].iter().any(|names| names.contains(&plain(name).as_str()));
    b",;\t|".iter().copied().find(|delimiter| {
        let names = || line.split(char::from(*delimiter));
        names().count() >= 3 && names().filter(|name| known(name)).count() >= 2
    })
}

struct Columns {
    text: Vec<usize>,
    recipient: Option<usize>,
    label: Option<usize>,
    code: Option<usize>,
    enhanced: Option<usize>,
}

impl Columns {
    fn of(header: &[Cell], text: &str) -> Option<Self> {
        let names: Vec<String> = header.iter().map(|(start, end)| plain(&text[*start..*end])).collect();
        let find = |known: &[&str]| known.iter().find_map(|name| names.iter().position(|have| have == name));
        let replies: Vec<usize> = names.iter().enumerate().filter(|(_, name)| TEXT.contains(&name.as_str())).map(|(i, _)| i).collect();
        let (recipient, label, code, enhanced) = (find(&RECIPIENT), find(&LABEL), find(&CODE), find(&ENHANCED));
        (!replies.is_empty()).then_some(Self { text: replies, recipient, label, code, enhanced })
    }

    /// What a row says; none where no cell holds a reply.
    fn event(&self, row: &[Cell], text: &str) -> Option<Event> {
        let cell = |column: usize| row.get(column).map(|(start, end)| &text[*start..*end]).filter(|cell| !cell.trim().is_empty());
        let mut replies: Vec<Cell> = self
            .text
            .iter()
            .filter_map(|column| row.get(*column).copied())
            .filter(|(start, end)| !text[*start..*end].trim().is_empty())
            .collect();
        replies.sort_by_key(|(start, end)| std::cmp::Reverse(end - start));
        let words = |(start, end): &Cell| Span { part: 0, start: start + reply::innermost(&text[*start..*end]), end: *end };
        let recipient = self.recipient.and_then(cell).map(str::trim).filter(|address| address.contains('@'));
        let status = self.enhanced.and_then(cell).and_then(|cell| codes::Enhanced::parse(cell.split(' ').next().unwrap_or_default()));
        (!replies.is_empty()).then(|| Event {
            recipient: recipient.map(str::to_string).or_else(|| super::address::recipient(&text[replies[0].0..replies[0].1])),
            words: replies.iter().map(words).collect(),
            smtp_code: self
                .code
                .and_then(cell)
                .and_then(|code| code.trim().trim_end_matches(".0").parse().ok())
                .filter(|code| (200..600).contains(code)),
            enhanced: status.map(|status| status.to_string()),
            label: self.label.and_then(cell).map(|value| ("The export".to_string(), value.trim().to_string())),
            ..Event::default()
        })
    }
}

/// The rows of a delimited text; a quoted cell may hold delimiters and line breaks.
fn rows(text: &str, delimiter: u8) -> impl Iterator<Item = Vec<Cell>> + '_ {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let mut row = Vec::new();
        while at < bytes.len() {
            let (cell, next) = cell(bytes, at, delimiter);
            row.push(cell);
            at = next + 1;
            if bytes.get(next) != Some(&delimiter) {
                break;
            }
        }
        (!row.is_empty()).then_some(row)
    })
}

/// The cell that starts at byte `at`, and the byte of the delimiter or line break after it.
fn cell(bytes: &[u8], at: usize, delimiter: u8) -> (Cell, usize) {
    let until = |from: usize| bytes[from..].iter().position(|b| *b == delimiter || *b == b'\n').map_or(bytes.len(), |length| from + length);
    if bytes.get(at) != Some(&b'"') {
        let end = until(at);
        return ((at, end), end);
    }
    let mut close = at + 1;
    while let Some(length) = bytes.get(close..).and_then(|rest| rest.iter().position(|b| *b == b'"')) {
        close += length;
        if bytes.get(close + 1) != Some(&b'"') {
            return ((at + 1, close), until(close + 1));
        }
        close += 2;
    }
    let end = until(at);
    ((at + 1, end.max(at + 1)), end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_is_an_outcome() {
        let text = "SubscriberKey,Domain,BounceCategory,SMTPCode,SMTPBounceReason\nann@example.com,example.com,Soft bounce,550,\"550 5.1.1 no such user, sorry\nreally\"\nbob@example.com,example.com,Hard bounce,452,452 4.2.2 full\nx,example.com,,,\n";
        let notice = read(text).expect("a table");
        let said: Vec<_> =
            notice.events.iter().map(|e| (e.recipient.clone().unwrap_or_default(), &text[e.words[0].start..e.words[0].end])).collect();
        assert_eq!(
            said,
            [("ann@example.com".to_string(), "550 5.1.1 no such user, sorry\nreally"), ("bob@example.com".to_string(), "452 4.2.2 full")]
        );
        assert_eq!(notice.events[0].label, Some(("The export".into(), "Soft bounce".into())));
        assert_eq!(notice.unread, ["rows without a reply: 1"]);
    }

    #[test]
    fn prose_is_no_table() {
        assert!(read("Dear Ann, the reason, I think, is known\nto all").is_none());
        assert!(read("a,b,c\n1,2,3").is_none());
        assert!(read("status,reason,email,created\n").is_none());
    }
}
