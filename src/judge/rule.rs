//! One rule, compiled: when it holds, and how it ranks.

use std::sync::{Arc, OnceLock};

use super::face::Face;
use super::gate::Bits;
use super::phrase::Phrase;
use crate::read::codes::Enhanced;
use crate::rules::form::{Complaint, Provider, RuleForm, SHORT_LITERAL};
use crate::verdict::{Action, Address, Cause, Confidence, Owner, RetryAfter, Stage};

/// How specific a rule is; a higher tier always wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// A reply code alone.
    Reply,
    /// An enhanced code alone.
    Enhanced,
    /// Words that many causes share.
    Weak,
    /// General wording.
    Wording,
    /// A provider's own wording or token.
    Provider,
    /// The user's own rules.
    Own,
}

/// One compiled rule.
#[derive(Debug)]
pub struct Rule {
    pub form: RuleForm,
    /// The form's own, cheap to hand out.
    pub id: Arc<str>,
    pub cause: Cause,
    pub tier: Tier,
    /// One of the user's own.
    pub own: bool,
    /// Index into [`Pack::providers`].
    pub provider: Option<usize>,
    pub confidence: Option<Confidence>,
    pub action: Option<Action>,
    pub owner: Option<Owner>,
    pub address: Option<Address>,
    pub(super) text: Vec<Phrase>,
    also: Vec<Phrase>,
    /// Compiled when it is first asked for: many rules never come so far.
    unless: OnceLock<Vec<Phrase>>,
    pub(super) status: Vec<StatusPattern>,
    stage: Vec<Stage>,
    /// What the conditions besides `text` add to the weight of a match.
    pub(super) conditions: usize,
}

/// `5.7.1`, `5.7.*` or `5.*.*`.
#[derive(Clone, Copy, Debug)]
pub(super) struct StatusPattern {
    class: u8,
    /// `None`: any number.
    subject: Option<u16>,
    detail: Option<u16>,
}

/// What a rule may ask about besides the words.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    pub code: Option<u16>,
    pub enhanced: Option<Enhanced>,
    /// Where in the dialogue it happened; asked only where a rule wants to know.
    pub stage: &'a dyn Fn() -> Option<Stage>,
    /// Indexes of the providers recognised by host or mark.
    pub known: &'a [usize],
}

impl Rule {
    /// What keeps a rule from being compiled, where something does.
    pub fn complaint(form: &RuleForm, providers: &[Provider]) -> Option<Complaint> {
        Self::new(form.clone(), true, providers).err()
    }

