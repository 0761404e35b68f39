//! When something began and whether it goes on: counts on the ten-minute grid, held against the rest of the file.
//!
//! A bounce file has no sent counts over time, so the clock is the rest of the file: a night without mail, or a day with three times the
//! mail, moves it as it moves everything else. How each trend is defined, in words: `docs/findings.md`.

use crate::tally::{Cell, SLOT};

/// Events in order of time.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    /// Where the slots begin that have events, in Unix seconds, in order.
    starts: Vec<i64>,
    /// Events up to and with the slot of the same index.
    sums: Vec<u64>,
}

/// How many events a clock needs to tell the time.
const CLOCK_EVENTS: u64 = 30;
/// A deviation of this many times √n from an even spread is no chance (Kolmogorov–Smirnov, about one in two thousand).
const CHANCE: f64 = 1.95;
/// So much of the clock must have run before a change, so that there is a before.
const BEFORE: f64 = 0.02;
/// A day is busy from this fraction of the busiest day on …
const BUSY: f64 = 1.0 / 3.0;
/// … and quiet up to this one.
const QUIET: f64 = 0.1;
/// The busiest day needs so many events before a quiet one says anything.
const PEAK: u64 = 10;
const DAY: i64 = 24 * 3600;

impl Timeline {
    /// The events that have a time; cells in any order.
    pub fn of(cells: impl IntoIterator<Item = Cell>) -> Self {
        let timed = cells.into_iter().filter_map(|cell| Some((cell.start()?, u64::from(cell.count))));
        let mut slots: Vec<(i64, u64)> = timed.collect();
        slots.sort_unstable();
        let mut line = Self::default();
        for (start, count) in slots {
            let sum = line.total() + count;
            if line.starts.last() == Some(&start) {
                line.sums.pop();
            } else {
                line.starts.push(start);
            }
            line.sums.push(sum);
        }
        line
    }

    /// Events with a time.
    pub fn total(&self) -> u64 {
        self.sums.last().copied().unwrap_or_default()
    }

    /// Where the slots begin that have events.
    pub fn starts(&self) -> &[i64] {
        &self.starts
    }

    /// When the first event's slot begins.
    pub fn first(&self) -> Option<i64> {
        self.starts.first().copied()
    }

    /// When the last event's slot ends.
    pub fn end(&self) -> Option<i64> {
        Some(self.starts.last()? + SLOT)
    }

    /// Events of slots that begin before this time.
    pub fn before(&self, time: i64) -> u64 {
        let at = self.starts.partition_point(|start| *start < time);
        at.checked_sub(1).and_then(|last| self.sums.get(last)).copied().unwrap_or_default()
    }

    /// Events of slots that begin within these times, the second left out.
    pub fn between(&self, from: i64, until: i64) -> u64 {
        self.before(until) - self.before(from)
    }

    /// The window of this length that holds most events: when it begins, and how many. The first of several.
    pub fn densest(&self, seconds: i64) -> Option<(i64, u64)> {
        let windows = self.starts.iter().map(|&from| (from, self.between(from, from + seconds)));
        windows.reduce(|best, next| if next.1 > best.1 { next } else { best })
    }

    /// From the first to the last slot with events within a window.
    pub fn within(&self, from: i64, until: i64) -> Option<(i64, i64)> {
        let first = self.starts.partition_point(|start| *start < from);
        let last = self.starts.partition_point(|start| *start < until).checked_sub(1)?;
        (first <= last).then_some(())?;
        Some((*self.starts.get(first)?, self.starts.get(last)? + SLOT))
    }
}

/// The slot from which on there are at least `factor` times as many events as before, held against the rest of the file; none where the
/// spread could be chance. It is the slot before which the events lag most behind an even spread, or the first one before which they lag
/// no less than chance allows (one event and the root of those between).
pub fn change_point(own: &Timeline, whole: &Timeline, factor: f64) -> Option<i64> {
    let clock = Clock::new(own, whole)?;
    let all = own.total() as f64;
    let lag = |start: i64| clock.at(start) * all - own.before(start) as f64;
    let lags = || own.starts.iter().map(|&start| (start, lag(start)));
    let (peak, most) = lags().reduce(|best, next| if next.1 > best.1 { next } else { best })?;
    let is_near = |(start, lag): &(i64, f64)| most - lag <= 1.0 + (own.between(*start, peak) as f64).sqrt();
    let (start, _) = lags().find(is_near)?;
    let (ran, before) = (clock.at(start), own.before(start) as f64);
    let (rate_before, rate_after) = (before / ran.max(f64::EPSILON), (all - before) / (1.0 - ran).max(f64::EPSILON));
    (most > CHANCE * all.sqrt() && ran >= BEFORE && rate_after >= factor * rate_before).then_some(start)
}

