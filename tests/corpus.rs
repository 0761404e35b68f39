//! The labelled corpus: our own composed one always; the shared one, with a floor, where it stands beside the checkout.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use undelivered::verdict::{Action, Confidence, Decoded, Outcome};

#[derive(Deserialize)]
struct Reply {
    id: String,
    text: String,
    #[serde(flatten)]
    label: Label,
}

#[derive(Deserialize)]
struct Label {
    accept_buckets: Vec<String>,
    #[serde(default)]
    may_suppress: bool,
    #[serde(default)]
    must_suppress: bool,
}

#[derive(Deserialize)]
struct Mail {
    id: String,
    mail: String,
    outcome: String,
    #[serde(default)]
    recipients: Vec<String>,
    all_recipients: Option<Vec<String>>,
    smtp_code: Option<String>,
    enhanced: Option<String>,
    #[serde(flatten)]
    label: Label,
}

/// Counts of one set, as pairs (right, of).
#[derive(Default)]
struct Tally {
    bucket: (usize, usize),
    recipients: (usize, usize),
    codes: (usize, usize),
    high_wrong: (usize, usize),
    missed: (usize, usize),
    suppressed_wrongly: usize,
    misses: Vec<String>,
}

fn count(pair: &mut (usize, usize), right: bool) {
    pair.0 += usize::from(right);
    pair.1 += 1;
}

impl Tally {
    fn add(&mut self, id: &str, label: &Label, bucket: &str, outcome: Option<&Outcome>) {
        let right = label.accept_buckets.iter().any(|accepted| accepted == bucket);
        count(&mut self.bucket, right);
        if outcome.is_some_and(|outcome| outcome.confidence == Confidence::High) {
            count(&mut self.high_wrong, !right);
        }
        let suppressed = outcome.is_some_and(|outcome| outcome.action == Action::Suppress);
        self.suppressed_wrongly += usize::from(suppressed && !label.may_suppress);
        if label.must_suppress {
            count(&mut self.missed, !suppressed);
        }
        if !right || suppressed && !label.may_suppress {
            self.misses.push(format!("{id}: {bucket}, suppressed: {suppressed}, accepted {:?}", label.accept_buckets));
        }
    }

    /// What falls short, if anything, of a floor in percent.
    fn shortfall(&self, name: &str, bucket: usize) -> Option<String> {
        let below = |pair: (usize, usize), floor: usize| pair.0 * 100 < pair.1 * floor;
        let short = below(self.bucket, bucket) || below(self.recipients, 97) || below(self.codes, 98) || self.suppressed_wrongly > 0;
        short.then(|| format!("{name}: {}\n  {}", self.line(), self.misses.join("\n  ")))
    }

    fn line(&self) -> String {
        format!(
            "buckets {:?} recipients {:?} codes {:?} high wrong {:?} suppressions missed {:?} wrong {}",
            self.bucket, self.recipients, self.codes, self.high_wrong, self.missed, self.suppressed_wrongly
        )
    }
}

fn rows<T: for<'de> Deserialize<'de>>(path: &Path) -> Vec<T> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().filter(|line| !line.trim().is_empty()).map(|line| serde_json::from_str(line).expect(line)).collect()
}

fn score_replies(path: &Path) -> Tally {
    let mut tally = Tally::default();
    for row in rows::<Reply>(path) {
        let decoded = undelivered::decode(row.text.as_bytes());
        let outcome = decoded.first().and_then(|decoded| decoded.outcomes.first());
        tally.add(&row.id, &row.label, outcome.map_or("none", |outcome| outcome.bucket.id()), outcome);
    }
    tally
}

fn address(outcome: &Outcome) -> String {
    outcome.recipient.as_deref().unwrap_or_default().to_lowercase()
}

fn lower(list: &[String]) -> BTreeSet<String> {
    list.iter().map(|address| address.to_lowercase()).collect()
}

