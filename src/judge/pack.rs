//! The compiled rules: phrases behind a literal gate, code rules in a list, companies by host and mark.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use super::face::Face;
use super::fold::folded;
use super::gate::{self, Bits, Gate, Heard};
pub use super::rule::{Rule, Setting, Tier};
use crate::read::codes::Enhanced;
use crate::rules::form::{Examples, Provider, RuleFile};
use crate::verdict::{Role, SCHEMA, Tool};

/// A rule that fits, and where its words stand in the face.
#[derive(Clone, Debug)]
pub struct Hit {
    pub rule: usize,
    /// Byte ranges in the face; empty for a code rule.
    pub at: Vec<(usize, usize)>,
    /// Literal bytes matched, plus a little for each further condition.
    pub weight: usize,
}

/// All rules, compiled.
#[derive(Debug, Default)]
pub struct Pack {
    pub providers: Vec<Provider>,
    pub rules: Vec<Rule>,
    gate: Gate,
    /// By the numbers that the gate wakes: phrases (rule, phrase of it) first, marks (provider, literal) behind them.
    phrases: Vec<(u32, u32)>,
    marks: Vec<(usize, String)>,
    hosts: HashMap<String, usize>,
    /// Mail domains; `yahoo` for `yahoo.*`.
    domains: HashMap<String, usize>,
    /// Id of each provider, cheap to hand out, and its role.
    ids: Vec<(Arc<str>, Option<Role>)>,
    /// Rules without words: those of one enhanced code by it, then all others.
    coded: HashMap<Enhanced, Vec<usize>>,
    bare: Vec<usize>,
}

/// What the words of a face wake: phrases to try, and providers whose marks stand there.
#[derive(Debug, Default)]
pub struct Woken {
    /// Indexes into [`Pack::phrases`], each once.
    phrases: Vec<u32>,
    bits: Bits,
    /// Indexes into [`Pack::providers`].
    pub marks: Vec<usize>,
}

