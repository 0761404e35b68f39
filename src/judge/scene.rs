//! The facts around a reply that a verdict needs besides its words: stage, hosts, addresses of machines, tokens.

use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

use crate::verdict::{Stage, Token, TokenKind};

/// Words that tell the stage, as a face shows them; the first that stands in the text wins.
pub(super) const STAGES: [(&str, Stage); 37] = [
    ("in reply to end of data", Stage::EndOfData),
    ("in reply to rcpt to", Stage::RcptTo),
    ("in reply to mail from", Stage::MailFrom),
    ("in reply to data", Stage::Data),
    ("in reply to ehlo", Stage::Helo),
    ("in reply to helo", Stage::Helo),
    ("in reply to starttls", Stage::Tls),
    ("in reply to auth", Stage::Auth),
    ("after end of data", Stage::EndOfData),
    ("after pipelined end of data", Stage::EndOfData),
    ("failed after i sent the message", Stage::EndOfData),
    ("end of data", Stage::EndOfData),
    ("data end command", Stage::EndOfData),
    ("after rcpt to", Stage::RcptTo),
    ("after pipelined rcpt to", Stage::RcptTo),
    ("sending rcpt to", Stage::RcptTo),
    ("does not like recipient", Stage::RcptTo),
    ("response to rcpt to", Stage::RcptTo),
    ("[rcpt_to]", Stage::RcptTo),
    ("after mail from", Stage::MailFrom),
    ("after pipelined mail from", Stage::MailFrom),
    ("sending mail from", Stage::MailFrom),
    ("sender was rejected", Stage::MailFrom),
    ("response to mail from", Stage::MailFrom),
    ("[mail_from]", Stage::MailFrom),
    ("after data", Stage::Data),
    ("failed on data command", Stage::Data),
    ("after ehlo", Stage::Helo),
    ("after helo", Stage::Helo),
    ("after starttls", Stage::Tls),
    ("after initial connection", Stage::Banner),
    ("refused to talk to me", Stage::Banner),
    ("initial server greeting", Stage::Banner),
    ("greeting failed", Stage::Banner),
    ("greeting never received", Stage::Banner),
    ("connect to ", Stage::Connect),
    ("dial tcp", Stage::Connect),
];

/// The stage that the text names, and where.
pub fn stage(face: &str) -> Option<(Stage, usize, usize)> {
    static GATE: OnceLock<Option<AhoCorasick>> = OnceLock::new();
    let gate = GATE.get_or_init(|| AhoCorasick::new(STAGES.map(|(words, _)| words)).ok()).as_ref()?;
    let first = gate.find_overlapping_iter(face).min_by_key(|found| found.pattern())?;
    Some((STAGES[first.pattern().as_usize()].1, first.start(), first.end()))
}

/// Host names in a face, with the byte where each begins; the domains of mail addresses are left out.
pub fn hosts(face: &str) -> impl Iterator<Item = (usize, &str)> {
    words(face, |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')).filter_map(move |(at, word)| {
        let host = word.trim_matches(['.', '-', '_']);
        let last = host.rsplit('.').next().unwrap_or_default();
        let named = host.contains('.') && last.len() >= 2 && last.bytes().all(|b| b.is_ascii_alphabetic());
        let of_address = face[..at].ends_with('@') || face[at + word.len()..].starts_with('@');
        (named && !of_address).then_some((at, host))
    })
}

/// IPv4 addresses (and IPv6 in brackets) in a face, with the byte where each begins.
pub fn ips(face: &str) -> impl Iterator<Item = (usize, &str)> {
    words(face, |c| c.is_ascii_hexdigit() || matches!(c, '.' | ':' | 'x')).filter_map(move |(at, word)| {
        let word = word.trim_end_matches(['.', ':']);
        let v4 = word.parse::<std::net::Ipv4Addr>().is_ok();
        let v6 = word.matches(':').count() >= 2 && word.parse::<std::net::Ipv6Addr>().is_ok();
        (v4 || v6).then_some((at, word))
    })
}

