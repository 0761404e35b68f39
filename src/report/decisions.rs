//! One decision a person: what the rules say, unless a person said otherwise.

use std::collections::HashMap;

use super::moment::moment;
use super::ruling::{self, Case, Note, Ruling, Seen};
use super::sfmc;
use crate::analysis::{Decision, Override, Scope, Settings, Summary};
use crate::tally::{Known, Tally, Weight};
use crate::text::{fill, line};
use crate::verdict::{Action, Cause};

/// A reply is shown up to here.
const REPLY: usize = 500;

/// Everyone with a decision, in the order in which people first appear.
pub fn decisions<'a>(tally: &'a Tally, settings: &'a Settings) -> impl Iterator<Item = Decision> + 'a {
    let bench = Bench::new(tally, settings);
    let mut seen = Vec::new();
    tally.people.iter().filter_map(move |person| bench.decision(&person, &mut seen))
}

/// The decisions of these people, by number.
pub fn decisions_of<'a>(
    tally: &'a Tally,
    settings: &'a Settings,
    people: impl Iterator<Item = u32> + 'a,
) -> impl Iterator<Item = Decision> + 'a {
    let bench = Bench::new(tally, settings);
    let mut seen = Vec::new();
    people.filter_map(move |person| bench.decision(&tally.people.get(person)?, &mut seen))
}

/// What was decided of everyone, by the number of the person; none for whom there is no decision.
pub fn standings(tally: &Tally, settings: &Settings) -> Vec<Option<&'static str>> {
    let bench = Bench::new(tally, settings);
    let mut seen = Vec::new();
    tally.people.iter().map(|person| bench.standing(&person, &mut seen)).collect()
}

/// Whoever decides, with all that is the same for everyone.
pub(super) struct Bench<'a> {
    tally: &'a Tally,
    settings: &'a Settings,
    overrides: Overrides<'a>,
    sfmc: bool,
}

impl<'a> Bench<'a> {
    pub(super) fn new(tally: &'a Tally, settings: &'a Settings) -> Self {
        Self { tally, settings, overrides: Overrides::new(&settings.overrides), sfmc: sfmc::applies(tally) }
    }

    /// What the rules say; `seen` is filled with what they look at.
    pub(super) fn ruling(&self, person: &Known<'a>, seen: &mut Vec<Seen<'a>>) -> Option<Ruling<'a>> {
        ruling::gather(self.tally, person, seen);
        Case::new(self.tally, person, self.settings.preset, seen).ruling()
    }

    /// The override that is for this person, if any.
    pub(super) fn overridden(&self, person: &Known<'_>, ruling: &Ruling<'_>) -> Option<&'a Override> {
        self.overrides.find(person, ruling)
    }

    fn standing(&self, person: &Known<'a>, seen: &mut Vec<Seen<'a>>) -> Option<&'static str> {
        let ruling = self.ruling(person, seen)?;
        let other = self.overridden(person, &ruling).and_then(|other| Action::from_id(&other.decision));
        Some(other.unwrap_or(ruling.decision).id())
    }

    /// The whole decision.
    pub(super) fn decision(&self, person: &Known<'a>, seen: &mut Vec<Seen<'a>>) -> Option<Decision> {
        let ruling = self.ruling(person, seen)?;
        let other = self.overridden(person, &ruling);
        let verdict = &ruling.by.template.verdict;
        let bounces = || seen.iter().filter(|seen| seen.voice.weight != Weight::Complaint || ruling.decision == Action::Unsubscribe);
        let last = bounces().filter_map(|seen| seen.at.time).max();
        let first = person.first.into_iter().chain(bounces().filter_map(|seen| seen.at.time)).min();
        let status = self.sfmc.then(|| sfmc::status(self.tally, self.settings, person, seen));
        let label = Some(self.tally.label(ruling.by.voice.label)).filter(|label| !label.is_empty());
        Some(Decision {
            key: person.name.to_string(),
            recipient: recipient(person),
            decision: other.map_or(ruling.decision.id(), |other| &other.decision).to_string(),
            cause: verdict.cause.id().to_string(),
            rule: verdict.rule.as_deref().map(str::to_string),
            count: ruling::count(seen),
            first: first.map(moment),
            last: last.map(moment),
            last_reply: shown(&ruling.by.template.text),
            label: label.map(str::to_string),
            label_conflict: ruling.by.voice.conflict,
            retry_until: self.retry_until(&ruling, last).map(moment),
            sfmc_status: status.as_ref().map(|status| status.id.to_string()),
            overridden: other.is_some(),
            note: self.note(person, &ruling, other, status.is_some_and(|status| status.trust_matters)),
        })
    }

    /// Where trying again can still help.
    fn retry_until(&self, ruling: &Ruling<'_>, last: Option<i64>) -> Option<i64> {
        let tries = matches!(ruling.decision, Action::Retry | Action::RetryLimited) && ruling.note != Some(Note::DeliveredSince);
        let hours = ruling.by.template.verdict.retry_after.filter(|_| tries && !self.tally.dates_open)?.give_up_hours;
        Some(last? + i64::from(hours) * 3_600)
    }

    fn note(&self, person: &Known<'_>, ruling: &Ruling<'_>, other: Option<&Override>, trust_matters: bool) -> Option<String> {
        let own = other.and_then(|other| other.note.clone());
        let said = other.map(|_| overruled(ruling));
        let why = ruling.note.map(|note| self.sentence(note));
        let order =
            ruling.note.filter(|note| self.tally.dates_open && note.is_about_dates()).map(|_| line("decision_note", "day_order").into());
        let more = person.more.then(|| line("decision_note", "more").to_string());
        let trust = trust_matters.then(|| line("decision_note", "trusted_unknown").to_string());
        let notes: Vec<String> = [own, said, why, order, more, trust].into_iter().flatten().filter(|note| !note.is_empty()).collect();
        (!notes.is_empty()).then(|| notes.join(" "))
    }

    fn sentence(&self, note: Note) -> String {
        let preset = self.settings.preset;
        fill(line("decision_note", note.id()), |name| match name {
            "times" => Some(preset.times().to_string()),
            "window" if preset.hours() > 72 => Some(format!("{} days", preset.hours() / 24)),
            "window" => Some(format!("{} hours", preset.hours())),
            "preset" => Some(preset.id().to_string()),
            _ => None,
        })
    }
}

