//! One cause at one provider that came and went within a day.

use super::draft::Draft;
use super::survey::{Slice, Survey, values};
use super::words::{decimal, hours, number, when};
use crate::analysis::{Dimension, Filter};
use crate::report::trend::Timeline;
use crate::tally::Cell;
use crate::verdict::{Bucket, Cause};

/// Window lengths that are tried, in hours; the longest is the threshold's own.
const LENGTHS: [u64; 6] = [1, 2, 3, 6, 12, 24];
/// The next longer window has to hold so many times the events, or the shorter one was all of it.
const GROWTH: f64 = 1.1;
/// Windows beside it, so that they have a median.
const OTHERS: usize = 3;

/// `incident_window`.
pub fn incidents(survey: &Survey<'_>) -> Vec<Draft> {
    let named = values(survey.tally, Dimension::Provider);
    let mut found: Vec<Draft> = named.flat_map(|(provider, series)| at_provider(survey, provider, series.cells())).collect();
    found.sort_by(|a, b| (&a.subject, a.since, a.slice.cause).cmp(&(&b.subject, b.since, b.slice.cause)));
    found
}

fn at_provider(survey: &Survey<'_>, provider: &str, cells: Vec<Cell>) -> Vec<Draft> {
    let causes = cells.chunk_by(|a, b| a.cause() == b.cause());
    causes.filter_map(|cells| at_cause(survey, provider, cells)).collect()
}

/// Causes that pass, and causes by which a receiver shuts the door. Words that name a failing of the sender's own, in authentication or
/// content, are no incident of the receiver's.
fn comes_and_goes(cause: Cause) -> bool {
    let temporary = matches!(cause.bucket(), Bucket::Rate | Bucket::Transport | Bucket::RemoteSystem);
    let blocking = matches!(cause.bucket(), Bucket::Reputation | Bucket::Policy);
    temporary || blocking || matches!(cause, Cause::MailboxUnavailable | Cause::RecipientRate)
}

fn at_cause(survey: &Survey<'_>, provider: &str, cells: &[Cell]) -> Option<Draft> {
    let cause = cells.first()?.cause();
    let slice = Slice::of(cells.to_vec());
    if !comes_and_goes(cause) || slice.count < survey.limits.group_events {
        return None;
    }
    let window = window(survey, &slice)?;
    let (from, until) = slice.line.within(window.from, window.from + window.seconds)?;
    let inside = Slice::of(cells.iter().copied().filter(|cell| cell.start().is_some_and(|start| (from..until).contains(&start))).collect());
    let length = window.seconds as f64 / 3600.0;
    let filter = Filter {
        bucket: Some(cause.bucket().id().into()),
        cause: Some(cause.id().into()),
        provider: Some(provider.into()),
        from: Some(from),
        until: Some(until),
        ..Filter::default()
    };
    let mut draft = Draft::new("incident_window", inside, filter);
    (draft.bucket, draft.group, draft.events) = (Some(cause.bucket()), slice.count, cause.bucket().id());
    draft.subject = Some(("provider", provider.to_string()));
    (draft.since, draft.until) = (Some(from), Some(until));
    let said = [
        ("from", when(from)),
        ("until", when(until)),
        ("hours", hours(window.seconds)),
        ("rate", decimal(window.count as f64 / length)),
        ("normal", decimal(window.normal / length)),
        ("cause", cause.id().replace('_', " ")),
        ("all", number(slice.count)),
    ];
    said.into_iter().for_each(|(name, value)| draft.say(name, value));
    Some(draft)
}

/// A stretch of time and what is usual in as long a one.
struct Window {
    from: i64,
    seconds: i64,
    count: u64,
    /// Median of the others.
    normal: f64,
}

/// The window of at most the given length, grown as long as a longer one holds clearly more.
fn window(survey: &Survey<'_>, slice: &Slice) -> Option<Window> {
    let longest = survey.limits.incident_hours;
    let lengths = LENGTHS.into_iter().filter(|hours| *hours < longest).chain([longest]);
    let mut best: Option<(i64, i64, u64)> = None;
    for seconds in lengths.map(|hours| hours as i64 * 3600) {
        let (from, count) = slice.line.densest(seconds)?;
        let grown = best.is_none_or(|(.., held)| count as f64 >= GROWTH * held as f64 || 2 * held <= slice.count);
        if grown {
            best = Some((from, seconds, count));
        }
    }
    let (from, seconds, count) = best?;
    let normal = median(others(&slice.line, &survey.whole, from, seconds))?;
    let limits = survey.limits;
    let most = 2 * count > slice.count && count >= limits.group_events;
    (most && count as f64 >= limits.incident_factor * normal && stands_out(survey, slice, from, seconds, count)).then_some(Window {
        from,
        seconds,
        count,
        normal,
    })
}

/// The other bounces did not crowd into the same window: a day on which everything was sent is no incident.
fn stands_out(survey: &Survey<'_>, slice: &Slice, from: i64, seconds: i64, count: u64) -> bool {
    let others = survey.whole.total().saturating_sub(slice.line.total());
    let crowd = survey.whole.between(from, from + seconds).saturating_sub(count);
    others == 0 || count as f64 / slice.count as f64 >= survey.limits.lift * crowd as f64 / others as f64
}

/// Events in the whole windows of the same length before and after, as far as the file reaches.
fn others(line: &Timeline, whole: &Timeline, from: i64, seconds: i64) -> Vec<u64> {
    let (Some(first), Some(end)) = (whole.first(), whole.end()) else { return Vec::new() };
    let before = (1..).map(|n| from - n * seconds).take_while(|start| *start >= first);
    let after = (1..).map(|n| from + n * seconds).take_while(|start| *start + seconds <= end);
    before.chain(after).map(|start| line.between(start, start + seconds)).collect()
}

fn median(mut counts: Vec<u64>) -> Option<f64> {
    if counts.len() < OTHERS {
        return None;
    }
    counts.sort_unstable();
    let (low, high) = (counts[(counts.len() - 1) / 2], counts[counts.len() / 2]);
    Some((low + high) as f64 / 2.0)
}
