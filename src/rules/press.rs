//! Build script: checks the form of every rule file and prints rules, taxonomy and wording for the library.
//!
//! It checks structure only (ids, causes, phrases, sources, examples); whether a rule wins its examples is tested by
//! `tests/rules.rs`, which has the engine.

#[path = "form.rs"]
mod form;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use form::{Examples, RuleFile};
use serde::Deserialize;

fn main() {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it"));
    println!("cargo::rerun-if-changed=src/rules");
    println!("cargo::rerun-if-changed=src/text");
    println!("cargo::rerun-if-changed=src/read/mail/phrases.toml");
    fs::write(out.join("phrases.rs"), print_phrases(&parse(&root.join("src/read/mail/phrases.toml")))).expect("OUT_DIR is writable");
    let taxonomy = read_taxonomy(&root.join("src/rules/taxonomy.toml"));
    fs::write(out.join("taxonomy.rs"), print_taxonomy(&taxonomy)).expect("OUT_DIR is writable");
    let mut pack = read_pack(&root.join("src/rules"), &taxonomy);
    let json = serde_json::to_string(&pack).expect("rules are plain data");
    println!("cargo::rustc-env=UNDELIVERED_RULES={}-{:07x}", taxonomy.pack_date, fnv(json.as_bytes()) & 0xfff_ffff);
    let examples: Vec<Examples> = pack.rule.iter_mut().map(Examples::taken_from).collect();
    fs::write(out.join("examples.json"), serde_json::to_string(&examples).expect("plain data")).expect("OUT_DIR is writable");
    fs::write(out.join("rules.json"), serde_json::to_string(&pack).expect("plain data")).expect("OUT_DIR is writable");
    let names: BTreeMap<&str, &str> = pack.provider.iter().map(|provider| (provider.id.as_str(), provider.name.as_str())).collect();
    fs::write(out.join("names.json"), serde_json::to_string(&names).expect("plain data")).expect("OUT_DIR is writable");
    println!("cargo::rerun-if-changed=src/sheet/formats.toml");
    let formats: toml::Value = parse(&root.join("src/sheet/formats.toml"));
    fs::write(out.join("formats.json"), serde_json::to_string(&formats).expect("plain data")).expect("OUT_DIR is writable");
    for name in ["en", "codes", "packet", "report", "samples"] {
        let text: toml::Value = parse(&root.join(format!("src/text/{name}.toml")));
        if name == "en" {
            check_words(&text, &taxonomy);
            let labels = serde_json::to_string(&labels(&text)).expect("plain data");
            fs::write(out.join("labels.json"), labels).expect("OUT_DIR is writable");
        }
        fs::write(out.join(format!("{name}.json")), serde_json::to_string(&text).expect("plain data")).expect("OUT_DIR is writable");
    }
}

/// A list of what notices say.
#[derive(Deserialize)]
struct Phrases {
    about: String,
    text: Vec<String>,
}

/// The lists as constants. Readers look for them in texts made lower case, so each must be.
fn print_phrases(lists: &BTreeMap<String, Phrases>) -> String {
    let mut code = String::new();
    for (name, Phrases { about, text }) in lists {
        let distinct: BTreeSet<&String> = text.iter().collect();
        assert!(distinct.len() == text.len(), "phrases.toml: {name} says something twice");
        let loud = text.iter().find(|phrase| phrase.is_empty() || **phrase != phrase.to_lowercase());
        assert!(loud.is_none(), "phrases.toml: {name} has {loud:?}, which is empty or not lower case");
        let _ = writeln!(code, "/// {about}\npub const {}: &[&str] = &{text:?};", name.to_uppercase());
    }
    code
}

#[derive(Deserialize)]
struct Taxonomy {
    pack_date: String,
    bucket: Vec<Bucket>,
}

#[derive(Deserialize)]
struct Bucket {
    id: String,
    means: String,
    causes: BTreeMap<String, Defaults>,
}

#[derive(Deserialize)]
struct Defaults {
    action: String,
    owner: String,
    address: String,
    retry: Option<[u32; 3]>,
}

fn parse<T: serde::de::DeserializeOwned>(path: &Path) -> T {
    let text = fs::read_to_string(path).unwrap_or_else(|error| stop(path, &error.to_string()));
    toml::from_str(&text).unwrap_or_else(|error| stop(path, &error.to_string()))
}

fn stop(path: &Path, why: &str) -> ! {
    panic!("{}: {why}", path.display())
}

fn read_taxonomy(path: &Path) -> Taxonomy {
    let taxonomy: Taxonomy = parse(path);
    let mut seen = BTreeSet::new();
    for cause in taxonomy.bucket.iter().flat_map(|bucket| bucket.causes.keys()) {
        if !seen.insert(cause) {
            stop(path, &format!("cause {cause} stands in two buckets"));
        }
    }
    taxonomy
}

fn camel(id: &str) -> String {
    id.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect()
}

