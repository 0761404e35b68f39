//! Reply templates, and the templates under the labels that they came with.

use std::hash::{BuildHasherDefault, Hasher};

use hashbrown::{HashMap, HashTable};

use super::court;
use super::print::{Print, print};
use super::set::NameSet;
use super::{Name, Names};
use crate::judge::{Brief, label_conflicts, label_says};
use crate::verdict::{Action, Bucket, Cause, Confidence};

/// Templates that are told apart, at most; what comes after is counted by its verdict.
const TEMPLATES: usize = 1 << 16;
/// Labels that are told apart, at most: a column that was taken for labels may hold anything.
const LABELS: usize = 1 << 12;
/// What stands for all templates or labels beyond that.
const REST: &str = "…";

/// A wording, its verdict, and how often it came.
#[derive(Clone, Debug)]
pub struct Template {
    pub verdict: Brief,
    /// A receiver's words, not only codes or a platform's word.
    pub worded: bool,
    /// Outcomes, whether bounces or not.
    pub count: u64,
    /// Unix seconds.
    pub first: Option<i64>,
    pub last: Option<i64>,
    /// As it is displayed, with ‹address›, ‹ip› and the like for what differs.
    pub text: String,
    example: Example,
    example_time: Option<i64>,
    /// Of all that the verdict was made from; the same in every tally.
    pub print: u128,
    /// In the ledger of providers.
    pub(super) provider: Option<Name>,
    domains: NameSet,
    jobs: NameSet,
}

/// Most replies that came once have nothing to mask.
#[derive(Clone, Debug, Default)]
enum Example {
    #[default]
    None,
    /// The template itself.
    Same,
    Other(String),
}

impl Template {
    pub(super) fn new(print: u128, verdict: Brief, worded: bool, provider: Option<Name>, text: String) -> Self {
        Self {
            verdict,
            worded,
            count: 0,
            first: None,
            last: None,
            text,
            example: Example::None,
            example_time: None,
            print,
            provider,
            domains: NameSet::default(),
            jobs: NameSet::default(),
        }
    }

    /// Different domains of recipients.
    pub fn domains(&self) -> u64 {
        self.domains.len() as u64
    }

    /// The domains, in the ledger of domains; one may come twice.
    pub fn domain_names(&self) -> impl Iterator<Item = Name> {
        self.domains.iter()
    }

    /// The jobs, in the ledger of jobs; one may come twice.
    pub fn job_names(&self) -> impl Iterator<Item = Name> {
        self.jobs.iter()
    }

    /// Different jobs.
    pub fn jobs(&self) -> u64 {
        self.jobs.len() as u64
    }

    /// Counts towards the totals.
    pub fn is_bounce(&self) -> bool {
        self.verdict.cause.bucket() != Bucket::NotABounce
    }

    /// A refusal by policy: X.7.X (RFC 3463 §3.8), or a cause of the sender's standing or of a rule.
    pub(super) fn is_policy(&self) -> bool {
        let by_code = || self.verdict.enhanced.as_deref().is_some_and(|code| code.starts_with("5.7."));
        matches!(self.verdict.cause.bucket(), Bucket::Reputation | Bucket::Authentication | Bucket::Content | Bucket::Policy) || by_code()
    }

    pub(super) fn count(&mut self, time: Option<i64>, domain: Option<Name>, job: Option<Name>) {
        self.count += 1;
        self.first = self.first.into_iter().chain(time).min();
        self.last = self.last.max(time);
        domain.into_iter().for_each(|domain| self.domains.add(domain));
        job.into_iter().for_each(|job| self.jobs.add(job));
    }

    /// One reply in full: of the earliest the one that sorts first.
    pub fn example(&self) -> &str {
        match &self.example {
            Example::None => "",
            Example::Same => &self.text,
            Example::Other(reply) => reply,
        }
    }

    /// A reply of this time could be shown instead of the one that is.
    pub(super) fn wants(&self, time: Option<i64>) -> bool {
        matches!(self.example, Example::None) || !earlier(self.example_time, time)
    }

    pub(super) fn show(&mut self, time: Option<i64>, reply: &str) {
        let has_one = !matches!(self.example, Example::None);
        if has_one && !earlier(time, self.example_time) && (time != self.example_time || reply >= self.example()) {
            return;
        }
        self.example_time = time;
        match &mut self.example {
            example if reply == self.text => *example = Example::Same,
            Example::Other(kept) => {
                kept.clear();
                kept.push_str(reply);
            }
            example => *example = Example::Other(reply.to_string()),
        }
    }

    fn merge(&mut self, other: &Self, domains: &[Name], jobs: &[Name]) {
        self.count += other.count;
        self.first = self.first.into_iter().chain(other.first).min();
        self.last = self.last.max(other.last);
        self.domains.merge(&other.domains, domains);
        self.jobs.merge(&other.jobs, jobs);
        if other.count > 0 {
            self.show(other.example_time, other.example());
        }
    }
}

/// A known time comes before an unknown one.
fn earlier(one: Option<i64>, other: Option<i64>) -> bool {
    one.is_some_and(|one| other.is_none_or(|other| one < other))
}

/// What an event is to the person it happened to; of each sort the newest few are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Words that prove the address dead.
    Death,
    /// Words that say the mailbox is full.
    Full,
    /// Words that say the mailbox is there.
    Life,
    /// Passes by itself: rate, transport, the receiver's own trouble.
    Passing,
    /// A complaint or an opt-out.
    Complaint,
    Other,
}

