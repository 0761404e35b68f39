//! Dates as exports and logs write them → Unix seconds.
//!
//! A value is taken apart first ([`Stamp`]); what it leaves open (the order of day and month, the year of a syslog line, the zone) is
//! filled in from what the file or the user says ([`Clock`]).

use crate::analysis::DayOrder;

const DAY: i64 = 86_400;
const MONTHS: [&[u8; 3]; 12] = [b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"];

/// What a date's text says on its own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stamp {
    pub day: Day,
    /// Seconds of the day.
    pub second: i64,
    /// Seconds east of UTC, where the text names a zone.
    pub zone: Option<i64>,
}

/// The day that a text names.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Day {
    /// Seconds since 1970 in UTC: a count of seconds or milliseconds, TAI64N.
    Instant(i64),
    /// Days since 1970, year first.
    YearFirst(i64),
    /// The same, where the month stands as a word or points tell the order.
    Named(i64),
    /// A spreadsheet's count of days, as days since 1970: any number could be one.
    Serial(i64),
    /// Two numbers of day and month in the order of the text, and the year.
    Open(i64, i64, i64),
    /// Month and day of a syslog line.
    NoYear(i64, i64),
}

/// What fills in the open ends of a file's dates.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Clock {
    pub order: DayOrder,
    /// Seconds east of UTC of times that name no zone.
    pub zone: i64,
    /// No date of a log without years lies after this.
    pub now: Option<i64>,
}

impl Clock {
    /// Unix seconds of a cell; none where it holds no date, or one that could be either of two.
    pub fn read(&self, text: &str) -> Option<i64> {
        self.resolve(stamp(text)?)
    }

    /// Unix seconds of the time at the beginning of a log line.
    pub fn line(&self, line: &str) -> Option<i64> {
        self.resolve(head(line)?)
    }

    fn resolve(&self, stamp: Stamp) -> Option<i64> {
        let local = |days: i64| days * DAY + stamp.second - stamp.zone.unwrap_or(self.zone);
        match stamp.day {
            Day::Instant(seconds) => Some(seconds),
            Day::YearFirst(days) | Day::Named(days) | Day::Serial(days) => Some(local(days)),
            Day::Open(first, second, year) => self.ordered(first, second, year).map(local),
            Day::NoYear(month, day) => {
                let now = self.now?;
                let (year, ..) = civil(now.div_euclid(DAY));
                [year, year - 1].into_iter().filter_map(|year| days(year, month, day)).map(local).find(|time| *time <= now + DAY)
            }
        }
    }

    fn ordered(&self, first: i64, second: i64, year: i64) -> Option<i64> {
        match self.order {
            _ if first == second || second > 12 => days(year, first, second),
            _ if first > 12 => days(year, second, first),
            DayOrder::Mdy => days(year, first, second),
            DayOrder::Dmy => days(year, second, first),
            _ => None,
        }
    }
}

/// Takes the whole of a cell apart; none where it holds anything but a date.
pub(super) fn stamp(text: &str) -> Option<Stamp> {
    let text = text.trim().trim_matches(['"', '\'', '=']).trim();
    if let Some(stamp) = number(text) {
        return Some(stamp);
    }
    let mut scan = Scan::new(text);
    let stamp = scan.stamp()?;
    scan.spaces();
    matches!(scan.peek(), None | Some(b'(' | b'[')).then_some(stamp)
}

/// The date and time at the beginning of a log line, whatever follows.
pub(super) fn head(line: &str) -> Option<Stamp> {
    let line = line.trim_start();
    let line = line.strip_prefix('<').and_then(|rest| rest.split_once('>')).map_or(line, |(_, rest)| rest);
    let line = line.strip_prefix("1 ").unwrap_or(line).trim_start_matches('[');
    let digits = line.bytes().take(20).take_while(u8::is_ascii_digit).count();
    if digits >= 10 && matches!(line.as_bytes().get(digits), Some(b'@' | b' ' | b'.')) {
        return number(line.get(..digits)?);
    }
    Scan::new(line).stamp()
}

