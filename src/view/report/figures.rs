//! Numbers, sizes and times as they are set.

/// `41,882`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let first = digits.len() % 3;
    let mut set = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && at % 3 == first {
            set.push(',');
        }
        set.push(digit);
    }
    set
}

/// `1 row`, `41,882 rows`.
pub fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// What a person typed as a number: separators and blanks do not matter.
pub fn typed(text: &str) -> Option<u64> {
    let digits: String = text.chars().filter(|c| !matches!(c, ',' | '.' | ' ' | '\u{a0}' | '\u{202f}' | '\'' | '’' | '_')).collect();
    digits.parse().ok()
}

/// A fraction as `83 %`; below ten per cent with one place, below one with two.
pub fn percent(fraction: f64) -> String {
    let per_cent = fraction * 100.0;
    match per_cent {
        p if p == 0.0 || p >= 9.95 => format!("{p:.0} %"),
        p if p >= 0.995 => format!("{p:.1} %"),
        p => format!("{p:.2} %"),
    }
}

/// A fraction as one types it: `0.5`, without noise.
pub fn plain_percent(fraction: f64) -> String {
    let text = format!("{:.4}", fraction * 100.0);
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

/// `18.4 MB`, `312 kB`, `2.1 GB`, in steps of a thousand.
pub fn size(bytes: u64) -> String {
    let scaled = |unit: u64| bytes as f64 / unit as f64;
    match bytes {
        0..1_000 => counted(bytes, "byte", "bytes"),
        1_000..1_000_000 => format!("{:.0} kB", scaled(1_000)),
        1_000_000..1_000_000_000 => format!("{:.1} MB", scaled(1_000_000)),
        _ => format!("{:.2} GB", scaled(1_000_000_000)),
    }
}

/// `11.9 of 18.4 MB`: both in the unit of the whole.
pub fn size_of(bytes: u64, total: u64) -> String {
    let whole = size(total);
    let (unit, places) = match total {
        0..1_000 => return format!("{} of {whole}", count(bytes)),
        1_000..1_000_000 => (1e3, 0),
        1_000_000..1_000_000_000 => (1e6, 1),
        _ => (1e9, 2),
    };
    format!("{:.places$} of {whole}", bytes as f64 / unit)
}

/// Seconds that are left, from what is done; none before enough is done to tell.
pub fn left(bytes: u64, total: u64, seconds: f64) -> Option<f64> {
    let enough = seconds >= 0.7 && bytes > 0 && bytes < total;
    enough.then(|| seconds * (total - bytes) as f64 / bytes as f64)
}

/// `about 4 s left`.
pub fn left_words(seconds: f64) -> String {
    match seconds.ceil().max(1.0) as u64 {
        s @ 0..=90 => format!("about {s} s left"),
        s => format!("about {} min left", s.div_ceil(60)),
    }
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A moment in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    pub year: i64,
    /// From 1.
    pub month: u32,
    pub day: u32,
    pub hour: u32,
    pub minute: u32,
}

impl Moment {
    /// From Unix seconds (days to date after Howard Hinnant's algorithm).
    pub fn at(seconds: i64) -> Self {
        let (days, of_day) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        let z = days + 719_468;
        let (era, of_era) = (z.div_euclid(146_097), z.rem_euclid(146_097));
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Self { year, month: month as u32, day: day as u32, hour: (of_day / 3_600) as u32, minute: (of_day % 3_600 / 60) as u32 }
    }

    /// From RFC 3339, as `2026-11-12T09:40:00Z`; the clock is left as it stands.
    pub fn read(text: &str) -> Option<Self> {
        let number = |from: usize, to: usize| text.get(from..to)?.parse::<u32>().ok();
        let month = number(5, 7).filter(|month| (1..=12).contains(month))?;
        Some(Self { year: i64::from(number(0, 4)?), month, day: number(8, 10)?, hour: number(11, 13)?, minute: number(14, 16)? })
    }

    fn month_name(&self) -> &'static str {
        MONTHS.get(self.month as usize - 1).copied().unwrap_or_default()
    }

    /// `12 Nov`.
    pub fn day_words(&self) -> String {
        format!("{} {}", self.day, self.month_name())
    }

    /// `12 Nov 2026`.
    pub fn date_words(&self) -> String {
        format!("{} {}", self.day_words(), self.year)
    }

    /// `09:40`.
    pub fn clock(&self) -> String {
        format!("{:02}:{:02}", self.hour, self.minute)
    }
}

