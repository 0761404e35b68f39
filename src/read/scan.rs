//! Small scanners that the readers of logs, events, program errors and transcripts share. Each is one pass over its text.

use std::borrow::Cow;

use super::address::{is_domain, is_local};
use crate::verdict::Stage;

/// What follows the first `mark`.
pub(crate) fn after<'t>(text: &'t str, mark: &str) -> Option<&'t str> {
    text.split_once(mark).map(|(_, rest)| rest)
}

/// What stands before the first `mark`, or everything.
pub(crate) fn until<'t>(text: &'t str, mark: &str) -> &'t str {
    text.split_once(mark).map_or(text, |(head, _)| head)
}

/// What stands between the first `open` and the next `close`.
pub(crate) fn between<'t>(text: &'t str, open: &str, close: &str) -> Option<&'t str> {
    after(text, open)?.split_once(close).map(|(inner, _)| inner)
}

/// Position of `needle` (ASCII, lower case), whatever the case of `hay`.
pub(crate) fn find_ci(hay: &str, needle: &str) -> Option<usize> {
    hay.as_bytes().windows(needle.len()).position(|window| window.eq_ignore_ascii_case(needle.as_bytes()))
}

/// Does `text` begin with `head` (ASCII), whatever its case?
pub(crate) fn starts_ci(text: &str, head: &str) -> bool {
    text.as_bytes().get(..head.len()).is_some_and(|start| start.eq_ignore_ascii_case(head.as_bytes()))
}

/// What follows `head` at the beginning of `text`, whatever its case.
pub(crate) fn strip_ci<'t>(text: &'t str, head: &str) -> Option<&'t str> {
    if starts_ci(text, head) { text.get(head.len()..) } else { None }
}

/// The value of `name` (which ends in `=` or `:`), where `name` begins a word: quoted, in angle brackets, or up to a comma or white space.
pub(crate) fn field<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let at = text.match_indices(name).map(|(at, _)| at).find(|&at| begins_word(text, at))?;
    let value = text.get(at + name.len()..)?;
    let value = match value.as_bytes().first()? {
        b'"' => value.get(1..)?.split('"').next()?,
        b'<' => value.get(1..)?.split('>').next()?,
        _ => value.split([' ', ',', ';', '\t', '\n', '\r']).next()?,
    };
    (!value.is_empty()).then_some(value)
}

fn begins_word(text: &str, at: usize) -> bool {
    let before = text.as_bytes().get(..at).and_then(|head| head.last());
    before.is_none_or(|&byte| !byte.is_ascii_alphanumeric() && byte != b'_' && byte != b'-')
}

/// The reply code at the very beginning of `text` (RFC 5321 §4.2), where no word or number runs on.
pub(crate) fn reply_code(text: &str) -> Option<u16> {
    let bytes = text.as_bytes();
    let open = bytes.get(3).is_none_or(|&next| !next.is_ascii_alphanumeric() && !matches!(next, b'.' | b':' | b'/' | b'_' | b'@'));
    if !open {
        return None;
    }
    code_value(text.get(..3)?.parse().ok()?)
}

/// A number that can be a reply code: platforms put their own numbers (`605`, `498`) into the same field.
pub(crate) fn code_value(number: u64) -> Option<u16> {
    let code = u16::try_from(number).ok()?;
    ((200..600).contains(&code) && (code / 10) % 10 <= 7).then_some(code)
}

/// The enhanced code at the very beginning of `text` (RFC 3463 §2): `5.7.1`.
pub(crate) fn enhanced(text: &str) -> Option<&str> {
    let end = text.bytes().take(12).take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
    let code = text.get(..end)?.trim_end_matches('.');
    let mut numbers = code.split('.');
    let class = numbers.next()?;
    let mut number = || numbers.next().is_some_and(|digits| (1..=3).contains(&digits.len()));
    let well_formed = matches!(class, "2" | "4" | "5") && number() && number() && numbers.next().is_none();
    well_formed.then_some(code)
}

/// The first enhanced code that stands as a word of its own.
pub(crate) fn enhanced_in(text: &str) -> Option<&str> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | '#' | '-' | '<' | '>' | ',' | ';' | '\'' | '"'))
        .filter(|word| word.bytes().filter(|byte| *byte == b'.').count() <= 3)
        .find_map(|word| enhanced(word).filter(|code| word.len() <= code.len() + 1))
}

