//! The innermost reply in a passage: the receiver's words inside of what wraps them.

use std::ops::Range;

use super::lines::{lines, starts};
use super::phrases;
use crate::read::codes;

/// Longest reply that is kept; receivers' replies are a few hundred bytes.
pub const LONGEST: usize = 8192;

/// The innermost reply in `within`: one with a code, else what stands after `said:`.
pub fn inner(text: &str, within: Range<usize>) -> Option<Range<usize>> {
    coded(text, within.clone()).or_else(|| said(text, within))
}

/// The innermost reply with a code: behind `->`, in an answer line (`<<<`), or at the first refusing reply code.
pub fn coded(text: &str, within: Range<usize>) -> Option<Range<usize>> {
    let passage = text.get(within.clone())?;
    let refusals: Vec<usize> = codes::replies(passage).filter(|(code, _)| *code >= 400).map(|(_, at)| at.start).take(200).collect();
    let start = refusals.iter().rev().copied().find(|at| is_wrapped(passage, *at));
    let start = start.or_else(|| refusals.iter().copied().find(|at| is_answer(passage, *at)));
    let start = start.or_else(|| refusals.iter().copied().find(|at| is_quoted(passage, *at)));
    let start = start.or_else(|| refusals.first().map(|at| nested(passage, *at)))?;
    Some(within.start + start..within.start + end_of_reply(passage, start))
}

/// The words after a phrase such as `said:`.
pub fn said(text: &str, within: Range<usize>) -> Option<Range<usize>> {
    let passage = text.get(within.clone())?;
    let start = after_said(passage)?;
    let end = end_of_reply(passage, start);
    (end > start).then(|| within.start + start..within.start + end)
}

/// `… -> 550 …`: a server hands on what another said.
fn is_wrapped(text: &str, at: usize) -> bool {
    text[..at].trim_end().ends_with("->")
}

/// `said: 550 …`: a notice quotes a reply word for word.
fn is_quoted(text: &str, at: usize) -> bool {
    let from = text.floor_char_boundary(at.saturating_sub(40));
    let before = text[from..at].to_ascii_lowercase();
    phrases::QUOTING.iter().any(|quoting| before.trim_end().ends_with(quoting))
}

/// `<<< 550 …`, `<-- 550 …`: the answer in a transcript.
fn is_answer(text: &str, at: usize) -> bool {
    let before = text[..at].trim_end();
    before.ends_with("<<<") || before.ends_with("<--")
}

/// `554 <a@b>... 550 Host unknown`: the code after the dots is the one that was given.
fn nested(text: &str, at: usize) -> usize {
    let line = text[at..].lines().next().unwrap_or_default();
    let Some(dots) = line.find("... ") else { return at };
    let rest = &line[dots + 4..];
    if begins_with_code(rest) { at + dots + 4 } else { at }
}

/// Whether a line begins with a reply code.
pub fn begins_with_code(line: &str) -> bool {
    let line = line.trim_start_matches(['<', ' ']);
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    digits == 3 && line.starts_with(['4', '5']) && line[3..].starts_with([' ', '-', ':'])
}

/// Whether text (lower case) ends in a reply code, with or without an enhanced one.
pub fn ends_in_code(text: &str) -> bool {
    let mut words = text.rsplit([' ', '\t']).filter(|word| !word.is_empty());
    let Some(last) = words.next() else { return false };
    let last =
        if codes::Enhanced::parse(last.trim_matches(['#', '(', ')', ':'])).is_some() { words.next().unwrap_or_default() } else { last };
    begins_with_code(&format!("{} ", last.trim_end_matches([':', '-'])))
}

/// Where the words after a phrase such as `said:` begin.
fn after_said(passage: &str) -> Option<usize> {
    let lower = passage.to_ascii_lowercase();
    let found = phrases::SAID.iter().filter_map(|said| lower.find(said).map(|at| at + said.len()));
    let after = found.max()?;
    let words = passage[after..].trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '='));
    (!words.is_empty()).then(|| passage.len() - words.len())
}

/// A reply ends with its paragraph, where the notice or the dialogue speaks again, or before the next reply.
fn end_of_reply(passage: &str, start: usize) -> usize {
    let limit = passage.len().min(start + LONGEST);
    let mut end = start;
    let mut goes_on = true;
    for (n, line) in lines(passage.get(start..).unwrap_or_default()).enumerate() {
        let answers = line.text.starts_with("<<<");
        let bare = line.text.trim_start_matches(['<', ' ']);
        let stops = phrases::STOPS.iter().any(|stop| starts(line.text, stop)) || begins_with_code(bare) && !goes_on;
        if n > 0 && (line.text.is_empty() || stops && !(answers && goes_on) || start + line.at.end > limit) {
            break;
        }
        if begins_with_code(bare) {
            goes_on = bare.as_bytes().get(3) == Some(&b'-');
        }
        end = start + line.at.end;
    }
    end
}

/// Phrases after which the notice names the host that refused.
const HOST_LEADS: [&str; 6] = ["host ", "talking to ", "connected to ", "server ", "remote system: dns;", "mail server "];

/// Hosts that a passage names as the receiving side: `host mx.example.com[192.0.2.1] said`, `while talking to mx.example.com.:`.
pub fn hosts(passage: &str) -> Vec<String> {
    let lower = passage.to_ascii_lowercase();
    let mut found: Vec<String> = Vec::new();
    for lead in HOST_LEADS {
        for (at, _) in lower.match_indices(lead).take(20) {
            let rest = lower[at + lead.len()..].trim_start_matches([' ', '<', '\'']);
            let length = rest.bytes().take(253).take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_')).count();
            let name = rest[..length].trim_end_matches(['.', '-']);
            let names_host = name.contains('.') && name.bytes().any(|b| b.is_ascii_alphabetic()) && !rest[length..].starts_with('@');
            if names_host && !found.iter().any(|known| known == name) {
                found.push(name.to_owned());
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_refusing_host() {
        assert_eq!(hosts("host mx.example.com[192.0.2.1] said: no"), ["mx.example.com"]);
        assert_eq!(hosts("... while talking to mx.example.net.:\n>>> DATA"), ["mx.example.net"]);
        assert_eq!(hosts("Remote host said: 550 no"), Vec::<String>::new());
    }

    #[test]
    fn takes_the_innermost() {
        for (text, wanted) in [
            ("host mx said: 550 5.1.1 no\n    such user\n\nrest", "550 5.1.1 no\n    such user"),
            ("550 5.1.351 Remote server returned unknown -> 550 User unknown", "550 User unknown"),
            (">>> DATA\n<<< 550-5.7.1 one\n<<< 550 5.7.1 two\n554 5.0.0 Service unavailable", "550-5.7.1 one\n<<< 550 5.7.1 two"),
            ("554 <a@example.com>... 550 Host unknown (x)", "550 Host unknown (x)"),
            ("Remote host said: 550-5.7.1 one\n550 5.7.1 two\nGiving up on 192.0.2.1.", "550-5.7.1 one\n550 5.7.1 two"),
            ("was not delivered because:\n\n  User not listed in Directory", "User not listed in Directory"),
        ] {
            assert_eq!(inner(text, 0..text.len()).map(|at| &text[at]), Some(wanted), "{text}");
        }
        assert_eq!(inner("connect to 192.0.2.1 port 25", 0..20), None);
    }
}
