//! [`Notice`] → verdict: why, how sure, and what now?
//!
//! Words beat codes and the receiver's words beat a platform's label. Of the rules that fit, the most specific wins:
//! tier first, then the receiver's innermost reply before what wraps it, then the longer matched literals.

mod brief;
mod face;
mod fold;
mod gate;
pub mod mask;
pub mod pack;
mod phrase;
mod proof;
mod rule;
mod scene;
mod slip;
mod tell;

use std::cell::OnceCell;
use std::cmp::Reverse;

use crate::read::codes::{self, Codes, Enhanced};
use crate::read::{Event, Fate, Notice, Span};
use crate::verdict::{Action, Address, Bucket, Cause, Confidence, Decoded, Dsn, Input, Outcome, Part, Permanence, Role, Stage};
pub use brief::{Brief, brief};
use face::{Face, source};
use pack::{Hit, Pack, Setting, Tier, Woken};
pub use proof::{label_conflicts, label_says};

/// Judges everything that a notice says.
pub fn judge(notice: Notice, pack: &Pack) -> Decoded {
    let mut warnings = notice.warnings;
    let mut language = None;
    let mut outcomes = Vec::with_capacity(notice.events.len());
    for event in notice.events {
        let case = Case::new(&event, &notice.parts, pack);
        let outcome = case.outcome(&mut warnings);
        language = language.or_else(|| case.language());
        outcomes.push(outcome);
    }
    if notice.more > 0 {
        warnings.push(crate::text::fill(crate::text::line("warning", "too_many"), |_| Some(notice.more.to_string())));
    }
    if notice.truncated {
        warnings.push(crate::text::line("warning", "truncated").into());
    }
    warnings.dedup();
    let input = Input { form: notice.form, truncated: notice.truncated, language, charset: notice.charset };
    Decoded { tool: pack.tool(), input, outcomes, parts: notice.parts, unread: notice.unread, warnings }
}

/// The rules that fit the first event of a notice, best first, each with what it was ranked by: for tests that look for ties.
pub fn ranking(notice: &Notice, pack: &Pack) -> Vec<(String, Cause, (u8, usize))> {
    let Some(event) = notice.events.first() else { return Vec::new() };
    let case = Case::new(event, &notice.parts, pack);
    let named = |(hit, _): &(Hit, bool)| {
        (pack.rules[hit.rule].form.id.clone(), pack.rules[hit.rule].cause, (pack.rules[hit.rule].standing(), hit.weight))
    };
    case.ranked.iter().map(named).collect()
}

/// One event with everything found about it.
struct Case<'a> {
    event: &'a Event,
    parts: &'a [Part],
    pack: &'a Pack,
    words: Face,
    /// What stands around the words; made when it is first asked for.
    around: OnceCell<Face>,
    code: Option<(u16, Option<Span>)>,
    enhanced: Option<(Enhanced, Option<Span>)>,
    /// Found when it is first asked for.
    stage: OnceCell<(Stage, Option<Span>)>,
    woken: Woken,
    known: Vec<usize>,
    /// Best first; `true` where the words are the receiver's own, `false` where they stand around them.
    ranked: Vec<(Hit, bool)>,
}

impl<'a> Case<'a> {
    fn new(event: &'a Event, parts: &'a [Part], pack: &'a Pack) -> Self {
        let codes: Vec<Codes> = event.words.iter().map(|span| codes::find(source(span, parts))).collect();
        let words = Face::of(&event.words, parts, &codes);
        let (code, enhanced) = find_codes(event, parts, codes);
        let woken = pack.wake(&words);
        let mut case = Self {
            event,
            parts,
            pack,
            words,
            around: OnceCell::new(),
            code,
            enhanced,
            stage: OnceCell::new(),
            known: Vec::new(),
            woken,
            ranked: Vec::new(),
        };
        case.known = case.find_known();
        case.ranked = case.rank();
        case
    }

    fn around(&self) -> &Face {
        self.around.get_or_init(|| Face::of(&self.event.around, self.parts, &[]))
    }

    fn stage(&self) -> (Stage, Option<Span>) {
        *self.stage.get_or_init(|| self.find_stage())
    }

    fn find_stage(&self) -> (Stage, Option<Span>) {
        if let Some((stage, span)) = self.event.stage {
            return (stage, span);
        }
        let of_face = |face: &Face| scene::stage(&face.text).map(|(stage, from, to)| (stage, face.span(from, to, self.parts)));
        let found = of_face(&self.words).or_else(|| of_face(self.around()));
        let fallback = if self.event.fate == Fate::BeforeHandOff { Stage::BeforeHandOff } else { Stage::Unknown };
        found.unwrap_or((fallback, None))
    }

    /// Providers recognised by their marks, the hosts that answered, or the hosts they name: the surest first.
    fn find_known(&self) -> Vec<usize> {
        let named = |hosts: &str| scene::hosts(hosts).filter_map(|(_, host)| self.pack.provider_of_host(host)).collect::<Vec<_>>();
        let mut known = self.woken.marks.clone();
        known.extend(self.event.hosts.iter().filter_map(|host| self.pack.provider_of_host(host)));
        known.extend(named(&self.words.text));
        let mut seen = Vec::new();
        known.retain(|provider| {
            !seen.contains(provider) && {
                seen.push(*provider);
                true
            }
        });
        known
    }

