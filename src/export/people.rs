//! Decisions as a table or as JSON lines.

use super::table::Table;
use super::{Stamp, redact};
use crate::analysis::order::{Order, Profile, What};
use crate::analysis::{Analysis, Decision, ListEntry, Summary};

/// The columns that a decision has, by the contract's names.
const COLUMNS: [&str; 15] = [
    "key",
    "recipient",
    "decision",
    "cause",
    "rule",
    "count",
    "first",
    "last",
    "last_reply",
    "label",
    "label_conflict",
    "retry_until",
    "sfmc_status",
    "override",
    "note",
];

/// A list of people in the making.
#[derive(Debug)]
pub struct People {
    order: Order,
    table: Table,
    lines: String,
}

impl People {
    /// Begins it with its header; `out` is how many people will be written.
    pub fn new(order: &Order, analysis: &Analysis, out: u64) -> Self {
        let mut table = Table::new(order.profile);
        let stamp = Stamp::of(analysis).line(Some(out));
        match (order.what, order.profile) {
            (What::DecisionLines, _) => {}
            (_, Profile::Platform) => {
                let key = analysis.mapping.key.as_deref().filter(|name| !name.starts_with('#')).unwrap_or("SubscriberKey");
                table.row([key, "EmailAddress", "Decision", "Reason", "LastEvidence"]);
            }
            _ => table.row(COLUMNS.into_iter().chain([stamp.as_str()])),
        }
        Self { order: order.clone(), table, lines: String::new() }
    }

    /// Appends a person.
    pub fn add(&mut self, person: &Decision) {
        let shown = if self.order.redact { &redact::decision(person) } else { person };
        match (self.order.what, self.order.profile) {
            (What::DecisionLines, _) => self.lines += &(serde_json::to_string(shown).unwrap_or_default() + "\n"),
            (_, Profile::Platform) => self.table.row([
                shown.key.as_str(),
                shown.recipient.as_deref().unwrap_or_default(),
                &shown.decision,
                &shown.cause,
                shown.last.as_deref().unwrap_or_default(),
            ]),
            _ => self.add_whole(shown),
        }
    }

    fn add_whole(&mut self, shown: &Decision) {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let cells = [
            shown.key.clone(),
            text(&shown.recipient),
            shown.decision.clone(),
            shown.cause.clone(),
            text(&shown.rule),
            shown.count.to_string(),
            text(&shown.first),
            text(&shown.last),
            shown.last_reply.clone(),
            text(&shown.label),
            shown.label_conflict.to_string(),
            text(&shown.retry_until),
            text(&shown.sfmc_status),
            shown.overridden.to_string(),
            text(&shown.note),
        ];
        self.table.row(cells.iter().map(String::as_str));
    }

    /// What was written since the last time.
    pub fn take(&mut self) -> String {
        if self.order.what == What::DecisionLines { std::mem::take(&mut self.lines) } else { self.table.take() }
    }
}

/// Is a person with this decision on the list that is saved?
pub fn belongs(what: What, person: &Decision) -> bool {
    match what {
        What::Decisions | What::DecisionLines => true,
        _ => on_list(what.id(), &person.decision),
    }
}

/// Is a person with this decision on the list of that name? The list of those to try again holds both sorts of retry.
pub fn on_list(list: &str, decision: &str) -> bool {
    decision == list || list == "retry" && decision == "retry_limited"
}

/// How many people that list holds.
pub fn people_out(what: What, summary: &Summary) -> u64 {
    let Summary { suppress, unsubscribe, retry, retry_limited, hold, review } = *summary;
    match what {
        What::Suppress => suppress,
        What::Unsubscribe => unsubscribe,
        What::Hold => hold,
        What::Review => review,
        What::Retry => retry + retry_limited,
        _ => suppress + unsubscribe + retry + retry_limited + hold + review,
    }
}

/// People of the comparison with a suppression list.
pub fn list(order: &Order, analysis: &Analysis, entries: &[ListEntry]) -> String {
    let mut table = Table::new(order.profile);
    let stamp = Stamp::of(analysis).line(Some(entries.len() as u64));
    let last = (order.profile != Profile::Platform).then_some(stamp.as_str());
    table.row(["person", "standing", "list_reason", "listed_since", "delivered", "cause", "last", "last_reply"].into_iter().chain(last));
    for entry in entries.iter().take(order.limit.unwrap_or(u64::MAX) as usize) {
        let decision =
            entry.decision.as_ref().map(|found| if order.redact { redact::decision(found) } else { found.clone() }).unwrap_or_default();
        let person = if order.redact { redact::text(&entry.person) } else { entry.person.clone() };
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let cells = [
            person,
            entry.standing.clone(),
            text(&entry.reason),
            text(&entry.since),
            text(&entry.delivered),
            decision.cause,
            text(&decision.last),
            decision.last_reply,
        ];
        table.row(cells.iter().map(String::as_str));
    }
    table.take()
}
