//! The JavaScript module's types say what the core serialises.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;
use undelivered::analysis::{Decision, Filter, LabelCount, ListCheck, RowError, Settings, Summary};
use undelivered::analyst::Analyst;
use undelivered::judge::pack::Pack;
use undelivered::rules::dry_run::Fault;
use undelivered::verdict::{
    Action, Address, Bucket, Cause, Company, Confidence, Considered, Decoded, Dsn, Evidence, Form, Input, Label, Notes, Outcome, Owner,
    Part, Permanence, Proof, Reply, RetryAfter, Role, Stage, Token, TokenKind, Tool,
};

const TYPES: &str = include_str!("../js/undelivered.d.ts");

/// The text between `open` and the next `close`.
fn block<'t>(open: &str, close: char) -> &'t str {
    let (_, rest) = TYPES.split_once(open).unwrap_or_else(|| panic!("no {open}"));
    rest.split(close).next().unwrap_or_default()
}

/// The keys of an interface, and whether each may be null. Keys that may be missing are left out.
fn keys(interface: &str) -> BTreeMap<String, bool> {
    let lines = block(&format!("export interface {interface} {{"), '}').lines().map(str::trim);
    let fields = lines.filter(|line| !line.starts_with("/*")).filter_map(|line| line.strip_suffix(';')?.split_once(": "));
    fields.filter(|(key, _)| !key.ends_with('?')).map(|(key, kind)| (key.to_owned(), kind.contains("| null"))).collect()
}

/// Compares an interface with a value whose options are all absent.
fn check(interface: &str, absent: impl Serialize) {
    let Ok(Value::Object(fields)) = serde_json::to_value(absent) else { panic!("{interface} is no object") };
    let serialised: BTreeMap<String, bool> = fields.into_iter().map(|(key, value)| (key, value.is_null())).collect();
    assert_eq!(keys(interface), serialised, "{interface}");
}

fn outcome() -> Outcome {
    Outcome {
        recipient: None,
        recipient_domain: None,
        bucket: Bucket::Unknown,
        cause: Cause::Unclassified,
        reason_cause: None,
        action: Action::None,
        owner: Owner::Nobody,
        permanence: Permanence::Unknown,
        address: Address::Unknown,
        confidence: Confidence::Low,
        reply: Reply::default(),
        stage: Stage::Unknown,
        provider: None,
        via: None,
        label: None,
        tokens: Vec::new(),
        dsn: None,
        evidence: Vec::new(),
        also_considered: Vec::new(),
        summary: Default::default(),
        explanation: Vec::new(),
        dos: Vec::new(),
        next_steps: Vec::new(),
        step_notes: Vec::new(),
        do_not: Vec::new(),
        notes: Notes::default(),
        retry_after: None,
    }
}

#[test]
fn interfaces_have_the_keys_of_the_verdict() {
    let text = String::new;
    let tool = Tool { app: text(), rules: text(), schema: 1 };
    let input = Input { form: Form::Empty, truncated: false, language: None, charset: text() };
    check("Tool", &tool);
    check("Input", &input);
    check("Decoded", Decoded { tool, input, outcomes: Vec::new(), parts: Vec::new(), unread: Vec::new(), warnings: Vec::new() });
    check("Outcome", outcome());
    check("Notes", Notes::default());
    check("Reply", Reply::default());
    check("Company", Company { id: text(), role: Role::Mta });
    check("Label", Label { source: text(), value: text(), conflict: false });
    check("Token", Token { kind: TokenKind::Ip, value: text() });
    check("Dsn", Dsn::default());
    let evidence =
        Evidence { kind: Proof::Code, rule: text(), quote: text(), part: 0, start: 0, end: 0, source: None, note: text().into() };
    check("Evidence", evidence);
    check(
        "Considered",
        Considered { bucket: Bucket::Unknown, cause: Cause::Unclassified, why_not: text().into(), would_win_if: text().into() },
    );
    check("RetryAfter", RetryAfter { min_minutes: 0, max_minutes: 0, give_up_hours: 0 });
    check("Fault", Fault { line: 1, column: 1, rule: None, reason: text() });
    check("Part", Part { id: 0, name: text(), text: text() });
}

#[test]
fn interfaces_have_the_keys_of_an_analysis() {
    let (analysis, _) = Analyst::default().analysis(Pack::built_in(), &Filter::default(), &Settings::default());
    check("Source", &analysis.source);
    check("Settings", &analysis.settings);
    check("Filter", &analysis.filter);
    check("Format", &analysis.format);
    check("Mapping", &analysis.mapping);
    check("Rows", analysis.rows);
    check("Totals", &analysis.totals);
    check("Labels", &analysis.labels);
    check("LabelCount", LabelCount::default());
    check("Gates", &analysis.gates);
    check("Decision", Decision::default());
    check("ListCheck", ListCheck::default());
    check("RowError", RowError { line: 1, reason: String::new() });
    check("GateLimits", analysis.settings.gates.limits());
    check("Analysis", &analysis);
    let summary = keys_of(&Summary::default());
    assert!(summary.iter().all(|id| block("export type DecisionId =", ';').contains(&format!("'{id}'"))), "{summary:?}");
}

fn keys_of(value: &impl Serialize) -> Vec<String> {
    let Ok(Value::Object(fields)) = serde_json::to_value(value) else { return Vec::new() };
    fields.into_iter().map(|(key, _)| key).collect()
}

/// The ids of a union, compared as sets.
fn union(name: &str, ids: impl Iterator<Item = &'static str>) {
    let listed: BTreeSet<&str> = block(&format!("export type {name} ="), ';').split('\'').skip(1).step_by(2).collect();
    assert_eq!(listed, ids.collect(), "{name}");
}

#[test]
fn unions_have_the_ids_of_the_verdict() {
    union("Bucket", Bucket::ALL.iter().map(|id| id.id()));
    union("Cause", Cause::ALL.iter().map(|id| id.id()));
    union("Action", Action::ALL.iter().map(|id| id.id()));
    union("Owner", Owner::ALL.iter().map(|id| id.id()));
    union("Permanence", Permanence::ALL.iter().map(|id| id.id()));
    union("Address", Address::ALL.iter().map(|id| id.id()));
    union("Confidence", Confidence::ALL.iter().map(|id| id.id()));
    union("Stage", Stage::ALL.iter().map(|id| id.id()));
    union("Form", Form::ALL.iter().map(|id| id.id()));
    union("Role", Role::ALL.iter().map(|id| id.id()));
    union("TokenKind", TokenKind::ALL.iter().map(|id| id.id()));
    union("Proof", Proof::ALL.iter().map(|id| id.id()));
}