/// Offset of a zone as a person or a format gives it: `-06:00`, `+0530`, `UTC`, `CET`; seconds east of UTC.
pub(super) fn zone(text: &str) -> Option<i64> {
    let mut scan = Scan::new(text.trim());
    let found = scan.zone()?;
    scan.peek().is_none().then_some(found)
}

/// A text that is one number: seconds, milliseconds and finer since 1970, also as `1.79E+09`; `20260322`; a spreadsheet's day.
fn number(text: &str) -> Option<Stamp> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'E' | b'e' | b'+'));
    if !plain || !text.starts_with(|c: char| c.is_ascii_digit()) || text.len() > 30 {
        return None;
    }
    if let Some(stamp) = run_together(text) {
        return Some(stamp);
    }
    let value: f64 = text.parse().ok()?;
    let seconds = match value {
        1e8..1e11 => value,
        1e11..1e14 => value / 1e3,
        1e14..1e17 => value / 1e6,
        1e17..1e20 => value / 1e9,
        20_000.0..80_000.0 => {
            let whole = value.floor();
            let second = ((value - whole) * DAY as f64).round() as i64;
            return Some(Stamp { day: Day::Serial(whole as i64 - 25_569), second, zone: None });
        }
        _ => return None,
    };
    Some(Stamp { day: Day::Instant(seconds.floor() as i64), second: 0, zone: None })
}

/// `20260322` and `20260322175637`.
fn run_together(text: &str) -> Option<Stamp> {
    if !matches!(text.len(), 8 | 14) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let year = part(0, 4).filter(|year| (1970..2100).contains(year))?;
    let day = days(year, part(4, 6)?, part(6, 8)?)?;
    let second = if text.len() == 14 { clock(part(8, 10)?, part(10, 12)?, part(12, 14)?)? } else { 0 };
    Some(Stamp { day: Day::YearFirst(day), second, zone: None })
}

/// `@4000000069c02d5f…`: seconds since 1970 in TAI, as qmail's multilog counts them (2^62 + 10 s at 1970).
fn tai64n(text: &str) -> Option<i64> {
    let hex = text.strip_prefix('@')?.get(..16)?;
    let label = u64::from_str_radix(hex, 16).ok()?;
    i64::try_from(label.checked_sub(1 << 62)?).ok()?.checked_sub(10)
}

