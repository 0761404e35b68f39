//! What to send when escalating a finding.

use serde::{Deserialize, Serialize};

/// Fields in the order in which they are sent; a gap is for a person to fill.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packet {
    pub subject: String,
    /// One sentence: what happens, to whom, since when.
    pub scope: String,
    pub fields: Vec<Field>,
    /// Distinct replies, whole, most frequent first.
    pub replies: Vec<String>,
    /// What to ask the platform.
    pub questions: Vec<String>,
}

/// A labelled value; none is a gap.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    pub name: String,
    pub value: Option<String>,
}
