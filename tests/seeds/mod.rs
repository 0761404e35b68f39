//! Texts that many tests start from: composed mails, replies, the documented forms, the page's samples, the rules' examples.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// A name to report a text by, and the text.
pub type Seed = (String, Vec<u8>);

fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The composed mails of `tests/mails`.
pub fn mails() -> Vec<Seed> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(top().join("tests/mails")).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let read = |path: &PathBuf| Some((path.file_name()?.to_string_lossy().into_owned(), fs::read(path).ok()?));
    paths.iter().filter_map(read).collect()
}

/// The replies of a corpus: the composed one's, or another's of the same form.
pub fn replies(file: &Path) -> Vec<Seed> {
    let rows = fs::read_to_string(file).unwrap_or_default();
    let rows = rows.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    rows.filter_map(|row| Some((row["id"].as_str()?.to_owned(), row["text"].as_str()?.into()))).collect()
}

/// The composed replies.
pub fn own_replies() -> Vec<Seed> {
    replies(&top().join("tests/corpus/replies.jsonl"))
}

/// Texts that each rule matches.
pub fn examples() -> Vec<Seed> {
    let rules = undelivered::judge::pack::rule_file().rule;
    rules.into_iter().flat_map(|rule| rule.hits.into_iter().map(move |text| (rule.id.clone(), text.into_bytes()))).collect()
}

/// The examples of `docs/forms.md`.
pub fn forms() -> Vec<Seed> {
    let page = fs::read_to_string(top().join("docs/forms.md")).unwrap_or_default();
    let rows = page.lines().filter(|line| line.starts_with("| ")).enumerate();
    let cell = |row: &str| {
        row.split(" | ")
            .map(str::trim)
            .find_map(|cell| Some(cell.strip_prefix('`')?.strip_suffix('`')?.to_owned()).filter(|text| text.len() > 24))
    };
    rows.filter_map(|(n, row)| Some((format!("docs/forms.md row {n}"), cell(row)?.replace('\u{23ce}', "\n").into_bytes()))).collect()
}

/// The page's samples.
pub fn samples() -> Vec<Seed> {
    let file: toml::Table = include_str!("../../src/text/samples.toml").parse().unwrap_or_default();
    let list = file.get("sample").and_then(|list| list.as_array()).cloned().unwrap_or_default();
    list.iter().filter_map(|sample| Some((sample.get("id")?.as_str()?.to_owned(), sample.get("text")?.as_str()?.into()))).collect()
}
