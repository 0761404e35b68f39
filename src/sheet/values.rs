//! What the values of a column look like: the same name means different things in different exports, and a file may have no names at all.

use std::collections::HashSet;

use super::dates::{self, Day};
use crate::read::{codes::Enhanced, scan};

/// Values looked at, at most, and how much of each.
const VALUES: usize = 400;
const LENGTH: usize = 600;

/// Words that receivers and mail servers refuse with; a value needs a blank besides.
const SPEECH: [&str; 26] = [
    "mailbox",
    "user unknown",
    "unknown user",
    "no such user",
    "recipient",
    "rejected",
    "blocked",
    "does not exist",
    "doesn't exist",
    "timed out",
    "timeout",
    "refused",
    "quota",
    "spam",
    "unable to",
    "not found",
    "no mx",
    "denied",
    "undeliver",
    "invalid",
    "blacklist",
    "bounced address",
    "inactive",
    "deferred",
    "policy",
    "suppressed",
];

/// How many values of a column are of which sort.
#[derive(Clone, Debug, Default)]
pub(super) struct Look {
    /// Values that are there.
    pub filled: usize,
    /// A reply code or status with words, or the words of a refusal.
    pub replies: usize,
    /// Replies that begin with a code: beyond doubt.
    pub coded: usize,
    pub addresses: usize,
    pub domains: usize,
    /// Three digits, 4yz or 5yz.
    pub codes: usize,
    /// `x.y.z`, alone or with a gloss.
    pub statuses: usize,
    /// Dates, spreadsheet days left out.
    pub dates: usize,
    pub serials: usize,
    pub ips: usize,
    /// One to three short words: a class, not a sentence.
    pub words: usize,
    /// One word or number, as an enumeration holds, or the steps of a message trace.
    pub classes: usize,
    pub numbers: usize,
    /// Distinct values.
    pub distinct: usize,
}

impl Look {
    pub fn of<'a>(values: impl Iterator<Item = &'a str>) -> Self {
        let mut look = Self::default();
        let mut seen = HashSet::new();
        for value in values.filter(|value| !is_blank(value)).take(VALUES) {
            let value = value.trim();
            look.add(value.get(..value.floor_char_boundary(LENGTH)).unwrap_or(value));
            seen.insert(value);
        }
        look.distinct = seen.len();
        look
    }

    fn add(&mut self, value: &str) {
        let count = |is: bool| usize::from(is);
        let address = scan::is_address(bare_address(value));
        let status = status(value).is_some();
        let reply = !status && is_reply(value);
        self.filled += 1;
        self.addresses += count(address);
        self.replies += count(reply && !address);
        self.coded += count(reply && begins_with_code(value));
        self.domains += count(!address && is_domain(value));
        self.codes += count(reply_code(value).is_some_and(|code| code >= 400));
        self.statuses += count(status);
        match dates::stamp(value).map(|stamp| stamp.day) {
            Some(Day::Serial(_)) => self.serials += 1,
            Some(_) => self.dates += 1,
            None => {}
        }
        self.ips += count(value.parse::<std::net::IpAddr>().is_ok());
        self.words += count(!address && value.len() <= 48 && value.split_whitespace().count() <= 4 && !reply);
        self.classes += count(!reply && !address && (value.len() <= 48 && !value.contains(' ') || value.contains("##")));
        self.numbers += count(value.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b'.' | b' ')));
    }

    /// At least this fraction of the values, and at least one.
    pub fn share(&self, part: usize, fraction: f64) -> bool {
        part > 0 && part as f64 >= fraction * self.filled as f64
    }
}

/// Nothing, or what exports write for it.
pub(super) fn is_blank(cell: &str) -> bool {
    matches!(cell.trim(), "" | "NULL" | "null" | "(null)" | "N/A" | "n/a" | "#N/A" | "None" | "none" | "\\N" | "-" | "--" | "undefined")
}

/// Does a value read like a reply or the words of a refusal?
pub(super) fn is_reply(value: &str) -> bool {
    let spoken = || value.contains(' ') && value.len() >= 12 && SPEECH.iter().any(|words| scan::find_ci(value, words).is_some());
    begins_with_code(value) || scan::reply_in(value).is_some_and(|at| value.len() > at + 8) || spoken()
}

fn begins_with_code(value: &str) -> bool {
    let value = scan::strip_ci(value, "smtp;").unwrap_or(value).trim_start();
    scan::is_reply(value) && value.contains([' ', '-']) && value.bytes().filter(u8::is_ascii_alphabetic).count() >= 3
}

/// A reply code that is the whole of a cell: `550`, and `550.0` as spreadsheets leave it.
pub(super) fn reply_code(cell: &str) -> Option<u16> {
    let cell = cell.trim();
    let digits = cell.strip_suffix(".0").unwrap_or(cell);
    digits.parse().ok().filter(|_| digits.len() == 3).and_then(scan::code_value)
}

/// The status code that a cell holds, alone or with a gloss: `5.1.1 (bad destination mailbox address)`.
pub(super) fn status(cell: &str) -> Option<&str> {
    let cell = cell.trim().trim_start_matches(['#', '\'']);
    let code = scan::enhanced(cell)?;
    let rest = cell.get(code.len()..)?;
    (Enhanced::parse(code).is_some() && (rest.is_empty() || rest.starts_with(" ("))).then_some(code)
}

/// `Pat <pat@example.com>`, `rfc822;pat@example.com`, `smtp:pat@example.com` → the address alone.
pub(super) fn bare_address(cell: &str) -> &str {
    let inner = cell.trim().strip_suffix('>').and_then(|cell| cell.rsplit_once('<')).map_or(cell, |(_, inner)| inner).trim();
    let inner = inner.split_once(';').filter(|(kind, _)| !kind.contains('@')).map_or(inner, |(_, rest)| rest.trim());
    scan::strip_ci(inner, "smtp:").or_else(|| scan::strip_ci(inner, "mailto:")).unwrap_or(inner)
}

fn is_domain(value: &str) -> bool {
    let name = value.split('/').next().unwrap_or(value);
    let last = name.rsplit('.').next().unwrap_or_default();
    name.contains('.')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-') || byte >= 0x80)
        && last.len() >= 2
        && last.bytes().any(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_tell() {
        let look = Look::of(["550 5.1.1 No such user", "smtp;452 4.2.2 over quota", "mailbox is full today", "NULL", ""].into_iter());
        assert_eq!((look.filled, look.replies, look.coded), (3, 3, 2));
        assert_eq!(Look::of(["UNKNOWN_USER", "MAILBOX_FULL"].into_iter()).replies, 0, "a class is no reply");
        assert_eq!(Look::of(["5.1.1", "5.1.1 (bad destination mailbox address)", "4.7.0"].into_iter()).statuses, 3);
        assert_eq!(Look::of(["550", "550.0", "5.1.1", "12"].into_iter()).codes, 2);
        assert_eq!(Look::of(["ann@example.com", "<b@example.net>", "Pat <p@example.org>"].into_iter()).addresses, 3);
    }
}
