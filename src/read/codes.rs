//! Reply codes (RFC 5321 §4.2) and enhanced status codes (RFC 3463) at the places where a code can stand.
//!
//! A three-digit number counts only at the start of a line, after a mark such as `said:` or `smtp;`, or right before an
//! enhanced code: never inside an IP address, a version, a queue id, a date, a port or `(554.30)`.

use std::fmt;
use std::ops::Range;

/// An enhanced status code: class, subject, detail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Enhanced {
    /// 2, 4 or 5; anything where a receiver breaks the standard.
    pub class: u8,
    /// What it is about (RFC 3463 §3).
    pub subject: u16,
    /// What exactly.
    pub detail: u16,
}

impl Enhanced {
    /// Reads `x.y.z`, all of it; the class is not checked (receivers do write `6.6.0`).
    pub fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.trim().split('.');
        let class = numbers.next().filter(|digit| digit.len() == 1)?.parse().ok()?;
        let mut number = || numbers.next().filter(|n| (1..=3).contains(&n.len()) && n.bytes().all(|b| b.is_ascii_digit()))?.parse().ok();
        let (subject, detail) = (number()?, number()?);
        numbers.next().is_none().then_some(Self { class, subject, detail })
    }

    /// `x.0.0`: says no more than the reply code's class.
    pub fn is_filler(self) -> bool {
        self.subject == 0 && self.detail == 0
    }

    /// The class is one that RFC 3463 §2 defines.
    pub fn has_class(self) -> bool {
        matches!(self.class, 2 | 4 | 5)
    }
}

impl fmt::Display for Enhanced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

/// The codes of one reply and where they stand, in bytes of the text searched.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Codes {
    /// Reply code, 200 to 559.
    pub smtp: Option<(u16, Range<usize>)>,
    /// Enhanced code, the one beside the reply code where there is one.
    pub enhanced: Option<(Enhanced, Range<usize>)>,
}

/// Words after which a number is a reply code.
pub(crate) const LEADS: [&str; 22] = [
    "said",
    "says",
    "returned",
    "reply",
    "replied",
    "code",
    "error",
    "status",
    "response",
    "responded",
    "with",
    "reason",
    "smtp",
    "failed",
    "failure",
    "rejected",
    "esmtp",
    "answer",
    "message",
    "gave",
    "diagnostic",
    "bounced",
];

/// Programs whose version numbers look like enhanced codes.
pub(crate) const VERSIONED: [&str; 9] = ["exim", "version", "v", "ver", "postfix", "sendmail", "release", "build", "courier"];

/// Finds the reply code and enhanced code of one reply. A refusal (4yz, 5yz) is preferred to a success.
pub fn find(text: &str) -> Codes {
    let smtp = reply_code(text);
    let beside = smtp.as_ref().and_then(|(_, at)| enhanced_after(text, at.end));
    let enhanced = beside.or_else(|| {
        let from = smtp.as_ref().map_or(0, |(_, at)| at.end);
        enhanced_from(text, from).or_else(|| enhanced_from(text, 0))
    });
    Codes { smtp, enhanced }
}

fn reply_code(text: &str) -> Option<(u16, Range<usize>)> {
    let mut success = None;
    for (code, at) in replies(text) {
        if code >= 400 {
            return Some((code, at));
        }
        success = success.or(Some((code, at)));
    }
    success
}

/// Every reply code of `text`, in order.
pub fn replies(text: &str) -> impl Iterator<Item = (u16, Range<usize>)> + '_ {
    let bytes = text.as_bytes();
    numbers(text, 0).filter_map(move |at| {
        let digits = &text[at.clone()];
        let fits = digits.len() == 3 && matches!(bytes[at.start], b'2' | b'4' | b'5') && bytes[at.start + 1] <= b'5';
        (fits && can_stand(text, &at)).then(|| (digits.parse().unwrap_or(0), at))
    })
}

/// The first enhanced code at or after `from`.
fn enhanced_from(text: &str, from: usize) -> Option<(Enhanced, Range<usize>)> {
    let mut filler = None;
    for at in numbers(text, from) {
        let Some(found) = enhanced_at(text, at.start).filter(|(code, _)| code.has_class()) else { continue };
        if VERSIONED.contains(&word_before(text, at.start).as_str()) {
            continue;
        }
        if !found.0.is_filler() {
            return Some(found);
        }
        filler = filler.or(Some(found));
    }
    filler
}

/// The enhanced code that directly follows a reply code: `550 5.1.1`, `550-5.1.1`, `550 #5.1.1`, `550 (5.1.1)`.
fn enhanced_after(text: &str, end: usize) -> Option<(Enhanced, Range<usize>)> {
    let rest = text.get(end..)?;
    let skip = rest.len() - rest.trim_start_matches([' ', '-', '#', '(', '[', '\'', '"', ',', 'b', '\t', ':']).len();
    (skip > 0 && skip <= 6).then(|| enhanced_at(text, end + skip)).flatten()
}

/// An enhanced code that starts at `start` and ends there as a word.
fn enhanced_at(text: &str, start: usize) -> Option<(Enhanced, Range<usize>)> {
    let bytes = text.as_bytes();
    let rest = text.get(start..)?;
    let length = rest.bytes().take(12).take_while(|b| b.is_ascii_digit() || *b == b'.').count();
    let length = rest.get(..length)?.trim_end_matches('.').len();
    let end = start + length;
    let follows = bytes.get(end).copied().unwrap_or(b' ');
    let ends =
        !(follows.is_ascii_alphanumeric() || follows == b'_' || follows == b'.' && bytes.get(end + 1).is_some_and(u8::is_ascii_digit));
    let begins = start == 0 || !matches!(bytes[start - 1], b'.' | b'_' | b'/' | b'@') && !bytes[start - 1].is_ascii_alphanumeric();
    let code = Enhanced::parse(rest.get(..length)?)?;
    (begins && ends).then_some((code, start..end))
}

