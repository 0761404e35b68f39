//! The user's own rules, put to work: compiled with ours, played on their own examples, tried before they are in force.

use std::collections::HashSet;

use crate::judge::pack::{Pack, Rule};
use crate::judge::{judge, ranking};
use crate::read::{self, Notice};
use crate::rules::dry_run::{Change, DryRun, Fault, Glance};
use crate::rules::form::{Complaint, RuleForm};
use crate::rules::own::Draft;
use crate::verdict::{Form, Outcome, Proof};

/// Changes told one by one.
const SHOWN: usize = 100;

/// Compiles own rules, as TOML, with the rules of this build. The pack is made once and used for any number of texts.
///
/// ```
/// let own = r#"
/// [[rule]]
/// id = "own.night"
/// cause = "not_accepting"
/// text = ["we sleep at night"]
/// "#;
/// let pack = undelivered::own::load(own).expect("no faults");
/// let decoded = undelivered::decode_with(b"554 We sleep at night.", &pack);
/// assert_eq!(decoded[0].outcomes[0].cause.id(), "not_accepting");
/// ```
///
/// # Errors
/// Every fault: of form, of an id that is taken, of an example (`match`, `miss`) that goes wrong.
pub fn load(toml: &str) -> Result<Pack, Vec<Fault>> {
    let mut draft = Draft::read(toml);
    check(&mut draft, toml);
    let pack = Pack::with_own(draft.file.clone()).map_err(|why| vec![Fault { line: 1, column: 1, rule: None, reason: why }]);
    if let Ok(pack) = &pack {
        play(&mut draft, toml, pack);
    }
    match draft.faults() {
        faults if faults.is_empty() => pack,
        faults => Err(faults),
    }
}

/// What only the engine knows of: ids that are taken, words that are no id of anything. Faulty rules are taken out.
fn check(draft: &mut Draft, toml: &str) {
    let ours = Pack::built_in();
    let mut taken: HashSet<String> = ours.rules.iter().map(|rule| rule.form.id.clone()).collect();
    let mut known: HashSet<String> = ours.providers.iter().map(|provider| provider.id.clone()).collect();
    for n in 0..draft.file.provider.len() {
        let id = draft.file.provider[n].id.clone();
        if !known.insert(id.clone()) {
            let why = format!("provider {id:?} is there already; leave it out here, and begin your rules' ids with it");
            draft.complain_of_provider(toml, n, Complaint::new("id", why));
        }
    }
    let providers = [ours.providers.as_slice(), draft.file.provider.as_slice()].concat();
    let wrong: Vec<Option<Complaint>> =
        draft.file.rule.iter().map(|rule| id_taken(rule, &mut taken).or_else(|| Rule::complaint(rule, &providers))).collect();
    for (n, complaint) in wrong.into_iter().enumerate().rev() {
        if let Some(complaint) = complaint {
            draft.complain(toml, n, complaint);
            draft.drop_rule(n);
        }
    }
}

fn id_taken(rule: &RuleForm, taken: &mut HashSet<String>) -> Option<Complaint> {
    let why = || format!("the id {:?} is taken; ids are never used twice: choose another", rule.id);
    (!taken.insert(rule.id.clone())).then(|| Complaint::new("id", why()))
}

/// Plays the examples that own rules bring along.
fn play(draft: &mut Draft, toml: &str, pack: &Pack) {
    for n in 0..draft.file.rule.len() {
        let rule = &draft.file.rule[n];
        let hits = rule.hits.iter().enumerate().filter_map(|(item, text)| {
            let won = winner(text, pack);
            let why = format!("this text should match the rule, but {} wins it", won.as_deref().unwrap_or("no rule"));
            (won.as_deref() != Some(&rule.id)).then_some(Complaint { key: "match", item: Some(item), why })
        });
        let misses = rule.misses.iter().enumerate().filter_map(|(item, text)| {
            let won = winner(text, pack).is_some_and(|won| won == rule.id);
            won.then(|| Complaint {
                key: "miss",
                item: Some(item),
                why: "this text should not match the rule, but the rule wins it".into(),
            })
        });
        for complaint in hits.chain(misses).collect::<Vec<_>>() {
            draft.complain(toml, n, complaint);
        }
    }
}

/// The rule that decides the first outcome of a text.
fn winner(text: &str, pack: &Pack) -> Option<String> {
    ranking(&read::read_text(text), pack).into_iter().next().map(|(id, ..)| id)
}

/// What own rules would change: each outcome of `input` judged with the rules in force, then with the new ones.
pub fn dry_run(toml: &str, input: &[u8], reading: Option<Form>, in_force: &Pack) -> DryRun {
    let pack = match load(toml) {
        Ok(pack) => pack,
        Err(faults) => return DryRun { faults, ..DryRun::default() },
    };
    let mut run = DryRun { rules: pack.own_rules().count(), ..DryRun::default() };
    let own: HashSet<&str> = pack.own_rules().map(|rule| rule.form.id.as_str()).collect();
    for notice in notices(input, reading) {
        let before = judge(notice.clone(), in_force).outcomes;
        let after = judge(notice, &pack).outcomes;
        for (before, after) in before.into_iter().zip(after) {
            run.add(before, after, &own);
        }
    }
    run
}

fn notices(input: &[u8], reading: Option<Form>) -> Vec<Notice> {
    match reading {
        _ if input.is_empty() => Vec::new(),
        Some(form) => vec![read::read_as(&String::from_utf8_lossy(input), form)],
        None => read::read(input),
    }
}

impl DryRun {
    fn add(&mut self, before: Outcome, after: Outcome, own: &HashSet<&str>) {
        let outcome = self.outcomes;
        self.outcomes += 1;
        let glance = |outcome: &Outcome| Glance {
            cause: outcome.reason_cause.unwrap_or(outcome.cause),
            action: outcome.action,
            confidence: outcome.confidence,
            rule: outcome.evidence.iter().find(|proof| proof.kind == Proof::Wording).map(|proof| proof.rule.clone()),
        };
        let (was, is) = (glance(&before), glance(&after));
        self.won += usize::from(is.rule.as_deref().is_some_and(|rule| own.contains(rule)));
        let same = (was.cause, was.action, was.confidence, before.owner, before.address)
            == (is.cause, is.action, is.confidence, after.owner, after.address);
        if !same {
            self.changed += 1;
            if self.changes.len() < SHOWN {
                self.changes.push(Change { outcome, recipient: after.recipient, before: was, after: is });
            }
        }
    }
}
