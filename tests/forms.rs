//! The readers of logs, events, program errors and dialogues, on hostile input: no panic, spans that hold, linear time.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use undelivered::read::{self, Notice, Span, client, event, log, transcript};

const READERS: [fn(&str) -> Option<Notice>; 4] = [log::read, event::read, client::read, transcript::read];

/// Pieces of the forms, to be put together in any order, and cut anywhere.
const PIECES: [&str; 44] = [
    "Mar 22 17:56:37 mx postfix/smtp[1]: ABCDE1: ",
    "to=<pat@example.com>, ",
    "relay=mx.example.com[192.0.2.1]:25, dsn=5.1.1, ",
    "status=bounced (host mx.example.com[192.0.2.1] said: 550 5.1.1 no (in reply to RCPT TO command))",
    "status=deferred (",
    "reject: RCPT from ",
    "2026-03-01 10:11:13 1tABCE-0001Xy-2a ** ",
    "== pat@example.com R=x T=y defer (-44) H=mx [192.0.2.1]: ",
    "SMTP error from remote mail server after ",
    "stat=Deferred: ",
    "delivery 18: failure: a_b/",
    "starting delivery 18: msg 1 to remote é@x",
    "(delivery.rcpt-to-rejected) queueId = 1, to = \"é\"",
    "event=delivery evpid=1 result=\"PermFail\" stat=\"",
    " id=1 REJECTED[x] to=a (",
    "[outbound] recipient <a@b> rejected: ",
    "b,1,a@b.example,c@d.example,,",
    "type,rcpt,dsnDiag\n",
    "#Fields: event-id,recipient-address\n",
    "[{LED=550 é};{MSG=",
    "1064868656@a@b@c@B@pat@example.com@x@y@",
    "{\"notificationType\":\"Bounce\",\"mail\":{},",
    "\"bounce\":{\"bouncedRecipients\":[{\"emailAddress\":\"é@x\",",
    "\"diagnosticCode\":\"smtp; 550 no\"}]}}",
    "[{",
    "\"Message\":\"{\\\"a\\\":1}\"",
    "{\"msg\":{\"email\":[1,null]}}",
    "(550, b'5.1.1 \\n no'",
    "{'pat@example.com': (550, \"é",
    "response: '550 no' +\n 'x', responseCode: 550, recipient: 'é'",
    "rejectedErrors: [",
    "dial tcp 192.0.2.1:25: é",
    "SMTPAddressFailedException: 550 no",
    " Detail: x SMTP code: 550",
    "The server response was: ",
    "\n",
    "é",
    "\u{0}",
    "\\u00",
    "550-5.1.1 no\n",
    "EHLO x\n",
    "<** 550 no\n",
    ".\n",
    "354 go\n",
];

fn check(notice: &Notice) {
    let holds = |span: &Span| notice.parts.get(span.part).is_some_and(|part| part.text.get(span.start..span.end).is_some());
    for (at, part) in notice.parts.iter().enumerate() {
        assert_eq!(part.id, at);
    }
    for event in &notice.events {
        assert!(event.words.iter().chain(&event.around).all(holds), "{event:?}");
        assert!(event.stage.as_ref().and_then(|(_, span)| span.as_ref()).is_none_or(holds), "{event:?}");
    }
}

fn read_all(text: &str) {
    READERS.iter().filter_map(|reader| reader(text)).for_each(|notice| check(&notice));
    check(&read::read_text(text));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in "\\PC{0,400}") {
        read_all(&text);
    }

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        read_all(&String::from_utf8_lossy(&bytes));
        read::read(&bytes).iter().for_each(check);
    }

    #[test]
    fn any_mixture(picks in proptest::collection::vec((0..PIECES.len(), 0..80usize), 1..30)) {
        let cut = |piece: &str, keep: usize| piece.chars().take(keep.max(1)).collect::<String>();
        let text: String = picks.iter().map(|&(at, keep)| cut(PIECES[at], if keep > 40 { 400 } else { keep })).collect();
        read_all(&text);
    }
}

/// Each piece an eighth of a megabyte long, alone and in lines, within a bound that quadratic time misses by far.
#[test]
fn time_is_linear() {
    const SIZE: usize = 1 << 17;
    let mut slow = Vec::new();
    for piece in PIECES.iter().chain(&[
        "(",
        "{",
        "[",
        "\"",
        "@",
        "a@",
        "> ",
        "550 ",
        "5",
        "\\",
        "[[",
        "{\"a\":",
        "{\"a\":\n",
        "[1,\n",
        "'",
        ",",
        "_",
        "stat=",
        "\n>",
        "dial tcp",
    ]) {
        for text in [piece.repeat(SIZE / piece.len()), format!("{piece}\n").repeat(SIZE / (piece.len() + 1))] {
            for (at, reader) in READERS.iter().enumerate() {
                let start = Instant::now();
                reader(&text);
                let took = start.elapsed();
                if took > Duration::from_secs(3) {
                    slow.push((at, *piece, took));
                }
            }
        }
    }
    assert!(slow.is_empty(), "{slow:?}");
}

/// The rows of `docs/forms.md`: form, what it comes from, example, cause.
fn documented() -> Vec<(String, String, String, String)> {
    let page = include_str!("../docs/forms.md");
    let mut section = String::new();
    let mut rows = Vec::new();
    for line in page.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            section = title.split('`').nth(1).unwrap_or_default().to_owned();
        }
        let cells: Vec<&str> = line.split(" | ").map(|cell| cell.trim_matches(['|', ' ']).trim()).collect();
        let [form @ .., from, example, cause] = cells.as_slice() else { continue };
        if !line.starts_with('|') || !example.starts_with('`') {
            continue;
        }
        let bare = |cell: &str| cell.trim_matches('`').replace('⏎', "\n");
        let form = form.last().map_or(section.clone(), |form| bare(form));
        rows.push((form, (*from).to_owned(), bare(example), bare(cause)));
    }
    rows
}

#[test]
fn every_documented_example_is_read() {
    let mut wrong = Vec::new();
    let rows = documented();
    assert!(rows.len() > 60, "{}", rows.len());
    for (form, from, example, cause) in rows {
        let decoded = undelivered::decode_text(&example);
        let found = decoded.outcomes.first().map_or("", |outcome| outcome.cause.id());
        let recipient = decoded.outcomes.first().and_then(|outcome| outcome.recipient.as_deref());
        let as_expected = example.contains("pat@example.com").then_some("pat@example.com");
        if decoded.input.form.id() != form || found != cause || recipient != as_expected {
            wrong.push(format!("{form}, {from}: read as {}, {found}, {recipient:?} instead of {cause}", decoded.input.form.id()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