/// The outcome that a label speaks of: by its recipient, else by its place.
fn pick<'a>(row: &Mail, place: usize, outcomes: &'a [Outcome], tally: &mut Tally) -> Option<&'a Outcome> {
    if let Some(all) = &row.all_recipients {
        if !all.is_empty() {
            count(&mut tally.recipients, lower(all) == outcomes.iter().map(address).collect());
        }
        return outcomes.first();
    }
    let want = lower(&row.recipients);
    let hit = outcomes.iter().find(|outcome| want.contains(&address(outcome)));
    if !want.is_empty() && row.outcome != "ordinary_mail" {
        count(&mut tally.recipients, hit.is_some());
    }
    hit.or_else(|| outcomes.get(place))
}

fn score_mails(folder: &Path) -> BTreeMap<String, Tally> {
    let mut mails: BTreeMap<String, Vec<Mail>> = BTreeMap::new();
    for row in rows::<Mail>(&folder.join("mails.jsonl")) {
        mails.entry(row.mail.clone()).or_default().push(row);
    }
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    for (mail, rows) in mails {
        let bytes = fs::read(folder.join(&mail)).unwrap_or_else(|error| panic!("{mail}: {error}"));
        let decoded: Vec<Decoded> = undelivered::decode(&bytes);
        let outcomes = decoded.first().map(|decoded| decoded.outcomes.as_slice()).unwrap_or_default();
        for (place, row) in rows.iter().enumerate() {
            let set = row.id.split('/').next().unwrap_or_default().to_string();
            let tally = tallies.entry(set).or_default();
            let outcome = pick(row, place, outcomes, tally);
            let ordinary = row.outcome == "ordinary_mail" && outcome.is_none();
            let bucket = if ordinary { "not_a_bounce" } else { outcome.map_or("none", |outcome| outcome.bucket.id()) };
            tally.add(&row.id, &row.label, bucket, outcome);
            let reply = outcome.map(|outcome| outcome.reply.clone()).unwrap_or_default();
            for (want, got) in [(&row.smtp_code, reply.smtp_code.map(|code| code.to_string())), (&row.enhanced, reply.enhanced)] {
                if want.is_some() {
                    count(&mut tally.codes, *want == got);
                }
            }
        }
    }
    tallies
}

#[test]
fn the_composed_corpus() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let tally = score_replies(&folder.join("replies.jsonl"));
    assert!(tally.bucket.1 > 0, "the composed corpus is empty");
    assert!(tally.shortfall("composed", 100).is_none(), "{}", tally.shortfall("composed", 100).unwrap_or_default());
    assert_eq!(tally.missed.0, 0, "plainly dead addresses of the composed corpus that were not suppressed");
}

/// Floors of the shared corpus, in percent of outcomes whose bucket is an accepted one.
const FLOORS: [(&str, usize); 3] = [("replies", 98), ("sisimai", 97), ("flufl", 95)];

#[test]
fn the_shared_corpus() {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if !folder.is_dir() {
        // Not by `println!`: the test harness keeps to itself what a passing test prints so.
        writeln!(std::io::stderr(), "SKIPPED: no shared corpus beside the checkout").expect("standard error");
        return;
    }
    let mut tallies = score_mails(&folder);
    tallies.insert("replies".into(), score_replies(&folder.join("replies.jsonl")));
    for (name, tally) in &tallies {
        println!("{name}: {}", tally.line());
    }
    let short: Vec<String> =
        FLOORS.iter().filter_map(|(name, floor)| tallies.get(*name).and_then(|tally| tally.shortfall(name, *floor))).collect();
    assert!(short.is_empty(), "below the floor:\n{}", short.join("\n"));
    let (missed, dead) = tallies.values().fold((0, 0), |sum, tally| (sum.0 + tally.missed.0, sum.1 + tally.missed.1));
    assert!(missed * 100 <= dead * 3, "{missed} of {dead} plainly dead addresses were not suppressed");
    let (wrong, high) = tallies.values().fold((0, 0), |sum, tally| (sum.0 + tally.high_wrong.0, sum.1 + tally.high_wrong.1));
    let all: usize = tallies.values().map(|tally| tally.bucket.1).sum();
    assert!(wrong * 100 < high && high * 10 >= all * 7, "{wrong} of {high} sure verdicts are wrong; {all} in all");
}
