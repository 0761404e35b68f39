//! "Check columns": what is needed, which column answers it, how sure that is, and what a user can say against it.

use crate::analysis::{Found, Hints, Mapping, Need, Purpose};
use crate::verdict::Confidence;

/// The needs that a person is asked about, in this order; the rest is shown where a column was found for it.
pub const NEEDS: [Need; 15] = [
    Need::Text,
    Need::Key,
    Need::Recipient,
    Need::Domain,
    Need::Timestamp,
    Need::Job,
    Need::Source,
    Need::Label,
    Need::Code,
    Need::Enhanced,
    Need::Ip,
    Need::Kind,
    Need::Message,
    Need::Pool,
    Need::Sender,
];

/// Always shown, found or not.
const ALWAYS: usize = 8;

/// What a need is called.
pub fn name(need: Need) -> &'static str {
    match need {
        Need::Text => "Full reply",
        Need::Key => "Key",
        Need::Recipient => "Address",
        Need::Domain => "Domain",
        Need::Timestamp => "Date",
        Need::Job => "Job",
        Need::Source => "Source",
        Need::Label => "Label",
        Need::Code => "Reply code",
        Need::Enhanced => "Enhanced code",
        Need::Ip => "Sending IP",
        Need::Kind => "Kind of event",
        Need::Message => "Message",
        Need::Unique => "Counted once",
        Need::Pool => "IP pool",
        Need::Sender => "Sender",
    }
}

/// The columns of a need.
pub fn columns(mapping: &Mapping, need: Need) -> Vec<String> {
    let one = |column: &Option<String>| column.iter().cloned().collect();
    match need {
        Need::Text => mapping.text.clone(),
        Need::Label => mapping.label.clone(),
        Need::Key => one(&mapping.key),
        Need::Recipient => one(&mapping.recipient),
        Need::Domain => one(&mapping.domain),
        Need::Timestamp => one(&mapping.timestamp),
        Need::Job => one(&mapping.job),
        Need::Source => one(&mapping.source),
        Need::Code => one(&mapping.code),
        Need::Enhanced => one(&mapping.enhanced),
        Need::Ip => one(&mapping.ip),
        Need::Kind => one(&mapping.kind),
        Need::Message => one(&mapping.message),
        Need::Unique => one(&mapping.unique),
        Need::Pool => one(&mapping.pool),
        Need::Sender => one(&mapping.sender),
    }
}

/// One line of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Pick {
    pub need: Need,
    pub columns: Vec<String>,
    /// `certain`, `likely`, `a guess`, `yours`.
    pub sure: &'static str,
    /// First values of the first column, quoted.
    pub values: Vec<String>,
}

/// The lines for a file of this purpose.
pub fn picks(found: &Found, hints: &Hints) -> Vec<Pick> {
    let needs: &[Need] = match found.format.purpose {
        Purpose::Bounces => &NEEDS,
        Purpose::Sent => &[Need::Job],
        Purpose::Addresses => &[Need::Key, Need::Recipient],
        Purpose::Suppressions => &[Need::Key, Need::Recipient, Need::Timestamp],
    };
    let pick = |(at, need): (usize, &Need)| {
        let columns = columns(&found.mapping, *need);
        (at < ALWAYS || !columns.is_empty()).then(|| pick(found, hints, *need, columns))
    };
    needs.iter().enumerate().filter_map(pick).collect()
}

fn pick(found: &Found, hints: &Hints, need: Need, columns: Vec<String>) -> Pick {
    let first = columns.first().and_then(|name| found.columns.iter().find(|column| column.name == *name));
    let values = first.map(|column| column.values.iter().take(2).cloned().collect()).unwrap_or_default();
    let by_user = hints.map.iter().any(|(asked, _)| *asked == need);
    let sure = match found.sure.iter().find(|(of, _)| *of == need).map(|(_, sure)| sure) {
        _ if by_user => "yours",
        _ if columns.is_empty() => "–",
        Some(Confidence::High) | None => "certain",
        Some(Confidence::Medium) => "likely",
        Some(Confidence::Low) => "a guess",
    };
    Pick { need, columns, sure, values }
}

