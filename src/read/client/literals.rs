//! Errors printed as data: Python's tuples and dictionaries, JavaScript's objects.

use super::name_recipient;
use crate::read::draft::{Draft, fill_codes};
use crate::read::{Event, Span, scan};
use crate::verdict::Stage;

/// smtplib: `(550, b'5.1.1 …')`, alone or as a recipient's value in a dictionary.
pub(super) fn tuples<'t>(draft: &mut Draft<'t>, text: &'t str) {
    let mut seen = 0;
    let stage = exception_stage(text);
    for (at, _) in text.match_indices('(') {
        let Some((code, literal)) = text.get(at + 1..).and_then(tuple).filter(|_| at >= seen) else { continue };
        seen = text.len() - literal.rest.len();
        let mut event = Event { recipient: text.get(..at).and_then(key).map(str::to_owned), ..Event::default() };
        event.words.extend(literal.span(draft));
        event.stage = stage.map(|stage| (stage, None));
        fill_codes(draft, &mut event, Some(code), None);
        name_recipient(draft, &mut event);
        draft.push(event);
    }
}

/// Go's `%q`: `550 "5.1.1 …\n5.1.1 …"`.
pub(super) fn quoted<'t>(draft: &mut Draft<'t>, text: &'t str) {
    let Some(at) = scan::reply_in(text) else { return };
    let Some(rest) = text.get(at..).filter(|rest| rest.get(3..5) == Some(" \"")) else { return };
    let Some(literal) = rest.get(4..).and_then(literal).filter(|literal| literal.inner.contains("\\n")) else { return };
    let mut event = Event { words: literal.span(draft).into_iter().collect(), ..Event::default() };
    fill_codes(draft, &mut event, scan::reply_code(rest), None);
    name_recipient(draft, &mut event);
    draft.push(event);
}

/// `550, b'…'`: the code and the string.
fn tuple(text: &str) -> Option<(u16, Literal<'_>)> {
    let code =
        text.get(..3).filter(|_| text.get(3..).is_some_and(|rest| rest.starts_with(',')))?.parse().ok().and_then(scan::code_value)?;
    let rest = text.get(4..)?.trim_start();
    let literal = literal(rest.strip_prefix('b').unwrap_or(rest))?;
    (code >= 400).then_some((code, literal))
}

/// The address in `'pat@example.com': ` right before a value.
fn key(before: &str) -> Option<&str> {
    let before = before.trim_end().strip_suffix(':')?.trim_end().strip_suffix(['\'', '"'])?;
    let start = before.rfind(['\'', '"'])?;
    before.get(start + 1..).filter(|key| key.contains('@'))
}

/// The stage that smtplib's exception stands for.
fn exception_stage(text: &str) -> Option<Stage> {
    let names = [
        ("SMTPRecipientsRefused", Stage::RcptTo),
        ("SMTPSenderRefused", Stage::MailFrom),
        ("SMTPDataError", Stage::EndOfData),
        ("SMTPAuthenticationError", Stage::Auth),
        ("SMTPHeloError", Stage::Helo),
        ("SMTPConnectError", Stage::Banner),
    ];
    let mut named = names.iter().filter(|(name, _)| text.contains(name)).map(|&(_, stage)| stage);
    // Where several exceptions are pasted at once, none speaks for all.
    named.next().filter(|_| named.next().is_none())
}

/// Nodemailer: `{ response: '550 …', responseCode: 550, command: 'RCPT TO', rejected: [ 'pat@example.com' ] }`, or the same as JSON.
pub(super) fn objects<'t>(draft: &mut Draft<'t>, text: &'t str) {
    let dumps = text.contains("responseCode") || text.contains("rejectedErrors") || text.contains("errno:") && text.contains("syscall:");
    if !dumps {
        return;
    }
    let command = property(text, "command").and_then(|command| scan::stage(command.inner));
    let (top, each) = text.split_once("rejectedErrors").unwrap_or((text, ""));
    let mut found: Vec<Event> = Vec::new();
    for object in from_each(each, "response") {
        let recipient = property(object, "recipient").map(|literal| literal.inner.to_owned());
        found.extend(refusal(draft, object, command).filter(|_| recipient.is_some()).map(|event| Event { recipient, ..event }));
    }
    if found.is_empty() {
        found.extend(refusal(draft, top, command));
        let rejected = list(text, "rejected");
        if let ([event], false) = (found.as_mut_slice(), rejected.is_empty()) {
            let event = std::mem::take(event);
            found = rejected.iter().map(|recipient| Event { recipient: Some((*recipient).to_owned()), ..event.clone() }).collect();
        }
    }
    for event in &mut found {
        name_recipient(draft, event);
    }
    for event in found {
        draft.push(event);
    }
}

