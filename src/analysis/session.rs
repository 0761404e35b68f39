//! A session: what a user said and decided about a file, to go on with it another day. It holds none of the file's rows.

use serde::{Deserialize, Serialize};

use super::{Filter, Hints, Settings, Source};
use crate::verdict::Tool;

/// Everything but the files themselves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Session {
    pub tool: Tool,
    /// By name and size, so that a person opens the same files.
    pub files: Vec<Source>,
    /// One entry a file.
    pub hints: Vec<Hints>,
    pub settings: Settings,
    pub filter: Filter,
    /// TOML.
    pub own_rules: Option<String>,
}

impl Session {
    /// As it is saved.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// Reads a saved session.
    ///
    /// # Errors
    /// What is wrong with it, with line and column.
    pub fn from_json(json: &str) -> Result<Self, String> {
        serde_json::from_str(json).map_err(|error| format!("This is no session file: {error}"))
    }
}
