//! A first draft of a rule from a reply: its words as a phrase, with what differs from mail to mail left open.

use std::fmt::Write as _;
use std::net::IpAddr;

use crate::verdict::{Cause, Outcome, Reply};

/// Literal bytes after which a sentence's end ends the phrase.
const ENOUGH: usize = 24;
/// Literal bytes after which any word ends it.
const MOST: usize = 160;

/// One word of a reply.
#[derive(Debug, PartialEq)]
enum Piece {
    Word(String),
    /// What differs each time: what stands before it in the same word, its placeholder, what stands after it, and a harmless example.
    Slot(String, &'static str, String, &'static str),
    /// Something that no placeholder fits.
    Gap,
}

/// A rule for the words of an outcome, as TOML; nothing where it has neither words nor codes. The example holds no address of
/// the reply's.
pub fn rule(outcome: &Outcome, cause: Option<Cause>) -> Option<String> {
    rule_of(&outcome.reply, cause)
}

/// The same for the words of a reply that stand alone, as in a table of replies.
pub fn rule_of_text(text: &str, cause: Option<Cause>) -> Option<String> {
    let mut words = text.split(|c: char| c.is_whitespace() || c == '-').filter(|word| !word.is_empty() && *word != "smtp;");
    let smtp_code = words.next().and_then(|word| word.parse().ok()).filter(|code| (200..600).contains(code));
    let is_status = |word: &&str| word.split('.').count() == 3 && word.split('.').all(is_number) && word.starts_with(['2', '4', '5']);
    let enhanced = words.next().filter(|_| smtp_code.is_some()).filter(is_status).map(str::to_string);
    rule_of(&Reply { smtp_code, enhanced, text: Some(text.to_string()) }, cause)
}

fn rule_of(reply: &Reply, cause: Option<Cause>) -> Option<String> {
    let pieces = pieces(reply.text.as_deref().unwrap_or_default(), reply.smtp_code, reply.enhanced.as_deref());
    let (phrase, example) = phrase(&pieces);
    let has_words = crate::rules::form::check_phrase(&phrase, crate::rules::form::LITERAL).is_ok();
    if !has_words && reply.smtp_code.is_none() && reply.enhanced.is_none() {
        return None;
    }
    let mut toml = format!("[[rule]]\nid     = {}\n", quoted(&id(&phrase)));
    let _ = writeln!(toml, "cause  = {}", quoted(cause.map_or("", Cause::id)));
    if has_words {
        let _ = writeln!(toml, "text   = [{}]", quoted(&phrase));
    }
    if let Some(code) = reply.smtp_code {
        let _ = writeln!(toml, "code   = [{code}]");
    }
    if let Some(status) = &reply.enhanced {
        let _ = writeln!(toml, "status = [{}]", quoted(status));
    }
    if let Some(code) = reply.smtp_code.filter(|_| has_words) {
        let status = reply.enhanced.as_deref().map(|status| format!("{status} ")).unwrap_or_default();
        let _ = writeln!(toml, "match  = [{}]", quoted(&format!("{code} {status}{example}")));
    }
    Some(toml)
}

/// An empty rule to fill in.
pub const TEMPLATE: &str = "[[rule]]\nid     = \"own.new_rule\"\ncause  = \"local_policy\"\ntext   = [\"words that the receiver says\"]\n";

/// A file of rules with one more at its end, whose id gets a number where it is taken.
pub fn added(file: &str, rule: &str) -> String {
    let before = file.trim_end();
    let gap = if before.is_empty() { "" } else { "\n\n" };
    let id = rule.split('"').nth(1).unwrap_or_default();
    format!("{before}{gap}{}", rule.replacen(&quoted(id), &quoted(&free(id, before)), 1))
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push(' '),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

/// `own.` and the first words of the phrase.
fn id(phrase: &str) -> String {
    let words =
        phrase.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| word.len() > 2 && !word.bytes().all(|b| b.is_ascii_digit()));
    let name: Vec<&str> = words.filter(|word| !matches!(*word, "addr" | "host" | "the" | "for" | "and")).take(3).collect();
    let name = if name.is_empty() { "rule".into() } else { name.join("_") };
    format!("own.{}", &name[..name.len().min(60)])
}