/// `12 Nov 2026 09:40 UTC` of an RFC 3339 time; what is none stays as it is.
pub fn when(text: &str) -> String {
    let zone = match text.get(19..) {
        Some("Z") | None => "UTC",
        Some(zone) => zone.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit()),
    };
    match Moment::read(text) {
        Some(moment) => format!("{} {} {}", moment.date_words(), moment.clock(), if zone == "Z" { "UTC" } else { zone }),
        None => text.to_string(),
    }
}

/// `12 Nov` of an RFC 3339 time.
pub fn day(text: &str) -> String {
    Moment::read(text).map_or_else(|| text.to_string(), |moment| moment.day_words())
}

/// `1–28 Nov 2026`, or whatever of both ends differs.
pub fn span(from: i64, until: i64) -> String {
    let (a, b) = (Moment::at(from), Moment::at(until));
    if (a.year, a.month, a.day) == (b.year, b.month, b.day) {
        a.date_words()
    } else if (a.year, a.month) == (b.year, b.month) {
        format!("{}–{}", a.day, b.date_words())
    } else if a.year == b.year {
        format!("{} – {}", a.day_words(), b.date_words())
    } else {
        format!("{} – {}", a.date_words(), b.date_words())
    }
}

/// A text cut for a table, on a character boundary.
pub fn cut(text: &str, letters: usize) -> String {
    let end = text.char_indices().nth(letters).map(|(at, _)| at);
    end.map_or_else(|| text.to_string(), |end| format!("{}…", text[..end].trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_set_in_threes_and_read_back() {
        let all = [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (41_882, "41,882"),
            (1_250_000, "1,250,000"),
            (u64::MAX, "18,446,744,073,709,551,615"),
        ];
        for (number, set) in all {
            assert_eq!(count(number), set);
            assert_eq!(typed(set), Some(number));
        }
        assert_eq!((typed("1 250 000"), typed("1.250.000"), typed("many"), typed("")), (Some(1_250_000), Some(1_250_000), None, None));
        assert_eq!((counted(1, "row", "rows"), counted(0, "row", "rows")), ("1 row".into(), "0 rows".into()));
    }

    #[test]
    fn fractions_keep_the_places_that_matter() {
        assert_eq!([0.8315, 0.0304, 0.00714, 0.0, 1.0, 0.00995].map(percent), ["83 %", "3.0 %", "0.71 %", "0 %", "100 %", "1.0 %"]);
        assert_eq!([0.005, 0.01, 0.025].map(plain_percent), ["0.5", "1", "2.5"]);
    }

    #[test]
    fn sizes_and_time_left() {
        assert_eq!(
            (size(1), size(312_000), size(18_400_000), size(2_100_000_000)),
            ("1 byte".into(), "312 kB".into(), "18.4 MB".into(), "2.10 GB".into())
        );
        assert_eq!(size_of(11_900_000, 18_400_000), "11.9 of 18.4 MB");
        assert_eq!((left(50, 100, 4.0), left(50, 100, 0.1), left(0, 100, 4.0), left(100, 100, 4.0)), (Some(4.0), None, None, None));
        assert_eq!((left_words(3.2), left_words(200.0)), ("about 4 s left".into(), "about 4 min left".into()));
    }

    #[test]
    fn moments() {
        assert_eq!(Moment::at(0).date_words(), "1 Jan 1970");
        assert_eq!(Moment::at(951_782_400).date_words(), "29 Feb 2000");
        assert_eq!(Moment::at(-1).date_words(), "31 Dec 1969");
        assert_eq!(when("2026-11-12T09:40:00Z"), "12 Nov 2026 09:40 UTC");
        assert_eq!(when("2026-11-12T09:40:00-06:00"), "12 Nov 2026 09:40 -06:00");
        assert_eq!((when("soon"), day("2026-11-12T09:40:00Z")), ("soon".into(), "12 Nov".into()));
        assert_eq!(span(1_793_491_200, 1_793_491_300), "1 Nov 2026");
        assert_eq!(span(1_793_491_200, 1_795_824_000), "1–28 Nov 2026");
        assert_eq!(span(1_793_491_200, 1_800_000_000), "1 Nov 2026 – 15 Jan 2027");
    }

    #[test]
    fn a_cut_never_splits_a_letter() {
        assert_eq!(cut("é".repeat(5).as_str(), 3), "ééé…");
        assert_eq!(cut("short", 10), "short");
    }
}
