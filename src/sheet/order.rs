//! Which way round are a file's dates, and do they name their zone?

use super::dates::{self, Day};
use super::values::is_blank;
use crate::analysis::DayOrder;

/// What the dates of a head show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Dates {
    /// `Unknown` where nothing tells.
    pub order: DayOrder,
    /// Day and month could be either way round.
    pub open: bool,
    /// Some times name no zone.
    pub local: bool,
}

/// Looks at dates; `fixed` is the order that the format writes, where it writes one only: what the values prove goes before it.
pub(super) fn look<'a>(values: impl Iterator<Item = &'a str>, fixed: Option<DayOrder>) -> Dates {
    let mut seen = Seen::default();
    values.filter(|value| !is_blank(value)).for_each(|value| seen.add(value));
    let order = seen.order().or(fixed.filter(|_| seen.either > 0));
    let order = order.or_else(|| (seen.either == 0).then(|| seen.other())).unwrap_or_default();
    Dates { order, open: order == DayOrder::Unknown && seen.either > 0, local: seen.local > 0 }
}

#[derive(Default)]
struct Seen {
    /// Dates of two numbers and a year, and of those how many prove an order.
    either: usize,
    day_first: usize,
    month_first: usize,
    instants: usize,
    iso: usize,
    year_first: usize,
    named: usize,
    local: usize,
}

impl Seen {
    fn add(&mut self, value: &str) {
        let Some(stamp) = dates::stamp(value).or_else(|| dates::head(value)) else { return };
        let instant = matches!(stamp.day, Day::Instant(_));
        self.local += usize::from(!instant && stamp.zone.is_none());
        match stamp.day {
            Day::Open(first, second, _) => {
                self.either += 1;
                self.day_first += usize::from(first > 12);
                self.month_first += usize::from(second > 12);
            }
            Day::Instant(_) => self.instants += 1,
            Day::YearFirst(_) if stamp.zone.is_some() || value.contains('T') => self.iso += 1,
            Day::YearFirst(_) | Day::Serial(_) => self.year_first += 1,
            Day::Named(_) | Day::NoYear(..) => self.named += 1,
        }
    }

    /// What numbers over twelve prove; nothing where they contradict each other.
    fn order(&self) -> Option<DayOrder> {
        match (self.day_first, self.month_first) {
            (0, 0) => None,
            (_, 0) => Some(DayOrder::Dmy),
            (0, _) => Some(DayOrder::Mdy),
            _ => Some(DayOrder::Unknown),
        }
    }

    /// Of dates that leave nothing open.
    fn other(&self) -> DayOrder {
        let most =
            [(self.instants, DayOrder::Epoch), (self.iso, DayOrder::Iso), (self.year_first, DayOrder::Ymd), (self.named, DayOrder::Dmy)];
        most.into_iter().filter(|(count, _)| *count > 0).max_by_key(|(count, _)| *count).map_or(DayOrder::Unknown, |(_, order)| order)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_over_twelve_tell() {
        let order = |values: &[&str], fixed| {
            let found = look(values.iter().copied(), fixed);
            (found.order, found.open)
        };
        assert_eq!(order(&["3/4/2026", "13/4/2026"], None), (DayOrder::Dmy, false));
        assert_eq!(order(&["3/4/2026", "3/14/2026 1:00 PM"], None), (DayOrder::Mdy, false));
        assert_eq!(order(&["3/4/2026", "4/4/2026"], None), (DayOrder::Unknown, true));
        assert_eq!(order(&["3/4/2026"], Some(DayOrder::Mdy)), (DayOrder::Mdy, false));
        assert_eq!(order(&["13/4/2026"], Some(DayOrder::Mdy)), (DayOrder::Dmy, false), "the values go before the platform's habit");
        assert_eq!(order(&["13/4/2026", "4/13/2026"], None), (DayOrder::Unknown, true), "they contradict each other");
        assert_eq!(order(&["2026-04-03T00:00:00Z"], None), (DayOrder::Iso, false));
        assert_eq!(order(&["2026-04-03"], Some(DayOrder::Mdy)), (DayOrder::Ymd, false));
        assert_eq!(order(&["1790083507"], None), (DayOrder::Epoch, false));
        assert_eq!(order(&[], None), (DayOrder::Unknown, false));
    }

    #[test]
    fn zones() {
        assert!(look(["2026-04-03 10:00:00"].into_iter(), None).local);
        assert!(!look(["2026-04-03T10:00:00Z", "1790083507"].into_iter(), None).local);
    }
}
