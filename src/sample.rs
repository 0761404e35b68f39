//! The sample export: a Marketing Cloud `_Bounce` view of four weeks that never was.
//!
//! Every person, key, job and company is made up (RFC 2606, RFC 5737); the big providers stand under their public domain names, and no
//! address of theirs is named. The same bytes on every run: what it should show is tested in `tests/findings.rs`.

use std::fmt::Write as _;

/// What the export is called.
pub const NAME: &str = "sample_bounces.csv";

/// 12 October 2026, 00:00 UTC.
const START: i64 = 1_791_763_200;
const DAY: i64 = 86_400;
/// Marketing Cloud writes US Central Standard Time all year.
const CENTRAL: i64 = -6 * 3600;

const HEADER: &str = "AccountID,OYBAccountID,JobID,ListID,BatchID,SubscriberID,SubscriberKey,EventDate,IsUnique,Domain,BounceCategoryID,\
BounceCategory,BounceSubcategoryID,BounceSubcategory,BounceTypeID,BounceType,SMTPBounceReason,SMTPMessage,SMTPCode,\
TriggererSendDefinitionObjectID,TriggeredSendCustomerKey,IsFalseBounce\r\n";

/// Categories as the platform has them: id, name, subcategory id and name.
const HARD: Label = (1, "Hard bounce", 2001, "User Unknown");
const HARD_OTHER: Label = (1, "Hard bounce", 2999, "Other");
const SOFT: Label = (2, "Soft bounce", 3999, "Other");
const FULL: Label = (2, "Soft bounce", 3001, "Mailbox Full");
const BLOCK: Label = (3, "Block bounce", 1999, "Other");
const SPAM: Label = (3, "Block bounce", 1002, "Spam Blocked");
const PROOF: Label = (3, "Block bounce", 1010, "Authentication");
const BUSY: Label = (2, "Soft bounce", 3003, "Temporary Domain Failure");
const NETWORK: Label = (4, "Technical/Other bounce", 4003, "Network Error");
const UNKNOWN: Label = (5, "Unknown bounce", 9999, "Unknown");
type Label = (u32, &'static str, u32, &'static str);

/// Where an event's person is at home.
const GMAIL: &[&str] = &["gmail.com", "gmail.com", "gmail.com", "googlemail.com"];
const MICROSOFT: &[&str] = &["outlook.com", "hotmail.com", "live.com", "msn.com"];
const YAHOO: &[&str] = &["yahoo.com", "aol.com", "ymail.com"];
const APPLE: &[&str] = &["icloud.com", "me.com"];
const BANK: &[&str] = &["harbour-bank.example"];
/// Companies of all sorts, made from the syllables below.
const COMPANIES: &[&str] = &[];
const NAMES: [&str; 20] = [
    "alder", "birch", "cedar", "delta", "ember", "fjord", "grove", "haven", "inlet", "jetty", "kiln", "lumen", "maple", "north", "orchid",
    "pine", "quarry", "ridge", "summit", "tidal",
];
const TRADES: [&str; 12] =
    ["books", "cargo", "clinic", "design", "energy", "foods", "garden", "legal", "media", "sports", "tools", "travel"];
const PEOPLE: [&str; 16] =
    ["ann", "ben", "carla", "dov", "elif", "finn", "gita", "hugo", "ines", "jon", "kira", "leo", "mona", "nils", "olga", "pete"];

/// Lists of the account; the fair's and the archive's are the ones that cost.
const LISTS: [u32; 6] = [301, 302, 305, 311, 317, 320];
const FAIR: u32 = 342;
const ARCHIVE: u32 = 219;

/// Events of one sort: how many, about how many people, from which hour to which, what was said, where, and what the platform called it.
struct Stream {
    events: u32,
    people: u32,
    hours: (f64, f64),
    replies: &'static [&'static str],
    homes: &'static [&'static str],
    labels: &'static [Label],
    list: Option<u32>,
    job: Option<u32>,
}

