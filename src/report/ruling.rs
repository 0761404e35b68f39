//! What to do about one person, and why: the contract's rules, one after another.

use crate::analysis::Preset;
use crate::tally::{Evidence, Known, Tally, Template, Voice, Weight};
use crate::verdict::{Action, Address, Cause};

/// An event that was kept, with its verdict.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen<'t> {
    pub(super) at: Evidence,
    pub(super) voice: &'t Voice,
    pub(super) template: &'t Template,
}

impl Seen<'_> {
    fn action(&self) -> Action {
        decided(self.template.verdict.action)
    }
}

/// Why a decision is another than the last reply asks for; the ids of `[decision_note]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Note {
    FullMailbox,
    Limit,
    LimitDates,
    Contradiction,
    DeliveredSince,
    DeliveredDates,
    OrderDates,
    PlatformWord,
}

impl Note {
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::FullMailbox => "full_mailbox",
            Self::Limit => "limit",
            Self::LimitDates => "limit_dates",
            Self::Contradiction => "contradiction",
            Self::DeliveredSince => "delivered_since",
            Self::DeliveredDates => "delivered_dates",
            Self::OrderDates => "order_dates",
            Self::PlatformWord => "platform_word",
        }
    }

    /// It would be decided if the times told more.
    pub(super) fn is_about_dates(self) -> bool {
        matches!(self, Self::LimitDates | Self::DeliveredDates | Self::OrderDates)
    }
}

/// What the rules say.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ruling<'t> {
    /// One of the six decisions.
    pub(super) decision: Action,
    /// The newest event that it rests on.
    pub(super) by: Seen<'t>,
    pub(super) note: Option<Note>,
}

/// A person's evidence in order.
pub(super) struct Case<'a, 't> {
    tally: &'t Tally,
    person: &'a Known<'t>,
    preset: Preset,
    /// Newest first; what has no time comes last.
    pub(super) seen: &'a [Seen<'t>],
}

/// Did mail arrive after the last bounce?
#[derive(Clone, Copy, PartialEq, Eq)]
enum Arrived {
    No,
    Since,
    /// The times do not tell.
    Perhaps,
}

/// Puts a person's evidence into `seen`, newest first.
pub(super) fn gather<'t>(tally: &'t Tally, person: &Known<'t>, seen: &mut Vec<Seen<'t>>) {
    seen.clear();
    seen.extend(tally.people.evidence(person).filter_map(|at| {
        let voice = tally.voice(at.voice)?;
        Some(Seen { at, voice, template: tally.template(voice.template)? })
    }));
    seen.sort_unstable_by_key(|one| std::cmp::Reverse(rank(one)));
}

/// The same order in every tally, whatever was counted first.
fn rank(seen: &Seen<'_>) -> (Option<i64>, Option<u32>, u32) {
    (seen.at.time, seen.at.message, seen.voice.print)
}

impl<'a, 't> Case<'a, 't> {
    pub(super) fn new(tally: &'t Tally, person: &'a Known<'t>, preset: Preset, seen: &'a [Seen<'t>]) -> Self {
        Self { tally, person, preset, seen }
    }

    /// The decision; none for whom nothing bounced or nothing is to do.
    pub(super) fn ruling(&self) -> Option<Ruling<'t>> {
        if let Some(by) = self.newest(Weight::Complaint) {
            return Some(Ruling { decision: Action::Unsubscribe, by, note: None });
        }
        self.by_proof()
            .or_else(|| self.by_full_mailbox())
            .or_else(|| self.by_limit())
            .or_else(|| self.by_order())
            .or_else(|| self.by_last())
    }

