//! The shape of a rule file. Shared by the press (build time) and the engine (the user's own rules, at run time).

use serde::{Deserialize, Serialize};

/// One TOML file: the companies it speaks of, then its rules.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RuleFile {
    #[serde(default)]
    pub provider: Vec<Provider>,
    #[serde(default)]
    pub rule: Vec<RuleForm>,
}

/// A company, mail server or blocklist, and how a text gives it away.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// Lower snake case; the first part of its rules' ids.
    pub id: String,
    /// As a sentence writes it.
    pub name: String,
    /// `mailbox_provider`, `gateway`, `blocklist`, `esp` or `mta`.
    pub role: String,
    /// Host-name suffixes: `google.com` stands for itself and every name under it.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// Phrases that only this one says.
    #[serde(default)]
    pub marks: Vec<String>,
    /// What follows the `@` of its customers' addresses, and every name under it; `yahoo.*` under any country's ending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub domains: Vec<String>,
    /// A mailbox provider of so many people that trouble at several at once is the sender's own.
    #[serde(default, skip_serializing_if = "is_false")]
    pub big: bool,
}

/// One rule. `docs/rules.md` explains each key.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RuleForm {
    pub id: String,
    pub cause: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub text: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unless: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub code: Vec<u16>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub status: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stage: Vec<String>,
    /// Only where its provider was recognised by host or mark.
    #[serde(default, skip_serializing_if = "is_false")]
    pub from: bool,
    /// Words that many causes share: loses to every other wording.
    #[serde(default, skip_serializing_if = "is_false")]
    pub weak: bool,
    /// A word that names the matter without saying what of it: outranks `weak` wording, and keeps a proof of death that stands
    /// beside it from suppressing.
    #[serde(default, skip_serializing_if = "is_false")]
    pub topic: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Minutes to wait at least and at most, hours until giving up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry: Option<[u32; 3]>,
    /// BCP 47 tag where the wording is not English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// A code that the rule stands for and the phrases show, e.g. `S3150` (kind `block_code`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// Where the wording is documented; a rule of ours owes it, a user's own may leave it out.
    #[serde(default)]
    pub source: String,
    /// As `source`: owed by ours only.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub seen: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty", rename = "match")]
    pub hits: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty", rename = "miss")]
    pub misses: Vec<String>,
}

/// What only the rule browser and the tests ask a rule for: kept apart, so that the first verdict need not wait for it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Examples {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub seen: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hits: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub misses: Vec<String>,
}

impl Examples {
    /// Takes them out of a rule.
    pub fn taken_from(rule: &mut RuleForm) -> Self {
        let take = std::mem::take::<Vec<String>>;
        Self { seen: std::mem::take(&mut rule.seen), hits: take(&mut rule.hits), misses: take(&mut rule.misses) }
    }
}

impl RuleForm {
    /// Literal bytes that each phrase of `text` owes.
    pub fn least(&self) -> usize {
        if self.topic { SHORT_LITERAL } else { LITERAL }
    }
}

fn is_false(flag: &bool) -> bool {
    !flag
}

/// What is wrong with one key of a rule or provider.
#[derive(Clone, Debug, PartialEq)]
pub struct Complaint {
    /// The key; the reason names it where that is not plain.
    pub key: &'static str,
    /// Which entry of the key's list, from 0, where it is one of them.
    pub item: Option<usize>,
    /// In words.
    pub why: String,
}

impl Complaint {
    /// A complaint about a key as a whole.
    pub fn new(key: &'static str, why: impl Into<String>) -> Self {
        Self { key, item: None, why: why.into() }
    }
}

impl std::fmt::Display for Complaint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.why)
    }
}

const ROLES: [&str; 5] = ["mailbox_provider", "gateway", "blocklist", "esp", "mta"];
/// Shorter marks would stand in half of all texts.
const SHORTEST_MARK: usize = 4;

/// Everything wrong with a rule that shows without the engine; `causes` are the ids that exist.
pub fn check_rule(rule: &RuleForm, causes: &[&str]) -> Vec<Complaint> {
    let mut wrong = Vec::new();
    let named = rule.id.split_once('.').is_some_and(|(family, name)| is_name(family) && is_name(name));
    if !named || rule.id.len() > 80 {
        let why = "`id` owes a family and a name in lower case with a dot between, as own.quota_exceeded";
        wrong.push(Complaint::new("id", why));
    }
    if !causes.contains(&rule.cause.as_str()) {
        let why = match rule.cause.as_str() {
            "" => "`cause` is missing; choose one of the ids of the rule browser, as local_policy".into(),
            cause => format!("there is no cause {cause:?}{}", meant(cause, causes)),
        };
        wrong.push(Complaint::new("cause", why));
    }
    if rule.text.is_empty() && rule.code.is_empty() && rule.status.is_empty() {
        wrong.push(Complaint::new("text", "it owes words to look for in `text`, or a `code` or `status`"));
    }
    wrong.extend(check_codes(rule));
    for (key, list, least) in
        [("text", &rule.text, rule.least()), ("also", &rule.also, SHORT_LITERAL), ("unless", &rule.unless, SHORT_LITERAL)]
    {
        let phrases = list.iter().enumerate();
        wrong.extend(
            phrases.filter_map(|(item, phrase)| Some(Complaint { key, item: Some(item), why: check_phrase(phrase, least).err()? })),
        );
    }
    wrong
}

fn check_codes(rule: &RuleForm) -> Vec<Complaint> {
    let mut wrong = Vec::new();
    for (item, code) in rule.code.iter().enumerate().filter(|(_, code)| !matches!(code, 2..=5 | 200..=599)) {
        wrong.push(Complaint {
            key: "code",
            item: Some(item),
            why: format!("{code} is no reply code; write one as 550, or its class, 4 or 5"),
        });
    }
    if rule.retry.is_some_and(|[least, most, _]| least > most) {
        wrong.push(Complaint::new("retry", "`retry` is [minutes at least, minutes at most, hours until giving up]"));
    }
    wrong
}

