//! Events over time as stacked bars: where everything stands, in the units of the drawing.

use std::collections::BTreeMap;

use super::figures::{Moment, count};
use super::heat::by_bucket;
use crate::analysis::Breakdown;
use crate::verdict::Bucket;

pub const WIDTH: f64 = 880.0;
pub const HEIGHT: f64 = 230.0;
/// The plot within the drawing.
pub const LEFT: f64 = 52.0;
const TOP: f64 = 12.0;
pub const BOTTOM: f64 = 204.0;

/// A mark on an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    pub at: f64,
    pub words: String,
}

/// A piece of a bar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Piece {
    pub bucket: Bucket,
    pub y: f64,
    pub height: f64,
}

/// One step of time.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    pub start: i64,
    pub x: f64,
    pub width: f64,
    pub pieces: Vec<Piece>,
    pub total: u64,
}

/// A drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    pub bars: Vec<Bar>,
    pub up: Vec<Tick>,
    pub along: Vec<Tick>,
    pub buckets: Vec<Bucket>,
}

/// Counts by bucket of each step.
pub fn steps(breakdown: &Breakdown) -> Vec<(i64, BTreeMap<Bucket, u64>)> {
    breakdown.over_time.iter().map(|step| (step.start, by_bucket(&step.by_cause))).collect()
}

/// Draws the steps of a breakdown; none where no event has a time.
pub fn chart(breakdown: &Breakdown) -> Option<Chart> {
    let steps = steps(breakdown);
    let most = steps.iter().map(|(_, by)| by.values().sum::<u64>()).max().filter(|most| *most > 0)?;
    let unit = nice(most);
    let ceiling = most.div_ceil(unit) * unit;
    let scale = (BOTTOM - TOP) / ceiling as f64;
    let step = (WIDTH - LEFT) / steps.len() as f64;
    let width = (step * 0.8).clamp(0.5, 48.0);
    let bars =
        steps.iter().enumerate().map(|(at, (start, by))| bar(*start, LEFT + step * at as f64 + (step - width) / 2.0, width, by, scale));
    let up = (0..=ceiling / unit).map(|n| Tick { at: BOTTOM - (n * unit) as f64 * scale, words: count(n * unit) }).collect();
    let buckets =
        Bucket::ALL.iter().copied().filter(|bucket| steps.iter().any(|(_, by)| by.get(bucket).is_some_and(|count| *count > 0))).collect();
    Some(Chart { bars: bars.collect(), up, along: along(&steps, step, breakdown.step_seconds), buckets })
}

fn bar(start: i64, x: f64, width: f64, by: &BTreeMap<Bucket, u64>, scale: f64) -> Bar {
    let mut foot = BOTTOM;
    let pieces = by
        .iter()
        .filter(|(_, count)| **count > 0)
        .map(|(bucket, count)| {
            let height = *count as f64 * scale;
            foot -= height;
            Piece { bucket: *bucket, y: foot, height }
        })
        .collect();
    Bar { start, x, width, pieces, total: by.values().sum() }
}

/// 1, 2 or 5 times a power of ten, so that an axis has two to five steps.
fn nice(most: u64) -> u64 {
    let mut power = 1_u64;
    loop {
        for unit in [power, 2 * power, 5 * power] {
            if most <= unit.saturating_mul(4) {
                return unit;
            }
        }
        power = power.saturating_mul(10);
    }
}

/// About eight dates below the bars; a new day where steps are hours.
fn along(steps: &[(i64, BTreeMap<Bucket, u64>)], step: f64, seconds: i64) -> Vec<Tick> {
    let every = steps.len().div_ceil(8).max(1);
    let words = |start: i64| {
        let moment = Moment::at(start);
        if seconds < 86_400 && steps.len() <= 48 { format!("{} {}", moment.day_words(), moment.clock()) } else { moment.day_words() }
    };
    let marked = steps.iter().enumerate().filter(|(at, _)| at % every == 0);
    marked.map(|(at, (start, _))| Tick { at: LEFT + step * (at as f64 + 0.5), words: words(*start) }).collect()
}

/// A sentence that says what the drawing shows.
pub fn summary(chart: &Chart, seconds: i64) -> String {
    let all: u64 = chart.bars.iter().map(|bar| bar.total).sum();
    let top = chart.bars.iter().max_by_key(|bar| bar.total);
    let step = if seconds < 86_400 { "hour" } else { "day" };
    let (Some(first), Some(last), Some(top)) = (chart.bars.first(), chart.bars.last(), top) else { return String::new() };
    let words = |bar: &Bar| Moment::at(bar.start).day_words();
    format!(
        "{} events by {step} and bucket, {} to {}. Most on {}: {}.",
        count(all),
        words(first),
        words(last),
        words(top),
        count(top.total)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Step;

    fn breakdown(counts: &[u64]) -> Breakdown {
        let step = |(at, count): (usize, &u64)| Step {
            start: at as i64 * 86_400,
            by_cause: [("user_unknown".to_string(), *count), ("mailbox_full".to_string(), 1)].into(),
        };
        Breakdown { over_time: counts.iter().enumerate().map(step).collect(), step_seconds: 86_400, ..Breakdown::default() }
    }

    #[test]
    fn bars_stand_on_the_axis_and_stay_below_the_ceiling() {
        for counts in [vec![0], vec![3, 999, 4], (0..120).collect::<Vec<_>>(), vec![u64::from(u32::MAX)]] {
            let chart = chart(&breakdown(&counts)).expect("a chart");
            assert_eq!(chart.bars.len(), counts.len());
            assert!((2..=6).contains(&chart.up.len()), "{:?}", chart.up);
            for bar in &chart.bars {
                assert!(bar.x >= LEFT && bar.x + bar.width <= WIDTH + 0.001);
                let sum: f64 = bar.pieces.iter().map(|piece| piece.height).sum();
                let top = bar.pieces.last().map_or(BOTTOM, |piece| piece.y);
                assert!(top >= TOP - 0.001 && (BOTTOM - sum - top).abs() < 0.001);
            }
        }
    }

    #[test]
    fn nothing_dated_nothing_drawn() {
        assert_eq!(chart(&Breakdown::default()), None);
    }

    #[test]
    fn it_can_be_said_in_a_sentence() {
        let chart = chart(&breakdown(&[5, 20, 1])).expect("a chart");
        assert_eq!(summary(&chart, 86_400), "29 events by day and bucket, 1 Jan to 3 Jan. Most on 2 Jan: 21.");
    }
}