    fn newest(&self, weight: Weight) -> Option<Seen<'t>> {
        self.seen.iter().find(|seen| seen.voice.weight == weight).copied()
    }

    /// Times cannot be held against each other.
    fn is_timeless(&self) -> bool {
        self.tally.dates_open || self.seen.iter().any(|seen| seen.at.time.is_none())
    }

    fn arrived(&self) -> Arrived {
        let last = self.seen.first().and_then(|seen| seen.at.time);
        match (self.person.delivered, last) {
            _ if self.person.delivered_once => Arrived::Perhaps,
            (None, _) => Arrived::No,
            _ if self.is_timeless() => Arrived::Perhaps,
            (Some(arrived), last) if last.is_none_or(|last| arrived >= last) => Arrived::Since,
            _ => Arrived::No,
        }
    }

    /// Words that prove the address dead suppress, where nothing shows that it lives.
    fn by_proof(&self) -> Option<Ruling<'t>> {
        let by = self.newest(Weight::Death)?;
        let lives = self.newest(Weight::Life).or_else(|| self.newest(Weight::Full)).is_some();
        let revived = || self.person.delivered.is_some_and(|arrived| by.at.time.is_none_or(|died| arrived >= died));
        let note = match self.arrived() {
            Arrived::Since => Some(Note::DeliveredSince),
            Arrived::Perhaps => Some(Note::DeliveredDates),
            Arrived::No if lives || revived() => Some(Note::Contradiction),
            Arrived::No => None,
        };
        Some(Ruling { decision: if note.is_some() { Action::Review } else { Action::Suppress }, by, note })
    }

    /// Full so many times in a row within the window, with no delivery between; what else came between neither counts nor resets.
    fn by_full_mailbox(&self) -> Option<Ruling<'t>> {
        let by = self.newest(Weight::Full)?;
        let is_full = |seen: &Seen<'_>| seen.voice.weight == Weight::Full;
        match self.run(is_full)? {
            Run::Within => Some(Ruling { decision: Action::Suppress, by, note: Some(Note::FullMailbox) }),
            Run::Unknown => Some(Ruling { decision: Action::Review, by, note: Some(Note::LimitDates) }),
        }
    }

    /// What passes by itself and did not, so many times: no proof, and no use in trying on.
    fn by_limit(&self) -> Option<Ruling<'t>> {
        let passes = |seen: &Seen<'_>| seen.voice.weight != Weight::Full && matches!(seen.action(), Action::Retry | Action::RetryLimited);
        let by = *self.seen.first()?;
        let run = self.run(passes).filter(|_| passes(&by))?;
        let note = if run == Run::Within { Note::Limit } else { Note::LimitDates };
        Some(Ruling { decision: Action::Review, by, note: Some(note) })
    }

    /// The last reply decides; where nobody can tell which that is, they have to agree.
    fn by_order(&self) -> Option<Ruling<'t>> {
        let by = *self.seen.first()?;
        let differ = self.is_timeless() && self.seen.iter().any(|seen| seen.action() != by.action());
        differ.then_some(Ruling { decision: Action::Review, by, note: Some(Note::OrderDates) })
    }

    fn by_last(&self) -> Option<Ruling<'t>> {
        let by = *self.seen.first()?;
        let since = (self.arrived() == Arrived::Since).then_some(Note::DeliveredSince);
        let decision = by.action();
        let bare = decision == Action::Review && !by.template.worded && by.voice.hard.is_some();
        let note = since.or(bare.then_some(Note::PlatformWord));
        (decision != Action::None).then_some(Ruling { decision, by, note })
    }

    /// Whether distinct messages of this sort since the last delivery reach the preset's number.
    fn run(&self, sort: impl Fn(&Seen<'_>) -> bool) -> Option<Run> {
        let mut messages: Vec<(Option<i64>, u32)> =
            self.seen.iter().filter(|seen| sort(seen)).filter_map(|seen| Some((seen.at.time, seen.at.message?))).collect();
        distinct(&mut messages);
        let times = self.preset.times();
        if messages.len() < times || self.arrived() == Arrived::Since {
            return None;
        }
        if self.is_timeless() || self.arrived() == Arrived::Perhaps {
            return Some(Run::Unknown);
        }
        let since: Vec<i64> = messages.iter().filter_map(|(time, _)| *time).filter(|time| self.person.delivered < Some(*time)).collect();
        let mut windows = since.windows(times).filter_map(|window| Some(window.first()? - window.last()?));
        windows.any(|length| length <= self.preset.hours() * 3_600).then_some(Run::Within)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Run {
    Within,
    /// There are enough; the times do not tell in which window.
    Unknown,
}

/// One entry a message, its newest, in the order that they have.
fn distinct(messages: &mut Vec<(Option<i64>, u32)>) {
    let mut known = Vec::with_capacity(messages.len());
    messages.retain(|(_, message)| {
        let fresh = !known.contains(message);
        known.push(*message);
        fresh
    });
}

/// How many distinct messages bounced, as far as they were kept.
pub(super) fn count(seen: &[Seen<'_>]) -> u64 {
    let bounces = seen.iter().filter(|seen| seen.voice.weight != Weight::Complaint);
    let mut messages: Vec<u32> = bounces.filter_map(|seen| seen.at.message).collect();
    messages.sort_unstable();
    messages.dedup();
    messages.len().max(1) as u64
}

/// Words here prove the address dead.
pub(super) fn is_dead(seen: &[Seen<'_>]) -> bool {
    seen.iter().any(|seen| seen.template.worded && seen.template.verdict.address == Address::Invalid)
}

/// Someone with a bounce, not only with a complaint.
pub(super) fn is_bounced(seen: &[Seen<'_>]) -> bool {
    seen.iter().any(|seen| seen.voice.weight != Weight::Complaint)
}

/// The decision that an action comes to.
fn decided(action: Action) -> Action {
    match action {
        Action::FixSetup | Action::FixContent | Action::FixRoute | Action::ContactRecipientAdmin | Action::EscalateEsp => Action::Hold,
        Action::GetFullText => Action::Review,
        // Suppression was decided before; what is left of it had no words.
        Action::Suppress => Action::Review,
        action => action,
    }
}

/// Cause of a decision.
pub(super) fn cause(ruling: &Ruling<'_>) -> Cause {
    ruling.by.template.verdict.cause
}
