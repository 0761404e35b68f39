//! Verdicts → counts that can be added up: [`Tally`].
//!
//! Analysing the parts of a file and merging the tallies gives what analysing the whole gives. Memory grows with what is distinct (reply
//! templates, people, domains, jobs, slots of time), never with rows.

mod chunks;
mod count;
mod court;
mod ledger;
mod names;
mod passes;
mod people;
mod print;
mod series;
mod set;
mod templates;

use std::collections::{BTreeMap, HashMap};

pub use court::Court;
use court::Desk;
pub use ledger::Ledger;
pub use names::{Name, Names};
pub use passes::Passes;
pub use people::{Evidence, Known, People};
pub use series::{Cell, SLOT, Series};
pub use templates::{Template, Voice, Weight};

use crate::analysis::{Dimension, ERRORS, RowError, Rows};
use crate::read::Event;
use crate::sheet::{Item, Kind, Row};
pub use count::person;
use count::person_of;
use templates::Templates;

/// The provider of what has none.
pub const OTHER: &str = "other";

/// Everything that was counted, and of each person what a decision needs.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Records by what became of them.
    pub rows: Rows,
    pub people: People,
    /// Messages sent, by job, where a file said so.
    pub sent: BTreeMap<String, u64>,
    /// The existing suppression list, by number of the person.
    pub listed: HashMap<u32, Listing>,
    /// The first [`ERRORS`]; `rows.unreadable` counts all.
    pub errors: Vec<RowError>,
    /// Events of arrival.
    pub deliveries: u64,
    /// Dates could be either way round: what hangs on them is for a person to decide.
    pub dates_open: bool,
    templates: Templates,
    /// In the order of [`Dimension::ALL`].
    by: [Ledger; 5],
    spoken: Ledger,
    policy: Ledger,
    reasons: Names,
    /// Of each reason, whether its own words prove an address dead.
    deadly: Vec<bool>,
    /// Of each domain, in the ledger of providers.
    providers: Vec<Option<Name>>,
    scratch: Scratch,
}

/// Buffers that are used again for each row.
#[derive(Clone, Debug, Default)]
struct Scratch {
    desk: Desk,
    reply: String,
    domain: String,
    ip: String,
}

/// An entry of a suppression list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listing {
    pub reason: Name,
    /// Unix seconds.
    pub since: Option<i64>,
}

impl Tally {
    /// Counts what a file gives; with a filter, only what passes. Tells whether it counted.
    pub fn add(&mut self, court: &Court<'_>, item: &Item<'_>, filter: Option<&Passes<'_>>) -> bool {
        match *item {
            Item::Row(row) if row.kind == Kind::Bounce => return self.add_bounce(court, row, filter),
            Item::Row(row) if filter.is_none_or(|filter| filter.unjudged(row)) => self.add_other(row),
            Item::Row(_) => return false,
            Item::Sent { job, sent } => *self.sent.entry(job.to_string()).or_default() += sent,
            Item::Address { key, address } => {
                let person = self.people.person(key);
                self.people.give(person, address);
            }
            Item::Listed { person, reason, since } => {
                let person = self.people.person(person);
                let listing = Listing { reason: self.reason_named(court, reason), since };
                self.list(person, listing);
            }
        }
        true
    }

    /// The templates of a record's events, judged and not counted.
    pub fn verdicts(&mut self, court: &Court<'_>, row: &Row, templates: &mut Vec<u32>) {
        templates.clear();
        let blank = [Event::default()];
        let events = if row.events.is_empty() && row.kind == Kind::Bounce { &blank[..] } else { &row.events };
        templates.extend(events.iter().map(|event| self.judge(court, row, event)));
    }

    /// Adds what another tally counted.
    pub fn merge(&mut self, other: &Self) {
        self.rows = sum(self.rows, other.rows);
        other.sent.iter().for_each(|(job, sent)| *self.sent.entry(job.clone()).or_default() += sent);
        let room = ERRORS.saturating_sub(self.errors.len());
        self.errors.extend(other.errors.iter().take(room).cloned());
        self.deliveries += other.deliveries;
        self.dates_open |= other.dates_open;
        let names: [Vec<Name>; 5] = std::array::from_fn(|dimension| self.by[dimension].merge(&other.by[dimension]));
        self.spoken.merge(&other.spoken);
        self.policy.merge(&other.policy);
        let [domains, providers, jobs, ..] = names;
        self.providers.resize(self.providers.len().max(domains.iter().map(|name| name.index() + 1).max().unwrap_or_default()), None);
        for (domain, provider) in domains.iter().zip(&other.providers) {
            let provider = provider.and_then(|name| providers.get(name.index())).copied();
            if let Some(known) = self.providers.get_mut(domain.index()) {
                *known = known.or(provider);
            }
        }
        let voices = self.templates.merge(&other.templates, &domains, &jobs, &providers);
        self.people.merge(&other.people, &voices, &domains, &self.by[0], &self.templates.voices);
        for (person, listing) in &other.listed {
            let Some(known) = other.people.get(*person) else { continue };
            let (person, reason) = (self.people.person(known.name), self.reasons.name(other.reasons.text(listing.reason)));
            if self.deadly.len() <= reason.index() {
                self.deadly.push(other.is_deadly(listing.reason));
            }
            self.list(person, Listing { reason, ..*listing });
        }
    }

