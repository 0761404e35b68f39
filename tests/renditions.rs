//! What mail programs and pastes do to a text changes no verdict: line ends, blanks, quoting, indentation, wrapping.

mod seeds;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use seeds::Seed;
use serde_json::Value;
use undelivered::verdict::{Decoded, Outcome};

/// A name, and what it does to a text.
type Rendition = (&'static str, fn(&str) -> String);

/// How a text can come to look.
const RENDITIONS: [Rendition; 8] = [
    ("CRLF", |text| text.replace('\n', "\r\n")),
    ("bare CR", |text| text.replace('\n', "\r")),
    ("quoted", |text| each_line(text, |line| format!("> {line}"))),
    ("indented", |text| each_line(text, |line| if line.is_empty() { String::new() } else { format!("    {line}") })),
    ("indented by a tab", |text| each_line(text, |line| if line.is_empty() { String::new() } else { format!("\t{line}") })),
    ("blanks at line ends", |text| each_line(text, |line| format!("{line} \t "))),
    ("blank lines doubled", |text| text.replace("\n\n", "\n\n\n")),
    ("wrapped at 72 columns", |text| each_line(text, wrapped)),
];

fn each_line(text: &str, change: impl Fn(&str) -> String) -> String {
    text.split('\n').map(change).collect::<Vec<_>>().join("\n")
}

/// Breaks a line at blanks so that none is longer than 72 columns, as mail programs do; words stay whole.
fn wrapped(line: &str) -> String {
    let mut broken = String::with_capacity(line.len() + 8);
    let mut rest = line;
    while rest.chars().count() > 72 {
        let end = rest.char_indices().nth(73).map_or(rest.len(), |(at, _)| at);
        let before = rest[..end].rfind(' ').filter(|at| !rest[..*at].trim().is_empty());
        let Some(blank) = before.or_else(|| rest[end..].find(' ').map(|at| end + at)) else { break };
        broken.push_str(&rest[..blank]);
        broken.push('\n');
        rest = &rest[blank + 1..];
    }
    broken + rest
}

/// Applies a rendition to bytes in any charset that keeps ASCII in place: each byte stands for a character meanwhile.
fn rendered(bytes: &[u8], rendition: fn(&str) -> String) -> Vec<u8> {
    let plain = if bytes.contains(&b'\r') { bytes.split(|byte| *byte == b'\r').collect::<Vec<_>>().concat() } else { bytes.to_vec() };
    match String::from_utf8(plain) {
        Ok(text) => rendition(&text).into_bytes(),
        Err(error) => {
            let latin: String = error.as_bytes().iter().map(|byte| char::from(*byte)).collect();
            rendition(&latin).chars().map(|c| c as u8).collect()
        }
    }
}

/// What may not change: who, why, and what now.
fn verdict(decoded: &[Decoded]) -> BTreeSet<String> {
    let told = |outcome: &Outcome| {
        let who = outcome.recipient.as_deref().unwrap_or_default().to_lowercase();
        format!("{who} {}/{} {}", outcome.bucket.id(), outcome.cause.id(), outcome.action.id())
    };
    decoded.iter().flat_map(|mail| &mail.outcomes).map(told).collect()
}

/// The renditions of a text that change its verdict, a line each.
fn changes((name, bytes): &Seed) -> Vec<String> {
    let want = verdict(&undelivered::decode(bytes));
    let tried = RENDITIONS.iter().map(|(how, rendition)| (how, verdict(&undelivered::decode(&rendered(bytes, *rendition)))));
    tried.filter(|(_, got)| *got != want).map(|(how, got)| format!("{name}, {how}: {got:?} instead of {want:?}")).collect()
}

fn unchanged(seeds: Vec<Seed>) {
    assert!(!seeds.is_empty());
    let changed: Vec<String> = seeds.iter().flat_map(changes).collect();
    assert!(
        changed.is_empty(),
        "{} of {} renditions change the verdict:\n{}",
        changed.len(),
        seeds.len() * RENDITIONS.len(),
        changed.join("\n")
    );
}

#[test]
fn composed_mails() {
    unchanged(seeds::mails());
}

#[test]
fn composed_replies() {
    unchanged(seeds::own_replies());
}

#[test]
fn samples_and_forms() {
    unchanged([seeds::samples(), seeds::forms()].concat());
}

#[test]
fn the_rules_examples() {
    unchanged(seeds::examples());
}

/// A corpus of real bounces: `UNDELIVERED_CORPUS`, else the shared one where it stands beside the checkout.
fn corpus() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let folder = std::env::var_os("UNDELIVERED_CORPUS").map_or(beside, PathBuf::from);
    folder.is_dir().then_some(folder)
}

fn corpus_mails(folder: &Path) -> Vec<Seed> {
    let rows = fs::read_to_string(folder.join("mails.jsonl")).unwrap_or_default();
    let rows = rows.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let paths: BTreeSet<String> = rows.filter_map(|row| Some(row["mail"].as_str()?.to_owned())).collect();
    paths.into_iter().filter_map(|path| Some((path.clone(), fs::read(folder.join(&path)).ok()?))).collect()
}

#[test]
fn the_shared_corpus() {
    let Some(folder) = corpus() else {
        println!("SKIPPED: no shared corpus beside the checkout");
        return;
    };
    println!("{} texts", corpus_mails(&folder).len());
    unchanged([corpus_mails(&folder), seeds::replies(&folder.join("replies.jsonl"))].concat());
}
