//! The compiled rules: phrases behind a literal gate, code rules in a list, companies by host and mark.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use aho_corasick::AhoCorasick;

use super::face::Face;
use super::fold::folded;
use super::phrase::Phrase;
use crate::read::codes::Enhanced;
use crate::rules::form::{Complaint, Provider, RuleFile, RuleForm, SHORT_LITERAL};
use crate::verdict::{Action, Address, Cause, Confidence, Owner, RetryAfter, Role, SCHEMA, Stage, Tool};

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
    text: Vec<Phrase>,
    also: Vec<Phrase>,
    unless: Vec<Phrase>,
    status: Vec<StatusPattern>,
    stage: Vec<Stage>,
    /// What the conditions besides `text` add to the weight of a match.
    conditions: usize,
}

/// `5.7.1`, `5.7.*` or `5.*.*`.
#[derive(Clone, Copy, Debug)]
struct StatusPattern {
    class: u8,
    /// `None`: any number.
    subject: Option<u16>,
    detail: Option<u16>,
}

/// What a rule may ask about besides the words.
#[derive(Clone, Copy, Debug, Default)]
pub struct Setting<'a> {
    pub code: Option<u16>,
    pub enhanced: Option<Enhanced>,
    pub stage: Option<Stage>,
    /// Indexes of the providers recognised by host or mark.
    pub known: &'a [usize],
}

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
#[derive(Debug)]
pub struct Pack {
    pub providers: Vec<Provider>,
    pub rules: Vec<Rule>,
    gate: AhoCorasick,
    /// For each needle of the gate, what it wakes.
    wakes: Vec<Vec<Wake>>,
    hosts: HashMap<String, usize>,
    /// Mail domains; `yahoo` for `yahoo.*`.
    domains: HashMap<String, usize>,
    /// Id of each provider, cheap to hand out.
    ids: Vec<Arc<str>>,
    /// Rules without words.
    bare: Vec<usize>,
}

/// What the literals of a face wake: phrases to try, and providers whose marks stand there.
#[derive(Debug, Default)]
pub struct Woken {
    /// Rule, phrase, and the byte where the phrase's anchor stands.
    phrases: Vec<(usize, usize, usize)>,
    /// Indexes into [`Pack::providers`].
    pub marks: Vec<usize>,
}

#[derive(Clone, Copy, Debug)]
enum Wake {
    Phrase { rule: usize, phrase: usize },
    Mark { provider: usize, mark: usize },
}

