//! What a file was taken for, and what a user can say against it.

use serde::{Deserialize, Serialize};

use crate::verdict::Confidence;

/// What a file is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    #[default]
    Bounces,
    Sent,
    Addresses,
    Suppressions,
}

crate::verdict::ids! {
    /// What a column can be needed for; the ids are those of [`Mapping`].
    Need {
        Text = "text", Key = "key", Recipient = "recipient", Domain = "domain", Timestamp = "timestamp", Job = "job", Source = "source",
        Label = "label", Code = "code", Enhanced = "enhanced", Ip = "ip",
        /// A column that says whether the record is a bounce at all (`event`, `Status`, `type`).
        Kind = "kind",
        /// What all attempts at one message share.
        Message = "message",
        /// Marketing Cloud's `IsUnique`.
        Unique = "unique",
        Pool = "pool", Sender = "sender",
    }
}

/// Which columns answer which need, by their names; `"#1"` where the file has no header.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mapping {
    pub text: Vec<String>,
    pub key: Option<String>,
    pub recipient: Option<String>,
    pub domain: Option<String>,
    pub timestamp: Option<String>,
    pub job: Option<String>,
    pub source: Option<String>,
    pub label: Vec<String>,
    pub code: Option<String>,
    pub enhanced: Option<String>,
    pub ip: Option<String>,
    pub kind: Option<String>,
    pub message: Option<String>,
    pub unique: Option<String>,
    pub pool: Option<String>,
    pub sender: Option<String>,
}

crate::verdict::ids! {
    /// In which order a date's numbers stand.
    #[derive(Default)]
    DayOrder { Mdy = "mdy", Dmy = "dmy", Ymd = "ymd", Iso = "iso", Epoch = "epoch", #[default] Unknown = "unknown" }
}

/// What a file was taken for: `format` of the published object.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Format {
    /// As `sfmc_bounce_view`; `generic` where only the values told.
    pub id: String,
    pub name: String,
    pub confidence: Option<Confidence>,
    /// IANA name, lower case.
    pub encoding: String,
    /// None for JSON and logs; empty where a table has a single column.
    pub delimiter: Option<String>,
    /// A quote within quotes is written `\"`, not `""`.
    pub escape: bool,
    pub header: bool,
    pub day_order: DayOrder,
    /// Of times that name none, as `-06:00`; none where nothing tells.
    pub time_zone: Option<String>,
    /// `gzip`, `zip`.
    pub packing: Option<String>,
    pub purpose: Purpose,
}

/// What the user said about a file; it goes before whatever the bytes say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Hints {
    pub encoding: Option<String>,
    pub delimiter: Option<char>,
    pub header: Option<bool>,
    pub format: Option<String>,
    /// Only the needs that the user set.
    pub map: Vec<(Need, Vec<String>)>,
    pub day_order: Option<DayOrder>,
    /// As `-06:00`, `UTC`.
    pub time_zone: Option<String>,
    pub purpose: Option<Purpose>,
    /// Unix seconds at the time of reading: log lines without a year lie before it.
    pub now: Option<i64>,
}

/// What the head of a file showed: enough to read the rest, and to ask a person where it is not certain.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Found {
    pub format: Format,
    pub mapping: Mapping,
    /// How sure each need of `mapping` is: `high` needs no question.
    pub sure: Vec<(Need, Confidence)>,
    pub columns: Vec<Column>,
    /// The day and month of the dates seen so far could be either way round.
    pub day_order_open: bool,
    /// Times name no zone and the format does not fix one.
    pub time_zone_open: bool,
}

/// A column as a person is shown it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// As the header has it; `"#1"` where there is none.
    pub name: String,
    /// At most four different values, not empty, cut at 120 characters.
    pub values: Vec<String>,
}

/// A record that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowError {
    pub line: u64,
    pub reason: String,
}
