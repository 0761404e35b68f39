//! Verdicts → counts that can be added up: [`Tally`].
//!
//! Analysing the parts of a file and merging the tallies gives what analysing the whole gives. Memory grows with what is distinct (reply
//! templates, people, domains, jobs, slots of time), never with rows.

mod chunks;
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
pub use ledger::Ledger;
pub use names::{Name, Names};
pub use passes::Passes;
pub use people::{Evidence, Known, People};
pub use series::{Cell, SLOT, Series};
pub use templates::{Template, Voice, Weight};

use crate::analysis::{Dimension, ERRORS, RowError, Rows};
use crate::read::{Event, Fate};
use crate::sheet::{About, Item, Kind, Row};
use crate::verdict::{Bucket, Cause};
use people::Sighting;
use print::Print;
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
    mask: String,
    reply: String,
    domain: String,
}

/// An entry of a suppression list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listing {
    pub reason: Name,
    /// Unix seconds.
    pub since: Option<i64>,
}

/// An event with all that it is counted by.
struct Count<'a> {
    template: u32,
    about: &'a About,
    domain: Option<Name>,
    ip: &'a str,
    person: &'a str,
    recipient: Option<&'a str>,
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

    fn add_bounce(&mut self, court: &Court<'_>, row: &Row, filter: Option<&Passes<'_>>) -> bool {
        let blank = [Event::default()];
        let events = if row.events.is_empty() { &blank[..] } else { &row.events };
        let mut found = Found::default();
        for event in events {
            let ip = if row.about.ip.is_empty() { event.sending_ip.as_deref().unwrap_or_default() } else { &row.about.ip };
            if filter.is_some_and(|filter| !filter.record(row, ip)) {
                continue;
            }
            let template = self.judge(court, row, event);
            let domain = self.domain(court, row, event);
            let count =
                Count { template, about: &row.about, domain, ip, person: person_of(row, event), recipient: event.recipient.as_deref() };
            if filter.is_none_or(|filter| self.passes(filter, &count)) {
                found.see(self.templates.list.get(template as usize).map_or(Bucket::Unknown, |known| known.verdict.cause.bucket()));
                self.example(row, event, template);
                self.count(event, &count);
            }
        }
        found.enter(&mut self.rows);
        found.any
    }

    fn passes(&self, filter: &Passes<'_>, count: &Count<'_>) -> bool {
        let Some(template) = self.template(count.template) else { return false };
        let domain = count.domain.map_or("", |domain| self.by[0].text(domain));
        filter.outcome(
            template,
            count.about,
            domain,
            self.provider(template, count.domain).map_or(OTHER, |name| self.by[1].text(name)),
            count.person,
        )
    }

    /// The template of an event: known ones are found without judging again.
    fn judge(&mut self, court: &Court<'_>, row: &Row, event: &Event) -> u32 {
        let print = court.print(row, event, &mut self.scratch.mask);
        if let Some(known) = self.templates.find(print) {
            return known;
        }
        let verdict = court.verdict(row, event);
        let provider = verdict.provider.as_deref().map(|provider| self.by[1].name(provider));
        court::reply(event, &row.parts, &mut self.scratch.reply);
        let text = court.display(&self.scratch.reply);
        self.templates.place(Template::new(print, verdict, court::is_worded(event, &row.parts), provider, text))
    }

    fn example(&mut self, row: &Row, event: &Event, template: u32) {
        let Some(template) = self.templates.list.get_mut(template as usize) else { return };
        if template.wants(row.about.time) {
            court::reply(event, &row.parts, &mut self.scratch.reply);
            template.show(row.about.time, &self.scratch.reply);
        }
    }

    /// The recipient's domain, in lower case; its provider is looked up once.
    fn domain(&mut self, court: &Court<'_>, row: &Row, event: &Event) -> Option<Name> {
        let of_event = || event.recipient.as_deref().and_then(|recipient| recipient.rsplit_once('@')).map(|(_, domain)| domain);
        let alone = Some(row.about.domain.as_str()).filter(|domain| !domain.is_empty() && row.events.len() < 2);
        let domain = alone.or_else(of_event).filter(|domain| !domain.is_empty())?;
        let lower = &mut self.scratch.domain;
        lower.clear();
        lower.push_str(domain);
        lower.make_ascii_lowercase();
        let name = self.by[0].name(lower);
        if self.providers.len() <= name.index() {
            let provider = court.pack.provider_of_domain(lower).map(|provider| self.by[1].name(provider));
            self.providers.resize(name.index(), None);
            self.providers.push(provider);
        }
        Some(name)
    }

    /// By the receiver's own words or hosts, else by the recipient's domain.
    fn provider(&self, template: &Template, domain: Option<Name>) -> Option<Name> {
        template.provider.or_else(|| self.providers.get(domain?.index()).copied().flatten())
    }

    fn count(&mut self, event: &Event, count: &Count<'_>) {
        let about = count.about;
        let Some(cause) = self.template(count.template).map(|template| template.verdict.cause) else { return };
        let job = named(&mut self.by[2], &about.job);
        if let Some(template) = self.templates.list.get_mut(count.template as usize) {
            template.count(about.time, count.domain, job);
        }
        if cause.bucket() != Bucket::NotABounce {
            self.chart(count, cause, job);
        } else if matches!(event.fate, Fate::Delivered | Fate::AutoReply | Fate::Challenge) {
            self.deliver(count.person, about.time);
        }
        self.sight(event, count, cause);
    }

    fn chart(&mut self, count: &Count<'_>, cause: Cause, job: Option<Name>) {
        let about = count.about;
        let other = self.by[1].name(OTHER);
        let Some(template) = self.templates.list.get(count.template as usize) else { return };
        let provider = self.provider(template, count.domain).unwrap_or(other);
        let (spoken, policy) = (template.provider, template.is_policy());
        let (source, ip) = (named(&mut self.by[3], &about.source), named(&mut self.by[4], count.ip));
        for (ledger, name) in self.by.iter_mut().zip([count.domain, Some(provider), job, source, ip]) {
            name.into_iter().for_each(|name| ledger.add(name, cause, about.time));
        }
        for ledger in [spoken.map(|_| &mut self.spoken), policy.then_some(&mut self.policy)].into_iter().flatten() {
            let name = ledger.name(self.by[1].text(provider));
            ledger.add(name, cause, about.time);
        }
    }

    /// Keeps what a decision about the person needs.
    fn sight(&mut self, event: &Event, count: &Count<'_>, cause: Cause) {
        let about = count.about;
        let label = if about.label.is_empty() { event.label.as_ref().map_or("", |(_, label)| label) } else { &about.label };
        let is_bounce = cause.bucket() != Bucket::NotABounce;
        if !is_bounce && cause != Cause::FeedbackReport {
            return;
        }
        let voice = self.templates.voice(count.template, label);
        if let Some(voice) = self.templates.voices.get_mut(voice as usize).filter(|_| is_bounce) {
            voice.count += 1;
        }
        if count.person.is_empty() {
            return;
        }
        let message = self.message(about, count.template);
        let person = self.people.person(count.person);
        if let Some(recipient) = count.recipient.filter(|recipient| !recipient.is_empty() && *recipient != count.person) {
            self.people.give(person, recipient);
        }
        let sighting = Sighting { time: about.time, message, voice };
        self.people.add(person, sighting, count.domain, &self.by[0], &self.templates.voices);
    }

    /// What all attempts at one message share; 0 where the file says that it was counted before.
    fn message(&self, about: &About, template: u32) -> u32 {
        if about.repeated {
            return 0;
        }
        let mut print = Print::new();
        if about.message.is_empty() {
            print.put(about.time.map_or(u64::MAX, |time| time as u64));
            print.put(self.template(template).map_or(0, |template| template.print as u64));
            print.absorb(about.job.as_bytes());
        } else {
            print.absorb(about.message.as_bytes());
        }
        print.short()
    }
}

