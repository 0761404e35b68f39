//! Exim's main log: `** address` failed, `== address` deferred, `=>` `->` `>>` delivered, and what it rejected.
//! Forms: the Exim specification, chapter "Log files".

use super::{Log, Seen, event_of};
use crate::read::draft::{Draft, fill_codes};
use crate::read::{Event, Span, scan};
use crate::verdict::Stage;

pub(super) fn read<'t>(log: &mut Log<'t>, line: &'t str) -> Option<Seen> {
    let Some((flag, rest)) = flagged(line) else {
        return refused(log, line);
    };
    let (delivered, temporary) = match flag {
        "**" => (false, false),
        "==" => (false, true),
        "=>" | "->" | ">>" | "*>" => (true, false),
        _ => return Some(Seen::Other),
    };
    let mut event = event_of(delivered, temporary);
    let (fields, message) = split(rest);
    event.recipient = recipient(rest);
    event.hosts.extend(host(rest).map(str::to_owned));
    if delivered {
        event.words.extend(scan::between(rest, " C=\"", "\"").and_then(|said| log.draft.words(said)));
    } else {
        take_message(&mut log.draft, &mut event, message, fields);
    }
    log.push(event)
}

/// The flag after the message id, and what follows it.
fn flagged(line: &str) -> Option<(&str, &str)> {
    let mut rest = line;
    for _ in 0..12 {
        let (word, tail) = rest.trim_start().split_once(char::is_whitespace)?;
        if is_message_id(word.trim_end_matches(':')) {
            let (flag, tail) = tail.trim_start().split_once(char::is_whitespace).unwrap_or((tail.trim(), ""));
            return Some((flag, tail.trim()));
        }
        rest = tail;
    }
    None
}

/// `1tABCD-0001Xy-2a`, or since 4.97 `1tABCD-000000001Xy-2aBC`.
fn is_message_id(word: &str) -> bool {
    let mut lengths = [0usize; 3];
    for (at, group) in word.split('-').enumerate() {
        let alphanumeric = group.bytes().all(|byte| byte.is_ascii_alphanumeric());
        match lengths.get_mut(at) {
            Some(slot) if alphanumeric => *slot = group.len(),
            _ => return false,
        }
    }
    lengths == [6, 6, 2] || lengths == [6, 11, 4]
}

fn recipient(rest: &str) -> Option<String> {
    let head = rest.split_whitespace().take(2).map(|word| word.trim_matches(['<', '>', ':', ',']));
    let mut words = head.clone().filter(|word| word.contains('@'));
    words.next().or_else(|| head.clone().next()).filter(|word| !word.is_empty()).map(str::to_owned)
}

fn host(rest: &str) -> Option<&str> {
    scan::field(rest, "H=").and_then(scan::host)
}

/// The fields (`F=`, `R=`, `T=`, `H=`, …) and the message after their colon.
fn split(rest: &str) -> (&str, &str) {
    rest.split_once(": ").map_or((rest, rest), |(fields, message)| (fields, message))
}

fn take_message<'t>(draft: &mut Draft<'t>, event: &mut Event, message: &'t str, fields: &'t str) {
    let (words, stage) = reply(message);
    event.words.extend(draft.words(words));
    event.around.extend(around(draft, message, words));
    event.stage = stage.map(|(stage, mark)| (stage, draft.span(mark)));
    if let Some(named) = scan::after(message, "host ").and_then(scan::host).filter(|_| message.starts_with("SMTP error")) {
        event.hosts.push(named.to_owned());
        event.hosts.dedup();
    }
    let errno = scan::between(fields, "defer (", ")");
    if event.stage.is_none() {
        event.stage = errno.and_then(errno_stage).map(|stage| (stage, None));
    }
    fill_codes(draft, event, None, None);
}

fn around(draft: &Draft, message: &str, words: &str) -> Option<Span> {
    draft.span(message).filter(|_| words.len() < message.len())
}

/// The other server's reply within Exim's sentence, and the stage that the sentence names.
fn reply(message: &str) -> (&str, Option<(Stage, &str)>) {
    let Some((_, rest)) = message.split_once(" after ").filter(|(head, _)| head.len() < 60) else {
        return (message, lost_stage(message));
    };
    let (command, said) = rest.split_once(": ").unwrap_or((rest, ""));
    let stage = scan::stage(command).map(|stage| (stage, command));
    if !message.contains("error from remote mail server") || said.is_empty() {
        return (message, stage);
    }
    let said = if said.starts_with("host ") { said.split_once(": ").map_or(said, |(_, reply)| reply) } else { said };
    (said, stage)
}

/// `Remote host mx [ip] closed connection in response to end of data`.
fn lost_stage(message: &str) -> Option<(Stage, &str)> {
    let (_, command) = message.split_once(" in response to ")?;
    scan::stage(command).map(|stage| (stage, command))
}

/// The stage that Exim's own error numbers name (specification, `-44` RCPT, `-45` MAIL, `-46` DATA), or the system's for a connection.
fn errno_stage(errno: &str) -> Option<Stage> {
    match errno.split_whitespace().next()? {
        "-44" => Some(Stage::RcptTo),
        "-45" => Some(Stage::MailFrom),
        "-46" => Some(Stage::EndOfData),
        "110" | "111" | "113" | "101" => Some(Stage::Connect),
        _ => None,
    }
}

/// `H=(x) [192.0.2.1] F=<a@b> rejected RCPT <c@d>: Unrouteable address`: this server refused someone else's mail.
fn refused<'t>(log: &mut Log<'t>, line: &'t str) -> Option<Seen> {
    let (client, what) = line.split_once(" rejected ")?;
    let (_, client) = client.split_once(" H=")?;
    let (command, said) = what.split_once(": ")?;
    let mut event = event_of(false, client.ends_with("temporarily"));
    event.recipient = scan::between(command, "<", ">").map(str::to_owned).filter(|_| command.starts_with("RCPT"));
    event.stage = scan::stage(command).map(|stage| (stage, log.draft.span(command)));
    event.sending_ip = scan::between(client, "[", "]").and_then(scan::ip).map(str::to_owned);
    event.words.extend(log.draft.span(said));
    log.push(event)
}
