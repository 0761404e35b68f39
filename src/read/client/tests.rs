//! One composed error for each library, in the form in which it prints.

use super::*;

fn words(notice: &Notice, event: &Event) -> String {
    event.words.first().map(|span| notice.parts[span.part].text[span.start..span.end].to_owned()).unwrap_or_default()
}

#[track_caller]
fn check(text: &str, says: &str, stage: Option<Stage>, fate: Fate) -> Event {
    let notice = read(text).expect("a program's error");
    assert_eq!(notice.events.len(), 1, "{:#?}", notice.events);
    let event = notice.events[0].clone();
    assert_eq!(words(&notice, &event), says);
    assert_eq!(event.stage.as_ref().map(|(stage, _)| *stage), stage);
    assert_eq!(event.fate, fate);
    assert_eq!(notice.form, Form::ClientError);
    event
}

#[test]
fn smtplib_dictionary() {
    let text = r"smtplib.SMTPRecipientsRefused: {'pat@example.com': (550, b'5.1.1 The account\n5.1.1 is gone'), 'sam@example.com': (452, b'4.2.2 full')}";
    let notice = read(text).expect("a program's error");
    let [pat, sam] = notice.events.as_slice() else { panic!("{:#?}", notice.events) };
    assert_eq!((pat.recipient.as_deref(), pat.smtp_code), (Some("pat@example.com"), Some(550)));
    assert_eq!(words(&notice, pat), "5.1.1 The account\n5.1.1 is gone");
    assert_eq!((sam.recipient.as_deref(), sam.smtp_code, words(&notice, sam).as_str()), (Some("sam@example.com"), Some(452), "4.2.2 full"));
}

#[test]
fn smtplib_others() {
    let event = check("smtplib.SMTPDataError: (554, b'DT:SPM 163 smtp10,x')", "DT:SPM 163 smtp10,x", Some(Stage::EndOfData), Fate::Failed);
    assert_eq!(event.smtp_code, Some(554));
    check(
        "SMTPSenderRefused: (553, b'Mail from must equal authorized user', 'a@example.org')",
        "Mail from must equal authorized user",
        Some(Stage::MailFrom),
        Fate::Failed,
    );
    check(
        "smtplib.SMTPAuthenticationError: (535, b'5.7.8 Bad credentials')",
        "5.7.8 Bad credentials",
        Some(Stage::Auth),
        Fate::BeforeHandOff,
    );
    check("smtplib.SMTPServerDisconnected: Connection unexpectedly closed", "Connection unexpectedly closed", None, Fate::Failed);
    check("(550, '5.1.1 it\\'s gone')", "5.1.1 it's gone", None, Fate::Failed);
    check("ConnectionRefusedError: [Errno 111] Connection refused", "[Errno 111] Connection refused", Some(Stage::Connect), Fate::Failed);
}

#[test]
fn nodemailer_text() {
    let event = check(
        "Error: Can't send mail - all recipients were rejected: 550 5.1.1 <pat@example.com>: User unknown\n    at SMTPConnection._formatError (smtp.js:1)",
        "550 5.1.1 <pat@example.com>: User unknown",
        Some(Stage::RcptTo),
        Fate::Failed,
    );
    assert_eq!((event.recipient.as_deref(), event.smtp_code), (Some("pat@example.com"), None));
    check(
        "Error: Invalid login: 535-5.7.8 Username not accepted\n535 5.7.8 see example.net",
        "535-5.7.8 Username not accepted\n535 5.7.8 see example.net",
        Some(Stage::Auth),
        Fate::BeforeHandOff,
    );
    check(
        "Error: connect ECONNREFUSED 127.0.0.1:587",
        "connect ECONNREFUSED 127.0.0.1:587",
        Some(Stage::BeforeHandOff),
        Fate::BeforeHandOff,
    );
    check("Error: connect ETIMEDOUT 192.0.2.1:25", "connect ETIMEDOUT 192.0.2.1:25", Some(Stage::Connect), Fate::Failed);
}

