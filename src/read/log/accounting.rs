//! Accounting files: PowerMTA's CSV records, Momentum's `@`-delimited ones, Exchange's message tracking with its `#Fields:` line.

use super::{Log, Seen, event_of};
use crate::read::draft::fill_codes;
use crate::read::{Event, Fate, Span, scan};

/// The names of the columns, where a header line gave them (lower case, letters and digits only).
#[derive(Default)]
pub(super) struct Columns<'t> {
    names: Vec<String>,
    cells: Vec<&'t str>,
}

impl<'t> Columns<'t> {
    /// The cell of the row at hand under one of these names.
    fn cell(&self, names: &[&str]) -> Option<&'t str> {
        let found = names.iter().find_map(|name| self.names.iter().position(|known| known == name))?;
        self.cells.get(found).copied().filter(|cell| !cell.is_empty())
    }

    /// Takes the row apart, and gives the recipient and whether it was deferred, where the header is one of message tracking.
    pub(super) fn tracked(&mut self, line: &'t str) -> Option<(&'t str, bool)> {
        self.cells = cells(line);
        let recipient = self.cell(&["recipientaddress"])?;
        Some((recipient, self.cell(&["eventid"]).is_some_and(|event| event.eq_ignore_ascii_case("DEFER"))))
    }
}

/// PowerMTA (Accounting, in its user's guide) with or without a header, and message tracking rows.
pub(super) fn read<'t>(log: &mut Log<'t>, line: &'t str) -> Option<Seen> {
    if let Some(names) = header(line) {
        log.columns.names = names;
        return Some(Seen::Other);
    }
    log.columns.cells = cells(line);
    if log.columns.cell(&["eventid"]).is_some() {
        return tracking(log);
    }
    let kind = log.columns.cells.first().copied()?;
    if !matches!(kind, "b" | "d" | "t" | "tq" | "r" | "f" | "rb" | "rs") || log.columns.cells.len() < 5 {
        return None;
    }
    let fate = match kind {
        "d" => Fate::Delivered,
        "f" => Fate::Feedback,
        "b" | "t" | "tq" | "rb" => Fate::Failed,
        _ => return Some(Seen::Other),
    };
    record(log, Event { fate, ..event_of(kind == "d", kind.starts_with('t')) })
}

fn header(line: &str) -> Option<Vec<String>> {
    let names = line.strip_prefix("#Fields: ").or_else(|| line.starts_with("type,").then_some(line)).or_else(|| line.strip_prefix('#'));
    let plain = |name: &&str| name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect::<String>();
    let names: Vec<String> = cells(names?).iter().map(plain).collect();
    let known = ["dsndiag", "dsnstatus", "bouncecat", "eventid"].iter().any(|name| names.iter().any(|known| known == name));
    known.then_some(names)
}

fn record(log: &mut Log<'_>, mut event: Event) -> Option<Seen> {
    let columns = &log.columns;
    let named = !columns.names.is_empty();
    let pick = |names: &[&str], guess: fn(&&&str) -> bool| {
        if named { columns.cell(names) } else { columns.cells.iter().skip(1).rfind(guess).copied() }
    };
    let recipient = if named { columns.cell(&["rcpt", "orcpt"]) } else { guessed_recipient(&columns.cells) };
    let words = pick(&["dsndiag"], |cell| is_diagnostic(cell));
    let status = pick(&["dsnstatus"], |cell| scan::enhanced(cell).is_some());
    let class = pick(&["bouncecat"], |cell| is_class(cell));
    let host = pick(&["dsnmta"], |cell| cell.ends_with(')') && scan::host(cell).is_some() && cell.contains(" ("));
    let sending = if named { columns.cell(&["dlvsourceip"]) } else { None };
    event.recipient = recipient.map(str::to_owned);
    event.hosts.extend(host.and_then(scan::host).map(str::to_owned));
    event.sending_ip = sending.and_then(scan::ip).map(str::to_owned);
    event.label = class.map(|class| ("PowerMTA".to_owned(), class.to_owned()));
    event.words.extend(words.and_then(|words| quoted_words(log, words)));
    event.around.extend(status.and_then(|gloss| log.draft.span(gloss)));
    fill_codes(&log.draft, &mut event, None, status);
    log.push(event)
}

/// The words of a cell, doubled quotes made single.
fn quoted_words(log: &mut Log<'_>, cell: &str) -> Option<Span> {
    let words = scan::strip_ci(cell, "smtp;").unwrap_or(cell);
    if words.contains("\"\"") { log.draft.decoded("reply", &words.replace("\"\"", "\"")) } else { log.draft.span(words) }
}

