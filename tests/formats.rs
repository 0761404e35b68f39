//! Every export that is recognised, by a composed file each: what it is taken for, what its columns are, what its first bounce says.
//! What is expected stands in `tests/exports/expected.toml`.

use std::collections::BTreeMap;
use std::fs;

use serde::{Deserialize, Serialize};
use undelivered::analysis::{DayOrder, Found, Hints, Need, Purpose};
use undelivered::sheet::{Item, Kind, Row, Sheet};
use undelivered::verdict::{Cause, Confidence};

/// 2026-11-20: log lines without a year lie before it.
const NOW: i64 = 1_795_132_800;

/// A file after it was read.
struct Read {
    found: Found,
    rows: Vec<Row>,
    items: Vec<String>,
    warnings: Vec<String>,
}

fn read(bytes: &[u8], hints: &Hints) -> Read {
    let hints = Hints { now: Some(NOW), ..hints.clone() };
    let (mut rows, mut items) = (Vec::new(), Vec::new());
    let mut each = |item: Item<'_>| match item {
        Item::Row(row) => rows.push(row.clone()),
        other => items.push(format!("{other:?}")),
    };
    let mut sheet = Sheet::new("export", &hints);
    bytes.chunks(97).for_each(|piece| sheet.feed(piece, &mut each));
    sheet.finish(&mut each);
    assert_eq!(sheet.trouble(), None);
    Read { found: sheet.found().expect("a file with records").clone(), rows, items, warnings: sheet.warnings() }
}

fn text(csv: &str) -> Read {
    read(csv.as_bytes(), &Hints::default())
}

impl Read {
    fn bounces(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.kind == Kind::Bounce)
    }

    fn bounce(&self) -> &Row {
        self.bounces().next().expect("a bounce")
    }

    fn id(&self) -> &str {
        &self.found.format.id
    }
}

/// The words of a row's first event.
fn words(row: &Row) -> Vec<String> {
    let event = row.events.first().expect("an event");
    event.words.iter().map(|span| row.parts[span.part].text[span.start..span.end].to_owned()).collect()
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Expected {
    file: String,
    id: String,
    header: bool,
    delimiter: Option<String>,
    encoding: String,
    day_order: String,
    time_zone: Option<String>,
    /// What has to be asked: `day_order`, `time_zone`.
    open: Vec<String>,
    purpose: String,
    bounces: usize,
    deliveries: usize,
    other: usize,
    unreadable: usize,
    items: usize,
    item: Option<String>,
    mapping: BTreeMap<String, toml::Value>,
    /// The first bounce.
    first: BTreeMap<String, String>,
    words: Vec<String>,
}

fn id(value: impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn facts(file: &str, read: &Read) -> Expected {
    let Found { format, mapping, day_order_open, time_zone_open, .. } = &read.found;
    let count = |wanted: fn(&Kind) -> bool| read.rows.iter().filter(|row| wanted(&row.kind)).count();
    let open = [(*day_order_open, "day_order"), (*time_zone_open, "time_zone")];
    let mapped = toml::Table::try_from(mapping).expect("plain data").into_iter();
    let first = read.bounces().next();
    Expected {
        file: file.to_owned(),
        id: format.id.clone(),
        header: format.header,
        delimiter: format.delimiter.clone(),
        encoding: format.encoding.clone(),
        day_order: id(format.day_order),
        time_zone: format.time_zone.clone(),
        open: open.into_iter().filter(|(open, _)| *open).map(|(_, what)| what.to_owned()).collect(),
        purpose: id(format.purpose),
        bounces: count(|kind| *kind == Kind::Bounce),
        deliveries: count(|kind| *kind == Kind::Delivery),
        other: count(|kind| *kind == Kind::Other),
        unreadable: count(|kind| matches!(kind, Kind::Unreadable(_))),
        items: read.items.len(),
        item: read.items.first().cloned(),
        mapping: mapped.filter(|(_, value)| value.as_array().is_none_or(|several| !several.is_empty())).collect(),
        first: first.map(about).unwrap_or_default(),
        words: first.map(words).unwrap_or_default(),
    }
}

/// All that a row says around its words.
fn about(row: &Row) -> BTreeMap<String, String> {
    let (about, event) = (&row.about, &row.events[0]);
    let own = |text: &Option<String>| text.clone().unwrap_or_default();
    let facts = [
        ("key", about.key.clone()),
        ("recipient", own(&event.recipient)),
        ("domain", about.domain.clone()),
        ("time", about.time.map(|time| time.to_string()).unwrap_or_default()),
        ("job", about.job.clone()),
        ("source", about.source.clone()),
        ("ip", about.ip.clone()),
        ("pool", about.pool.clone()),
        ("sender", about.sender.clone()),
        ("label", about.label.clone()),
        ("platform", event.label.as_ref().map(|(source, _)| source.clone()).unwrap_or_default()),
        ("said", about.said.map(|cause| cause.id().to_owned()).unwrap_or_default()),
        ("message", about.message.clone()),
        ("smtp_code", event.smtp_code.map(|code| code.to_string()).unwrap_or_default()),
        ("enhanced", own(&event.enhanced)),
        ("permanence", event.permanence.map(|permanence| permanence.id().to_owned()).unwrap_or_default()),
    ];
    facts.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name.to_owned(), value)).collect()
}

