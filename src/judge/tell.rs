//! The words of a verdict: templates filled from what was found. No sentence stands in code.

use super::pack::{Rule, Tier};
use super::{Case, slip};
use crate::text::{self, Words, fill};
use crate::verdict::{Action, Bucket, Cause, Confidence, Considered, Notes, Outcome, Permanence, Role, Sentence, TokenKind};

/// Warnings of one notice, at most.
const WARNINGS: usize = 100;

/// What the words of a rule prove, in a line.
pub fn proves(rule: &Rule) -> Sentence {
    text::first(&text::layers(rule.cause, Some(&rule.form.id), rule.cause.defaults().0), |words| &words.title).into()
}

/// Fills in every sentence of an outcome, and the warnings that go with it.
pub fn tell(case: &Case<'_>, outcome: &mut Outcome, rule: Option<&Rule>, warnings: &mut Vec<String>) {
    let names = Names::of(case, outcome);
    let say = |template: &'static str| match template.contains('{') {
        true => Sentence::Owned(fitted(fill(template, |name| names.value(name)))),
        false => Sentence::Borrowed(template),
    };
    let layers = text::layers(outcome.cause, rule.map(|rule| rule.form.id.as_str()), outcome.action);
    let one = |field: fn(&'static Words) -> &'static Option<String>| say(text::first(&layers, field));
    let all = |field: fn(&'static Words) -> &'static Option<Vec<String>>| {
        layers.iter().find_map(|words| field(words).as_ref()).into_iter().flatten().map(|template| say(template)).collect::<Vec<_>>()
    };
    let steps = layers.iter().find_map(|words| words.steps.as_deref()).unwrap_or_default();
    outcome.summary = one(|words| &words.summary);
    outcome.explanation = all(|words| &words.meaning);
    outcome.dos = all(|words| &words.dos);
    outcome.do_not = all(|words| &words.do_not);
    outcome.next_steps = steps.iter().map(|step| say(&step.text)).collect();
    outcome.step_notes = steps.iter().map(|step| say(&step.who)).collect();
    let attempt = layers.iter().find_map(|words| words.attempt.as_deref());
    outcome.notes = Notes {
        cause: one(|words| &words.title),
        owner: one(|words| &words.owner),
        attempt: say(attempt.unwrap_or(text::line("attempt", attempt_key(outcome)))),
        address: one(|words| &words.address),
        action: one(|words| &words.action),
        confidence: say(text::line("confidence", confidence_key(outcome, rule))),
    };
    warn(case, outcome, warnings);
}

/// Without the room that growing left: verdicts are many.
fn fitted(mut text: String) -> String {
    text.shrink_to_fit();
    text
}

/// Which line explains this attempt.
fn attempt_key(outcome: &Outcome) -> &'static str {
    match (outcome.permanence, outcome.action) {
        (Permanence::Permanent, Action::Retry | Action::RetryLimited) => "permanent_retry",
        (permanence, _) => permanence.id(),
    }
}

/// Which line explains the confidence.
fn confidence_key(outcome: &Outcome, rule: Option<&Rule>) -> &'static str {
    match (outcome.confidence, rule.map(|rule| rule.tier)) {
        (Confidence::High, _) if outcome.tokens.iter().any(|token| matches!(token.kind, TokenKind::BlockCode | TokenKind::ErrorCode)) => {
            "high_token"
        }
        (Confidence::High, Some(Tier::Provider)) if outcome.cause == Cause::PublicBlocklist => "high_list",
        (Confidence::High, Some(Tier::Provider)) => "high_provider",
        (Confidence::High, _) => "high_wording",
        (Confidence::Medium, Some(Tier::Enhanced)) => "medium_code",
        (Confidence::Medium, _) => "medium_wording",
        (Confidence::Low, Some(_)) => "low_code",
        (Confidence::Low, None) => "low_none",
    }
}

/// Disagreements that a reader must know of.
fn warn(case: &Case<'_>, outcome: &Outcome, warnings: &mut Vec<String>) {
    let mut add = |key: &str, values: &[(&str, &str)]| {
        let told =
            fill(text::line("warning", key), |name| values.iter().find(|(known, _)| *known == name).map(|(_, value)| value.to_string()));
        if !told.is_empty() && warnings.len() < WARNINGS && !warnings.contains(&told) {
            warnings.push(told);
        }
    };
    let enhanced = case.enhanced.as_ref().map(|(code, _)| *code);
    if let (Some((code, _)), Some(enhanced)) = (&case.code, enhanced)
        && u16::from(enhanced.class) != code / 100
    {
        let key = if enhanced.has_class() { "class_mismatch" } else { "bad_enhanced_class" };
        add(key, &[("code", &code.to_string()), ("enhanced", &enhanced.to_string())]);
    }
    let code = case.code.as_ref().map(|(code, _)| code.to_string()).or(enhanced.map(|code| code.to_string())).unwrap_or_default();
    match (outcome.permanence, outcome.action) {
        (Permanence::Temporary, _) if outcome.bucket == Bucket::Recipient && outcome.confidence == Confidence::High => {
            add("temporary_dead", &[("code", &code)])
        }
        (Permanence::Permanent, Action::Retry) => add("temporary_permanent", &[("code", &code)]),
        _ => {}
    }
    if let Some((domain, likely)) = outcome.recipient_domain.as_deref().and_then(|domain| Some((domain, slip::likely(domain)?))) {
        add("typo_domain", &[("domain", domain), ("likely", likely)]);
    }
    if let Some(recipient) = outcome.recipient.as_deref().filter(|_| case.event.expanded) {
        add("expanded", &[("recipient", recipient)]);
    }
    let won = title(outcome.cause);
    if let Some((code, other)) = code_against_words(case, outcome.cause) {
        add("code_against_words", &[("code", &code), ("other", title(other)), ("cause", won)]);
    }
    if let Some(label) = outcome.label.as_ref().filter(|label| label.conflict) {
        add("label_conflict", &[("source", &label.source), ("label", &label.value), ("cause", won)]);
    }
}

