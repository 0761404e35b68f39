//! [`Notice`] → verdict: why, how sure, and what now?
//!
//! Words beat codes and the receiver's words beat a platform's label. Of the rules that fit, the most specific wins:
//! tier first, then the receiver's innermost reply before what wraps it, then the longer matched literals.

mod face;
mod fold;
pub mod pack;
mod phrase;
mod scene;
mod slip;
mod tell;

use std::cmp::Reverse;

use crate::read::codes::{self, Enhanced};
use crate::read::{Event, Fate, Notice, Span};
use crate::verdict::{
    Action, Address, Bucket, Cause, Company, Confidence, Decoded, Dsn, Evidence, Input, Label, Outcome, Part, Permanence, Proof, Reply,
    Role, Stage, Token, TokenKind,
};
use face::Face;
use pack::{Hit, Pack, Setting, Tier, Woken};

/// Judges everything that a notice says.
pub fn judge(notice: Notice, pack: &Pack) -> Decoded {
    let mut warnings = notice.warnings;
    let mut language = None;
    let mut outcomes = Vec::with_capacity(notice.events.len());
    for event in &notice.events {
        let case = Case::new(event, &notice.parts, pack);
        let outcome = case.outcome(&mut warnings);
        language = language.or_else(|| case.language());
        outcomes.push(outcome);
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
    around: Face,
    code: Option<(u16, Option<Span>)>,
    enhanced: Option<(Enhanced, Option<Span>)>,
    stage: (Stage, Option<Span>),
    woken: Woken,
    known: Vec<usize>,
    /// Best first; `true` where the words are the receiver's own, `false` where they stand around them.
    ranked: Vec<(Hit, bool)>,
}

impl<'a> Case<'a> {
    fn new(event: &'a Event, parts: &'a [Part], pack: &'a Pack) -> Self {
        let (words, around) = (Face::of(&event.words, parts), Face::of(&event.around, parts));
        let (code, enhanced) = find_codes(event, parts);
        let woken = pack.wake(&words);
        let mut case = Self {
            event,
            parts,
            pack,
            words,
            around,
            code,
            enhanced,
            stage: (Stage::Unknown, None),
            known: Vec::new(),
            woken,
            ranked: Vec::new(),
        };
        case.stage = case.find_stage();
        case.known = case.find_known();
        case.ranked = case.rank();
        case
    }

    fn find_stage(&self) -> (Stage, Option<Span>) {
        if let Some((stage, span)) = self.event.stage {
            return (stage, span);
        }
        let found = [&self.words, &self.around]
            .into_iter()
            .find_map(|face| scene::stage(&face.text).map(|(stage, from, to)| (stage, face.span(from, to, self.parts))));
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

    fn setting(&self) -> Setting<'_> {
        let stage = Some(self.stage.0).filter(|stage| *stage != Stage::Unknown);
        Setting { code: self.code.as_ref().map(|c| c.0), enhanced: self.enhanced.as_ref().map(|e| e.0), stage, known: &self.known }
    }

    fn rank(&self) -> Vec<(Hit, bool)> {
        let setting = self.setting();
        let mut ranked: Vec<(Hit, bool)> = self.pack.hits(&self.words, &self.woken, setting).into_iter().map(|hit| (hit, true)).collect();
        if self.is_login() {
            ranked.retain(|(hit, _)| self.pack.rules[hit.rule].cause.bucket() != Bucket::Recipient);
        }
        ranked.extend(self.pack.code_hits(&self.words, setting).into_iter().map(|hit| (hit, true)));
        let decided = ranked.iter().any(|(hit, _)| self.pack.rules[hit.rule].is_proof());
        if !decided {
            let around = self.pack.hits(&self.around, &self.pack.wake(&self.around), setting);
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
        self.setting().code.is_some_and(|code| matches!(code, 534 | 535 | 538))
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
            let bare = self.code.is_some() || self.words.text.trim().len() < 24;
            return (if bare { Cause::InsufficientEvidence } else { Cause::Unclassified }, Confidence::Low);
        };
        let by_tier = match rule.tier {
            Tier::Own | Tier::Provider | Tier::Wording => Confidence::High,
            Tier::Weak | Tier::Enhanced => Confidence::Medium,
            Tier::Reply => Confidence::Low,
        };
        let stray = !own && rule.tier < Tier::Provider;
        let ceiling = if stray || rule.tier < Tier::Weak || self.is_contradicted(rule) { Confidence::Medium } else { Confidence::High };
        (rule.cause, rule.confidence.unwrap_or(by_tier).min(ceiling))
    }

    /// Beside the proof of a dead address stand words that speak of distrust, a full mailbox, a rule or the sender, or the codes
    /// speak of the sender's own address (RFC 3463 X.1.7, X.1.8).
    fn is_contradicted(&self, winner: &pack::Rule) -> bool {
        let of_sender = self.enhanced.as_ref().is_some_and(|(code, _)| code.subject == 1 && matches!(code.detail, 7 | 8));
        let other = |(hit, own): &(Hit, bool)| {
            let rule = &self.pack.rules[hit.rule];
            *own && (rule.form.topic || rule.is_proof() && speaks_of_the_living(rule.cause.bucket()))
        };
        winner.cause.bucket() == Bucket::Recipient && (of_sender || self.ranked.iter().any(other))
    }

    fn outcome(&self, warnings: &mut Vec<String>) -> Outcome {
        let (found, confidence) = self.finding();
        let (cause, reason_cause) = match self.event.fate {
            Fate::Failed | Fate::BeforeHandOff => (found, None),
            Fate::Delayed => (Cause::DelayedNotice, Some(found).filter(|cause| cause.bucket() != Bucket::Unknown)),
            Fate::Delivered => (Cause::Delivered, None),
            Fate::AutoReply => (Cause::AutoReply, None),
            Fate::Feedback => (Cause::FeedbackReport, None),
            Fate::Challenge => (Cause::ChallengeResponse, None),
        };
        let told = !matches!(self.event.fate, Fate::Failed | Fate::BeforeHandOff);
        let confidence = if told { Confidence::High } else { confidence };
        let rule = self.best().map(|(rule, _)| rule).filter(|_| !told);
        let permanence = self.permanence();
        let (action, address) = self.action(cause, rule, confidence, permanence);
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
            owner: rule.and_then(|rule| rule.owner).unwrap_or(cause.defaults().1),
            permanence,
            address,
            confidence,
            reply: self.reply(),
            stage: self.stage.0,
            provider: company(&[Role::MailboxProvider, Role::Esp]),
            via: company(&[Role::Gateway, Role::Blocklist]).or_else(|| self.own_server()),
            label: self.label(cause.bucket(), address),
            tokens: self.tokens(),
            dsn: self.event.dsn.clone().filter(|dsn| *dsn != Dsn::default()),
            evidence: self.evidence(),
            also_considered: tell::considered(self, cause),
            retry_after: rule.map_or(cause.defaults().3, pack::Rule::retry),
            summary: String::new(),
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
        let proved = confidence == Confidence::High && permanence != Permanence::Temporary && cause.bucket() == Bucket::Recipient;
        match (action, address) {
            (Action::Suppress, Address::Invalid) if !proved => (Action::Review, Address::Unknown),
            (Action::Suppress, address) if !proved => (Action::Review, address),
            (action, Address::Invalid) if !proved => (action, Address::Unknown),
            other => other,
        }
    }

    fn reply(&self) -> Reply {
        let text = self.event.words.first().and_then(|span| self.parts.get(span.part)?.text.get(span.start..span.end)).map(str::trim);
        Reply {
            smtp_code: self.code.as_ref().map(|(code, _)| *code),
            enhanced: self.enhanced.as_ref().map(|(code, _)| code.to_string()),
            text: text.filter(|text| !text.is_empty()).map(str::to_string),
        }
    }

    /// The company of one of these roles: the winning rule's own, else one recognised by its marks or hosts.
    fn company(&self, roles: &[Role]) -> Option<Company> {
        let own = self.best().filter(|(rule, own)| *own && rule.tier >= Tier::Weak).and_then(|(rule, _)| rule.provider);
        let known = || own.into_iter().chain(self.known.iter().copied());
        roles.iter().find_map(|role| {
            let found = known().find(|provider| self.pack.role(*provider) == Some(*role))?;
            Some(Company { id: self.pack.providers[found].id.clone(), role: *role })
        })
    }

    /// The mail server whose own stock wording decided; one that merely carried the reply says nothing of the receiver.
    fn own_server(&self) -> Option<Company> {
        let provider = self.best().filter(|(rule, own)| *own && rule.tier >= Tier::Weak)?.0.provider?;
        let is_server = self.pack.role(provider) == Some(Role::Mta);
        is_server.then(|| Company { id: self.pack.providers[provider].id.clone(), role: Role::Mta })
    }

    /// Where the text names a host of the company: in what stands around the words, where the host that answered is named, else in them.
    fn host_of(&self, company: &Company) -> Option<Span> {
        let names = |host: &str| self.pack.provider_of_host(host).is_some_and(|provider| self.pack.providers[provider].id == company.id);
        [&self.around, &self.words].into_iter().find_map(|face| {
            let (at, host) = scene::hosts(&face.text).find(|(_, host)| names(host))?;
            face.span(at, at + host.len(), self.parts)
        })
    }

    /// The platform's label beside the verdict: in conflict where one says the address is dead and the other that it lives.
    fn label(&self, bucket: Bucket, address: Address) -> Option<Label> {
        let (source, value) = self.event.label.clone()?;
        let says = label_says(&value);
        let lives = matches!(address, Address::NoEvidenceAgainst | Address::FullOrBusy) && bucket != Bucket::NotABounce;
        let conflict = says == Some(true) && lives || says == Some(false) && address == Address::Invalid;
        Some(Label { source, value, conflict })
    }

    fn tokens(&self) -> Vec<Token> {
        let mut tokens: Vec<Token> = Vec::new();
        let mut add = |kind, value: &str| {
            if tokens.len() < 24 && !tokens.iter().any(|token: &Token| token.value.eq_ignore_ascii_case(value)) {
                tokens.push(Token { kind, value: value.to_string() });
            }
        };
        for (hit, own) in self.ranked.iter().filter(|(hit, own)| *own && self.pack.rules[hit.rule].tier >= Tier::Wording) {
            let rule = &self.pack.rules[hit.rule];
            let listed = rule.provider.is_some_and(|provider| self.pack.role(provider) == Some(Role::Blocklist));
            let kind = if listed { TokenKind::Blocklist } else { TokenKind::BlockCode };
            // A rule of several tokens declares one; only what the text shows is a token of it. A list's name may be a host there.
            let shown = |token: &&str| listed || self.words.text.contains(&token.to_lowercase());
            if let Some(token) = rule.form.token.as_deref().filter(|_| *own).filter(shown) {
                add(kind, token);
            }
        }
        for span in &self.event.words {
            let text = self.parts.get(span.part).and_then(|part| part.text.get(span.start..span.end)).unwrap_or_default();
            scene::codes(text).iter().for_each(|token| add(token.kind, &token.value));
        }
        scene::ips(&self.words.text).for_each(|(_, ip)| add(TokenKind::Ip, ip));
        self.event.sending_ip.iter().for_each(|ip| add(TokenKind::Ip, ip));
        self.event.hosts.iter().for_each(|host| add(TokenKind::Host, host));
        scene::urls(&self.words.text).for_each(|(at, url)| add(TokenKind::Url, self.source(at, url.len()).unwrap_or(url)));
        scene::hosts(&self.words.text).filter(|(at, _)| !in_url(&self.words.text, *at)).for_each(|(_, host)| add(TokenKind::Host, host));
        tokens
    }

    /// The source text of a stretch of the words' face.
    fn source(&self, at: usize, length: usize) -> Option<&str> {
        let span = self.words.span(at, at + length, self.parts)?;
        self.parts.get(span.part)?.text.get(span.start..span.end)
    }

    fn evidence(&self) -> Vec<Evidence> {
        let mut evidence = Vec::new();
        if let Some((hit, own)) = self.ranked.first() {
            let (rule, face) = (&self.pack.rules[hit.rule], if *own { &self.words } else { &self.around });
            for span in hit.at.iter().filter_map(|(from, to)| face.span(*from, *to, self.parts)) {
                let source = Some(rule.form.source.clone()).filter(|source| source.starts_with("http"));
                self.show(&mut evidence, Proof::Wording, rule.form.id.clone(), span, source, tell::proves(rule));
            }
            if hit.at.is_empty() && self.code.is_none() && self.enhanced.is_none() {
                evidence.clear();
            }
        }
        if let Some((code, Some(span))) = &self.code {
            self.show(&mut evidence, Proof::Code, format!("code.{code}"), *span, None, tell::line("proof", "reply_code"));
        }
        if let Some((code, Some(span))) = &self.enhanced {
            self.show(&mut evidence, Proof::Code, format!("code.{code}"), *span, None, tell::line("proof", "enhanced_code"));
        }
        if let (stage, Some(span)) = self.stage {
            let name = crate::text::line("stage_name", stage.id()).to_string();
            self.show(&mut evidence, Proof::Stage, format!("stage.{}", stage.id()), span, None, name);
        }
        for company in self.company(&[Role::MailboxProvider]).into_iter().chain(self.company(&[Role::Gateway])) {
            if let Some(span) = self.host_of(&company) {
                let note = crate::text::line("role_name", company.role.id()).to_string();
                self.show(&mut evidence, Proof::Provider, format!("provider.{}", company.id), span, None, note);
            }
        }
        evidence
    }

    fn show(&self, evidence: &mut Vec<Evidence>, kind: Proof, rule: String, span: Span, source: Option<String>, note: String) {
        let overlaps = |other: &Evidence| other.part == span.part && other.start < span.end && span.start < other.end;
        let quote = self.parts.get(span.part).and_then(|part| part.text.get(span.start..span.end));
        if let Some(quote) = quote.filter(|_| kind == Proof::Wording || !evidence.iter().any(overlaps)) {
            evidence.push(Evidence { kind, rule, quote: quote.into(), part: span.part, start: span.start, end: span.end, source, note });
        }
    }
}

fn in_url(face: &str, at: usize) -> bool {
    let start = face[..at].rfind(' ').map_or(0, |space| space + 1);
    face[start..at].contains("://")
}

/// `true`: the label says the address is dead; `false`: it says that it is a passing trouble.
fn label_says(value: &str) -> Option<bool> {
    let value = value.to_ascii_lowercase();
    let any = |words: &[&str]| words.iter().any(|word| value.contains(word));
    if any(&["soft", "transient", "temporary", "deferred", "4.", "block", "softfail"]) {
        Some(false)
    } else if any(&["hard", "permanent", "invalid", "bad-mailbox", "unknown_user", "bad_mailbox", "inactive"]) {
        Some(true)
    } else {
        None
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
fn find_codes(event: &Event, parts: &[Part]) -> (Placed<u16>, Placed<Enhanced>) {
    let (mut code, mut enhanced) = (None, None);
    for span in event.words.iter().chain(&event.around) {
        let Some(text) = parts.get(span.part).and_then(|part| part.text.get(span.start..span.end)) else { continue };
        let found = codes::find(text);
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
