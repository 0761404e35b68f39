//! A verdict as text for a ticket or a chat, written by hand and not scraped from the page.

use std::fmt::Write as _;

use super::marks::{legible, order};
use super::names::Labels;
use super::packet::code;
use super::plain::{escape, fenced};
use crate::verdict::{Decoded, Outcome, Sentence};

/// The lines of a verdict that both forms share: a name and its value.
fn facts(outcome: &Outcome, labels: &Labels, hide: bool) -> Vec<(&'static str, String)> {
    let noted = |value: &str, note: &str| if note.is_empty() { value.to_string() } else { format!("{value}. {}", legible(note, hide)) };
    let notes = &outcome.notes;
    let recipient = outcome.recipient.as_ref().map(|recipient| ("Recipient", legible(recipient, hide)));
    let stage = (outcome.stage != crate::verdict::Stage::Unknown).then(|| ("Stage", labels.of("stage", outcome.stage.id())));
    let fixed = [
        ("Cause", format!("{} / {}", outcome.bucket.id(), outcome.cause.id())),
        ("Owner of the fix", noted(&labels.of("owner", outcome.owner.id()), &notes.owner)),
        ("This attempt", noted(&labels.attempt(outcome), &notes.attempt)),
        ("This address", noted(&labels.of("address", outcome.address.id()), &notes.address)),
        ("Action", noted(&labels.of("action", outcome.action.id()), &notes.action)),
        ("Confidence", noted(&labels.of("confidence", outcome.confidence.id()), &notes.confidence)),
    ];
    recipient.into_iter().chain(fixed).chain(code(outcome).map(|code| ("Code", legible(&code, hide)))).chain(stage).collect()
}

fn evidence(outcome: &Outcome, hide: bool) -> Vec<(String, &str, String)> {
    let ordered = order(&outcome.evidence).into_iter().map(|i| &outcome.evidence[i]);
    ordered.map(|proof| (legible(&proof.quote, hide), proof.rule.as_str(), legible(&proof.note, hide))).collect()
}

/// The lists that are not empty: their title, then each line with its bullet.
fn lists(outcome: &Outcome, hide: bool) -> impl Iterator<Item = (&'static str, Vec<(String, String)>)> {
    let bullet = |title, n: usize| if title == "Next steps" { format!("{n}.") } else { "-".into() };
    let lists = [("Do", &outcome.dos), ("Do not", &outcome.do_not), ("Next steps", &outcome.next_steps)];
    let rows = move |(title, lines): (&'static str, &Vec<Sentence>)| {
        (title, lines.iter().zip(1..).map(|(line, n)| (bullet(title, n), legible(line, hide))).collect())
    };
    lists.into_iter().filter(|(_, lines)| !lines.is_empty()).map(rows)
}

fn origin(decoded: &Decoded) -> String {
    format!("Read by Undelivered {}, rules {}.", decoded.tool.app, decoded.tool.rules)
}

/// Plain text.
pub fn text(decoded: &Decoded, outcome: &Outcome, labels: &Labels, hide: bool) -> String {
    let mut text = format!("{}\n\n", legible(&outcome.summary, hide));
    for (name, value) in facts(outcome, labels, hide) {
        let _ = writeln!(text, "{name}: {value}");
    }
    for (title, lines) in lists(outcome, hide) {
        let _ = writeln!(text, "\n{title}:");
        for (bullet, line) in lines {
            let _ = writeln!(text, "{bullet} {line}");
        }
    }
    if let Some(reply) = &outcome.reply.text {
        let _ = writeln!(text, "\nReply:\n{}", legible(reply, hide));
    }
    let proofs = evidence(outcome, hide);
    if !proofs.is_empty() {
        let _ = writeln!(text, "\nEvidence:");
        for ((quote, rule, note), n) in proofs.iter().zip(1..) {
            let _ = writeln!(text, "{n}. “{quote}” {note} ({rule})");
        }
    }
    let _ = writeln!(text, "\n{}", origin(decoded));
    text
}

/// Markdown.
pub fn markdown(decoded: &Decoded, outcome: &Outcome, labels: &Labels, hide: bool) -> String {
    let mut text = format!("**{}**\n\n", escape(&legible(&outcome.summary, hide)));
    for (name, value) in facts(outcome, labels, hide) {
        let _ = writeln!(text, "- {name}: {}", escape(&value));
    }
    for (title, lines) in lists(outcome, hide) {
        let _ = writeln!(text, "\n### {title}\n");
        for (bullet, line) in lines {
            let _ = writeln!(text, "{bullet} {}", escape(&line));
        }
    }
    if let Some(reply) = &outcome.reply.text {
        let _ = write!(text, "\n### Reply\n\n{}", fenced(&legible(reply, hide)));
    }
    let proofs = evidence(outcome, hide);
    if !proofs.is_empty() {
        let _ = writeln!(text, "\n### Evidence\n");
        for ((quote, rule, note), n) in proofs.iter().zip(1..) {
            let _ = writeln!(text, "{n}. “{}” {} ({})", escape(quote), escape(note), escape(rule));
        }
    }
    let _ = writeln!(text, "\n{}", escape(&origin(decoded)));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_carry_the_verdict_and_its_proof() {
        let decoded =
            crate::decode_text("550 5.1.1 <ann.archibald@example.com>: The email account that you tried to reach does not exist. - gsmtp");
        let labels = serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/labels.json"))).unwrap();
        let outcome = &decoded.outcomes[0];
        let plain = text(&decoded, outcome, &labels, false);
        assert!(plain.contains("Cause: recipient / user_unknown") && plain.contains("Do not:") && plain.contains("Evidence:"), "{plain}");
        assert!(plain.contains("Reply:\n550 5.1.1 <ann.archibald@example.com>"), "{plain}");
        assert!(!text(&decoded, outcome, &labels, true).contains("archibald"));
        assert!(markdown(&decoded, outcome, &labels, false).contains("user\\_unknown"));
    }
}