/// How far the file has run at a time, from 0 to 1: in events of others, or in seconds where there are too few others.
struct Clock<'a> {
    own: &'a Timeline,
    whole: &'a Timeline,
    first: i64,
    span: i64,
}

impl<'a> Clock<'a> {
    fn new(own: &'a Timeline, whole: &'a Timeline) -> Option<Self> {
        let first = whole.first()?;
        Some(Self { own, whole, first, span: whole.end()? - first })
    }

    fn at(&self, time: i64) -> f64 {
        let others = self.whole.total().saturating_sub(self.own.total());
        if others < CLOCK_EVENTS {
            return (time - self.first) as f64 / self.span.max(1) as f64;
        }
        self.whole.before(time).saturating_sub(self.own.before(time)) as f64 / others as f64
    }
}

/// How something goes on from day to day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trend {
    New,
    Spreading,
    Steady,
    Repeating,
    Fading,
    Over,
}

impl Trend {
    /// The id used in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Spreading => "spreading",
            Self::Steady => "steady",
            Self::Repeating => "repeating",
            Self::Fading => "fading",
            Self::Over => "over",
        }
    }
}

/// The trend over the days (of UTC) on which the file has events; none where these are fewer than three. `pause` is how many days in a row
/// without it make it over or, between two times, repeating, and how many at the end make it new; `factor` how many times more or fewer
/// events a day make it spread or fade.
pub fn trend(own: &Timeline, whole: &Timeline, pause: usize, factor: f64) -> Option<Trend> {
    let days = days(own, whole);
    let peak = days.iter().copied().max().filter(|peak| *peak > 0)?;
    if days.len() < 3 {
        return None;
    }
    let stretches = stretches(&days, peak, pause);
    let (Some(first), Some(last)) = (stretches.first(), stretches.last()) else { return Some(Trend::Steady) };
    let gap = stretches.windows(2).map(|pair| pair[1].0 - pair[0].1).max().unwrap_or_default();
    let tail = days.len() - last.1;
    Some(if peak < PEAK {
        Trend::Steady
    } else if tail >= pause && tail > gap {
        Trend::Over
    } else if first.0 + pause >= days.len() && first.0 > 0 {
        Trend::New
    } else if stretches.len() > 1 {
        Trend::Repeating
    } else {
        slope(&days[first.0..], factor)
    })
}

/// Events on each day on which the file has any.
fn days(own: &Timeline, whole: &Timeline) -> Vec<u64> {
    let mut days: Vec<i64> = whole.starts.iter().map(|start| start.div_euclid(DAY)).collect();
    days.dedup();
    days.into_iter().map(|day| own.between(day * DAY, (day + 1) * DAY)).collect()
}

/// Runs of days that begin with a busy one and have no pause within; the end left out.
fn stretches(days: &[u64], peak: u64, pause: usize) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (day, count) in days.iter().enumerate() {
        let goes_on = found.last().filter(|last| day - last.1 < pause).is_some();
        if goes_on && *count as f64 > QUIET * peak as f64 {
            found.last_mut().into_iter().for_each(|last| last.1 = day + 1);
        } else if !goes_on && *count as f64 >= BUSY * peak as f64 {
            found.push((day, day + 1));
        }
    }
    found
}