#[test]
fn nodemailer_object() {
    let text = "Error: Message failed: 554 5.7.1 Spam\n    at SMTPConnection._formatError {\n  code: 'EMESSAGE',\n  response: '554 5.7.1 Spam\\n' +\n    '554 5.7.1 see example.net',\n  responseCode: 554,\n  command: 'DATA'\n}";
    check(text, "554 5.7.1 Spam\n554 5.7.1 see example.net", Some(Stage::Data), Fate::Failed);
    let text = "{ code: 'EENVELOPE', response: '550 5.1.1 no', responseCode: 550, command: 'RCPT TO', rejected: [ 'pat@example.com', 'sam@example.com' ] }";
    let notice = read(text).expect("a program's error");
    assert_eq!(
        notice.events.iter().filter_map(|event| event.recipient.as_deref()).collect::<Vec<_>>(),
        ["pat@example.com", "sam@example.com"]
    );
    let json = r#"{"code":"EENVELOPE","response":"550 5.1.1 no","responseCode":550,"command":"RCPT TO","rejected":["pat@example.com"]}"#;
    assert!(crate::read::event::read(json).is_none());
    assert_eq!(check(json, "550 5.1.1 no", Some(Stage::RcptTo), Fate::Failed).recipient.as_deref(), Some("pat@example.com"));
}

#[test]
fn nodemailer_rejected_errors() {
    let text = "{ accepted: [], rejected: [ 'pat@example.com', 'sam@example.com' ],\n rejectedErrors: [ Error: Recipient command failed: 550 5.1.1 no { code: 'EENVELOPE', response: '550 5.1.1 no', responseCode: 550, command: 'RCPT TO', recipient: 'pat@example.com' },\n Error: Recipient command failed: 452 4.2.2 full { code: 'EENVELOPE', response: '452 4.2.2 full', responseCode: 452, command: 'RCPT TO', recipient: 'sam@example.com' } ] }";
    let notice = read(text).expect("a program's error");
    let seen: Vec<_> = notice.events.iter().map(|event| (event.recipient.clone().unwrap_or_default(), words(&notice, event))).collect();
    assert_eq!(
        seen,
        [("pat@example.com".to_owned(), "550 5.1.1 no".to_owned()), ("sam@example.com".to_owned(), "452 4.2.2 full".to_owned())]
    );
}

#[test]
fn php() {
    let event = check(
        "SMTP Error: data not accepted.SMTP server error: DATA END command failed Detail: Message refused SMTP code: 550 Additional SMTP info: 5.7.1",
        "Message refused",
        Some(Stage::EndOfData),
        Fate::Failed,
    );
    assert_eq!((event.smtp_code, event.enhanced.as_deref()), (Some(550), Some("5.7.1")));
    let event = check(
        "SMTP Error: The following recipients failed: pat@example.com: 550 5.1.1 no",
        "pat@example.com: 550 5.1.1 no",
        Some(Stage::RcptTo),
        Fate::Failed,
    );
    assert_eq!(event.recipient.as_deref(), Some("pat@example.com"));
    check("SMTP Error: Could not authenticate.", "SMTP Error: Could not authenticate.", Some(Stage::Auth), Fate::BeforeHandOff);
    let event = check(
        "Expected response code \"250\" but got code \"550\", with message \"550 5.1.1 <pat@example.com> unknown\".",
        "550 5.1.1 <pat@example.com> unknown",
        None,
        Fate::Failed,
    );
    assert_eq!(event.recipient.as_deref(), Some("pat@example.com"));
    check(
        "Failed to authenticate on SMTP server with username \"a\" using 1 possible authenticators. Authenticator LOGIN returned Expected response code 235 but got code \"535\", with message \"535 5.7.8 Bad credentials\".",
        "535 5.7.8 Bad credentials",
        Some(Stage::Auth),
        Fate::BeforeHandOff,
    );
}