#[test]
fn every_export_is_recognised() {
    #[derive(Default, Serialize, Deserialize)]
    struct All {
        export: Vec<Expected>,
    }
    let all: All = toml::from_str(&fs::read_to_string("tests/exports/expected.toml").expect("the list")).expect("a list of exports");
    let mut files: Vec<String> = fs::read_dir("tests/exports")
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a plain name"))
        .filter(|name| !name.ends_with(".toml"))
        .collect();
    files.sort();
    assert!(files.len() > 50);
    let mut wrong = All::default();
    for file in &files {
        let found = facts(file, &read(&fs::read(format!("tests/exports/{file}")).expect("a file"), &Hints::default()));
        if all.export.iter().find(|expected| expected.file == *file) != Some(&found) {
            wrong.export.push(found);
        }
    }
    assert!(wrong.export.is_empty(), "not as expected:\n{}", toml::to_string(&wrong).expect("plain data"));
    assert_eq!(all.export.len(), files.len());
}

const VIEW: &str = "SubscriberKey,JobID,EventDate,IsUnique,Domain,BounceCategory,SMTPBounceReason,SMTPMessage,SMTPCode,IsFalseBounce\n";

#[test]
fn one_name_has_two_meanings() {
    let classes = text("email,bounce_reason,campaign\na@example.com,UNKNOWN_USER,x\nb@example.net,MAILBOX_FULL,x\n");
    assert_eq!((classes.found.mapping.text.len(), classes.found.mapping.label.as_slice()), (0, &["bounce_reason".to_owned()][..]));
    let replies = text("email,bounce_reason,campaign\na@example.com,550 5.1.1 no such user,x\n");
    assert_eq!(replies.found.mapping.text, ["bounce_reason"]);

    let codes = text("email,code,reason\na@example.com,550,no such mailbox here\nb@example.net,452,mailbox is full now\n");
    assert_eq!((codes.found.mapping.code.as_deref(), codes.found.mapping.enhanced), (Some("code"), None));
    let statuses = text("email,code,reason\na@example.com,5.1.1,no such mailbox here\nb@example.net,4.2.2,mailbox is full now\n");
    assert_eq!((statuses.found.mapping.code, statuses.found.mapping.enhanced.as_deref()), (None, Some("code")));

    let status = text("email,status,reason\na@example.com,5.1.1,no such mailbox here\n");
    assert_eq!((status.found.mapping.enhanced.as_deref(), status.found.mapping.label.len()), (Some("status"), 0));
    let kinds = text("email,status,reason\na@example.com,hard-bounced,550 no such user\nb@example.com,delivered,\nc@example.com,open,\n");
    assert_eq!((kinds.found.mapping.kind.as_deref(), kinds.found.mapping.enhanced.clone()), (Some("status"), None));
    assert_eq!(kinds.rows.iter().map(|row| row.kind.clone()).collect::<Vec<_>>(), [Kind::Bounce, Kind::Delivery, Kind::Other]);
}