    fn rank(&self) -> Vec<(Hit, bool)> {
        let stage = || Some(self.stage().0).filter(|stage| *stage != Stage::Unknown);
        let setting = Setting {
            code: self.code.as_ref().map(|c| c.0),
            enhanced: self.enhanced.as_ref().map(|e| e.0),
            stage: &stage,
            known: &self.known,
        };
        let mut ranked: Vec<(Hit, bool)> = self.pack.hits(&self.words, &self.woken, setting).into_iter().map(|hit| (hit, true)).collect();
        if self.is_login() {
            ranked.retain(|(hit, _)| self.pack.rules[hit.rule].cause.bucket() != Bucket::Recipient);
        }
        ranked.extend(self.pack.code_hits(&self.words, &self.woken, setting).into_iter().map(|hit| (hit, true)));
        let decided = ranked.iter().any(|(hit, _)| self.pack.rules[hit.rule].is_proof());
        if !decided && !self.event.around.is_empty() {
            let around = self.pack.hits(self.around(), &self.pack.wake(self.around()), setting);
            ranked.extend(around.into_iter().filter(|hit| !self.pack.rules[hit.rule].form.topic).map(|hit| (hit, false)));
        }
        ranked.sort_by_key(|(hit, own)| {
            let rule = &self.pack.rules[hit.rule];
            let seam = hit.at.first().map_or(0, |at| if *own { self.words.seam(at.0) } else { 0 });
            Reverse((rule.standing(), *own, rule.own, Reverse(seam), hit.weight, Reverse(hit.rule)))
        });
        ranked
    }

    /// The reply to a login (RFC 4954 §6): whatever user it does not know is the sender's own.
    fn is_login(&self) -> bool {
        self.code.as_ref().is_some_and(|(code, _)| matches!(code, 534 | 535 | 538))
    }

    fn best(&self) -> Option<(&pack::Rule, bool)> {
        self.ranked.first().map(|(hit, own)| (&self.pack.rules[hit.rule], *own))
    }

    fn language(&self) -> Option<String> {
        let (rule, _) = self.best()?;
        (rule.tier >= Tier::Weak).then(|| rule.form.language.clone().unwrap_or_else(|| "en".into()))
    }

    /// Class of the reply code, else of the enhanced code, else what the report's action or the log's status says.
    fn permanence(&self) -> Permanence {
        let class = self.code.as_ref().map(|(code, _)| *code / 100).or(self.enhanced.as_ref().map(|(code, _)| u16::from(code.class)));
        match (class, self.event.fate) {
            (Some(4), _) | (None, Fate::Delayed) => Permanence::Temporary,
            (Some(5), _) => Permanence::Permanent,
            _ => self.event.permanence.unwrap_or(Permanence::Unknown),
        }
    }

    /// What the words prove, before anything else is weighed.
    fn finding(&self) -> (Cause, Confidence) {
        let Some((rule, own)) = self.best() else {
            let bare = self.code.is_some() || phrase::is_short(self.words.text.trim());
            return (if bare { Cause::InsufficientEvidence } else { Cause::Unclassified }, Confidence::Low);
        };
        let by_tier = match rule.tier {
            Tier::Own | Tier::Provider | Tier::Wording => Confidence::High,
            Tier::Weak | Tier::Enhanced => Confidence::Medium,
            Tier::Reply => Confidence::Low,
        };
        let stray = !own && rule.tier < Tier::Provider;
        let doubted = self.is_contradicted(rule) || self.is_contested(rule);
        let ceiling = if stray || rule.tier < Tier::Weak || doubted { Confidence::Medium } else { Confidence::High };
        (rule.cause, rule.confidence.unwrap_or(by_tier).min(ceiling))
    }

    /// Beside the proof of a dead address stand words that speak of distrust, a full mailbox, a rule or the sender, or the codes
    /// speak of the sender's own address (RFC 3463 X.1.7, X.1.8).
    fn is_contradicted(&self, winner: &pack::Rule) -> bool {
        let of_sender = self.enhanced.as_ref().is_some_and(|(code, _)| code.subject == 1 && matches!(code.detail, 7 | 8));
        let other = |(hit, own): &(Hit, bool)| {
            let rule = &self.pack.rules[hit.rule];
            let bucket = rule.cause.bucket();
            let a_rule = rule.form.topic && matches!(bucket, Bucket::Policy | Bucket::Routing);
            *own && (a_rule || (rule.form.topic || rule.is_proof()) && speaks_of_the_living(bucket))
        };
        winner.cause.bucket() == Bucket::Recipient && (of_sender || self.ranked.iter().any(other))
    }