#[test]
fn java() {
    let text = "javax.mail.SendFailedException: Invalid Addresses;\n  nested exception is:\n\tcom.sun.mail.smtp.SMTPAddressFailedException: 550 5.1.1 <pat@example.com> unknown\n\n\tat com.sun.mail.smtp.SMTPTransport.rcptTo(SMTPTransport.java:2064)";
    assert_eq!(
        check(text, "550 5.1.1 <pat@example.com> unknown", Some(Stage::RcptTo), Fate::Failed).recipient.as_deref(),
        Some("pat@example.com")
    );
    check("com.sun.mail.smtp.SMTPSendFailedException: 554 DT:SPM 163 x", "554 DT:SPM 163 x", None, Fate::Failed);
    check("jakarta.mail.AuthenticationFailedException: 535 5.7.8 no", "535 5.7.8 no", Some(Stage::Auth), Fate::BeforeHandOff);
}

#[test]
fn dotnet_names_the_code() {
    let event = check(
        "System.Net.Mail.SmtpFailedRecipientException: Mailbox unavailable. The server response was: 5.1.1 <pat@example.com> unknown",
        "5.1.1 <pat@example.com> unknown",
        None,
        Fate::Failed,
    );
    assert_eq!((event.smtp_code, event.recipient.as_deref()), (Some(550), Some("pat@example.com")));
    let event = check("SmtpException: Transaction failed. The server response was: Message refused", "Message refused", None, Fate::Failed);
    assert_eq!(event.smtp_code, Some(554));
    check("MailKit.Net.Smtp.SmtpCommandException: 5.7.1 Refused", "5.7.1 Refused", None, Fate::Failed);
}

#[test]
fn ruby_go_and_clients() {
    check("Net::SMTPFatalError: 550 5.1.1 no", "550 5.1.1 no", None, Fate::Failed);
    check("Net::SMTPAuthenticationError: 535 5.7.8 no", "535 5.7.8 no", Some(Stage::Auth), Fate::BeforeHandOff);
    check(
        "2026/11/02 10:00:00 dial tcp 192.0.2.1:25: i/o timeout",
        "dial tcp 192.0.2.1:25: i/o timeout",
        Some(Stage::Connect),
        Fate::Failed,
    );
    check("gomail: could not send email 1: 550 5.1.1 no", "1: 550 5.1.1 no", None, Fate::Failed);
    check("curl: (67) Login denied", "curl: (67) Login denied", Some(Stage::Auth), Fate::BeforeHandOff);
    let text = "msmtp: recipient address pat@example.com not accepted by the server\nmsmtp: server message: 550 5.1.1 no\nmsmtp: could not send mail (account default)\n";
    assert_eq!(check(text, "550 5.1.1 no", None, Fate::Failed).recipient.as_deref(), Some("pat@example.com"));
}

#[test]
fn quoted_and_trailing_names() {
    check("send: 550 \"5.1.1 no such\\n5.1.1 user\"", "5.1.1 no such\n5.1.1 user", None, Fate::Failed);
    let ruby = "smtp.rb:1: in `check_response': 550 5.1.1 <pat@example.com> unknown (Net::SMTPFatalError)";
    assert_eq!(check(ruby, "550 5.1.1 <pat@example.com> unknown", None, Fate::Failed).recipient.as_deref(), Some("pat@example.com"));
    check(
        "Expected response code \"354\" but got code \"554\", with message \"554 5.5.1 no\".",
        "554 5.5.1 no",
        Some(Stage::Data),
        Fate::Failed,
    );
    let event = check("curl: (55) RCPT failed: 550", "RCPT failed: 550", Some(Stage::RcptTo), Fate::Failed);
    assert_eq!(event.recipient, None);
}

#[test]
fn replies_are_no_errors_of_programs() {
    for text in ["", "550 5.1.1 User unknown", "host mx said: 550 5.7.1 (see 554) no", "Invalid login attempts: none", "(554.30)"] {
        assert!(read(text).is_none(), "{text}");
    }
}
