//! The same text whatever a mail program did to it: line ends, quote marks, indentation.

use std::borrow::Cow;
use std::ops::Range;

/// LF at line ends (for CRLF, bare CR and CR CR LF), and no blanks before them.
pub fn unix(bytes: &[u8]) -> Cow<'_, [u8]> {
    match line_feeds(bytes) {
        Cow::Borrowed(bytes) => trimmed(bytes),
        Cow::Owned(bytes) => match trimmed(&bytes) {
            Cow::Borrowed(_) => Cow::Owned(bytes),
            Cow::Owned(bare) => Cow::Owned(bare),
        },
    }
}

/// As [`unix`], of a text.
pub fn unix_text(text: &str) -> Cow<'_, str> {
    match unix(text.as_bytes()) {
        Cow::Borrowed(_) => Cow::Borrowed(text),
        Cow::Owned(bytes) => String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned),
    }
}

fn line_feeds(bytes: &[u8]) -> Cow<'_, [u8]> {
    if !bytes.contains(&b'\r') {
        return Cow::Borrowed(bytes);
    }
    let mut plain = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| *byte == b'\r') {
        let (line, after) = rest.split_at(at);
        plain.extend_from_slice(line);
        let run = after.iter().take_while(|byte| **byte == b'\r').count();
        let feed = usize::from(after.get(run) == Some(&b'\n'));
        plain.resize(plain.len() + if feed == 0 { run } else { (run - 1).max(1) }, b'\n');
        rest = &after[run + feed..];
    }
    plain.extend_from_slice(rest);
    Cow::Owned(plain)
}

/// The lines without the blanks that editors, terminals and web pages leave at their ends.
fn trimmed(bytes: &[u8]) -> Cow<'_, [u8]> {
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let mut plain = Vec::new();
    let mut copied = 0;
    for feed in memchr::memchr_iter(b'\n', bytes).chain([bytes.len()]) {
        let blanks = bytes[copied..feed].iter().rev().take_while(|byte| blank(byte)).count();
        if blanks > 0 {
            plain.extend_from_slice(&bytes[copied..feed - blanks]);
            copied = feed;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(bytes);
    }
    plain.extend_from_slice(&bytes[copied..]);
    Cow::Owned(plain)
}

/// Takes away quote marks (`> `) and indentation that all, or nearly all, lines share.
pub fn bare(text: &[u8]) -> Cow<'_, [u8]> {
    let mut text = Cow::Borrowed(text);
    for _ in 0..8 {
        let Some(mark) = shared_mark(&text) else { break };
        text = Cow::Owned(strip(&text, mark));
    }
    text
}

/// What stands before the lines of a quoted or indented text.
#[derive(Clone, Copy)]
enum Mark {
    Quote,
    Indent(usize),
}

fn shared_mark(text: &[u8]) -> Option<Mark> {
    let (mut lines, mut quoted, mut indent) = (0, 0, usize::MAX);
    for line in text.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()) {
        lines += 1;
        quoted += usize::from(line.trim_ascii_start().starts_with(b">"));
        indent = indent.min(line.len() - line.trim_ascii_start().len());
    }
    match lines {
        0 => None,
        _ if quoted * 10 >= lines * 7 => Some(Mark::Quote),
        _ if indent > 0 => Some(Mark::Indent(indent)),
        _ => None,
    }
}

fn strip(text: &[u8], mark: Mark) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len());
    for (n, line) in text.split(|byte| *byte == b'\n').enumerate() {
        if n > 0 {
            plain.push(b'\n');
        }
        plain.extend_from_slice(match mark {
            Mark::Quote => match line.trim_ascii_start().strip_prefix(b">") {
                Some(rest) => rest.strip_prefix(b" ").unwrap_or(rest),
                None => line,
            },
            Mark::Indent(width) => line.get(width..).unwrap_or_default(),
        });
    }
    plain
}

/// One line of a text: where its words begin and end.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    /// Bytes of the line without the white space around it.
    pub at: Range<usize>,
    /// The same as text.
    pub text: &'a str,
    /// Columns of white space before it.
    pub indent: usize,
}

/// The lines of `text`, in order, without their line ends.
pub fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut start = 0;
    text.split('\n').map(move |line| {
        let trimmed = line.trim();
        let indent = line.len() - line.trim_start().len();
        let at = if trimmed.is_empty() { start..start } else { start + indent..start + indent + trimmed.len() };
        start += line.len() + 1;
        Line { at, text: trimmed, indent }
    })
}

/// Whether the ASCII letters of `text` begin with `prefix`, which is lower case.
pub fn starts(text: &str, prefix: &str) -> bool {
    text.as_bytes().get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix.as_bytes()))
}

/// Lower case, white space as one space, and none between the characters of scripts that have no spaces: phrases are found
/// wherever a line was broken.
pub fn folded(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let wide = |c: char| c >= '\u{2e80}' && !('\u{ac00}'..='\u{d7a3}').contains(&c);
        let joins = plain.chars().next_back().is_none_or(wide) && word.starts_with(wide);
        if !plain.is_empty() && !joins {
            plain.push(' ');
        }
        plain.push_str(&word.to_lowercase());
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_are_one() {
        for text in ["a\nb\n\nc", "a\r\nb\r\n\r\nc", "a\rb\r\rc", "a\r\r\nb\r\n\r\nc"] {
            assert_eq!(unix(text.as_bytes()).as_ref(), b"a\nb\n\nc", "{text:?}");
        }
    }

    #[test]
    fn blanks_at_line_ends_go() {
        assert_eq!(unix(b"a \nb\t \r\n  \n c  d \t"), b"a\nb\n\n c  d".as_slice());
        assert_eq!(unix_text("  "), "");
        assert_eq!(unix_text("a\n b"), "a\n b");
    }

    #[test]
    fn broken_lines_are_folded() {
        assert_eq!(folded("Could\n not  BE\n配信でき\nません 전달할\n수"), "could not be 配信できません 전달할 수");
    }

    #[test]
    fn quoting_and_indenting_go() {
        let plain = "Subject: x\nTo: y\n\n>>> RCPT\n  indented\nend";
        for quoted in [plain.replace('\n', "\n> "), plain.replace('\n', "\n    "), plain.replace('\n', "\n> > ")] {
            let mark: String = quoted.split("Subject").nth(1).and_then(|s| s.split('T').next()).unwrap().chars().skip(4).collect();
            assert_eq!(String::from_utf8_lossy(&bare(format!("{mark}{quoted}").as_bytes())), plain);
        }
        assert_eq!(bare(plain.as_bytes()).as_ref(), plain.as_bytes());
    }
}