    /// All templates that were counted.
    pub fn templates(&self) -> impl Iterator<Item = &Template> {
        self.templates.list.iter().filter(|template| template.count > 0)
    }

    /// The template of a number that [`Tally::verdicts`] or a [`Voice`] gives.
    pub fn template(&self, template: u32) -> Option<&Template> {
        self.templates.list.get(template as usize)
    }

    /// Templates under labels: every bounce has exactly one.
    pub fn voices(&self) -> impl Iterator<Item = &Voice> {
        self.templates.voices.iter().filter(|voice| voice.count > 0)
    }

    /// The voice of a number that [`Evidence`] gives.
    pub fn voice(&self, voice: u32) -> Option<&Voice> {
        self.templates.voices.get(voice as usize)
    }

    /// The text of a label; empty where there is none.
    pub fn label(&self, label: Name) -> &str {
        self.templates.labels.text(label)
    }

    /// Bounces by the values of a dimension. What has no provider is [`OTHER`]; what has no other value is left out.
    pub fn by(&self, dimension: Dimension) -> &Ledger {
        &self.by[place(dimension)]
    }

    /// Bounces by the provider that their own words or hosts give away.
    pub fn spoken(&self) -> &Ledger {
        &self.spoken
    }

    /// Refusals by policy, by provider: X.7.X, or reputation, authentication, content, policy.
    pub fn policy(&self) -> &Ledger {
        &self.policy
    }

    /// Outcomes of bounces.
    pub fn bounces(&self) -> u64 {
        self.templates().filter(|template| template.is_bounce()).map(|template| template.count).sum()
    }

    /// Why someone stands on the suppression list, in its own words.
    pub fn reason(&self, reason: Name) -> &str {
        self.reasons.text(reason)
    }

    /// The reason's own words prove the address dead.
    pub fn is_deadly(&self, reason: Name) -> bool {
        self.deadly.get(reason.index()).copied().unwrap_or_default()
    }

    fn reason_named(&mut self, court: &Court<'_>, reason: &str) -> Name {
        let name = self.reasons.name(reason);
        if self.deadly.len() <= name.index() {
            self.deadly.push(court.is_deadly(reason));
        }
        name
    }

    fn list(&mut self, person: u32, listing: Listing) {
        let reasons = &self.reasons;
        let kept = self.listed.entry(person).or_insert(listing);
        let rank = |listing: &Listing| (listing.since, reasons.text(listing.reason).to_string());
        if rank(kept) < rank(&listing) {
            *kept = listing;
        }
    }

    fn add_other(&mut self, row: &Row) {
        self.rows.read += 1;
        if let Kind::Unreadable(reason) = &row.kind {
            self.rows.unreadable += 1;
            if self.errors.len() < ERRORS {
                self.errors.push(RowError { line: row.line, reason: reason.clone() });
            }
            return;
        }
        self.rows.not_bounces += 1;
        if row.kind == Kind::Delivery {
            let blank = [Event::default()];
            let events = if row.events.is_empty() { &blank[..] } else { &row.events };
            for event in events {
                self.deliver(person_of(row, event), row.about.time);
            }
        }
    }

    fn deliver(&mut self, person: &str, time: Option<i64>) {
        self.deliveries += 1;
        if !person.is_empty() {
            let person = self.people.person(person);
            self.people.deliver(person, time);
        }
    }
}

fn place(dimension: Dimension) -> usize {
    Dimension::ALL.iter().position(|known| *known == dimension).unwrap_or_default()
}

fn sum(one: Rows, other: Rows) -> Rows {
    Rows {
        read: one.read + other.read,
        decided: one.decided + other.decided,
        undecided: one.undecided + other.undecided,
        not_bounces: one.not_bounces + other.not_bounces,
        unreadable: one.unreadable + other.unreadable,
    }
}