fn free(id: &str, taken: &str) -> String {
    let is_taken = |id: &str| taken.contains(&quoted(id));
    let numbered = (2..).map(|n| format!("{id}_{n}"));
    std::iter::once(id.to_string()).chain(numbered).find(|id| !is_taken(id)).unwrap_or_default()
}

/// The words of a reply without its codes, as far as a phrase needs them.
fn pieces(text: &str, code: Option<u16>, status: Option<&str>) -> Vec<Piece> {
    let (code, status) = (code.map(|code| code.to_string()).unwrap_or_default(), status.unwrap_or_default());
    let mut found = Vec::new();
    let (mut literal, mut after_code) = (0, true);
    for word in text.split_whitespace() {
        let rest = bare(word, &code);
        after_code |= rest.len() < word.len();
        let word = rest;
        let is_code = word.is_empty() || !code.is_empty() && word == code || after_code && (word == status || word == "smtp;");
        after_code = is_code;
        if is_code {
            continue;
        }
        let piece = piece(word);
        if let Piece::Word(word) = &piece {
            literal += word.len() + 1;
        }
        found.push(piece);
        let ends = word.ends_with(['.', '!', '?', ';']);
        if literal >= MOST || literal >= ENOUGH && ends {
            break;
        }
    }
    found
}

/// A word without the code that a multi-line reply repeats before each line.
fn bare<'a>(word: &'a str, code: &str) -> &'a str {
    word.strip_prefix(code).filter(|_| !code.is_empty()).and_then(|rest| rest.strip_prefix('-')).unwrap_or(word)
}

fn piece(word: &str) -> Piece {
    let core = word.trim_start_matches(['<', '(', '[', '"', '\'', ',', ';', ':']);
    let before = &word[..word.len() - core.len()];
    let core = core.trim_end_matches(['>', ')', ']', '"', '\'', ',', ';', ':', '.', '!', '?']);
    let after = &word[before.len() + core.len()..];
    let slot = |name, example| Piece::Slot(plain(before), name, plain(after), example);
    if word.contains(['{', '}', '*', '~', '|']) || core.contains("://") {
        return Piece::Gap;
    }
    match core {
        core if core.contains('@') => slot("{addr}", "ann@example.com"),
        core if core.parse::<IpAddr>().is_ok() => slot("{ip}", "192.0.2.7"),
        core if is_host(core) => slot("{host}", "mx.example.net"),
        core if is_number(core) => slot("{n}", "42"),
        core if is_time(core) => Piece::Gap,
        core if is_id(core) => slot("{id}", "a1b2c3"),
        _ => Piece::Word(plain(word)),
    }
}

/// As the rules see a text: lower case, straight quotes.
fn plain(text: &str) -> String {
    let straight = text.chars().map(|c| match c {
        '\u{2018}' | '\u{2019}' | '\u{2032}' | '`' | '\u{b4}' => '\'',
        '\u{201c}' | '\u{201d}' => '"',
        c => c,
    });
    straight.flat_map(char::to_lowercase).collect()
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())
}

