//! The machine-readable part of a delivery report: RFC 3464, RFC 6533, and what writers make of them.

use std::ops::Range;

use super::address;
use super::head::name_of;
use super::lines::{Line, lines, starts};
use crate::read::codes::Enhanced;
use crate::read::{EVENTS, Fate};

/// One field: its name and where its value stands, in bytes of the part.
#[derive(Clone, Debug)]
struct Field<'a> {
    name: &'a str,
    start: usize,
    value: Range<usize>,
}

/// What the fields of one recipient say. Values are ranges of the part's text.
#[derive(Clone, Debug, Default)]
pub struct Group {
    fields: Vec<(&'static str, Range<usize>)>,
    start: usize,
}

/// Fields of a report, lower case: per message first, then per recipient. The order within has no meaning.
const MESSAGE_FIELDS: [&str; 5] = ["reporting-mta", "received-from-mta", "original-envelope-id", "dsn-gateway", "arrival-date"];
const RECIPIENT_FIELDS: [&str; 16] = [
    "final-recipient",
    "original-recipient",
    "action",
    "status",
    "remote-mta",
    "diagnostic-code",
    "last-attempt-date",
    "final-log-id",
    "will-retry-until",
    "x-actual-recipient",
    "x-display-name",
    "x-powermta-bouncecategory",
    "x-supplementary-info",
    "x400-supplementary-info",
    "x-notes",
    "x-outbound-smtp-code",
];

/// A delivery report.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub message: Group,
    /// At most [`EVENTS`].
    pub recipients: Vec<Group>,
    /// How many more there were.
    pub more: usize,
}

impl Report {
    fn push(&mut self, group: Group) {
        if self.recipients.len() == EVENTS {
            self.more += 1;
        } else if !group.fields.is_empty() {
            self.recipients.push(group);
        }
    }
}

/// Whether `text` carries per-recipient fields.
pub fn is_report(text: &str) -> bool {
    let report = read(text);
    report.recipients.iter().any(|group| group.get("final-recipient").is_some() || group.get("original-recipient").is_some())
        && report
            .recipients
            .iter()
            .any(|group| group.get("action").is_some() || group.get("status").is_some() || group.get("diagnostic-code").is_some())
}

/// Reads the fields of a report; other text around them is passed over.
pub fn read(text: &str) -> Report {
    let mut report = Report::default();
    let mut group = Group::default();
    let mut seen_blank = false;
    let mut end = 0;
    for field in fields(text) {
        seen_blank |= text[end..field.value.start].contains("\n\n");
        end = field.value.end;
        let lower = field.name.to_ascii_lowercase();
        if let Some(name) = MESSAGE_FIELDS.iter().copied().find(|name| *name == lower) {
            report.message.fields.push((name, field.value));
            continue;
        }
        let Some(name) = RECIPIENT_FIELDS.iter().copied().find(|name| *name == lower) else { continue };
        if group.get(name).is_some() || seen_blank && group.is_whole() {
            report.push(std::mem::take(&mut group));
        }
        seen_blank = false;
        if group.fields.is_empty() {
            group.start = field.start;
        }
        group.fields.push((name, field.value));
    }
    report.push(group);
    report
}

/// The fields of a text, with folded and re-wrapped lines joined and fields fused into one line taken apart.
fn fields(text: &str) -> Vec<Field<'_>> {
    let mut found: Vec<Field<'_>> = Vec::new();
    let mut open = false;
    for line in lines(text) {
        if line.text.is_empty() {
            open = false;
            continue;
        }
        let starts = fused(&line);
        match (starts.first(), found.last_mut()) {
            (Some(first), last) => {
                if let Some(last) = last.filter(|_| open && first.0 > line.at.start) {
                    last.value.end = first.0;
                }
                push_all(&mut found, &line, &starts);
                open = true;
            }
            (None, Some(last)) if open && (line.indent > 0 || !is_foreign(line.text)) => last.value.end = line.at.end,
            _ => open = false,
        }
    }
    for field in &mut found {
        field.value = trimmed(text, field.value.clone());
    }
    found
}

