//! The template of a reply: its text with addresses, hosts, IP addresses, ids and numbers replaced by stand-ins of the same shape.
//!
//! Receivers send few wordings many times. Texts of one template have one verdict, for a token is replaced only where no rule can see
//! into it ([`vocabulary`]), codes stay, hosts that tell a provider keep their end, and a stand-in is to every placeholder of a phrase
//! what the token was. One pass, linear in the text; nothing is allocated but the room that the caller reuses.

mod reply;
mod shape;
mod vocabulary;
mod writer;

use std::collections::HashSet;
use std::ops::Range;

use super::pack::Pack;
use vocabulary::Vocabulary;
use writer::Writer;

/// Longer texts are their own template.
const LIMIT: usize = 8 * 1024;
/// IP addresses that are noted of one text.
const IPS: usize = 8;

/// Masks texts for the rules of one pack.
#[derive(Debug)]
pub struct Mask {
    vocabulary: Vocabulary,
    /// Hashes of the providers' host names, read from their ends.
    hosts: HashSet<u64, vocabulary::Raw>,
}

/// What a mask took out of a text, as byte ranges of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seen {
    /// The first mail address.
    pub address: Option<Range<usize>>,
    /// The first IP addresses, in the order of the text, also those that stay in the template.
    pub ips: Vec<Range<usize>>,
}

impl Seen {
    fn clear(&mut self) {
        self.address = None;
        self.ips.clear();
    }

    fn note_ip(&mut self, at: Range<usize>) {
        if self.ips.len() < IPS {
            self.ips.push(at);
        }
    }
}

impl Mask {
    /// The mask for the rules of a pack; made once, for it reads all of them.
    pub fn new(pack: &Pack) -> Self {
        let hosts = pack.providers.iter().flat_map(|provider| &provider.hosts).map(|host| shape::hash_back(host)).collect();
        Self { vocabulary: Vocabulary::of(pack), hosts }
    }

    /// Writes the template of a text to `out` and what it notes on the way to `seen`; both are emptied first.
    pub fn template(&self, text: &str, out: &mut String, seen: &mut Seen) {
        out.clear();
        seen.clear();
        if text.len() > LIMIT {
            out.push_str(text);
        } else {
            Writer::new(self, text, out, seen).write();
        }
    }

    /// Where the end of a host name begins that tells its provider.
    fn provider_end(&self, host: &str) -> Option<usize> {
        let starts = |at: usize| at == 0 || host.as_bytes().get(at - 1) == Some(&b'.');
        let mut hash = 0;
        let mut found = None;
        for (at, byte) in host.bytes().enumerate().rev() {
            hash = vocabulary::step(hash, byte);
            if starts(at) && self.hosts.contains(&hash) {
                found = Some(at);
            }
        }
        found
    }
}

/// Stand-ins and what a person reads for them, the longer before those that are part of them.
const SHOWN: [(&str, &str); 22] = [
    ("zq@zq.example", "‹address›"),
    ("az@zq.example", "‹address›"),
    ("a@zq.example", "‹address›"),
    ("0z@zq.example", "‹address›"),
    ("0a@zq.example", "‹address›"),
    ("0@zq.example", "‹address›"),
    ("zq@zq", "‹address›"),
    ("2000-01-01T00:00:00Z", "‹date›"),
    ("192.0.2.1", "‹ip›"),
    ("2001:db8::1", "‹ip›"),
    ("zq.example", "‹host›"),
    ("az.example", "‹host›"),
    ("0z.example", "‹host›"),
    ("z0", "‹id›"),
    ("az0", "‹id›"),
    ("0z", "‹id›"),
    ("zq.zq", "‹id›"),
    ("zq", "‹id›"),
    ("00:00:00", "‹time›"),
    ("00-00-00", "‹date›"),
    ("00.00.00", "‹date›"),
    ("00", "‹n›"),
];

