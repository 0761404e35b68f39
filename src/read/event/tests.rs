//! One composed event for each platform, in its documented form.

use super::*;
use crate::verdict::Stage;

fn words(notice: &Notice, event: &Event) -> String {
    event.words.first().map(|span| notice.parts[span.part].text[span.start..span.end].to_owned()).unwrap_or_default()
}

#[track_caller]
fn one(text: &str) -> (Event, String, Notice) {
    let notice = read(text).expect("an event");
    assert_eq!(notice.events.len(), 1, "{:#?}", notice.events);
    let event = notice.events[0].clone();
    let words = words(&notice, &event);
    (event, words, notice)
}

#[track_caller]
fn check(text: &str, recipient: &str, says: &str, label: (&str, &str)) -> Event {
    let (event, words, notice) = one(text);
    assert_eq!(event.recipient.as_deref(), Some(recipient));
    assert_eq!(words, says);
    assert_eq!(event.label, Some((label.0.to_owned(), label.1.to_owned())));
    assert_eq!(notice.parts[0].name, "input");
    event
}

const SES: &str = r#"{"notificationType":"Bounce","bounce":{"bounceType":"Permanent","bounceSubType":"General","bouncedRecipients":[{"emailAddress":"pat@example.com","action":"failed","status":"5.1.1","diagnosticCode":"smtp; 550 5.1.1 user unknown"}],"reportingMTA":"dsn; a8-50.smtp-out.amazonses.com"},"mail":{"source":"news@example.org","destination":["pat@example.com"]}}"#;