    /// General wording of another bucket, as exact as the winner's, or a topic of one stands beside it: more than one meaning.
    fn is_contested(&self, winner: &pack::Rule) -> bool {
        let rival = |(hit, own): &(Hit, bool)| {
            let rule = &self.pack.rules[hit.rule];
            *own && (rule.standing() == winner.standing() || rule.form.topic) && rule.cause.bucket() != winner.cause.bucket()
        };
        let general = winner.is_proof() && winner.tier < Tier::Provider && winner.cause.bucket() != Bucket::Recipient;
        general && self.ranked.iter().any(rival)
    }

    fn outcome(&self, warnings: &mut Vec<String>) -> Outcome {
        let Brief { cause, reason_cause, action, owner, address, confidence, permanence, retry_after, .. } = self.brief();
        let rule = self.deciding();
        let company = |role: &[Role]| self.company(role);
        let mut outcome = Outcome {
            recipient: self.event.recipient.clone(),
            recipient_domain: self
                .event
                .recipient
                .as_deref()
                .and_then(|r| r.rsplit_once('@'))
                .map(|(_, domain)| domain.to_ascii_lowercase()),
            bucket: cause.bucket(),
            cause,
            reason_cause,
            action,
            owner,
            permanence,
            address,
            confidence,
            reply: self.reply(),
            stage: self.stage().0,
            provider: company(&[Role::MailboxProvider, Role::Esp]),
            via: company(&[Role::Gateway, Role::Blocklist]).or_else(|| self.own_server()),
            label: self.label(cause.bucket(), address),
            tokens: self.tokens(),
            dsn: self.event.dsn.clone().filter(|dsn| *dsn != Dsn::default()),
            evidence: self.evidence(),
            also_considered: tell::considered(self, cause),
            retry_after,
            summary: Default::default(),
            explanation: Vec::new(),
            dos: Vec::new(),
            next_steps: Vec::new(),
            step_notes: Vec::new(),
            do_not: Vec::new(),
            notes: Default::default(),
        };
        tell::tell(self, &mut outcome, rule, warnings);
        outcome
    }

    /// The first thing to do, and what the text says about the address. Suppression needs a proof at high confidence; a code
    /// alone asks for the full text, unless it is a temporary one that a queue retries anyway.
    fn action(&self, cause: Cause, rule: Option<&pack::Rule>, confidence: Confidence, permanence: Permanence) -> (Action, Address) {
        let (action, _, address, _) = cause.defaults();
        let action = rule.and_then(|rule| rule.action).unwrap_or(action);
        let address = rule.and_then(|rule| rule.address).unwrap_or(address);
        if confidence == Confidence::Low && !(permanence == Permanence::Temporary && matches!(action, Action::Retry | Action::RetryLimited))
        {
            return (Action::GetFullText, Address::Unknown);
        }
        let proved = !self.event.expanded
            && confidence == Confidence::High
            && permanence != Permanence::Temporary
            && cause.bucket() == Bucket::Recipient;
        match (action, address) {
            (Action::Suppress, Address::Invalid) if !proved => (Action::Review, Address::Unknown),
            (Action::Suppress, address) if !proved => (Action::Review, address),
            (action, Address::Invalid) if !proved => (action, Address::Unknown),
            other => other,
        }
    }
}

/// A code and where it stands; `None` where a field without a place gave it.
type Placed<T> = Option<(T, Option<Span>)>;

/// Whoever is refused for this has a mailbox to be refused at, or is the sender.
fn speaks_of_the_living(bucket: Bucket) -> bool {
    use Bucket::{Authentication, Content, Mailbox, Rate, Reputation, SenderSetup};
    matches!(bucket, Reputation | Authentication | Content | Rate | Mailbox | SenderSetup)
}

/// The reply code and enhanced code: from the innermost words that hold them, else from fields.
fn find_codes(event: &Event, parts: &[Part], in_words: Vec<Codes>) -> (Placed<u16>, Placed<Enhanced>) {
    let (mut code, mut enhanced) = (None, None);
    let around = event.around.iter().map(|span| (span, codes::find(source(span, parts))));
    for (span, found) in event.words.iter().zip(in_words).chain(around) {
        let place = |at: std::ops::Range<usize>| Span { part: span.part, start: span.start + at.start, end: span.start + at.end };
        let had_code = code.is_some();
        code = code.or(found.smtp.map(|(code, at)| (code, Some(place(at)))));
        let fresh = found.enhanced.map(|(code, at)| (code, Some(place(at))));
        let filler = enhanced.as_ref().is_none_or(|(code, _): &(Enhanced, _)| code.is_filler());
        if filler && (!had_code || enhanced.is_some() || fresh.is_some()) {
            enhanced = fresh.or(enhanced);
        }
        if code.is_some() && enhanced.is_some() {
            break;
        }
    }
    let field = event.enhanced.as_deref().and_then(Enhanced::parse).map(|code| (code, None));
    if enhanced.as_ref().is_none_or(|(code, _)| code.is_filler()) {
        enhanced = field.filter(|(code, _)| !code.is_filler() || enhanced.is_none()).or(enhanced);
    }
    (code.or(event.smtp_code.map(|code| (code, None))), enhanced)
}
