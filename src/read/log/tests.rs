//! One composed sample for each log, in its documented form.

use super::*;
use crate::verdict::Stage;

fn words(notice: &Notice, event: &Event) -> String {
    event.words.first().map(|span| notice.parts[span.part].text[span.start..span.end].to_owned()).unwrap_or_default()
}

#[track_caller]
fn one(text: &str) -> (Event, String, Notice) {
    let notice = read(text).expect("a log");
    assert_eq!(notice.events.len(), 1, "{:#?}", notice.events);
    let event = notice.events[0].clone();
    let words = words(&notice, &event);
    (event, words, notice)
}

#[test]
fn postfix_bounced() {
    let (event, words, notice) = one(
        "Mar 22 17:56:37 mx1 postfix/smtp[15729]: C3EDC5800B4: to=<pat@example.com>, orig_to=<old@example.org>, relay=mx.example.com[192.0.2.1]:25, delay=4.1, dsn=5.1.1, status=bounced (host mx.example.com[192.0.2.1] said: 550 5.1.1 <pat@example.com>: Recipient address rejected: User unknown (in reply to RCPT TO command))",
    );
    assert_eq!(event.recipient.as_deref(), Some("pat@example.com"));
    assert_eq!(words, "550 5.1.1 <pat@example.com>: Recipient address rejected: User unknown");
    assert_eq!(event.stage.map(|(stage, _)| stage), Some(Stage::RcptTo));
    assert_eq!(event.hosts, ["mx.example.com"]);
    assert_eq!((event.fate, event.smtp_code, event.enhanced), (Fate::Failed, None, None));
    assert_eq!((notice.form, notice.unread.len()), (Form::Log, 0));
}

#[test]
fn postfix_deferred_without_a_reply() {
    let (event, words, _) = one(
        "2026-03-01T10:00:00.123456+01:00 mx1 postfix-out/smtp[9]: 4XyZ1b2c3d: to=<pat@example.com>, relay=none, delay=30, dsn=4.4.1, status=deferred (connect to mx.example.com[192.0.2.1]:25: Connection timed out)",
    );
    assert_eq!(words, "connect to mx.example.com[192.0.2.1]:25: Connection timed out");
    assert_eq!(event.permanence, Some(Permanence::Temporary));
    assert_eq!(event.enhanced.as_deref(), Some("4.4.1"));
    assert_eq!(event.stage.map(|(stage, _)| stage), Some(Stage::Connect));
}

#[test]
fn postfix_counts_an_attempt_once() {
    let text = "Mar 22 17:56:36 mx1 postfix/qmgr[2]: C3EDC5800B4: from=<news@example.org>, size=900, nrcpt=2 (queue active)\n\
        Mar 22 17:56:37 mx1 postfix/smtp[3]: C3EDC5800B4: host mx.example.com[192.0.2.1] said: 451 4.7.1 Greylisted, try again later (in reply to RCPT TO command)\n\
        Mar 22 17:56:38 mx1 postfix/smtp[3]: C3EDC5800B4: to=<pat@example.com>, relay=mx2.example.com[192.0.2.2]:25, dsn=4.7.1, status=deferred (host mx2.example.com[192.0.2.2] said: 451 4.7.1 Greylisted, try again later (in reply to RCPT TO command))\n\
        Mar 22 17:56:39 mx1 postfix/smtp[3]: C3EDC5800B4: to=<sam@example.net>, relay=mx.example.net[192.0.2.3]:25, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 12345)\n\
        Mar 22 17:56:40 mx1 postfix/qmgr[2]: C3EDC5800B4: removed\n";
    let notice = read(text).expect("a log");
    let fates: Vec<_> = notice.events.iter().map(|event| (event.recipient.as_deref(), event.fate)).collect();
    assert_eq!(fates, [(Some("pat@example.com"), Fate::Failed), (Some("sam@example.net"), Fate::Delivered)]);
    assert_eq!(notice.unread, ["2 lines of other kinds"]);
}

