//! One pass over a text: words are copied, tokens are weighed.

use std::ops::Range;

use super::reply::{Reply, introduces};
use super::shape::{self, Kind};
use super::vocabulary::{Seat, as_face, is_run};
use super::{Mask, Seen};

const ADDRESSES: [&str; 7] =
    ["zq@zq.example", "az@zq.example", "a@zq.example", "0z@zq.example", "0a@zq.example", "0@zq.example", "0.az@zq.example"];
const HOSTS: [&str; 7] = ["zq.example", "az.example", "a.zq.example", "0z.example", "0a.zq.example", "0.zq.example", "0.az.example"];
const IDS: [&str; 10] = ["z0", "az0", "a-z0", "a0", "0z", "0a-z0", "0a", "0-z0", "0-az0", "0.a0"];
const IPS: [&str; 3] = ["192.0.2.1", "192.0.2.1", "192.0.2.1"];
const IPS6: [&str; 3] = ["2001:db8::1", "db8::1", "0db8::1"];

/// Runs of one token that are weighed; a token of more stays.
const RUNS: usize = 32;
/// Longer tokens stay, for placeholders take only so much.
const LONGEST: usize = 200;

/// How a byte is read.
#[derive(Clone, Copy, PartialEq)]
enum Class {
    Sign,
    Letter,
    Digit,
    /// `.` and `-`: within a token where letters or digits stand on both sides.
    Dot,
    Dash,
    Blank,
}

const CLASS: [Class; 256] = {
    let mut table = [Class::Sign; 256];
    let mut byte = 0;
    while byte < 128 {
        table[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => Class::Letter,
            b'0'..=b'9' => Class::Digit,
            b'.' => Class::Dot,
            b'-' => Class::Dash,
            b' ' | b'\t' | b'\r' | b'\n' => Class::Blank,
            _ => Class::Sign,
        };
        byte += 1;
    }
    table
};

pub struct Writer<'a, 't> {
    mask: &'a Mask,
    text: &'t str,
    out: &'a mut String,
    seen: &'a mut Seen,
    reply: Reply<'t>,
    /// Where the pass stands, and what was copied to `out` so far.
    at: usize,
    copied: usize,
}

impl<'a, 't> Writer<'a, 't> {
    pub fn new(mask: &'a Mask, text: &'t str, out: &'a mut String, seen: &'a mut Seen) -> Self {
        let reply = Reply::of(text);
        Self { mask, text, out, seen, reply, at: 0, copied: 0 }
    }

