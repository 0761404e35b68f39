//! The analysis: the one object that the page, the JavaScript module and the command line give of a file (or several) of bounces.
//!
//! Names and shapes are the published contract (see `docs/analysis.md`): ids are `lower_snake_case`, what is absent is `null` and never
//! missing. [`file`] is what a file was taken for, [`settings`] what a user can change.

pub mod breakdown;
pub mod file;
pub mod order;
pub mod packet;
pub mod session;
pub mod settings;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::verdict::{Bucket, Cause, Confidence, Tool};

pub use breakdown::{Breakdown, Filter, Share, Step, TABLE_ROWS, Table};
pub use file::{Column, DayOrder, Format, Found, Hints, Mapping, Need, Purpose, RowError};
pub use packet::Packet;
pub use session::Session;
pub use settings::{GateLimits, Gates, Override, Preset, Scope, Settings, Thresholds};

/// Everything that the files say together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    pub tool: Tool,
    pub source: Source,
    /// One entry each where several files were read; the first is `source`.
    pub sources: Vec<Source>,
    pub settings: Settings,
    /// The events that were counted; everything where it is empty.
    pub filter: Filter,
    /// Of the first file of bounces.
    pub format: Format,
    pub mapping: Mapping,
    pub rows: Rows,
    pub totals: Totals,
    pub labels: Labels,
    pub gates: GateReading,
    pub findings: Vec<Finding>,
    /// The most frequent first, at most [`TEMPLATES`].
    pub templates: Vec<TemplateCount>,
    pub decisions: Decisions,
    /// Where an existing suppression list was given.
    pub listed: Option<ListCheck>,
    /// At most [`ERRORS`], in the order of the file.
    pub errors: Vec<RowError>,
    /// Doubts about the file as a whole: replies cut, dates that could be either way round, a file changed while it was read.
    pub warnings: Vec<String>,
}

/// Templates of the published object, at most.
pub const TEMPLATES: usize = 1_000;
/// Errors of the published object, at most.
pub const ERRORS: usize = 1_000;

/// A file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    pub name: String,
    /// None of standard input.
    pub bytes: Option<u64>,
    pub read_bytes: u64,
    /// False after a cancel, or where the file ended in the middle of a packed stream.
    pub complete: bool,
}

/// Outcomes of bounces: events, not people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    pub by_bucket: BTreeMap<String, u64>,
    pub by_cause: BTreeMap<String, u64>,
    pub by_action: BTreeMap<String, u64>,
    pub by_provider: BTreeMap<String, u64>,
}

/// The platform's own labels against the receivers' words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labels {
    pub conflicts: u64,
    pub by_label: BTreeMap<String, LabelCount>,
    /// People whom a label calls hard and whose address nothing here proves dead.
    pub kept_off_suppression: u64,
}

/// One label.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelCount {
    pub count: u64,
    pub conflicts: u64,
    pub by_bucket: BTreeMap<String, u64>,
    /// A reply that contradicts it, where one does.
    pub example: Option<String>,
}

/// Rates against the limits; distinct people over the sent count.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GateReading {
    pub hard_people: u64,
    pub bounced_people: u64,
    pub hard_rate: Option<f64>,
    pub total_rate: Option<f64>,
    /// People with a hard label over the sent count.
    pub hard_rate_by_label: Option<f64>,
    /// `ok`, `watch`, `stop`, `needs_sent_count`.
    pub status: String,
}