/// The later half of the days against the earlier half, where the difference is more than chance (two standard deviations); first and last day, which may be cut short, left out where enough are left.
fn slope(days: &[u64], factor: f64) -> Trend {
    let whole_days = if days.len() > 4 { &days[1..days.len() - 1] } else { days };
    let half = whole_days.len() / 2;
    let sum = |days: &[u64]| days.iter().sum::<u64>() as f64;
    let (early, late) = (sum(&whole_days[..half]), sum(&whole_days[whole_days.len() - half..]));
    let is_chance = (late - early).abs() < 2.0 * (late + early).sqrt();
    if is_chance {
        Trend::Steady
    } else if late >= factor * early {
        Trend::Spreading
    } else if early >= factor * late {
        Trend::Fading
    } else {
        Trend::Steady
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tally::Series;
    use crate::verdict::Cause;

    const START: i64 = 1_761_955_200; // 2025-11-01T00:00Z

    /// `count(hour)` events in each hour of so many days.
    fn line(days: i64, count: impl Fn(i64) -> u32) -> Timeline {
        let mut series = Series::default();
        for hour in 0..days * 24 {
            for n in 0..count(hour) {
                series.add(Cause::RateLimited, Some(START + hour * 3600 + i64::from(n % 6) * SLOT));
            }
        }
        Timeline::of(series.cells())
    }

    fn daily(count: impl Fn(i64) -> u32) -> Option<Trend> {
        let own = line(28, |hour| if hour % 24 < 10 { count(hour / 24) } else { 0 });
        let mut whole = own.clone();
        whole = Timeline::of([line(28, |_| 6), std::mem::take(&mut whole)].into_iter().flat_map(cells));
        trend(&own, &whole, 2, 1.5)
    }

    fn cells(line: Timeline) -> Vec<Cell> {
        let mut series = Series::default();
        for start in line.starts() {
            (0..line.between(*start, start + SLOT)).for_each(|_| series.add(Cause::RateLimited, Some(*start)));
        }
        series.cells()
    }

    #[test]
    fn counts_within_times() {
        let line = line(1, |hour| u32::from(hour >= 4) * 6);
        assert_eq!((line.total(), line.first(), line.end()), (120, Some(START + 4 * 3600), Some(START + 24 * 3600)));
        assert_eq!(line.between(START, START + 5 * 3600), 6);
        assert_eq!(line.densest(3600), Some((START + 4 * 3600, 6)));
        assert_eq!(line.within(START, START + 5 * 3600), Some((START + 4 * 3600, START + 5 * 3600)));
        assert_eq!(line.within(START, START + 3600), None);
    }

    #[test]
    fn finds_the_slot_in_which_it_begins() {
        let onset = 11 * 24 + 9;
        let own = line(28, |hour| if hour >= onset { 6 } else { u32::from(hour % 24 == 0) });
        let rest = line(28, |_| 3);
        let whole = Timeline::of([own.clone(), rest].into_iter().flat_map(cells));
        assert_eq!(change_point(&own, &whole, 2.0), Some(START + onset * 3600));
        assert_eq!(change_point(&own, &own, 2.0), Some(START + onset * 3600), "alone it goes by the hours");
    }

    #[test]
    fn more_mail_is_no_change() {
        let own = line(28, |hour| if hour >= 200 { 6 } else { 1 });
        let whole = Timeline::of([own.clone(), own.clone(), own.clone()].into_iter().flat_map(cells));
        assert_eq!(change_point(&own, &whole, 2.0), None);
        let even = line(28, |_| 2);
        assert_eq!(change_point(&even, &even, 2.0), None);
    }

    #[test]
    fn tells_each_trend() {
        assert_eq!(daily(|_| 3), Some(Trend::Steady));
        assert_eq!(daily(|day| if day >= 27 { 9 } else { 0 }), Some(Trend::New));
        assert_eq!(daily(|day| if day < 20 { 9 } else { 0 }), Some(Trend::Over));
        assert_eq!(daily(|day| 2 + day as u32 / 3), Some(Trend::Spreading));
        assert_eq!(daily(|day| 12 - day as u32 / 3), Some(Trend::Fading));
        assert_eq!(daily(|day| if day % 7 == 2 { 9 } else { 0 }), Some(Trend::Repeating));
    }

    #[test]
    fn near_misses_of_trends() {
        assert_eq!(daily(|day| if day >= 20 { 9 } else { 0 }), Some(Trend::Steady), "a week old is not new");
        assert_eq!(daily(|day| if day < 27 { 9 } else { 0 }), Some(Trend::Steady), "one quiet day is not the end");
        assert_eq!(daily(|day| 12 + day as u32 / 3), Some(Trend::Steady));
        assert_eq!(daily(|day| if day % 14 == 2 { 9 } else { 0 }), Some(Trend::Repeating));
        assert_eq!(daily(|day| if day % 7 == 2 { 0 } else { 9 }), Some(Trend::Steady), "a day off is no pause");
        assert_eq!(daily(|day| if day < 10 && day % 5 == 0 { 9 } else { 0 }), Some(Trend::Over), "twice, but long ago");
        let (own, few) = (line(2, |_| 6), line(2, |_| 6));
        assert_eq!(trend(&own, &few, 2, 1.5), None, "two days tell nothing");
    }
}
