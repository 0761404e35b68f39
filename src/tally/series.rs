//! How many events of which cause fell into which slot of time.

use crate::verdict::Cause;

/// Seconds of one slot; slots begin at multiples of it since 1970-01-01T00:00Z, so that every tally has the same grid.
pub const SLOT: i64 = 600;

/// Events without a time lie here.
const TIMELESS: u32 = 0;

/// Counts by cause and slot. Appended to, and put in order when it has doubled: cheap for one event and for millions.
#[derive(Clone, Debug, Default)]
pub struct Series {
    cells: Vec<Cell>,
    /// This many of `cells` are in order and distinct.
    ordered: usize,
}

/// One cause in one slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The cause above [`SLOT_BITS`] of the slot: there are many cells.
    key: u32,
    pub count: u32,
}

const SLOT_BITS: u32 = 24;
/// It lies beyond the year 2280.
const LAST: u32 = (1 << SLOT_BITS) - 1;

impl Cell {
    /// Why.
    pub fn cause(self) -> Cause {
        Cause::ALL.get((self.key >> SLOT_BITS) as usize).copied().unwrap_or(Cause::Unclassified)
    }

    /// When the slot begins, in Unix seconds; none for events without a time.
    pub fn start(self) -> Option<i64> {
        let slot = self.key & LAST;
        (slot != TIMELESS).then(|| i64::from(slot) * SLOT)
    }
}

impl Series {
    /// Counts an event.
    pub fn add(&mut self, cause: Cause, time: Option<i64>) {
        let slot = time.map_or(TIMELESS, |time| u32::try_from(time.div_euclid(SLOT)).unwrap_or(TIMELESS).min(LAST));
        self.put(Cell { key: (cause as u32) << SLOT_BITS | slot, count: 1 });
    }

    /// Adds the counts of another.
    pub fn merge(&mut self, other: &Self) {
        other.cells.iter().for_each(|cell| self.put(*cell));
    }

    /// The counts, by cause and then by time.
    pub fn cells(&self) -> Vec<Cell> {
        let mut whole = self.clone();
        whole.order();
        whole.cells
    }

    /// The counts in no order; the same cause and slot may come twice.
    pub fn iter(&self) -> impl Iterator<Item = Cell> {
        self.cells.iter().copied()
    }

    /// All events.
    pub fn total(&self) -> u64 {
        self.cells.iter().map(|cell| u64::from(cell.count)).sum()
    }

    fn put(&mut self, cell: Cell) {
        match self.cells.last_mut() {
            Some(last) if last.key == cell.key => last.count = last.count.saturating_add(cell.count),
            _ => self.cells.push(cell),
        }
        if self.cells.len() > 2 * self.ordered.max(16) {
            self.order();
        }
    }

    fn order(&mut self) {
        self.cells.sort_unstable_by_key(|cell| cell.key);
        self.cells.dedup_by(|next, kept| {
            let same = next.key == kept.key;
            kept.count = kept.count.saturating_add(if same { next.count } else { 0 });
            same
        });
        self.ordered = self.cells.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_the_same_in_any_order() {
        let events: Vec<(Cause, Option<i64>)> =
            (0..500).map(|n| (Cause::ALL[n % 3], (n % 7 > 0).then_some(1_700_000_000 + (n as i64 * 7919) % 90_000))).collect();
        let mut forth = Series::default();
        events.iter().for_each(|(cause, time)| forth.add(*cause, *time));
        let (mut back, mut half) = (Series::default(), Series::default());
        events.iter().rev().take(200).for_each(|(cause, time)| back.add(*cause, *time));
        events.iter().rev().skip(200).for_each(|(cause, time)| half.add(*cause, *time));
        back.merge(&half);
        assert_eq!(forth.cells(), back.cells());
        assert_eq!(forth.total(), 500);
    }
}