/// A field line of something else, or a boundary: it ends a value.
fn is_foreign(line: &str) -> bool {
    let field = |name: &str| name.contains('-') && name.starts_with(|c: char| c.is_ascii_uppercase());
    name_of(line).is_some_and(field) || line.starts_with("--")
}

/// Where known fields begin in a line: (start, length of the name). Mid-line only names that nothing else could be.
fn fused(line: &Line<'_>) -> Vec<(usize, usize)> {
    let mut starts = Vec::new();
    for (colon, _) in line.text.match_indices(':') {
        let before = &line.text[..colon];
        let length = before.bytes().rev().take(40).take_while(|b| b.is_ascii_alphanumeric() || *b == b'-').count();
        let start = colon - length;
        let name = before[start..].to_ascii_lowercase();
        let known = MESSAGE_FIELDS.contains(&name.as_str()) || RECIPIENT_FIELDS.contains(&name.as_str());
        let begins = start == 0 || line.text.as_bytes()[start - 1].is_ascii_whitespace();
        if known && begins && (start == 0 || fits_midline(&name, &line.text[colon + 1..])) {
            starts.push((line.at.start + start, length));
        }
    }
    starts
}

fn fits_midline(name: &str, value: &str) -> bool {
    let value = value.trim_start();
    match name {
        "action" => ["failed", "delayed", "delivered", "relayed", "expanded"].iter().any(|action| starts(value, action)),
        "status" => status_of(value).is_some(),
        _ => name.contains('-'),
    }
}

fn push_all<'a>(found: &mut Vec<Field<'a>>, line: &Line<'a>, starts: &[(usize, usize)]) {
    for (n, (start, length)) in starts.iter().enumerate() {
        let end = starts.get(n + 1).map_or(line.at.end, |next| next.0);
        let from = start - line.at.start;
        found.push(Field { name: &line.text[from..from + length], start: *start, value: start + length + 1..end });
    }
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let Some(value) = text.get(range.clone()) else { return range.start..range.start };
    let start = range.start + value.len() - value.trim_start().len();
    start..(start + value.trim().len())
}

fn status_of(value: &str) -> Option<Enhanced> {
    let length = value.bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
    Enhanced::parse(value[..length].trim_end_matches('.'))
}

