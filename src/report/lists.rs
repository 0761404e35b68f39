//! An existing suppression list against what the replies prove.

use std::collections::HashMap;

use super::decisions::Bench;
use super::moment::moment;
use super::ruling::{Ruling, Seen};
use crate::analysis::{ListCheck, ListEntry, Settings};
use crate::tally::{Known, Listing, Tally};
use crate::verdict::{Action, Address, Confidence};

/// Words in a list's reason that are about consent: whoever asked not to be mailed is never released here.
const CONSENT: [&str; 10] =
    ["complain", "unsub", "opt-out", "opt out", "optout", "opted", "abuse", "spam report", "spamreport", "feedback"];

/// Everyone on the list of whom the files say something, and everyone who is missing from it.
pub fn lists<'a>(tally: &'a Tally, settings: &'a Settings) -> impl Iterator<Item = ListEntry> + 'a {
    let (bench, list) = (Bench::new(tally, settings), List::new(tally));
    let mut seen = Vec::new();
    let people = (0..tally.people.len() as u32).filter(|_| !tally.listed.is_empty());
    people.filter_map(move |number| {
        let person = tally.people.get(number)?;
        let listing = list.find(number, &person);
        let ruling = bench.ruling(&person, &mut seen);
        let standing = standing(tally, &person, listing, ruling.as_ref(), &seen)?;
        Some(ListEntry {
            person: person.name.to_string(),
            standing: standing.to_string(),
            reason: listing.map(|listing| tally.reason(listing.reason).to_string()).filter(|reason| !reason.is_empty()),
            since: listing.and_then(|listing| listing.since).map(moment),
            delivered: person.delivered.map(moment),
            decision: bench.decision(&person, &mut seen),
        })
    })
}

/// How many of each; none where no list was given.
pub(super) fn check(tally: &Tally, settings: &Settings) -> Option<ListCheck> {
    if tally.listed.is_empty() {
        return None;
    }
    let mut check = ListCheck { listed: tally.listed.len() as u64, ..ListCheck::default() };
    let (bench, list) = (Bench::new(tally, settings), List::new(tally));
    let mut seen = Vec::new();
    for number in 0..tally.people.len() as u32 {
        let Some(person) = tally.people.get(number) else { continue };
        let ruling = bench.ruling(&person, &mut seen);
        match standing(tally, &person, list.find(number, &person), ruling.as_ref(), &seen) {
            Some("dead") => check.dead += 1,
            Some("release") => check.release += 1,
            Some("consent") => check.consent += 1,
            Some("missing") => check.missing += 1,
            Some(_) => check.unclear += 1,
            None => {}
        }
    }
    check.unseen = check.listed.saturating_sub(check.dead + check.release + check.consent + check.unclear);
    Some(check)
}

/// The list by number and, where keys lead to addresses, by address.
struct List<'a> {
    tally: &'a Tally,
    by_address: HashMap<String, Listing>,
}

impl<'a> List<'a> {
    fn new(tally: &'a Tally) -> Self {
        let address = |number: u32| Some(tally.people.get(number)?.address?.to_ascii_lowercase());
        let by_address = tally.listed.iter().filter_map(|(number, listing)| Some((address(*number)?, *listing))).collect();
        Self { tally, by_address }
    }

    fn find(&self, number: u32, person: &Known<'_>) -> Option<Listing> {
        let own = || self.tally.listed.get(&number).copied();
        let of_address = || self.tally.listed.get(&self.tally.people.find(person.address?)?).copied();
        let of_key = || self.by_address.get(&person.name.to_ascii_lowercase()).copied().filter(|_| person.name.contains('@'));
        own().or_else(of_address).or_else(of_key)
    }
}

/// None for whom the list says nothing that the files could confirm or deny.
fn standing(
    tally: &Tally,
    person: &Known<'_>,
    listing: Option<Listing>,
    ruling: Option<&Ruling<'_>>,
    seen: &[Seen<'_>],
) -> Option<&'static str> {
    let decision = ruling.map(|ruling| ruling.decision);
    let Some(listing) = listing else { return (decision == Some(Action::Suppress)).then_some("missing") };
    let asked = is_consent(tally.reason(listing.reason)) || decision == Some(Action::Unsubscribe);
    let arrived = person.delivered.zip(listing.since).is_some_and(|(arrived, since)| arrived > since);
    match decision {
        None if !arrived => None,
        _ if asked => Some("consent"),
        Some(Action::Suppress) => Some("dead"),
        Some(Action::Review) => Some("unclear"),
        _ if tally.is_deadly(listing.reason) => Some("unclear"),
        Some(_) if !arrived && !seen.first().is_some_and(speaks_for_the_address) => Some("unclear"),
        _ => Some("release"),
    }
}

fn speaks_for_the_address(seen: &Seen<'_>) -> bool {
    let verdict = &seen.template.verdict;
    verdict.confidence == Confidence::High && matches!(verdict.address, Address::NoEvidenceAgainst | Address::FullOrBusy)
}

fn is_consent(reason: &str) -> bool {
    let reason = reason.to_lowercase();
    CONSENT.iter().any(|word| reason.contains(word))
}
