//! Which export is it, and which column answers which need?

use super::seam::{Head, Reader, Shape};
use super::{Kind, Row};
use crate::analysis::{Column, Found, Hints};
use crate::read::{Event, Span};
use crate::verdict::{Confidence, Part};

/// What the head shows. The engine adds encoding, delimiter and packing.
pub(super) fn recognise(head: &Head<'_>, hints: &Hints) -> Found {
    let width = head.records.iter().map(super::Cells::len).max().unwrap_or_default();
    let first = head.records.first();
    let header = hints.header.unwrap_or(head.shape == Shape::Table && first.is_some_and(|first| first.iter().all(|cell| !is_value(cell))));
    let columns: Vec<Column> = (0..width)
        .map(|column| Column {
            name: first.filter(|_| header).map_or_else(|| format!("#{}", column + 1), |first| first.get(column).to_owned()),
            values: Vec::new(),
        })
        .collect();
    let replies = |column: &usize| head.records.iter().filter(|cells| starts_with_code(cells.get(*column))).count();
    let text = (0..width).max_by_key(|column| (replies(column), std::cmp::Reverse(*column))).unwrap_or_default();
    let mut found = Found { columns, ..Found::default() };
    found.format.id = "generic".into();
    found.format.name = "table".into();
    found.format.confidence = Some(Confidence::Low);
    found.format.header = header;
    found.mapping.text = found.columns.get(text).map(|column| column.name.clone()).into_iter().collect();
    found
}

/// What turns the records of such a file into rows.
pub(super) fn reader(found: &Found, _: &Hints) -> Box<dyn Reader> {
    let wanted = found.mapping.text.first();
    let text = found.columns.iter().position(|column| Some(&column.name) == wanted).unwrap_or_default();
    Box::new(Generic { text })
}

/// Is it a line of a log, whatever delimiters stand in it?
pub(super) fn is_log(line: &str) -> bool {
    line.contains("status=bounced") || line.contains("status=deferred") || line.contains("status=sent")
}

fn starts_with_code(cell: &str) -> bool {
    let mut bytes = cell.bytes();
    matches!(bytes.next(), Some(b'2' | b'4' | b'5')) && bytes.take(2).filter(u8::is_ascii_digit).count() == 2
}

fn is_value(cell: &str) -> bool {
    cell.contains('@') || starts_with_code(cell)
}

/// Reads the reply alone.
struct Generic {
    text: usize,
}

impl Reader for Generic {
    fn read(&mut self, row: &mut Row) {
        let text = row.cells.get(self.text);
        row.kind = if text.trim().is_empty() { Kind::Unreadable("no reply in this row".into()) } else { Kind::Bounce };
        let words = vec![Span { part: 0, start: 0, end: text.len() }];
        row.events.push(Event { words, ..Event::default() });
        row.parts.push(Part { id: 0, name: "reply".into(), text: text.to_owned() });
    }
}