const ALWAYS: (f64, f64) = (7.0, 28.0 * 24.0);

const fn stream(events: u32, homes: &'static [&'static str], replies: &'static [&'static str], labels: &'static [Label]) -> Stream {
    Stream { events, people: events, hours: ALWAYS, replies, homes, labels, list: None, job: None }
}

impl Stream {
    const fn of(self, list: u32) -> Self {
        Self { list: Some(list), ..self }
    }

    const fn within(self, from: f64, until: f64) -> Self {
        Self { hours: (from, until), ..self }
    }

    const fn about(self, people: u32) -> Self {
        Self { people, ..self }
    }

    const fn job(self, job: u32) -> Self {
        Self { job: Some(job), ..self }
    }
}

const GONE: &[&str] = &[
    "550 5.1.1 <{to}>: Recipient address rejected: User unknown in virtual mailbox table",
    "550 5.1.1 <{to}>... User unknown",
    "550 5.1.1 User Unknown",
];
const GONE_GMAIL: &[&str] = &[
    "550-5.1.1 The email account that you tried to reach does not exist. Please try\n550-5.1.1 double-checking the recipient's email address for typos or\n550-5.1.1 unnecessary spaces. For more information, go to\n550 5.1.1  https://support.google.com/mail/?p=NoSuchUser {id}si{n}edb.{n} - gsmtp",
];
const GONE_OUTLOOK: &[&str] = &[
    "550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302). [{id}.eurprd04.prod.outlook.com 2026-10-12T08:14:02.114Z 08DE{id}]",
];
const GONE_YAHOO: &[&str] = &["554 delivery error: dd This user doesn't have a yahoo.com account [-5] - mta{n}.mail.gq1.yahoo.com"];
const FULL_MAILBOX: &[&str] =
    &["552 5.2.2 <{to}>: Recipient address rejected: Mailbox is full", "452 4.2.2 <{to}>: Mailbox is over quota, try again later"];
const FULL_GMAIL: &[&str] = &[
    "452 4.2.2 The recipient's inbox is out of storage space. Please direct the recipient to https://support.google.com/mail/?p=OverQuotaTemp {id}si{n}plb.{n} - gsmtp",
];
const LISTED: &[&str] = &[
    "550 5.7.1 Unfortunately, messages from [203.0.113.25] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3150). You can also refer your provider to http://mail.live.com/mail/troubleshooting.aspx#errors. [{id}.eop-EUR03.prod.protection.outlook.com {id}]",
];
const LISTED_ELSEWHERE: &[&str] = &[
    "554 5.7.1 Service unavailable; Client host [203.0.113.{ip}] blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/203.0.113.{ip}",
    "550 5.7.1 Mail from 203.0.113.{ip} refused, see http://www.barracudacentral.org/reputation?r=1&ip=203.0.113.{ip}",
];
const UNPROVED_GMAIL: &[&str] = &[
    "550-5.7.26 Your email has been blocked because the sender is unauthenticated.\n550-5.7.26 Gmail requires all senders to authenticate with either SPF or DKIM.\n550-5.7.26  Authentication results:\n550-5.7.26  DKIM = did not pass\n550-5.7.26  SPF [news.example.net] with ip: [203.0.113.{ip}] = did not pass\n550 5.7.26  {id}si{n}wmq.{n} - gsmtp",
];
const UNPROVED_YAHOO: &[&str] = &[
    "550 5.7.9 This mail has been blocked because the sender is unauthenticated. Yahoo requires all senders to authenticate with either SPF or DKIM. See https://senders.yahooinc.com/error-codes#unauthenticated",
];
const UNPROVED_OUTLOOK: &[&str] = &[
    "550 5.7.515 Access denied, sending domain news.example.net doesn't meet the required authentication level. The sender's domain in the 5322.From address doesn't meet the authentication requirements defined for the sender. [{id}.eurprd04.prod.outlook.com {id}]",
];
const HOUSE_RULE: &[&str] = &["554 5.7.1 Message rejected due to policy; contact your administrator, reference {id}"];
const OTHER_RULES: &[&str] = &["550 5.7.0 Local Policy Violation - {id}"];
const APPLE_RULE: &[&str] =
    &["554 5.7.1 [HM08] Message rejected due to local policy. Please visit https://support.apple.com/en-us/HT204137"];