#[test]
fn a_platforms_sentence_is_no_reply() {
    let read = text(
        "RecordType,Type,TypeCode,Email,BouncedAt,Description,Details\nBounce,HardBounce,1,a@example.com,2026-10-03T08:15:00Z,The server could not deliver to the mailbox,smtp;550 5.1.1 gone\n",
    );
    assert_eq!((read.id(), read.found.mapping.text.as_slice()), ("postmark", &["Details".to_owned()][..]));
    assert_eq!(words(read.bounce()), ["550 5.1.1 gone"]);
}

#[test]
fn a_class_without_a_reply_is_a_label() {
    let read = read(&fs::read("tests/exports/hubspot.csv").expect("the file"), &Hints::default());
    let first = read.bounce();
    assert!(first.events[0].words.is_empty());
    assert_eq!((first.about.label.as_str(), first.about.said), ("UNKNOWN_USER", Some(Cause::UserUnknown)));
    let kept_back = read.bounces().find(|row| row.about.label == "PREVIOUSLY_BOUNCED").expect("one that was not sent");
    assert_eq!(kept_back.about.said, Some(Cause::SuppressedByEsp));
}

#[test]
fn columns_may_stand_in_any_order_under_any_capitals() {
    let straight = text(&format!(
        "{VIEW}003A,77,10/3/2026 8:15:00 AM,True,Example.COM,Hard bounce,550 5.1.1 gone,,550,False\n003B,77,10/3/2026 8:16:00 AM,True,example.com,Soft bounce,,452 4.2.2 full,452,False\n"
    ));
    let swapped = text(
        "note;SMTP CODE;smtpmessage;SMTPBOUNCEREASON;bounce_category;Email Address;DOMAIN;Is Unique;Event Date;Job Id;SUBSCRIBERKEY\n\
         x;550;;550 5.1.1 gone;Hard bounce;a@example.com;Example.COM;True;10/3/2026 8:15:00 AM;77;003A\n\
         y;452;452 4.2.2 full;;Soft bounce;b@example.com;example.com;True;10/3/2026 8:16:00 AM;77;003B\n",
    );
    assert_eq!((straight.id(), swapped.id()), ("sfmc_bounce_view", "sfmc_bounce_view"));
    for (one, other) in straight.rows.iter().zip(&swapped.rows) {
        let (mut one, mut other) = (about(one), about(other));
        assert_eq!(other.remove("recipient").is_some(), one.remove("recipient").is_none(), "the joined address");
        assert_eq!(one, other);
    }
    assert_eq!(straight.rows.iter().map(words).collect::<Vec<_>>(), swapped.rows.iter().map(words).collect::<Vec<_>>());
    assert_eq!(straight.bounce().about.domain, "example.com");
}

#[test]
fn a_job_is_called_either_way() {
    for name in ["SendID", "JobID"] {
        let read = text(&format!(
            "ClientID,{name},SubscriberKey,EmailAddress,ListID,EventDate,EventType,BounceCategory,SMTPCode,BounceReason\n1,42,k,a@example.com,9,1/2/2024,HardBounce,Hard bounce,550,550 5.1.1 gone\n"
        ));
        assert_eq!((read.id(), read.found.mapping.job.as_deref()), ("sfmc_extract", Some(name)));
        assert_eq!((read.bounce().about.job.as_str(), read.found.format.day_order), ("42", DayOrder::Mdy));
    }
}

