//! The patterns in the bounces, most costly first.
//!
//! Each rule is a small function over the [`Survey`] that gives [`Draft`]s; every number it uses is a field of
//! [`Thresholds`](crate::analysis::Thresholds). What each pattern means and what to do about it: `docs/findings.md`.

mod doubt;
mod draft;
mod incident;
mod packet;
mod people;
mod refusals;
mod shape;
mod survey;
mod words;

use crate::analysis::{Finding, Settings};
use crate::judge::pack::Pack;
use crate::tally::Tally;
use draft::Draft;
use survey::Survey;

pub use packet::packet;

/// What the bounces have in common, most costly first.
///
/// The cost is the number of events times how wrong, and how hard to undo, the usual reaction to them is (see [`Draft::weight`]).
pub fn findings(tally: &Tally, pack: &Pack, settings: &Settings) -> Vec<Finding> {
    let survey = Survey::new(tally, pack, &settings.thresholds);
    let finders: [fn(&Survey<'_>) -> Vec<Draft>; 6] = [
        shape::concentrated,
        shape::many_domains,
        refusals::cross_provider,
        incident::incidents,
        doubt::label_conflict,
        doubt::missing_text,
    ];
    let mut drafts: Vec<Draft> = finders.iter().flat_map(|find| find(&survey)).collect();
    drafts.sort_by(|a, b| b.cost().total_cmp(&a.cost()));
    people::count(&survey, &mut drafts);
    drafts.into_iter().map(|draft| draft.finish(&survey)).collect()
}