/// URLs in a face, with the byte where each begins.
pub fn urls(face: &str) -> impl Iterator<Item = (usize, &str)> {
    face.match_indices("http").filter_map(move |(at, _)| {
        let rest = &face[at..];
        if !rest.starts_with("https://") && !rest.starts_with("http://") {
            return None;
        }
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | ')' | ']')).unwrap_or(rest.len());
        Some((at, rest[..end].trim_end_matches(['.', ',', ';', '\''])))
    })
}

/// Codes that a receiver prints beside its words, as `(S3150)`, `[TSS04]`, `AUP#CXDNS`, `RESOLVER.RST.AuthRequired`.
/// `text` is the source text, for upper case carries meaning here.
pub fn codes(text: &str) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    for (at, word) in words(text, |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '#' | '.' | '-')) {
        let word = word.trim_end_matches(['.', '-']);
        let bracketed = text[..at].ends_with(['[', '(']) && text[at + word.len()..].starts_with([']', ')', ']']);
        let kind = if is_exchange(word) {
            TokenKind::ErrorCode
        } else if word.starts_with("AUP#") || bracketed && is_block_code(word) || is_joined_code(word) {
            TokenKind::BlockCode
        } else {
            continue;
        };
        let token = Token { kind, value: word.to_string() };
        if !found.contains(&token) && found.len() < 16 {
            found.push(token);
        }
    }
    found
}

/// `RESOLVER.RST.AuthRequired` and the like: Exchange's own names for a refusal.
fn is_exchange(word: &str) -> bool {
    ["RESOLVER.", "STOREDRV.", "SMTPSEND.", "TRANSPORT.", "ROUTING.", "QUEUE.", "APPROVAL.", "AGENT."]
        .iter()
        .any(|head| word.starts_with(head) && word.len() > head.len() + 2)
}

/// Letters, then digits, as `S3150`, `TSS04`, `CS01`, `HM07`, `PH01`, `C15`.
fn is_block_code(word: &str) -> bool {
    let letters = word.bytes().take_while(u8::is_ascii_uppercase).count();
    let digits = &word[letters..];
    (1..=6).contains(&letters) && (1..=12).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit() || b == b'-')
}

/// `VIR_420`, `OFR_416`, `LPN007_510`.
fn is_joined_code(word: &str) -> bool {
    word.split_once('_').is_some_and(|(head, tail)| {
        let head_fits = head.len() >= 2
            && head.len() <= 8
            && head.starts_with(|c: char| c.is_ascii_uppercase())
            && head.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        head_fits && (2..=4).contains(&tail.len()) && tail.bytes().all(|b| b.is_ascii_digit())
    })
}

fn words(text: &str, fits: fn(char) -> bool) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text.get(at..)?.find(fits)?;
        let length = text[start..].find(|c| !fits(c)).unwrap_or(text.len() - start);
        at = start + length;
        Some((start, &text[start..at]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_tokens() {
        let values = |text| codes(text).into_iter().map(|t| t.value).collect::<Vec<_>>();
        assert_eq!(values("our block list (S3150). [AM7EUR03FT033.eop-EUR03.prod.protection.outlook.com]"), ["S3150"]);
        assert_eq!(values("550 Invalid Domain [smtp-41.iol.local; VIR_420]"), ["VIR_420"]);
        assert_eq!(values("554 5.7.1 [HM07] Message rejected"), ["HM07"]);
        assert_eq!(values("550 5.7.1 RESOLVER.RST.AuthRequired; authentication required"), ["RESOLVER.RST.AuthRequired"]);
        assert_eq!(values("554 cox Your IP is listed AUP#CXBL"), ["AUP#CXBL"]);
    }

    #[test]
    fn tells_hosts_from_addresses_and_numbers() {
        assert_eq!(
            hosts("bob@example.com at mx.example.net said 5.7.1 or 192.0.2.4").map(|(_, h)| h).collect::<Vec<_>>(),
            ["mx.example.net"]
        );
        assert_eq!(ips("from [192.0.2.4] and 5.7.1 at 10:20").map(|(_, ip)| ip).collect::<Vec<_>>(), ["192.0.2.4"]);
    }
}
