//! Every reply that the founding articles quote, and three rewordings of each: bucket, action and a do-not.

use serde::Deserialize;
#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[derive(Deserialize)]
struct Table {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    article: String,
    text: String,
    bucket: Vec<String>,
    action: Vec<String>,
    do_not: String,
    again: Vec<String>,
}

/// What is wrong with the verdict on one wording, if anything.
fn fault(case: &Case, text: &str) -> Option<String> {
    let decoded = undelivered::decode_text(text);
    let [outcome] = decoded.outcomes.as_slice() else { return Some(format!("{} outcomes", decoded.outcomes.len())) };
    let (bucket, action) = (outcome.bucket.id(), outcome.action.id());
    if !case.bucket.iter().any(|id| id == bucket) || !case.action.iter().any(|id| id == action) {
        return Some(format!("{bucket}/{} {action} ({})", outcome.cause.id(), outcome.confidence.id()));
    }
    let told = outcome.do_not.iter().any(|line| case.do_not.split('|').any(|word| line.to_lowercase().contains(word)));
    (!told).then(|| format!("{}: no do-not with {:?} in {:?}", outcome.cause.id(), case.do_not, outcome.do_not))
}

#[test]
fn the_articles_replies_and_their_rewordings() {
    let table: Table = toml::from_str(include_str!("articles.toml")).expect("the table is TOML");
    let mut wrong = Vec::new();
    for case in &table.case {
        assert_eq!(case.again.len(), 3, "three rewordings of {}", case.text);
        for text in std::iter::once(&case.text).chain(&case.again) {
            if let Some(fault) = fault(case, text) {
                wrong.push(format!("[{}] {text}\n      {fault}", case.article));
            }
        }
    }
    assert!(wrong.is_empty(), "{} verdict(s) went wrong:\n  {}", wrong.len(), wrong.join("\n  "));
}
