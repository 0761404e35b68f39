//! sendmail: `to=…, mailer=…, relay=…, dsn=…, stat=…`. Form: Sendmail Installation and Operation Guide, "The System Log".

use super::{Log, Seen, event_of};
use crate::read::draft::fill_codes;
use crate::read::{Event, scan};

pub(super) fn read<'t>(log: &mut Log<'t>, line: &'t str) -> Option<Seen> {
    let Some((fields, stat)) = line.split_once("stat=").filter(|(fields, _)| fields.contains("to=") && !fields.contains("event=")) else {
        return prose(log, line);
    };
    let sent = scan::starts_ci(stat, "sent");
    let waits = scan::starts_ci(stat, "deferred") || stat.starts_with("queued");
    let mut event = event_of(sent, waits);
    let reply = scan::after(fields, "reply=").map(|reply| reply.trim().trim_end_matches(','));
    let inner = scan::strip_ci(stat, "deferred: ").unwrap_or(stat);
    let words = [reply.filter(|reply| scan::reply_code(reply).is_some()), Some(inner)];
    event.words.extend(words.into_iter().flatten().filter_map(|words| log.draft.span(words)));
    event.around.extend(log.draft.span(stat).filter(|_| inner.len() < stat.len()));
    event.hosts.extend(scan::field(fields, "relay=").and_then(scan::host).map(str::to_owned));
    fill_codes(&log.draft, &mut event, None, scan::field(fields, "dsn="));
    for recipient in recipients(fields) {
        log.push(Event { recipient: Some(recipient.to_owned()), ..event.clone() });
    }
    Some(Seen::Attempt)
}

/// The addresses of `to=<a@b>,<c@d>, ctladdr=…`.
fn recipients(fields: &str) -> Vec<&str> {
    let list = scan::after(fields, " to=").or_else(|| scan::after(fields, "to=")).unwrap_or_default();
    let list = scan::until(list, ", ");
    list.split(',').map(|one| one.trim_matches(['<', '>', ' ', '"'])).filter(|one| !one.is_empty()).collect()
}

/// `q2ABC…: <u@x>... User unknown`.
fn prose<'t>(log: &mut Log<'t>, line: &'t str) -> Option<Seen> {
    let daemon = ["sm-mta", "sendmail["].iter().any(|name| line.contains(name));
    let (head, said) = line.split_once(">... ").filter(|_| daemon).or_else(|| daemon.then_some((line, "")))?;
    let recipient = head.rsplit_once('<').map(|(_, address)| address.to_owned());
    if said.is_empty() {
        return Some(Seen::Other);
    }
    let mut event = Event { recipient, ..Event::default() };
    event.words.extend(log.draft.span(said));
    log.push(event)
}