    pub(super) fn new(form: RuleForm, own: bool, providers: &[Provider]) -> Result<Self, Complaint> {
        let phrases = |key: &'static str, list: &[String], least| {
            list.iter().map(|text| Phrase::new(text, least).map_err(|why| Complaint::new(key, why))).collect::<Result<Vec<_>, _>>()
        };
        let family = form.id.split('.').next().unwrap_or_default();
        let provider = providers.iter().position(|p| p.id == family);
        if form.from && provider.is_none() {
            return Err(Complaint::new("from", "`from` asks for a provider; begin `id` with one, as microsoft.quota_exceeded"));
        }
        let confidence = parse(form.confidence.as_deref(), Confidence::from_id, "confidence", Confidence::ids())?;
        let stages = form.stage.iter().map(|id| parse(Some(id), Stage::from_id, "stage", Stage::ids()));
        let stage = stages.filter_map(Result::transpose).collect::<Result<_, _>>()?;
        let status = form.status.iter().map(|text| StatusPattern::parse(text)).collect::<Result<_, _>>()?;
        let also = phrases("also", &form.also, SHORT_LITERAL)?;
        Ok(Self {
            conditions: weight_of_conditions(&form, &also),
            cause: Cause::from_id(&form.cause).ok_or_else(|| Complaint::new("cause", format!("there is no cause {:?}", form.cause)))?,
            tier: tier(&form, own, provider.is_some_and(|p| providers[p].role != "mta")),
            own,
            provider,
            confidence,
            action: parse(form.action.as_deref(), Action::from_id, "action", Action::ids())?,
            owner: parse(form.owner.as_deref(), Owner::from_id, "owner", Owner::ids())?,
            address: parse(form.address.as_deref(), Address::from_id, "address", Address::ids())?,
            text: phrases("text", &form.text, form.least())?,
            also,
            unless: if own { phrases("unless", &form.unless, SHORT_LITERAL)?.into() } else { OnceLock::new() },
            status,
            stage,
            id: form.id.as_str().into(),
            form,
        })
    }

    /// Which rules it outranks. An enhanced code with one meaning says more than a topic or `weak` words, and any enhanced code
    /// more than `weak` words of confidence low ("delivery failed"); a family of wording (`weak`, confidence high) only gives
    /// way to exact wording.
    pub fn standing(&self) -> u8 {
        match (self.tier, self.confidence) {
            (Tier::Reply, _) => 0,
            (Tier::Weak, Some(Confidence::Low)) => 1,
            (Tier::Enhanced, Some(Confidence::Low)) => 2,
            (Tier::Weak, Some(Confidence::High)) => 6,
            (Tier::Weak, _) if self.form.topic => 4,
            (Tier::Weak, _) => 3,
            (Tier::Enhanced, _) => 5,
            (Tier::Wording, _) => 7,
            (Tier::Provider, _) => 8,
            (Tier::Own, _) => 9,
        }
    }

    /// Its words prove something by themselves.
    pub fn is_proof(&self) -> bool {
        self.standing() > 5
    }

    /// The retry window: the rule's own, else the cause's.
    pub fn retry(&self) -> Option<RetryAfter> {
        let own = self.form.retry.map(|[min_minutes, max_minutes, give_up_hours]| RetryAfter { min_minutes, max_minutes, give_up_hours });
        own.or(self.cause.defaults().3)
    }

    /// What the words must not hold. The form of our own phrases was checked when they were pressed.
    fn unless(&self) -> &[Phrase] {
        self.unless.get_or_init(|| self.form.unless.iter().filter_map(|text| Phrase::new(text, SHORT_LITERAL).ok()).collect())
    }

    /// Every phrase of the rule.
    pub(super) fn phrases(&self) -> impl Iterator<Item = &Phrase> {
        self.text.iter().chain(&self.also).chain(self.unless())
    }

    /// Whether codes, stage and provider fit.
    pub(super) fn fits(&self, setting: Setting<'_>) -> bool {
        let code = |code: u16| self.form.code.iter().any(|want| *want == code || *want == code / 100);
        let status = |found: Enhanced| self.status.iter().any(|pattern| pattern.fits(found));
        (self.form.code.is_empty() || setting.code.is_some_and(code))
            && (self.status.is_empty() || setting.enhanced.is_some_and(status))
            && (!self.form.from || self.provider.is_some_and(|provider| setting.known.contains(&provider)))
            && (self.stage.is_empty() || (setting.stage)().is_some_and(|stage| self.stage.contains(&stage)))
    }

    /// Where the words of `also` stand, if all of them do and none of `unless`.
    pub(super) fn beside(&self, face: &Face, bits: &Bits) -> Option<Vec<(usize, usize)>> {
        if self.unless().iter().any(|unless| unless.find(&face.text, bits).is_some()) {
            return None;
        }
        self.also.iter().map(|also| also.find(&face.text, bits).map(|at| (at.start, at.end))).collect()
    }
}

/// What the conditions besides `text` add to the weight of a match: a little each, so that the narrower rule wins.
fn weight_of_conditions(form: &RuleForm, also: &[Phrase]) -> usize {
    let exact = form.status.iter().any(|pattern| !pattern.ends_with('*'));
    let narrower = 2 * usize::from(!form.code.is_empty())
        + 3 * usize::from(!form.status.is_empty())
        + 3 * usize::from(exact)
        + 2 * usize::from(form.from);
    also.iter().map(|phrase| phrase.weight).sum::<usize>() + narrower
}

/// A user's own words come before all others; own codes and own `weak` words only before those of their kind, for a code
/// never outranks words.
fn tier(form: &RuleForm, own: bool, of_provider: bool) -> Tier {
    match form {
        form if form.text.is_empty() && form.status.is_empty() => Tier::Reply,
        form if form.text.is_empty() => Tier::Enhanced,
        form if form.weak || form.topic => Tier::Weak,
        _ if own => Tier::Own,
        _ if of_provider => Tier::Provider,
        _ => Tier::Wording,
    }
}

fn parse<T>(id: Option<&str>, read: fn(&str) -> Option<T>, key: &'static str, ids: String) -> Result<Option<T>, Complaint> {
    id.map(|id| read(id).ok_or_else(|| Complaint::new(key, format!("there is no {key} {id:?}; it is one of {ids}")))).transpose()
}

impl StatusPattern {
    fn parse(text: &str) -> Result<Self, Complaint> {
        let part = |text: &str| if text == "*" { Some(None) } else { text.parse().ok().map(Some) };
        let parts: Option<Vec<Option<u16>>> = text.split('.').map(part).collect();
        match parts.as_deref() {
            Some([Some(class @ 2..=5), subject, detail]) => Ok(Self { class: *class as u8, subject: *subject, detail: *detail }),
            _ => Err(Complaint::new("status", format!("{text:?} is no enhanced code; write 5.7.1, or 5.7.* for any of 5.7"))),
        }
    }

    /// The one code that it stands for, where it does.
    pub(super) fn exact(self) -> Option<Enhanced> {
        Some(Enhanced { class: self.class, subject: self.subject?, detail: self.detail? })
    }

    fn fits(self, code: Enhanced) -> bool {
        self.class == code.class
            && self.subject.is_none_or(|subject| subject == code.subject)
            && self.detail.is_none_or(|detail| detail == code.detail)
    }
}