const SPAM_CONTENT: &[&str] = &[
    "550 5.7.1 Message rejected as spam by Content Filtering. (mx{n}.{home}) {id}",
    "554 5.7.1 The message was identified as spam and rejected, reference {id}",
];
const DEFERRED_YAHOO: &[&str] = &[
    "421 4.7.0 [TSS04] Messages from 203.0.113.{ip} temporarily deferred due to unexpected volume or user complaints - 4.16.55.1; see https://postmaster.yahooinc.com/error-codes",
];
const SLOWED_GMAIL: &[&str] = &[
    "421-4.7.28 Gmail has detected an unusual rate of unsolicited mail originating from your IP address. To protect our users from spam, mail sent from your IP address has been temporarily rate limited. {id}si{n}qka.{n} - gsmtp",
];
const SLOWED_OUTLOOK: &[&str] =
    &["451 4.7.500 Server busy. Please try again later from [203.0.113.{ip}]. (S77719) [{id}.eurprd04.prod.outlook.com {id}]"];
const UNREACHED: &[&str] = &[
    "4.4.1 (connection timed out)",
    "5.4.7 (delivery time expired) (delivery attempts: {n}) message expired, unable to deliver in 72 hours: 421 4.4.1 [internal] Connection timed out to mx{n}.{home}",
    "[internal] all hosts for {home} failed: connect to mx{n}.{home}:25: Connection refused",
];
const UNWELL: &[&str] =
    &["421 4.3.2 System not accepting network messages mx{n}.{home}", "451 4.3.5 Server configuration error (mx{n}.{home})"];
const MISLED: &[&str] = &["554 5.7.1 <{to}>: Relay access denied"];
const WORDLESS: &[&str] = &["5.0.0 (undefined status)", "550", "554 5.0.0", ""];
const AWAY: &[&str] = &["Out of office: I am away until next week and will answer your message when I am back"];

