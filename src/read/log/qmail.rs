//! qmail and its descendants: `delivery 18: failure: …`, where spaces are written `_` and line ends `/`.
//! Form: qmail-send(8), qmail-log(5).

use super::{Log, Seen, event_of};
use crate::read::scan;
use crate::verdict::Stage;

pub(super) fn read<'t>(log: &mut Log<'t>, line: &'t str) -> Option<Seen> {
    if let Some(start) = scan::after(line, "starting delivery ") {
        let (number, rest) = start.split_once(": ")?;
        let (_, recipient) = rest.rsplit_once(' ')?;
        log.deliveries.insert(number, recipient);
        return Some(Seen::Other);
    }
    if let Some(rest) = scan::after(line, "delivery ")
        && let Some((number, rest)) = rest.split_once(": ")
        && number.bytes().all(|byte| byte.is_ascii_digit())
    {
        return report(log, number, rest);
    }
    let word = line.split_whitespace().find(|word| !word.starts_with(['@', '<']) && !word.contains(|c: char| c.is_ascii_digit()))?;
    (matches!(word, "new" | "end" | "info" | "status:" | "bounce") && line.contains(" msg ")).then_some(Seen::Other)
}

fn report<'t>(log: &mut Log<'t>, number: &'t str, rest: &'t str) -> Option<Seen> {
    let (status, text) = rest.split_once(": ")?;
    let mut event = match status {
        "success" => event_of(true, false),
        "deferral" => event_of(false, true),
        "failure" => event_of(false, false),
        _ => return None,
    };
    event.recipient = log.deliveries.get(number).map(|&recipient| recipient.to_owned());
    let text = plain(text);
    let said = text.split_once("Remote host said: ").map(|(_, said)| scan::until(said, "\nGiving up on"));
    let whole = log.draft.decoded("delivery report", &text);
    let reply = whole.zip(said).map(|(whole, said)| {
        let start = whole.start + (said.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        crate::read::Span { start, end: start + said.trim_end().len(), ..whole }
    });
    event.words.extend(reply.or(whole));
    event.around.extend(whole.filter(|_| reply.is_some()));
    event.stage = stage(&text).map(|stage| (stage, whole));
    log.push(event)
}

/// Undoes qmail's `_` for space and `/` for a line's end; the slashes of a URL are its own.
fn plain(text: &str) -> String {
    let mut in_url = false;
    let mut previous = ' ';
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.trim().chars().peekable();
    while let Some(c) = chars.next() {
        in_url = (in_url || previous == ':' && c == '/' && chars.peek() == Some(&'/')) && c != '_';
        plain.push(match c {
            '_' => ' ',
            '/' if !in_url || chars.peek().is_none() => '\n',
            other => other,
        });
        previous = c;
    }
    plain.trim().to_owned()
}

/// The stage in qmail-remote's own words.
fn stage(text: &str) -> Option<Stage> {
    let table = [
        ("greeting failed", Stage::Banner),
        ("my name was rejected", Stage::Helo),
        ("sender was rejected", Stage::MailFrom),
        ("does not like recipient", Stage::RcptTo),
        ("failed on DATA command", Stage::Data),
        ("failed after I sent the message", Stage::EndOfData),
        ("wasn't able to establish an SMTP connection", Stage::Connect),
    ];
    table.iter().find(|(words, _)| text.contains(words)).map(|&(_, stage)| stage)
}