/// The text from each property of this name to the next one.
fn from_each<'t>(text: &'t str, name: &str) -> Vec<&'t str> {
    let is_name = |at: &usize| text.get(at + name.len()..).is_some_and(|rest| rest.trim_start_matches(['"', '\'']).starts_with(':'));
    let starts: Vec<usize> = text.match_indices(name).map(|(at, _)| at).filter(is_name).collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().zip(ends).filter_map(|(&start, end)| text.get(start..end)).collect()
}

/// The reply, code and command of one object; where it has no command, the one that the whole names first.
fn refusal<'t>(draft: &mut Draft<'t>, object: &'t str, stage: Option<Stage>) -> Option<Event> {
    let words = property(object, "response")?.span(draft)?;
    let mut event = Event { words: vec![words], ..Event::default() };
    let code = scan::after(object, "responseCode").and_then(|rest| rest.trim_start_matches(['"', '\'', ':', ' ']).get(..3)?.parse().ok());
    fill_codes(draft, &mut event, code.and_then(scan::code_value), None);
    let own = property(object, "command").and_then(|command| scan::stage(command.inner));
    event.stage = own.or(stage).map(|stage| (stage, None));
    Some(event)
}

/// The string value of `name: '…'` or `"name": "…"`.
fn property<'t>(text: &'t str, name: &str) -> Option<Literal<'t>> {
    text.match_indices(name).find_map(|(at, _)| property_value(text.get(at + name.len()..)?))
}

fn property_value(rest: &str) -> Option<Literal<'_>> {
    let rest = rest.strip_prefix(['"', '\'']).unwrap_or(rest);
    literal(rest.strip_prefix(':')?.trim_start())
}

/// The strings of `name: [ 'a', 'b' ]`.
fn list<'t>(text: &'t str, name: &str) -> Vec<&'t str> {
    let rest = text.match_indices(name).find_map(|(at, _)| {
        let rest = text.get(at + name.len()..)?.trim_start_matches(['"', '\'']);
        rest.strip_prefix(':')?.trim_start().strip_prefix('[')
    });
    let inner = rest.and_then(|rest| rest.split(']').next()).unwrap_or_default();
    inner.split(',').map(|item| item.trim_matches([' ', '\'', '"', '\n', '\t', '<', '>'])).filter(|item| item.contains('@')).collect()
}

/// A quoted string in a text.
struct Literal<'t> {
    inner: &'t str,
    /// What follows its closing quote.
    rest: &'t str,
    /// More pieces of the same string, joined with `+` over lines.
    more: Vec<&'t str>,
}

impl<'t> Literal<'t> {
    /// The span of its value: of the text itself, or of its own part where escapes or joints are undone.
    fn span(&self, draft: &mut Draft<'t>) -> Option<Span> {
        if self.more.is_empty() {
            return draft.words(self.inner);
        }
        let joined: String = std::iter::once(self.inner).chain(self.more.iter().copied()).collect();
        draft.decoded("reply", &scan::unescaped(&joined))
    }
}

/// The string literal that `text` begins with, in single, double or back quotes; pieces joined by `+` belong to it.
fn literal(text: &str) -> Option<Literal<'_>> {
    let (inner, mut rest) = piece(text)?;
    let mut more = Vec::new();
    while let Some((next, after)) = rest.trim_start().strip_prefix('+').and_then(|tail| piece(tail.trim_start())) {
        more.push(next);
        rest = after;
    }
    Some(Literal { inner, rest, more })
}

fn piece(text: &str) -> Option<(&str, &str)> {
    let quote = text.bytes().next().filter(|byte| matches!(byte, b'\'' | b'"' | b'`'))?;
    let mut escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let ends = byte == quote && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    // A paste may cut the closing quote off.
    let end = end.map_or(text.len(), |end| end + 1);
    Some((text.get(1..end)?, text.get(end + 1..).unwrap_or_default()))
}
