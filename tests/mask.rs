//! A template has the verdict of every text that it stands for.

use std::collections::HashSet;
use std::fs;
use std::io::Write;
use std::path::Path;

use undelivered::judge::mask::{Mask, Seen};
use undelivered::judge::pack::{Pack, rule_file};
use undelivered::judge::{Brief, brief};
use undelivered::read;

fn briefs(text: &str) -> Vec<Brief> {
    let notice = read::read_text(text);
    notice.events.iter().map(|event| brief(event, &notice.parts, Pack::built_in())).collect()
}

/// What the mask changes in the verdicts of these texts, a line each, and how many templates they have.
fn differences(texts: impl IntoIterator<Item = String>) -> (Vec<String>, usize) {
    let mask = Mask::new(Pack::built_in());
    let (mut template, mut seen) = (String::new(), Seen::default());
    let (mut wrong, mut templates) = (Vec::new(), HashSet::new());
    for text in texts {
        mask.template(&text, &mut template, &mut seen);
        let (plain, masked) = (briefs(&text), briefs(&template));
        if plain != masked {
            wrong.push(format!("text     {text:?}\n  mask   {template:?}\n  plain  {plain:?}\n  masked {masked:?}"));
        }
        templates.insert(template.clone());
    }
    (wrong, templates.len())
}

fn examples() -> Vec<String> {
    rule_file().rule.into_iter().flat_map(|rule| [rule.hits, rule.misses].concat()).collect()
}

fn rows(path: &Path) -> Vec<String> {
    let rows = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let text = |row: &str| serde_json::from_str::<serde_json::Value>(row).expect(row)["text"].as_str().expect(row).to_string();
    rows.lines().filter(|row| !row.trim().is_empty()).map(text).collect()
}

