//! Dates as exports and logs write them → Unix seconds.
//!
//! A value is taken apart first ([`Stamp`]); what it leaves open (the order of day and month, the year of a syslog line, the zone) is
//! filled in from what the file or the user says ([`Clock`]).

mod scan;

use crate::analysis::DayOrder;
use scan::Scan;

const DAY: i64 = 86_400;

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
mod tests;