/// Runs of ASCII digits that begin at a word's edge, from byte `from` on.
fn numbers(text: &str, from: usize) -> impl Iterator<Item = Range<usize>> + '_ {
    let bytes = text.as_bytes();
    let mut at = from;
    std::iter::from_fn(move || {
        loop {
            let start = at + bytes.get(at..)?.iter().position(u8::is_ascii_digit)?;
            let length = bytes[start..].iter().take_while(|b| b.is_ascii_digit()).count();
            at = start + length;
            let before = start.checked_sub(1).map(|i| bytes[i]);
            if before.is_none_or(|b| !b.is_ascii_alphanumeric() && !matches!(b, b'.' | b'_' | b'/' | b'@')) {
                return Some(start..start + length);
            }
        }
    })
}

/// Whether a reply code can stand at this place.
fn can_stand(text: &str, at: &Range<usize>) -> bool {
    let bytes = text.as_bytes();
    let next = bytes.get(at.end).copied().unwrap_or(b'\n');
    let second = bytes.get(at.end + 1).copied().unwrap_or(b' ');
    let closes = match next {
        b'-' => !second.is_ascii_digit() || enhanced_at(text, at.end + 1).is_some(),
        b'.' | b':' => !second.is_ascii_digit(),
        b'/' | b'_' | b'%' | b'@' => false,
        _ => !next.is_ascii_alphanumeric(),
    };
    let quotes = next == b'-' && matches!(second, b'\'' | b'"');
    closes && !in_ipv6(text, at) && (quotes || enhanced_after(text, at.end).is_some() || is_led(text, at.start))
}

/// Start of a line, or a mark or word that introduces a reply.
fn is_led(text: &str, start: usize) -> bool {
    let before = text[..start].trim_end_matches([' ', '\t']);
    match before.chars().next_back() {
        None | Some('\n') => true,
        Some(';' | ':' | '>' | '"' | '\'' | '(' | '=' | '|' | '{' | '#' | '*' | '<' | '\u{201c}' | '\u{2018}' | '\u{ff1a}') => true,
        Some('-') => before.len() == 1 || before.ends_with("\n-") || before.ends_with("<--"),
        Some(',') => before.ends_with("],"),
        Some(_) => LEADS.contains(&word_before(text, start).as_str()),
    }
}

/// The number is a group of an IPv6 address: behind `::`, or behind a group of hexadecimal digits with colons on both sides of one of them.
fn in_ipv6(text: &str, at: &Range<usize>) -> bool {
    let head = text[..at.start].trim_end_matches(':');
    let colons = at.start - head.len();
    let group = head.bytes().rev().take(5).take_while(u8::is_ascii_hexdigit).count();
    let before = head.as_bytes().get(..head.len() - group).and_then(|head| head.last());
    let begins = before.is_none_or(|byte| !byte.is_ascii_alphanumeric());
    let between = before == Some(&b':') || begins && text.as_bytes().get(at.end) == Some(&b':');
    colons > 1 || colons == 1 && (1..=4).contains(&group) && between
}

/// The word that ends before `start`, lower case; the end of an id is none.
fn word_before(text: &str, start: usize) -> String {
    let before = text[..start].trim_end_matches([' ', '\t', '-', '#', '(', '[']);
    let length = before.bytes().rev().take(16).take_while(u8::is_ascii_alphabetic).count();
    let (head, word) = before.split_at(before.len() - length);
    if head.ends_with(|c: char| c.is_ascii_digit()) { String::new() } else { word.to_ascii_lowercase() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> (Option<u16>, Option<String>) {
        let found = find(text);
        (found.smtp.map(|(code, _)| code), found.enhanced.map(|(code, _)| code.to_string()))
    }

    #[test]
    fn finds_codes_where_they_can_stand() {
        for (text, smtp, enhanced) in [
            ("550 5.1.1 User unknown", Some(550), Some("5.1.1")),
            ("smtp; 550-5.7.26 This mail", Some(550), Some("5.7.26")),
            ("host mx.example.net[192.0.2.4] said: 452 4.2.2 full", Some(452), Some("4.2.2")),
            ("550 #5.1.0 Address rejected", Some(550), Some("5.1.0")),
            ("No such user (#5.1.1)", None, Some("5.1.1")),
            ("554", Some(554), None),
            ("error code 554 was returned", Some(554), None),
            ("Status 4.2.2.", None, Some("4.2.2")),
            ("(550, b'5.1.1 no such user')", Some(550), Some("5.1.1")),
            ("421 4.7.0 [TSS04] deferred - 4.16.55.1; see", Some(421), Some("4.7.0")),
        ] {
            assert_eq!(codes(text), (smtp, enhanced.map(String::from)), "{text}");
        }
    }

    #[test]
    fn ignores_what_only_looks_like_a_code() {
        for text in [
            "This mailbox is disabled (554.30)",
            "connect to 203.0.113.25",
            "queue mta1005 took 550ms",
            "on 2026-05-21 at 5:50:10",
            "port 587, line 450 of file",
            "Exim 4.96.2 says hello",
            "5.7.1.22",
            "4.16.55.1",
            "id 1A2B-550-X",
            "from 2001:db8::550 or 2001:db8:0:0:0:0:1:554",
            "see https://example.com/550/5.7.1",
        ] {
            assert_eq!(codes(text), (None, None), "{text}");
        }
    }
}