fn check(texts: impl IntoIterator<Item = String>) {
    let (wrong, _) = differences(texts);
    assert!(wrong.is_empty(), "{} verdict(s) differ:\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
}

#[test]
fn every_example_keeps_its_verdict() {
    check(examples());
}

#[test]
fn the_composed_corpus_keeps_its_verdicts() {
    check(rows(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/replies.jsonl")));
}

#[test]
fn the_shared_corpus_keeps_its_verdicts() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/replies.jsonl");
    if !path.is_file() {
        // Not by `println!`: the test harness keeps to itself what a passing test prints so.
        writeln!(std::io::stderr(), "SKIPPED: no shared corpus beside the checkout").expect("standard error");
        return;
    }
    check(rows(&path));
}

/// Replies with slots, as a receiver fills them from mail to mail.
const REPLIES: [&str; 40] = [
    "550-5.1.1 The email account that you tried to reach does not exist. Please try\n550-5.1.1 double-checking the address or\n550 5.1.1  https://support.google.com/mail/?p=NoSuchUser {id} - gsmtp",
    "550 5.1.1 <{address}>: Recipient address rejected: User unknown in virtual mailbox table",
    "smtp;550 5.1.1 <{address}>... User unknown ({id})",
    "550 5.4.1 Recipient address rejected: Access denied. [{outlook} {time} {id}]",
    "550 5.7.1 Unfortunately, messages from [{ip}] weren't sent. Part of their network is on our block list (S3150). [{outlook} {time} {id}]",
    "451 4.7.500 Server busy. Please try again later from [{ip}]. (S77719) [{outlook}]",
    "421 4.7.0 [TSS04] Messages from {ip} temporarily deferred due to unexpected volume or user complaints - 4.16.55.1",
    "554 5.7.1 Service unavailable; Client host [{ip}] blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/{ip}",
    "550 5.7.1 Mail from {ip} refused, see http://www.barracudacentral.org/reputation?r=1&ip={ip}",
    "450 4.2.0 <{address}>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/help/{host}.html",
    "451 4.7.1 Greylisting in action, please come back in 00:{n}:{n}",
    "5.4.7 (delivery time expired) (delivery attempts: {n}) message expired, unable to deliver in {n} hours: 421 4.4.1 [internal] Connection timed out to {host} ({ip})",
    "[internal] all hosts for {host} failed: connect to {host}[{ip}]:25: Connection refused",
    "host {host}[{ip}] said: 552 5.2.2 <{address}>: user is over quota (in reply to RCPT TO command)",
    "Delivery temporarily suspended: conversation with {host}[{ip}] timed out while receiving the initial server greeting",
    "lost connection with {host}[{ip}] while sending end of data -- message may be sent more than once",
    "550 5.7.23 SPF validation failed: {ip} is not allowed to send mail from {host}. See http://www.openspf.net/Why?s=mfrom&id=bounce%40{host}&ip={ip}&r={host}",
    "550 {address} {word} {word} {id}",
    "550 5.7.1 {word} {host} {word} {n} {id}",
    "554 {word} {ip6} has no PTR record, ref {uuid}",
    "571 Delivery not authorized, message refused: {uuid}",
    "550 Requested action not taken: mailbox unavailable\nFor explanation visit https://postmaster.gmx.net/en/case?c=r0103&i=ip&v={ip}&r={id}",
    "550 SC-001 (BAY004-MC1F{n}) Unfortunately, messages from {ip} weren't sent, \"policy reasons\", please contact {host}",
    "550-Verification failed for <{address}>\n550-No Such User Here\n550 Sender verify failed",
    "552 5.3.4 Message size exceeds fixed limit ({n} > 10485760)",
    "552 5.2.2 quota of {n} bytes used up by {address} at {host}",
    "550 5.1.1 L'adresse <{address}> n'existe pas sur ce serveur {host}",
    "550 \u{41f}\u{43e}\u{43b}\u{44c}\u{437}\u{43e}\u{432}\u{430}\u{442}\u{435}\u{43b}\u{44c} {address} \u{43d}\u{435} \u{43d}\u{430}\u{439}\u{434}\u{435}\u{43d}",
    "550 \u{6536}\u{4ef6}\u{4eba}\u{90ae}\u{7bb1}\u{4e0d}\u{5b58}\u{5728} {address} [{id} IP: {ip}]",
    "550 El buz\u{f3}n <{address}> est\u{e1} lleno ({host})",
    "{word} {id} {host} {address} {word} {ip} {n}",
    "554 5.7.1 The message from (<bounce@{host}>) with the subject of ({word} {word}) looks like spam",
    "connect to {host} failed, {word} {id} [{ip}]:{n}",
    "user {id} unknown at {host}, {word} {address}",
    "550 {id} {word} mailbox {word} {n} full",
    "from {host} to {address} via {ip}: {word} {word} rejected {id}",
    "550 5.1.1 {word} bounces+{word}={host}@{host} {word}",
    "554 IP={ip} - A problem occurred. ({word} {id}) (BL)",
    "{time} {word} {id}: to=<{address}>, {word} {n}",
    "550 {word}.{word} {word}-{id} {word}_{n} ref {host}/{id}?v={ip}",
];

/// A generator of numbers (xorshift64*): the same ones each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % limit
    }

    fn string(&mut self, letters: &str, length: usize) -> String {
        let letters: Vec<char> = letters.chars().collect();
        (0..length).map(|_| letters[self.below(letters.len())]).collect()
    }

    fn pick<'t>(&mut self, list: &'t [String]) -> &'t str {
        let n = self.below(list.len());
        &list[n]
    }

    fn slot(&mut self, name: &str, words: &[String]) -> String {
        let ending = ["com", "de", "net", "co.uk", "fr", "info", "org", "example", "in", "it", "mail.ru"][self.below(11)];
        match name {
            "address" => {
                let sign = [".", "_", "-", "", "+"][self.below(5)];
                format!("{}{sign}{}@{}", self.slot("name", words), self.slot("name", words), self.slot("host", words))
            }
            "name" if self.below(3) == 0 => self.pick(words).to_string(),
            "name" => {
                let length = 2 + self.below(8);
                self.string("abcdefgilmnoprstuvxz0", length)
            }
            "host" => {
                let labels: Vec<String> = (0..1 + self.below(3)).map(|_| self.slot("name", words)).collect();
                format!("{}.{ending}", labels.join([".", "-"][self.below(2)]))
            }
            "outlook" => format!(
                "{}PEPF{}.namprd{}.prod.outlook.com",
                self.string("ABDMNS", 2),
                self.string("0123456789ABCDEF", 8),
                10 + self.below(20)
            ),
            "ip" => (0..4).map(|_| self.below(256).to_string()).collect::<Vec<_>>().join("."),
            "ip6" => format!("2a01:{:x}:{:x}::{:x}", self.below(65536), self.below(65536), 1 + self.below(999)),
            "id" => {
                let length = 4 + self.below(18);
                let letters = [
                    "0123456789abcdef",
                    "0123456789ABCDEFGHJKLMNPQRSTVWXYZabcdfgh",
                    "0123456789abcdefghijklmnopqrstuvwxyz-.",
                    "0123456789",
                ];
                let letters = letters[self.below(4)];
                self.string(letters, length)
            }
            "uuid" => [8, 4, 4, 4, 12].map(|length| self.string("0123456789abcdef", length)).join("-"),
            "time" => format!(
                "2026-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
                1 + self.below(12),
                1 + self.below(28),
                self.below(24),
                self.below(60),
                self.below(60),
                self.below(1000)
            ),
            "n" => {
                let length = 1 + self.below(6);
                self.string("0123456789", length)
            }
            _ => self.pick(words).to_string(),
        }
    }

    fn fill(&mut self, reply: &str, words: &[String]) -> String {
        let mut text = String::new();
        let mut rest = reply;
        while let Some((head, tail)) = rest.split_once('{') {
            let (name, after) = tail.split_once('}').expect("a slot ends");
            text.push_str(head);
            text.push_str(&self.slot(name, words));
            rest = after;
        }
        text + rest
    }
}

/// The words that receivers use, so that tokens are built of what rules look for.
fn words() -> Vec<String> {
    let all: HashSet<String> = examples()
        .iter()
        .flat_map(|text| text.split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_string).collect::<Vec<_>>())
        .filter(|word| word.len() > 1)
        .collect();
    let mut all: Vec<String> = all.into_iter().collect();
    all.sort_unstable();
    all
}

#[test]
fn filled_replies_keep_their_verdicts() {
    let words = words();
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let rounds = std::env::var("MASK_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(40);
    check((0..rounds).flat_map(|_| REPLIES.iter().map(|reply| dice.fill(reply, &words)).collect::<Vec<_>>()));
}

/// The examples with other tokens in the place of theirs: what a rule looks for meets what it did not expect.
#[test]
fn examples_with_other_tokens_keep_their_verdicts() {
    let words = words();
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let slots = ["address", "host", "ip", "id", "n", "ip6", "uuid", "time", "name"];
    let changed = |text: &String| {
        let odd = |word: &str| word.contains(['@', '.']) || word.bytes().any(|byte| byte.is_ascii_digit());
        let change = |word: &str, dice: &mut Dice| {
            let slot = slots[dice.below(slots.len())];
            if dice.below(if odd(word) { 2 } else { 12 }) == 0 { dice.slot(slot, &words) } else { word.to_string() }
        };
        text.split(' ').map(|word| change(word, &mut dice)).collect::<Vec<_>>().join(" ")
    };
    let texts: Vec<String> = examples().iter().map(changed).collect();
    check(texts);
}
