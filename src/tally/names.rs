//! Each distinct text once, with a small number for it.

use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;
use std::num::NonZeroU32;

/// The number of a text in its [`Names`]; none takes no more room than one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(NonZeroU32);

impl Name {
    fn at(index: usize) -> Self {
        Self(u32::try_from(index).ok().and_then(|index| NonZeroU32::MIN.checked_add(index)).unwrap_or(NonZeroU32::MAX))
    }

    /// For tables kept beside the names, one entry each.
    pub fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// Texts end to end in one buffer; looking one up allocates nothing.
#[derive(Clone, Debug, Default)]
pub struct Names {
    text: String,
    /// Where each text ends in `text`.
    ends: Vec<usize>,
    found: HashTable<Name>,
    hasher: DefaultHashBuilder,
}

impl Names {
    /// The name of a text, given to it now if it has none.
    pub fn name(&mut self, text: &str) -> Name {
        let hash = self.hasher.hash_one(text);
        if let Some(known) = self.found.find(hash, |name| slice(&self.text, &self.ends, *name) == text) {
            return *known;
        }
        let fresh = Name::at(self.ends.len());
        self.text.push_str(text);
        self.ends.push(self.text.len());
        let Self { text, ends, found, hasher } = self;
        found.insert_unique(hash, fresh, |name| hasher.hash_one(slice(text, ends, *name)));
        fresh
    }

    /// The name of a text that has one.
    pub fn find(&self, text: &str) -> Option<Name> {
        let hash = self.hasher.hash_one(text);
        self.found.find(hash, |name| slice(&self.text, &self.ends, *name) == text).copied()
    }

    /// The text of a name of this table.
    pub fn text(&self, name: Name) -> &str {
        slice(&self.text, &self.ends, name)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// There are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// All of them, in the order in which they came.
    pub fn iter(&self) -> impl Iterator<Item = (Name, &str)> {
        (0..self.ends.len()).map(Name::at).map(|name| (name, self.text(name)))
    }
}

fn slice<'a>(text: &'a str, ends: &[usize], name: Name) -> &'a str {
    let Some(&end) = ends.get(name.index()) else { return "" };
    let start = name.index().checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or_default();
    text.get(start..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_one_name() {
        let mut names = Names::default();
        let (a, b) = (names.name("003Aa"), names.name("003aa"));
        assert_ne!(a, b, "identifiers of 15 characters differ by case");
        assert_eq!(names.name("003Aa"), a);
        assert_eq!((names.text(a), names.text(b), names.find("")), ("003Aa", "003aa", None));
    }
}
