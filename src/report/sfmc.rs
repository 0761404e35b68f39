//! What Marketing Cloud's own rule would have made of the labels Hard and Soft, to be held beside our decision.
//!
//! A bounce makes Active into Bounced; three bounces, the last at least 15 days after the first, make it Held, and so does one hard
//! bounce at a domain that the account trusts. A delivery makes it Active again. (Salesforce Help, article 000232328.)

use super::ruling::Seen;
use crate::analysis::Settings;
use crate::tally::{Known, Tally, Voice};

const DAYS: i64 = 15 * 24 * 3600;
const BOUNCES: usize = 3;

/// The status, and whether a list of trusted domains could have changed it.
pub(super) struct Status {
    pub(super) id: &'static str,
    pub(super) trust_matters: bool,
}

/// Some label is one that the rule counts.
pub(super) fn applies(tally: &Tally) -> bool {
    tally.voices().any(|voice: &Voice| voice.counted)
}

/// The status of a person; `seen` newest first.
pub(super) fn status(tally: &Tally, settings: &Settings, person: &Known<'_>, seen: &[Seen<'_>]) -> Status {
    let since = |seen: &&Seen<'_>| seen.voice.counted && (person.delivered.is_none() || seen.at.time > person.delivered);
    let counted: Vec<&Seen<'_>> = seen.iter().filter(since).collect();
    let hard = counted.iter().any(|seen| seen.voice.hard == Some(true));
    let trusted = settings.trusted_domains.as_ref().is_some_and(|domains| is_trusted(tally, person, domains));
    let id = match counted.len() {
        0 => "active",
        _ if (hard && trusted) || is_held(person, &counted) => "held",
        _ => "bounced",
    };
    Status { id, trust_matters: hard && id != "held" && settings.trusted_domains.is_none() }
}

fn is_held(person: &Known<'_>, counted: &[&Seen<'_>]) -> bool {
    let mut messages: Vec<u32> = counted.iter().filter_map(|seen| seen.at.message).collect();
    messages.sort_unstable();
    messages.dedup();
    let oldest = counted.iter().filter_map(|seen| seen.at.time).min();
    let first = if person.delivered.is_none() { person.first_counted } else { oldest };
    let last = counted.iter().filter_map(|seen| seen.at.time).max();
    let long = first.zip(last).is_some_and(|(first, last)| last - first >= DAYS);
    messages.len() >= BOUNCES && long
}

fn is_trusted(tally: &Tally, person: &Known<'_>, domains: &[String]) -> bool {
    let own = person.domain.map(|domain| tally.by(crate::analysis::Dimension::Domain).text(domain));
    own.is_some_and(|own| domains.iter().any(|domain| domain.trim().eq_ignore_ascii_case(own)))
}
