//! Where a notice ends and the returned message begins.

use super::lines::{Line, lines, starts};
use super::{phrases, reply};

/// How a mail that stands whole in a text begins.
const RETURNED: [&str; 5] = ["return-path:", "received:", "from:", "date:", "subject:"];

/// How many of the lines, from the top, are the notice's own.
pub fn begins(all: &[Line<'_>]) -> usize {
    let end = (0..all.len()).find(|n| opens_original(all[*n].text) && !answers(all, *n)).unwrap_or(all.len());
    let spoken = all[..end].iter().any(|line| line.text.len() > 20);
    // A forwarded notice stands below such a marker.
    if spoken { end } else { next_original(all, end) }
}

/// What follows the line is a reply, and no returned message: `Additional information follows :`, `-- 550 …`.
fn answers(all: &[Line<'_>], n: usize) -> bool {
    let next = all[n + 1..].iter().find(|line| !line.text.is_empty());
    next.is_some_and(|line| reply::begins_with_code(line.text.trim_start_matches(|c: char| !c.is_alphanumeric())))
}

/// The mail that stands whole in `rest`, from its first header field.
pub fn mail_in(rest: &str) -> Option<&str> {
    let opens = |line: &Line<'_>| RETURNED.iter().any(|header| starts(line.text, header));
    lines(rest).find(opens).map(|line| &rest[line.at.start..])
}

/// Whether the returned message begins with this line.
fn opens_original(line: &str) -> bool {
    if phrases::RETURNED_HEADER.iter().any(|header| starts(line, header)) {
        return true;
    }
    let bare = line.trim_matches(|c: char| !c.is_alphanumeric());
    if bare.is_empty() || bare.len() > 120 {
        return false;
    }
    let lower = bare.to_lowercase();
    if ["details", "信息", "資訊", "情報", "정보"].iter().any(|about| lower.ends_with(about)) {
        return false;
    }
    let known = phrases::ORIGINAL.iter().any(|marker| lower.starts_with(marker));
    known && announces(line, bare, &lower) || lower.ends_with("original message follows")
}

/// A marker is a line of its own: decorated, or ending in a colon, or in `follows`; the plain sentence counts only if short.
fn announces(line: &str, bare: &str, lower: &str) -> bool {
    let decorated = line.len() >= bare.len() + 4;
    decorated
        || line.ends_with(':')
        || lower.ends_with("follows")
        || lower.ends_with("follow")
        || lower.ends_with("below this line")
        || bare.len() <= 24
}

fn next_original(lines: &[Line<'_>], from: usize) -> usize {
    let skip = |line: &Line<'_>| opens_original(line.text) && !is_marker_of_forward(line.text);
    lines.iter().skip(from + 1).position(skip).map_or(lines.len(), |at| from + 1 + at)
}

fn is_marker_of_forward(line: &str) -> bool {
    line.to_lowercase().contains("forward")
}
