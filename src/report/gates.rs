//! Bounce rates against their limits: distinct people over the sent count.

use super::Census;
use crate::analysis::{GateReading, Settings};
use crate::tally::Tally;

/// The rates; none without a sent count.
pub(super) fn gates(tally: &Tally, settings: &Settings, census: &Census) -> GateReading {
    let counted = Some(tally.sent.values().sum()).filter(|_| !tally.sent.is_empty());
    let sent = settings.sent.or(counted).filter(|sent| *sent > 0);
    let rate = |people: u64| sent.map(|sent| people as f64 / sent as f64);
    let (hard_rate, total_rate) = (rate(census.hard), rate(census.bounced));
    GateReading {
        hard_people: census.hard,
        bounced_people: census.bounced,
        hard_rate,
        total_rate,
        hard_rate_by_label: rate(census.hard_by_label),
        status: status(settings, hard_rate, total_rate).to_string(),
    }
}

fn status(settings: &Settings, hard: Option<f64>, total: Option<f64>) -> &'static str {
    let limits = settings.gate_limits.unwrap_or(settings.gates.limits());
    match hard.zip(total) {
        None => "needs_sent_count",
        Some((hard, total)) if hard >= limits.stop || total >= limits.total => "stop",
        Some((hard, _)) if hard >= limits.watch => "watch",
        Some(_) => "ok",
    }
}