fn overruled(ruling: &Ruling<'_>) -> String {
    fill(line("decision_note", "overridden"), |name| match name {
        "said" => Some(ruling.decision.id().to_string()),
        "cause" => Some(ruling::cause(ruling).id().to_string()),
        _ => None,
    })
}

fn recipient(person: &Known<'_>) -> Option<String> {
    person.address.or(Some(person.name).filter(|name| name.contains('@'))).map(str::to_string)
}

/// A reply on one line, cut between words where it is long.
fn shown(reply: &str) -> String {
    let line = reply.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.len() <= REPLY {
        return line;
    }
    let head = &line[..line.floor_char_boundary(REPLY)];
    let end = head.rfind(' ').filter(|end| *end > REPLY / 2).unwrap_or(head.len());
    format!("{} …", &head[..end])
}

/// Overrides by what they are for, each with its place in the list: the last one wins.
struct Overrides<'a> {
    list: &'a [Override],
    people: HashMap<String, usize>,
    causes: HashMap<Cause, usize>,
    templates: HashMap<&'a str, usize>,
}

impl<'a> Overrides<'a> {
    fn new(list: &'a [Override]) -> Self {
        let mut found = Self { list, people: HashMap::new(), causes: HashMap::new(), templates: HashMap::new() };
        for (place, other) in list.iter().enumerate() {
            match &other.scope {
                Scope::Person(name) => found.people.insert(folded(name), place),
                Scope::Cause(cause) => Cause::from_id(cause).and_then(|cause| found.causes.insert(cause, place)),
                Scope::Template(text) => found.templates.insert(text, place),
            };
        }
        found
    }

    fn find(&self, person: &Known<'_>, ruling: &Ruling<'_>) -> Option<&'a Override> {
        if self.list.is_empty() {
            return None;
        }
        let by_person = self.people.get(&folded(person.name));
        let by_cause = self.causes.get(&ruling::cause(ruling));
        let by_template = self.templates.get(ruling.by.template.text.as_str());
        self.list.get(*by_person.max(by_cause).max(by_template)?)
    }
}

/// Addresses are compared without case, keys with it.
fn folded(name: &str) -> String {
    if name.contains('@') { name.to_ascii_lowercase() } else { name.to_string() }
}

/// Adds a decision to a summary.
pub(super) fn enter(summary: &mut Summary, decision: &str) {
    let Summary { suppress, unsubscribe, retry, retry_limited, hold, review } = summary;
    let all = [
        (Action::Suppress, suppress),
        (Action::Unsubscribe, unsubscribe),
        (Action::Retry, retry),
        (Action::RetryLimited, retry_limited),
        (Action::Hold, hold),
        (Action::Review, review),
    ];
    if let Some((_, count)) = all.into_iter().find(|(action, _)| action.id() == decision) {
        *count += 1;
    }
}