/// A pattern in the bounces.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// `one_domain`, `many_domains`, `one_job`, `one_source`, `one_ip`, `full_mailbox_source`, `cross_provider_policy`, `incident_window`,
    /// `label_conflict`, `missing_text`.
    pub kind: String,
    /// The value it is about, as `example.com`; none of `many_domains`.
    pub subject: Option<String>,
    /// `domain`, `provider`, `job`, `source`, `ip`, `label`.
    pub subject_kind: Option<String>,
    pub bucket: Option<Bucket>,
    /// The most frequent of its events.
    pub cause: Option<Cause>,
    pub count: u64,
    pub group_count: u64,
    /// `count` over `group_count`.
    pub share: f64,
    /// Different people, where the file tells them apart and the finding is one that people can be counted for.
    pub people: Option<u64>,
    /// RFC 3339, on the grid of ten minutes: the slot in which it began, and the end of the last slot with an event.
    pub since: Option<String>,
    pub until: Option<String>,
    /// `new`, `spreading`, `steady`, `repeating`, `fading`, `over`.
    pub trend: Option<String>,
    /// The rule with its numbers, in words.
    pub rule: String,
    /// What it is, in a few words.
    pub title: String,
    /// With its figures and what they are of.
    pub sentence: String,
    #[serde(rename = "do")]
    pub dos: Vec<String>,
    pub do_not: Vec<String>,
    /// The events it is about, as near as a filter comes to them.
    pub filter: Filter,
}

/// A wording and how often it came.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TemplateCount {
    /// With ‹address›, ‹ip›, ‹host›, ‹id›, ‹n›, ‹date› for what differs.
    pub template: String,
    pub example: String,
    pub count: u64,
    pub domains: u64,
    pub jobs: u64,
    pub first: Option<String>,
    pub last: Option<String>,
    pub bucket: Bucket,
    pub cause: Cause,
    pub confidence: Confidence,
    /// The rule that decided.
    pub rule: Option<String>,
}

/// How many of each, and all of them where they were asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Decisions {
    pub summary: Summary,
    pub rows: Option<Vec<Decision>>,
}

/// People by decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    pub suppress: u64,
    pub unsubscribe: u64,
    pub retry: u64,
    pub retry_limited: u64,
    pub hold: u64,
    pub review: u64,
}

/// What to do about one person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Exactly as in the file; the address where there is no key.
    pub key: String,
    pub recipient: Option<String>,
    /// `suppress`, `unsubscribe`, `retry`, `retry_limited`, `hold`, `review`.
    pub decision: String,
    pub cause: String,
    pub rule: Option<String>,
    /// Distinct bounces that were kept of this person.
    pub count: u64,
    /// RFC 3339.
    pub first: Option<String>,
    pub last: Option<String>,
    pub last_reply: String,
    pub label: Option<String>,
    pub label_conflict: bool,
    pub retry_until: Option<String>,
    /// `active`, `bounced`, `held`.
    pub sfmc_status: Option<String>,
    /// A person decided otherwise; what the rules said stands in `note`.
    #[serde(rename = "override")]
    pub overridden: bool,
    pub note: Option<String>,
}

/// An existing suppression list against what the replies prove: people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListCheck {
    pub listed: u64,
    /// On the list, and rightly.
    pub dead: u64,
    /// On the list, and their replies speak for the address or mail arrived since: they can be released.
    pub release: u64,
    /// On the list because they asked for it: never released here.
    pub consent: u64,
    /// On the list, and the replies prove neither.
    pub unclear: u64,
    /// On the list, and no file says anything of them.
    pub unseen: u64,
    /// Proved dead and not on the list.
    pub missing: u64,
}

/// One person of a [`ListCheck`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListEntry {
    /// As in the file.
    pub person: String,
    /// `dead`, `release`, `consent`, `unclear`, `missing`.
    pub standing: String,
    /// The list's own words.
    pub reason: Option<String>,
    /// RFC 3339.
    pub since: Option<String>,
    /// When mail last arrived.
    pub delivered: Option<String>,
    /// The evidence; none where nothing bounced.
    pub decision: Option<Decision>,
}

/// What events are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// Of the recipient.
    Domain,
    /// By the receiver's own words or host names, else by the recipient's domain.
    Provider,
    Job,
    Source,
    Ip,
}

impl Dimension {
    pub const ALL: [Self; 5] = [Self::Domain, Self::Provider, Self::Job, Self::Source, Self::Ip];
}

/// Records of all files by what became of them; `read` is the sum of the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    pub read: u64,
    pub decided: u64,
    pub undecided: u64,
    pub not_bounces: u64,
    pub unreadable: u64,
}
