//! The report as Markdown.

use std::fmt::Write as _;

use super::{Stamp, redact};
use crate::analysis::order::Order;
use crate::analysis::{Analysis, Breakdown, Finding};
use crate::view::plain::{escape, one_line};

/// Rows of a table in the report, at most.
const ROWS: usize = 20;

/// Findings, rates, labels, decisions and the largest slices, in the order of the page.
pub fn report(order: &Order, analysis: &Analysis, breakdown: &Breakdown) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write(&mut text, analysis, breakdown);
    if order.redact { redact::text(&text) } else { text }
}

fn write(text: &mut String, analysis: &Analysis, breakdown: &Breakdown) -> std::fmt::Result {
    let rows = &analysis.rows;
    writeln!(text, "# Bounces in {}\n", escape(&one_line(&analysis.source.name)))?;
    writeln!(text, "{}\n", escape(&Stamp::of(analysis).line(None)))?;
    writeln!(
        text,
        "{} rows read: {} decided, {} undecided, {} no bounces, {} not readable.{}\n",
        rows.read,
        rows.decided,
        rows.undecided,
        rows.not_bounces,
        rows.unreadable,
        if analysis.source.complete { "" } else { " **The file was not read to its end.**" }
    )?;
    for warning in &analysis.warnings {
        writeln!(text, "> {}\n", escape(warning))?;
    }
    findings(text, &analysis.findings)?;
    gates(text, analysis)?;
    labels(text, analysis)?;
    decisions(text, analysis)?;
    providers(text, breakdown)?;
    templates(text, analysis)
}

fn findings(text: &mut String, findings: &[Finding]) -> std::fmt::Result {
    writeln!(text, "## Findings\n")?;
    if findings.is_empty() {
        writeln!(text, "No pattern stands out.\n")?;
    }
    for (number, finding) in findings.iter().enumerate() {
        writeln!(text, "{}. {}", number + 1, escape(&finding.sentence))?;
        for (mark, lines) in [("Do", &finding.dos), ("Do not", &finding.do_not)] {
            for line in lines {
                writeln!(text, "   - {mark}: {}", escape(line))?;
            }
        }
        writeln!(text, "   - Rule: {}\n", escape(&finding.rule))?;
    }
    Ok(())
}

fn gates(text: &mut String, analysis: &Analysis) -> std::fmt::Result {
    let gates = &analysis.gates;
    let rate = |rate: Option<f64>| rate.map_or("no sent count".to_string(), |rate| format!("{:.2} %", rate * 100.0));
    writeln!(text, "## Gates\n\n| | People | Rate |\n| --- | --- | --- |")?;
    writeln!(text, "| Addresses proved dead | {} | {} |", gates.hard_people, rate(gates.hard_rate))?;
    writeln!(text, "| Hard by the platform's label | | {} |", rate(gates.hard_rate_by_label))?;
    writeln!(text, "| People with a bounce | {} | {} |\n", gates.bounced_people, rate(gates.total_rate))?;
    writeln!(text, "Status: {}\n", escape(&gates.status))
}

fn labels(text: &mut String, analysis: &Analysis) -> std::fmt::Result {
    let labels = &analysis.labels;
    if labels.by_label.is_empty() {
        return Ok(());
    }
    writeln!(text, "## Labels against words\n")?;
    writeln!(
        text,
        "{} labels contradict the reply. {} people with a hard label are not proved dead.\n",
        labels.conflicts, labels.kept_off_suppression
    )?;
    writeln!(text, "| Label | Events | Contradicted |\n| --- | --- | --- |")?;
    for (label, count) in labels.by_label.iter().take(ROWS) {
        writeln!(text, "| {} | {} | {} |", escape(&one_line(label)), count.count, count.conflicts)?;
    }
    writeln!(text)
}

fn decisions(text: &mut String, analysis: &Analysis) -> std::fmt::Result {
    let told = &analysis.decisions.summary;
    let rows = [
        ("Suppress", told.suppress),
        ("Unsubscribe (asked to)", told.unsubscribe),
        ("Retry", told.retry),
        ("Retry, limited", told.retry_limited),
        ("Hold", told.hold),
        ("Review", told.review),
    ];
    writeln!(text, "## Decisions\n\nFull mailboxes: {}.\n\n| Decision | People |\n| --- | --- |", analysis.settings.preset.id())?;
    for (name, count) in rows {
        writeln!(text, "| {name} | {count} |")?;
    }
    writeln!(text)
}

fn providers(text: &mut String, breakdown: &Breakdown) -> std::fmt::Result {
    if breakdown.providers.is_empty() {
        return Ok(());
    }
    writeln!(text, "## Providers\n\n| Provider | Events | Most frequent causes |\n| --- | --- | --- |")?;
    for share in breakdown.providers.iter().take(ROWS) {
        let mut causes: Vec<_> = share.by_cause.iter().collect();
        causes.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), name.as_str()));
        let causes: Vec<String> = causes.iter().take(3).map(|(name, count)| format!("{} {count}", escape(name))).collect();
        writeln!(text, "| {} | {} | {} |", escape(&share.name), share.count, causes.join(", "))?;
    }
    writeln!(text)
}

fn templates(text: &mut String, analysis: &Analysis) -> std::fmt::Result {
    writeln!(text, "## Replies\n\n| Events | Cause | Reply |\n| --- | --- | --- |")?;
    for template in analysis.templates.iter().take(ROWS) {
        let reply: String = one_line(&template.template).chars().take(200).collect();
        writeln!(text, "| {} | {} | {} |", template.count, escape(template.cause.id()), escape(&reply))?;
    }
    Ok(())
}
