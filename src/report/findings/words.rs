//! Sentences of findings, from `src/text/report.toml`, and how figures and times are written in them.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::analysis::Thresholds;
use crate::report::moment;
use crate::report::trend::Trend;
pub use crate::text::fill;
use crate::verdict::Bucket;

/// What is said of one kind of finding; a bucket's own words come first.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Told {
    pub title: String,
    pub sentence: String,
    pub rule: String,
    #[serde(rename = "do")]
    pub dos: Vec<String>,
    pub do_not: Vec<String>,
    /// By bucket.
    #[serde(rename = "in")]
    within: HashMap<String, Told>,
}

/// The words of packets.
#[derive(Debug, Default, Deserialize)]
pub struct Letter {
    pub open: String,
    pub rate: String,
    pub more: String,
    /// By addressee.
    pub subject: HashMap<String, String>,
    field: HashMap<String, String>,
    pub ask: Vec<Question>,
}

/// What the reader of a packet is to answer.
#[derive(Debug, Deserialize)]
pub struct Question {
    /// Ids of groups; empty for any.
    #[serde(default)]
    pub when: Vec<String>,
    /// `esp`, `admin`.
    pub to: Vec<String>,
    pub text: String,
}

#[derive(Debug, Default, Deserialize)]
struct Book {
    people: String,
    person: String,
    since: String,
    trend: HashMap<String, String>,
    events: HashMap<String, String>,
    kind: HashMap<String, Told>,
    packet: Letter,
}

fn book() -> &'static Book {
    static BOOK: OnceLock<Book> = OnceLock::new();
    BOOK.get_or_init(|| serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/report.json"))).unwrap_or_default())
}

/// The words of a kind for the events of a bucket.
pub fn of(kind: &str, bucket: Option<Bucket>) -> Told {
    let base = book().kind.get(kind).cloned().unwrap_or_default();
    let own = bucket.and_then(|bucket| base.within.get(bucket.id())).cloned().unwrap_or_default();
    let or = |own: String, base: String| if own.is_empty() { base } else { own };
    let or_list = |own: Vec<String>, base: Vec<String>| if own.is_empty() { base } else { own };
    Told {
        title: or(own.title, base.title),
        sentence: or(own.sentence, base.sentence),
        rule: or(own.rule, base.rule),
        dos: or_list(own.dos, base.dos),
        do_not: or_list(own.do_not, base.do_not),
        within: HashMap::new(),
    }
}

/// The words of packets.
pub fn letter() -> &'static Letter {
    &book().packet
}

/// What a field of a packet is called.
pub fn field(id: &str) -> String {
    letter().field.get(id).cloned().unwrap_or_default()
}

/// What the events of a group are called.
pub fn events(group: &str) -> String {
    book().events.get(group).cloned().unwrap_or_default()
}

/// ` They concern 4,871 people. Since 12 Nov 09:40 UTC, steady.`
pub fn tail(people: Option<u64>, since: Option<String>, trend: Option<Trend>) -> String {
    let people = people.map(|people| fill(if people == 1 { &book().person } else { &book().people }, |_| Some(number(people))));
    let trend = trend.and_then(|trend| book().trend.get(trend.id())).map(|trend| format!(", {trend}"));
    let since = since.map(|since| fill(&book().since, |_| Some(since.clone())) + &trend.unwrap_or_default() + ".");
    people.unwrap_or_default() + &since.unwrap_or_default()
}

/// A threshold as a sentence writes it.
pub fn limit(limits: &Thresholds, name: &str) -> Option<String> {
    Some(match name {
        "leader_share" => fraction(limits.leader_share),
        "runner_up" => fraction(limits.runner_up),
        "lift" => decimal(limits.lift),
        "nearly_all" => fraction(limits.nearly_all),
        "spread_group_share" => fraction(limits.spread_group_share),
        "spread_top_share" => fraction(limits.spread_top_share),
        "spread_domains" => number(limits.spread_domains),
        "cross_providers" => number(limits.cross_providers),
        "cross_hours" => number(limits.cross_hours),
        "cross_events" => number(limits.cross_events),
        "cross_share" => fraction(limits.cross_share),
        "incident_factor" => decimal(limits.incident_factor),
        "incident_hours" => number(limits.incident_hours),
        "label_conflicts" => number(limits.label_conflicts),
        "thin_replies" => number(limits.thin_replies),
        "thin_share" => fraction(limits.thin_share),
        _ => return None,
    })
}

