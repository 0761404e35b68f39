//! The one filter: what each part of it is called, and the filter without it.

use super::figures::{Moment, cut};
use crate::analysis::{Dimension, Filter};
use crate::view::names::plain;

/// One part of a filter, as a button that takes it away.
#[derive(Clone, Debug, PartialEq)]
pub struct Chip {
    pub name: String,
    /// The filter without this part.
    pub without: Filter,
}

/// The parts of a filter, in a fixed order. `company` names a provider.
pub fn chips(filter: &Filter, company: impl Fn(&str) -> String) -> Vec<Chip> {
    let mut chips = Vec::new();
    let mut part = |kind: &str, value: Option<String>, clear: fn(&mut Filter)| {
        if let Some(value) = value {
            let mut without = filter.clone();
            clear(&mut without);
            chips.push(Chip { name: format!("{kind}: {}", cut(&value, 60)), without });
        }
    };
    part("Bucket", filter.bucket.as_deref().map(plain), |filter| filter.bucket = None);
    part("Cause", filter.cause.as_deref().map(plain), |filter| filter.cause = None);
    part("Provider", filter.provider.as_deref().map(company), |filter| filter.provider = None);
    part("Domain", filter.domain.clone(), |filter| filter.domain = None);
    part("Job", filter.job.clone(), |filter| filter.job = None);
    part("Source", filter.source.clone(), |filter| filter.source = None);
    part("IP", filter.ip.clone(), |filter| filter.ip = None);
    part("Label", filter.label.clone(), |filter| filter.label = None);
    part("Decision", filter.decision.as_deref().map(plain), |filter| filter.decision = None);
    part("Reply", filter.template.clone(), |filter| filter.template = None);
    part("Time", times(filter), |filter| (filter.from, filter.until) = (None, None));
    part("Search", filter.search.clone(), |filter| filter.search = None);
    chips
}

fn times(filter: &Filter) -> Option<String> {
    let words = |time: i64| {
        let moment = Moment::at(time);
        format!("{} {}", moment.day_words(), moment.clock())
    };
    match (filter.from, filter.until) {
        (None, None) => None,
        (Some(from), None) => Some(format!("from {}", words(from))),
        (None, Some(until)) => Some(format!("before {}", words(until))),
        (Some(from), Some(until)) => Some(format!("{} to {} UTC", words(from), words(until))),
    }
}

/// The filter that leaves one value of a dimension.
pub fn of_dimension(dimension: Dimension, value: &str) -> Filter {
    let value = Some(value.to_string());
    match dimension {
        Dimension::Domain => Filter { domain: value, ..Filter::default() },
        Dimension::Provider => Filter { provider: value, ..Filter::default() },
        Dimension::Job => Filter { job: value, ..Filter::default() },
        Dimension::Source => Filter { source: value, ..Filter::default() },
        Dimension::Ip => Filter { ip: value, ..Filter::default() },
    }
}

/// `5,214 of 41,882 events`, or all of them.
pub fn pill(passed: Option<(u64, u64)>, all: u64) -> String {
    use super::figures::{count, counted};
    match passed {
        Some((passed, all)) => format!("{} of {}", count(passed), counted(all, "event", "events")),
        None => counted(all, "event", "events"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_is_a_chip_that_takes_only_itself_away() {
        let filter = Filter {
            bucket: Some("sender_setup".into()),
            provider: Some("microsoft".into()),
            from: Some(0),
            until: Some(86_400),
            ..Filter::default()
        };
        let chips = chips(&filter, str::to_uppercase);
        let names: Vec<_> = chips.iter().map(|chip| chip.name.as_str()).collect();
        assert_eq!(names, ["Bucket: sender setup", "Provider: MICROSOFT", "Time: 1 Jan 00:00 to 2 Jan 00:00 UTC"]);
        assert_eq!(chips[0].without, Filter { bucket: None, ..filter.clone() });
        assert_eq!(chips[2].without, Filter { from: None, until: None, ..filter });
    }

    #[test]
    fn the_pill_says_the_part_and_the_whole() {
        assert_eq!(pill(Some((3_120, 41_882)), 41_882), "3,120 of 41,882 events");
        assert_eq!(pill(None, 1), "1 event");
    }
}