/// What a record's outcomes come to.
#[derive(Clone, Copy, Default)]
struct Found {
    any: bool,
    bounced: bool,
    unknown: bool,
}

impl Found {
    fn see(&mut self, bucket: Bucket) {
        self.any = true;
        self.bounced |= bucket != Bucket::NotABounce;
        self.unknown |= bucket == Bucket::Unknown;
    }

    /// A record with an undecided outcome is undecided, whatever the others are.
    fn enter(self, rows: &mut Rows) {
        let Self { any, bounced, unknown } = self;
        rows.read += u64::from(any);
        rows.undecided += u64::from(unknown);
        rows.decided += u64::from(bounced && !unknown);
        rows.not_bounces += u64::from(any && !bounced);
    }
}

/// Whom a record is about: the key, else the address of its first recipient; empty where it names nobody.
pub fn person(row: &Row) -> &str {
    row.events.first().map_or(&row.about.key, |event| person_of(row, event))
}

/// The key, else the address; of a record with several recipients always the address.
fn person_of<'a>(row: &'a Row, event: &'a Event) -> &'a str {
    let recipient = event.recipient.as_deref().unwrap_or_default();
    if row.about.key.is_empty() || row.events.len() > 1 { recipient } else { &row.about.key }
}

fn named(ledger: &mut Ledger, value: &str) -> Option<Name> {
    (!value.is_empty()).then(|| ledger.name(value))
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
