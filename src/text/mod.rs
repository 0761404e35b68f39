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
    /// In place of a cause's line on the action, by action.
    #[serde(skip)]
    noted: HashMap<String, Words>,
    #[serde(flatten)]
    lines: HashMap<String, HashMap<String, String>>,
}

fn book() -> &'static Book {
    static BOOK: OnceLock<Book> = OnceLock::new();
    BOOK.get_or_init(|| {
        let mut book: Book = serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/en.json"))).unwrap_or_default();
        let notes = book.lines.get("action_note").into_iter().flatten();
        book.noted = notes.map(|(id, line)| (id.clone(), Words { action: Some(line.clone()), ..Words::default() })).collect();
        book
    })
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

/// What an outcome's words are taken from, the most fitting first: its rule's own words and those of the rules that it is like, what
/// fits its action where that is not the cause's own, then the cause's.
pub fn layers(cause: Cause, rule: Option<&str>, action: Action) -> Vec<&'static Words> {
    let book = book();
    let usual = cause.defaults().0;
    let mut layers = chain(rule);
    if action != usual {
        layers.extend(book.noted.get(action.id()));
        layers.extend((usual == Action::Suppress).then_some(&book.unproved));
    }
    layers.extend(book.cause.get(cause.id()));
    layers
}

/// The words of a rule, then those of the rule that it is like, and so on; the chain is bounded against circles.
fn chain(rule: Option<&str>) -> Vec<&'static Words> {
    let own = |id: &str| book().rule.get(id);
    std::iter::successors(rule.and_then(own), |words| words.like.as_deref().and_then(own)).take(4).collect()
}

/// The first of the layers' values of a field; empty where none has one.
pub fn first(layers: &[&'static Words], field: fn(&'static Words) -> &'static Option<String>) -> &'static str {
    layers.iter().find_map(|words| field(words).as_deref()).unwrap_or_default()
}

/// The words for a cause as this rule has them: the rule's own where it has some.
pub fn words(cause: Cause, rule: Option<&str>) -> Words {
    words_for(cause, rule, cause.defaults().0)
}

/// The words for an outcome: as [`words`], and fitting its action where that is not the cause's own.
pub fn words_for(cause: Cause, rule: Option<&str>, action: Action) -> Words {
    layers(cause, rule, action).into_iter().fold(Words::default(), |words, layer| words.over(layer.clone()))
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
