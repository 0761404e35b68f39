//! A whole mail, or the text of a bounce copied from a mail program → [`Notice`].
//!
//! What is a bounce is asked first, whatever the header claims: many real bounces carry `Auto-Submitted: auto-replied`.

mod address;
mod answer;
mod feedback;
mod head;
mod html;
mod lines;
mod marks;
mod mime;
mod notice;
mod original;
mod phrases;
mod prose;
mod reply;
mod report;

use std::borrow::Cow;
use std::ops::Range;

pub(super) use lines::unix_text;

use super::{Fate, Notice, event};
use crate::verdict::Form;
use head::Head;
use mime::Leaf;
use notice::Writer;
use prose::Prose;

/// Reads a whole mail (RFC 5322 with MIME); `None` where `bytes` do not begin with a mail's header.
///
/// A leading `From ` line, blank lines, `> ` quoting and indentation of the whole mail, and any line ends are taken in stride.
pub fn read(bytes: &[u8]) -> Option<Notice> {
    read_nested(bytes, 3)
}

/// `depth` is how many mails inside of mails are still looked into.
fn read_nested(bytes: &[u8], depth: usize) -> Option<Notice> {
    let bytes = plain(bytes);
    let mail = from_line_off(bytes.trim_ascii_start());
    let head = head::head(&latin(mail)).0;
    head.is_mail().then(|| judge_mail(head, mime::leaves(&folded(mail)), depth))
}

/// Reads the text of a bounce without its header: a bare RFC 3464 body or a notice's prose, also pasted as HTML source.
/// `None` where nothing in it looks like a notice.
pub fn read_text(text: &str) -> Option<Notice> {
    let plain = plain(text.as_bytes());
    let plain = String::from_utf8_lossy(&plain);
    let text = if html::is_html(&plain) { html::text(&plain) } else { plain.into_owned() };
    let leaf = Leaf { kind: "text/plain".into(), text, charset: "utf-8", cut: false };
    let mut writer = Writer::new(Head::default(), vec![leaf]);
    if writer.feedback() {
        return Some(writer.finish(Form::FeedbackReport));
    }
    if report::is_report(&writer.leaves[0].text) {
        writer.report();
        return Some(writer.finish(Form::DsnText));
    }
    if !is_pasted_notice(&writer.leaves[0].text) {
        return Prose::new(&writer.leaves[0].text).forwarded().and_then(|text| bounce_in(text, 2));
    }
    let others = Prose::new(&writer.leaves[0].text).shown_header();
    writer.prose(&others);
    if writer.events.is_empty() {
        writer.nameless();
    }
    Some(writer.finish(Form::NdrText))
}

/// The same bytes whatever a mail program did to them: LF at line ends, no blanks before them, quote marks and indentation that all
/// lines share taken off.
pub fn plain(bytes: &[u8]) -> Cow<'_, [u8]> {
    match lines::unix(bytes) {
        Cow::Borrowed(bytes) => lines::bare(bytes),
        Cow::Owned(bytes) => Cow::Owned(lines::bare(&bytes).into_owned()),
    }
}

/// Splits an mbox file into its messages; `None` where it holds fewer than two.
pub fn split_mbox(bytes: &[u8]) -> Option<Vec<&[u8]>> {
    Some(places_in_mbox(bytes)?.into_iter().filter_map(|place| bytes.get(place)).collect())
}

/// Where the messages of an mbox file stand; `None` where it holds fewer than two.
pub fn places_in_mbox(bytes: &[u8]) -> Option<Vec<Range<usize>>> {
    let mut starts = Vec::new();
    let mut at = 0;
    let (mut blank, mut announced) = (true, false);
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let envelope = line.starts_with(b"From ") && (blank || is_dated(line)) && !announced;
        if envelope && opens_message(bytes.get(at + line.len()..).unwrap_or_default()) {
            starts.push(at);
        }
        blank = line.trim_ascii().is_empty();
        if !blank {
            // "bounced E-Mail:" before a `From ` line: the message quoted in a notice, not the next one of a mailbox.
            announced = line.trim_ascii_end().ends_with(b":");
        }
        at += line.len();
    }
    if starts.len() < 2 || !bytes.get(..*starts.first()?)?.trim_ascii().is_empty() {
        return None;
    }
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([bytes.len()]).collect();
    Some(starts.into_iter().zip(ends).map(|(start, end)| start..end).collect())
}

/// A `From ` line that no prose is, so that it counts without the blank line before it, which careless programs leave out: it ends in
/// a time and a year (`… 10:00:00 2026`), or names nobody (Thunderbird's `From -`).
fn is_dated(line: &[u8]) -> bool {
    let words: Vec<&[u8]> = line[..line.len().min(300)].split(|byte| *byte == b' ').map(<[u8]>::trim_ascii).collect();
    let year = |word: &[u8]| word.len() == 4 && word.iter().all(u8::is_ascii_digit);
    match words.as_slice() {
        [_, who] => *who == b"-",
        [.., time, last] => *last == b"-" || year(last) && time.iter().filter(|byte| **byte == b':').count() == 2,
        _ => false,
    }
}

/// The line after `From …` is a header field.
fn opens_message(rest: &[u8]) -> bool {
    let line = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
    head::name_of(&latin(&line[..line.len().min(100)])).is_some()
}

/// Header bytes as characters, one each: names and structure are ASCII, values are decoded later. Long mails have long bodies, so
/// only the top is looked at.
fn latin(mail: &[u8]) -> Cow<'_, str> {
    let top = &mail[..mail.len().min(256 * 1024)];
    match std::str::from_utf8(top) {
        Ok(text) if text.is_ascii() => Cow::Borrowed(text),
        _ => Cow::Owned(top.iter().map(|byte| char::from(*byte)).collect()),
    }
}