const STREAMS: [Stream; 32] = [
    // Dead addresses, most of them from the list of a fair.
    stream(640, COMPANIES, GONE, &[HARD, HARD, HARD, SOFT]).of(FAIR),
    stream(270, GMAIL, GONE_GMAIL, &[HARD, HARD, SOFT]).of(FAIR),
    stream(90, MICROSOFT, GONE_OUTLOOK, &[HARD]).of(FAIR),
    stream(170, COMPANIES, GONE, &[HARD]),
    stream(130, GMAIL, GONE_GMAIL, &[HARD, HARD, UNKNOWN]),
    stream(90, MICROSOFT, GONE_OUTLOOK, &[HARD]),
    stream(80, YAHOO, GONE_YAHOO, &[HARD]),
    // Full mailboxes, most of them in an old list, some of them three times in a row.
    stream(180, COMPANIES, FULL_MAILBOX, &[FULL]).of(ARCHIVE).about(60),
    stream(90, GMAIL, FULL_GMAIL, &[FULL, FULL, HARD_OTHER]).of(ARCHIVE).about(45),
    stream(70, COMPANIES, FULL_MAILBOX, &[FULL]).about(64),
    stream(40, GMAIL, FULL_GMAIL, &[FULL]),
    // One provider lists one IP, from 24 October 09:40 on.
    stream(660, MICROSOFT, LISTED, &[HARD_OTHER, BLOCK, SOFT]).within(12.0 * 24.0 + 9.0 + 2.0 / 3.0, 28.0 * 24.0).about(520),
    stream(110, COMPANIES, LISTED_ELSEWHERE, &[BLOCK, SPAM]),
    // A key in DNS is lost: three providers, from 1 November 06:10 on.
    stream(330, GMAIL, UNPROVED_GMAIL, &[PROOF, HARD_OTHER]).within(20.0 * 24.0 + 6.0 + 1.0 / 6.0, 22.0 * 24.0),
    stream(150, YAHOO, UNPROVED_YAHOO, &[PROOF, HARD_OTHER]).within(20.0 * 24.0 + 6.0 + 1.0 / 3.0, 22.0 * 24.0),
    stream(130, MICROSOFT, UNPROVED_OUTLOOK, &[PROOF, BLOCK]).within(20.0 * 24.0 + 7.0, 22.0 * 24.0),
    // A company that refuses by a rule of its own.
    stream(310, BANK, HOUSE_RULE, &[SOFT, SOFT, BLOCK, HARD_OTHER]).about(190),
    stream(60, COMPANIES, OTHER_RULES, &[BLOCK]),
    stream(40, APPLE, APPLE_RULE, &[BLOCK]),
    // One job whose links many filters dislike.
    stream(250, COMPANIES, SPAM_CONTENT, &[SPAM, SPAM, HARD_OTHER]).within(15.0 * 24.0 + 10.0, 15.0 * 24.0 + 22.0).job(700_431),
    stream(60, COMPANIES, SPAM_CONTENT, &[SPAM]),
    // An afternoon at one provider, and the usual slowness elsewhere.
    stream(260, YAHOO, DEFERRED_YAHOO, &[BUSY]).within(8.0 * 24.0 + 14.0, 8.0 * 24.0 + 17.0),
    stream(30, YAHOO, DEFERRED_YAHOO, &[BUSY]),
    stream(190, GMAIL, SLOWED_GMAIL, &[BUSY]),
    stream(90, MICROSOFT, SLOWED_OUTLOOK, &[BUSY]),
    stream(290, COMPANIES, UNREACHED, &[NETWORK, BUSY]),
    stream(80, COMPANIES, UNWELL, &[BUSY]),
    stream(40, COMPANIES, MISLED, &[BLOCK, HARD_OTHER]),
    // Nothing said.
    stream(260, COMPANIES, WORDLESS, &[UNKNOWN, SOFT]),
    stream(120, GMAIL, WORDLESS, &[UNKNOWN, HARD_OTHER]),
    stream(60, MICROSOFT, WORDLESS, &[UNKNOWN]),
    stream(30, COMPANIES, AWAY, &[SOFT]),
];

/// The export, as Marketing Cloud's tools write it.
pub fn export() -> String {
    let mut chance = Chance(0x5eed_0b0c);
    let mut rows: Vec<(i64, String)> = Vec::new();
    for (stream, number) in STREAMS.iter().zip(0_u32..) {
        rows.extend((0..stream.events).map(|event| row(stream, number, event, &mut chance)));
    }
    rows.sort();
    let mut text = HEADER.to_string();
    for ((_, row), number) in rows.into_iter().zip(0_u32..) {
        text.push_str(&row);
        if number % 1_900 == 1_000 {
            text.push_str("7290001,,7004\r\n");
        }
    }
    text
}

fn row(stream: &Stream, number: u32, event: u32, chance: &mut Chance) -> (i64, String) {
    let (turn, person) = (event / stream.people, event % stream.people);
    let who = Chance(u64::from(number) << 32 | u64::from(person) << 1 | 1).next();
    let time = time(stream, turn, event == 0, chance);
    let home = home(stream.homes, who);
    let day = (time - START) / DAY;
    let list = stream.list.unwrap_or_else(|| LISTS[who as usize % LISTS.len()]);
    let job = stream.job.unwrap_or(700_400 + 2 * day as u32 + chance.below(2));
    let (category, name, subcategory, subname) = stream.labels[chance.below(stream.labels.len() as u32) as usize];
    let reply = fill(stream.replies[chance.below(stream.replies.len() as u32) as usize], who, &home, chance);
    let code = reply.get(..3).filter(|code| code.bytes().all(|digit| digit.is_ascii_digit())).unwrap_or_default().to_string();
    let (reply, kind) = (quoted(&reply), if name.starts_with("Soft") { (1, "delayed") } else { (2, "immediate") });
    let again = if chance.below(3) == 0 { reply.as_str() } else { "" };
    let unique = if chance.below(25) == 0 { "False" } else { "True" };
    let row = format!(
        "7290001,,{job},{list},{},{},{},{},{unique},{home},{category},{name},{subcategory},{subname},{},{},{reply},{again},{code},,,False\r\n",
        1 + chance.below(3),
        500_000_000 + who % 90_000_000,
        key(who),
        date(time),
        kind.0,
        kind.1
    );
    (time, row)
}