#[test]
fn of_two_texts_the_containing_one_wins() {
    let reply = |reason: &str, message: &str| {
        let read = text(&format!("{VIEW}003A,77,10/3/2026,True,example.com,Hard bounce,{reason},{message},550,False\n"));
        words(read.bounce())
    };
    assert_eq!(reply("550 5.1.1 gone", "550 5.1.1 gone for good"), ["550 5.1.1 gone for good"]);
    assert_eq!(reply("550 5.1.1 gone", ""), ["550 5.1.1 gone"]);
    assert_eq!(reply("User unknown", "550 refused by policy of example"), ["550 refused by policy of example", "User unknown"]);
}

#[test]
fn flags_of_the_bounce_view() {
    let read = text(&format!(
        "{VIEW}003A,77,10/3/2026,False,example.com,Hard bounce,550 5.1.1 gone,,550,False\n003B,77,10/3/2026,True,example.com,Hard bounce,550 5.1.1 gone,,550,True\n"
    ));
    assert!(read.rows[0].about.repeated);
    assert_eq!((read.rows[0].kind.clone(), read.rows[1].kind.clone()), (Kind::Bounce, Kind::Delivery));
}

#[test]
fn day_and_month() {
    let dates = |first: &str, second: &str| {
        text(&format!("email,bounced at,reason\na@example.com,{first},550 5.1.1 gone\nb@example.com,{second},550 5.1.1 gone\n"))
    };
    let order = |read: &Read| (read.found.format.day_order, read.found.day_order_open);
    let day_first = dates("3/10/2026 08:15", "13/10/2026 08:15");
    assert_eq!((order(&day_first), day_first.rows[0].about.time), ((DayOrder::Dmy, false), Some(1_791_015_300)));
    let month_first = dates("10/3/2026 08:15", "10/13/2026 08:15");
    assert_eq!((order(&month_first), month_first.rows[0].about.time), ((DayOrder::Mdy, false), Some(1_791_015_300)));
    let open = dates("3/10/2026 08:15", "4/10/2026 08:15");
    assert_eq!((order(&open), open.rows[0].about.time), ((DayOrder::Unknown, true), None));
    assert!(open.warnings.iter().any(|warning| warning.contains("day first or month first")), "{:?}", open.warnings);

    let hints = Hints { day_order: Some(DayOrder::Dmy), time_zone: Some("+02:00".into()), ..Hints::default() };
    let told = read(b"email,bounced at,reason\na@example.com,3/10/2026 10:15,550 5.1.1 gone\n", &hints);
    assert_eq!((order(&told), told.rows[0].about.time), ((DayOrder::Dmy, false), Some(1_791_015_300)));
    assert!(!told.found.time_zone_open && open.found.time_zone_open);
}

#[test]
fn what_spreadsheets_do() {
    let read = text(&format!("{VIEW}=\"003A\",'77,10/3/2026,True,example.com,Hard bounce,550 gone for good,,550.0,False\n"));
    let row = read.bounce();
    assert_eq!((row.about.key.as_str(), row.about.job.as_str(), row.events[0].smtp_code), ("003A", "77", Some(550)));
    let read =
        text("status,reason,email,created\n5-Jan-01,550 5.1.1 gone,a@example.com,1.79E+09\n5.2.1,550 5.2.1 off,b@example.com,1790083507\n");
    assert_eq!(
        (read.id(), read.rows[0].events[0].enhanced.as_deref(), read.rows[1].events[0].enhanced.as_deref()),
        ("sendgrid", None, Some("5.2.1"))
    );
    assert_eq!(read.rows[0].about.time, Some(1_790_000_000));
}

#[test]
fn the_users_word_goes_first() {
    let csv = "email,reason,second,when\na@example.com,550 5.1.1 gone,552 5.2.2 mailbox full,2026-10-03\n";
    let map = vec![(Need::Text, vec!["second".to_owned()]), (Need::Job, vec!["WHEN".to_owned()]), (Need::Source, vec!["lists".to_owned()])];
    let read = read(csv.as_bytes(), &Hints { map, ..Hints::default() });
    assert_eq!(words(read.bounce()), ["552 5.2.2 mailbox full"]);
    assert_eq!((read.bounce().about.job.as_str(), read.found.mapping.source.as_deref()), ("2026-10-03", None));
    assert_eq!(read.warnings, ["There is no column “lists”. There are: email, reason, second, when."]);
}

