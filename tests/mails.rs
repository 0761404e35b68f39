//! The mail reader against whole mails, composed from the documented form of each program's notice.

use proptest::prelude::*;
use undelivered::read::{Event, Fate, Notice, codes, mail};

/// File, then for each recipient: address, fate, reply code, enhanced code, a piece of the deciding words.
type Case = (&'static str, &'static [(&'static str, Fate, Option<u16>, Option<&'static str>, &'static str)]);

const CASES: &[Case] = &[
    ("james", &[("ann@example.com", Fate::Failed, Some(553), Some("5.3.0"), "No such user here")]),
    (
        "mailmarshal",
        &[
            ("ann@example.com", Fate::Failed, Some(550), Some("5.1.1"), "User unknown"),
            ("bob@example.com", Fate::Failed, Some(550), Some("5.1.1"), "User unknown"),
        ],
    ),
    ("groupwise", &[("ann@example.com", Fate::Failed, None, None, "user not found")]),
    ("zoho", &[("ann@example.com", Fate::Failed, Some(550), Some("5.1.1"), "User Unknown")]),
    (
        "ecelerity",
        &[
            ("ann@example.com", Fate::Failed, Some(550), Some("5.1.1"), "User unknown"),
            ("bob@example.com", Fate::Failed, None, None, "exceeded max time"),
        ],
    ),
    ("mdaemon", &[("ann@example.com", Fate::Failed, Some(550), Some("5.1.1"), "No such user here")]),
    (
        "exchange2003",
        &[
            ("ann@example.com", Fate::Failed, Some(550), Some("5.2.2"), "Mailbox Full"),
            ("bob@example.com", Fate::Failed, None, None, "recipient name is not recognized"),
        ],
    ),
    ("office365-html", &[("ann@example.com", Fate::Failed, Some(550), Some("5.1.10"), "RecipientNotFound")]),
    ("surfcontrol", &[("ann@example.com", Fate::Failed, Some(550), None, "No such user")]),
    ("interscan", &[("ann@example.com", Fate::Failed, Some(550), Some("5.1.1"), "user unknown")]),
    ("domino-smtp", &[("ann@example.com", Fate::Failed, Some(550), Some("5.7.1"), "rejected due to policy")]),
    ("courier", &[("ann@example.com", Fate::Failed, Some(550), Some("5.1.1"), "User Unknown")]),
    (
        "exim-two",
        &[
            ("ann@example.com", Fate::Failed, Some(550), Some("5.1.1"), "does not exist"),
            ("bob@example.net", Fate::Failed, None, None, "failing for a long time"),
        ],
    ),
    (
        "sendmail-list",
        &[
            ("ann@example.com", Fate::Failed, Some(550), Some("5.1.1"), "User unknown"),
            ("bob@example.net", Fate::Failed, Some(552), Some("5.2.2"), "Mailbox full"),
        ],
    ),
    ("delay", &[("ann@example.com", Fate::Delayed, None, None, "Connection")]),
    ("receipt", &[("ann@example.com", Fate::Delivered, None, None, "")]),
    ("global", &[("用户@例子.example", Fate::Failed, Some(550), Some("5.1.1"), "unknown user")]),
    ("kddi", &[("ann@example.com", Fate::Failed, None, None, "mailbox is full")]),
    ("feedback", &[("ann@example.com", Fate::Feedback, None, None, "")]),
    ("challenge", &[("ann@example.com", Fate::Challenge, None, None, "")]),
    ("forwarded", &[("ann@example.com", Fate::Failed, Some(552), Some("5.2.2"), "mailbox over")]),
    ("hmailserver", &[("ann@example.com", Fate::Failed, Some(550), Some("5.1.1"), "User unknown")]),
    ("communigate", &[("ann@example.com", Fate::Failed, Some(550), Some("5.1.1"), "unknown user account")]),
    ("exchange2003-french", &[("ann@example.com", Fate::Failed, None, Some("5.2.2"), "est pleine")]),
    ("office365-japanese", &[("ann@example.com", Fate::Failed, Some(550), Some("5.1.1"), "RecipNotFound")]),
    ("xmail", &[("ann@example.com", Fate::Failed, Some(550), Some("5.1.1"), "User unknown")]),
    ("exim-german", &[("ann@example.com", Fate::Failed, Some(550), Some("5.1.1"), "User unknown")]),
    ("opensmtpd-delay", &[("ann@example.com", Fate::Delayed, Some(421), Some("4.7.0"), "Try again later")]),
    ("mimecast", &[("ann@example.com", Fate::Failed, Some(550), Some("5.1.1"), "User Unknown")]),
    ("qq", &[("ann@example.com", Fate::Failed, None, None, "不存在")]),
    ("replied", &[("ann@example.com", Fate::Failed, Some(452), Some("4.2.2"), "Mailbox full")]),
    ("japanese", &[("ann@example.jp", Fate::Failed, None, None, "存在しません")]),
];

fn load(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/mails/{name}.eml", env!("CARGO_MANIFEST_DIR"))).expect("a composed mail")
}

fn words(notice: &Notice, event: &Event) -> String {
    let texts: Vec<&str> = event.words.iter().filter_map(|span| notice.parts[span.part].text.get(span.start..span.end)).collect();
    texts.join("\n")
}

/// What is compared: address, fate, codes.
fn outline(notice: &Notice) -> Vec<(String, Fate, Option<u16>, Option<String>)> {
    let outline = |event: &Event| {
        let found = codes::find(&words(notice, event));
        let enhanced = found.enhanced.map(|(code, _)| code.to_string());
        (event.recipient.clone().unwrap_or_default(), event.fate, found.smtp.map(|(code, _)| code), enhanced)
    };
    notice.events.iter().map(outline).collect()
}

#[test]
fn every_program_is_read() {
    for (name, wanted) in CASES {
        let notice = mail::read(&load(name)).unwrap_or_else(|| panic!("{name} is a mail"));
        let wanted_outline: Vec<_> =
            wanted.iter().map(|(to, fate, smtp, enhanced, _)| ((*to).to_owned(), *fate, *smtp, enhanced.map(String::from))).collect();
        assert_eq!(outline(&notice), wanted_outline, "{name}");
        for (event, (.., piece)) in notice.events.iter().zip(*wanted) {
            assert!(words(&notice, event).contains(piece), "{name}: {:?} has no {piece:?}", words(&notice, event));
        }
    }
}

/// Texts copied out of a mail program: file, recipient, a piece of the deciding words.
const PASTED: [(&str, &str, &str); 4] = [
    ("pasted-forward", "ann@example.com", "blocked using Spamhaus"),
    ("pasted-outlook-forward", "ann@example.com", "User unknown"),
    ("pasted-exchange2003-german", "ann@example.com", "nicht vorhanden"),
    ("pasted-domino", "ann@example.com", "not listed in Domino Directory"),
];

#[test]
fn pasted_notices_are_read() {
    for (name, recipient, piece) in PASTED {
        let text = std::fs::read_to_string(format!("{}/tests/mails/{name}.txt", env!("CARGO_MANIFEST_DIR"))).expect("a composed text");
        let notice = mail::read_text(&text).unwrap_or_else(|| panic!("{name} is a notice"));
        let [event] = notice.events.as_slice() else { panic!("{name}: {:?}", notice.events) };
        assert_eq!(event.recipient.as_deref(), Some(recipient), "{name}");
        assert!(words(&notice, event).contains(piece), "{name}: {:?}", words(&notice, event));
    }
}

/// No blank line before the second mail, and envelope lines that name nobody.
#[test]
fn a_careless_mailbox_is_split() {
    let bytes = std::fs::read(format!("{}/tests/mails/careless.mbox", env!("CARGO_MANIFEST_DIR"))).expect("a composed mailbox");
    let recipients: Vec<_> =
        undelivered::read::read(&bytes).iter().flat_map(|mail| &mail.events).filter_map(|event| event.recipient.clone()).collect();
    assert_eq!(recipients, ["ann@example.com", "bob@example.net"]);
}

#[test]
fn line_ends_quoting_and_indenting_change_nothing() {
    for (name, _) in CASES {
        let plain = load(name);
        let wanted = outline(&mail::read(&plain).expect("a mail"));
        let lines = || plain.split(|byte| *byte == b'\n');
        for (mark, end) in [("", "\r\n"), ("", "\r"), ("> ", "\n"), ("    ", "\n"), ("> > ", "\r\n")] {
            let changed: Vec<u8> = lines().flat_map(|line| [mark.as_bytes(), line, end.as_bytes()].concat()).collect();
            assert_eq!(outline(&mail::read(&changed).expect("still a mail")), wanted, "{name} with {mark:?} and {end:?}");
        }
    }
}

/// Every span lies in its part, on character boundaries.
fn spans_hold(notice: Option<Notice>) {
    let Some(notice) = notice else { return };
    for span in notice.events.iter().flat_map(|event| event.words.iter().chain(&event.around)) {
        assert!(notice.parts[span.part].text.get(span.start..span.end).is_some(), "{span:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        spans_hold(mail::read(&bytes));
        spans_hold(mail::read(&[b"Subject: failure notice\nFrom: x\n\n".as_slice(), &bytes].concat()));
        spans_hold(mail::read_text(&String::from_utf8_lossy(&bytes)));
        mail::split_mbox(&bytes);
    }

    #[test]
    fn broken_mails_are_read(case in 0..CASES.len(), cut in 0usize..4000, flips in proptest::collection::vec((0usize..4000, any::<u8>()), 0..30)) {
        let mut bytes = load(CASES[case].0);
        bytes.truncate(cut.max(40));
        for (at, byte) in flips {
            if let Some(there) = bytes.get_mut(at) {
                *there = byte;
            }
        }
        spans_hold(mail::read(&bytes));
        spans_hold(mail::read_text(&String::from_utf8_lossy(&bytes)));
    }

    #[test]
    fn any_words_of_notices_are_read(words in proptest::collection::vec(prop_oneof![
        Just("a@b.example"), Just("<c@d.example>"), Just("\n"), Just("\n\n"), Just("550"), Just("5.1.1"), Just("said:"), Just("->"), Just("<<<"), Just(">>>"),
        Just("..."), Just("Final-Recipient: rfc822;"), Just("Action: failed"), Just("could not be delivered"), Just("Original message"), Just("ä配"), Just("-----"),
        Just("--b"), Just("Content-Type: message/rfc822"), Just("<p>"), Just("&"), Just("@"), Just(":"), Just("> "),
    ], 0..120)) {
        let text = words.join(" ");
        spans_hold(mail::read_text(&text));
        spans_hold(mail::read(format!("Subject: Undeliverable\nContent-Type: multipart/mixed; boundary=b\n\n{text}").as_bytes()));
        spans_hold(mail::read(format!("Subject: Undeliverable\nContent-Type: text/html\n\n{text}").as_bytes()));
    }
}