#[test]
fn ses_in_every_wrapping() {
    check(SES, "pat@example.com", "550 5.1.1 user unknown", ("Amazon SES", "Permanent/General"));
    let text = serde_json::to_string(SES).unwrap();
    let sns = format!(r#"{{"Type":"Notification","MessageId":"1","TopicArn":"arn:x","Message":{text}}}"#);
    let sqs = format!(r#"{{"Messages":[{{"MessageId":"2","Body":{}}}]}}"#, serde_json::to_string(&sns).unwrap());
    let lambda = format!(r#"{{"Records":[{{"EventSource":"aws:sns","Sns":{{"Message":{text}}}}}]}}"#);
    let bridge = format!(r#"{{"version":"0","detail-type":"Email Bounced","source":"aws.ses","detail":{SES}}}"#);
    let logged = format!("2026-11-02T10:00:00Z INFO webhook {SES} done");
    for wrapped in [sns, sqs, lambda, bridge, logged, text.clone(), format!("> {SES}")] {
        check(&wrapped, "pat@example.com", "550 5.1.1 user unknown", ("Amazon SES", "Permanent/General"));
    }
}

#[test]
fn ses_other_kinds() {
    let (event, says, _) = one(
        r#"{"eventType":"Bounce","mail":{},"bounce":{"bounceType":"Permanent","bounceSubType":"OnAccountSuppressionList","bouncedRecipients":[{"emailAddress":"pat@example.com"}]}}"#,
    );
    assert_eq!((says.as_str(), event.label.unwrap().1.as_str()), ("OnAccountSuppressionList", "Permanent/OnAccountSuppressionList"));
    let (event, _, _) = one(
        r#"{"eventType":"Complaint","mail":{},"complaint":{"complainedRecipients":[{"emailAddress":"pat@example.com"}],"complaintFeedbackType":"abuse"}}"#,
    );
    assert_eq!((event.fate, event.recipient.as_deref()), (Fate::Feedback, Some("pat@example.com")));
    let (event, says, _) = one(
        r#"{"eventType":"DeliveryDelay","mail":{},"deliveryDelay":{"delayType":"MailboxFull","delayedRecipients":[{"emailAddress":"pat@example.com","status":"4.2.2","diagnosticCode":"smtp; 452 4.2.2 full"}]}}"#,
    );
    assert_eq!((event.fate, event.permanence, says.as_str()), (Fate::Failed, Some(Permanence::Temporary), "452 4.2.2 full"));
    let (event, _, _) = one(
        r#"{"eventType":"Delivery","mail":{},"delivery":{"recipients":["pat@example.com"],"smtpResponse":"250 ok","remoteMtaIpAddress":"192.0.2.1"}}"#,
    );
    assert_eq!((event.fate, event.recipient.as_deref()), (Fate::Delivered, Some("pat@example.com")));
}

#[test]
fn sendgrid_array() {
    let text = r#"[{"email":"pat@example.com","event":"bounce","type":"blocked","status":"5.7.1","reason":"550 5.7.1 Blocked\nsee example.net","bounce_classification":"Reputation","sg_event_id":"a","ip":"203.0.113.1"},
        {"email":"sam@example.com","event":"dropped","reason":"Bounced Address","sg_event_id":"b"},
        {"email":"kim@example.com","event":"deferred","response":"451 4.7.1 try again","sg_event_id":"c"},
        {"email":"lee@example.com","event":"open","sg_event_id":"d"}]"#;
    let notice = read(text).expect("events");
    let [blocked, dropped, deferred] = notice.events.as_slice() else { panic!("{:#?}", notice.events) };
    assert_eq!(words(&notice, blocked), "550 5.7.1 Blocked\nsee example.net");
    assert_eq!(blocked.label, Some(("SendGrid".to_owned(), "blocked/Reputation".to_owned())));
    assert_eq!(words(&notice, dropped), "Bounced Address");
    assert_eq!(deferred.permanence, Some(Permanence::Temporary));
    assert_eq!(notice.unread, ["1 event of other kinds (open)"]);
    let (event, says, _) =
        one(r#"[{"created":1790083507,"email":"pat@example.com","reason":"550 5.1.1 no such account","status":"5.1.1"}]"#);
    assert_eq!((event.recipient.as_deref(), says.as_str()), (Some("pat@example.com"), "550 5.1.1 no such account"));
}

#[test]
fn mailgun_code_stands_apart() {
    let text = r#"{"signature":{"token":"x"},"event-data":{"event":"failed","severity":"permanent","reason":"bounce","recipient":"pat@example.com","envelope":{"sending-ip":"203.0.113.1"},"delivery-status":{"code":550,"message":"5.1.1 The account\n5.1.1 is gone","mx-host":"mx.example.com","attempt-no":1}}}"#;
    let event = check(text, "pat@example.com", "5.1.1 The account\n5.1.1 is gone", ("Mailgun", "permanent/bounce"));
    assert_eq!((event.smtp_code, event.enhanced), (Some(550), None));
    assert_eq!(event.hosts, ["mx.example.com"]);
    let text = r#"{"items":[{"event":"failed","severity":"permanent","reason":"suppress-bounce","log-level":"error","recipient":"pat@example.com","delivery-status":{"code":605,"message":"","description":"Not delivering to previously bounced address"}}]}"#;
    let event = check(text, "pat@example.com", "Not delivering to previously bounced address", ("Mailgun", "permanent/suppress-bounce"));
    assert_eq!(event.smtp_code, None);
}

#[test]
fn postmark_details_not_description() {
    let text = r#"{"RecordType":"Bounce","ID":1,"Type":"HardBounce","TypeCode":1,"MessageID":"x","Description":"The server was unable to deliver your message (ex: unknown user, mailbox not found).","Details":"smtp;550 5.1.1 The account does not exist","Email":"pat@example.com"}"#;
    check(text, "pat@example.com", "550 5.1.1 The account does not exist", ("Postmark", "HardBounce"));
    let text = r#"{"TotalCount":1,"Bounces":[{"ID":1,"Type":"SoftBounce","TypeCode":4096,"MessageID":"x","RecordType":"Bounce","Description":"Unable to deliver: unknown user","Details":"","Email":"pat@example.com"}]}"#;
    check(text, "pat@example.com", "", ("Postmark", "SoftBounce"));
}

#[test]
fn sparkpost_raw_reason_wins() {
    let text = r#"[{"msys":{"message_event":{"type":"bounce","bounce_class":"10","error_code":"550","raw_reason":"550 5.1.1 pat@example.com unknown","reason":"550 5.1.1 ...@... unknown","rcpt_to":"pat@example.com","raw_rcpt_to":"Pat@example.com","sending_ip":"203.0.113.1"}}}]"#;
    check(text, "Pat@example.com", "550 5.1.1 pat@example.com unknown", ("SparkPost", "10 Invalid Recipient"));
    let text = r#"{"results":[{"type":"delay","bounce_class":"20","reason":"451 4.7.1 later","rcpt_to":"pat@example.com"}]}"#;
    assert_eq!(check(text, "pat@example.com", "451 4.7.1 later", ("SparkPost", "20 Soft Bounce")).permanence, Some(Permanence::Temporary));
}

#[test]
fn mandrill_diag_and_reject() {
    let text = r#"[{"event":"hard_bounce","msg":{"email":"pat@example.com","sender":"news@example.org","bounce_description":"bad_mailbox","bgtools_code":10,"diag":"smtp;550 5.1.1 unknown user"}}]"#;
    check(text, "pat@example.com", "550 5.1.1 unknown user", ("Mandrill", "hard_bounce/bad_mailbox"));
    let text = r#"[{"event":"reject","msg":{"email":"pat@example.com","reject":{"reason":"hard-bounce"}}}]"#;
    check(text, "pat@example.com", "reject reason: hard-bounce", ("Mandrill", "reject"));
}

#[test]
fn kumomta_is_a_log() {
    let text = r#"{"type":"Bounce","id":"1","sender":"news@example.org","recipient":["pat@example.com","sam@example.com"],"queue":"example.com","site":"x","response":{"code":550,"enhanced_code":{"class":5,"subject":1,"detail":1},"content":"No such user","command":"RCPT TO:<pat@example.com>"},"peer_address":{"name":"mx.example.com.","addr":"192.0.2.1"},"bounce_classification":"InvalidRecipient","egress_source":"a"}
{"type":"Reception","id":"2","recipient":"pat@example.com","response":{"code":250,"content":"","enhanced_code":null},"peer_address":null}
{"type":"TransientFailure","id":"3","recipient":"pat@example.com","response":{"code":400,"enhanced_code":null,"content":"KumoMTA internal: failed to connect to any candidate hosts"}}"#;
    let notice = read(text).expect("a log");
    assert_eq!((notice.form, notice.events.len()), (Form::Log, 3));
    let event = &notice.events[1];
    assert_eq!(
        (event.recipient.as_deref(), event.smtp_code, event.enhanced.as_deref()),
        (Some("sam@example.com"), Some(550), Some("5.1.1"))
    );
    assert_eq!((words(&notice, event).as_str(), event.stage.map(|(stage, _)| stage)), ("No such user", Some(Stage::RcptTo)));
    assert_eq!(event.hosts, ["mx.example.com"]);
    assert_eq!((notice.events[2].permanence, notice.events[2].smtp_code), (Some(Permanence::Temporary), Some(400)));
    assert_eq!(notice.unread, ["1 event of other kinds (Reception)"]);
}

#[test]
fn brevo_mailjet_mailtrap() {
    let text = r#"{"event":"hard_bounce","email":"pat@example.com","message-id":"<x>","reason":" RecipientError: 550 5.5.0 no mailbox","ts_epoch":1}"#;
    check(text, "pat@example.com", "550 5.5.0 no mailbox", ("Brevo", "hard_bounce"));
    let text = r#"{"event":"bounce","time":1,"MessageID":1,"email":"pat@example.com","mj_campaign_id":2,"hard_bounce":true,"error_related_to":"recipient","error":"user unknown","comment":"550 5.1.1 gone"}"#;
    check(text, "pat@example.com", "550 5.1.1 gone", ("Mailjet", "bounce/user unknown"));
    let text = r#"{"event":"bounce","time":1,"MessageID":1,"email":"pat@example.com","mj_campaign_id":2,"hard_bounce":true,"error_related_to":"recipient","error":"user unknown"}"#;
    check(text, "pat@example.com", "", ("Mailjet", "bounce/user unknown"));
    let text = r#"{"events":[{"event":"bounce","email":"pat@example.com","response":"bounced (550 5.1.1 No such user)","response_code":550,"bounce_category":"badmailbox","sending_stream":"transactional"}]}"#;
    check(text, "pat@example.com", "550 5.1.1 No such user", ("Mailtrap", "bounce/badmailbox"));
}

#[test]
fn resend_mailersend_postal() {
    let text = r#"{"type":"email.bounced","created_at":"x","data":{"to":["pat@example.com"],"from":"a@example.org","bounce":{"message":"The recipient's email address is on the suppression list because it has a recent history of producing hard bounces.","subType":"Suppressed","type":"Permanent"}}}"#;
    check(
        text,
        "pat@example.com",
        "The recipient's email address is on the suppression list because it has a recent history of producing hard bounces.",
        ("Resend", "Permanent/Suppressed"),
    );
    let text = r#"{"type":"email.bounced","data":{"to":["pat@example.com"],"bounce":{"message":"The recipient does not exist.","subType":"General","type":"Permanent"}}}"#;
    check(text, "pat@example.com", "", ("Resend", "Permanent/General"));
    let text = r#"{"type":"activity.hard_bounced","data":{"object":"activity","type":"hard_bounced","email":{"from":"a@example.org","recipient":{"email":"pat@example.com"}},"morph":{"object":"recipient_bounce","reason":"550 5.1.1 no"}}}"#;
    check(text, "pat@example.com", "550 5.1.1 no", ("MailerSend", "hard_bounced"));
    let text = r#"{"event":"MessageDeliveryFailed","payload":{"message":{"to":"pat@example.com","from":"a@example.org"},"status":"HardFail","details":"Permanent SMTP delivery error","output":"550 5.1.1 no"}}"#;
    check(text, "pat@example.com", "550 5.1.1 no", ("Postal", "HardFail"));
}

#[test]
fn unisender_hubspot_braze_zoho_azure() {
    let text = r#"{"events_by_user":[{"user_id":1,"events":[{"event_name":"transactional_email_status","event_data":{"email":"pat@example.com","status":"hard_bounced","delivery_info":{"delivery_status":"err_user_unknown","destination_response":"550 5.1.1 no"}}}]}]}"#;
    check(text, "pat@example.com", "550 5.1.1 no", ("Unisender Go", "hard_bounced/err_user_unknown"));
    let text = r#"{"events":[{"type":"BOUNCE","recipient":"pat@example.com","emailCampaignId":1,"appId":2,"portalId":3,"category":"UNKNOWN_USER","response":"550 5.1.1 no","status":"5.1.1"}]}"#;
    check(text, "pat@example.com", "550 5.1.1 no", ("HubSpot", "UNKNOWN_USER"));
    let text = r#"{"type":"DROPPED","recipient":"pat@example.com","emailCampaignId":1,"dropReason":"PREVIOUSLY_BOUNCED"}"#;
    check(text, "pat@example.com", "PREVIOUSLY_BOUNCED", ("HubSpot", "PREVIOUSLY_BOUNCED"));
    let text = r#"{"event_type":"users.messages.email.Bounce","dispatch_id":"x","email_address":"pat@example.com","bounce_reason":"550 5.1.1 no","sending_ip":"203.0.113.1"}"#;
    check(text, "pat@example.com", "550 5.1.1 no", ("Braze", "users.messages.email.Bounce"));
    let text = r#"{"contact_email":"pat@example.com","bounce_type":"hard","bounce_code":"550","bounce_extended_code":"5.1.1","bounce_reason":"No such user"}"#;
    let event = check(text, "pat@example.com", "No such user", ("Zoho Campaigns", "hard"));
    assert_eq!((event.smtp_code, event.enhanced.as_deref()), (Some(550), Some("5.1.1")));
    let text = r#"{"eventType":"Microsoft.Communication.EmailDeliveryReportReceived","data":{"sender":"a@example.org","recipient":"pat@example.com","status":"Bounced","deliveryStatusDetails":{"statusMessage":"550 5.1.1 no","recipientMailServerHostName":"mx.example.com"},"deliveryAttemptTimestamp":"x"}}"#;
    check(text, "pat@example.com", "550 5.1.1 no", ("Azure Communication Services", "Bounced"));
}

#[test]
fn unknown_and_broken_json() {
    let (event, says, _) =
        one(r#"{"data":{"result":{"from":"a@example.org","rcpt":"pat@example.com","explanation":"smtp; 550 5.1.1 no such user"}}}"#);
    assert_eq!((event.recipient.as_deref(), says.as_str()), (Some("pat@example.com"), "550 5.1.1 no such user"));
    let (event, says, _) =
        one(r#"{"email":"pat@example.com","event":"bounce","sg_event_id":"x","reason":"550 5.1.1 no such user","attempt"#);
    assert_eq!((event.recipient.as_deref(), says.as_str()), (Some("pat@example.com"), "550 5.1.1 no such user"));
    let escaped = SES.replace('"', "\\\"");
    assert_eq!(one(&escaped).1, "550 5.1.1 user unknown");
}

#[test]
fn printed_by_a_program() {
    for text in [
        "{'email': 'pat@example.com', 'event': 'bounce', 'reason': '550 5.1.1 no', 'sg_event_id': 'x', 'tls': None}",
        "{\n  email: 'pat@example.com',\n  event: 'bounce',\n  reason: '550 5.1.1 no',\n  sg_event_id: 'x'\n}",
        "{&quot;email&quot;:&quot;pat@example.com&quot;,&quot;event&quot;:&quot;bounce&quot;,&quot;reason&quot;:&quot;550 5.1.1 no&quot;,&quot;sg_event_id&quot;:&quot;x&quot;}",
    ] {
        check(text, "pat@example.com", "550 5.1.1 no", ("SendGrid", "bounce"));
    }
}

#[test]
fn a_class_alone_is_a_label() {
    check(
        r#"{"eventName":"emailBounce","dataFields":{"recipientState":"HardBounce","email":"pat@example.com"}}"#,
        "pat@example.com",
        "",
        ("Event", "HardBounce"),
    );
    let text = r#"{"queue_name":"deferred","queue_id":"4F2A1B2C3D","recipients":[{"address":"pat@example.com","delay_reason":"host mx.example.com[192.0.2.1] said: 452 4.2.2 full (in reply to RCPT TO command)"}]}"#;
    let (event, _, notice) = one(text);
    assert_eq!((event.recipient.as_deref(), notice.form), (Some("pat@example.com"), Form::Log));
}

#[test]
fn words_and_code_of_an_unknown_platform() {
    let (event, says, _) = one(
        r#"{"type":"email_dropped","email_to":"pat@example.com","email_response_code":550,"email_response_message":"no such user here"}"#,
    );
    assert_eq!((event.recipient.as_deref(), says.as_str(), event.smtp_code), (Some("pat@example.com"), "no such user here", Some(550)));
}

#[test]
fn one_bad_line_among_good_ones() {
    let text = format!("{SES}\n{{\"email\": oops\n{SES}\n");
    let notice = read(&text).expect("events");
    assert_eq!((notice.events.len(), notice.unread.len()), (2, 1));
}

#[test]
fn other_texts_are_no_events() {
    for text in ["", "550 5.1.1 no", "{", "[1, 2]", "{}", "{\"a\": {\"b\": [1]}}", "[{LED=550 x};{MSG=}]", "\"text\"", "{'a': 1}"] {
        assert!(read(text).is_none_or(|notice| notice.events.is_empty()), "{text}");
    }
}

#[test]
fn events_of_a_list_that_was_cut_are_read() {
    let text = r#"[{"email":"ann@example.com","event":"bounce","reason":"550 5.1.1 no","sg_event_id":"a"},{"email":"bob@example.net","event":"bounce","reason":"552 full","sg_event_id":"b"},{"email":"car"#;
    let notice = read(text).expect("events");
    let seen: Vec<_> = notice.events.iter().map(|event| event.recipient.as_deref()).collect();
    assert_eq!(seen, [Some("ann@example.com"), Some("bob@example.net")]);
    assert_eq!(notice.unread, ["1 piece of JSON cut off or broken"]);
}
