//! What is told of a user's own rules: their faults, and what they would change.

use serde::{Deserialize, Serialize};

use crate::verdict::{Action, Cause, Confidence};

/// Something wrong with a file of own rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// The rule that it is about, where it is about one that has an id.
    pub rule: Option<String>,
    /// What is wrong and what would be right, in words.
    pub reason: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.rule {
            Some(rule) => write!(f, "rule {rule}: {}", self.reason),
            None => f.write_str(&self.reason),
        }
    }
}

/// What own rules would do to the outcomes of one input, before they are in force.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DryRun {
    /// How many rules there are; 0 where they have faults.
    pub rules: usize,
    pub faults: Vec<Fault>,
    /// How many outcomes the input has; 0 without an input.
    pub outcomes: usize,
    /// How many of them own rules would decide.
    pub won: usize,
    /// How many of them would change.
    pub changed: usize,
    /// The first of those.
    pub changes: Vec<Change>,
}

/// One outcome, before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Its place among the outcomes of the input, from 0.
    pub outcome: usize,
    pub recipient: Option<String>,
    pub before: Glance,
    pub after: Glance,
}

/// A verdict at a glance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Glance {
    pub cause: Cause,
    pub action: Action,
    pub confidence: Confidence,
    /// The rule whose words won, where any did.
    pub rule: Option<String>,
}