/// `5,214`.
pub fn number(number: u64) -> String {
    let digits = number.to_string();
    let grouped: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    grouped.join(",")
}

/// `83 %`, `2.9 %`; never rounded to none or to all.
pub fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "0 %".into();
    }
    let share = 100.0 * part as f64 / whole as f64;
    match share {
        _ if part == 0 => "0 %".into(),
        _ if part == whole => "100 %".into(),
        ..0.1 => "under 0.1 %".into(),
        ..9.95 => format!("{share:.1} %"),
        ..99.0 => format!("{share:.0} %"),
        _ => "over 99 %".into(),
    }
}

/// A fraction that a user set: `60 %`, `0.5 %`.
fn fraction(fraction: f64) -> String {
    format!("{} %", (fraction * 10_000.0).round() / 100.0)
}

/// `2`, `0.5`, `1,240`; what is not nothing is never written as nothing.
pub fn decimal(value: f64) -> String {
    if value > 0.0 && value < 0.05 {
        return "under 0.1".into();
    }
    let tenths = (value * 10.0).round();
    if tenths % 10.0 == 0.0 || value >= 100.0 { number(value.round() as u64) } else { format!("{value:.1}") }
}

/// `1 hour`, `6 hours`.
pub fn hours(seconds: i64) -> String {
    let hours = seconds / 3600;
    format!("{hours} hour{}", if hours == 1 { "" } else { "s" })
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `12 Nov 09:40 UTC`.
pub fn when(time: i64) -> String {
    let text = moment(time);
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    let month = part(5, 7).parse::<usize>().ok().and_then(|month| MONTHS.get(month.checked_sub(1)?));
    format!("{} {} {} UTC", part(8, 10).trim_start_matches('0'), month.unwrap_or(&""), part(11, 16))
}

/// The time that [`moment`] wrote.
pub fn unix(text: &str) -> Option<i64> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let of_year = (153 * month + 2) / 5 + day - 1;
    let of_era = year.rem_euclid(400) * 365 + year.rem_euclid(400) / 4 - year.rem_euclid(400) / 100 + of_year;
    let days = year.div_euclid(400) * 146_097 + of_era - 719_468;
    Some(days * 86_400 + number(11, 13)? * 3600 + number(14, 16)? * 60 + number(17, 19)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_figures() {
        assert_eq!(
            (number(0), number(999), number(5_214), number(1_000_000)),
            ("0".into(), "999".into(), "5,214".into(), "1,000,000".into())
        );
        let shares =
            [(5_214, 6_270), (1, 3_000), (29, 1_000), (999, 1_000), (5, 5), (0, 5), (1, 0)].map(|(part, whole)| percent(part, whole));
        assert_eq!(shares, ["83 %", "under 0.1 %", "2.9 %", "over 99 %", "100 %", "0 %", "0 %"]);
        assert_eq!(
            [fraction(0.6), fraction(0.005), decimal(2.0), decimal(0.26), decimal(0.01)],
            ["60 %", "0.5 %", "2", "0.3", "under 0.1"]
        );
    }

    #[test]
    fn writes_times() {
        assert_eq!((when(1_794_476_400), when(1_793_491_200)), ("12 Nov 09:40 UTC".into(), "1 Nov 00:00 UTC".into()));
        for time in [0, 951_782_400, 1_794_476_400, 4_102_444_799] {
            assert_eq!(unix(&moment(time)), Some(time));
        }
        assert_eq!(unix("soon"), None);
    }

    #[test]
    fn no_more_than_four_each_and_no_heading_repeated() {
        let all = book().kind.values().flat_map(|told| std::iter::once(told).chain(told.within.values()));
        for told in all {
            assert!(told.dos.len() <= 4 && told.do_not.len() <= 4, "{told:?}");
            for line in told.dos.iter().chain(&told.do_not) {
                assert!(!line.starts_with("Do ") && !line.ends_with('.') && !line.contains('!'), "{line}");
            }
        }
        assert_eq!(book().kind.len(), 10);
    }
}
