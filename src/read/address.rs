//! Mail addresses in text: which of them is the recipient.

/// Words before an address that is somebody else's: the sender's, or a help desk's.
const OTHERS: [&str; 27] = [
    "from",
    "sender",
    "source",
    "by",
    "contact",
    "mailto:",
    "e-mail",
    "email",
    "postmaster",
    "abuse",
    "support",
    "help",
    "forward",
    "report",
    "write",
    "details",
    "mail",
    "ask",
    "via",
    "orig",
    "ctladdr",
    "envelope",
    "return-path",
    "from=",
    "sender=",
    "reply-to",
    "cc",
];

/// Local parts that belong to machines and help desks.
const MACHINES: [&str; 8] = ["postmaster", "mailer-daemon", "abuse", "abuse_rbl", "delist", "noreply", "no-reply", "support"];

/// How far before an address the start of its URL is looked for, in bytes.
const LONGEST_URL: usize = 2048;

/// The recipient that a reply names: an address in angle brackets or after `to=`, `RCPT TO:`, `for`, else the first
/// address that is not the sender's or a help desk's. Case is kept.
pub fn recipient(text: &str) -> Option<String> {
    let found: Vec<(usize, &str)> = all(text).collect();
    let lead = |at: usize| lead_word(text, at);
    let named = found.iter().find(|(at, _)| {
        matches!(
            lead(*at).as_str(),
            "to" | "to=" | "rcpt" | "for" | "recipient" | "user" | "mailbox" | "address" | "account" | "final-recipient" | "rfc822"
        )
    });
    let other = || found.iter().find(|(at, address)| !OTHERS.contains(&lead(*at).as_str()) && !is_machine(address) && !in_url(text, *at));
    named.or_else(other).map(|(_, address)| (*address).to_string())
}

/// A character of a local part (RFC 5321 §4.1.2, RFC 6531 §3.3), without quoting.
pub(super) fn is_local(c: char) -> bool {
    c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c)
}

/// A character of a domain, as host names are written; `_` stands in many.
pub(super) fn is_domain(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '-' | '_')
}

/// Every mail address of `text`, with the byte where it begins.
pub fn all(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.match_indices('@').filter_map(move |(at, _)| {
        let local = text[..at].chars().rev().take(64).take_while(|c| c.is_ascii() && is_local(*c) && *c != '`').count();
        let mut start = at - local;
        start += text[start..at].len() - text[start..at].trim_start_matches(['.', '\'', '=', '/', '{', '|', '*', '-']).len();
        if let Some(equals) = text[start..at].find('=').filter(|_| text[start..at].starts_with("to=")) {
            start += equals + 1;
        }
        let domain = text[at + 1..].chars().take(255).take_while(|c| is_domain(*c)).map(char::len_utf8).sum::<usize>();
        let domain = text[at + 1..at + 1 + domain].trim_end_matches(['.', '-', '_']);
        (start < at && !domain.is_empty()).then(|| (start, &text[start..at + 1 + domain.len()]))
    })
}

/// The word before byte `at`, lower case, brackets and colons skipped.
fn lead_word(text: &str, at: usize) -> String {
    let before = text[..at].trim_end_matches([' ', '<', '(', '[', '"', '\'', ':', ';', '\t', '\n', '\r']);
    let length: usize =
        before.chars().rev().take(20).take_while(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '=')).map(char::len_utf8).sum();
    before[before.len() - length..].to_ascii_lowercase()
}

fn is_machine(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or_default().to_ascii_lowercase();
    MACHINES.contains(&local.as_str())
}

fn in_url(text: &str, at: usize) -> bool {
    let word: Vec<u8> = text[..at].bytes().rev().take(LONGEST_URL).take_while(|byte| !byte.is_ascii_whitespace()).collect();
    word.windows(3).any(|mark| mark == b"//:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_recipient() {
        for (text, want) in [
            ("550 5.1.1 <ann@example.com>: Recipient address rejected", Some("ann@example.com")),
            ("550 5.7.1 relaying denied for user@example.net", Some("user@example.net")),
            ("failure for one or more recipients (recipient@example.com:blocked)", Some("recipient@example.com")),
            ("550 rejected, please contact postmaster@example.net", None),
            ("from=<s@example.org> to=<Bob@example.com>", Some("Bob@example.com")),
            ("550 see https://example.com/?u=a@example.org", None),
            ("554 no address here", None),
        ] {
            assert_eq!(recipient(text).as_deref(), want, "{text}");
        }
    }
}