fn from_line_off(mail: &[u8]) -> &[u8] {
    let line = mail.iter().position(|byte| *byte == b'\n').map_or(mail.len(), |at| at + 1);
    if mail.starts_with(b"From ") { mail[line..].trim_ascii_start() } else { mail }
}

/// Folds header lines, of the mail and of its parts, that a re-wrap has torn off, so that the structure can be read.
fn folded(mail: &[u8]) -> Cow<'_, [u8]> {
    let mut whole = Vec::new();
    let mut copied = 0;
    let (mut at, mut in_header) = (0, true);
    for line in mail.split_inclusive(|byte| *byte == b'\n') {
        let words = line.trim_ascii();
        if words.is_empty() {
            in_header = false;
        } else if words.starts_with(b"--") {
            in_header = starts_part(mail.get(at + line.len()..).unwrap_or_default());
        } else if in_header && words.len() == line.trim_ascii_end().len() && head::name_of(&latin(&words[..words.len().min(80)])).is_none()
        {
            whole.extend_from_slice(&mail[copied..at]);
            whole.push(b' ');
            copied = at;
        }
        at += line.len();
    }
    if copied == 0 {
        return Cow::Borrowed(mail);
    }
    whole.extend_from_slice(&mail[copied..]);
    Cow::Owned(whole)
}

/// Whether a part's header begins here.
fn starts_part(rest: &[u8]) -> bool {
    rest.get(..8).is_some_and(|top| top.eq_ignore_ascii_case(b"content-"))
}

/// The first that fits: report, complaint, receipt, notice, answer, ordinary mail.
fn judge_mail(head: Head, leaves: Vec<Leaf>, depth: usize) -> Notice {
    let mut writer = Writer::new(head, leaves);
    if let Some(form) = machine_readable(&mut writer) {
        return writer.finish(form);
    }
    if let Some(told) = platform_event(writer.human_text()) {
        return told;
    }
    let answers = answer::is_answer(&writer.head) && !answer::from_system(&writer.head);
    let notice = answer::is_notice(&writer.head) && !answers;
    if notice || speaks_of_failure(writer.human_text()) {
        writer.prose(&writer.others());
    }
    if writer.events.is_empty() {
        if let Some(inside) = depth.checked_sub(1).and_then(|depth| writer.forwarded().into_iter().find_map(|text| bounce_in(text, depth)))
        {
            return inside;
        }
        if notice {
            writer.nameless();
        }
    }
    let form = if writer.events.is_empty() { answered(&mut writer) } else { Form::NdrMail };
    writer.finish(form)
}

/// What parts made for machines say: a delivery report, a complaint, a read receipt, a request to be unsubscribed.
fn machine_readable(writer: &mut Writer) -> Option<Form> {
    if writer.report() || writer.receipt() {
        return Some(Form::DsnMail);
    }
    if answer::is_unsubscribe(&writer.head, writer.human_text()) {
        writer.answer(Fate::Feedback);
        return Some(Form::FeedbackReport);
    }
    writer.feedback().then_some(Form::FeedbackReport)
}

/// What is no bounce: a request to prove to be a person, an automatic answer, or ordinary mail.
fn answered(writer: &mut Writer) -> Form {
    if answer::is_challenge(&writer.head, writer.human_text()) {
        writer.answer(Fate::Challenge);
    } else if answer::is_answer(&writer.head) {
        writer.answer(Fate::AutoReply);
    } else {
        writer.warnings.push("This is an ordinary mail, not a bounce.".into());
        return Form::OrdinaryMail;
    }
    Form::AutoReply
}

/// A bounce that somebody forwarded, attached or pasted below a marker; a mail program may have quoted its body and not its header.
fn bounce_in(text: &str, depth: usize) -> Option<Notice> {
    let body = text.find("\n\n").map_or(text.len(), |at| at + 2);
    let (head, body) = text.as_bytes().split_at(body);
    let notice = read_nested(&[head, &lines::bare(body)].concat(), depth)?;
    (matches!(notice.form, Form::DsnMail | Form::NdrMail) && !notice.events.is_empty()).then_some(notice)
}

/// A platform's event (JSON) that came by mail, as Amazon SNS sends it.
fn platform_event(text: &str) -> Option<Notice> {
    let json = text.trim_start();
    let end = json.rfind('}').filter(|_| json.starts_with('{'))?;
    // A mail server folded a long line (`!`, line end, space), or a mail program wrapped it.
    event::read(&json[..=end].replace("!\n ", "").replace('\n', " "))
}

/// Whether a text without any header is a notice, and not just a reply or two: it has lines before the reply that say so.
fn is_pasted_notice(text: &str) -> bool {
    let kept = Prose::new(text).kept();
    let mut lines = kept.lines().map(str::trim).filter(|line| !line.is_empty());
    let opens_with_reply = lines.next().is_none_or(|line| reply::begins_with_code(line) || lines::starts(line, "smtp;"));
    let folded = lines::folded(kept);
    !opens_with_reply && lines.next().is_some() && phrases::NOTICE_WORDS.iter().any(|words| folded.contains(words))
}

/// Whether a text without a notice's header speaks like one.
fn speaks_of_failure(text: &str) -> bool {
    let folded = lines::folded(Prose::new(text).kept());
    phrases::NOTICE_WORDS.iter().chain(phrases::REFUSAL_WORDS).any(|words| folded.contains(words))
}

#[cfg(test)]
mod tests;