impl Group {
    /// Where the value of a field stands.
    pub fn get(&self, name: &str) -> Option<Range<usize>> {
        self.fields.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone())
    }

    /// From the first field's name to the end of the last field.
    pub fn extent(&self) -> Option<Range<usize>> {
        self.fields.last().map(|(_, last)| self.start..last.end)
    }

    /// The value of a field without its type (`rfc822;`, `dns;`), unfolded.
    pub fn value(&self, text: &str, name: &str) -> Option<String> {
        let value = text.get(self.untyped(text, name)?)?;
        Some(value.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|value| !value.is_empty())
    }

    /// Where the value of a field stands, without its type.
    pub fn untyped(&self, text: &str, name: &str) -> Option<Range<usize>> {
        let range = self.get(name)?;
        let value = text.get(range.clone())?;
        let kind = value.bytes().take(32).take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'/')).count();
        let rest = value.get(kind..)?.trim_start();
        let typed = rest.starts_with(';') && !value.starts_with(|c: char| c.is_ascii_digit());
        if !typed {
            return Some(range);
        }
        Some(trimmed(text, range.end - rest.len() + 1..range.end))
    }

    fn is_whole(&self) -> bool {
        (self.get("final-recipient").is_some() || self.get("original-recipient").is_some())
            && (self.get("action").is_some() || self.get("status").is_some() || self.get("diagnostic-code").is_some())
    }

    /// The mailbox that the sender wrote to: the original recipient where it is an address (the final one may be an alias's
    /// target that no list holds), else whichever field holds one.
    pub fn recipient(&self, text: &str) -> Option<String> {
        let raw = |name: &str| self.value(text, name);
        let order = ["original-recipient", "final-recipient", "x-actual-recipient", "x-display-name"];
        let found = |name: &str| raw(name).and_then(|value| address::mailbox(&value));
        let first = order.into_iter().find_map(found);
        let better = first.as_deref().filter(|address| address::is_machine_made(address)).and_then(|_| found("original-recipient"));
        better.or(first).or_else(|| {
            raw("final-recipient")
                .or_else(|| raw("original-recipient"))
                .map(|value| value.trim_matches(['<', '>']).to_owned())
                .filter(|value| !value.starts_with('@'))
        })
    }

    /// The final recipient is another address than the one that the sender wrote to: what an alias or a list made of it (RFC 3464 §2.3.1).
    pub fn is_expanded(&self, text: &str) -> bool {
        let address =
            |name: &str| self.value(text, name).and_then(|value| address::mailbox(&value)).filter(|found| !address::is_machine_made(found));
        address("original-recipient").zip(address("final-recipient")).is_some_and(|(original, last)| !address::same(&original, &last))
    }

    /// What `Action` says, else what the class of `Status` says.
    pub fn fate(&self, text: &str) -> Fate {
        let action = self.value(text, "action").unwrap_or_default().to_ascii_lowercase();
        match action.split([' ', '(']).next().unwrap_or_default() {
            "delayed" => Fate::Delayed,
            "delivered" | "relayed" | "expanded" | "deliverable" => Fate::Delivered,
            "" if self.status(text).is_some_and(|code| code.class == 2) => Fate::Delivered,
            _ => Fate::Failed,
        }
    }

    /// The code in `Status`.
    pub fn status(&self, text: &str) -> Option<Enhanced> {
        status_of(text.get(self.untyped(text, "status")?)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WELL_FORMED: &str = "Reporting-MTA: dns; mx.example.org\n\nFinal-Recipient: rfc822; a@example.com\nAction: failed\nStatus: 5.0.0\nRemote-MTA: dns; mx.example.com [192.0.2.1]\nDiagnostic-Code: smtp; 550 5.1.1 <a@example.com>: no\n    such user\n\nFinal-Recipient: utf-8;b@example.com\nAction: delayed\nStatus: 4.4.1 (no answer)\n";

    /// Recipient, fate, status and diagnostic code of a group.
    type Seen = (Option<String>, Fate, Option<String>, Option<String>);

    fn seen(text: &str) -> Vec<Seen> {
        let report = read(text);
        report
            .recipients
            .iter()
            .map(|g| (g.recipient(text), g.fate(text), g.status(text).map(|s| s.to_string()), g.value(text, "diagnostic-code")))
            .collect()
    }

    #[test]
    fn reads_groups() {
        let wanted = [
            (Some("a@example.com".into()), Fate::Failed, Some("5.0.0".into()), Some("550 5.1.1 <a@example.com>: no such user".into())),
            (Some("b@example.com".into()), Fate::Delayed, Some("4.4.1".into()), None),
        ];
        assert_eq!(seen(WELL_FORMED), wanted);
        assert_eq!(seen(&WELL_FORMED.replace("\n    such", "\nsuch")), wanted, "re-wrapped");
        assert_eq!(seen(&WELL_FORMED.split_whitespace().collect::<Vec<_>>().join(" ")), wanted, "fused");
        assert_eq!(read(WELL_FORMED).message.value(WELL_FORMED, "reporting-mta").as_deref(), Some("mx.example.org"));
    }

    #[test]
    fn a_type_may_be_missing_and_fields_may_come_in_any_order() {
        let text = "Diagnostic-Code: 550 no; such user\nAction: failed\nOriginal-Recipient: <a@example.com>\n\nAction: failed\nFinal-Recipient: x400; /C=WW/RFC-822=b\nOriginal-Recipient: rfc822;b@example.com";
        assert_eq!(
            seen(text),
            [
                (Some("a@example.com".into()), Fate::Failed, None, Some("550 no; such user".into())),
                (Some("b@example.com".into()), Fate::Failed, None, None)
            ]
        );
    }
}
