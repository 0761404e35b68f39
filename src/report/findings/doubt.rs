//! What the file says that the words do not bear out, and what it does not say.

use std::collections::BTreeMap;

use super::draft::Draft;
use super::survey::{Slice, Survey};
use super::words::number;
use crate::analysis::Filter;
use crate::tally::Voice;
use crate::verdict::{Bucket, Cause};

/// `label_conflict`.
pub fn label_conflict(survey: &Survey<'_>) -> Vec<Draft> {
    let tally = survey.tally;
    let telling: Vec<&Voice> = tally.voices().filter(|voice| voice.hard.is_some()).collect();
    let sum = |voices: &mut dyn Iterator<Item = &&Voice>| voices.map(|voice| voice.count).sum::<u64>();
    let hard = sum(&mut telling.iter().filter(|voice| voice.conflict && voice.hard == Some(true)));
    let soft = sum(&mut telling.iter().filter(|voice| voice.conflict && voice.hard == Some(false)));
    let (mut labels, mut causes): (BTreeMap<&str, u64>, BTreeMap<Cause, u64>) = Default::default();
    for voice in telling.iter().filter(|voice| voice.conflict) {
        *labels.entry(tally.label(voice.label)).or_default() += voice.count;
        tally.template(voice.template).into_iter().for_each(|told| *causes.entry(told.verdict.cause).or_default() += voice.count);
    }
    let most = labels.into_iter().rev().max_by_key(|(_, count)| *count).filter(|_| hard + soft >= survey.limits.label_conflicts);
    let Some((label, _)) = most else { return Vec::new() };
    let cause = causes.into_iter().max_by_key(|(_, count)| *count).map(|(cause, _)| cause);
    let slice = Slice { count: hard + soft, cause, ..Slice::default() };
    let mut draft = Draft::new("label_conflict", slice, Filter { label: Some(label.into()), ..Filter::default() });
    draft.subject = Some(("label", label.into()));
    draft.group = sum(&mut telling.iter());
    draft.say("hard", number(hard));
    draft.say("soft", number(soft));
    vec![draft]
}

/// `missing_text`.
pub fn missing_text(survey: &Survey<'_>) -> Vec<Draft> {
    let thin = survey.of(|cause| cause == Cause::InsufficientEvidence);
    let (limits, rows) = (survey.limits, survey.tally.rows.read);
    if thin.count < limits.thin_replies || (thin.count as f64) < limits.thin_share * rows as f64 {
        return Vec::new();
    }
    let cause = Some(Cause::InsufficientEvidence.id().to_string());
    let mut draft = Draft::new("missing_text", thin, Filter { cause, ..Filter::default() });
    (draft.bucket, draft.group) = (Some(Bucket::Unknown), rows);
    vec![draft]
}
