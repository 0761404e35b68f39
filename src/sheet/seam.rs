//! Where the engine meets the formats: what the engine shows of a file's beginning, and what it asks of a format.

use super::{Cells, Item, Row};

/// How a file's records stand in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Cells between delimiters; also a single column.
    Table,
    /// Objects, whatever stands around them; a record is one cell.
    Json,
    /// Lines of a log; a record is one cell.
    Lines,
}

/// The beginning of a file.
pub(super) struct Head<'a> {
    pub shape: Shape,
    /// The first records, decoded; a header row is one of them. Never empty.
    pub records: &'a [Cells],
}

/// Turns records into what they say; made by [`super::recognise::reader`].
pub(super) trait Reader: Send {
    /// Fills `kind`, `events`, `parts` and `about` from `row.cells`. The engine has set `line`, `number` and `cells`, and emptied the rest.
    fn read(&mut self, row: &mut Row);

    /// It fills `events` and `parts` anew itself, so that their memory is used again: the engine leaves in them what stood there.
    fn refills(&self) -> bool {
        false
    }

    /// Of a file of another purpose than bounces, after `read`: what the record gives; none where nothing.
    fn item<'a>(&'a self, _: &'a Row) -> Option<Item<'a>> {
        None
    }

    /// Does this line of a log go on with the record of the line before?
    fn continues(&self, _: &str) -> bool {
        false
    }

    /// Doubts that showed while reading, in sentences.
    fn warnings(&self) -> Vec<String> {
        Vec::new()
    }
}
