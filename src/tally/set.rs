//! How many different names: a list that is put in order when it has doubled.

use super::Name;

/// Distinct names; one takes four bytes.
#[derive(Clone, Debug, Default)]
pub(super) struct NameSet {
    names: Vec<Name>,
    /// This many of `names` are in order and distinct.
    ordered: usize,
}

impl NameSet {
    pub(super) fn add(&mut self, name: Name) {
        if self.names.last() == Some(&name) || (self.ordered == self.names.len() && self.names.binary_search(&name).is_ok()) {
            return;
        }
        self.names.push(name);
        if self.names.len() == 1 || self.names.len() > 2 * self.ordered.max(8) {
            self.order();
        }
    }

    /// All of them in no order; one may come twice.
    pub(super) fn iter(&self) -> impl Iterator<Item = Name> {
        self.names.iter().copied()
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        let mut whole = self.clone();
        whole.order();
        whole.names.len()
    }

    /// Adds those of another, whose names are these here.
    pub(super) fn merge(&mut self, other: &Self, names: &[Name]) {
        other.names.iter().filter_map(|name| names.get(name.index())).for_each(|name| self.add(*name));
    }

    fn order(&mut self) {
        self.names.sort_unstable();
        self.names.dedup();
        self.ordered = self.names.len();
    }
}

#[cfg(test)]
mod tests {
    use super::super::Names;
    use super::*;

    #[test]
    fn counts_each_once() {
        let mut names = Names::default();
        let mut set = NameSet::default();
        for n in 0..5_000_u32 {
            set.add(names.name(&(n * 7919 % 137).to_string()));
        }
        assert_eq!(set.len(), 137);
        assert!(set.names.len() <= 2 * 137 + 16);
    }
}
