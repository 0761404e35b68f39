//! Rows as a sheet gives them, made by hand.
#![allow(dead_code, reason = "not every test needs all of it")]

use std::sync::OnceLock;

use undelivered::analysis::{Decision, Settings};
use undelivered::judge::pack::Pack;
use undelivered::read::{Event, Fate, Span};
use undelivered::report;
use undelivered::sheet::{About, Item, Kind, Row};
use undelivered::tally::{Court, Tally};
use undelivered::verdict::{Cause, Part};

pub const DEAD: &str = "550 5.1.1 <ann@example.com>: Recipient address rejected: User unknown in virtual mailbox table";
pub const FULL: &str = "452 4.2.2 The email account that you tried to reach is over quota";
pub const BLOCKED: &str = "554 5.7.1 Service unavailable; Client host [203.0.113.25] blocked using zen.spamhaus.org";
pub const GREY: &str = "451 4.7.1 Greylisting in action, please come back later";
pub const TIMEOUT: &str = "421 4.4.2 Connection timed out while waiting for the remote server";
pub const UNWELL: &str = "451 4.3.0 Internal server error, please try again later";
pub const RATE: &str = "421 4.7.0 Too many messages from your IP, rate limited, try again later";
pub const BARE: &str = "550";

pub const DAY: i64 = 24 * 3600;
/// 2026-11-01T00:00:00Z.
pub const START: i64 = 1_793_491_200;

/// A bounce of `person` after so many days.
pub fn bounce(person: &str, text: &str, days: f64) -> Row {
    let words = if text.is_empty() { Vec::new() } else { vec![Span { part: 0, start: 0, end: text.len() }] };
    let event = Event { words, recipient: Some(person.to_string()).filter(|person| person.contains('@')), ..Event::default() };
    let time = Some(START + (days * DAY as f64) as i64);
    Row {
        events: vec![event],
        parts: vec![Part { id: 0, name: "input".into(), text: text.into() }],
        about: About { key: Some(person).filter(|person| !person.contains('@')).unwrap_or_default().into(), time, ..About::default() },
        ..Row::default()
    }
}

pub fn delivery(person: &str, days: f64) -> Row {
    Row { kind: Kind::Delivery, ..bounce(person, "", days) }
}

/// A record that says what became of the message.
pub fn fate(person: &str, fate: Fate, days: f64) -> Row {
    let mut row = bounce(person, "", days);
    row.events[0].fate = fate;
    row
}

pub fn with(mut row: Row, change: impl FnOnce(&mut About)) -> Row {
    change(&mut row.about);
    row
}

pub fn labelled(row: Row, label: &str) -> Row {
    with(row, |about| about.label = label.into())
}

/// Only a platform's word.
pub fn word(person: &str, cause: Cause, label: &str, days: f64) -> Row {
    with(bounce(person, "", days), |about| (about.said, about.label) = (Some(cause), label.into()))
}

/// Made once: it reads all the rules.
pub fn court() -> &'static Court<'static> {
    static COURT: OnceLock<Court<'static>> = OnceLock::new();
    COURT.get_or_init(|| Court::new(Pack::built_in()))
}

pub fn tally(rows: &[Row]) -> Tally {
    let court = court();
    let mut tally = Tally::default();
    for row in rows {
        tally.add(court, &Item::Row(row), None);
    }
    tally
}

pub fn decide_with(tally: &Tally, settings: &Settings) -> Vec<Decision> {
    report::decisions(tally, settings).collect()
}

/// The decisions that these rows come to.
pub fn decide(rows: &[Row]) -> Vec<Decision> {
    decide_with(&tally(rows), &Settings::default())
}

/// The one decision.
pub fn one(rows: &[Row]) -> Decision {
    let mut decisions = decide(rows);
    assert_eq!(decisions.len(), 1, "{decisions:#?}");
    decisions.remove(0)
}

/// The decision and the cause of the one person.
pub fn says(rows: &[Row]) -> String {
    let one = one(rows);
    format!("{} {}", one.decision, one.cause)
}
