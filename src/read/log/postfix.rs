//! Postfix: `to=<…>, relay=…, dsn=…, status=bounced (reason)`, and what its smtpd and postscreen refuse.
//! Forms: postfix.org, `postlogd(8)`, `smtp(8)`, `smtpd(8)`.

use super::{Log, Seen, event_of};
use crate::read::draft::{Draft, fill_codes};
use crate::read::{Event, Fate, Span, scan};
use crate::verdict::{Permanence, Stage};

pub(super) fn read<'t>(log: &mut Log<'t>, line: &'t str) -> Option<Seen> {
    if let Some(status) = line.match_indices("status=").find_map(|(at, mark)| status(line.get(at + mark.len()..)?))
        && ["postfix", "delay=", "relay=", "dsn="].iter().any(|mark| line.contains(mark))
    {
        return attempt(log, line, status);
    }
    if let Some((_, refusal)) = line.split_once("reject: ").or_else(|| line.split_once("reject_warning: ")) {
        return refused(log, refusal).or(Some(Seen::Other));
    }
    let program = scan::after(line, "postfix")?;
    let said = program.split_once("]: ").map_or(program, |(_, rest)| rest);
    tentative(log, said).or(Some(Seen::Other))
}

/// The status word and what follows it.
fn status(text: &str) -> Option<(&str, &str)> {
    const WORDS: [&str; 7] = ["sent", "bounced", "deferred", "expired", "undeliverable", "deliverable", "softbounce"];
    let end = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let word = text.get(..end)?;
    WORDS.iter().any(|known| word.eq_ignore_ascii_case(known)).then_some((word, text.get(end..)?))
}

fn attempt<'t>(log: &mut Log<'t>, line: &'t str, (status, rest): (&'t str, &'t str)) -> Option<Seen> {
    let delivered = matches!(status, "sent" | "deliverable");
    let temporary = status == "deferred" || status.eq_ignore_ascii_case("softbounce");
    let mut event = event_of(delivered, temporary);
    let queue_id = queue_id(line);
    event.recipient = scan::field(line, "to=").map(str::to_owned);
    event.hosts.extend(scan::field(line, "relay=").and_then(scan::host).map(str::to_owned));
    match rest.split_once('(') {
        Some((_, reason)) => take_reason(&log.draft, &mut event, until_last(reason, ')')),
        None => {
            event.words.extend(log.draft.span(rest.trim_start_matches([',', ' '])).or_else(|| log.draft.span(status)));
            event.around.extend(queue_id.and_then(|id| log.last_words.get(id)));
        }
    }
    fill_codes(&log.draft, &mut event, None, scan::field(line, "dsn="));
    if let (Some(id), Some(&words)) = (queue_id, event.words.first()) {
        log.last_words.insert(id, words);
    }
    log.push_keyed(event, queue_id.map(str::to_owned), false)
}

fn until_last(text: &str, close: char) -> &str {
    text.rsplit_once(close).map_or(text, |(head, _)| head)
}

/// The queue id: the word before `: to=`, `: from=`, `: host` and the like, after the program's `[pid]: `.
fn queue_id(line: &str) -> Option<&str> {
    let rest = line.split_once("]: ").map_or(line, |(_, rest)| rest);
    let id = rest.split(':').next()?;
    (id.len() >= 5 && id.bytes().all(|byte| byte.is_ascii_alphanumeric())).then_some(id)
}

/// Postfix's own sentence in parentheses: the words of the other side are inside of it.
pub(super) fn take_reason(draft: &Draft, event: &mut Event, reason: &str) {
    let inner = reason.strip_prefix("delivery temporarily suspended: ").unwrap_or(reason);
    let (words, stage) = reply(inner);
    event.words.extend(draft.span(words));
    event.around.extend(draft.span(reason).filter(|_| words.len() < reason.len()));
    event.hosts.extend(named_host(inner).map(str::to_owned).filter(|host| !event.hosts.contains(host)));
    event.stage = stage.map(|(stage, mark)| (stage, draft.span(mark)));
}

/// The words that decide within a reason, and the stage with the words that name it.
fn reply(reason: &str) -> (&str, Option<(Stage, &str)>) {
    if let Some((_, said)) = reason.split_once(" said: ") {
        let (words, stage) = said.rsplit_once("(in reply to ").unwrap_or((said, ""));
        let mark = stage.trim_end_matches([')', ' ']);
        return (words, scan::stage(mark).map(|stage| (stage, mark)));
    }
    if let Some((_, words)) = reason.split_once("refused to talk to me: ") {
        return (words, Some((Stage::Banner, words)));
    }
    (reason, lost_stage(reason))
}

/// The stage at which a connection failed, was lost or timed out.
fn lost_stage(reason: &str) -> Option<(Stage, &str)> {
    if reason.starts_with("connect to ") {
        return Some((Stage::Connect, reason));
    }
    if scan::find_ci(reason, "tls").is_some_and(|at| at < 12) || reason.starts_with("Server certificate") {
        return Some((Stage::Tls, reason));
    }
    let (_, doing) = reason.split_once(" while ")?;
    let what = ["receiving the ", "sending ", "performing the "].iter().find_map(|verb| doing.strip_prefix(verb)).unwrap_or(doing);
    scan::stage(what).map(|stage| (stage, doing))
}

/// The host of `host H[IP] said`, `connect to H[IP]:25`, `lost connection with H[IP]`.
fn named_host(reason: &str) -> Option<&str> {
    ["host ", "connect to ", "lost connection with ", "conversation with "]
        .iter()
        .find_map(|mark| reason.strip_prefix(mark))
        .and_then(scan::host)
}

/// `RCPT from client[ip]: 554 5.7.1 …; from=<…> to=<…> proto=…`: this server refused someone else's mail.
fn refused<'t>(log: &mut Log<'t>, refusal: &'t str) -> Option<Seen> {
    let (stage, rest) = refusal.split_once(" from ")?;
    let (client, said) = rest.split_once(": ")?;
    let words = scan::until(scan::until(said, "; from=<"), "; to=<");
    let known = scan::stage(stage)?;
    let mut event = Event {
        recipient: scan::field(said, "to=").map(str::to_owned),
        stage: Some((known, log.draft.span(stage))),
        sending_ip: client.split_once('[').and_then(|(_, ip)| scan::ip(ip)).map(str::to_owned),
        ..Event::default()
    };
    event.words.extend(log.draft.span(words));
    log.push(event)
}

/// A line about one server among several: counted only where no status line of the same message is there.
fn tentative<'t>(log: &mut Log<'t>, said: &'t str) -> Option<Seen> {
    let id = queue_id(said).filter(|id| id.bytes().any(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()));
    let reason = id.and_then(|id| said.get(id.len()..)).unwrap_or(said).trim_start_matches([':', ' ']);
    let reason = reason.strip_prefix("warning: ").unwrap_or(reason);
    let reports = reason.starts_with("host ") && (reason.contains(" said: ") || reason.contains(" refused to talk to me: "))
        || reason.starts_with("connect to ")
        || reason.starts_with("lost connection with ")
        || reason.starts_with("conversation with ");
    if !reports {
        return None;
    }
    let mut event = Event { fate: Fate::Failed, ..Event::default() };
    take_reason(&log.draft, &mut event, reason);
    event.permanence = said_nothing(&log.draft, &event.words).then_some(Permanence::Temporary);
    log.push_keyed(event, id.map(str::to_owned), true)
}

fn said_nothing(draft: &Draft, words: &[Span]) -> bool {
    words.first().is_none_or(|&span| scan::reply_in(draft.text(span)).is_none())
}