#[test]
fn postfix_warning_alone_is_an_attempt() {
    let (event, words, _) =
        one("Mar 22 17:56:37 mx1 postfix/smtp[3]: C3EDC5800B4: host mx.example.com[192.0.2.1] refused to talk to me: 554 5.7.1 Blocked");
    assert_eq!(words, "554 5.7.1 Blocked");
    assert_eq!(event.stage.map(|(stage, _)| stage), Some(Stage::Banner));
}

#[test]
fn postfix_expired_keeps_the_last_reason() {
    let text = "Mar 22 17:56:38 mx1 postfix/smtp[3]: C3EDC5800B4: to=<pat@example.com>, relay=none, dsn=4.4.1, status=deferred (connect to mx.example.com[192.0.2.1]:25: Connection refused)\n\
        Mar 27 17:56:38 mx1 postfix/qmgr[2]: C3EDC5800B4: from=<news@example.org>, status=expired, returned to sender\n";
    let notice = read(text).expect("a log");
    assert_eq!(notice.events.len(), 2);
    assert_eq!(words(&notice, &notice.events[1]), "returned to sender");
    assert_eq!(notice.events[1].around.len(), 1);
}

#[test]
fn postfix_refusals() {
    let (event, words, _) = one(
        "Mar 22 17:56:37 mx1 postfix/smtpd[3]: NOQUEUE: reject: RCPT from unknown[192.0.2.9]: 554 5.7.1 <pat@example.com>: Relay access denied; from=<a@example.org> to=<pat@example.com> proto=ESMTP helo=<x>",
    );
    assert_eq!(words, "554 5.7.1 <pat@example.com>: Relay access denied");
    assert_eq!((event.recipient.as_deref(), event.sending_ip.as_deref()), (Some("pat@example.com"), Some("192.0.2.9")));
}

#[test]
fn quoted_and_wrapped_by_a_mail_program() {
    let (event, words, _) = one(
        "> Mar 22 17:56:37 mx1 postfix/smtp[15729]: C3EDC5800B4:\n> to=<pat@example.com>, relay=mx.example.com[192.0.2.1]:25, delay=4.1,\n> dsn=5.1.1, status=bounced (host mx.example.com[192.0.2.1] said: 550\n> 5.1.1 User unknown (in reply to RCPT TO command))\n",
    );
    assert_eq!(event.recipient.as_deref(), Some("pat@example.com"));
    assert_eq!(words, "550 5.1.1 User unknown");
    assert_eq!(event.enhanced, None);
}

#[test]
fn exim_failed_and_deferred() {
    let text = "2026-03-01 10:11:12 1tABCD-000000001Xy-2aBC <= news@example.org U=www P=local S=900\n\
        2026-03-01 10:11:13 1tABCD-000000001Xy-2aBC ** pat@example.com F=<news@example.org> R=dnslookup T=remote_smtp H=mx.example.com [192.0.2.1] X=TLS1.3:ECDHE:256 CV=yes: SMTP error from remote mail server after RCPT TO:<pat@example.com>: 550-5.1.1 No such\\n550 5.1.1 user here\n\
        2026-03-01 10:11:14 1tABCE-0001Xy-2a == sam@example.net R=dnslookup T=remote_smtp defer (110): Connection timed out H=mx.example.net [192.0.2.2]\n\
        2026-03-01 10:11:15 1tABCE-0001Xy-2a ** kim@nowhere.example: Unrouteable address\n\
        2026-03-01 10:11:15 1tABCE-0001Xy-2a => lee@example.net R=dnslookup T=remote_smtp H=mx.example.net [192.0.2.2] C=\"250 OK id=1\"\n";
    let notice = read(text).expect("a log");
    let [failed, waits, local, arrived] = notice.events.as_slice() else { panic!("{:#?}", notice.events) };
    assert_eq!(words(&notice, failed), "550-5.1.1 No such\n550 5.1.1 user here");
    assert_eq!(failed.stage.map(|(stage, _)| stage), Some(Stage::RcptTo));
    assert_eq!(failed.hosts, ["mx.example.com"]);
    assert_eq!((waits.permanence, waits.recipient.as_deref()), (Some(Permanence::Temporary), Some("sam@example.net")));
    assert!(words(&notice, waits).starts_with("Connection timed out"));
    assert_eq!(words(&notice, local), "Unrouteable address");
    assert_eq!((local.recipient.as_deref(), arrived.fate), (Some("kim@nowhere.example"), Fate::Delivered));
    assert_eq!(notice.unread, ["1 line of another kind"]);
}

