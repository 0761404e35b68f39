//! The rows of the file with our columns before theirs, and the rows that could not be read.

use super::table::Table;
use super::{Stamp, redact};
use crate::analysis::order::Order;
use crate::analysis::{Analysis, RowError};

/// Our columns, before those of the file.
const OURS: [&str; 8] = ["our_line", "our_bucket", "our_cause", "our_action", "our_confidence", "our_rule", "our_provider", "our_decision"];

/// What we say about a row; empty where nothing is to be said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    pub line: String,
    pub bucket: String,
    pub cause: String,
    pub action: String,
    pub confidence: String,
    pub rule: String,
    pub provider: String,
    pub decision: String,
}

/// The table of rows in the making.
#[derive(Debug)]
pub struct Rows {
    table: Table,
    redact: bool,
    /// The column of the keys, which are left out where the table is redacted.
    key: Option<usize>,
}

impl Rows {
    /// Begins it with its header: `columns` are those of the file. Of rows to come the number is not known.
    pub fn new(order: &Order, analysis: &Analysis, columns: &[String]) -> Self {
        let mut table = Table::new(order.profile);
        let stamp = Stamp::of(analysis).line(None);
        let last = (order.profile != crate::analysis::order::Profile::Platform).then_some(stamp.as_str());
        table.row(OURS.into_iter().chain(columns.iter().map(String::as_str)).chain(last));
        let key = analysis.mapping.key.as_ref().and_then(|key| columns.iter().position(|name| name == key));
        Self { table, redact: order.redact, key }
    }

    /// Appends a row.
    pub fn add<'a>(&mut self, said: &'a Said, cells: impl Iterator<Item = &'a str>) {
        let ours = [&said.line, &said.bucket, &said.cause, &said.action, &said.confidence, &said.rule, &said.provider, &said.decision];
        let ours = ours.into_iter().map(String::as_str);
        if self.redact {
            let shown: Vec<String> =
                cells.enumerate().map(|(at, cell)| if Some(at) == self.key { String::new() } else { redact::text(cell) }).collect();
            self.table.row(ours.chain(shown.iter().map(String::as_str)));
        } else {
            self.table.row(ours.chain(cells));
        }
    }

    /// What was written since the last time.
    pub fn take(&mut self) -> String {
        self.table.take()
    }
}

/// The rows that could not be read, with line and reason.
pub fn errors(order: &Order, analysis: &Analysis, errors: &[RowError]) -> String {
    let mut table = Table::new(order.profile);
    table.row(["line", "reason", Stamp::of(analysis).line(Some(errors.len() as u64)).as_str()]);
    for error in errors {
        table.row([error.line.to_string().as_str(), &error.reason]);
    }
    table.take()
}