/// A reading head over a date's bytes.
struct Scan<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Scan<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn eat(&mut self, wanted: &[u8]) -> Option<u8> {
        let byte = self.peek().filter(|byte| wanted.contains(byte))?;
        self.at += 1;
        Some(byte)
    }

    fn spaces(&mut self) {
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

    fn stamp(&mut self) -> Option<Stamp> {
        if let Some(seconds) = tai64n(self.text) {
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
    fn zone(&mut self) -> Option<i64> {
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

fn clock(hour: i64, minute: i64, second: i64) -> Option<i64> {
    (hour < 24 && minute < 60 && second <= 60).then_some(hour * 3600 + minute * 60 + second)
}

/// Days since 1970-01-01 of a date of the Gregorian calendar; none where there is no such day.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=length).contains(&day) || !(1900..=9999).contains(&year) {
        return None;
    }
    // Years counted from March, so that the leap day is the last of its year.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let of_year = (153 * month + 2) / 5 + day - 1;
    Some(year * 365 + year / 4 - year / 100 + year / 400 + of_year - 719_468)
}

/// Year, month and day of a number of days since 1970-01-01.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let of_years = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * of_years + of_years / 4 - of_years / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (era * 400 + of_years + i64::from(month <= 2), month, of_year - (153 * shifted + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-03-22T17:56:37Z.
    const THEN: i64 = 1_774_202_197;

    #[test]
    fn every_way_to_write_a_moment() {
        let clock = Clock { order: DayOrder::Mdy, zone: 0, now: Some(THEN + 40 * DAY) };
        for text in [
            "2026-03-22T17:56:37Z",
            "2026-03-22T17:56:37.3963933+00:00",
            "2026-03-22 18:56:37+0100",
            "2026-03-22 17:56:37",
            "2026/03/22 17:56:37",
            "20260322T175637Z",
            "20260322175637",
            "3/22/2026 5:56:37 PM",
            "03/22/2026 17:56:37",
            "3/22/26 5:56:37 p.m.",
            "3/22/2026 5:56:37\u{202f}PM",
            "22.03.2026 17:56:37",
            "22-Mar-2026 17:56:37",
            "22 Mar 2026 17:56:37",
            "Sun, 22 Mar 2026 13:56:37 -0400",
            "Sun, 22 Mar 2026 17:56:37 UTC",
            "Sun Mar 22 2026 18:56:37 GMT+0100 (Central European Standard Time)",
            "Sun Mar 22 17:56:37 2026",
            "Mar 22, 2026 5:56:37 PM",
            "March 22, 2026, 5:56:37 PM",
            "Mar 22 17:56:37",
            "22/Mar/2026:17:56:37 +0000",
            "1774202197",
            "1774202197.25",
            "1774202197000",
            "1774202197000000",
            "'1774202197",
            "@4000000069c02d5f0ad2e3a4",
        ] {
            assert_eq!(clock.read(text), Some(THEN), "{text}");
        }
        assert_eq!(clock.read("1.7742E+09"), Some(1_774_200_000), "what a spreadsheet leaves of it");
        assert_eq!(clock.read("46103.5").map(|time| time % DAY), Some(DAY / 2));
        assert_eq!(clock.read("46103"), clock.read("2026-03-22"));
        assert_eq!(clock.read("5/1/2024"), clock.read("2024-05-01"));
    }

    #[test]
    fn what_is_no_date_or_two() {
        let open = Clock::default();
        for text in
            ["", "11/12/2026", "5.1.1", "550 5.1.1", "2026-02-30", "13/13/2026", "12:30", "Hard bounce", "Mar 22 17:56:37", "7", "-"]
        {
            assert_eq!(open.read(text), None, "{text}");
        }
        assert_eq!(open.read("22/03/2026"), open.read("2026-03-22"), "the number tells");
        assert_eq!(open.read("5/5/2026"), open.read("2026-05-05"), "both ways the same");
    }

    #[test]
    fn zones_are_taken_off() {
        let central = Clock { order: DayOrder::Mdy, zone: zone("-06:00").unwrap_or_default(), now: None };
        assert_eq!(central.read("3/22/2026 11:56:37 AM"), Some(THEN));
        assert_eq!(central.read("2026-03-22T17:56:37Z"), Some(THEN), "a named zone goes before the file's");
        assert_eq!([zone("UTC"), zone("+0530"), zone("-6"), zone("Mars")], [Some(0), Some(19_800), Some(-21_600), None]);
    }

    #[test]
    fn lines_begin_with_their_time() {
        let clock = Clock { now: Some(THEN + DAY), ..Clock::default() };
        for line in [
            "Mar 22 17:56:37 mx1 postfix/smtp[1]: x",
            "<22>Mar 22 17:56:37 mx1 postfix/smtp[1]: x",
            "<22>1 2026-03-22T17:56:37Z mx1 x",
            "2026-03-22T18:56:37.123456+01:00 mx1 x",
            "2026-03-22 17:56:37 1tABCD-000000001Xy-2aBC ** x",
            "2026-03-22 18:56:37.001 +0100 [12] 1tABCD-0001Xy-2a ** x",
            "@4000000069c02d5f0ad2e3a4 delivery 1: success: x",
            "1774202197@00/01@x",
        ] {
            assert_eq!(clock.line(line), Some(THEN), "{line}");
        }
        assert_eq!(clock.line("Dec 31 23:00:00 mx1 x"), Clock::default().read("2025-12-31 23:00:00"), "never in the future");
    }

    #[test]
    fn days_and_dates_agree() {
        for day in (-20_000..60_000).step_by(13) {
            let (year, month, date) = civil(day);
            assert_eq!(days(year, month, date), Some(day));
        }
    }
}