/// Does `text` read like a server's reply: a reply code or an enhanced code at its beginning?
pub(crate) fn is_reply(text: &str) -> bool {
    reply_code(text).is_some_and(|code| code != 200 && text.len() > 3) || enhanced(text).is_some()
}

/// Where, in `text`, a reply begins: a three-digit code of a failure after white space, a colon or a bracket.
pub(crate) fn reply_in(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    (0..bytes.len()).find(|&at| {
        matches!(bytes.get(at), Some(b'4' | b'5'))
            && (at == 0 || matches!(bytes.get(at - 1), Some(b' ' | b':' | b';' | b'(' | b'"' | b'\'' | b'\n' | b'\t' | b'>')))
            && text.get(at..).is_some_and(|rest| reply_code(rest).is_some() && matches!(bytes.get(at + 3), Some(b' ' | b'-')))
    })
}

/// The first thing that looks like an address (RFC 5321 §4.1.2, without quoting).
pub(crate) fn address(text: &str) -> Option<&str> {
    text.match_indices('@').find_map(|(at, _)| {
        let length = |run: &mut dyn Iterator<Item = char>| run.map(char::len_utf8).sum::<usize>();
        let local = length(&mut text.get(..at)?.chars().rev().take(64).take_while(|c| is_local(*c) && !"=/{|}`".contains(*c)));
        let domain = length(&mut text.get(at + 1..)?.chars().take(253).take_while(|c| is_domain(*c)));
        let found = text.get(at - local..at + 1 + domain)?.trim_end_matches(['.', '-']).trim_start_matches(['.', '\'']);
        is_address(found).then_some(found)
    })
}

/// Is the whole of `text` one address?
pub(crate) fn is_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && local.chars().all(is_local)
            && domain.contains('.')
            && !domain.starts_with('.')
            && domain.chars().all(is_domain)
    })
}

/// A host name without what stands around it: `mx.example.com[192.0.2.1]:25` → `mx.example.com`. Numbers alone are no name.
pub(crate) fn host(text: &str) -> Option<&str> {
    let name = text.trim_start_matches(['<', '(', '[', '"']);
    let name = name.split(|c| !is_domain(c)).next()?.trim_end_matches('.');
    (name.contains('.') && name.bytes().any(|byte| byte.is_ascii_alphabetic())).then_some(name)
}

/// An IP address, taken out of brackets and away from a port.
pub(crate) fn ip(text: &str) -> Option<&str> {
    let inner = text.trim().trim_start_matches('[');
    let inner = until(inner, "]");
    let parses = |text: &str| text.parse::<std::net::IpAddr>().is_ok();
    if parses(inner) {
        return Some(inner);
    }
    inner.rsplit_once(':').map(|(head, _)| head).filter(|head| parses(head))
}

/// The stage that a command's name stands for, as logs and libraries write it.
pub(crate) fn stage(command: &str) -> Option<Stage> {
    let command = command.trim().trim_start_matches("pipelined ");
    let table: [(&str, Stage); 19] = [
        ("end of data", Stage::EndOfData),
        ("end-of-message", Stage::EndOfData),
        ("end-of-data", Stage::EndOfData),
        ("end of message", Stage::EndOfData),
        ("message body", Stage::EndOfData),
        ("body", Stage::EndOfData),
        ("data end", Stage::EndOfData),
        ("bdat", Stage::EndOfData),
        ("data", Stage::Data),
        ("rcpt", Stage::RcptTo),
        ("mail", Stage::MailFrom),
        ("ehlo", Stage::Helo),
        ("helo", Stage::Helo),
        ("lhlo", Stage::Helo),
        ("auth", Stage::Auth),
        ("starttls", Stage::Tls),
        ("initial server greeting", Stage::Banner),
        ("initial connection", Stage::Banner),
        ("connect", Stage::Connect),
    ];
    if command == "." {
        return Some(Stage::EndOfData);
    }
    table.iter().find(|(name, _)| starts_ci(command, name)).map(|&(_, stage)| stage)
}

/// The text without the `> ` that mail programs and forums put before quoted lines, where every line has one.
pub(crate) fn unquoted(text: &str) -> Cow<'_, str> {
    let quoted = |line: &str| line.trim_start().starts_with('>');
    let bare = text.lines().filter(|line| !line.trim().is_empty() && !quoted(line)).count();
    let marked = text.lines().filter(|line| quoted(line)).count();
    if marked == 0 || bare > marked {
        return Cow::Borrowed(text);
    }
    let strip = |line: &str| line.trim_start_matches(['>', ' ']).to_owned() + "\n";
    Cow::Owned(text.lines().map(strip).collect())
}

