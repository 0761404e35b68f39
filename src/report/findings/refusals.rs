//! The sender or the message refused at several big mailbox providers at once.

use std::cmp::Reverse;

use super::draft::Draft;
use super::survey::{Slice, Survey, values};
use super::words::{number, percent};
use crate::analysis::{Dimension, Filter};
use crate::report::trend::{Timeline, change_point};
use crate::tally::{Cell, Series};

/// A big provider that refuses often enough.
struct Refuser<'a> {
    id: &'a str,
    cells: Vec<Cell>,
    line: Timeline,
    /// Events within the window that it takes.
    need: u64,
}

/// `cross_provider_policy`.
pub fn cross_provider(survey: &Survey<'_>) -> Vec<Draft> {
    let mut refusers: Vec<Refuser<'_>> =
        values(survey.tally, Dimension::Provider).filter_map(|(id, series)| refuser(survey, id, series)).collect();
    refusers.sort_by_key(|refuser| refuser.id);
    together(survey, &refusers).into_iter().collect()
}

fn refuser<'a>(survey: &Survey<'a>, id: &'a str, series: &Series) -> Option<Refuser<'a>> {
    survey.pack.is_big(id).then_some(())?;
    let cells = survey.tally.policy().get(id)?.cells();
    let share = (survey.limits.cross_share * series.total() as f64).ceil() as u64;
    let need = survey.limits.cross_events.max(share);
    let line = Timeline::of(cells.iter().copied());
    (line.total() >= need).then_some(Refuser { id, cells, line, need })
}

/// The stretch of windows in which enough of them refuse; of several stretches, the one with most refusals.
fn together(survey: &Survey<'_>, refusers: &[Refuser<'_>]) -> Option<Draft> {
    let length = survey.limits.cross_hours as i64 * 3600;
    let mut starts: Vec<i64> = refusers.iter().flat_map(|refuser| refuser.line.starts()).copied().collect();
    starts.sort_unstable();
    starts.dedup();
    let at = |from: i64| refusers.iter().filter(move |refuser| refuser.line.between(from, from + length) >= refuser.need);
    let enough = |from: &i64| at(*from).count() as u64 >= survey.limits.cross_providers;
    let mut stretches: Vec<(i64, i64)> = Vec::new();
    for from in starts.into_iter().filter(enough) {
        match stretches.last_mut() {
            Some(last) if from <= last.1 => last.1 = from + length,
            _ => stretches.push((from, from + length)),
        }
    }
    let events = |(from, until): &(i64, i64)| refusers.iter().map(|refuser| refuser.line.between(*from, *until)).sum::<u64>();
    let (from, until) = stretches.into_iter().rev().max_by_key(events)?;
    draft(survey, refusers.iter().filter(|refuser| refuser.line.between(from, until) >= refuser.need).collect(), from, until)
}

fn draft(survey: &Survey<'_>, mut refusers: Vec<&Refuser<'_>>, from: i64, until: i64) -> Option<Draft> {
    let (since, until) = common(survey, &refusers, from, until)?;
    refusers.retain(|refuser| refuser.line.between(since, until) >= refuser.need);
    refusers.sort_by_key(|refuser| Reverse(refuser.line.between(since, until)));
    let cells = || refusers.iter().flat_map(|refuser| refuser.cells.iter().copied());
    let slice = Slice::of(cells().filter(|cell| cell.start().is_some_and(|start| (since..until).contains(&start))).collect());
    let bucket = slice.cause?.bucket();
    let filter = Filter { bucket: Some(bucket.id().into()), from: Some(since), until: Some(until), ..Filter::default() };
    let told = |refuser: &&Refuser<'_>| format!("{} {}", survey.name_of(refuser.id), number(refuser.line.between(since, until)));
    let names = refusers.iter().map(told).collect::<Vec<_>>().join(", ");
    let mut draft = Draft::new("cross_provider_policy", slice, filter);
    (draft.bucket, draft.group, draft.events) = (Some(bucket), Timeline::of(cells()).total(), "refusal");
    (draft.since, draft.until) = (Some(since), Some(until));
    draft.say("share_all", percent(draft.slice.count, survey.bounces));
    draft.say("names", names);
    Some(draft)
}

/// From the first change point within the stretch (else its first refusal) until the last refusal of those that refused mostly then:
/// who refuses all the time does not lengthen it.
fn common(survey: &Survey<'_>, refusers: &[&Refuser<'_>], from: i64, until: i64) -> Option<(i64, i64)> {
    let spans = |of: &dyn Fn(&Timeline) -> bool| -> Vec<(i64, i64)> {
        refusers.iter().filter(|refuser| of(&refuser.line)).filter_map(|refuser| refuser.line.within(from, until)).collect()
    };
    let all = spans(&|_| true);
    let mostly = spans(&|line| 2 * line.between(from, until) > line.total());
    let first = all.iter().map(|(first, _)| *first).min()?;
    let last = if mostly.is_empty() { all } else { mostly }.into_iter().map(|(_, last)| last).max()?;
    let onset = |refuser: &&Refuser<'_>| change_point(&refuser.line, &survey.whole, survey.limits.change_factor);
    let onsets = refusers.iter().filter_map(onset).filter(|at| (first..last).contains(at));
    Some((onsets.min().unwrap_or(first), last))
}
