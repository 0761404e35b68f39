//! The letters of a date, one after another.

use super::{Day, Stamp, clock, days, tai64n};

const MONTHS: [&[u8; 3]; 12] = [b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"];

/// A reading head over a date's bytes.
pub(super) struct Scan<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Scan<'t> {
    pub fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    pub fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn eat(&mut self, wanted: &[u8]) -> Option<u8> {
        let byte = self.peek().filter(|byte| wanted.contains(byte))?;
        self.at += 1;
        Some(byte)
    }

    pub fn spaces(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\u{a0}', '\u{202f}']).len();
    }

    /// At most `most` digits as a number, and how many there were.
    fn digits(&mut self, most: usize) -> Option<(i64, usize)> {
        let rest = self.text.as_bytes().get(self.at..)?;
        let length = rest.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
        let value = rest.get(..length)?.iter().fold(0, |value, byte| value * 10 + i64::from(byte - b'0'));
        self.at += length;
        (length > 0).then_some((value, length))
    }

    fn letters(&mut self) -> &'t str {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_alphabetic()) {
            self.at += 1;
        }
        self.text.get(start..self.at).unwrap_or_default()
    }

    pub fn stamp(&mut self) -> Option<Stamp> {
        if let Some(seconds) = tai64n(self.text) {
            self.at = self.text.len() - self.text.trim_start_matches('@').trim_start_matches(|c: char| c.is_ascii_hexdigit()).len();
            return Some(Stamp { day: Day::Instant(seconds), second: 0, zone: None });
        }
        if self.peek()?.is_ascii_alphabetic() {
            let word = self.letters();
            if let Some(month) = month(word) {
                return self.month_first(month);
            }
            if !is_weekday(word) {
                return None;
            }
            self.eat(b",.");
            self.spaces();
            if self.peek()?.is_ascii_alphabetic() {
                let month = month(self.letters())?;
                return self.month_first(month);
            }
        }
        let day = self.numbers()?;
        let second = self.time()?;
        let zone = self.zone();
        Some(Stamp { day, second, zone })
    }

    /// `2026-03-22`, `3/22/2026`, `22.03.2026`, `22 Mar 2026`, `22-Mar-26`, `20260322T…`.
    fn numbers(&mut self) -> Option<Day> {
        let (first, length) = self.digits(8)?;
        if length == 8 && self.peek() == Some(b'T') {
            return days(first / 10_000, first / 100 % 100, first % 100).map(Day::YearFirst);
        }
        let mark = self.eat(b"-/. ")?;
        let named = self.peek()?.is_ascii_alphabetic();
        let second = if named { month(self.letters())? } else { self.digits(2)?.0 };
        if self.eat(b",.") != Some(mark) {
            self.eat(&[mark])?;
        }
        let (third, digits) = self.digits(4)?;
        match length {
            4 => days(first, second, third).map(Day::YearFirst),
            1 | 2 if matches!(digits, 2 | 4) => {
                let year = if digits == 2 { 2000 + third } else { third };
                match mark {
                    // `5.1.10` is a status code.
                    b'.' if digits + length < 4 => None,
                    _ if named || mark == b'.' => days(year, second, first).map(Day::Named),
                    _ => either(first, second, year),
                }
            }
            _ => None,
        }
    }

    /// `Mar 22, 2026 5:56 PM`, `Mar 22 17:56:37`, `Mar 22 17:56:37 2026`.
    fn month_first(&mut self, month: i64) -> Option<Stamp> {
        self.eat(b".");
        self.spaces();
        let (day, _) = self.digits(2)?;
        self.eat(b",");
        self.spaces();
        let before = self.at;
        let mut year = self.digits(4).filter(|(_, length)| *length == 4).map(|(year, _)| year);
        if year.is_none() {
            self.at = before;
        }
        let second = self.time()?;
        let mut zone = self.zone();
        if year.is_none() {
            let before = self.at;
            self.spaces();
            year = self.digits(4).filter(|(year, length)| *length == 4 && (1990..2100).contains(year)).map(|(year, _)| year);
            self.at = if year.is_some() { self.at } else { before };
            zone = zone.or_else(|| self.zone());
        }
        let day = match year {
            Some(year) => Day::Named(days(year, month, day)?),
            None => days(2024, month, day).map(|_| Day::NoYear(month, day))?,
        };
        Some(Stamp { day, second, zone })
    }

    /// The time of day, 0 where none follows; none where what follows is no time.
    fn time(&mut self) -> Option<i64> {
        let before = self.at;
        if self.eat(b"Tt:").is_none() {
            self.eat(b",");
            self.spaces();
        }
        let Some((hour, _)) = self.digits(2) else {
            self.at = before;
            return Some(0);
        };
        let compact = self.peek().is_some_and(|byte| byte.is_ascii_digit());
        if !compact && self.eat(b":.h").is_none() {
            self.at = before;
            return Some(0);
        }
        let (minute, _) = self.digits(2)?;
        let second = if compact || self.eat(b":.").is_some() { self.digits(2).map_or(0, |(second, _)| second) } else { 0 };
        if self.eat(b".,").is_some() {
            self.digits(12);
        }
        clock(self.half(hour)?, minute, second)
    }

    /// The hour with what `AM` or `PM` makes of it.
    fn half(&mut self, hour: i64) -> Option<i64> {
        let before = self.at;
        self.spaces();
        let first = self.eat(b"aApP");
        self.eat(b".");
        let half = first.filter(|_| self.eat(b"mM").is_some() && !self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric()));
        match half {
            Some(letter) => {
                self.eat(b".");
                let afternoon = letter.eq_ignore_ascii_case(&b'p');
                (1..=12).contains(&hour).then_some(hour % 12 + if afternoon { 12 } else { 0 })
            }
            None => {
                self.at = before;
                Some(hour)
            }
        }
    }

    /// `Z`, `+02:00`, `-0600`, `UTC`, `EST`, `GMT+0100`; seconds east of UTC.
    pub fn zone(&mut self) -> Option<i64> {
        let before = self.at;
        self.spaces();
        let name = self.letters();
        let named = zone_name(name);
        if !name.is_empty() && (named.is_none() || self.peek().is_some_and(|byte| byte == b'.' || byte == b'_' || byte.is_ascii_digit())) {
            self.at = before;
            return None;
        }
        let offset = self.offset();
        if named.is_none() && offset.is_none() {
            self.at = before;
        }
        offset.or(named)
    }

    fn offset(&mut self) -> Option<i64> {
        let before = self.at;
        let found = self.signed();
        if found.is_none() {
            self.at = before;
        }
        found
    }

    fn signed(&mut self) -> Option<i64> {
        let sign = if self.eat(b"+-")? == b'-' { -1 } else { 1 };
        let (hours, _) = self.digits(2)?;
        self.eat(b":");
        let minutes = self.digits(2).map_or(0, |(minutes, _)| minutes);
        (hours <= 14 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
    }
}

