//! Events by the values of one dimension.

use super::{Name, Names, Series};
use crate::verdict::Cause;

/// The values that came, each with its events by cause and time.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    names: Names,
    series: Vec<Series>,
}

impl Ledger {
    /// The values and their events, in the order in which they came.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Series)> {
        self.names.iter().filter_map(|(name, text)| Some((text, self.series.get(name.index())?))).filter(|(_, series)| series.total() > 0)
    }

    /// The events of a value.
    pub fn get(&self, value: &str) -> Option<&Series> {
        self.series.get(self.names.find(value)?.index())
    }

    /// The text of a value of this ledger.
    pub fn text(&self, name: Name) -> &str {
        self.names.text(name)
    }

    pub(super) fn name(&mut self, value: &str) -> Name {
        self.names.name(value)
    }

    pub(super) fn add(&mut self, name: Name, cause: Cause, time: Option<i64>) {
        if self.series.len() <= name.index() {
            self.series.resize_with(name.index() + 1, Series::default);
        }
        if let Some(series) = self.series.get_mut(name.index()) {
            series.add(cause, time);
        }
    }

    /// Takes in another; gives the names that the other's values have here, by their index there.
    pub(super) fn merge(&mut self, other: &Self) -> Vec<Name> {
        let names: Vec<Name> = other.names.iter().map(|(_, text)| self.names.name(text)).collect();
        if self.series.len() < self.names.len() {
            self.series.resize_with(self.names.len(), Series::default);
        }
        for (name, series) in names.iter().zip(&other.series) {
            if let Some(mine) = self.series.get_mut(name.index()) {
                mine.merge(series);
            }
        }
        names
    }
}
