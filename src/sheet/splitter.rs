//! What tells a file's records apart, whatever their shape.

use super::Span;
use super::dialect::Layout;
use super::objects::Objects;
use super::seam::Shape;
use super::split::{Lines, Quotes, Step, Table};

/// One for each shape.
pub(super) enum Splitter {
    Table(Table),
    Json(Objects, [Span; 1]),
    Lines(Lines, [Span; 1]),
}

impl Splitter {
    pub(super) fn new(layout: &Layout) -> Self {
        let whole = [Span { start: 0, end: 0 }];
        match layout.shape {
            Shape::Table => Self::Table(Table::new(layout.dialect, layout.width)),
            Shape::Json => Self::Json(Objects::default(), whole),
            Shape::Lines => Self::Lines(Lines::default(), whole),
        }
    }

    pub(super) fn next(&mut self, bytes: &[u8], end: bool, continues: &dyn Fn(&str) -> bool) -> Step {
        match self {
            Self::Table(table) => table.next(bytes, end),
            Self::Json(objects, _) => objects.next(bytes, end),
            Self::Lines(lines, _) => lines.next(bytes, end, continues),
        }
    }

    /// The cells of the last record, which has `end` bytes.
    pub(super) fn cut(&mut self, end: usize) -> Cut<'_> {
        match self {
            Self::Table(table) => Cut { spans: &table.spans, quotes: &table.quotes },
            Self::Json(_, whole) | Self::Lines(_, whole) => {
                whole[0].end = end;
                Cut { spans: whole, quotes: &[] }
            }
        }
    }
}

/// How a record falls into cells.
#[derive(Clone, Copy)]
pub(super) struct Cut<'a> {
    pub spans: &'a [Span],
    /// Cells whose quotes have to be undone, in order.
    pub quotes: &'a [(usize, Quotes)],
}