impl Pack {
    /// The rules that are pressed into this build.
    pub fn built_in() -> &'static Self {
        static PACK: OnceLock<Pack> = OnceLock::new();
        PACK.get_or_init(|| Self::new(rule_file(), RuleFile::default()).unwrap_or_else(|_| Self::empty()))
    }

    fn empty() -> Self {
        Self {
            providers: Vec::new(),
            rules: Vec::new(),
            gate: AhoCorasick::new([""; 0]).unwrap_or_else(|_| unreachable!("no needles")),
            wakes: Vec::new(),
            hosts: HashMap::new(),
            domains: HashMap::new(),
            ids: Vec::new(),
            bare: Vec::new(),
        }
    }

    /// The rules of this build with the user's own before them.
    ///
    /// # Errors
    /// As [`Pack::new`].
    pub fn with_own(own: RuleFile) -> Result<Self, String> {
        Self::new(rule_file(), own)
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
        let mut pack = Self { providers, rules, ..Self::empty() };
        pack.set_gate()?;
        let providers = || pack.providers.iter().enumerate();
        pack.hosts = providers().flat_map(|(i, p)| p.hosts.iter().map(move |host| (host.to_ascii_lowercase(), i))).collect();
        pack.domains = providers().flat_map(|(i, p)| p.domains.iter().map(move |name| (name.trim_end_matches(".*").into(), i))).collect();
        pack.ids = pack.providers.iter().map(|provider| provider.id.as_str().into()).collect();
        pack.bare = (0..pack.rules.len()).filter(|i| pack.rules[*i].text.is_empty()).collect();
        Ok(pack)
    }

    fn set_gate(&mut self) -> Result<(), String> {
        let mut needles: HashMap<String, Vec<Wake>> = HashMap::new();
        for (rule, compiled) in self.rules.iter().enumerate() {
            for (phrase, text) in compiled.text.iter().enumerate() {
                for anchor in text.anchors() {
                    needles.entry(needle(anchor).to_string()).or_default().push(Wake::Phrase { rule, phrase });
                }
            }
        }
        for (provider, form) in self.providers.iter().enumerate() {
            for (index, mark) in form.marks.iter().enumerate() {
                needles.entry(needle(&folded(&mark.to_lowercase())).to_string()).or_default().push(Wake::Mark { provider, mark: index });
            }
        }
        let (literals, wakes): (Vec<String>, Vec<Vec<Wake>>) = needles.into_iter().unzip();
        self.gate = AhoCorasick::new(literals).map_err(|error| error.to_string())?;
        self.wakes = wakes;
        Ok(())
    }

    /// Runs the gate over a face.
    pub fn wake(&self, face: &Face) -> Woken {
        let mut woken = Woken::default();
        for heard in self.gate.find_overlapping_iter(&face.text) {
            for wake in &self.wakes[heard.pattern().as_usize()] {
                match *wake {
                    Wake::Phrase { rule, phrase } => woken.phrases.push((rule, phrase, heard.start())),
                    Wake::Mark { provider, mark } => {
                        let whole = folded(&self.providers[provider].marks[mark].to_lowercase());
                        if face.text[heard.start()..].starts_with(&whole) {
                            woken.marks.push(provider);
                        }
                    }
                }
            }
        }
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
        self.ids.get(provider).cloned()
    }

    /// The rules whose words stand in the face and whose other conditions hold. A phrase with gaps is searched once, and
    /// a rule's conditions are asked once where they do not hold, however often its words stand, so that the time stays linear.
    pub fn hits(&self, face: &Face, woken: &Woken, setting: Setting<'_>) -> Vec<Hit> {
        let mut hits: Vec<Hit> = Vec::new();
        let mut searched: Vec<(usize, usize)> = Vec::new();
        let mut refused: Vec<usize> = Vec::new();
        for &(index, phrase, anchor) in &woken.phrases {
            let rule = &self.rules[index];
            let text = &rule.text[phrase];
            let weight = text.weight() + rule.conditions;
            let known = hits.iter().position(|hit| hit.rule == index);
            if known.is_some_and(|known| hits[known].weight >= weight) || searched.contains(&(index, phrase)) || refused.contains(&index) {
                continue;
            }
            if !text.is_literal() {
                searched.push((index, phrase));
            }
            let Some(at) = text.find_anchored(&face.text, anchor) else { continue };
            let Some(mut found) = rule.holds(face, setting) else {
                refused.push(index);
                continue;
            };
            found.insert(0, (at.start, at.end));
            let hit = Hit { rule: index, at: found, weight };
            match known {
                Some(known) => hits[known] = hit,
                None => hits.push(hit),
            }
        }
        hits
    }

    /// The code rules whose conditions hold.
    pub fn code_hits(&self, face: &Face, setting: Setting<'_>) -> Vec<Hit> {
        let fits = |index: &&usize| self.rules[**index].holds(face, setting).is_some();
        self.bare.iter().filter(fits).map(|&rule| Hit { rule, at: Vec::new(), weight: self.rules[rule].conditions }).collect()
    }

    /// The role of a provider.
    pub fn role(&self, provider: usize) -> Option<Role> {
        self.providers.get(provider).and_then(|p| Role::from_id(&p.role))
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

/// What the gate listens for of an anchor: its first bytes. They tell texts apart well enough, and keep the automaton
/// small and quick to build; whoever is woken looks at the whole.
fn needle(anchor: &str) -> &str {
    &anchor[..anchor.floor_char_boundary(12)]
}

/// The rules of this build as they were written.
pub fn rule_file() -> RuleFile {
    serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/rules.json"))).unwrap_or_default()
}

impl Rule {
    /// What keeps a rule from being compiled, where something does.
    pub fn complaint(form: &RuleForm, providers: &[Provider]) -> Option<Complaint> {
        Self::new(form.clone(), true, providers).err()
    }

    fn new(form: RuleForm, own: bool, providers: &[Provider]) -> Result<Self, Complaint> {
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
            unless: phrases("unless", &form.unless, SHORT_LITERAL)?,
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

    /// Every phrase of the rule.
    pub(super) fn phrases(&self) -> impl Iterator<Item = &Phrase> {
        self.text.iter().chain(&self.also).chain(&self.unless)
    }

    /// Where the words of `also` stand, if every condition but `text` holds.
    fn holds(&self, face: &Face, setting: Setting<'_>) -> Option<Vec<(usize, usize)>> {
        let code = |code: u16| self.form.code.iter().any(|want| *want == code || *want == code / 100);
        let status = |found: Enhanced| self.status.iter().any(|pattern| pattern.fits(found));
        let fits = (self.form.code.is_empty() || setting.code.is_some_and(code))
            && (self.status.is_empty() || setting.enhanced.is_some_and(status))
            && (self.stage.is_empty() || setting.stage.is_some_and(|stage| self.stage.contains(&stage)))
            && (!self.form.from || self.provider.is_some_and(|provider| setting.known.contains(&provider)))
            && !self.unless.iter().any(|phrase| phrase.find(&face.text).is_some());
        if !fits {
            return None;
        }
        self.also.iter().map(|phrase| phrase.find(&face.text).map(|at| (at.start, at.end))).collect()
    }
}

/// What the conditions besides `text` add to the weight of a match: a little each, so that the narrower rule wins.
fn weight_of_conditions(form: &RuleForm, also: &[Phrase]) -> usize {
    let exact = form.status.iter().any(|pattern| !pattern.ends_with('*'));
    let narrower = 2 * usize::from(!form.code.is_empty())
        + 3 * usize::from(!form.status.is_empty())
        + 3 * usize::from(exact)
        + 2 * usize::from(form.from);
    also.iter().map(Phrase::weight).sum::<usize>() + narrower
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

    fn fits(self, code: Enhanced) -> bool {
        self.class == code.class
            && self.subject.is_none_or(|subject| subject == code.subject)
            && self.detail.is_none_or(|detail| detail == code.detail)
    }
}