/// A template as people read it: `‹address›`, `‹ip›`, `‹host›`, `‹id›`, `‹n›`, `‹date›` and `‹time›` for the stand-ins.
pub fn display(template: &str) -> String {
    let mut shown = String::with_capacity(template.len());
    let mut at = 0;
    let mut fresh = true;
    while let Some(rest) = template.get(at..).filter(|rest| !rest.is_empty()) {
        let stand_in = SHOWN.iter().filter(|_| fresh).find(|(stand_in, _)| rest.strip_prefix(stand_in).is_some_and(ends_word));
        let next = rest.chars().next().map_or(1, char::len_utf8);
        fresh = stand_in.is_some() || !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        let (text, length) = stand_in.map_or((&rest[..next], next), |(stand_in, name)| (*name, stand_in.len()));
        shown.push_str(text);
        at += length;
    }
    shown
}

fn ends_word(rest: &str) -> bool {
    !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str) -> String {
        let (mut out, mut seen) = (String::new(), Seen::default());
        Mask::new(Pack::built_in()).template(text, &mut out, &mut seen);
        out
    }

    #[test]
    fn what_differs_from_mail_to_mail_goes() {
        assert_eq!(masked("550 5.1.1 <ann.smith@mx1.shop.test>: user unknown (a8f3e21c)"), "550 5.1.1 <zq@zq.example>: user unknown (z0)");
        assert_eq!(masked("connect to mx1.shop.test[203.0.113.9]:25: timed out"), "connect to zq.example[192.0.2.1]:00: timed out");
        assert_eq!(
            masked("550 5.7.1 no PTR at 2a01:4f8::17, 2026-11-02T10:20:30.123Z"),
            "550 5.7.1 no PTR at 2001:db8::1, 2000-01-01T00:00:00Z"
        );
    }

    #[test]
    fn one_template_however_it_is_wrapped() {
        let one = masked("550 5.1.1 The account does not exist. See a1b2");
        for text in [
            "550-5.1.1 The account\r\n550-5.1.1 does not\r\n550 5.1.1  exist. See c3d4",
            "550-5.1.1 The account 550-5.1.1 does not exist. See 9z8",
        ] {
            assert_eq!(masked(text), one);
        }
        assert_eq!(masked("550 no\n\n452 full"), "550 no\n\n452 full");
    }

    #[test]
    fn what_a_rule_may_see_stays() {
        let kept = "550 5.7.1 blocked (S3150) [BN1.namprd12.prod.outlook.com]";
        assert_eq!(masked(kept), "550 5.7.1 blocked (S3150) [zq.prod.outlook.com]");
    }

    #[test]
    fn it_notes_what_it_took_out() {
        let text = "550 <ann@shop.test> refused from 203.0.113.9 and 2001:db8:1::9";
        let (mut out, mut seen) = (String::new(), Seen::default());
        Mask::new(Pack::built_in()).template(text, &mut out, &mut seen);
        assert_eq!(seen.address.map(|at| &text[at]), Some("ann@shop.test"));
        assert_eq!(seen.ips.into_iter().map(|at| &text[at]).collect::<Vec<_>>(), ["203.0.113.9", "2001:db8:1::9"]);
    }

    #[test]
    fn people_read_names_for_stand_ins() {
        let shown = display(&masked("550 5.1.1 <ann@shop.test> unknown at mx1.shop.test[203.0.113.9], 17 tries, a8f3e21c"));
        assert_eq!(shown, "550 5.1.1 <‹address›> unknown at ‹host›[‹ip›], ‹n› tries, ‹id›");
    }

    #[test]
    fn no_rule_sees_a_stand_in() {
        let mask = Mask::new(Pack::built_in());
        for (before, run, after) in
            [("", "zq", '.'), ("@", "zq", '.'), (".", "example", ' '), (" ", "z0", ' '), (" ", "00", ' '), (".", "00", '.')]
        {
            let seat = vocabulary::Seat { before: ["", before], run: run.as_bytes(), after: Some(after) };
            assert!(!mask.vocabulary.sees(&seat), "{run}");
        }
    }
}
