//! What to tell a person: sentences by cause, by rule and by fact, read from `src/text/en.toml`.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::verdict::{Action, Cause};

/// The words of one cause, or what a rule says instead. Templates hold placeholders such as `{provider}`.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Words {
    /// Another rule whose words come first where these say nothing.
    pub like: Option<String>,
    pub title: Option<String>,
    pub summary: Option<String>,
    pub meaning: Option<Vec<String>>,
    pub owner: Option<String>,
    /// The line under "This attempt", where the permanence's own does not fit.
    pub attempt: Option<String>,
    pub address: Option<String>,
    pub action: Option<String>,
    #[serde(rename = "do")]
    pub dos: Option<Vec<String>>,
    pub do_not: Option<Vec<String>>,
    pub steps: Option<Vec<Step>>,
    /// Why this cause loses when another wins, and what would make it win.
    pub why_not: Option<String>,
    pub would_win: Option<String>,
}

/// One step: what, and who takes it in how long.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Step {
    pub text: String,
    #[serde(default)]
    pub who: String,
}

#[derive(Debug, Default, Deserialize)]
struct Book {
    cause: HashMap<String, Words>,
    /// In place of a cause's words where it would suppress and the proof is too thin.
    unproved: Words,
    #[serde(default)]
    rule: HashMap<String, Words>,
    #[serde(flatten)]
    lines: HashMap<String, HashMap<String, String>>,
}

fn book() -> &'static Book {
    static BOOK: OnceLock<Book> = OnceLock::new();
    BOOK.get_or_init(|| serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/en.json"))).unwrap_or_default())
}

impl Words {
    /// These words, and those of `base` where these say nothing.
    fn over(self, base: Self) -> Self {
        Self {
            like: self.like,
            title: self.title.or(base.title),
            summary: self.summary.or(base.summary),
            meaning: self.meaning.or(base.meaning),
            owner: self.owner.or(base.owner),
            attempt: self.attempt.or(base.attempt),
            address: self.address.or(base.address),
            action: self.action.or(base.action),
            dos: self.dos.or(base.dos),
            do_not: self.do_not.or(base.do_not),
            steps: self.steps.or(base.steps),
            why_not: self.why_not.or(base.why_not),
            would_win: self.would_win.or(base.would_win),
        }
    }
}

/// The words for a cause as this rule has them: the rule's own where it has some.
pub fn words(cause: Cause, rule: Option<&str>) -> Words {
    let base = book().cause.get(cause.id()).cloned().unwrap_or_default();
    own_words(rule).over(base)
}

/// The words for an outcome: as [`words`], and fitting its action where that is not the cause's own.
pub fn words_for(cause: Cause, rule: Option<&str>, action: Action) -> Words {
    let usual = cause.defaults().0;
    if action == usual {
        return words(cause, rule);
    }
    let noted = Words { action: Some(line("action_note", action.id()).to_string()), ..Words::default() };
    let unproved = if usual == Action::Suppress { book().unproved.clone() } else { Words::default() };
    own_words(rule).over(noted).over(unproved).over(words(cause, None))
}

/// The words of a rule, then those of the rule that it is like, and so on; the chain is bounded against circles.
fn own_words(rule: Option<&str>) -> Words {
    let mut words = Words::default();
    let mut next = rule.map(str::to_string);
    for _ in 0..4 {
        let Some(own) = next.as_deref().and_then(|id| book().rule.get(id)) else { break };
        words = words.over(own.clone());
        next.clone_from(&own.like);
    }
    words
}

/// Ids of the rules that have words of their own.
pub fn rules_with_words() -> impl Iterator<Item = &'static str> {
    book().rule.keys().map(String::as_str)
}

/// One of the engine's own sentences, as `line("confidence", "high_wording")`; empty where there is none.
pub fn line(table: &str, key: &str) -> &'static str {
    book().lines.get(table).and_then(|lines| lines.get(key)).map_or("", String::as_str)
}

/// Fills `{name}` placeholders; an unknown one is left as it stands.
pub fn fill(template: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, tail)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, after)) = tail.split_once('}') else {
            filled.push('{');
            rest = tail;
            continue;
        };
        match value(name) {
            Some(value) => filled.push_str(&value),
            None => filled.extend(["{", name, "}"]),
        }
        rest = after;
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_has_its_words() {
        for cause in Cause::ALL {
            assert!(words(*cause, None).summary.is_some_and(|summary| !summary.is_empty()), "{cause:?}");
        }
        assert_ne!(words_for(Cause::UserUnknown, None, Action::Review).summary, words(Cause::UserUnknown, None).summary);
        let (own, like) = (words(Cause::LocalPolicy, Some("apple.cs02")), words(Cause::LocalPolicy, Some("apple.hm08")));
        assert!(own.steps.is_some() && own.summary == like.summary && own.meaning != like.meaning);
        assert_eq!(line("fallback", "provider"), "the receiver");
    }

    #[test]
    fn fills_what_it_knows() {
        let value = |name: &str| (name == "ip").then(|| "192.0.2.7".to_string());
        assert_eq!(fill("from {ip} by {who} {", value), "from 192.0.2.7 by {who} {");
    }
}
