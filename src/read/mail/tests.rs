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
fn the_sender_knows_the_original_recipient() {
    let texts = [
        "<team@example.com> (expanded from\n    <ann@example.org>): host mx.example.com[192.0.2.1] said: 550 5.1.1 User unknown (in reply to RCPT TO command)\n",
        "  team@example.com\n    (ultimately generated\n    from ann@example.org)\n    host mx.example.com [192.0.2.1]\n    SMTP error from remote mail server after RCPT TO:<team@example.com>:\n    550 5.1.1 User unknown\n",
        "   ----- The following addresses had permanent fatal errors -----\n<team@example.com>\n    (reason: 550 5.1.1 User unknown)\n    (expanded from: <ann@example.org>)\n",
    ];
    for text in texts {
        let notice = mail(&format!(
            "From: MAILER-DAEMON@example.org\nTo: news@example.org\nSubject: failure notice\n\nYour message could not be delivered.\n\n{text}"
        ));
        let seen: Vec<_> = notice.events.iter().map(|event| (event.recipient.as_deref(), event.expanded)).collect();
        assert_eq!(seen, [(Some("ann@example.org"), true)], "{text}");
    }
    let plain = mail(
        "From: MAILER-DAEMON@example.org\nSubject: failure notice\n\nNot delivered:\n\n<ann@example.com>: 550 5.1.1 no\n<list@example.com> (expanded from <all@example.com>): 550 5.1.1 no\n",
    );
    let seen: Vec<_> = plain.events.iter().map(|event| (event.recipient.as_deref(), event.expanded)).collect();
    assert_eq!(seen, [(Some("ann@example.com"), false), (Some("all@example.com"), true)]);
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

#[test]
fn pasted_notices_are_read_in_every_language() {
    for opening in [
        "Delivery has failed to these recipients or groups:",
        "Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:",
        "Échec de la remise à ces destinataires ou groupes :",
        "No se pudo entregar el mensaje a estos destinatarios o grupos:",
        "A entrega falhou para estes destinatários ou grupos:",
        "Recapito non riuscito a questi destinatari o gruppi:",
        "Bezorging bij deze geadresseerden of groepen is mislukt:",
        "Dostarczenie wiadomości do następujących adresatów nie powiodło się:",
        "Doručení následujícím příjemcům nebo skupinám se nezdařilo:",
        "Leveransen misslyckades till följande mottagare eller grupper:",
        "Не удалось выполнить доставку следующим получателям или группам:",
        "Şu alıcılara teslim başarısız oldu:",
        "次の受信者への配信に失敗しました:",
        "未能向这些收件人传递邮件:",
        "傳遞給這些收件者或群組失敗:",
        "다음 받는 사람에게 배달하지 못했습니다:",
    ] {
        let text = format!("{opening}\n\nann@example.com\n\nmx.example.com\nann@example.com\n550 5.1.1 no such mailbox\n");
        let notice = read_text(&text).unwrap_or_else(|| panic!("{opening}"));
        assert_eq!((notice.form, notice.events.len()), (Form::NdrText, 1), "{opening}");
        assert_eq!(notice.events[0].recipient.as_deref(), Some("ann@example.com"), "{opening}");
        assert_eq!(words(&notice, &notice.events[0]), "550 5.1.1 no such mailbox", "{opening}");
    }
}

#[test]
fn a_pasted_report_is_read_with_its_prose() {
    let text = "<ann@example.com>: host mx.example.com[192.0.2.4] said: 550 5.1.1 no\n    such user (in reply to RCPT TO command)\n\nFinal-Recipient: rfc822; ann@example.com\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such user\n";
    for pasted in
        [text.to_owned(), format!("> {}", text.trim_end().replace('\n', "\n> ")), text.split_whitespace().collect::<Vec<_>>().join(" ")]
    {
        let notice = read_text(&pasted).unwrap_or_else(|| panic!("{pasted}"));
        assert_eq!((notice.form, notice.events.len()), (Form::DsnText, 1), "{pasted}");
        assert_eq!(notice.events[0].recipient.as_deref(), Some("ann@example.com"));
        assert_eq!(words(&notice, &notice.events[0]), "550 5.1.1 no such user");
    }
}

#[test]
fn a_reply_alone_is_no_notice() {
    for text in [
        "550 5.1.1 <ann@example.com>: message could not be delivered\nuser unknown",
        "554 delivery failed",
        "421 4.7.0 try later\n550 5.7.1 no",
    ] {
        assert!(read_text(text).is_none(), "{text}");
    }
}

#[test]
fn header_lines_of_a_mail_program_name_no_recipients() {
    let text = "Von: Mail Delivery System <MAILER-DAEMON@mx.example.org>\nGesendet: Dienstag, 1. April 2025\nAn: ich@example.org\nBetreff: Unzustellbar\n\nYour message wasn't delivered to ann@example.com because the address couldn't be found.\n\nThe response was:\n\n550 5.1.1 no such user\n";
    let notice = read_text(text).unwrap();
    assert_eq!(notice.events.iter().map(|event| event.recipient.as_deref()).collect::<Vec<_>>(), [Some("ann@example.com")]);
    assert_eq!(words(&notice, &notice.events[0]), "550 5.1.1 no such user");
}

#[test]
fn the_details_of_an_exchange_online_notice_count() {
    let text = "Your message to ann@example.com couldn't be delivered.\n\nann wasn't found at example.com.\n\nMore Info for Email Admins\nStatus code: 550 5.1.10\n\nThis error occurs because the sender sent a message to an unknown address.\n\nOriginal Message Details\nCreated Date: 4/1/2025 10:00:00 AM\nSender Address: me@example.org\nRecipient Address: ann@example.com\nSubject: Invoice\n\nError Details\nReported error: 550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup\nDSN generated by: DB8PR01.eurprd01.prod.exchangelabs.com\n";
    let notice = read_text(text).unwrap();
    assert_eq!(notice.events.iter().map(|event| event.recipient.as_deref()).collect::<Vec<_>>(), [Some("ann@example.com")]);
    assert!(words(&notice, &notice.events[0]).starts_with("550 5.1.10 RESOLVER.ADR.RecipientNotFound"));
}

#[test]
fn pasted_complaints_are_complaints() {
    let text = "This is an abuse report.\n\nFeedback-Type: abuse\nUser-Agent: Loop/1.0\nVersion: 1\nOriginal-Rcpt-To: ann@example.com\n\nReceived: from x\n";
    let notice = read_text(text).unwrap();
    assert_eq!((notice.form, notice.events[0].recipient.as_deref()), (Form::FeedbackReport, Some("ann@example.com")));
}

#[test]
fn recipients_are_found_however_a_notice_names_them() {
    for (text, wanted) in [
        ("Failed Recipient: a@b.example\nReason: Remote host said: 550 no", &["a@b.example"][..]),
        ("A message that you sent to a@b.example could not be delivered.\n\nQuota exceeded.", &["a@b.example"]),
        ("Your message from me@example.org\nto a@b.example\ncould not be delivered.", &["a@b.example"]),
        (
            "The following recipients could not be reached:\n\n'a@b.example' on 1.4.2025 10:00\n    no such user\n'c@d.example' on 1.4.2025 10:00\n    mailbox full",
            &["a@b.example", "c@d.example"],
        ),
        ("Delivery failed for:\n\n - a@b.example (User unknown)\n - c@d.example (Mailbox full)", &["a@b.example", "c@d.example"]),
        ("1. a@b.example: unknown user, message undeliverable", &["a@b.example"]),
        ("Could not deliver message to:\n    \"A. B.\" <a@b.example>\n\nReason: mailbox full", &["a@b.example"]),
        ("Delivery has failed to these recipients:\n\nBeta, Ann (a@b.example)\nThe mailbox is full.", &["a@b.example"]),
        ("|---- Failed addresses ----|\n <a@b.example>  :  undeliverable", &["a@b.example"]),
        ("Unable to deliver your mail to user <a@b.example>, please contact <postmaster@b.example> or help@b.example.", &["a@b.example"]),
        ("While delivering to a@b.example, the following error occurred:\nMessage could not be delivered", &["a@b.example"]),
        ("Message undeliverable.\n\n>>> RCPT TO:<a@b.example>\n<<< 550 no", &["a@b.example"]),
        ("An error occurred while trying to deliver\nTo : a@b.example\nError: no such user\nFrom: me@example.org", &["a@b.example"]),
        ("您的邮件无法投递，收件人：a@b.example\n原因：用户不存在", &["a@b.example"]),
        ("Le message à destination de a@b.example n'a pas pu être remis.\nBoîte pleine", &["a@b.example"]),
        ("Ваше сообщение не может быть доставлено для <a@b.example>\nпользователь не найден", &["a@b.example"]),
        ("I wasn't able to deliver your message.\n\n<me@example.org>:\nmailbox full", &["me@example.org"]),
        ("Mail could not be delivered:\na@b.example ... unknown host\nc@d.example ... unknown host", &["a@b.example", "c@d.example"]),
        (
            "Delivery to the following recipients was aborted after 2 day(s):\n\n  * a@b.example\n  * c@d.example",
            &["a@b.example", "c@d.example"],
        ),
    ] {
        let mail = format!("From: postmaster@x.example\nTo: me@example.org\nSubject: Undeliverable\n\n{text}\n");
        let notice = read(mail.as_bytes()).unwrap();
        assert_eq!(notice.events.iter().filter_map(|event| event.recipient.as_deref()).collect::<Vec<_>>(), wanted, "{text}");
        assert!(notice.events.iter().all(|event| !event.words.is_empty() || event.around.len() > 1), "{text}");
    }
}