#[test]
fn a_table_without_header_is_read_by_its_values() {
    let read = text(
        "x,2026-10-03 08:15:00,news@example.org,a@example.com,550 5.1.1 no such user\ny,2026-10-03 08:16:00,news@example.org,b@example.net,452 4.2.2 mailbox full\n",
    );
    let mapping = &read.found.mapping;
    assert!(!read.found.format.header);
    assert_eq!(
        (mapping.text.as_slice(), mapping.recipient.as_deref(), mapping.timestamp.as_deref()),
        (&["#5".to_owned()][..], Some("#4"), Some("#2"))
    );
    assert_eq!(read.bounces().count(), 2);
}

#[test]
fn replies_alone_name_their_people() {
    let read = text("550 5.1.1 <a@example.com>: User unknown\n452 4.2.2 <b@example.net>: Mailbox full\n");
    let people: Vec<_> = read.bounces().map(|row| row.events[0].recipient.clone().unwrap_or_default()).collect();
    assert_eq!(people, ["a@example.com", "b@example.net"]);
}

#[test]
fn a_table_that_speaks_of_logs_is_a_table() {
    let read = text(
        "date,email,reason\n2026-10-03,a@example.com,\"host mx.example.com[192.0.2.7] said: 550 5.1.1 gone (in reply to RCPT TO command), see postfix\"\n2026-10-04,b@example.com,550 5.1.1 gone -> b@example.com\n",
    );
    assert_eq!((read.id(), read.bounces().count()), ("generic", 2));
    assert_eq!(words(read.bounce()), ["550 5.1.1 gone (in reply to RCPT TO command), see postfix"]);
}

#[test]
fn short_and_long_rows() {
    let read = text("email,campaign,reason\na@example.com,x,550 5.1.1 gone\nb@example.com\nc@example.com,x,550 5.1.1 gone,z,z\n");
    assert!(matches!(&read.rows[1].kind, Kind::Unreadable(why) if why.contains("ends before its reply")), "{:?}", read.rows[1].kind);
    assert_eq!(read.bounces().count(), 2);
}

#[test]
fn unknown_json_is_a_table_of_its_fields() {
    let json = "{\"who\":{\"mail\":\"a@example.com\"},\"when\":\"2026-10-03T08:15:00Z\",\"answer\":\"550 5.1.1 no such user\",\"campaign\":\"autumn\"}\n";
    let read = text(&json.repeat(3));
    let mapping = &read.found.mapping;
    assert_eq!(
        (read.id(), mapping.text.as_slice(), mapping.recipient.as_deref()),
        ("generic", &["answer".to_owned()][..], Some("who.mail"))
    );
    let row = read.bounce();
    assert_eq!((row.about.time, row.about.job.as_str(), row.about.domain.as_str()), (Some(1_791_015_300), "autumn", "example.com"));
    assert_eq!(words(row), ["550 5.1.1 no such user"]);
}

#[test]
fn an_event_of_several_people_is_one_record() {
    let read = read(&fs::read("tests/exports/ses.json").expect("the file"), &Hints::default());
    let two = read.bounces().find(|row| row.events.len() == 2).expect("an event with two recipients");
    assert_eq!(two.events[1].recipient.as_deref(), Some("second@example.net"));
    let bare = read.bounces().find(|row| row.events[0].words.is_empty() && row.about.said.is_some()).expect("an event without a reply");
    assert_eq!(bare.about.said, Some(Cause::MailboxFull));
}

