//! Replies in plain text: one or several, with text before and after, quoted, wrapped, or cut out of a log.

use super::{EVENTS, Event, Notice, Span, address, codes};
use crate::verdict::{Form, Part};

/// Marks after which the receiver's own reply begins; the last one that leads to a code is the innermost.
pub(crate) const SAID: [&str; 12] = [
    "-> ",
    "said: ",
    "said:\n",
    "returned ",
    "replied: ",
    "responded: ",
    "reply: ",
    "response: ",
    "response was: ",
    "smtp; ",
    "smtp;",
    "message ",
];

/// Reads plain text as SMTP replies: one event for each reply. Never fails; text without any code is one event.
pub fn read(text: &str) -> Notice {
    let blocks = split(text);
    let form = if blocks.iter().any(|block| has_code(&text[block.0..block.1])) { Form::SmtpReply } else { Form::Summary };
    let events = blocks.iter().take(EVENTS).map(|(start, end)| event(text, *start, *end)).collect();
    let more = blocks.len().saturating_sub(EVENTS);
    let parts = vec![Part { id: 0, name: "input".into(), text: text.into() }];
    Notice { form, charset: "utf-8".into(), truncated: is_cut(text), parts, events, more, unread: Vec::new(), warnings: Vec::new() }
}

/// The words, surroundings and recipient of the reply that stands in `start..end` of part 0.
fn event(text: &str, start: usize, end: usize) -> Event {
    let whole = Span { part: 0, start, end };
    let block = &text[start..end];
    let inner = innermost(block);
    let words = Span { part: 0, start: start + inner, end };
    let lead = &block[..inner];
    let recipient = address::recipient(&block[inner..]).or_else(|| address::recipient(lead));
    let hosts = host_before_said(lead).into_iter().collect();
    let around = if inner > 0 { vec![whole] } else { Vec::new() };
    Event { recipient, words: vec![words], around, hosts, label: label(block), ..Event::default() }
}

/// Marketing Cloud's bounce categories, as they stand beside the reply in a pasted row.
const LABELS: [&str; 6] =
    ["hard bounce", "soft bounce", "block bounce", "technical/other bounce", "technical or other bounce", "unknown bounce"];

fn label(block: &str) -> Option<(String, String)> {
    let lower = block.to_ascii_lowercase();
    let (at, length) = LABELS.iter().find_map(|label| lower.find(label).map(|at| (at, label.len())))?;
    Some(("Marketing Cloud".into(), block[at..at + length].to_string()))
}

/// Lengths at which exports and fields cut a reply: Salesforce (255), `LEFT(…, 4000)`, a tracking extract, a sheet's cell.
const CUTS: [usize; 4] = [255, 4000, 8000, 32_767];

/// The text is exactly as long as a field holds, and stops in the middle of a word.
fn is_cut(text: &str) -> bool {
    CUTS.contains(&text.chars().count()) && text.ends_with(char::is_alphanumeric)
}

/// Where the innermost reply begins: at the last refusal code that a mark leads to, else at the first one. 0 where
/// no code stands, or where nothing but the code would be left.
pub fn innermost(text: &str) -> usize {
    let led = |start: usize| {
        let before = text[..start].trim_end_matches(['"', '\'', '(', '<']);
        SAID.iter().any(|mark| ends_with(before, mark) || ends_with(before.trim_end(), mark.trim_end()))
    };
    let (mut first, mut last_led) = (None, None);
    for start in codes::replies(text).filter(|(code, _)| *code >= 400).map(|(_, at)| at.start) {
        first = first.or(Some(start));
        last_led = if led(start) { Some(start) } else { last_led };
    }
    let start = last_led.or(first).unwrap_or(0);
    let mut said = 0;
    let says_something = text[start..].split_whitespace().any(|word| {
        said += letters(word);
        said >= 6
    });
    if says_something { start } else { 0 }
}

/// Letters of a word; an address, host or id counts as a word of six, whatever its length.
fn letters(word: &str) -> usize {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let token = word.contains(|c: char| c.is_ascii_digit() || matches!(c, '@' | '.'));
    if token && letters > 0 { 6 } else { letters }
}

fn ends_with(text: &str, mark: &str) -> bool {
    text.len() >= mark.len() && text.is_char_boundary(text.len() - mark.len()) && text[text.len() - mark.len()..].eq_ignore_ascii_case(mark)
}

/// `host mx.example.net[192.0.2.4] said:` names who answered.
fn host_before_said(lead: &str) -> Option<String> {
    let lower = lead.to_ascii_lowercase();
    let from = lower.rfind("host ")? + 5;
    let name: String = lead.get(from..)?.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')).collect();
    name.contains('.').then_some(name)
}

