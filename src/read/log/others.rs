//! OpenSMTPD, ZoneMTA and Haraka.

use super::{Log, Seen, deferred, event_of};
use crate::read::scan;
use crate::read::{Event, Fate};
use crate::verdict::Stage;

/// OpenSMTPD: `mta event=delivery … to=<…> relay="…" result="PermFail" stat="…"`. Form: smtpd(8) of OpenBSD.
pub(super) fn opensmtpd<'t>(log: &mut Log<'t>, line: &'t str) -> Option<Seen> {
    let ours = line.contains("smtpd[") && (line.contains("evpid=") || line.contains(" mta ") || line.contains("smtp event="));
    if !ours && !line.contains("event=delivery") {
        return None;
    }
    let Some(result) = result(line) else {
        return Some(Seen::Other);
    };
    let mut event = event_of(result == "Ok", result == "TempFail");
    let stat = scan::after(line, "stat=")?;
    let words = stat.strip_prefix('"').map_or(stat, |quoted| quoted.rsplit_once('"').map_or(quoted, |(words, _)| words));
    event.recipient = scan::field(line, "to=").map(str::to_owned);
    event.words.extend(log.draft.span(words));
    event.sending_ip = scan::field(line, "source=").and_then(scan::ip).map(str::to_owned);
    event.hosts.extend(scan::after(line, "relay=").and_then(|relay| scan::host(scan::between(relay, "(", ")")?)).map(str::to_owned));
    log.push(event)
}

fn result(line: &str) -> Option<&str> {
    const RESULTS: [&str; 3] = ["Ok", "TempFail", "PermFail"];
    let named = scan::field(line, "result=");
    let old = || RESULTS.into_iter().find(|result| line.contains(&format!("{result} for ")) && line.contains("stat="));
    named.filter(|result| RESULTS.contains(result)).or_else(old)
}

/// ZoneMTA: `Sender/zone/1[1] id=… REJECTED[recipient] from=… to=… mx=host[ip] (reply)`.
pub(super) fn zonemta<'t>(log: &mut Log<'t>, line: &'t str) -> Option<Seen> {
    let (fate, rest) = ["ACCEPTED", "DEFERRED", "REJECTED"].iter().find_map(|word| {
        let (head, rest) = line.split_once(&format!(" {word}"))?;
        head.contains(" id=").then_some((*word, rest))
    })?;
    let mut event = event_of(fate == "ACCEPTED", fate == "DEFERRED");
    event.recipient = scan::field(rest, "to=").map(str::to_owned);
    event.sending_ip = scan::field(rest, "src=").and_then(scan::ip).map(str::to_owned);
    event.hosts.extend(scan::field(rest, "mx=").and_then(scan::host).map(str::to_owned));
    let reply = rest.split_once(" (").and_then(|(_, reply)| reply.rsplit_once(')')).map(|(reply, _)| reply);
    event.words.extend(reply.and_then(|reply| log.draft.words(reply)));
    let category = rest.strip_prefix('[').and_then(|rest| rest.split(']').next());
    event.label = category.map(|category| ("ZoneMTA".to_owned(), category.to_owned()));
    log.push(event)
}

/// Haraka: `[outbound] recipient <…> rejected: 550 …`. Form: the Haraka manual, "Outbound", and its logs in public reports.
pub(super) fn haraka<'t>(log: &mut Log<'t>, line: &'t str) -> Option<Seen> {
    let Some((_, said)) = line.split_once("[outbound] ").or_else(|| line.split_once("[outbound/hmail] ")) else {
        let known = line.contains("[core]") || line.contains("haraka[") || line.contains("[outbound");
        return known.then_some(Seen::Other);
    };
    if let Some(rest) = said.strip_prefix("recipient <") {
        return haraka_recipient(log, rest);
    }
    let report = ["bouncing mail: ", "bounced: ", "bounce: ", "temp_fail: ", "Failed to get pool entry: "]
        .iter()
        .find_map(|head| said.strip_prefix(head));
    let Some(words) = report else {
        return Some(Seen::Other);
    };
    let failed = said.starts_with("bounc");
    let mut event = if failed { Event::default() } else { deferred() };
    event.recipient = scan::address(words).map(str::to_owned);
    event.words.extend(log.draft.span(words));
    event.stage = words.contains("connection timed out").then_some((Stage::Connect, None));
    log.push_keyed(event, None, true)
}

fn haraka_recipient<'t>(log: &mut Log<'t>, rest: &'t str) -> Option<Seen> {
    let (recipient, outcome) = rest.split_once("> ")?;
    let Some((status, words)) = outcome.split_once(": ").filter(|(status, _)| matches!(*status, "rejected" | "deferred")) else {
        return Some(Seen::Other);
    };
    let mut event = event_of(false, status == "deferred");
    event.fate = Fate::Failed;
    event.recipient = Some(recipient.to_owned());
    event.words.extend(log.draft.words(words));
    event.stage = Some((Stage::RcptTo, None));
    log.push(event)
}
