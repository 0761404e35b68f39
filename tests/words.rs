//! The words of the card: whole, fillable, and never at odds with what the verdict says.

use undelivered::text::{self, Words};
use undelivered::verdict::{Action, Address, Bucket, Cause, Confidence, Form, Owner, Permanence, Role, Stage};

const PLACEHOLDERS: [&str; 11] =
    ["provider", "Provider", "the_ip", "The_ip", "domain", "recipient", "Recipient", "list", "List", "token", "host"];

fn sentences(words: &Words) -> Vec<String> {
    let lines =
        [&words.title, &words.summary, &words.owner, &words.attempt, &words.address, &words.action, &words.why_not, &words.would_win];
    let lists = [&words.meaning, &words.dos, &words.do_not];
    let steps = words.steps.iter().flatten().map(|step| step.text.clone());
    lines.into_iter().flatten().chain(lists.into_iter().flatten().flatten()).cloned().chain(steps).collect()
}

/// The words of every cause, and of every rule over an empty base.
fn all() -> Vec<(String, Words)> {
    let causes = Cause::ALL.iter().map(|cause| (cause.id().to_string(), text::words(*cause, None)));
    causes.chain(text::rules_with_words().map(|id| (id.to_string(), text::words(Cause::Unclassified, Some(id))))).collect()
}

#[test]
fn every_placeholder_is_known_and_has_a_fallback() {
    for name in PLACEHOLDERS {
        assert!(!text::line("fallback", &name.to_lowercase()).is_empty(), "{name}");
    }
    for (id, words) in all() {
        for sentence in sentences(&words) {
            let filled = text::fill(&sentence, |name| PLACEHOLDERS.contains(&name).then(String::new));
            assert!(!filled.contains('{'), "{id}: {sentence}");
            assert!(!sentence.contains('!'), "{id}: {sentence}");
        }
    }
}

#[test]
fn every_warning_names_what_it_is_given() {
    let given = ["code", "enhanced", "cause", "other", "source", "label", "domain", "likely"];
    let keys = [
        "class_mismatch",
        "bad_enhanced_class",
        "code_against_words",
        "label_conflict",
        "truncated",
        "typo_domain",
        "temporary_dead",
        "temporary_permanent",
    ];
    for key in keys {
        let told = text::fill(text::line("warning", key), |name| given.contains(&name).then(String::new));
        assert!(!told.is_empty() && !told.contains('{'), "{key}: {told}");
    }
}

#[test]
fn every_card_is_whole() {
    for (id, words) in all() {
        for line in [&words.title, &words.summary, &words.owner, &words.address, &words.action, &words.why_not, &words.would_win] {
            assert!(line.as_ref().is_some_and(|line| !line.is_empty()), "{id}");
        }
        let counts = [&words.meaning, &words.dos, &words.do_not].map(|list| list.as_ref().map_or(0, Vec::len));
        assert!(counts.iter().all(|count| (1..=4).contains(count)), "{id}: {counts:?}");
        assert!(words.steps.is_some_and(|steps| (1..=5).contains(&steps.len())), "{id}");
    }
}

/// Only causes that prove a death tell a person to suppress; where the address is not at fault, the first warning says so.
#[test]
fn only_a_proof_of_death_suppresses() {
    let spares = |line: &str| line.starts_with("Suppress ") || line.starts_with("Count it") || line.starts_with("Mail this person");
    for cause in Cause::ALL {
        let (action, _, address, _) = cause.defaults();
        let words = text::words(*cause, None);
        let told = words.dos.iter().flatten().chain(&words.summary).any(|line| line.contains("Suppress") || line.contains("Stop mailing"));
        let proof = action == Action::Suppress;
        assert!(proof || !told, "{cause:?} tells to suppress");
        let first = words.do_not.iter().flatten().next().cloned().unwrap_or_default();
        assert!(proof || address == Address::Invalid || spares(&first), "{cause:?}: {first}");
        let unproved = text::words_for(*cause, None, Action::Review);
        let tells = unproved.dos.iter().flatten().chain(&unproved.summary).any(|line| line.starts_with("Suppress"));
        assert!(!tells, "{cause:?} tells to suppress although it is to be reviewed");
    }
}

#[test]
fn every_id_has_a_name() {
    let named = |table: &str, id: &str| assert!(!text::line(table, id).is_empty(), "{table}.{id}");
    Action::ALL.iter().for_each(|value| named("action_name", value.id()));
    Action::ALL.iter().for_each(|value| named("action_note", value.id()));
    Owner::ALL.iter().for_each(|value| named("owner_name", value.id()));
    Address::ALL.iter().for_each(|value| named("address_name", value.id()));
    Permanence::ALL.iter().for_each(|value| named("permanence_name", value.id()));
    Permanence::ALL.iter().for_each(|value| named("attempt", value.id()));
    Confidence::ALL.iter().for_each(|value| named("confidence_name", value.id()));
    Stage::ALL.iter().for_each(|value| named("stage_name", value.id()));
    Bucket::ALL.iter().for_each(|value| named("bucket_name", value.id()));
    Form::ALL.iter().for_each(|value| named("form_name", value.id()));
    Role::ALL.iter().for_each(|value| named("role_name", value.id()));
}

/// The reply codes of RFC 5321 §4.2.3, RFC 7504, RFC 4954 and RFC 3207, and every entry of the IANA registry of enhanced codes.
#[test]
fn every_standard_code_is_explained() {
    let codes: serde_json::Value = serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/codes.json"))).expect("pressed at build");
    let replies = "211 214 220 221 235 250 251 252 334 354 421 432 450 451 452 454 455 500 501 502 503 504 521 530 534 535 538 550 551 552 553 554 555 556";
    let registry = [0, 10, 4, 6, 7, 6, 10, 30].into_iter().enumerate();
    let enhanced = registry.flat_map(|(subject, last)| (0..=last).map(move |detail| ("enhanced", format!("{subject}.{detail}"))));
    for (table, code) in replies.split(' ').map(|code| ("reply", code.to_string())).chain(enhanced) {
        let entry = &codes[table][&code];
        assert!(entry["title"].is_string() && entry["text"].is_string() && entry["rfc"].is_string(), "{table} {code}");
    }
    for (code, entry) in ["reply", "enhanced"].iter().filter_map(|table| codes[table].as_object()).flatten() {
        let uses = entry["uses"].as_array().into_iter().flatten().filter_map(serde_json::Value::as_str);
        assert!(uses.clone().all(|id| Cause::from_id(id).is_some()), "{code}");
        assert!(entry["rfc"].is_string() || entry["by"].is_string() || entry["note"].is_string(), "{code}: whose is it?");
    }
}
