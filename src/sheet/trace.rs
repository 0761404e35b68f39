//! Microsoft 365's summary of a message trace: `ann@example.com##Receive, Fail;bob@example.net##Receive, Deliver`, and no reply.

use super::known::{Known, Sort};
use super::{About, Kind};
use crate::read::{Event, Fate};
use crate::verdict::{Part, Permanence};

/// Fills one event for each recipient that the worst word of the list is for.
pub(super) fn fill(known: &Known, list: &str, events: &mut Vec<Event>, parts: &mut Vec<Part>, about: &mut About) -> Kind {
    events.clear();
    parts.clear();
    let worst = entries(known, list).map(|(.., sort)| sort).min_by_key(|sort| rank(*sort));
    for (recipient, word, sort) in entries(known, list).filter(|(.., sort)| Some(*sort) == worst) {
        let fate = if sort == Sort::Delivery { Fate::Delivered } else { Fate::Failed };
        let permanence = (sort == Sort::Temporary).then_some(Permanence::Temporary);
        let label = Some((known.platform.clone(), word.to_owned()));
        events.push(Event { fate, permanence, label, recipient: Some(recipient.to_owned()), ..Event::default() });
        if about.label.is_empty() {
            about.label.push_str(word);
            about.said = known.says(word);
            about.domain.extend(recipient.rsplit('@').next().unwrap_or_default().chars().map(|letter| letter.to_ascii_lowercase()));
        }
    }
    match worst {
        Some(Sort::Bounce | Sort::Temporary) => Kind::Bounce,
        Some(Sort::Delivery) => Kind::Delivery,
        _ => Kind::Other,
    }
}

/// Recipient, last step, and what that step says.
fn entries<'l>(known: &'l Known, list: &'l str) -> impl Iterator<Item = (&'l str, &'l str, Sort)> {
    list.split(';').filter_map(|entry| {
        let (recipient, steps) = entry.split_once("##")?;
        let word = steps.rsplit(',').next().unwrap_or(steps).trim();
        Some((recipient.trim(), word, known.sort(word).unwrap_or(Sort::Other)))
    })
}

fn rank(sort: Sort) -> u8 {
    match sort {
        Sort::Bounce => 0,
        Sort::Temporary => 1,
        Sort::Delivery => 2,
        Sort::Complaint | Sort::Other => 3,
    }
}
