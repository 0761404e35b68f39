//! The platform's labels against the receivers' words.

use crate::analysis::{LabelCount, Labels};
use crate::tally::{Tally, Voice};

/// How often each label came, and how often it says the opposite of the words. `kept_off` is counted where people are decided.
pub(super) fn labels(tally: &Tally, kept_off: u64) -> Labels {
    let mut labels = Labels { kept_off_suppression: kept_off, ..Labels::default() };
    for voice in tally.voices().filter(|voice| !tally.label(voice.label).is_empty()) {
        let conflicts = if voice.conflict { voice.count } else { 0 };
        labels.conflicts += conflicts;
        let counted = labels.by_label.entry(general(tally.label(voice.label)).to_string()).or_default();
        counted.conflicts += conflicts;
        enter(counted, tally, voice);
    }
    labels
}

/// The most general part of a label.
fn general(label: &str) -> &str {
    label.split(" / ").next().unwrap_or(label)
}

fn enter(label: &mut LabelCount, tally: &Tally, voice: &Voice) {
    label.count += voice.count;
    let Some(template) = tally.template(voice.template) else { return };
    *label.by_bucket.entry(template.verdict.cause.bucket().id().to_string()).or_default() += voice.count;
    let example = template.example();
    if voice.conflict && label.example.as_deref().is_none_or(|shown| example < shown) {
        label.example = Some(example.to_string());
    }
}