fn is_host(word: &str) -> bool {
    let last = word.rsplit('.').next().unwrap_or_default();
    word.contains('.')
        && last.len() >= 2
        && last.bytes().all(|b| b.is_ascii_alphabetic())
        && word.split('.').all(|label| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'))
}

/// `12:30:05`, `2026-11-21`, `1/13/2026`.
fn is_time(word: &str) -> bool {
    word.contains([':', '/', '-'])
        && word.bytes().any(|b| b.is_ascii_digit())
        && word.bytes().all(|b| b.is_ascii_digit() || b":/-.".contains(&b))
}

/// A queue id or the like: letters and digits mixed. A receiver's own short code (`S3150`, `TSS04`) is a word to look for.
fn is_id(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let fits = word.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    let letters = word.bytes().take_while(u8::is_ascii_uppercase).count();
    let code = word.len() <= 8 && (1..=5).contains(&letters) && word.bytes().skip(letters).all(|b| b.is_ascii_digit());
    fits && !code && word.len() >= 6 && digits >= 2 && word.bytes().any(|b| b.is_ascii_alphabetic())
}

/// The phrase, and a text that it fits. Each stretch between gaps begins with a literal, as the rules ask.
fn phrase(pieces: &[Piece]) -> (String, String) {
    let (mut phrase, mut example) = (String::new(), String::new());
    let mut gap = false;
    for piece in pieces {
        let open = phrase.is_empty() || gap;
        let (words, shown) = match piece {
            Piece::Word(word) => (word.clone(), word.clone()),
            Piece::Slot(before, name, after, shown) if !open || !before.is_empty() => {
                (format!("{before}{name}{after}"), format!("{before}{shown}{after}"))
            }
            _ => {
                gap = true;
                continue;
            }
        };
        if gap && !phrase.is_empty() {
            phrase.push_str(" *");
            example.push_str(" ...");
        }
        for (text, next) in [(&mut phrase, &words), (&mut example, &shown)] {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(next);
        }
        gap = false;
    }
    (phrase.trim_end_matches(['.', ',', ';', ':']).to_string(), example)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proposed(text: &str) -> String {
        let outcome = crate::decode_text(text).outcomes.remove(0);
        rule(&outcome, Some(Cause::LocalPolicy)).expect("a rule")
    }

    #[test]
    fn a_reply_of_a_table_becomes_a_rule() {
        let rule =
            rule_of_text("554 5.7.1 mx1.corp.example rejected by house policy, ref 8A3F21", Some(Cause::LocalPolicy)).expect("a rule");
        assert!(
            rule.contains("cause  = \"local_policy\"") && rule.contains("code   = [554]") && rule.contains("status = [\"5.7.1\"]"),
            "{rule}"
        );
        assert!(rule.contains("rejected by house policy"), "{rule}");
        assert!(rule_of_text("", None).is_none());
    }

    #[test]
    fn what_differs_each_time_is_left_open() {
        let toml = proposed(
            "554 5.7.9 Sorry <ann.archibald@corp.example>, host mail.corp.example [203.0.113.25] sleeps until 12:30:05, ref 4X7ab99Zq1.",
        );
        assert!(toml.contains("text   = [\"sorry <{addr}>, host {host} [{ip}] sleeps until * ref"), "{toml}");
        assert!(!toml.contains("archibald") && !toml.contains("203.0.113") && toml.contains("code   = [554]"), "{toml}");
        assert!(
            proposed("550 We refuse \"it\" \u{2019}cause {odd} C:\\x (S3150) today")
                .contains("we refuse \\\"it\\\" 'cause * c:\\\\x (s3150) today")
        );
    }

    #[test]
    fn a_proposed_rule_wins_its_own_example() {
        for text in [
            "554 5.7.9 Sorry <ann@corp.example>, host mail.corp.example [203.0.113.25] sleeps until 12:30:05, ref 4X7ab99Zq1.",
            "550-5.1.1 The zebra account that you seek\n550-5.1.1 is striped, see\n550 5.1.1 https://example.com/x 41be03b00d2f7-7c1 - zzz",
            "550 <bob@example.net> qqq: not welcome at this door",
            "451 4.3.0 mx1.corp.example: purple weather in {town}, come back later",
            "550 203.0.113.9 203.0.113.10 are both odd machines",
            "550 Адрес ann@corp.example НЕ нравится серверу",
        ] {
            let toml = proposed(text);
            let pack = crate::own::load(&toml).unwrap_or_else(|faults| panic!("{toml}{faults:#?}"));
            let decoded = crate::decode_with(text.as_bytes(), &pack);
            assert!(decoded[0].outcomes[0].evidence[0].rule.starts_with("own."), "{text}\n{toml}");
        }
    }

    #[test]
    fn ids_are_free_and_codes_alone_are_a_rule_too() {
        let two = added(&added("", TEMPLATE), TEMPLATE);
        assert!(two.contains("\"own.new_rule\"") && two.contains("\"own.new_rule_2\"") && crate::own::load(&two).is_ok(), "{two}");
        let toml = proposed("554");
        assert!(toml.contains("code   = [554]") && !toml.contains("text "), "{toml}");
    }
}
