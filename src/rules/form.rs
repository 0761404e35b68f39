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
    pub source: String,
    pub seen: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty", rename = "match")]
    pub hits: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty", rename = "miss")]
    pub misses: Vec<String>,
}

fn is_false(flag: &bool) -> bool {
    !flag
}

/// Ways that one phrase may be read at most.
const CHOICES: usize = 600;

/// Phrase syntax: every stretch between gaps begins with a literal, and one literal has at least five bytes.
///
/// # Errors
/// What is wrong with the phrase, in words.
pub fn check_phrase(phrase: &str) -> Result<(), String> {
    if phrase.chars().any(char::is_uppercase) {
        return Err(format!("phrase {phrase:?} must be lower case"));
    }
    spread(phrase)?.iter().try_for_each(|plain| check_plain(plain))
}

/// Every way to read the choices `{a|b|c}` of a phrase.
///
/// # Errors
/// A choice that is not closed, or too many ways.
pub fn spread(phrase: &str) -> Result<Vec<String>, String> {
    let mut ways = vec![String::new()];
    let mut rest = phrase;
    while let Some(open) = rest.find('{') {
        let close = rest[open..].find('}').ok_or_else(|| format!("{phrase:?}: '{{' without '}}'"))? + open;
        let inner = &rest[open + 1..close];
        let options: Vec<&str> = if inner.contains('|') { inner.split('|').collect() } else { vec![&rest[open..=close]] };
        if ways.len() * options.len() > CHOICES {
            return Err(format!("phrase {phrase:?} can be read in more than {CHOICES} ways"));
        }
        ways = ways.iter().flat_map(|way| options.iter().map(move |option| format!("{way}{}{option}", &rest[..open]))).collect();
        rest = &rest[close + 1..];
    }
    ways.iter_mut().for_each(|way| way.push_str(rest));
    Ok(ways)
}

fn check_plain(phrase: &str) -> Result<(), String> {
    let mut longest = 0;
    for stretch in phrase.split(['*', '~']).map(str::trim).filter(|stretch| !stretch.is_empty()) {
        if stretch.starts_with('{') {
            return Err(format!("phrase {phrase:?}: a stretch begins with a placeholder"));
        }
        for literal in literals(stretch)? {
            longest = longest.max(literal.len());
        }
    }
    if longest < 5 {
        return Err(format!("phrase {phrase:?} owes a literal of at least five bytes"));
    }
    Ok(())
}

const PLACEHOLDERS: [&str; 6] = ["n", "ip", "host", "addr", "id", "w"];

/// The literal pieces of a stretch, between its placeholders.
fn literals(stretch: &str) -> Result<Vec<&str>, String> {
    let mut found = Vec::new();
    let mut rest = stretch;
    while let Some(open) = rest.find('{') {
        found.push(&rest[..open]);
        let close = rest[open..].find('}').ok_or_else(|| format!("{stretch:?}: '{{' without '}}'"))? + open;
        let name = &rest[open + 1..close];
        if !PLACEHOLDERS.contains(&name) {
            return Err(format!("{stretch:?}: no placeholder {{{name}}}"));
        }
        rest = &rest[close + 1..];
    }
    found.push(rest);
    Ok(found)
}
