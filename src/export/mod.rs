//! An analysis as files to save: lists, rows, report, packets, queries, session.
//!
//! Everything is written in pieces, so that a file of millions of rows needs no memory. Every file says which program, rules, settings and
//! filter made it: tables in the name of their last column, or in the file's name where a platform is to import exactly its columns.

mod packet;
mod people;
mod redact;
mod report;
mod rows;
mod sql;
mod table;

pub use packet::packet;
pub use people::{People, belongs, list, on_list, people_out};
pub use report::report;
pub use rows::{Rows, Said, errors};
pub use sql::sql;

use crate::analysis::order::{Order, Profile, What};
use crate::analysis::{Analysis, Filter};

/// Which program, rules and settings made a file.
#[derive(Clone, Debug)]
pub struct Stamp {
    app: String,
    rules: String,
    preset: &'static str,
    filter: String,
    zone: String,
    rows_in: u64,
}

impl Stamp {
    /// Of everything that is saved from this analysis.
    pub fn of(analysis: &Analysis) -> Self {
        let zone = analysis.settings.time_zone.clone().or_else(|| analysis.format.time_zone.clone());
        Self {
            app: analysis.tool.app.clone(),
            rules: analysis.tool.rules.clone(),
            preset: analysis.settings.preset.id(),
            filter: filter_line(&analysis.filter),
            zone: zone.unwrap_or_else(|| "as in the file".into()),
            rows_in: analysis.rows.read,
        }
    }

    /// In one line; `out` is the number of rows written.
    pub fn line(&self, out: Option<u64>) -> String {
        let Self { app, rules, preset, filter, zone, rows_in } = self;
        let out = out.map(|out| format!(", rows out {out}")).unwrap_or_default();
        format!("Undelivered {app}, rules {rules}, preset {preset}, filter {filter}, time zone {zone}, rows in {rows_in}{out}")
    }
}

/// A filter in words: `cause mailbox_full, domain example.com`.
pub fn filter_line(filter: &Filter) -> String {
    let named = [
        ("bucket", &filter.bucket),
        ("cause", &filter.cause),
        ("provider", &filter.provider),
        ("domain", &filter.domain),
        ("job", &filter.job),
        ("source", &filter.source),
        ("IP", &filter.ip),
        ("label", &filter.label),
        ("decision", &filter.decision),
        ("template", &filter.template),
        ("text", &filter.search),
    ];
    let mut said: Vec<String> = named.iter().filter_map(|(name, value)| Some(format!("{name} {}", value.as_ref()?))).collect();
    let times = [("from", filter.from), ("until", filter.until)];
    said.extend(times.iter().filter_map(|(name, time)| Some(format!("{name} {}", (*time)?))));
    if said.is_empty() { "none".into() } else { said.join(", ") }
}

/// The name to save under; of a table for a platform it says what made the file, for its columns cannot.
pub fn file_name(order: &Order, analysis: &Analysis) -> String {
    let ending = match order.what {
        What::DecisionLines => "jsonl",
        What::Analysis | What::Overrides | What::Session => "json",
        What::Report | What::PacketMarkdown => "md",
        What::Sql => "sql",
        What::PacketText => "txt",
        What::PacketMail => "eml",
        _ => "csv",
    };
    let plain = |text: &str| text.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' }).collect::<String>();
    let stem = order.what.id().replace('_', "-");
    let shared = if order.redact { "-redacted" } else { "" };
    let made_by = match (ending, order.profile) {
        ("csv", Profile::Platform) => {
            let Stamp { app, rules, preset, filter, zone, rows_in } = &Stamp::of(analysis);
            let filter = if filter == "none" { String::new() } else { format!("-{}", plain(filter).chars().take(40).collect::<String>()) };
            format!("-undelivered-{app}-rules-{}-{preset}{filter}-zone-{}-of-{rows_in}-rows", plain(rules), plain(zone))
        }
        _ => String::new(),
    };
    format!("{stem}{shared}{made_by}.{ending}")
}

/// The media type of what is saved.
pub fn mime(what: What) -> &'static str {
    match what {
        What::DecisionLines => "application/x-ndjson",
        What::Analysis | What::Overrides | What::Session => "application/json",
        What::Report | What::PacketMarkdown => "text/markdown",
        What::Sql => "application/sql",
        What::PacketText => "text/plain",
        What::PacketMail => "message/rfc822",
        _ => "text/csv",
    }
}

/// The published object, indented; people only where they were asked for.
pub fn analysis(analysis: &Analysis) -> String {
    serde_json::to_string_pretty(analysis).unwrap_or_default() + "\n"
}

/// The user's own decisions.
pub fn overrides(analysis: &Analysis) -> String {
    let tool = &analysis.tool;
    serde_json::to_string_pretty(&serde_json::json!({ "tool": tool, "overrides": analysis.settings.overrides })).unwrap_or_default() + "\n"
}