impl Weight {
    fn of(template: &Template) -> Self {
        let verdict = &template.verdict;
        let sure = template.worded && verdict.confidence == Confidence::High;
        match verdict.action {
            Action::Unsubscribe => Self::Complaint,
            Action::Suppress if template.worded => Self::Death,
            _ if sure && verdict.cause == Cause::MailboxFull => Self::Full,
            _ if template.worded && court::proves_life(verdict) => Self::Life,
            Action::Retry | Action::RetryLimited => Self::Passing,
            _ => Self::Other,
        }
    }
}

/// A template under a label.
#[derive(Clone, Debug)]
pub struct Voice {
    /// As [`Tally::template`](super::Tally::template) takes it.
    pub template: u32,
    pub label: Name,
    /// Outcomes of bounces.
    pub count: u64,
    /// The label says dead where the words say alive, or the other way round.
    pub conflict: bool,
    /// What the label says of the address: `true` dead, `false` a passing trouble.
    pub hard: Option<bool>,
    pub weight: Weight,
    /// Marketing Cloud's rule counts it: its label is Hard or Soft.
    pub counted: bool,
    /// The same in every tally.
    pub print: u32,
}

/// All of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Templates {
    pub(super) list: Vec<Template>,
    found: HashTable<u32>,
    pub(super) labels: Names,
    pub(super) voices: Vec<Voice>,
    heard: HashMap<u64, u32, BuildHasherDefault<Mixed>>,
}

impl Templates {
    pub(super) fn find(&self, print: u128) -> Option<u32> {
        self.found.find(print as u64, |known| self.list.get(*known as usize).is_some_and(|known| known.print == print)).copied()
    }

    /// The place of a template that has none yet; where there are too many, of the one for all with its verdict.
    pub(super) fn place(&mut self, mut template: Template) -> u32 {
        if self.list.len() >= TEMPLATES {
            (template.print, template.text) = (court::print_of_verdict(&template.verdict, template.worded), REST.into());
            if let Some(known) = self.find(template.print) {
                return known;
            }
        }
        let fresh = self.list.len() as u32;
        let Self { list, found, .. } = self;
        found.insert_unique(template.print as u64, fresh, |known| list.get(*known as usize).map_or(0, |known| known.print as u64));
        self.list.push(template);
        fresh
    }

    pub(super) fn voice(&mut self, template: u32, label: &str) -> u32 {
        let fits = self.labels.len() < LABELS || self.labels.find(label).is_some();
        let label = self.labels.name(if fits { label } else { REST });
        let key = u64::from(template) << 32 | label.index() as u64;
        if let Some(known) = self.heard.get(&key) {
            return *known;
        }
        let fresh = self.voices.len() as u32;
        self.heard.insert(key, fresh);
        if let Some(spoken) = self.list.get(template as usize) {
            self.voices.push(voice(template, spoken, label, self.labels.text(label)));
        }
        fresh
    }

    /// Takes in another; gives the places that the other's voices have here.
    pub(super) fn merge(&mut self, other: &Self, domains: &[Name], jobs: &[Name], providers: &[Name]) -> Vec<u32> {
        let mut places = Vec::with_capacity(other.list.len());
        for theirs in &other.list {
            let place = self.find(theirs.print).unwrap_or_else(|| {
                let provider = theirs.provider.and_then(|name| providers.get(name.index())).copied();
                self.place(Template::new(theirs.print, theirs.verdict.clone(), theirs.worded, provider, theirs.text.clone()))
            });
            if let Some(mine) = self.list.get_mut(place as usize) {
                mine.merge(theirs, domains, jobs);
            }
            places.push(place);
        }
        let merged = |voice: &Voice| {
            let place = self.voice(places.get(voice.template as usize).copied()?, other.labels.text(voice.label));
            self.voices.get_mut(place as usize)?.count += voice.count;
            Some(place)
        };
        other.voices.iter().filter_map(merged).collect()
    }
}

fn voice(template: u32, spoken: &Template, label: Name, text: &str) -> Voice {
    let telling = telling(text);
    let mut whole = Print::new();
    whole.put(spoken.print as u64);
    whole.put(print(text) as u64);
    Voice {
        template,
        label,
        count: 0,
        conflict: label_conflicts(telling, spoken.verdict.cause.bucket(), spoken.verdict.address),
        hard: label_says(telling),
        weight: Weight::of(spoken),
        counted: is_hard_or_soft(text),
        print: whole.short(),
    }
}

/// The part of a label that says hard or soft, the most general first: "Hard bounce / Domain blocked" says hard.
fn telling(label: &str) -> &str {
    label.split(" / ").find(|part| label_says(part).is_some()).unwrap_or(label)
}

fn is_hard_or_soft(label: &str) -> bool {
    let general = label.trim_start().get(..4).unwrap_or_default();
    general.eq_ignore_ascii_case("hard") || general.eq_ignore_ascii_case("soft")
}

/// Keys are small numbers already: one multiplication spreads them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mixed(u64);

impl Hasher for Mixed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }

    fn write_u64(&mut self, key: u64) {
        let mixed = (self.0 ^ key).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 32);
    }
}