#[test]
fn exim_old_style_names_the_host_in_the_message() {
    let (event, words, _) = one(
        "2009-03-01 10:11:13 1LcABC-0001Xy-2a ** pat@example.com R=dnslookup T=remote_smtp: SMTP error from remote mail server after end of data: host mx.example.com [192.0.2.1]: 554 5.7.1 Message refused",
    );
    assert_eq!(words, "554 5.7.1 Message refused");
    assert_eq!(event.stage.map(|(stage, _)| stage), Some(Stage::EndOfData));
    assert_eq!(event.hosts, ["mx.example.com"]);
}

#[test]
fn sendmail_stat() {
    let text = "Mar  1 10:00:00 mx sm-mta[1234]: q2ABC: to=<pat@example.com>,<sam@example.com>, ctladdr=<a@example.org> (33/33), delay=00:00:02, mailer=esmtp, pri=120343, relay=mx.example.com. [192.0.2.1], dsn=5.1.1, reply=550 5.1.1 No such user, stat=User unknown\n";
    let notice = read(text).expect("a log");
    assert_eq!(notice.events.len(), 2);
    let event = &notice.events[1];
    assert_eq!(event.recipient.as_deref(), Some("sam@example.com"));
    assert_eq!(words(&notice, event), "550 5.1.1 No such user");
    assert_eq!(event.hosts, ["mx.example.com"]);
    let (event, words, _) = one(
        "Mar  1 10:00:00 mx sendmail[9]: q2ABD: to=<pat@example.com>, delay=1, mailer=esmtp, relay=mx.example.com. [192.0.2.1], dsn=4.0.0, stat=Deferred: Connection refused by mx.example.com.",
    );
    assert_eq!((words.as_str(), event.permanence), ("Connection refused by mx.example.com.", Some(Permanence::Temporary)));
    assert_eq!(event.enhanced.as_deref(), Some("4.0.0"));
}

#[test]
fn qmail_delivery() {
    let text = "@400000005f0000001a000000 starting delivery 18: msg 123 to remote pat@example.com\n\
        @400000005f0000001a000000 delivery 18: failure: 192.0.2.1_does_not_like_recipient./Remote_host_said:_550_5.1.1_No_such_user,_see_https://help.example/x/y/Giving_up_on_192.0.2.1./\n";
    let (event, words, notice) = one(text);
    assert_eq!(event.recipient.as_deref(), Some("pat@example.com"));
    assert!(words.starts_with("550 5.1.1 No such user, see https://help.example/x/y"), "{words}");
    assert_eq!(event.stage.map(|(stage, _)| stage), Some(Stage::RcptTo));
    assert_eq!(notice.unread.len(), 1);
}

#[test]
fn stalwart_takes_the_last_to() {
    let (event, words, _) = one(
        "2026-10-04T02:22:32Z INFO SMTP RCPT TO rejected (delivery.rcpt-to-rejected) queueId = 333, queueName = \"remote\", from = \"a@example.org\", to = [\"pat@example.com\", \"sam@example.com\"], size = 1546, hostname = \"mx.example.com\", to = \"sam@example.com\", code = 550, details = \"5.1.1 The \"sam\" mailbox is not here\", elapsed = 0ms",
    );
    assert_eq!(event.recipient.as_deref(), Some("sam@example.com"));
    assert_eq!(words, "5.1.1 The \"sam\" mailbox is not here");
    assert_eq!((event.smtp_code, event.stage.map(|(stage, _)| stage)), (Some(550), Some(Stage::RcptTo)));
}