/// The text with the lines that a mail program wrapped put together again: a line break becomes a blank where the next word would not
/// have fitted into 72 columns. Nothing changes where a line is longer than mail programs leave them.
pub(crate) fn unwrapped(text: Cow<'_, str>) -> Cow<'_, str> {
    const WIDTH: usize = 72;
    const LONGEST: usize = 80;
    let mut joints = Vec::new();
    let (mut last, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        let width = line.trim_end().chars().count();
        if width > LONGEST && line.trim().contains(' ') {
            return text;
        }
        let word = line.split([' ', '\t', '\n']).next().map_or(0, |word| word.chars().count());
        if word > 0 && last > WIDTH / 2 && last + 1 + word > WIDTH {
            joints.push(at - 1);
        }
        (last, at) = (width, at + line.len());
    }
    let mut flat = text.into_owned();
    joints.into_iter().for_each(|joint| flat.replace_range(joint..joint + 1, " "));
    Cow::Owned(flat)
}

/// Undoes the escapes of a string literal: `\n`, `\r`, `\t`, `\"`, `\'`, `\\`, `\/`, `\xNN`, `\uNNNN`, also when escaped twice.
pub(crate) fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((head, tail)) = rest.split_once('\\') {
        out.push_str(head);
        let (decoded, used) = escape(tail.trim_start_matches('\\'));
        out.push(decoded);
        rest = tail.trim_start_matches('\\').get(used..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// The character that an escape (without its backslash) stands for, and its length in bytes.
fn escape(tail: &str) -> (char, usize) {
    let hex = |range: std::ops::Range<usize>| {
        let digits = tail.get(range).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)
    };
    match tail.as_bytes().first() {
        Some(b'n' | b'r') => ('\n', 1),
        Some(b't') => ('\t', 1),
        Some(b'x') => hex(1..3).map_or(('\\', 0), |c| (c, 3)),
        Some(b'u') => hex(1..5).map_or(('\\', 0), |c| (c, 5)),
        Some(&quote @ (b'"' | b'\'' | b'/')) => (char::from(quote), 1),
        _ => ('\\', 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stand_alone() {
        assert_eq!(reply_code("550 5.1.1 no"), Some(550));
        assert_eq!(reply_code("550-5.1.1 no"), Some(550));
        assert_eq!(reply_code("554.30"), None);
        assert_eq!(reply_code("5501"), None);
        assert_eq!(code_value(605), None);
        assert_eq!(code_value(498), None);
        assert_eq!(enhanced("5.7.1 no"), Some("5.7.1"));
        assert_eq!(enhanced("5.7.1.2"), None);
        assert_eq!(enhanced_in("see (#5.1.1)"), Some("5.1.1"));
        assert_eq!(enhanced_in("host 192.0.2.1 said no"), None);
    }

    #[test]
    fn addresses_and_hosts() {
        assert_eq!(address("to <u.ser+x@example.com>."), Some("u.ser+x@example.com"));
        assert_eq!(address("a@b c@@d"), None);
        assert_eq!(host("mx.example.com[192.0.2.1]:25"), Some("mx.example.com"));
        assert_eq!(host("192.0.2.1"), None);
        assert_eq!(ip("[192.0.2.1]:25"), Some("192.0.2.1"));
        assert_eq!(ip("2001:db8::1"), Some("2001:db8::1"));
    }

    #[test]
    fn wrapped_lines_are_joined() {
        let wrapped =
            "Expected response code \"250\" but got code \"550\", with message \"550 5.1.1\n<pat@example.com> User unknown\".\n    at x";
        assert_eq!(unwrapped(wrapped.into()), wrapped.replacen('\n', " ", 1));
        for text in ["550 5.1.1 no such user\nnext", "short\n\nlines", &format!("{} x\nnext", "long ".repeat(20))] {
            assert_eq!(unwrapped(text.into()), text);
        }
    }

    #[test]
    fn fields_begin_words() {
        assert_eq!(field("orig_to=<a@b>, to=<c@d>,", "to="), Some("c@d"));
        assert_eq!(field("result=\"PermFail\" stat=x", "result="), Some("PermFail"));
    }

    #[test]
    fn escapes_are_undone() {
        assert_eq!(unescaped(r#"a\nb\\nc \"d\" \x41 \u0042 \q"#), "a\nb\nc \"d\" A B \\q");
        assert_eq!(unescaped("ends in \\"), "ends in \\");
    }
}
