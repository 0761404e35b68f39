//! What a verdict shows of its text: the reply, the companies, the label, the tokens, and the marks that prove it.

use super::pack::Tier;
use super::{Case, scene, tell};
use crate::read::Span;
use crate::text;
use crate::verdict::{Address, Bucket, Company, Evidence, Label, Proof, Reply, Role, Sentence, Token, TokenKind};

impl Case<'_> {
    /// Codes and words of the receiver's reply: the innermost that says something, where a bare code stands apart from its words.
    pub(super) fn reply(&self) -> Reply {
        let texts = || self.event.words.iter().filter_map(|span| self.parts.get(span.part)?.text.get(span.start..span.end)).map(str::trim);
        let says_something = |text: &&str| text.chars().filter(|c| c.is_alphabetic()).count() >= 3;
        let text = texts().find(says_something).or_else(|| texts().next());
        Reply {
            smtp_code: self.code.as_ref().map(|(code, _)| *code),
            enhanced: self.enhanced.as_ref().map(|(code, _)| code.to_string()),
            text: text.filter(|text| !text.is_empty()).map(str::to_string),
        }
    }

    /// The company of one of these roles.
    pub(super) fn company(&self, roles: &[Role]) -> Option<Company> {
        let (found, role) = self.provider(roles)?;
        Some(Company { id: self.pack.providers[found].id.clone(), role })
    }

    /// The provider of the first of these roles that one has: the winning rule's own, else one recognised by its marks or hosts.
    pub(super) fn provider(&self, roles: &[Role]) -> Option<(usize, Role)> {
        let own = self.best().filter(|(rule, own)| *own && rule.tier >= Tier::Weak).and_then(|(rule, _)| rule.provider);
        let known = || own.into_iter().chain(self.known.iter().copied());
        roles.iter().find_map(|role| Some((known().find(|provider| self.pack.role(*provider) == Some(*role))?, *role)))
    }

    /// The mail server whose own stock wording decided; one that merely carried the reply says nothing of the receiver.
    pub(super) fn own_server(&self) -> Option<Company> {
        let provider = self.best().filter(|(rule, own)| *own && rule.tier >= Tier::Weak)?.0.provider?;
        let is_server = self.pack.role(provider) == Some(Role::Mta);
        is_server.then(|| Company { id: self.pack.providers[provider].id.clone(), role: Role::Mta })
    }

    /// Where the text names a host of the company: in what stands around the words, where the host that answered is named, else in them.
    fn host_of(&self, company: &Company) -> Option<Span> {
        let names = |host: &str| self.pack.provider_of_host(host).is_some_and(|provider| self.pack.providers[provider].id == company.id);
        [self.around(), &self.words].into_iter().find_map(|face| {
            let (at, host) = scene::hosts(&face.text).find(|(_, host)| names(host))?;
            face.span(at, at + host.len(), self.parts)
        })
    }

    /// The platform's label beside the verdict: in conflict where one says the address is dead and the other that it lives.
    pub(super) fn label(&self, bucket: Bucket, address: Address) -> Option<Label> {
        let (source, value) = self.event.label.clone()?;
        let conflict = label_conflicts(&value, bucket, address);
        Some(Label { source, value, conflict })
    }

    pub(super) fn tokens(&self) -> Vec<Token> {
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
        tokens.shrink_to_fit();
        tokens
    }

    /// The source text of a stretch of the words' face.
    fn source(&self, at: usize, length: usize) -> Option<&str> {
        let span = self.words.span(at, at + length, self.parts)?;
        self.parts.get(span.part)?.text.get(span.start..span.end)
    }

    pub(super) fn evidence(&self) -> Vec<Evidence> {
        let mut evidence = Vec::new();
        if let Some((hit, own)) = self.ranked.first() {
            let (rule, face) = (&self.pack.rules[hit.rule], if *own { &self.words } else { self.around() });
            for span in hit.at.iter().filter_map(|(from, to)| face.span(*from, *to, self.parts)) {
                let source = Some(rule.form.source.clone()).filter(|source| source.starts_with("http"));
                self.show(&mut evidence, Proof::Wording, rule.form.id.clone(), span, source, tell::proves(rule));
            }
            if hit.at.is_empty() && self.code.is_none() && self.enhanced.is_none() {
                evidence.clear();
            }
        }
        if let Some((code, Some(span))) = &self.code {
            self.show(&mut evidence, Proof::Code, format!("code.{code}"), *span, None, text::line("proof", "reply_code").into());
        }
        if let Some((code, Some(span))) = &self.enhanced {
            self.show(&mut evidence, Proof::Code, format!("code.{code}"), *span, None, text::line("proof", "enhanced_code").into());
        }
        if let (stage, Some(span)) = self.stage() {
            let name = text::line("stage_name", stage.id()).into();
            self.show(&mut evidence, Proof::Stage, format!("stage.{}", stage.id()), span, None, name);
        }
        for company in self.company(&[Role::MailboxProvider]).into_iter().chain(self.company(&[Role::Gateway])) {
            if let Some(span) = self.host_of(&company) {
                let note = text::line("role_name", company.role.id()).into();
                self.show(&mut evidence, Proof::Provider, format!("provider.{}", company.id), span, None, note);
            }
        }
        evidence.shrink_to_fit();
        evidence
    }

    fn show(&self, evidence: &mut Vec<Evidence>, kind: Proof, rule: String, span: Span, source: Option<String>, note: Sentence) {
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

/// Whether a platform's label says that the address is dead where the verdict says that it lives, or the other way round.
/// The label itself never decides anything.
pub fn label_conflicts(value: &str, bucket: Bucket, address: Address) -> bool {
    let lives = matches!(address, Address::NoEvidenceAgainst | Address::FullOrBusy) && bucket != Bucket::NotABounce;
    match label_says(value) {
        Some(true) => lives,
        Some(false) => address == Address::Invalid,
        None => false,
    }
}

/// `true`: the label says the address is dead; `false`: it says that it is a passing trouble.
pub fn label_says(value: &str) -> Option<bool> {
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