fn has_code(text: &str) -> bool {
    codes::find(text) != codes::Codes::default()
}

/// Byte ranges of the single replies: paragraphs that hold a code each, and lines that begin with a code of their own.
fn split(text: &str) -> Vec<(usize, usize)> {
    let mut blocks = Vec::new();
    for (start, end) in paragraphs(text) {
        blocks.extend(split_lines(text, start, end));
    }
    let coded = blocks.iter().filter(|(start, end)| has_code(&text[*start..*end])).count();
    match coded {
        0 | 1 if blocks.len() > 1 => vec![trim(text, 0, text.len())],
        0 => vec![trim(text, 0, text.len())],
        _ => join_uncoded(text, blocks),
    }
}

/// A paragraph without a code belongs to the reply before it, or to the first.
fn join_uncoded(text: &str, blocks: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    let mut joined: Vec<(usize, usize)> = Vec::new();
    let mut lead = None;
    for (start, end) in blocks {
        match (has_code(&text[start..end]), joined.last_mut()) {
            (true, _) => joined.push((lead.take().unwrap_or(start), end)),
            (false, Some(last)) => last.1 = end,
            (false, None) => lead = lead.or(Some(start)),
        }
    }
    joined
}

fn paragraphs(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let (mut at, mut start) = (0, 0);
    for line in text.split_inclusive('\n') {
        if line.trim().is_empty() {
            found.extend(Some(trim(text, start, at)).filter(|(start, end)| start < end));
            start = at + line.len();
        }
        at += line.len();
    }
    found.extend(Some(trim(text, start, text.len())).filter(|(start, end)| start < end));
    found
}

/// Within a paragraph, a line that begins with a reply code begins a reply, unless it continues a multi-line one or stands where a
/// line was broken after a mark (`transfail: 451 …`).
fn split_lines(text: &str, start: usize, end: usize) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let (mut at, mut from) = (start, start);
    let mut open: Option<u16> = None;
    let (mut begun, mut unfinished) = (false, false);
    for line in text[start..end].split_inclusive('\n') {
        if let Some((code, continues)) = line_code(line) {
            if begun && open != Some(code) && !unfinished {
                found.push((from, at));
                from = at;
            }
            begun = true;
            open = continues.then_some(code);
        }
        unfinished = line.trim_end().ends_with([':', '(']) || line.trim_end().ends_with("->");
        at += line.len();
    }
    found.push((from, end));
    found.into_iter().map(|(start, end)| trim(text, start, end)).filter(|(start, end)| start < end).collect()
}

/// The refusal code that a line begins with (after bullets, quotes and `smtp;`), and whether `-` announces more lines.
fn line_code(line: &str) -> Option<(u16, bool)> {
    let mut rest = line.trim_start_matches([' ', '\t', '>', '*', '-', '"', '\'', '\u{2022}']);
    if let Some(tail) = rest.get(..5).filter(|head| head.eq_ignore_ascii_case("smtp;")).and_then(|_| rest.get(5..)) {
        rest = tail.trim_start();
    }
    let (code, at) = codes::replies(rest).next().filter(|(_, at)| at.start == 0)?;
    (code >= 400).then(|| (code, rest[at.end..].starts_with('-')))
}

fn trim(text: &str, start: usize, end: usize) -> (usize, usize) {
    let inner = &text[start..end];
    let from = start + (inner.len() - inner.trim_start().len());
    (from.min(end), (start + inner.trim_end().len()).max(from.min(end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        read(text).events.iter().map(|e| text[e.words[0].start..e.words[0].end].to_string()).collect()
    }

    #[test]
    fn several_replies_at_once() {
        assert_eq!(words("550 5.1.1 User unknown\nsmtp; 452 4.2.2 Mailbox full\n").len(), 2);
        assert_eq!(words("550-5.1.1 The account\n550-5.1.1 does not\n550 5.1.1 exist").len(), 1);
        assert_eq!(words("first reply:\n550 no such user\n\nsecond reply:\n421 try later").len(), 2);
        assert_eq!(words("550 5.7.1 Messages from [192.0.2.1] weren't\nsent.").len(), 1);
    }

    #[test]
    fn the_innermost_reply_decides() {
        assert_eq!(words("550 5.0.350 Remote server returned an error -> 550 5.1.1 User unknown"), ["550 5.1.1 User unknown"]);
        assert_eq!(
            words("host mx.example.net[192.0.2.4] said: 552 5.2.2 Over quota (in reply to RCPT TO command)"),
            ["552 5.2.2 Over quota (in reply to RCPT TO command)"]
        );
        assert_eq!(words("the user is unknown (550)"), ["the user is unknown (550)"]);
    }
}