#[test]
fn stalwart_nested_error() {
    let (event, words, _) = one(
        "2026-10-04T02:22:32Z INFO Connection error (delivery.connect-error) queueId = 334, hostname = \"mx.example.com\", to = [\"pat@example.com\"], details = SMTP error occurred (smtp.error) { details = I/O Error, reason = \"Connection refused (os error 111)\" }, elapsed = 4ms",
    );
    assert_eq!(words, "Connection refused (os error 111)");
    assert_eq!(event.permanence, Some(Permanence::Temporary));
}

#[test]
fn opensmtpd_result() {
    let (event, words, _) = one(
        "Mar 22 17:56:37 host smtpd[45037]: 8f48 mta event=delivery evpid=7077 from=<a@example.org> to=<pat@example.com> rcpt=<-> source=\"203.0.113.1\" relay=\"192.0.2.33 (mx.example.com)\" delay=1s result=\"PermFail\" stat=\"550 5.7.1 Not \"today\"\"",
    );
    assert_eq!(words, "550 5.7.1 Not \"today\"");
    assert_eq!((event.recipient.as_deref(), event.sending_ip.as_deref()), (Some("pat@example.com"), Some("203.0.113.1")));
    assert_eq!(event.hosts, ["mx.example.com"]);
}

#[test]
fn zonemta_category_is_a_label() {
    let (event, words, _) = one(
        "Sep 26 14:48:37 host zone-mta: info Sender/orange/2036567[1] id=a.1 REJECTED[recipient] from=b@example.org to=pat@example.com src=203.0.113.17 mx=mx.example.com[192.0.2.83] id=<c@example.org> (550 5.1.1 Unknown user)",
    );
    assert_eq!(words, "550 5.1.1 Unknown user");
    assert_eq!(event.label, Some(("ZoneMTA".to_owned(), "recipient".to_owned())));
    assert_eq!(event.recipient.as_deref(), Some("pat@example.com"));
}

#[test]
fn haraka_recipient_line() {
    let text = "Feb 17 21:53:28 mx haraka[48106]: [NOTICE] [930E3B02.1.1] [outbound] recipient <pat@example.com> rejected: 550 5.7.1 Not allowed\n\
        Feb 17 21:53:28 mx haraka[48106]: [INFO] [930E3B02.1.1] [outbound] bouncing mail: Some recipients failed: <pat@example.com>\n";
    let (event, words, _) = one(text);
    assert_eq!((words.as_str(), event.recipient.as_deref()), ("550 5.7.1 Not allowed", Some("pat@example.com")));
}

#[test]
fn powermta_with_and_without_header() {
    let text = "type,timeLogged,orig,rcpt,dsnAction,dsnStatus,dsnDiag,dsnMta,bounceCat,dlvSourceIp,vmta\n\
        b,2026-05-29 01:10:51+0200,news@example.org,pat@example.com,failed,5.1.1 (bad destination mailbox address),\"smtp;550 5.1.1 \"\"pat\"\" is unknown\",mx.example.com (192.0.2.1),bad-mailbox,203.0.113.1,v1\n";
    let (event, words, _) = one(text);
    assert_eq!(words, "550 5.1.1 \"pat\" is unknown");
    assert_eq!(event.label, Some(("PowerMTA".to_owned(), "bad-mailbox".to_owned())));
    assert_eq!((event.recipient.as_deref(), event.sending_ip.as_deref()), (Some("pat@example.com"), Some("203.0.113.1")));
    let (event, words, _) = one(
        "b,2026-05-29 01:10:51+0200,news@example.org,pat@example.com,,failed,5.1.2 (bad destination system: no such domain),,,,bad-domain,smtp,src (0.0.0.0)",
    );
    assert_eq!((words.as_str(), event.enhanced.as_deref()), ("", Some("5.1.2")));
    assert_eq!(event.recipient.as_deref(), Some("pat@example.com"));
}

#[test]
fn momentum_bouncelog() {
    let (event, words, _) = one(
        "1064868656@91/6D-07914-E67BC044@00/00-03736-F4101B54@00/00-04532-A3456B54@B@pat@example.com@info@example.org@group-a@binding-a@21@24@1223@192.0.2.1@554 5.4.7 [internal] exceeded max time for pat@example.com",
    );
    assert_eq!(event.recipient.as_deref(), Some("pat@example.com"));
    assert_eq!(words, "554 5.4.7 [internal] exceeded max time for pat@example.com");
    assert_eq!(event.label, Some(("Momentum".to_owned(), "24 Timeout".to_owned())));
}

