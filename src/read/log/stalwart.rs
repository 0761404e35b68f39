//! Stalwart: `RCPT TO rejected (delivery.rcpt-to-rejected) queueId = …, to = "…", code = 550, details = "…"`.
//! Form: stalw.art, "Telemetry: events". Strings are not escaped.

use super::{Log, Seen, event_of};
use crate::read::draft::fill_codes;
use crate::read::scan;
use crate::verdict::Stage;

pub(super) fn read<'t>(log: &mut Log<'t>, line: &'t str) -> Option<Seen> {
    let (title, rest) = line.split_once(" (delivery.").or_else(|| line.split_once(" (queue."))?;
    let (name, fields) = rest.split_once(')').filter(|(_, fields)| fields.contains(" = "))?;
    let Some((delivered, temporary, stage)) = attempt(name) else {
        return Some(Seen::Other);
    };
    let mut event = event_of(delivered, temporary);
    event.recipient = last_text(fields, "to").map(str::to_owned);
    event.hosts.extend(text(fields, "hostname").and_then(scan::host).map(str::to_owned));
    event.stage = stage.map(|stage| (stage, log.draft.span(title_words(title))));
    let words =
        text(fields, "reason").filter(|_| fields.contains('{')).or_else(|| text(fields, "details")).or_else(|| text(fields, "reason"));
    event.words.extend(log.draft.span(words.unwrap_or_else(|| title_words(title))));
    event.around.extend(words.and_then(|_| log.draft.span(title_words(title))));
    let code = scan::after(fields, ", code = ").and_then(|code| scan::reply_code(code.get(..3)?));
    fill_codes(&log.draft, &mut event, code, None);
    let key = scan::between(fields, "queueId = ", ",").zip(event.recipient.as_deref()).map(|(id, to)| format!("{id} {to}"));
    log.push_keyed(event, key, name.starts_with("dsn-"))
}

/// Of the events that report an attempt: delivered? for now only? and where.
fn attempt(name: &str) -> Option<(bool, bool, Option<Stage>)> {
    Some(match name {
        "delivered" | "dsn-success" => (true, false, None),
        "dsn-perm-fail" | "double-bounce" | "null-mx" => (false, false, None),
        "dsn-temp-fail" | "rate-limit-exceeded" | "concurrency-limit-exceeded" | "mx-lookup-failed" | "ip-lookup-failed" => {
            (false, true, None)
        }
        "rcpt-to-rejected" | "rcpt-to-failed" => (false, name.ends_with("failed"), Some(Stage::RcptTo)),
        "mail-from-rejected" => (false, false, Some(Stage::MailFrom)),
        "message-rejected" => (false, false, Some(Stage::EndOfData)),
        "ehlo-rejected" | "lhlo-rejected" => (false, false, Some(Stage::Helo)),
        "auth-failed" => (false, true, Some(Stage::Auth)),
        "greeting-failed" => (false, true, Some(Stage::Banner)),
        "connect-error" => (false, true, Some(Stage::Connect)),
        _ if ["start-tls-", "tlsa-", "dane-", "mta-sts-"].iter().any(|head| name.starts_with(head)) => failed_tls(name)?,
        _ => return None,
    })
}

fn failed_tls(name: &str) -> Option<(bool, bool, Option<Stage>)> {
    let failed = ["error", "unavailable", "failed", "not-authorized", "invalid", "failure"].iter().any(|end| name.ends_with(end));
    failed.then_some((false, true, Some(Stage::Tls)))
}

/// The event's title: what follows the level.
fn title_words(title: &str) -> &str {
    let level = ["INFO ", "WARN ", "ERROR ", "DEBUG "].iter().find_map(|level| scan::after(title, level));
    level.unwrap_or(title)
}

/// A quoted value: up to the quote that ends the field, as quotes within are not escaped.
fn text<'t>(fields: &'t str, name: &str) -> Option<&'t str> {
    let value = scan::after(fields, &format!("{name} = \""))?;
    let ends = value.match_indices('"').map(|(at, _)| at);
    let end = ends.clone().find(|&at| {
        value.get(at + 1..).is_some_and(|rest| rest.is_empty() || rest.starts_with([',', '}', ']', '\n', '\r']) || rest.starts_with(" }"))
    });
    value.get(..end?).filter(|value| !value.is_empty())
}

/// The last of several values of the same name: `to` is first the whole list, then the one recipient.
fn last_text<'t>(fields: &'t str, name: &str) -> Option<&'t str> {
    let (_, value) = fields.rsplit_once(&format!(", {name} = \""))?;
    value.split('"').next()
}
