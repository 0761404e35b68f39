//! What a token is: by its bytes alone.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::super::phrase::{Run, edge};
use super::vocabulary::step;
use crate::read::codes::Enhanced;

/// Sorts of tokens. A token is letters, digits, `_`, and `.` and `-` between them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// A word, or a code: it stays.
    Kept,
    /// Digits, with `.` and `-` between groups of them.
    Digits,
    Ip,
    Host,
    /// Letters and digits in whatever order.
    Id,
}

/// What a token consists of.
#[derive(Clone, Copy, Debug, Default)]
pub struct Makeup {
    pub digits: bool,
    pub letters: bool,
    pub dots: bool,
}

impl Makeup {
    pub fn of(token: &str) -> Self {
        token.bytes().fold(Self::default(), |mut makeup, byte| {
            makeup.digits |= byte.is_ascii_digit();
            makeup.letters |= byte.is_ascii_alphabetic() || byte == b'_';
            makeup.dots |= byte == b'.';
            makeup
        })
    }
}

/// The sort of a token.
pub fn kind(token: &str) -> Kind {
    let makeup = Makeup::of(token);
    match makeup {
        Makeup { digits: false, dots: false, .. } => Kind::Kept,
        Makeup { digits: true, letters: false, .. } if is_code(token) => Kind::Kept,
        Makeup { digits: true, letters: false, dots: true } if token.parse::<Ipv4Addr>().is_ok() => Kind::Ip,
        _ if makeup.digits && makeup.dots && token.split('-').any(is_enhanced) => Kind::Kept,
        Makeup { digits: true, letters: false, .. } => Kind::Digits,
        Makeup { dots: true, .. } if is_host(token) => Kind::Host,
        Makeup { digits: true, .. } => Kind::Id,
        _ => Kind::Kept,
    }
}

/// What may be a reply code or an enhanced code.
fn is_code(token: &str) -> bool {
    is_reply_code(token.as_bytes()) || is_enhanced(token)
}

/// 200 to 559 as `codes` reads them.
pub fn is_reply_code(digits: &[u8]) -> bool {
    matches!(digits, [b'2' | b'4' | b'5', b'0'..=b'5', b'0'..=b'9'])
}

fn is_enhanced(token: &str) -> bool {
    token.len() <= 9 && Enhanced::parse(token).is_some()
}

/// Labels between dots, the last one of letters.
fn is_host(token: &str) -> bool {
    let last = token.rsplit('.').next().unwrap_or_default();
    let of_letters = last.len() >= 2 && last.bytes().all(|byte| byte.is_ascii_alphabetic());
    let one_case = last.bytes().all(|byte| byte.is_ascii_lowercase()) || last.bytes().all(|byte| byte.is_ascii_uppercase());
    of_letters && one_case && !token.contains("..")
}

/// An IPv6 address at the start of `text`: its length.
pub fn ipv6(text: &str) -> Option<usize> {
    let length = text.bytes().take(46).take_while(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.')).count();
    let token = text.get(..length)?.trim_end_matches(['.', ':']);
    let colons = token.bytes().filter(|byte| *byte == b':').count();
    (colons >= 2 && (token.contains("::") || colons == 7) && token.parse::<Ipv6Addr>().is_ok()).then_some(token.len())
}

/// A date with its time (RFC 3339) at the start of `text`: its length.
pub fn timestamp(text: &str) -> Option<usize> {
    let digits = |from: usize, to: usize| text.as_bytes().get(from..to).is_some_and(|part| part.iter().all(u8::is_ascii_digit));
    let signs = |at: usize, sign: u8| text.as_bytes().get(at) == Some(&sign);
    let fits = digits(0, 4) && signs(4, b'-') && digits(5, 7) && signs(7, b'-') && digits(8, 10) && signs(10, b'T');
    let timed = fits && digits(11, 13) && signs(13, b':') && digits(14, 16) && signs(16, b':') && digits(17, 19);
    let rest = text.get(19..).filter(|_| timed)?;
    let fraction = rest.strip_prefix('.').map_or(0, |rest| 1 + rest.bytes().take_while(u8::is_ascii_digit).count());
    let zone = rest.get(fraction..)?;
    let zone = if zone.starts_with('Z') { 1 } else { zone_length(zone) };
    Some(19 + fraction + zone)
}

/// `+01:00`
fn zone_length(zone: &str) -> usize {
    let fits = zone.starts_with(['+', '-']) && zone.as_bytes().get(1..6).is_some_and(|rest| rest[2] == b':' && rest[0].is_ascii_digit());
    if fits { 6 } else { 0 }
}

/// What a placeholder for digits and one for IP addresses take of a token: nothing, all of it, or a part that ends at a word's edge or not.
fn reading(token: &str) -> [u8; 2] {
    [Run::Digits, Run::Ip].map(|run| match run.length(token) {
        0 => 0,
        length if length == token.len() => 1,
        length if edge(token, length) => 2,
        _ => 3,
    })
}

/// The first of these stand-ins that placeholders read as they read the token.
pub fn alike(token: &str, stand_ins: &[&'static str]) -> Option<&'static str> {
    let wanted = reading(token);
    stand_ins.iter().copied().find(|stand_in| reading(stand_in) == wanted)
}

/// Placeholders read both in the same way.
pub fn is_alike(token: &str, stand_in: &str) -> bool {
    reading(token) == reading(stand_in)
}

/// The hash of a host name, read from its end.
pub fn hash_back(host: &str) -> u64 {
    host.bytes().rev().fold(0, step)
}

/// The bytes of a token.
pub fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-')
}
