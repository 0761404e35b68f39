//! What a user can change after the file was read.

use serde::{Deserialize, Serialize};

/// All of it; [`Settings::default`] is what the contract names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// When a full mailbox is taken for abandoned.
    pub preset: Preset,
    pub gates: Gates,
    /// Limits of the user's own, before those of `gates`.
    pub gate_limits: Option<GateLimits>,
    /// Messages sent; rates need it.
    pub sent: Option<u64>,
    /// Of times that name none, as `-06:00`; where it is none, the format's.
    pub time_zone: Option<String>,
    /// Name of the file with the user's own rules.
    pub rules_file: Option<String>,
    pub thresholds: Thresholds,
    /// Domains that the user's Marketing Cloud account trusts: one hard bounce there makes Held.
    pub trusted_domains: Option<Vec<String>>,
    pub overrides: Vec<Override>,
}

/// So many full mailboxes in a row within so many hours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Preset {
    #[default]
    #[serde(rename = "3_in_15_days")]
    ThreeIn15Days,
    #[serde(rename = "3_in_72_hours")]
    ThreeIn72Hours,
    #[serde(rename = "2_in_7_days")]
    TwoIn7Days,
}

impl Preset {
    pub const ALL: [Self; 3] = [Self::ThreeIn15Days, Self::ThreeIn72Hours, Self::TwoIn7Days];

    /// The id used in JSON and on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::ThreeIn15Days => "3_in_15_days",
            Self::ThreeIn72Hours => "3_in_72_hours",
            Self::TwoIn7Days => "2_in_7_days",
        }
    }

    /// How many in a row.
    pub fn times(self) -> usize {
        if self == Self::TwoIn7Days { 2 } else { 3 }
    }

    /// Within how many hours.
    pub fn hours(self) -> i64 {
        match self {
            Self::ThreeIn15Days => 15 * 24,
            Self::ThreeIn72Hours => 72,
            Self::TwoIn7Days => 7 * 24,
        }
    }
}

/// Which limits the rates are held against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gates {
    /// 0.5 / 1 / 5 %.
    #[default]
    Strict,
    /// 0.5 / 2 / 5 %.
    Lenient,
}

impl Gates {
    /// The id used in JSON and on the command line.
    pub fn id(self) -> &'static str {
        if self == Self::Strict { "strict" } else { "lenient" }
    }

    /// The limits of this preset.
    pub fn limits(self) -> GateLimits {
        GateLimits { watch: 0.005, stop: if self == Self::Strict { 0.01 } else { 0.02 }, total: 0.05 }
    }
}

/// Fractions of the sent count.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct GateLimits {
    /// Hard-bounce rate from which to watch.
    pub watch: f64,
    /// Hard-bounce rate from which to stop.
    pub stop: f64,
    /// Total bounce rate from which to stop.
    pub total: f64,
}

/// The numbers of the pattern rules, as the contract names them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Thresholds {
    /// A group has at least so many events …
    pub group_events: u64,
    /// … and this fraction of the bounces.
    pub group_share: f64,
    /// Share of the group that one value needs.
    pub leader_share: f64,
    /// The second value has at most this fraction of the leader.
    pub runner_up: f64,
    /// The value's share of the group over its share of all events.
    pub lift: f64,
    /// Or so much of the group.
    pub nearly_all: f64,
    /// `many_domains`: the group's fraction of the bounces, the top domain's share at most, and the domains at least.
    pub spread_group_share: f64,
    pub spread_top_share: f64,
    pub spread_domains: u64,
    /// `cross_provider_policy`: providers, hours, events at each, and their fraction of the provider's events.
    pub cross_providers: u64,
    pub cross_hours: u64,
    pub cross_events: u64,
    pub cross_share: f64,
    /// `incident_window`: how much more than the median of the other windows, and hours at most.
    pub incident_factor: f64,
    pub incident_hours: u64,
    /// `label_conflict`: labels at least.
    pub label_conflicts: u64,
    /// `missing_text`: replies at least, and their fraction of the rows.
    pub thin_replies: u64,
    pub thin_share: f64,
    /// `since`: how many times more events from the change point on than before, held against the rest of the file.
    pub change_factor: f64,
    /// `trend`: how many times more or fewer events a day in the later half make it spread or fade, and how many days in a
    /// row without it make it over or repeating, and at the end of the file new.
    pub trend_factor: f64,
    pub trend_days: u64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            group_events: 30,
            group_share: 0.005,
            leader_share: 0.6,
            runner_up: 0.5,
            lift: 2.0,
            nearly_all: 0.95,
            spread_group_share: 0.02,
            spread_top_share: 0.3,
            spread_domains: 10,
            cross_providers: 3,
            cross_hours: 24,
            cross_events: 10,
            cross_share: 0.01,
            incident_factor: 5.0,
            incident_hours: 24,
            label_conflicts: 30,
            thin_replies: 30,
            thin_share: 0.05,
            change_factor: 2.0,
            trend_factor: 1.5,
            trend_days: 2,
        }
    }
}

/// A decision of the user's own, the last one that fits a person wins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    pub scope: Scope,
    /// As [`super::Decision::decision`].
    pub decision: String,
    pub note: Option<String>,
}

/// Whom an override is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The key, or the address where there is none.
    Person(String),
    /// Everyone whose decision has this cause.
    Cause(String),
    /// Everyone whose last reply has this template (as displayed).
    Template(String),
}