/// Day and month whose order the numbers leave open; none where neither order gives a date.
fn either(first: i64, second: i64, year: i64) -> Option<Day> {
    let possible = days(year, first, second).or_else(|| days(year, second, first));
    possible.map(|_| Day::Open(first, second, year))
}

fn month(word: &str) -> Option<i64> {
    let head = word.as_bytes().get(..3).filter(|_| word.len() <= 9)?;
    let at = MONTHS.iter().position(|month| month.eq_ignore_ascii_case(head))?;
    i64::try_from(at + 1).ok()
}

fn is_weekday(word: &str) -> bool {
    let days: [&[u8; 3]; 7] = [b"mon", b"tue", b"wed", b"thu", b"fri", b"sat", b"sun"];
    word.as_bytes().get(..3).is_some_and(|head| days.iter().any(|day| day.eq_ignore_ascii_case(head)))
}

/// The zones that mail software and American exports write (RFC 2822 §4.3), and Central Europe's.
fn zone_name(word: &str) -> Option<i64> {
    let hours = match word {
        "Z" | "z" | "UTC" | "utc" | "GMT" | "UT" => 0,
        "EST" | "CDT" => -5,
        "EDT" => -4,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        "CET" | "BST" => 1,
        "CEST" | "EET" => 2,
        "EEST" => 3,
        _ => return None,
    };
    Some(hours * 3600)
}