/// When; the turns of one person are four days apart. Most mail goes out by day.
fn time(stream: &Stream, turn: u32, first: bool, chance: &mut Chance) -> i64 {
    let (from, until) = ((stream.hours.0 * 3600.0) as i64, (stream.hours.1 * 3600.0) as i64);
    let turns = i64::from(stream.events.div_ceil(stream.people));
    let spread = until - from - (turns - 1) * 4 * DAY;
    // The first event stands at the very beginning, so that its slot can be told.
    let mut at = from + if first { 0 } else { i64::from(chance.below(spread.max(1) as u32)) };
    if spread > 5 * DAY && at % DAY < 6 * 3600 && chance.below(4) > 0 {
        at += 9 * 3600;
    }
    START + (at + i64::from(turn) * 4 * DAY).min(until - 1)
}

fn home(homes: &[&str], who: u64) -> String {
    if let Some(home) = homes.get((who >> 8) as usize % homes.len().max(1)) {
        return (*home).to_string();
    }
    // The lower numbers come more often: some companies are large.
    let (name, trade) = ((who >> 8) % 20, ((who >> 16) % 12).min((who >> 24) % 12));
    format!("{}-{}.example", NAMES[name as usize], TRADES[trade as usize])
}

/// A key of 18 characters, of which the first 15 differ by case.
fn key(who: u64) -> String {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut rest = who;
    let own: String = std::iter::repeat_with(|| {
        let digit = DIGITS[(rest % 62) as usize];
        rest /= 62;
        char::from(digit)
    })
    .take(7)
    .collect();
    format!("0035g000{own}AAV")
}

/// Fills the slots of a reply.
fn fill(reply: &str, who: u64, home: &str, chance: &mut Chance) -> String {
    let ip = 10 + chance.below(6);
    let mut filled = String::with_capacity(reply.len() + 40);
    let mut rest = reply;
    while let Some((before, (slot, after))) = rest.split_once('{').and_then(|(before, slot)| Some((before, slot.split_once('}')?))) {
        filled.push_str(before);
        let _ = match slot {
            "to" => write!(filled, "{}.{}@{home}", PEOPLE[who as usize % 16], NAMES[(who >> 4) as usize % 20]),
            "home" => write!(filled, "{home}"),
            "ip" => write!(filled, "{ip}"),
            "n" => write!(filled, "{}", 1 + chance.below(90)),
            _ => write!(filled, "{:012X}", chance.next() >> 16),
        };
        rest = after;
    }
    filled + rest
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_string() }
}

/// `10/24/2026 3:40:07 AM`: October or November of 2026, in the platform's zone.
fn date(time: i64) -> String {
    let local = time + CENTRAL - START;
    let (day, second) = (local.div_euclid(DAY) + 12, local.rem_euclid(DAY));
    let (month, day) = if day > 31 { (11, day - 31) } else { (10, day) };
    let (hour, half) = (second / 3600, if second < DAY / 2 { "AM" } else { "PM" });
    format!("{month}/{day}/2026 {}:{:02}:{:02} {half}", (hour + 11) % 12 + 1, second / 60 % 60, second % 60)
}

/// A small generator (xorshift*): the sample needs variety, not chance.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 8
    }

    fn below(&mut self, limit: u32) -> u32 {
        (self.next() % u64::from(limit.max(1))) as u32
    }
}