/// Everything wrong with a provider.
pub fn check_provider(provider: &Provider) -> Vec<Complaint> {
    let mut wrong = Vec::new();
    if !is_name(&provider.id) {
        wrong.push(Complaint::new("id", "`id` owes a name in lower case, as example_mail"));
    }
    if provider.name.trim().is_empty() {
        wrong.push(Complaint::new("name", "`name` is missing: how a sentence writes it"));
    }
    if !ROLES.contains(&provider.role.as_str()) {
        wrong.push(Complaint::new("role", format!("`role` is one of {}", ROLES.join(", "))));
    }
    for (item, mark) in provider.marks.iter().enumerate().filter(|(_, mark)| mark.len() < SHORTEST_MARK) {
        wrong.push(Complaint { key: "marks", item: Some(item), why: format!("mark {mark:?} owes at least {SHORTEST_MARK} bytes") });
    }
    for (item, domain) in provider.domains.iter().enumerate().filter(|(_, domain)| !is_domain(domain)) {
        let why = format!("{domain:?} is no mail domain; write one as example.com, or example.* for every country's");
        wrong.push(Complaint { key: "domains", item: Some(item), why });
    }
    wrong
}

/// `example.com`, or `example.*`.
fn is_domain(domain: &str) -> bool {
    let label = |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    let (labels, any) = domain.strip_suffix(".*").map_or((domain, false), |labels| (labels, true));
    labels.split('.').all(label) && (any != labels.contains('.'))
}

/// Lower snake case, with the dots and dashes that codes bring along.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_.-".contains(&b))
}

/// `; did you mean …?`, where one of these ids is near.
pub fn meant(word: &str, ids: &[&str]) -> String {
    let near = ids.iter().map(|id| (distance(word, id), id)).min().filter(|(distance, id)| *distance <= id.len() / 3);
    near.map(|(_, id)| format!("; did you mean {id:?}?")).unwrap_or_default()
}

/// Levenshtein's distance in bytes; words longer than any id are far from all.
fn distance(one: &str, other: &str) -> usize {
    if one.len() > 64 {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (n, a) in one.bytes().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], n + 1);
        for (m, b) in other.bytes().enumerate() {
            let swap = corner + usize::from(a != b);
            corner = row[m + 1];
            row[m + 1] = swap.min(row[m] + 1).min(corner + 1);
        }
    }
    row[other.len()]
}

/// Literal bytes that a phrase of `text` owes at least.
pub const LITERAL: usize = 5;
/// The same for `also` and `unless`, which no automaton has to find.
pub const SHORT_LITERAL: usize = 3;

/// Phrase syntax: every stretch between gaps begins with a literal, and the literals have at least `least` bytes together; of a
/// choice the shortest option counts.
///
/// # Errors
/// What is wrong with the phrase, in words.
pub fn check_phrase(phrase: &str, least: usize) -> Result<(), String> {
    if phrase.chars().any(char::is_uppercase) {
        return Err(format!("phrase {phrase:?} must be lower case"));
    }
    let mut literal = 0;
    for stretch in phrase.split(['*', '~']).map(str::trim).filter(|stretch| !stretch.is_empty()) {
        let parts = parts(stretch)?;
        if parts.first().is_none_or(|part| part.least() == 0) {
            return Err(format!("phrase {phrase:?}: a stretch begins with a placeholder or with nothing"));
        }
        if let Some(name) = parts.iter().find_map(Part::stranger) {
            return Err(format!("phrase {phrase:?}: no placeholder {{{name}}}"));
        }
        literal += parts.iter().map(Part::least).sum::<usize>();
    }
    if literal < least {
        return Err(format!("phrase {phrase:?} owes at least {least} literal bytes"));
    }
    Ok(())
}

/// One part of a stretch.
#[derive(Debug)]
pub enum Part<'a> {
    Literal(&'a str),
    /// `{a|b}`
    Choice(Vec<&'a str>),
    /// `{ip}`, by its name.
    Placeholder(&'a str),
}

impl Part<'_> {
    /// Bytes that are literal at least.
    fn least(&self) -> usize {
        match self {
            Self::Literal(text) => text.len(),
            Self::Choice(options) => options.iter().map(|option| option.len()).min().unwrap_or(0),
            Self::Placeholder(_) => 0,
        }
    }

    /// A placeholder that is none.
    fn stranger(&self) -> Option<&str> {
        match self {
            Self::Placeholder(name) => Some(*name).filter(|name| !PLACEHOLDERS.contains(name)),
            _ => None,
        }
    }
}

const PLACEHOLDERS: [&str; 6] = ["n", "ip", "host", "addr", "id", "w"];

/// The parts of a stretch, in order.
///
/// # Errors
/// An open brace without its end.
pub fn parts(stretch: &str) -> Result<Vec<Part<'_>>, String> {
    let mut found = Vec::new();
    let mut rest = stretch;
    while let Some((literal, tail)) = rest.split_once('{') {
        if !literal.is_empty() {
            found.push(Part::Literal(literal));
        }
        let (name, after) = tail.split_once('}').ok_or_else(|| format!("{stretch:?}: '{{' without '}}'"))?;
        found.push(match name {
            name if name.contains('|') => Part::Choice(name.split('|').collect()),
            name => Part::Placeholder(name),
        });
        rest = after;
    }
    if !rest.is_empty() {
        found.push(Part::Literal(rest));
    }
    Ok(found)
}
