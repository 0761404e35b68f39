//! Tally and settings → what is told: totals, labels, gates, templates, decisions. Pure functions; nothing is read again when a setting
//! changes.

pub mod breakdown;
mod decisions;
pub mod findings;
mod gates;
mod labels;
mod lists;
mod moment;
mod ruling;
mod sfmc;
pub mod trend;

use std::collections::BTreeMap;

pub use breakdown::breakdown;
pub use decisions::{decisions, decisions_of, standings};
pub use findings::{findings, packet};
pub use lists::lists;
pub use moment::moment;

use crate::analysis::{Dimension, GateReading, Labels, ListCheck, Settings, Summary, TEMPLATES, TemplateCount, Totals};
use crate::tally::{Known, Tally, Template};
use crate::verdict::Action;
use decisions::Bench;
use ruling::Seen;

/// The parts of an [`Analysis`](crate::analysis::Analysis) that come from counting.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told {
    pub totals: Totals,
    pub labels: Labels,
    pub gates: GateReading,
    pub templates: Vec<TemplateCount>,
    pub summary: Summary,
    /// Where an existing suppression list was given.
    pub listed: Option<ListCheck>,
}

/// People by what they come to.
#[derive(Clone, Copy, Debug, Default)]
struct Census {
    summary: Summary,
    /// Proved dead.
    hard: u64,
    bounced: u64,
    hard_by_label: u64,
    kept_off: u64,
}

/// Everything that the tally says under these settings.
pub fn report(tally: &Tally, settings: &Settings) -> Told {
    let census = census(tally, settings);
    Told {
        totals: totals(tally),
        labels: labels::labels(tally, census.kept_off),
        gates: gates::gates(tally, settings, &census),
        templates: templates(tally),
        summary: census.summary,
        listed: lists::check(tally, settings),
    }
}

fn census(tally: &Tally, settings: &Settings) -> Census {
    let bench = Bench::new(tally, settings);
    let (mut census, mut seen) = (Census::default(), Vec::new());
    for person in tally.people.iter() {
        census.enter(&bench, &person, &mut seen);
    }
    census
}

impl Census {
    fn enter<'a>(&mut self, bench: &Bench<'a>, person: &Known<'a>, seen: &mut Vec<Seen<'a>>) {
        let ruling = bench.ruling(person, seen);
        if let Some(ruling) = &ruling {
            let other = bench.overridden(person, ruling);
            decisions::enter(&mut self.summary, other.map_or(ruling.decision.id(), |other| &other.decision));
        }
        let dead = ruling::is_dead(seen);
        let suppressed = ruling.is_some_and(|ruling| ruling.decision == Action::Suppress);
        self.hard += u64::from(dead);
        self.bounced += u64::from(ruling::is_bounced(seen));
        self.hard_by_label += u64::from(person.hard);
        self.kept_off += u64::from(person.hard && !dead && !suppressed);
    }
}

fn totals(tally: &Tally) -> Totals {
    let mut totals = Totals::default();
    for template in tally.templates().filter(|template| template.is_bounce()) {
        let cause = template.verdict.cause;
        for (counts, id) in [
            (&mut totals.by_bucket, cause.bucket().id()),
            (&mut totals.by_cause, cause.id()),
            (&mut totals.by_action, template.verdict.action.id()),
        ] {
            *counts.entry(id.to_string()).or_default() += template.count;
        }
    }
    totals.by_provider = by_provider(tally);
    totals
}

fn by_provider(tally: &Tally) -> BTreeMap<String, u64> {
    tally.by(Dimension::Provider).iter().map(|(provider, series)| (provider.to_string(), series.total())).collect()
}

/// The most frequent first; of two that came as often the one that sorts first.
fn templates(tally: &Tally) -> Vec<TemplateCount> {
    let mut found: Vec<&Template> = tally.templates().collect();
    found.sort_unstable_by(|one, other| other.count.cmp(&one.count).then_with(|| key(one).cmp(&key(other))));
    found.truncate(TEMPLATES);
    found.into_iter().map(shown).collect()
}

fn key(template: &Template) -> (&str, u128) {
    (&template.text, template.print)
}

fn shown(template: &Template) -> TemplateCount {
    let verdict = &template.verdict;
    TemplateCount {
        template: template.text.clone(),
        example: template.example().to_string(),
        count: template.count,
        domains: template.domains(),
        jobs: template.jobs(),
        first: template.first.map(moment),
        last: template.last.map(moment),
        bucket: verdict.cause.bucket(),
        cause: verdict.cause,
        confidence: verdict.confidence,
        rule: verdict.rule.as_deref().map(str::to_string),
    }
}
