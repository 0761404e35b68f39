//! Hides personal data in what is shown or sent on: the local part of addresses, and names in address headers.

use std::ops::Range;

use super::marks::is_invisible;

/// What stands in place of what is hidden.
pub const HIDDEN: &str = "***";

/// The byte ranges of `text` to hide, in order and apart. Hosts, IP addresses and ids stay: support needs them.
pub fn ranges(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut free = 0;
    for (at, _) in text.match_indices('@') {
        if at < free || !host_follows(&text[at + 1..]) {
            continue;
        }
        let start = local_part(text, free, at);
        free = at + 1;
        let keep = text[start..at].chars().next().map_or(0, char::len_utf8);
        if start + keep < at {
            found.push(start + keep..at);
        } else if keep > 0 {
            found.push(start..at);
        }
    }
    found.extend(header_names(text));
    found.sort_by_key(|range| range.start);
    found.dedup_by(|next, last| next.start < last.end);
    found
}

/// `text` with what is personal hidden.
pub fn mask(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut done = 0;
    for range in ranges(text) {
        shown.push_str(&text[done..range.start]);
        shown.push_str(HIDDEN);
        done = range.end;
    }
    shown + &text[done..]
}

fn host_follows(rest: &str) -> bool {
    rest.chars().next().is_some_and(|c| c.is_alphanumeric() || c == '[')
}

/// Where the local part that ends at `at` begins, no earlier than `free`.
fn local_part(text: &str, free: usize, at: usize) -> usize {
    let before = &text[free..at];
    if let Some(quoted) = before.strip_suffix('"') {
        return quoted.rfind(['"', '\n']).map_or(at, |open| free + open);
    }
    let length: usize = before.chars().rev().take_while(|c| is_atom(*c)).map(char::len_utf8).sum();
    at - length
}

/// RFC 5322 §3.2.3 `atext` and the dot, without what quotes or separates in logs (`'`, `/`, `` ` ``); what is invisible
/// cannot shield an address.
fn is_atom(c: char) -> bool {
    c.is_alphanumeric() || "!#$%&*+-.?^_{|}~=".contains(c) || is_invisible(c)
}

const ADDRESS_HEADERS: [&str; 7] = ["from:", "to:", "cc:", "bcc:", "sender:", "reply-to:", "delivered-to:"];

/// Display names in address header lines: what stands between the colon and `<`.
fn header_names(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        if let Some(name) = header_name(line) {
            found.push(offset + name.start..offset + name.end);
        }
        offset += line.len();
    }
    found
}

fn header_name(line: &str) -> Option<Range<usize>> {
    let colon = line.find(':')? + 1;
    let head = line.get(..colon)?.trim_start_matches(['>', ' ', '\t']);
    if !ADDRESS_HEADERS.iter().any(|known| head.eq_ignore_ascii_case(known)) {
        return None;
    }
    let rest = &line[colon..];
    let name = rest[..rest.find('<')?].trim();
    let start = colon + rest.find(name)?;
    (!name.is_empty() && !name.contains('@')).then(|| start..start + name.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hides_local_parts_and_header_names() {
        assert_eq!(mask("550 5.1.1 <ann.archibald@example.com> unknown"), "550 5.1.1 <a***@example.com> unknown");
        assert_eq!(mask("To: \"Ann Archibald\" <ann@example.com>\n"), "To: *** <a***@example.com>\n");
        assert_eq!(mask("\"ann b\"@example.com"), "\"***@example.com");
        assert_eq!(mask("a@example.com b@example.com"), "***@example.com ***@example.com");
    }

    #[test]
    fn nothing_invisible_shields_an_address() {
        assert_eq!(mask("ann\u{202e}archibald\u{200b}@example.com"), "a***@example.com");
    }

    #[test]
    fn leaves_the_rest_alone() {
        for text in ["[203.0.113.25] said: 550", "user @ home", "@", "@@@", "to: nobody", "мир"] {
            assert_eq!(mask(text), text);
        }
    }

    #[test]
    fn stays_on_character_boundaries() {
        assert_eq!(mask("jürgen@例.example and ü@x"), "j***@例.example and ***@x");
    }

    #[test]
    fn many_at_signs_take_linear_time() {
        let text = "a@".repeat(200_000);
        assert!(mask(&text).len() >= text.len());
    }
}