/// Nothing to ask: the reply column and all else that was found is certain, and dates can be read one way only.
pub fn is_certain(found: &Found, hints: &Hints) -> bool {
    let sure = |need: Need| hints.map.iter().any(|(asked, _)| *asked == need);
    let doubts = found.sure.iter().any(|(need, confidence)| *confidence == Confidence::Low && !sure(*need));
    let reply = found.format.purpose != Purpose::Bounces || has_reply(found);
    let order = !found.day_order_open || hints.day_order.is_some();
    let zone = !found.time_zone_open || hints.time_zone.is_some();
    let format = found.format.confidence != Some(Confidence::Low);
    reply && !doubts && order && zone && format
}

/// There is something to read a verdict from.
pub fn has_reply(found: &Found) -> bool {
    !found.mapping.text.is_empty() || found.columns.is_empty()
}

/// `UTF-16LE, tab, header in row 1, 15 columns`.
pub fn reading(found: &Found) -> String {
    let format = &found.format;
    let mut parts = vec![format.packing.clone().unwrap_or_default(), format.encoding.to_uppercase()];
    if let Some(delimiter) = &format.delimiter {
        parts.push(delimiter_name(delimiter).into());
        parts.push(if format.header { "header in row 1" } else { "no header" }.into());
        parts.push(super::figures::counted(found.columns.len() as u64, "column", "columns"));
    }
    parts.retain(|part| !part.is_empty());
    parts.join(", ")
}

/// What a delimiter is called.
pub fn delimiter_name(delimiter: &str) -> &str {
    match delimiter {
        "," => "comma",
        ";" => "semicolon",
        "\t" => "tab",
        "|" => "pipe",
        other => other,
    }
}

/// A name for what a set of columns is, under which a mapping can be kept: the same header, the same mapping.
pub fn header_id(found: &Found) -> String {
    let names: Vec<&str> = found.columns.iter().map(|column| column.name.as_str()).collect();
    names.join("\u{1f}")
}

/// Sets the columns of a need.
pub fn choose(hints: &Hints, need: Need, column: Option<String>) -> Hints {
    let mut hints = hints.clone();
    hints.map.retain(|(asked, _)| *asked != need);
    hints.map.push((need, column.into_iter().collect()));
    hints
}

/// What each purpose is called.
pub const PURPOSES: [(Purpose, &str); 4] = [
    (Purpose::Bounces, "bounces"),
    (Purpose::Sent, "messages sent by job"),
    (Purpose::Addresses, "addresses by key"),
    (Purpose::Suppressions, "an existing suppression list"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Column, Format};

    fn found() -> Found {
        let column = |name: &str| Column { name: name.into(), values: vec!["one".into(), "two".into(), "three".into()] };
        Found {
            format: Format { encoding: "utf-16le".into(), delimiter: Some("\t".into()), header: true, ..Format::default() },
            mapping: Mapping { text: vec!["Reason".into()], timestamp: Some("Date".into()), ..Mapping::default() },
            sure: vec![(Need::Text, Confidence::High), (Need::Timestamp, Confidence::Medium)],
            columns: vec![column("Reason"), column("Date")],
            ..Found::default()
        }
    }

    #[test]
    fn asks_only_where_it_must() {
        let hints = Hints::default();
        assert!(is_certain(&found(), &hints));
        let open = Found { day_order_open: true, ..found() };
        assert!(!is_certain(&open, &hints));
        assert!(is_certain(&open, &Hints { day_order: Some(crate::analysis::DayOrder::Dmy), ..Hints::default() }));
        let guessed = Found { sure: vec![(Need::Text, Confidence::Low)], ..found() };
        assert!(!is_certain(&guessed, &hints));
        assert!(is_certain(&guessed, &choose(&hints, Need::Text, Some("Reason".into()))));
        assert!(!is_certain(&Found { mapping: Mapping::default(), ..found() }, &hints), "no reply column");
    }

    #[test]
    fn a_line_says_what_was_found() {
        let picks = picks(&found(), &Hints::default());
        assert_eq!(picks.len(), ALWAYS);
        assert_eq!((picks[0].sure, picks[0].values.len(), picks[1].sure, picks[4].sure), ("certain", 2, "–", "likely"));
        assert_eq!(reading(&found()), "UTF-16LE, tab, header in row 1, 2 columns");
    }

    #[test]
    fn a_choice_replaces_the_last_one() {
        let once = choose(&Hints::default(), Need::Job, Some("A".into()));
        let twice = choose(&once, Need::Job, None);
        assert_eq!(twice.map, [(Need::Job, vec![])]);
    }
}
