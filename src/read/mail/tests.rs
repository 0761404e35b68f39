//! The readers against mails composed from the documented forms.

use super::*;
use crate::read::Event;

fn words<'a>(notice: &'a Notice, event: &Event) -> &'a str {
    event.words.first().map_or("", |span| &notice.parts[span.part].text[span.start..span.end])
}

fn mail(text: &str) -> Notice {
    read(text.as_bytes()).expect("a mail")
}

#[test]
fn what_is_no_mail_is_none() {
    for text in ["", "550 5.1.1 User unknown", "Reporting-MTA: dns; x\nArrival-Date: today\n\nAction: failed", "host: said\nport: 25\n\nx"]
    {
        assert!(read(text.as_bytes()).is_none(), "{text}");
    }
}

#[test]
fn an_answer_is_no_bounce_and_a_bounce_no_answer() {
    let answer = mail("From: Ann <ann@example.com>\nTo: me@example.org\nSubject: Abwesenheitsnotiz: Angebot\n\nIch bin im Urlaub.\n");
    assert_eq!(
        (answer.form, answer.events[0].fate, answer.events[0].recipient.as_deref()),
        (Form::AutoReply, Fate::AutoReply, Some("ann@example.com"))
    );
    let bounce = mail(
        "From: Mail Delivery System <Mailer-Daemon@mx.example.org>\nTo: me@example.org\nAuto-Submitted: auto-replied\nSubject: Mail delivery failed: returning message to sender\n\nA message that you sent could not be delivered:\n\n  ann@example.com\n    SMTP error from remote mail server after RCPT TO:<ann@example.com>:\n    host mx.example.com [192.0.2.1]: 550 5.1.1 no such user here\n\n------ This is a copy of the message, including all the headers. ------\n\nReturn-path: <me@example.org>\n",
    );
    assert_eq!(
        (bounce.form, bounce.events[0].fate, bounce.events[0].recipient.as_deref()),
        (Form::NdrMail, Fate::Failed, Some("ann@example.com"))
    );
    assert_eq!(words(&bounce, &bounce.events[0]), "550 5.1.1 no such user here");
}

#[test]
fn ordinary_mail_has_no_events() {
    let notice = mail("From: a@example.com\nTo: b@example.org\nSubject: lunch\n\nat noon?\n");
    assert_eq!(notice.form, Form::OrdinaryMail);
    assert!(notice.events.is_empty() && notice.warnings.len() == 1);
}

#[test]
fn an_mbox_is_split_at_from_lines_that_open_a_message() {
    let mbox = b"From a Thu Jan 1\nSubject: one\n\nbody\nFrom here on\n\nFrom there on\n\nFrom b Thu Jan 2\nSubject: two\n\nx\n";
    let messages = split_mbox(mbox).unwrap();
    assert_eq!(messages.len(), 2);
    assert!(messages[1].starts_with(b"From b"));
    assert!(split_mbox(b"Subject: x\n\nFrom a\nb: c\n").is_none());
}
