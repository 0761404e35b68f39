//! Which addresses of a notice are recipients: by what stands before and after them.

use std::ops::Range;

use super::lines::{Line, starts};
use super::{address, phrases, reply};

/// How sure a line is that its address is a recipient; the surest kind that occurs is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The address has the line for itself, or opens it.
    Own,
    /// `… could not be delivered to address`.
    Led,
    /// `550 <address>... User unknown`.
    Coded,
    /// `RCPT TO:<address>`.
    Command,
    /// The address opens a paragraph: `address Invalid Address, …`.
    Opening,
    /// Anywhere else: counts where it is the only address of the notice.
    Lone,
}

/// A place where an address can be a recipient.
#[derive(Clone, Debug)]
pub struct Mark {
    pub kind: Kind,
    /// Index of the line.
    pub line: usize,
    pub recipient: String,
    /// The address that the sender wrote to, where the notice says that the recipient is what a list or an alias made of it.
    pub original: Option<String>,
}

/// Lines below an address in which its origin is looked for.
const NOTES: usize = 6;

/// The address that the one ending at byte `end` of line `n` was made of: `(expanded from <a@b>)`, `(ultimately generated from a@b)`,
/// behind it or in the notes in parentheses below it.
pub fn original(lines: &[Line<'_>], n: usize, end: usize) -> Option<String> {
    let mut note = lines.get(n)?.text.get(end..)?.to_owned();
    for line in lines.get(n + 1..)?.iter().take(NOTES) {
        let open = note.rfind('(').is_some_and(|at| !note[at..].contains(')'));
        if !open && !line.text.starts_with('(') || line.text.is_empty() || note.len() > 2000 {
            break;
        }
        note.push(' ');
        note.push_str(line.text);
    }
    let lower = note.to_ascii_lowercase();
    let after = phrases::EXPANDED.iter().filter_map(|words| lower.find(words).map(|at| at + words.len())).min()?;
    let rest = note.get(after..)?.split(')').next()?;
    address::all(rest).first().map(|at| rest[at.clone()].to_owned())
}

/// Whether, and how surely, the address at `at` of line `n` is a recipient's.
pub fn kind(lines: &[Line<'_>], n: usize, at: &Range<usize>) -> Option<Kind> {
    let line = lines.get(n)?.text;
    let (before, after) = (&line[..at.start], &line[at.end..]);
    let lead = before.trim_end_matches(['<', '"', '\'', '(', '[', ' ', '`', '“', '«', '「', '*']).to_lowercase();
    let above = lines[..n].iter().rev().find(|line| !line.text.is_empty()).map(|line| line.text.to_lowercase()).unwrap_or_default();
    if is_other(if lead.is_empty() { &above } else { &lead }) {
        return None;
    }
    if lead.ends_with("rcpt to:") {
        return Some(Kind::Command);
    }
    let coded = reply::ends_in_code(if lead.is_empty() { &above } else { &lead });
    if coded {
        return Some(Kind::Coded);
    }
    if opens_line(before, after) || closes_named_line(&above, before, after) {
        return Some(Kind::Own);
    }
    let said = if lead.is_empty() { above.as_str() } else { lead.as_str() };
    let led = said.ends_with(':') || phrases::TO_LEADS.iter().any(|to| ends_in_word(said, to));
    let opens = lead.is_empty() && n.checked_sub(1).is_none_or(|above| lines[above].text.is_empty());
    Some(match (led, opens) {
        (true, _) => Kind::Led,
        (_, true) => Kind::Opening,
        _ => Kind::Lone,
    })
}

/// Whether the text before an address makes it somebody else's.
fn is_other(lead: &str) -> bool {
    let last = lead.rsplit(['.', ',', ';', '(']).next().unwrap_or_default().trim_end_matches([':', ' ', '<']);
    phrases::NOT_TO.iter().any(|not| ends_in_word(last, not))
}

/// `text` ends in `word`, and the word begins there.
fn ends_in_word(text: &str, word: &str) -> bool {
    let Some(rest) = text.trim_end_matches([':', ' ']).strip_suffix(word.trim_end_matches(':')) else { return false };
    word.starts_with(' ') || !word.is_ascii() || rest.is_empty() || rest.ends_with(|c: char| !c.is_alphanumeric())
}

/// The address opens its line and what follows is nothing, a reason, a date or another address.
fn opens_line(before: &str, after: &str) -> bool {
    let decoration = before.trim_matches(|c: char| !c.is_alphanumeric());
    let kind = decoration.is_empty()
        || ["rfc822", "smtp", "mailto"].iter().any(|kind| decoration.eq_ignore_ascii_case(kind) && !before.ends_with(' '));
    let rest = after.trim_start_matches(['>', '"', '\'', ')', ']', '”', '»', '」']);
    let wide = rest.trim_start();
    let follows = wide.is_empty()
        || rest.starts_with([':', ',', ';', '：', '\t'])
        || wide.starts_with(['(', '[', '<', '-', '–', '='])
        || wide.starts_with("...")
        || starts(wide, "on ")
        || rest.starts_with("  ");
    (kind || before.ends_with("SMTP=")) && follows
}

/// `Name (address)` or `Name <address>` as a line of its own below a line that ends in a colon.
fn closes_named_line(above: &str, before: &str, after: &str) -> bool {
    let bracketed = before.ends_with(['(', '<', '[']) && after.trim_start_matches([')', '>', ']', '.', ' ']).is_empty();
    bracketed && above.ends_with([':', '：']) && before.split_whitespace().count() <= 6 && !before.contains(':')
}
