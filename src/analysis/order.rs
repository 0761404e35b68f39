//! What can be saved, and in which manner.

use serde::{Deserialize, Serialize};

crate::verdict::ids! {
    /// A file to save.
    What {
        Suppress = "suppress", Unsubscribe = "unsubscribe", Retry = "retry", Hold = "hold", Review = "review", Decisions = "decisions",
        DecisionLines = "decision_lines", Rows = "rows", Errors = "errors", Analysis = "analysis", Report = "report", Sql = "sql",
        Overrides = "overrides", Dead = "dead", Release = "release", Missing = "missing", Session = "session",
        PacketText = "packet_text", PacketMarkdown = "packet_markdown", PacketMail = "packet_mail",
    }
}
crate::verdict::ids! {
    /// For whom a table is written.
    Profile { Platform = "platform", Excel = "excel", Generic = "generic" }
}

/// One file to save.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    pub what: What,
    pub profile: Profile,
    /// Addresses shortened, keys left out, IPs kept.
    pub redact: bool,
    /// Of a packet: the place of its finding.
    pub finding: Option<usize>,
    /// At most so many rows, for a preview.
    pub limit: Option<u64>,
}
