//! Which events are counted.

use super::{Tally, Template};
use crate::analysis::Filter;
use crate::sheet::{About, Kind, Row};

/// A [`Filter`] made ready against the tally of everything.
pub struct Passes<'t> {
    filter: &'t Filter,
    whole: &'t Tally,
    search: String,
    /// What was decided of each person of `whole`, by number.
    decided: Vec<Option<&'static str>>,
    /// Prints of the templates that are displayed as the filter says.
    templates: Vec<u128>,
}

impl<'t> Passes<'t> {
    /// `decided` is needed only where the filter asks for a decision.
    pub fn new(filter: &'t Filter, whole: &'t Tally, decided: Vec<Option<&'static str>>) -> Self {
        let is_meant = |template: &&Template| filter.template.as_ref() == Some(&template.text);
        let templates = whole.templates().filter(is_meant).map(|template| template.print).collect();
        Self { filter, whole, search: filter.search.as_deref().unwrap_or_default().to_lowercase(), decided, templates }
    }

    /// What the record itself shows, whatever its verdict.
    pub(super) fn record(&self, row: &Row, ip: &str) -> bool {
        let Filter { job, source, ip: wanted_ip, from, until, .. } = self.filter;
        let about = &row.about;
        let time =
            |limit: &Option<i64>, fits: fn(i64, i64) -> bool| limit.is_none_or(|limit| about.time.is_some_and(|time| fits(time, limit)));
        is(job, &about.job)
            && is(source, &about.source)
            && is(wanted_ip, ip)
            && time(from, |time, from| time >= from)
            && time(until, |time, until| time < until)
            && (self.search.is_empty() || row.cells.iter().any(|cell| cell.to_lowercase().contains(&self.search)))
    }

    /// A record that has no verdict: it cannot fit what only a verdict has.
    pub(super) fn unjudged(&self, row: &Row) -> bool {
        let Filter { bucket, cause, provider, label, decision, template, domain, .. } = self.filter;
        let is_open = [bucket, cause, provider, label, decision, template].into_iter().all(Option::is_none);
        row.kind != Kind::Bounce && is_open && is(domain, &row.about.domain) && self.record(row, &row.about.ip)
    }

    /// One outcome of a record.
    pub(super) fn outcome(&self, template: &Template, about: &About, domain: &str, provider: &str, person: &str) -> bool {
        let Filter { bucket, cause, provider: wanted, label, decision, template: displayed, domain: wanted_domain, .. } = self.filter;
        let decided = || self.decided.get(self.whole.people.find(person)? as usize).copied().flatten();
        is(bucket, template.verdict.cause.bucket().id())
            && is(cause, template.verdict.cause.id())
            && is(wanted, provider)
            && is(wanted_domain, domain)
            && label.as_ref().is_none_or(|label| about.label == *label || about.label.split(" / ").next() == Some(label))
            && (displayed.is_none() || self.templates.contains(&template.print))
            && decision.as_ref().is_none_or(|decision| decided() == Some(decision))
    }
}

fn is(wanted: &Option<String>, value: &str) -> bool {
    wanted.as_ref().is_none_or(|wanted| wanted == value)
}
