//! Ids as a person reads them.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::verdict::{Bucket, Cause, Outcome};

/// The two letters of a bucket's tag.
pub fn letters(bucket: Bucket) -> &'static str {
    match bucket {
        Bucket::Recipient => "RC",
        Bucket::Mailbox => "MB",
        Bucket::Reputation => "RP",
        Bucket::Authentication => "AU",
        Bucket::Content => "CT",
        Bucket::Policy => "PL",
        Bucket::Routing => "RT",
        Bucket::Rate => "RA",
        Bucket::Transport => "TP",
        Bucket::RemoteSystem => "RS",
        Bucket::Message => "MS",
        Bucket::SenderSetup => "SS",
        Bucket::NotABounce => "NB",
        Bucket::Unknown => "??",
    }
}

/// The classes of a bucket's tag: hue, and `b2` for the outlined one of a pair.
pub fn tag_class(bucket: Bucket) -> &'static str {
    match bucket {
        Bucket::Recipient => "tag b-recipient",
        Bucket::Mailbox => "tag b-mailbox b2",
        Bucket::Reputation => "tag b-reputation",
        Bucket::Authentication => "tag b-authentication b2",
        Bucket::Content => "tag b-content",
        Bucket::Policy => "tag b-policy b2",
        Bucket::Routing => "tag b-routing",
        Bucket::Transport => "tag b-transport b2",
        Bucket::Rate => "tag b-rate",
        Bucket::RemoteSystem => "tag b-remote b2",
        Bucket::Message => "tag b-message",
        Bucket::SenderSetup => "tag b-setup b2",
        Bucket::NotABounce => "tag b-not",
        Bucket::Unknown => "tag b-unknown b2",
    }
}

/// An id as words: `user_unknown` → `user unknown`.
pub fn plain(id: &str) -> String {
    id.replace('_', " ")
}

/// The page's share of `src/text/en.toml`.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Labels {
    /// Names by table (`action`, `owner`, `stage`, …) and id.
    name: BTreeMap<String, BTreeMap<String, String>>,
    /// How to get the words that a text lacks.
    pub fetch: Fetch,
}

/// A query to run in Salesforce Marketing Cloud where the text is too thin.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Fetch {
    #[serde(rename = "sfmc_name")]
    pub name: String,
    #[serde(rename = "sfmc_query")]
    pub query: String,
    #[serde(rename = "sfmc_note")]
    pub note: String,
}

impl Labels {
    /// The name of `id` in `table`; the id as words where there is none.
    pub fn of(&self, table: &str, id: &str) -> String {
        self.name.get(table).and_then(|names| names.get(id)).cloned().unwrap_or_else(|| plain(id))
    }

    /// What this attempt came to; what is not a bounce has another word for it than "permanent".
    pub fn attempt(&self, outcome: &Outcome) -> String {
        match outcome.cause {
            Cause::AutoReply | Cause::Delivered | Cause::FeedbackReport => "Delivered".into(),
            Cause::ChallengeResponse => "Waiting for an answer".into(),
            Cause::DelayedNotice => "Still being tried".into(),
            _ => self.of("permanence", outcome.permanence.id()),
        }
    }

    /// The polite announcement after a decode.
    pub fn announce(&self, outcomes: &[&Outcome]) -> String {
        match outcomes {
            [] => "Nothing to decode.".into(),
            [one] => format!(
                "Decoded: {}, {}, confidence {}.",
                plain(one.cause.id()),
                self.of("action", one.action.id()).to_lowercase(),
                self.of("confidence", one.confidence.id()).to_lowercase()
            ),
            many => format!("Decoded: {} outcomes.", many.len()),
        }
    }
}

/// A company's id as a name, where the rules do not give one.
pub fn title_case(id: &str) -> String {
    let mut letters = id.replace('_', " ").chars().collect::<Vec<_>>();
    if let Some(first) = letters.first_mut() {
        *first = first.to_ascii_uppercase();
    }
    letters.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bucket_has_its_own_letters() {
        let mut seen: Vec<_> = Bucket::ALL.iter().map(|bucket| letters(*bucket)).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), Bucket::ALL.len());
    }
}
