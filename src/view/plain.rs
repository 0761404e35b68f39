//! Foreign text in plain text, Markdown and mail headers, where it must begin nothing of its own.

use std::fmt::Write as _;

/// White space of any kind as one space, so that no value can begin a header or a line of its own.
pub fn one_line(value: &str) -> String {
    value.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// RFC 2047 encoded words of at most 75 characters where the subject is not ASCII.
pub fn encoded_subject(subject: &str) -> String {
    if subject.is_ascii() {
        return subject.into();
    }
    let mut words = Vec::new();
    let mut word = String::new();
    for c in subject.chars() {
        let mut bytes = [0; 4];
        let code: String = c.encode_utf8(&mut bytes).bytes().map(|byte| format!("={byte:02X}")).collect();
        let code = if c.is_ascii_alphanumeric() { c.to_string() } else { code };
        if word.len() + code.len() > 60 {
            words.push(std::mem::take(&mut word));
        }
        word.push_str(&code);
    }
    words.push(word);
    words.iter().map(|word| format!("=?utf-8?Q?{word}?=")).collect::<Vec<_>>().join("\r\n ")
}

/// Wraps at `width` columns; longer words keep their line.
pub fn wrap(text: &str, first: &str, rest: &str, width: usize) -> String {
    let mut wrapped = String::from(first);
    let mut column = first.chars().count();
    let mut fresh = true;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if !fresh && column + 1 + length > width {
            let _ = write!(wrapped, "\n{rest}");
            (column, fresh) = (rest.chars().count(), true);
        }
        if !fresh {
            wrapped.push(' ');
            column += 1;
        }
        wrapped.push_str(word);
        (column, fresh) = (column + length, false);
    }
    wrapped
}

/// Text that Markdown shows as it is.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// A code block whose fence is longer than any run of backticks within.
pub fn fenced(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}\n{}\n{fence}\n", text.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_beyond_ascii_are_encoded_words() {
        assert_eq!(encoded_subject("ab"), "ab");
        let coded = encoded_subject(&"ü".repeat(30));
        assert!(coded.lines().all(|line| line.trim().len() <= 75) && coded.is_ascii());
    }

    #[test]
    fn wraps_between_words() {
        assert_eq!(wrap("one two three", "1. ", "   ", 10), "1. one two\n   three");
        assert_eq!(wrap("averyveryverylongword x", "", "", 5), "averyveryverylongword\nx");
    }
}
