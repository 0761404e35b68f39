//! The counts behind the charts: everything here can be drawn or written as a table.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Dimension;

/// Events by provider and cause, by time, and by each dimension.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Breakdown {
    /// Most events first; what has no provider is `other`.
    pub providers: Vec<Share>,
    /// In order of time, without holes; empty where no event has a time.
    pub over_time: Vec<Step>,
    /// Seconds of one step: an hour or a day, whichever gives at most 120 steps, else as many days as it takes.
    pub step_seconds: i64,
    pub tables: Vec<Table>,
}

/// The values of one dimension, most events first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Table {
    pub dimension: Dimension,
    /// How many values there are; `rows` holds the first [`TABLE_ROWS`].
    pub values: u64,
    pub rows: Vec<Share>,
}

/// Rows of one table, at most.
pub const TABLE_ROWS: usize = 200;

/// One value and its events.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Share {
    pub name: String,
    pub count: u64,
    pub by_cause: BTreeMap<String, u64>,
    /// Of a job: messages sent, where a file said so.
    pub sent: Option<u64>,
}

/// The events of one step of time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Unix seconds.
    pub start: i64,
    pub by_cause: BTreeMap<String, u64>,
}

/// Which events are meant: every field that is set must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    pub bucket: Option<String>,
    pub cause: Option<String>,
    pub provider: Option<String>,
    pub domain: Option<String>,
    pub job: Option<String>,
    pub source: Option<String>,
    pub ip: Option<String>,
    pub label: Option<String>,
    /// As [`super::Decision::decision`], of the person.
    pub decision: Option<String>,
    /// As displayed.
    pub template: Option<String>,
    /// Unix seconds: from, and until (itself left out).
    pub from: Option<i64>,
    pub until: Option<i64>,
    /// Stands somewhere in the record, whatever the case.
    pub search: Option<String>,
}

impl Filter {
    /// Everything passes.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