/// Without a header: sender and recipient stand side by side, the sender first.
fn guessed_recipient<'t>(cells: &[&'t str]) -> Option<&'t str> {
    let mut addresses = cells.iter().copied().filter(|cell| scan::is_address(cell));
    let first = addresses.next()?;
    Some(addresses.next().unwrap_or(first))
}

fn is_diagnostic(cell: &str) -> bool {
    scan::starts_ci(cell, "smtp;") || cell.len() > 4 && scan::reply_code(cell).is_some()
}

/// The bounce categories of PowerMTA's default configuration.
fn is_class(cell: &str) -> bool {
    const CLASSES: [&str; 17] = [
        "bad-configuration",
        "bad-connection",
        "bad-domain",
        "bad-mailbox",
        "content-related",
        "inactive-mailbox",
        "invalid-sender",
        "message-expired",
        "no-answer-from-host",
        "other",
        "policy-related",
        "protocol-errors",
        "quota-issues",
        "relaying-issues",
        "routing-errors",
        "spam-related",
        "virus-related",
    ];
    CLASSES.contains(&cell)
}

/// A row of message tracking without `{LED=…}`: `FAIL` and `DEFER` rows speak, the rest are other steps.
fn tracking(log: &mut Log<'_>) -> Option<Seen> {
    let columns = &log.columns;
    let event_id = columns.cell(&["eventid"])?.to_ascii_uppercase();
    let delivered = matches!(event_id.as_str(), "DELIVER" | "SEND" | "SENDEXTERNAL");
    if !delivered && !matches!(event_id.as_str(), "FAIL" | "DEFER" | "BADMAIL" | "DROP") {
        return Some(Seen::Other);
    }
    let recipients = columns.cell(&["recipientaddress"]).unwrap_or_default();
    let status = columns.cell(&["recipientstatus"]);
    let context = columns.cell(&["sourcecontext"]);
    let mut event = event_of(delivered, event_id == "DEFER");
    event.words.extend(status.and_then(|words| log.draft.span(words)));
    event.around.extend(context.and_then(|words| log.draft.span(words)).filter(|_| !delivered));
    for recipient in recipients.split(';') {
        let recipient = (!recipient.is_empty()).then(|| recipient.to_owned());
        log.push(Event { recipient, ..event.clone() });
    }
    Some(Seen::Attempt)
}

/// No accounting file has more columns; what follows is one cell.
const COLUMNS: usize = 256;

/// The cells of a CSV record (RFC 4180), outer quotes taken off, doubled ones left.
fn cells(line: &str) -> Vec<&str> {
    let mut cells = Vec::new();
    let (mut start, mut quoted) = (0, false);
    for (at, byte) in line.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b',' if !quoted && cells.len() < COLUMNS => {
                cells.extend(line.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    cells.extend(line.get(start..));
    let bare = |cell: &'_ str| -> Option<(usize, usize)> {
        (cell.len() > 1 && cell.starts_with('"') && cell.ends_with('"')).then(|| (1, cell.len() - 1))
    };
    cells.into_iter().map(|cell| bare(cell).and_then(|(from, to)| cell.get(from..to)).unwrap_or(cell)).collect()
}

/// Momentum: `time@message@batch@connection@B@local@domain@…@reply`. Form: support.sparkpost.com, Momentum 4, "bouncelog" and "mainlog".
pub(super) fn momentum<'t>(log: &mut Log<'t>, line: &'t str) -> Option<Seen> {
    let fields: Vec<&str> = line.splitn(16, '@').collect();
    let [time, _, _, _, kind, rest @ ..] = fields.as_slice() else {
        return None;
    };
    if time.len() < 10 || !time.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') || kind.len() > 2 {
        return None;
    }
    let [local, domain, _, _, tail @ ..] = rest else {
        return Some(Seen::Other);
    };
    let mut event = match *kind {
        "B" | "P" => Event::default(),
        "T" => event_of(false, true),
        "D" => event_of(true, false),
        _ => return Some(Seen::Other),
    };
    event.recipient = Some(format!("{local}@{domain}"));
    let words = tail.iter().skip(2).find(|field| scan::is_reply(field) && field.contains(' ')).map(|field| to_end(line, field));
    event.words.extend(words.and_then(|words| log.draft.span(words)));
    if let ("B" | "T", [_, _, _, class, _, _, _]) = (*kind, tail) {
        let class = crate::read::event::momentum_class(class).map_or_else(|| (*class).to_owned(), |name| format!("{class} {name}"));
        event.label = Some(("Momentum".to_owned(), class));
    }
    log.push(event)
}

/// The reply may hold `@` itself: it runs to the end of the line.
fn to_end<'t>(line: &'t str, field: &'t str) -> &'t str {
    let start = (field.as_ptr() as usize).saturating_sub(line.as_ptr() as usize);
    line.get(start..).unwrap_or(field)
}
