//! Providers against buckets: the figures of a heat map.

use std::collections::BTreeMap;

use crate::analysis::Share;
use crate::verdict::{Bucket, Cause};

/// Providers with a row of their own.
const ROWS: usize = 12;

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct HeatRow {
    /// A provider's id; none of the row of all the rest.
    pub provider: Option<String>,
    /// How many providers the row stands for.
    pub providers: usize,
    /// By the columns of the map.
    pub cells: Vec<u64>,
    pub all: u64,
}

/// The map.
#[derive(Clone, Debug, PartialEq)]
pub struct Heat {
    /// Buckets that occur, in the order of the taxonomy.
    pub buckets: Vec<Bucket>,
    pub rows: Vec<HeatRow>,
    /// Of each column.
    pub totals: Vec<u64>,
    pub all: u64,
}

/// Counts by bucket of counts by cause.
pub fn by_bucket(by_cause: &BTreeMap<String, u64>) -> BTreeMap<Bucket, u64> {
    let mut sums = BTreeMap::new();
    for (cause, count) in by_cause {
        let bucket = Cause::from_id(cause).map_or(Bucket::Unknown, Cause::bucket);
        *sums.entry(bucket).or_default() += count;
    }
    sums
}

/// The map of these shares.
pub fn heat(providers: &[Share]) -> Heat {
    let sums: Vec<_> = providers.iter().map(|share| by_bucket(&share.by_cause)).collect();
    let buckets: Vec<Bucket> =
        Bucket::ALL.iter().copied().filter(|bucket| sums.iter().any(|row| row.get(bucket).copied().unwrap_or_default() > 0)).collect();
    let cells = |row: &BTreeMap<Bucket, u64>| buckets.iter().map(|bucket| row.get(bucket).copied().unwrap_or_default()).collect::<Vec<_>>();
    let own = if providers.len() > ROWS + 1 { ROWS } else { providers.len() };
    let mut rows: Vec<HeatRow> = providers
        .iter()
        .zip(&sums)
        .take(own)
        .map(|(share, sums)| HeatRow { provider: Some(share.name.clone()), providers: 1, cells: cells(sums), all: share.count })
        .collect();
    if own < providers.len() {
        let cells =
            sums.iter().skip(own).map(cells).fold(vec![0; buckets.len()], |sum, row| sum.iter().zip(&row).map(|(a, b)| a + b).collect());
        let all = providers.iter().skip(own).map(|share| share.count).sum();
        rows.push(HeatRow { provider: None, providers: providers.len() - own, cells, all });
    }
    let totals = (0..buckets.len()).map(|column| rows.iter().filter_map(|row| row.cells.get(column)).sum()).collect();
    let all = rows.iter().map(|row| row.all).sum();
    Heat { buckets, rows, totals, all }
}

impl Heat {
    /// The step of a cell's ground, 0 to 4: by its share of the largest cell, in powers.
    pub fn step(&self, count: u64) -> u8 {
        let most = self.rows.iter().flat_map(|row| row.cells.iter().copied()).max().unwrap_or_default();
        let share = count as f64 / most.max(1) as f64;
        match share {
            s if count == 0 || s < 0.01 => 0,
            s if s < 0.08 => 1,
            s if s < 0.3 => 2,
            s if s < 0.7 => 3,
            _ => 4,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(name: &str, counts: &[(&str, u64)]) -> Share {
        let by_cause: BTreeMap<_, _> = counts.iter().map(|(cause, count)| ((*cause).to_string(), *count)).collect();
        Share { name: name.into(), count: by_cause.values().sum(), by_cause, sent: None }
    }

    #[test]
    fn the_figures_add_up_and_the_rest_is_one_row() {
        let many: Vec<Share> = (0..20).map(|n| share(&format!("p{n}"), &[("user_unknown", 20 - n), ("mailbox_full", 1)])).collect();
        let heat = heat(&many);
        assert_eq!(heat.buckets, [Bucket::Recipient, Bucket::Mailbox]);
        assert_eq!(heat.rows.len(), ROWS + 1);
        assert_eq!(heat.rows[ROWS].providers, 20 - ROWS);
        assert_eq!(heat.totals, [210, 20]);
        assert_eq!(heat.all, 230);
    }

    #[test]
    fn the_largest_cell_is_darkest_and_none_has_no_ground() {
        let heat = heat(&[share("a", &[("user_unknown", 1_000), ("mailbox_full", 100), ("greylisted", 5)])]);
        assert_eq!((heat.step(1_000), heat.step(100), heat.step(5), heat.step(0)), (4, 2, 0, 0));
    }
}