    pub fn write(mut self) {
        while let Some(byte) = self.text.as_bytes().get(self.at) {
            match CLASS[usize::from(*byte)] {
                Class::Letter | Class::Digit => self.token(),
                Class::Blank => self.blank(),
                _ => self.at += 1,
            }
        }
        self.copy(self.text.len());
        self.out.truncate(self.out.trim_end().len());
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    /// Copies what was passed over, up to byte `to`.
    fn copy(&mut self, to: usize) {
        self.out.push_str(&self.text[self.copied..to]);
        self.copied = to;
    }

    /// Puts a stand-in (or nothing) in the place of a stretch.
    fn replace(&mut self, stretch: Range<usize>, stand_in: &str) {
        self.copy(stretch.start);
        self.out.push_str(stand_in);
        (self.copied, self.at) = (stretch.end, stretch.end);
    }

    /// White space becomes one blank; line ends stay where they may matter.
    fn blank(&mut self) {
        let start = self.at;
        let end = start + self.text.as_bytes()[start..].iter().take_while(|byte| CLASS[usize::from(**byte)] == Class::Blank).count();
        if end - start == 1 && self.byte(start) == Some(b' ') && start > 0 {
            self.at = end;
            return;
        }
        let space = &self.text[start..end];
        let lines = space.bytes().filter(|byte| *byte == b'\n').count();
        let one = match lines {
            _ if start == 0 => "",
            0 if space.contains('\t') => "\t",
            0 => " ",
            _ if self.reply.flows => " ",
            1 => "\n",
            _ => "\n\n",
        };
        self.replace(start..end, one);
    }

    /// A word, number, address, …: from its first letter or digit on.
    fn token(&mut self) {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let (mut end, mut odd) = (start, false);
        while let Some(byte) = bytes.get(end) {
            match CLASS[usize::from(*byte)] {
                Class::Letter | Class::Dash => {}
                Class::Digit | Class::Dot => odd = true,
                _ => break,
            }
            end += 1;
        }
        let next = bytes.get(end).copied().unwrap_or_default();
        if !odd && !matches!(next, b'@' | b'+' | b'=') {
            self.at = end;
            return;
        }
        while matches!(bytes[end - 1], b'.' | b'-') {
            end -= 1;
        }
        self.weigh(start..end);
    }

    fn weigh(&mut self, token: Range<usize>) {
        self.at = token.end;
        if token.len() > LONGEST || self.touches_letters(&token) {
            return;
        }
        if self.text.as_bytes()[token.start].is_ascii_digit() && self.coded(&token) {
            return;
        }
        if matches!(self.byte(token.end), Some(b'@' | b'+' | b'='))
            && let Some((address, at)) = self.address(&token)
        {
            return self.mask_address(address, at);
        }
        if self.byte(token.end) == Some(b':')
            && let Some(length) = shape::ipv6(&self.text[token.start..])
        {
            return self.mask_ip(token.start..token.start + length, &IPS6);
        }
        match shape::kind(&self.text[token.clone()]) {
            Kind::Kept => {}
            Kind::Ip => self.mask_ip(token, &IPS),
            Kind::Digits => self.mask_digits(token),
            Kind::Host => self.mask_host(token),
            Kind::Id => self.mask_runs(token, &IDS, Part::Id),
        }
    }

    /// The token goes on in letters that are no ASCII, or they go before it.
    fn touches_letters(&self, token: &Range<usize>) -> bool {
        let letter = |c: Option<char>| c.is_some_and(|c| !c.is_ascii() && c.is_alphanumeric() && (c as u32) < 0x2e80);
        let high = |byte: Option<u8>| byte.is_some_and(|byte| !byte.is_ascii());
        high(token.start.checked_sub(1).and_then(|at| self.byte(at))) && letter(self.text[..token.start].chars().next_back())
            || high(self.byte(token.end)) && letter(self.text[token.end..].chars().next())
    }

    /// Reads a reply code, a repeated one or a timestamp; whether one stood here.
    fn coded(&mut self, token: &Range<usize>) -> bool {
        let (start, rest) = (token.start, &self.text[token.start..]);
        if let Some(length) = shape::timestamp(rest) {
            self.replace(start..start + length, "2000-01-01T00:00:00Z");
            return true;
        }
        let bytes = rest.as_bytes();
        let ends = match bytes.get(3) {
            None | Some(b'-' | b' ') => true,
            Some(b'.') => bytes.get(4).is_some_and(u8::is_ascii_alphabetic),
            Some(_) => false,
        };
        if !ends || !bytes.get(..3).is_some_and(shape::is_reply_code) {
            return false;
        }
        if self.reply.dash == Some(start + 3) {
            self.replace(start + 3..start + 4, " ");
            return true;
        }
        let fresh = start.checked_sub(1).and_then(|at| self.byte(at)).is_some_and(|byte| byte.is_ascii_whitespace());
        let repeated = if fresh { self.reply.repeated(rest) } else { 0 };
        if repeated > 0 && self.reply.flows {
            self.copy(start);
            if !introduces(self.out) {
                let blanks = rest[repeated..].len() - rest[repeated..].trim_start().len();
                self.replace(start..start + repeated + blanks, "");
                return true;
            }
        }
        self.at = start + 3;
        true
    }

    /// The address that a token begins, and where its `@` stands.
    fn address(&self, token: &Range<usize>) -> Option<(Range<usize>, usize)> {
        let bytes = self.text.as_bytes();
        let local = |byte: &u8| shape::is_token(*byte) || matches!(byte, b'+' | b'=');
        let at = token.end + bytes[token.end..].iter().take(LONGEST).take_while(|byte| local(byte)).count();
        let length = bytes.get(at + 1..)?.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-')).count();
        let domain = self.text.get(at + 1..at + 1 + length)?.trim_end_matches(['.', '-']);
        let fits = bytes[at] == b'@' && domain.starts_with(|c: char| c.is_ascii_alphanumeric());
        let whole = &self.text[token.start..at];
        let start = match whole.rfind('=') {
            Some(sign) if !whole.contains('+') => token.start + sign + 1,
            _ => token.start,
        };
        let provider = whole.contains(['+', '=']) && whole.split(['+', '=']).any(|part| self.mask.provider_end(part).is_some());
        (fits && start < at && at - start <= LONGEST && !provider).then_some((start..at + 1 + domain.len(), at))
    }

    fn mask_address(&mut self, address: Range<usize>, at: usize) {
        if self.seen.address.is_none() {
            self.seen.address = Some(address.clone());
        }
        self.at = address.end;
        self.copy(address.start);
        let Some(kept) = self.kept(&address) else { return };
        let dotted = self.text[at..address.end].contains('.');
        if kept.is_empty() && dotted {
            return self.stand_in(address, &ADDRESSES);
        }
        if self.mask.vocabulary.number_follows(self.out) {
            return;
        }
        self.groups(address.start..at, &kept, Part::Name);
        self.out.push('@');
        self.groups(at + 1..address.end, &kept, Part::Host);
        self.copied = address.end;
    }

    fn mask_ip(&mut self, ip: Range<usize>, stand_ins: &[&'static str]) {
        self.seen.note_ip(ip.clone());
        self.at = ip.end;
        self.copy(ip.start);
        if self.kept(&ip).is_some_and(|kept| kept.is_empty()) {
            self.stand_in(ip, stand_ins);
        }
    }

    fn mask_digits(&mut self, token: Range<usize>) {
        self.copy(token.start);
        let Some(kept) = self.kept(&token) else { return };
        let mut pos = token.start;
        for run in runs(self.text, &token).filter(|run| !kept.iter().any(|kept| kept == run)) {
            self.out.push_str(&self.text[pos..run.start]);
            self.out.push_str("00");
            pos = run.end;
        }
        self.copied = pos;
    }

    /// A host that tells its provider keeps the end that does.
    fn mask_host(&mut self, host: Range<usize>) {
        match self.mask.provider_end(&self.text[host.clone()]) {
            None => self.mask_runs(host, &HOSTS, Part::Host),
            Some(0) => {}
            Some(end) => {
                self.copy(host.start);
                let labels = host.start..host.start + end - 1;
                if let Some(kept) = self.kept(&labels) {
                    self.in_groups(labels, &kept, Part::Name);
                }
            }
        }
    }

    fn mask_runs(&mut self, token: Range<usize>, stand_ins: &[&'static str], part: Part) {
        self.copy(token.start);
        match self.kept(&token) {
            Some(kept) if kept.is_empty() => self.stand_in(token, stand_ins),
            Some(kept) => self.in_groups(token, &kept, part),
            None => {}
        }
    }

    /// Puts the stand-in for a token of which nothing has to stay.
    fn stand_in(&mut self, token: Range<usize>, stand_ins: &[&'static str]) {
        let first = stand_ins.first().copied();
        let text = &self.text[token.clone()];
        let stand_in = if self.mask.vocabulary.number_follows(self.out) { shape::alike(text, stand_ins) } else { first };
        if let Some(stand_in) = stand_in {
            self.out.push_str(stand_in);
            self.copied = token.end;
        }
    }

    /// The runs of a token that a rule may see; none where the whole of it has to stay. What goes before it is copied already.
    fn kept(&self, token: &Range<usize>) -> Option<Vec<Range<usize>>> {
        if self.mask.vocabulary.within(&self.text[token.clone()]) {
            return None;
        }
        let mut kept = Vec::new();
        for (n, run) in runs(self.text, token).enumerate() {
            let after = match self.byte(run.end) {
                Some(byte) if byte.is_ascii() => as_face(char::from(byte)),
                Some(_) => self.text[run.end..].chars().next().and_then(as_face),
                None => None,
            };
            let before = [self.out.as_str(), &self.text[token.start..run.start]];
            if n == RUNS {
                return None;
            }
            if self.mask.vocabulary.sees(&Seat { before, run: &self.text.as_bytes()[run.clone()], after }) {
                kept.push(run);
            }
        }
        Some(kept)
    }

    /// Writes a token of which some runs stay; as it is, where no stand-in reads as it does.
    fn in_groups(&mut self, token: Range<usize>, kept: &[Range<usize>], part: Part) {
        let (start, number) = (self.out.len(), self.mask.vocabulary.number_follows(self.out));
        for head in ["", "a", "a.", "0", "0a.", "0.", "0.a"] {
            self.out.push_str(head);
            self.groups(token.clone(), kept, part);
            if !number || shape::is_alike(&self.text[token.clone()], &self.out[start..]) {
                self.copied = token.end;
                return;
            }
            self.out.truncate(start);
        }
    }

    /// Writes a part of a token: the runs that stay, and a stand-in for what stands between them.
    fn groups(&mut self, stretch: Range<usize>, kept: &[Range<usize>], part: Part) {
        let mut pos = stretch.start;
        let within = |run: &&Range<usize>| stretch.start <= run.start && run.end <= stretch.end;
        for run in kept.iter().filter(within).cloned().chain(std::iter::once(stretch.end..stretch.end)) {
            let group = &self.text[pos..run.start];
            let inner = group.trim_matches(|c: char| !u8::try_from(c).is_ok_and(is_run));
            let (head, tail) = group.split_once(inner).unwrap_or((group, ""));
            self.out.push_str(head);
            self.out.push_str(match part {
                _ if inner.is_empty() => "",
                Part::Id => "z0",
                Part::Host if inner.contains('.') && run.start == stretch.end => "zq.example",
                Part::Host if inner.contains('.') => "zq.zq",
                Part::Host | Part::Name => "zq",
            });
            self.out.push_str(tail);
            self.out.push_str(&self.text[run.clone()]);
            pos = run.end;
        }
    }
}

/// What a stretch of a token is part of.
#[derive(Clone, Copy)]
enum Part {
    Name,
    Host,
    Id,
}

/// The runs of letters and digits of a stretch.
fn runs<'t>(text: &'t str, stretch: &Range<usize>) -> impl Iterator<Item = Range<usize>> + use<'t> {
    let (mut at, end) = (stretch.start, stretch.end);
    std::iter::from_fn(move || {
        let bytes = text.as_bytes();
        let start = at + bytes[at..end].iter().position(|byte| is_run(*byte))?;
        at = start + bytes[start..end].iter().take_while(|byte| is_run(**byte)).count();
        Some(start..at)
    })
}