#[test]
fn exchange_last_error() {
    let (event, words, _) = one(
        "Reason: pat@example.com [{LED=550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup};{MSG=};{FQDN=mx.example.com};{IP=192.0.2.1};{LRT=11/2/2026 5:10:01 PM}]",
    );
    assert_eq!(words, "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup");
    assert_eq!((event.recipient.as_deref(), event.hosts.as_slice()), (Some("pat@example.com"), ["mx.example.com".to_owned()].as_slice()));
}

#[test]
fn exchange_tracking_rows() {
    let text = "#Fields: date-time,client-ip,event-id,recipient-address,recipient-status,source-context\n\
        2026-11-02T17:10:01.000Z,192.0.2.5,RECEIVE,pat@example.com,,x\n\
        2026-11-02T17:10:02.000Z,192.0.2.5,FAIL,pat@example.com,550 5.7.1 RESOLVER.RST.AuthRequired; authentication required,x\n";
    let (event, words, notice) = one(text);
    assert_eq!(words, "550 5.7.1 RESOLVER.RST.AuthRequired; authentication required");
    assert_eq!((event.recipient.as_deref(), notice.unread.len()), (Some("pat@example.com"), 1));
}

#[test]
fn prose_is_no_log() {
    for text in
        ["550 5.1.1 User unknown", "", "Hello,\nstatus=bounced is what I see.\n", "From: a@example.org\nSubject: x\n\nHi", "{\"a\": 1}"]
    {
        assert!(read(text).is_none(), "{text}");
    }
}

#[test]
fn queue_listings() {
    let text = "-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------\n4F2A1B2C3D     1234 Mon Nov  2 10:00:00  news@example.org\n(host mx.example.com[192.0.2.1] said: 452 4.2.2 Mailbox full (in reply to RCPT TO command))\n                                         pat@example.com\n                                         sam@example.com\n\n5F2A1B2C3D*    99 Mon Nov  2 10:00:00  news@example.org\n                                         kim@example.com\n-- 2 Kbytes in 2 Requests.\n";
    let notice = read(text).expect("a listing");
    let seen: Vec<_> = notice.events.iter().map(|event| (event.recipient.as_deref().unwrap_or_default(), words(&notice, event))).collect();
    assert_eq!(seen, [("pat@example.com", "452 4.2.2 Mailbox full".to_owned()), ("sam@example.com", "452 4.2.2 Mailbox full".to_owned())]);
    assert_eq!(notice.events[0].stage.map(|(stage, _)| stage), Some(Stage::RcptTo));
    assert_eq!(notice.unread.len(), 1);
}

#[test]
fn lines_without_an_attempt_get_a_warning() {
    let notice =
        read("Nov  2 10:00:00 mx postfix/qmgr[1]: 1234567890: from=<a@example.org>, size=1, nrcpt=1 (queue active)\n").expect("a log");
    assert_eq!((notice.events.len(), notice.warnings.len(), notice.unread.len()), (0, 1, 1));
}

#[test]
fn wrapped_at_72_columns_and_followed_by_prose() {
    let text = "Mar 22 17:56:37 mx1 postfix/smtp[15729]: C3EDC5800B4:\nto=<pat@example.com>, relay=mx.example.com[192.0.2.1]:25, delay=4.1,\ndelays=0.26/0/2.2/1.7, dsn=5.1.1, status=bounced (host\nmx.example.com[192.0.2.1] said: 550 5.1.1 The recipient with address\n<pat@example.com> is unknown (in reply to\nRCPT TO command))\nCan you help (it is urgent)?\n";
    let (event, words, notice) = one(text);
    assert_eq!(words, "550 5.1.1 The recipient with address <pat@example.com> is unknown");
    assert_eq!((event.stage.map(|(stage, _)| stage), notice.unread.len()), (Some(Stage::RcptTo), 1));
}