impl Pack {
    /// The rules that are pressed into this build.
    pub fn built_in() -> &'static Self {
        static PACK: OnceLock<Pack> = OnceLock::new();
        let compile = || Self::new(engine_file(), RuleFile::default()).unwrap_or_else(|why| panic!("the rules of this build: {why}"));
        PACK.get_or_init(compile)
    }

    /// The rules of this build with the user's own before them.
    ///
    /// # Errors
    /// As [`Pack::new`].
    pub fn with_own(own: RuleFile) -> Result<Self, String> {
        Self::new(engine_file(), own)
    }

    /// Which program and rules these are; the user's own are counted behind the id of ours, as `2026-11-a1b2c3d +2 own`.
    pub fn tool(&self) -> Tool {
        let mut rules = env!("UNDELIVERED_RULES").to_string();
        match self.own_rules().count() {
            0 => {}
            own => rules += &format!(" +{own} own"),
        }
        Tool { app: env!("CARGO_PKG_VERSION").into(), rules, schema: SCHEMA }
    }

    /// The user's own rules.
    pub fn own_rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().filter(|rule| rule.own)
    }

    /// Compiles rule files; rules of `own` outrank all others.
    ///
    /// # Errors
    /// The id of the rule that cannot be compiled, and why.
    pub fn new(file: RuleFile, own: RuleFile) -> Result<Self, String> {
        let providers: Vec<Provider> = file.provider.into_iter().chain(own.provider).collect();
        let mut rules = Vec::new();
        for (form, is_own) in file.rule.into_iter().map(|form| (form, false)).chain(own.rule.into_iter().map(|form| (form, true))) {
            let id = form.id.clone();
            rules.push(Rule::new(form, is_own, &providers).map_err(|why| format!("rule {id}: {why}"))?);
        }
        let mut pack = Self { providers, rules, ..Self::default() };
        pack.set_gate()?;
        let providers = || pack.providers.iter().enumerate();
        pack.hosts = providers().flat_map(|(i, p)| p.hosts.iter().map(move |host| (host.to_ascii_lowercase(), i))).collect();
        pack.domains = providers().flat_map(|(i, p)| p.domains.iter().map(move |name| (name.trim_end_matches(".*").into(), i))).collect();
        pack.ids = pack.providers.iter().map(|provider| (provider.id.as_str().into(), Role::from_id(&provider.role))).collect();
        pack.set_codes();
        Ok(pack)
    }

    fn set_codes(&mut self) {
        for (index, rule) in self.rules.iter().enumerate().filter(|(_, rule)| rule.text.is_empty()) {
            match rule.status.iter().map(|pattern| pattern.exact()).collect::<Option<Vec<_>>>() {
                Some(codes) if !codes.is_empty() => codes.into_iter().for_each(|code| self.coded.entry(code).or_default().push(index)),
                _ => self.bare.push(index),
            }
        }
    }

    fn set_gate(&mut self) -> Result<(), String> {
        let mut gate = gate::Builder::default();
        for (rule, compiled) in (0..).zip(&self.rules) {
            for (phrase, text) in (0..).zip(&compiled.text) {
                gate.phrase(text);
                self.phrases.push((rule, phrase));
            }
        }
        for (provider, form) in self.providers.iter().enumerate() {
            for mark in &form.marks {
                let mark = folded(&mark.to_lowercase());
                gate.needle(gate.next() + self.marks.len() as u32, &mark);
                self.marks.push((provider, mark));
            }
        }
        self.gate = gate.gate()?;
        Ok(())
    }

    /// Runs the gate over a face.
    pub fn wake(&self, face: &Face) -> Woken {
        let heard = Heard::of(&face.text);
        let mut woken = Woken { bits: heard.bits, ..Woken::default() };
        self.gate.wake(&face.text, &heard, |number| match (number as usize).checked_sub(self.phrases.len()) {
            None => woken.phrases.push(number),
            Some(mark) => {
                let stands = |mark: &str| mark.len() <= gate::NEEDLE || face.text.contains(mark);
                let mark = self.marks.get(mark).filter(|(_, mark)| stands(mark));
                woken.marks.extend(mark.map(|(provider, _)| *provider));
            }
        });
        woken.phrases.sort_unstable();
        woken.phrases.dedup();
        woken
    }

    /// The provider that this host name belongs to.
    pub fn provider_of_host(&self, host: &str) -> Option<usize> {
        under(&self.hosts, &host.trim_end_matches('.').to_ascii_lowercase())
    }

    /// Id of the mailbox provider whose customers have addresses of this domain; case does not matter.
    pub fn provider_of_domain(&self, domain: &str) -> Option<&str> {
        let domain = domain.trim_end_matches('.').to_ascii_lowercase();
        let anywhere = || {
            let (name, ending) = domain.split_once('.')?;
            let labels = ending.split('.').count();
            let of_country = labels <= 2 && ending.split('.').all(|label| matches!(label.len(), 2 | 3));
            self.domains.get(name).filter(|_| of_country).copied()
        };
        under(&self.domains, &domain).or_else(anywhere).and_then(|provider| Some(self.providers.get(provider)?.id.as_str()))
    }

    /// Whether this is one of the big mailbox providers.
    pub fn is_big(&self, provider: &str) -> bool {
        self.providers.iter().any(|known| known.big && known.id == provider)
    }

    /// Whether this one receives mail for people; a sending platform that wrote a reply itself does not.
    pub fn is_receiver(&self, provider: &str) -> bool {
        self.providers.iter().any(|known| known.id == provider && known.role == Role::MailboxProvider.id())
    }

    /// Id of a provider.
    pub fn id_of(&self, provider: usize) -> Option<Arc<str>> {
        self.ids.get(provider).map(|(id, _)| id.clone())
    }

    /// The rules whose words stand in the face and whose other conditions hold. Of the phrases of a rule that fit, the weightiest
    /// counts, and of those the first in the text.
    pub fn hits(&self, face: &Face, woken: &Woken, setting: Setting<'_>) -> Vec<Hit> {
        let mut hits: Vec<Hit> = Vec::new();
        let mut refused = None;
        for &(index, phrase) in woken.phrases.iter().filter_map(|number| self.phrases.get(*number as usize)) {
            let index = index as usize;
            let rule = &self.rules[index];
            let text = &rule.text[phrase as usize];
            let weight = text.weight + rule.conditions;
            // Phrases of one rule come one after another.
            let known = hits.last().filter(|hit| hit.rule == index);
            if refused == Some(index) || known.is_some_and(|known| known.weight > weight) {
                continue;
            }
            if !rule.fits(setting) {
                refused = Some(index);
                continue;
            }
            let Some(at) = text.find(&face.text, &woken.bits) else { continue };
            if let Some(known) = hits.last_mut().filter(|hit| hit.rule == index) {
                if known.weight < weight || known.at.first().is_some_and(|first| at.start < first.0) {
                    known.weight = weight;
                    known.at[0] = (at.start, at.end);
                }
                continue;
            }
            match rule.beside(face, &woken.bits) {
                Some(mut found) => {
                    found.insert(0, (at.start, at.end));
                    hits.push(Hit { rule: index, at: found, weight });
                }
                None => refused = Some(index),
            }
        }
        hits
    }

    /// The code rules whose conditions hold.
    pub fn code_hits(&self, face: &Face, woken: &Woken, setting: Setting<'_>) -> Vec<Hit> {
        let coded = setting.enhanced.and_then(|code| self.coded.get(&code)).into_iter().flatten();
        let fits = |index: &&usize| self.rules[**index].fits(setting) && self.rules[**index].beside(face, &woken.bits).is_some();
        let hit = |&rule: &usize| Hit { rule, at: Vec::new(), weight: self.rules[rule].conditions };
        coded.chain(&self.bare).filter(fits).map(hit).collect()
    }

    /// The role of a provider.
    pub fn role(&self, provider: usize) -> Option<Role> {
        self.ids.get(provider).and_then(|(_, role)| *role)
    }
}

/// What stands for this name or for the nearest one above it.
fn under(names: &HashMap<String, usize>, name: &str) -> Option<usize> {
    let mut rest = name;
    while rest.contains('.') {
        if let Some(found) = names.get(rest) {
            return Some(*found);
        }
        rest = rest.split_once('.')?.1;
    }
    None
}

/// The rules of this build as they were written.
pub fn rule_file() -> RuleFile {
    let mut file = engine_file();
    let examples: Vec<Examples> = pressed(include_str!(concat!(env!("OUT_DIR"), "/examples.json")));
    for (rule, examples) in file.rule.iter_mut().zip(examples) {
        (rule.seen, rule.hits, rule.misses) = (examples.seen, examples.hits, examples.misses);
    }
    file
}

/// The same without their examples.
fn engine_file() -> RuleFile {
    pressed(include_str!(concat!(env!("OUT_DIR"), "/rules.json")))
}

/// Reads what the build script wrote. A build whose own rules cannot be read must not judge anything.
fn pressed<T: serde::de::DeserializeOwned>(json: &str) -> T {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("the rules of this build: {error}"))
}
