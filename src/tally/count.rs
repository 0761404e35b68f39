//! One record of bounces: judged once for each template, then counted by everything.

use super::court;
use super::people::Sighting;
use super::print::Print;
use super::templates::Template;
use super::{Court, Ledger, Name, OTHER, Passes, Tally};
use crate::analysis::Rows;
use crate::read::{Event, Fate};
use crate::sheet::{About, Row};
use crate::verdict::{Bucket, Cause};

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
    pub(super) fn add_bounce(&mut self, court: &Court<'_>, row: &Row, filter: Option<&Passes<'_>>) -> bool {
        let blank = [Event::default()];
        let events = if row.events.is_empty() { &blank[..] } else { &row.events };
        let mut found = Found::default();
        for event in events {
            let template = self.judge(court, row, event);
            let domain = self.domain(court, row, event);
            let ip = self.ip(row, event, template);
            let count = Count {
                template,
                about: &row.about,
                domain,
                ip: &ip,
                person: person_of(row, event),
                recipient: event.recipient.as_deref(),
            };
            if filter.is_none_or(|filter| filter.record(row, &ip) && self.passes(filter, &count)) {
                found.see(self.template(template).map_or(Bucket::Unknown, |known| known.verdict.cause.bucket()));
                self.example(row, event, template);
                self.count(event, &count);
            }
            self.scratch.ip = ip;
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
    pub(super) fn judge(&mut self, court: &Court<'_>, row: &Row, event: &Event) -> u32 {
        let print = court.print(row, event, &mut self.scratch.desk);
        if let Some(known) = self.templates.find(print) {
            return known;
        }
        let verdict = court.verdict(row, event);
        let provider =
            verdict.provider.as_deref().filter(|provider| court.pack.is_receiver(provider)).map(|provider| self.by[1].name(provider));
        court::reply(event, &row.parts, &mut self.scratch.reply);
        let text = court.display(&self.scratch.reply, &mut self.scratch.desk);
        self.templates.place(Template::new(print, verdict, court::is_worded(event, &row.parts), provider, text))
    }

    fn example(&mut self, row: &Row, event: &Event, template: u32) {
        let Some(template) = self.templates.list.get_mut(template as usize) else { return };
        if template.wants(row.about.time) {
            court::reply(event, &row.parts, &mut self.scratch.reply);
            template.show(row.about.time, &self.scratch.reply);
        }
    }

    /// The sending side's IP address: of a field, else the only one that a refusal of the sender names.
    fn ip(&mut self, row: &Row, event: &Event, template: u32) -> String {
        let mut ip = std::mem::take(&mut self.scratch.ip);
        ip.clear();
        let field = if row.about.ip.is_empty() { event.sending_ip.as_deref().unwrap_or_default() } else { &row.about.ip };
        let of_sender = self.template(template).is_some_and(|template| {
            let bucket = template.verdict.cause.bucket();
            matches!(bucket, Bucket::Reputation | Bucket::Authentication | Bucket::Rate)
        });
        ip.push_str(if field.is_empty() && of_sender { self.scratch.desk.ip() } else { field });
        ip
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
        let Some(template) = self.templates.list.get(count.template as usize) else { return };
        let (spoken, policy) = (template.provider, template.is_policy());
        let provider = self.provider(template, count.domain).unwrap_or_else(|| self.by[1].name(OTHER));
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
pub(super) fn person_of<'a>(row: &'a Row, event: &'a Event) -> &'a str {
    let recipient = event.recipient.as_deref().unwrap_or_default();
    if row.about.key.is_empty() || row.events.len() > 1 { recipient } else { &row.about.key }
}

fn named(ledger: &mut Ledger, value: &str) -> Option<Name> {
    (!value.is_empty()).then(|| ledger.name(value))
}