#[test]
fn purposes() {
    let purpose = |csv: &str| text(csv).found.format.purpose;
    assert_eq!(purpose("JobID,Sent\n77,1200\n"), Purpose::Sent);
    assert_eq!(purpose("SubscriberKey,EmailAddress\n003A,a@example.com\n"), Purpose::Addresses);
    assert_eq!(purpose("email\na@example.com\nb@example.com\n"), Purpose::Suppressions);
    assert_eq!(purpose("email,reason,created_at\na@example.com,manual,2026-10-03\n"), Purpose::Suppressions);
    assert_eq!(purpose("email,reason,created_at\na@example.com,550 5.1.1 gone,2026-10-03\n"), Purpose::Bounces);
    let opens = text(
        "ClientID,SendID,SubscriberKey,EmailAddress,SubscriberID,ListID,EventDate,EventType,BatchID\n1,42,k,a@example.com,5,9,1/2/2024,Open,1\n",
    );
    assert!(opens.items.is_empty(), "an open is no send: {:?}", opens.items);
    let hints = Hints { purpose: Some(Purpose::Suppressions), ..Hints::default() };
    assert_eq!(
        read(b"email,reason\na@example.com,550 5.1.1 gone\n", &hints).items,
        ["Listed { person: \"a@example.com\", reason: \"550 5.1.1 gone\", since: None }"]
    );
}

#[test]
fn what_is_certain_needs_no_question() {
    let sure = |read: &Read| {
        read.found.sure.iter().all(|(_, sure)| *sure == Confidence::High) && !read.found.day_order_open && !read.found.time_zone_open
    };
    for file in ["sfmc_bounce_view.csv", "sfmc_extract.csv", "sendgrid.csv", "powermta.csv", "ses.json", "m365_trace.csv"] {
        assert!(sure(&read(&fs::read(format!("tests/exports/{file}")).expect("a file"), &Hints::default())), "{file}");
    }
    assert!(!sure(&read(&fs::read("tests/exports/generic.csv").expect("a file"), &Hints::default())));
}

#[test]
fn every_format_is_in_the_documents() {
    let catalogue: toml::Table = toml::from_str(include_str!("../src/sheet/formats.toml")).expect("a catalogue");
    let document = fs::read_to_string("docs/exports.md").expect("the document");
    let ids = catalogue["format"].as_array().expect("a list").iter().filter_map(|format| format["id"].as_str());
    let missing: Vec<&str> = ids.filter(|id| !document.contains(&format!("| `{id}` |"))).collect();
    assert!(missing.is_empty(), "docs/exports.md does not name {missing:?}");
}

/// Torn, cut and doubled files are read to their end, and every record is counted.
#[test]
fn harmed_exports_are_read_to_their_end() {
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = |limit: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed >> 33).unwrap_or_default() % limit.max(1)
    };
    for entry in fs::read_dir("tests/exports").expect("the folder") {
        let whole = fs::read(entry.expect("an entry").path()).expect("a file");
        for _ in 0..12 {
            let mut bytes = whole.clone();
            for _ in 0..=next(8) {
                let at = next(bytes.len());
                match next(5) {
                    0 => bytes.truncate(at),
                    1 => drop(bytes.drain(at..(at + next(40)).min(bytes.len()))),
                    2 => bytes.splice(at..at, *b"\"\n,;{\0\xff").for_each(drop),
                    3 => bytes.extend_from_within(at..),
                    _ => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte = byte.wrapping_add(97)),
                }
                bytes.push(b'\n');
            }
            let mut sheet = Sheet::new("harmed", &Hints { now: Some(NOW), ..Hints::default() });
            let mut each = |item: Item<'_>| {
                if let Item::Row(row) = item {
                    let spans = row.events.iter().flat_map(|event| event.words.iter().chain(&event.around));
                    spans.for_each(|span| assert!(row.parts[span.part].text.get(span.start..span.end).is_some()));
                }
            };
            sheet.feed(&bytes, &mut each);
            sheet.finish(&mut each);
        }
    }
}
