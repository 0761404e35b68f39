//! The documents keep up with the program: `docs/verdict.md` names every id and field, its example is real, and no link leads nowhere.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use undelivered::verdict::{Action, Address, Bucket, Cause, Confidence, Form, Owner, Permanence, Proof, Role, Stage, TokenKind};

const TOP: &str = env!("CARGO_MANIFEST_DIR");

fn document(name: &str) -> String {
    let path = Path::new(TOP).join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn verdict_as_json(text: &str) -> Value {
    serde_json::to_value(undelivered::decode_text(text)).expect("a verdict is plain data")
}

/// The example of `docs/verdict.md`.
fn example(document: &str) -> Value {
    let block = document.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example in JSON");
    serde_json::from_str(block).expect("the example is JSON")
}

#[test]
fn every_id_is_named() {
    let text = document("docs/verdict.md");
    macro_rules! ids { ($($name:ident),+) => { [$($name::ALL.iter().map(|value| value.id()).collect::<Vec<_>>()),+].concat() } }
    let ids = ids!(Bucket, Cause, Action, Owner, Permanence, Address, Confidence, Stage, Form, Role, TokenKind, Proof);
    let missing: Vec<&str> = ids.into_iter().filter(|id| !text.contains(&format!("`{id}`"))).collect();
    assert!(missing.is_empty(), "docs/verdict.md does not name {missing:?}");
}

#[test]
fn every_cause_stands_under_its_bucket_with_its_defaults() {
    let text = document("docs/verdict.md");
    for cause in Cause::ALL {
        let bucket = format!("**`{}`**", cause.bucket().id());
        let table = text.split(&bucket).nth(1).unwrap_or_default().split("\n**").next().unwrap_or_default();
        let (action, owner, ..) = cause.defaults();
        let row = table.lines().find(|line| line.starts_with(&format!("| `{}` |", cause.id()))).unwrap_or_default();
        assert!(row.ends_with(&format!("| `{}` | `{}` |", action.id(), owner.id())), "docs/verdict.md on {}: {row:?}", cause.id());
    }
}

#[test]
fn every_field_is_named() {
    let text = document("docs/verdict.md");
    let report = "Final-Recipient: rfc822; pat@example.com\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 450 4.7.1 Greylisted";
    let event =
        r#"{"type":"BOUNCE","recipient":"pat@example.com","emailCampaignId":1,"category":"X","response":"550 5.1.1 User unknown [AUP#1]"}"#;
    let mut fields = Vec::new();
    [report, event].iter().for_each(|text| keys(&verdict_as_json(text), &mut fields));
    let missing: Vec<&String> = fields.iter().filter(|field| !text.contains(&format!("`{field}`"))).collect();
    assert!(missing.is_empty(), "docs/verdict.md does not name {missing:?}");
}

/// The keys of all objects within a value.
fn keys(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(object) => object.iter().for_each(|(key, value)| {
            found.push(key.clone());
            keys(value, found);
        }),
        Value::Array(list) => list.iter().for_each(|value| keys(value, found)),
        _ => {}
    }
}

/// Its sentences may be reworded; what they say may not change.
#[test]
fn the_worked_example_is_real() {
    let told = example(&document("docs/verdict.md"));
    let real = verdict_as_json(told["parts"][0]["text"].as_str().expect("the example's text"));
    let (mut told_keys, mut real_keys) = (Vec::new(), Vec::new());
    keys(&told, &mut told_keys);
    keys(&real, &mut real_keys);
    [&mut told_keys, &mut real_keys].into_iter().for_each(|keys| keys.sort());
    assert_eq!(told_keys, real_keys);
    let facts =
        ["bucket", "cause", "action", "owner", "permanence", "address", "confidence", "reply", "stage", "provider", "via", "tokens"];
    for fact in facts {
        assert_eq!(told["outcomes"][0][fact], real["outcomes"][0][fact], "{fact}");
    }
    for fact in ["rule", "quote", "start", "end"] {
        assert_eq!(told["outcomes"][0]["evidence"][0][fact], real["outcomes"][0]["evidence"][0][fact], "{fact}");
    }
}

/// The table of section 5: text in backticks, its cause, its action.
#[test]
fn the_examples_of_the_gate_are_real() {
    let text = document("docs/verdict.md");
    let rows = text.split("| Text | Verdict | Action |").nth(1).and_then(|rest| rest.split("\n\n").next()).expect("the table");
    let mut read = 0;
    for row in rows.lines().filter(|row| row.starts_with("| `") && !row.contains("` from ") && !row.contains("` and ")) {
        let words: Vec<&str> = row.split('`').collect();
        let [_, text, _, cause, .., action, _] = words.as_slice() else { panic!("a row that cannot be read: {row}") };
        let decoded = undelivered::decode_text(text);
        let outcome = decoded.outcomes.first().expect("an outcome");
        assert_eq!((outcome.cause.id(), outcome.action.id()), (*cause, *action), "{text}");
        read += 1;
    }
    assert!(read > 5, "only {read} rows were read");
}

#[test]
fn the_own_rule_of_the_readme_has_no_faults() {
    let readme = document("README.md");
    let rule = readme.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a rule");
    if let Err(faults) = undelivered::own::load(rule) {
        panic!("{faults:?}");
    }
}

#[test]
fn no_link_leads_nowhere() {
    let mut names: Vec<PathBuf> = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(PathBuf::from).into();
    let docs = fs::read_dir(Path::new(TOP).join("docs")).expect("docs/ is there").filter_map(Result::ok);
    names
        .extend(docs.map(|entry| Path::new("docs").join(entry.file_name())).filter(|path| path.extension().is_some_and(|end| end == "md")));
    let mut broken = Vec::new();
    for name in names {
        let text = document(&name.to_string_lossy());
        let folder = Path::new(TOP).join(name.parent().unwrap_or(Path::new("")));
        for target in text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
            if !target.is_empty() && !target.contains("://") && !folder.join(target).exists() {
                broken.push(format!("{}: {target}", name.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
