//! The counts behind the charts.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::analysis::{Breakdown, Dimension, Share, Step, TABLE_ROWS, Table};
use crate::tally::{Cell, Series, Tally};
use crate::verdict::{Bucket, Cause};

/// Steps of a chart over time, at most.
const STEPS: i64 = 120;
const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// Events by provider and cause, over time, and by each dimension.
pub fn breakdown(tally: &Tally) -> Breakdown {
    let tables: Vec<Table> = Dimension::ALL.into_iter().map(|dimension| table(tally, dimension)).collect();
    let provider = tables.iter().find(|table| table.dimension == Dimension::Provider);
    let providers = provider.map(|table| table.rows.clone()).unwrap_or_default();
    let all: Vec<Cell> = tally.by(Dimension::Provider).iter().flat_map(|(_, series)| series.iter()).collect();
    let (step_seconds, over_time) = over_time(&all);
    Breakdown { providers, over_time, step_seconds, tables }
}

fn table(tally: &Tally, dimension: Dimension) -> Table {
    let mut values: Vec<(&str, &Series)> = tally.by(dimension).iter().collect();
    values.sort_by_cached_key(|(name, series)| (Reverse(series.total()), *name));
    let sent = |job: &str| tally.sent.get(job).copied().filter(|_| dimension == Dimension::Job);
    let share = |(name, series): &(&str, &Series)| Share {
        name: (*name).to_string(),
        count: series.total(),
        by_cause: by_cause(series.iter()),
        sent: sent(name),
    };
    Table { dimension, values: values.len() as u64, rows: values.iter().take(TABLE_ROWS).map(share).collect() }
}

fn by_cause(cells: impl Iterator<Item = Cell>) -> BTreeMap<String, u64> {
    let mut counts: BTreeMap<Cause, u64> = BTreeMap::new();
    cells.filter(|cell| cell.cause().bucket() != Bucket::NotABounce).for_each(|cell| {
        *counts.entry(cell.cause()).or_default() += u64::from(cell.count);
    });
    counts.into_iter().map(|(cause, count)| (cause.id().to_string(), count)).collect()
}

/// Seconds of one step, and the steps without holes.
fn over_time(cells: &[Cell]) -> (i64, Vec<Step>) {
    let times = || cells.iter().filter_map(|cell| cell.start());
    let (Some(first), Some(last)) = (times().min(), times().max()) else { return (HOUR, Vec::new()) };
    let step = step(last - first);
    let begin = first.div_euclid(step) * step;
    let mut steps: Vec<Vec<Cell>> = vec![Vec::new(); ((last - begin) / step + 1) as usize];
    for (cell, start) in cells.iter().filter_map(|cell| Some((*cell, cell.start()?))) {
        steps.get_mut(((start - begin) / step) as usize).into_iter().for_each(|step| step.push(cell));
    }
    let told = (begin..).step_by(step as usize).zip(steps);
    (step, told.map(|(start, cells)| Step { start, by_cause: by_cause(cells.into_iter()) }).collect())
}

/// An hour, a day, or as many days as it takes.
fn step(span: i64) -> i64 {
    if span < STEPS * HOUR { HOUR } else { DAY * (span / (DAY * STEPS) + 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(times: &[i64]) -> Vec<Cell> {
        let mut series = Series::default();
        times.iter().for_each(|time| series.add(Cause::UserUnknown, Some(*time)));
        series.cells()
    }

    #[test]
    fn steps_have_no_holes_and_lose_nothing() {
        for (span, step, steps) in [(5 * HOUR, HOUR, 6), (20 * DAY, DAY, 21), (300 * DAY, 3 * DAY, 101)] {
            let begin = 1_700_006_400; // 2023-11-15T00:00Z
            let (seconds, told) = over_time(&cells(&[begin, begin, begin + span]));
            assert_eq!((seconds, told.len()), (step, steps));
            assert!(told.windows(2).all(|pair| pair[1].start - pair[0].start == step) && told.len() as i64 <= STEPS + 1);
            assert_eq!(told.iter().flat_map(|step| step.by_cause.values()).sum::<u64>(), 3);
        }
        assert!(over_time(&[]).1.is_empty());
    }
}