/// `enum Bucket`, `enum Cause` and the defaults of each cause.
fn print_taxonomy(taxonomy: &Taxonomy) -> String {
    let mut print = String::new();
    let buckets: Vec<String> = taxonomy.bucket.iter().map(|b| format!("{} = {:?}", camel(&b.id), b.id)).collect();
    let causes = || taxonomy.bucket.iter().flat_map(|b| b.causes.iter().map(move |(id, d)| (b, id, d)));
    let names: Vec<String> = causes().map(|(_, id, _)| format!("{} = {id:?}", camel(id))).collect();
    let _ = writeln!(print, "ids! {{ /// What a person acts on.\nBucket {{ {} }} }}", buckets.join(", "));
    let _ = writeln!(print, "ids! {{ /// Why, as exactly as the text proves it.\nCause {{ {} }} }}", names.join(", "));
    let _ = writeln!(print, "impl Bucket {{ /// What the bucket means, in a line.\npub fn means(self) -> &'static str {{ match self {{");
    for bucket in &taxonomy.bucket {
        let _ = writeln!(print, "Self::{} => {:?},", camel(&bucket.id), bucket.means);
    }
    let _ = writeln!(print, "}} }} }}\nimpl Cause {{ /// The bucket it belongs to.\npub fn bucket(self) -> Bucket {{ match self {{");
    for (bucket, id, _) in causes() {
        let _ = writeln!(print, "Self::{} => Bucket::{},", camel(id), camel(&bucket.id));
    }
    let _ = writeln!(
        print,
        "}} }}\n/// Action, owner, address and retry window where no rule says otherwise.\n\
         pub fn defaults(self) -> (Action, Owner, Address, Option<RetryAfter>) {{ match self {{"
    );
    for (_, id, d) in causes() {
        let retry = d.retry.map_or("None".into(), |[min, max, hours]| {
            format!("Some(RetryAfter {{ min_minutes: {min}, max_minutes: {max}, give_up_hours: {hours} }})")
        });
        let _ = writeln!(
            print,
            "Self::{} => (Action::{}, Owner::{}, Address::{}, {retry}),",
            camel(id),
            camel(&d.action),
            camel(&d.owner),
            camel(&d.address)
        );
    }
    print + "} } }\n"
}

/// Every `*.toml` beside this file that is not the taxonomy, checked and in one list.
fn read_pack(folder: &Path, taxonomy: &Taxonomy) -> RuleFile {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).expect("src/rules").map(|entry| entry.expect("entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "toml") && !path.ends_with("taxonomy.toml"));
    paths.sort();
    let mut pack = RuleFile::default();
    let (mut ids, mut domains) = (BTreeSet::new(), BTreeSet::new());
    let causes: Vec<&str> = taxonomy.bucket.iter().flat_map(|bucket| bucket.causes.keys().map(String::as_str)).collect();
    for path in &paths {
        let file: RuleFile = parse(path);
        for rule in &file.rule {
            if let Err(why) = check_rule(rule, &causes) {
                stop(path, &format!("rule {}: {why}", rule.id));
            }
            if !ids.insert(rule.id.clone()) {
                stop(path, &format!("rule {}: the id stands twice", rule.id));
            }
        }
        for provider in &file.provider {
            if let Some(wrong) = form::check_provider(provider).first() {
                stop(path, &format!("provider {}: {wrong}", provider.id));
            }
            if pack.provider.iter().any(|known| known.id == provider.id) {
                stop(path, &format!("provider {}: the id stands twice", provider.id));
            }
            if let Some(domain) = provider.domains.iter().find(|domain| !domains.insert((*domain).clone())) {
                stop(path, &format!("provider {}: {domain} belongs to two providers", provider.id));
            }
        }
        pack.provider.extend(file.provider);
        pack.rule.extend(file.rule);
    }
    pack
}

/// What every rule file owes, and what ours owe besides: a source, a date and an example.
fn check_rule(rule: &form::RuleForm, causes: &[&str]) -> Result<(), String> {
    if let Some(wrong) = form::check_rule(rule, causes).first() {
        return Err(wrong.to_string());
    }
    if rule.source.is_empty() || rule.seen.len() < 7 {
        return Err("source and seen (YYYY-MM) are owed".into());
    }
    if rule.hits.is_empty() && !rule.text.is_empty() {
        return Err("it owes an example in match".into());
    }
    Ok(())
}

/// The page's share of the words: names of ids (`action_name` as `action`), and what to fetch.
fn labels(text: &toml::Value) -> serde_json::Value {
    let tables = text.as_table().into_iter().flatten();
    let names: BTreeMap<&str, &toml::Value> = tables.filter_map(|(key, table)| Some((key.strip_suffix("_name")?, table))).collect();
    serde_json::json!({ "name": names, "fetch": text.get("fetch") })
}

/// Every cause owes its words; words for an unknown cause are a slip.
fn check_words(text: &toml::Value, taxonomy: &Taxonomy) {
    let path = Path::new("src/text/en.toml");
    let causes = text.get("cause").and_then(|v| v.as_table()).unwrap_or_else(|| stop(path, "no [cause.…] tables"));
    let known: BTreeSet<&String> = taxonomy.bucket.iter().flat_map(|b| b.causes.keys()).collect();
    for cause in &known {
        if !causes.contains_key(*cause) {
            stop(path, &format!("no words for cause {cause}"));
        }
    }
    if let Some(stray) = causes.keys().find(|key| !known.contains(key)) {
        stop(path, &format!("words for unknown cause {stray}"));
    }
}

/// FNV-1a: a short, stable name for the pack.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
