//! Plays every rule's examples against all rules: each `match` is won by its own rule, no `miss` is.

#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use undelivered::judge::pack::{Pack, Rule, rule_file};
use undelivered::verdict::{Decoded, Proof};

/// The rule that won the first outcome.
fn winner(decoded: &Decoded) -> Option<String> {
    let outcome = decoded.outcomes.first()?;
    outcome.evidence.iter().find(|proof| proof.kind == Proof::Wording).map(|proof| proof.rule.clone())
}

#[test]
fn every_example_is_won_by_its_own_rule() {
    let mut wrong = Vec::new();
    for rule in rule_file().rule.iter().filter(|rule| !rule.text.is_empty()) {
        for text in &rule.hits {
            let won = winner(&undelivered::decode_text(text));
            if won.as_deref() != Some(rule.id.as_str()) {
                wrong.push(format!("{}: its match is won by {}: {text}", rule.id, won.unwrap_or_else(|| "nobody".into())));
            }
        }
        for text in &rule.misses {
            if winner(&undelivered::decode_text(text)).as_deref() == Some(rule.id.as_str()) {
                wrong.push(format!("{}: it wins its miss: {text}", rule.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{} example(s) went wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn no_example_is_a_tie() {
    let pack = undelivered::judge::pack::Pack::built_in();
    let mut ties = Vec::new();
    for text in rule_file().rule.iter().flat_map(|rule| rule.hits.clone()) {
        let ranking = undelivered::judge::ranking(&undelivered::read::read_text(&text), pack);
        if let [(one, cause, rank), (other, other_cause, other_rank), ..] = ranking.as_slice()
            && rank == other_rank
            && cause != other_cause
        {
            ties.push(format!("{one} and {other} tie on: {text}"));
        }
    }
    assert!(ties.is_empty(), "{} tie(s):\n{}", ties.len(), ties.join("\n"));
}

#[test]
fn words_stand_only_for_rules_that_exist() {
    let file = rule_file();
    let strays: Vec<_> = undelivered::text::rules_with_words().filter(|id| !file.rule.iter().any(|rule| rule.id == *id)).collect();
    assert!(strays.is_empty(), "src/text/en.toml has words for rules that do not exist: {strays:?}");
}

#[test]
fn every_rule_compiles() {
    let file = rule_file();
    let wrong: Vec<_> = file.rule.iter().filter_map(|rule| Some((&rule.id, Rule::complaint(rule, &file.provider)?))).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    if let Err(why) = Pack::new(file, Default::default()) {
        panic!("{why}");
    }
    assert!(Pack::built_in().rules.len() > 1000, "the pack in force is not ours");
}