/// The enhanced code has one plain meaning, and the words say another.
fn code_against_words(case: &Case<'_>, won: Cause) -> Option<(String, Cause)> {
    let by_words = case.best().is_some_and(|(rule, _)| rule.tier >= Tier::Weak);
    let code = case.ranked.iter().map(|(hit, _)| &case.pack.rules[hit.rule]).find(|rule| rule.tier == Tier::Enhanced)?;
    let plain = code.confidence.is_none_or(|confidence| confidence == Confidence::Medium);
    let differs = by_words && plain && code.cause.bucket() != won.bucket() && won.bucket() != Bucket::NotABounce;
    differs.then(|| (case.enhanced.as_ref().map(|(code, _)| code.to_string()).unwrap_or_default(), code.cause))
}

fn title(cause: Cause) -> &'static str {
    match text::first(&text::layers(cause, None, cause.defaults().0), |words| &words.title) {
        "" => cause.id(),
        title => title,
    }
}

/// The causes that came next, at most three.
pub fn considered(case: &Case<'_>, won: Cause) -> Vec<Considered> {
    let mut seen = vec![won];
    let mut others = Vec::new();
    for (rule, own) in case.ranked.iter().map(|(hit, own)| (&case.pack.rules[hit.rule], *own)) {
        if seen.contains(&rule.cause) || rule.cause.bucket() == Bucket::Unknown || others.len() == 3 {
            continue;
        }
        seen.push(rule.cause);
        let reason = match rule.tier {
            _ if !own => "around",
            Tier::Enhanced | Tier::Reply => "code_only",
            Tier::Weak => "weak",
            _ => "less_specific",
        };
        let would_win_if = text::first(&text::layers(rule.cause, None, rule.cause.defaults().0), |words| &words.would_win).into();
        others.push(Considered {
            bucket: rule.cause.bucket(),
            cause: rule.cause,
            why_not: text::line("considered", reason).into(),
            would_win_if,
        });
    }
    others
}

/// What the placeholders of a template stand for.
struct Names {
    provider: Option<String>,
    ip: Option<String>,
    host: Option<String>,
    list: Option<String>,
    token: Option<String>,
    recipient: Option<String>,
    domain: Option<String>,
}

impl Names {
    fn of(case: &Case<'_>, outcome: &Outcome) -> Self {
        let name = |id: &str| case.pack.providers.iter().find(|provider| provider.id == id).map(|provider| provider.name.clone());
        let token = |kind: TokenKind| outcome.tokens.iter().find(|token| token.kind == kind).map(|token| token.value.clone());
        let by_role = |role: Role| {
            [&outcome.provider, &outcome.via]
                .into_iter()
                .flatten()
                .find(|company| company.role == role)
                .and_then(|company| name(&company.id))
        };
        Self {
            provider: by_role(Role::MailboxProvider).or_else(|| by_role(Role::Gateway)).or_else(|| by_role(Role::Esp)),
            ip: case.event.sending_ip.clone().or_else(|| token(TokenKind::Ip)),
            host: case.event.hosts.first().cloned(),
            list: by_role(Role::Blocklist),
            token: token(TokenKind::BlockCode).or_else(|| token(TokenKind::ErrorCode)),
            recipient: outcome.recipient.clone(),
            domain: outcome.recipient_domain.clone(),
        }
    }

    fn value(&self, name: &str) -> Option<String> {
        let lower = name.to_ascii_lowercase();
        let found = match lower.as_str() {
            "provider" => &self.provider,
            "the_ip" => &self.ip,
            "host" => &self.host,
            "list" => &self.list,
            "token" => &self.token,
            "recipient" => &self.recipient,
            "domain" => &self.domain,
            _ => return None,
        };
        let value = found.clone().unwrap_or_else(|| text::line("fallback", &lower).to_owned());
        let capital = name.starts_with(char::is_uppercase) && found.is_none();
        Some(if capital { capitalise(&value) } else { value })
    }
}

fn capitalise(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
