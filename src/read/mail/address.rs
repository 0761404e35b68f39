//! Mailbox addresses in running text.

use std::ops::Range;

use crate::read::address::{is_domain, is_local};

/// Local parts that speak for a mail system and never are a recipient that bounced.
const SYSTEM: [&str; 8] = ["mailer-daemon", "postmaster", "mailerdaemon", "mail-daemon", "maildaemon", "abuse", "mdaemon", "mailer_daemon"];

/// Longest address (RFC 5321 §4.5.3.1: 64 + 1 + 255).
const LONGEST: usize = 320;

/// Every address of `text`, in order, without angle brackets.
pub fn all(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, _) in text.match_indices('@') {
        let from = found.last().map_or(0, |last| last.end);
        if at <= from && from > 0 {
            continue;
        }
        if let Some(range) = around(text, from, at) {
            found.push(range);
        }
    }
    found
}

/// The address around the `@` at byte `at`, not reaching before `from`.
fn around(text: &str, from: usize, at: usize) -> Option<Range<usize>> {
    let start = local_start(text, from, at)?;
    let ascii = text[at + 1..].starts_with(|c: char| c.is_ascii());
    let domain: usize = text[at + 1..]
        .chars()
        .take(255)
        .take_while(|c| is_domain(*c) && c.is_ascii() == ascii || matches!(c, '.' | '-'))
        .map(char::len_utf8)
        .sum();
    let domain = text[at + 1..at + 1 + domain].trim_end_matches(['.', '-', '_']).len();
    let range = start..at + 1 + domain;
    let name = &text[at + 1..range.end];
    (domain > 0 && name.starts_with(|c: char| c.is_alphanumeric()) && (name.contains('.') || text[range.end..].starts_with('>')))
        .then_some(range)
}

fn local_start(text: &str, from: usize, at: usize) -> Option<usize> {
    let before = &text[from..at];
    if let Some(quoted) = before.strip_suffix('"') {
        return quoted.rfind('"').filter(|open| quoted.len() - open < 64 && !quoted[*open..].contains('\n')).map(|open| from + open);
    }
    // Scripts without spaces: the address ends where the script changes.
    let ascii = before.ends_with(|c: char| c.is_ascii());
    let length: usize = before
        .chars()
        .rev()
        .take(LONGEST)
        .take_while(|c| (is_local(*c) || *c == ':') && (c.is_ascii() == ascii || *c == '.'))
        .map(char::len_utf8)
        .sum();
    let local = &before[before.len() - length..];
    let lead = local.len() - local.trim_start_matches(['.', '\'', '=', '*', '|', '-', '`', '/']).len();
    let kind = ["smtp:", "rfc822:", "mailto:"].iter().find(|kind| super::lines::starts(&local[lead..], kind)).map_or(0, |kind| kind.len());
    let named = local.rfind(':').map_or(lead + kind, |colon| (colon + 1).max(lead + kind));
    let assigned = local[named..].rfind("SMTP=").map_or(named, |at| named + at + 5);
    (assigned < length).then(|| at - length + assigned)
}

/// The address in a field's value: `a@b`, `<a@b>`, `"Name" <a@b>`, `"|/bin/x a@b"`. xtext (`+40`) is decoded.
pub fn mailbox(value: &str) -> Option<String> {
    let plain = xtext(value);
    let found = all(&plain);
    let range = found.first()?.clone();
    Some(plain[range].to_owned())
}

/// xtext (RFC 3461 §4): `+` and two hex digits, only where no `@` stands openly.
fn xtext(value: &str) -> String {
    if value.contains('@') { value.to_owned() } else { value.replace("+40", "@").replace("+2B", "+") }
}

/// A local part that no person has chosen: a UUID or a long run of hex digits.
pub fn is_machine_made(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or_default();
    let digits = local.bytes().filter(u8::is_ascii_hexdigit).count();
    digits >= 32 && digits + local.matches('-').count() == local.len()
}

/// `postmaster`, `mailer-daemon` and the like.
pub fn is_system(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or_default().to_ascii_lowercase();
    SYSTEM.contains(&local.as_str())
}

/// A help desk's: in running text more likely whom to ask than who did not get the mail.
pub fn is_help(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or_default().to_ascii_lowercase();
    ["support", "help", "helpdesk", "noreply", "no-reply", "info", "admin"].contains(&local.as_str())
}

/// Whether two addresses are the same, without case.
pub fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_addresses() {
        for (text, wanted) in [
            ("<user@example.com>: host mx[192.0.2.1] said", vec!["user@example.com"]),
            ("smtp:a@example.com, b.c+d@sub.example.org.", vec!["a@example.com", "b.c+d@sub.example.org"]),
            ("dda:SMTP=userx@example.COM; on Fri", vec!["userx@example.COM"]),
            ("'x@example.net'", vec!["x@example.net"]),
            ("\"odd one\"@example.com", vec!["\"odd one\"@example.com"]),
            ("收件人user@example.com不存在", vec!["user@example.com"]),
            ("no @ here, a@ b, @c", vec![]),
            ("kijitora@EXAMPLE.ORG on Thu", vec!["kijitora@EXAMPLE.ORG"]),
        ] {
            assert_eq!(all(text).into_iter().map(|r| &text[r]).collect::<Vec<_>>(), wanted, "{text}");
        }
    }

    #[test]
    fn knows_machines() {
        assert!(is_machine_made("0f8fad5b-d9cb-469f-a165-70867728950e@example.com"));
        assert!(!is_machine_made("deadbeef@example.com"));
        assert!(is_system("MAILER-DAEMON@example.com"));
        assert_eq!(mailbox("user+40example.com").as_deref(), Some("user@example.com"));
    }
}
