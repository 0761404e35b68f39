//! Every sentence of the contract about decisions, each with its near miss.

mod made;

use made::*;
use undelivered::analysis::{Override, Preset, Scope, Settings};
use undelivered::read::Fate;
use undelivered::report::{self, report};
use undelivered::sheet::{Item, Row};
use undelivered::tally::Tally;
use undelivered::verdict::Cause;

fn note(rows: &[Row]) -> String {
    one(rows).note.unwrap_or_default()
}

#[test]
fn words_that_prove_an_address_dead_suppress() {
    let decision = one(&[bounce("003A", DEAD, 0.0)]);
    assert_eq!((decision.decision.as_str(), decision.cause.as_str(), decision.key.as_str()), ("suppress", "user_unknown", "003A"));
    assert_eq!((decision.count, decision.first.as_deref()), (1, Some("2026-11-01T00:00:00Z")));
    assert_eq!((decision.last, decision.retry_until, decision.note), (decision.first, None, None));
    assert!(decision.rule.is_some() && decision.last_reply.contains("User unknown"));
}

#[test]
fn codes_without_words_never_suppress() {
    assert_eq!(one(&[bounce("003A", "550 5.1.1", 0.0)]).decision, "review");
    assert_eq!(one(&[bounce("003A", BARE, 0.0)]).decision, "review");
    let mut coded = bounce("003A", "", 0.0);
    (coded.events[0].smtp_code, coded.events[0].enhanced) = (Some(550), Some("5.1.1".into()));
    assert_eq!(one(&[coded]).decision, "review");
    assert_eq!(says(&[bounce("003A", "", 0.0)]), "review insufficient_evidence");
}

#[test]
fn what_the_sender_has_to_fix_is_held() {
    assert_eq!(says(&[bounce("a", BLOCKED, 0.0)]), "hold public_blocklist");
    let unsigned =
        "550 5.7.26 This mail has been blocked because the sender is unauthenticated. Gmail requires all senders to authenticate";
    assert_eq!(one(&[bounce("a", unsigned, 0.0)]).decision, "hold");
    let relay = "550 5.7.1 Unable to relay for ann@example.com: Relaying denied";
    assert_eq!(says(&[bounce("a", relay, 0.0)]), "hold relay_denied");
}

#[test]
fn a_passing_trouble_is_tried_again_for_a_while() {
    let decision = one(&[bounce("a", GREY, 0.0)]);
    assert_eq!((decision.decision.as_str(), decision.cause.as_str()), ("retry", "greylisted"));
    assert_eq!(decision.retry_until.as_deref(), Some("2026-11-02T00:00:00Z"));
    assert_eq!(says(&[bounce("a", FULL, 0.0)]), "retry_limited mailbox_full");
}

#[test]
fn what_is_no_bounce_gives_no_row_and_a_complaint_is_about_consent() {
    assert!(decide(&[fate("a@example.com", Fate::Delivered, 0.0), fate("b@example.com", Fate::AutoReply, 0.0)]).is_empty());
    assert!(decide(&[fate("a@example.com", Fate::Delayed, 0.0)]).is_empty());
    assert_eq!(says(&[fate("a@example.com", Fate::Feedback, 0.0)]), "unsubscribe feedback_report");
    let both = [bounce("a@example.com", DEAD, 0.0), fate("a@example.com", Fate::Feedback, 1.0)];
    assert_eq!(one(&both).decision, "unsubscribe");
}

#[test]
fn two_proofs_that_contradict_each_other_are_for_a_person() {
    for rows in [[bounce("a", DEAD, 0.0), bounce("a", FULL, 1.0)], [bounce("a", FULL, 0.0), bounce("a", DEAD, 1.0)]] {
        assert_eq!(one(&rows).decision, "review");
        assert!(note(&rows).contains("another says"), "{}", note(&rows));
    }
    assert_eq!(one(&[bounce("a", DEAD, 0.0), bounce("a", BLOCKED, 1.0)]).decision, "suppress", "a block says nothing of the mailbox");
    assert_eq!(one(&[bounce("a", DEAD, 0.0), bounce("a", GREY, 1.0)]).decision, "suppress");
}

#[test]
fn a_delivery_after_the_last_bounce_never_suppresses() {
    let rows = [bounce("a", DEAD, 0.0), delivery("a", 1.0)];
    assert_eq!(one(&rows).decision, "review");
    assert!(note(&rows).contains("after the last bounce"));
    assert_eq!(one(&[delivery("a", -1.0), bounce("a", DEAD, 0.0)]).decision, "suppress", "it lived before");
    assert_eq!(one(&[bounce("a", DEAD, 0.0), delivery("a", 1.0), bounce("a", BLOCKED, 2.0)]).decision, "review", "it rose again");
    assert_eq!(one(&[bounce("a", DEAD, 0.0), delivery("a", 1.0), bounce("a", DEAD, 2.0)]).decision, "suppress", "it died after");
    let full = [0.0, 1.0, 2.0].map(|day| bounce("a", FULL, day));
    assert_eq!(one(&[&full[..], &[delivery("a", 3.0)]].concat()).decision, "retry_limited");
    assert_eq!(one(&[bounce("a", DEAD, 0.0), with(delivery("a", 0.0), |about| about.time = None)]).decision, "review");
}

#[test]
fn a_mailbox_full_three_times_in_a_row_is_taken_for_abandoned() {
    let decision = one(&[0.0, 5.0, 14.9].map(|day| bounce("a", FULL, day)));
    assert_eq!((decision.decision.as_str(), decision.cause.as_str(), decision.count), ("suppress", "mailbox_full", 3));
    assert!(decision.note.unwrap_or_default().contains("3_in_15_days"));
    assert_eq!(one(&[0.0, 5.0, 15.1].map(|day| bounce("a", FULL, day))).decision, "retry_limited", "too far apart");
    assert_eq!(one(&[0.0, 5.0].map(|day| bounce("a", FULL, day))).decision, "retry_limited", "only twice");
    let reset = [bounce("a", FULL, 0.0), bounce("a", FULL, 1.0), delivery("a", 2.0), bounce("a", FULL, 3.0)];
    assert_eq!(one(&reset).decision, "retry_limited", "a delivery resets");
}

#[test]
fn blocks_between_full_mailboxes_neither_count_nor_reset() {
    let rows =
        [bounce("a", FULL, 0.0), bounce("a", BLOCKED, 1.0), bounce("a", FULL, 2.0), bounce("a", FULL, 3.0), bounce("a", BLOCKED, 4.0)];
    assert_eq!(says(&rows), "suppress mailbox_full");
    let two = [bounce("a", FULL, 0.0), bounce("a", BLOCKED, 1.0), bounce("a", FULL, 2.0), bounce("a", BLOCKED, 3.0)];
    assert_eq!(one(&two).decision, "hold");
}

#[test]
fn presets_differ() {
    let with = |preset, rows: &[Row]| decide_with(&tally(rows), &Settings { preset, ..Settings::default() }).remove(0);
    let slow = [0.0, 2.0, 4.0].map(|day| bounce("a", FULL, day));
    let fast = [0.0, 1.0, 2.9].map(|day| bounce("a", FULL, day));
    let twice = [0.0, 6.0].map(|day| bounce("a", FULL, day));
    assert_eq!(with(Preset::ThreeIn72Hours, &slow).decision, "retry_limited");
    assert_eq!(with(Preset::ThreeIn72Hours, &fast).decision, "suppress");
    assert_eq!(with(Preset::TwoIn7Days, &twice).decision, "suppress");
    assert_eq!(with(Preset::ThreeIn15Days, &twice).decision, "retry_limited");
    assert!(with(Preset::TwoIn7Days, &twice).note.unwrap_or_default().contains("2_in_7_days"));
}

#[test]
fn other_passing_troubles_never_suppress_however_often() {
    for text in [GREY, TIMEOUT, UNWELL, RATE] {
        let often: Vec<Row> = (0..12).map(|day| bounce("a", text, f64::from(day))).collect();
        assert_eq!(one(&often).decision, "review", "{text}");
        assert!(note(&often).contains("3_in_15_days"), "{text}");
        assert!(one(&often[..2]).decision.starts_with("retry"), "{text}: {:?}", one(&often[..2]));
    }
    let rare: Vec<Row> = (0..6).map(|step| bounce("a", TIMEOUT, f64::from(step) * 10.0)).collect();
    assert_eq!(one(&rare).decision, "retry", "never three within the window");
}

#[test]
fn duplicates_and_attempts_at_one_message_count_once() {
    let same = [0.0; 5].map(|day| bounce("a", FULL, day));
    assert_eq!((one(&same).decision.as_str(), one(&same).count), ("retry_limited", 1));
    let of = |message: &str, day| with(bounce("a", FULL, day), |about| about.message = message.into());
    let attempts = [of("m1", 0.0), of("m1", 1.0), of("m1", 2.0), of("m2", 3.0)];
    assert_eq!((one(&attempts).decision.as_str(), one(&attempts).count), ("retry_limited", 2));
    assert_eq!(one(&[of("m1", 0.0), of("m2", 1.0), of("m3", 2.0)]).decision, "suppress");
    let again = |day| with(bounce("a", FULL, day), |about| about.repeated = true);
    let repeated = [bounce("a", FULL, 0.0), again(1.0), again(2.0)];
    assert_eq!((one(&repeated).decision.as_str(), one(&repeated).count), ("retry_limited", 1));
    assert_eq!(one(&[again(1.0)]).count, 1, "its first event is not in the file");
    assert_eq!(tally(&repeated).bounces(), 3, "events are counted all the same");
}

#[test]
fn keys_differ_by_case_and_addresses_do_not() {
    assert_eq!(decide(&[bounce("003Aa", DEAD, 0.0), bounce("003aa", DEAD, 0.0)]).len(), 2);
    let decisions = decide(&[bounce("Ann@Example.com", DEAD, 0.0), bounce("ann@example.com", DEAD, 1.0)]);
    assert_eq!((decisions.len(), decisions[0].key.as_str(), decisions[0].count), (1, "Ann@Example.com", 2));
    assert_eq!(decisions[0].recipient.as_deref(), Some("Ann@Example.com"));
}

#[test]
fn a_platforms_word_alone_never_suppresses() {
    let decision = one(&[word("a", Cause::UserUnknown, "UNKNOWN_USER", 0.0)]);
    assert_eq!((decision.decision.as_str(), decision.cause.as_str()), ("review", "user_unknown"));
    assert!(decision.note.unwrap_or_default().contains("platform"));
    assert_eq!(one(&[labelled(bounce("a", "", 0.0), "Hard bounce")]).decision, "review");
    let full: Vec<Row> = (0..4).map(|day| word("a", Cause::MailboxFull, "MAILBOX_FULL", f64::from(day))).collect();
    assert_eq!(one(&full).decision, "review");
    let mut worded = bounce("a", DEAD, 0.0);
    (worded.about.said, worded.about.label) = (Some(Cause::MailboxFull), "MAILBOX_FULL".into());
    assert_eq!(says(&[worded]), "suppress user_unknown", "the receiver's words go before it");
}

#[test]
fn a_label_conflict_is_shown_and_changes_nothing() {
    let hard = one(&[labelled(bounce("a", BLOCKED, 0.0), "Hard bounce / Other")]);
    assert_eq!((hard.decision.as_str(), hard.label_conflict, hard.label.as_deref()), ("hold", true, Some("Hard bounce / Other")));
    let soft = one(&[labelled(bounce("a", DEAD, 0.0), "Soft bounce")]);
    assert_eq!((soft.decision.as_str(), soft.label_conflict), ("suppress", true));
    assert!(!one(&[labelled(bounce("a", DEAD, 0.0), "Hard bounce / Domain blocked")]).label_conflict);
}

#[test]
fn what_hangs_on_dates_waits_for_them() {
    let open = |rows: &[Row]| {
        let mut tally = tally(rows);
        tally.dates_open = true;
        let mut decisions = decide_with(&tally, &Settings::default());
        decisions.pop().expect("a decision")
    };
    let full = [0.0, 1.0, 2.0].map(|day| bounce("a", FULL, day));
    assert_eq!(open(&full).decision, "review");
    assert!(open(&full).note.unwrap_or_default().contains("month first"));
    assert_eq!(open(&[bounce("a", DEAD, 0.0)]).decision, "suppress", "no date matters here");
    assert_eq!(open(&[bounce("a", DEAD, 2.0), delivery("a", 0.0)]).decision, "review");
    assert_eq!(open(&[bounce("a", GREY, 0.0)]).retry_until, None);
    assert_eq!(open(&[bounce("a", GREY, 0.0), bounce("a", BLOCKED, 1.0)]).decision, "review");
    let timeless = full.map(|row| with(row, |about| (about.job, about.time) = (format!("{:?}", about.time), None)));
    assert_eq!((one(&timeless).decision.as_str(), one(&timeless).count), ("review", 3));
}

#[test]
fn a_persons_word_goes_before_the_rules_and_the_last_one_wins() {
    let rows = [bounce("a", DEAD, 0.0), bounce("b@example.com", DEAD, 0.0), bounce("c", BLOCKED, 0.0)];
    let tally = tally(&rows);
    let of = |scope, decision: &str| Override { scope, decision: decision.into(), note: Some("Asked them.".into()) };
    let template = tally.templates().find(|template| template.text.contains("spamhaus")).expect("its template").text.clone();
    let overrides = vec![
        of(Scope::Person("a".into()), "hold"),
        of(Scope::Cause("user_unknown".into()), "review"),
        of(Scope::Person("B@example.com".into()), "retry"),
        of(Scope::Template(template), "retry"),
    ];
    let settings = Settings { overrides, ..Settings::default() };
    let decided = decide_with(&tally, &settings);
    let shown: Vec<(&str, bool)> = decided.iter().map(|one| (one.decision.as_str(), one.overridden)).collect();
    assert_eq!(shown, [("review", true), ("retry", true), ("retry", true)]);
    assert_eq!(decided[0].note.as_deref(), Some("Asked them. The rules said suppress (user_unknown)."));
    let summary = report(&tally, &settings).summary;
    assert_eq!((summary.suppress, summary.review, summary.retry), (0, 1, 2));
    assert_eq!(report::standings(&tally, &settings), [Some("review"), Some("retry"), Some("retry")]);
    assert!(!decide(&rows)[0].overridden);
}

#[test]
fn marketing_clouds_own_rule_stands_beside_ours() {
    let soft = |days: &[f64]| -> Vec<Row> { days.iter().map(|day| labelled(bounce("a", FULL, *day), "Soft bounce")).collect() };
    let status = |rows: &[Row]| one(rows).sfmc_status;
    assert_eq!(status(&soft(&[0.0, 5.0, 15.0])).as_deref(), Some("held"));
    assert_eq!(status(&soft(&[0.0, 5.0, 14.9])).as_deref(), Some("bounced"));
    assert_eq!(status(&soft(&[0.0, 15.0])).as_deref(), Some("bounced"));
    let mut rows = soft(&[0.0, 5.0, 15.0]);
    rows.push(delivery("a", 6.0));
    assert_eq!(status(&rows).as_deref(), Some("bounced"), "a delivery begins anew");
    let mut mixed = soft(&[0.0]);
    mixed.push(labelled(bounce("b", BLOCKED, 0.0), "Block bounce"));
    assert_eq!(decide(&mixed)[1].sfmc_status.as_deref(), Some("active"));
    assert_eq!(status(&[bounce("a", FULL, 0.0)]), None, "no such label anywhere");
}

#[test]
fn one_hard_bounce_at_a_trusted_domain_is_held() {
    let at = |domain: &str| with(labelled(bounce("a", BLOCKED, 0.0), "Hard bounce"), |about| about.domain = domain.into());
    let trusting = Settings { trusted_domains: Some(vec!["Example.com".into()]), ..Settings::default() };
    let status = |row: Row, settings: &Settings| decide_with(&tally(&[row]), settings).remove(0);
    assert_eq!(status(at("example.com"), &trusting).sfmc_status.as_deref(), Some("held"));
    assert_eq!(status(at("example.org"), &trusting).sfmc_status.as_deref(), Some("bounced"));
    let without = status(at("example.com"), &Settings::default());
    assert_eq!(without.sfmc_status.as_deref(), Some("bounced"));
    assert!(without.note.unwrap_or_default().contains("trusted domains was not applied"));
    assert_eq!(status(at("example.com"), &trusting).note, None);
}

#[test]
fn an_event_with_several_recipients_is_one_record_about_each() {
    let mut row = bounce("a@example.com", DEAD, 0.0);
    let mut other = row.events[0].clone();
    (other.recipient, other.fate) = (Some("b@example.com".into()), Fate::Delivered);
    row.events.push(other);
    row.about.key = "one-key".into();
    let tally = tally(&[row]);
    assert_eq!((tally.rows.read, tally.rows.decided, tally.bounces()), (1, 1, 1));
    let decided = decide_with(&tally, &Settings::default());
    assert_eq!((decided.len(), decided[0].key.as_str()), (1, "a@example.com"));
}

#[test]
fn long_replies_are_cut_between_words() {
    let long = format!("550 5.1.1 User unknown {}", "and so on ".repeat(80));
    let shown = one(&[bounce("a", &long, 0.0)]).last_reply;
    assert!(shown.len() < 510 && shown.ends_with(" …"), "{shown}");
}

#[test]
fn rates_need_a_sent_count() {
    let rows: Vec<Row> =
        (0..10).map(|n| labelled(bounce(&format!("k{n}"), if n < 2 { DEAD } else { BLOCKED }, 0.0), "Hard bounce")).collect();
    let mut tally = tally(&rows);
    let gates = |tally: &Tally, sent| report(tally, &Settings { sent, ..Settings::default() }).gates;
    let none = gates(&tally, None);
    assert_eq!((none.hard_people, none.bounced_people, none.hard_rate, none.status.as_str()), (2, 10, None, "needs_sent_count"));
    let some = gates(&tally, Some(1_000));
    assert_eq!((some.hard_rate, some.total_rate, some.hard_rate_by_label), (Some(0.002), Some(0.01), Some(0.01)));
    assert_eq!((some.status.as_str(), gates(&tally, Some(400)).status.as_str()), ("ok", "watch"));
    assert_eq!((gates(&tally, Some(200)).status.as_str(), gates(&tally, Some(0)).status.as_str()), ("stop", "needs_sent_count"));
    let court = court();
    tally.add(court, &Item::Sent { job: "7", sent: 300 }, None);
    tally.add(court, &Item::Sent { job: "8", sent: 100 }, None);
    assert_eq!(gates(&tally, None).hard_rate, Some(0.005));
    assert_eq!(gates(&tally, Some(1_000)).hard_rate, Some(0.002), "what was typed goes before the file");
}

#[test]
fn labels_are_held_against_the_words() {
    let mut rows: Vec<Row> = (0..3).map(|n| labelled(bounce(&format!("k{n}"), BLOCKED, 0.0), "Hard bounce / Other")).collect();
    rows.push(labelled(bounce("k3", DEAD, 0.0), "Hard bounce / User unknown"));
    rows.push(labelled(bounce("k4", DEAD, 0.0), "Soft bounce"));
    let labels = report(&tally(&rows), &Settings::default()).labels;
    let hard = &labels.by_label["Hard bounce"];
    assert_eq!((labels.conflicts, hard.count, hard.conflicts, labels.kept_off_suppression), (4, 4, 3, 3));
    assert_eq!((hard.by_bucket["reputation"], hard.by_bucket["recipient"]), (3, 1));
    assert_eq!(hard.example.as_deref(), Some(BLOCKED));
    assert_eq!(labels.by_label["Soft bounce"].example.as_deref(), Some(DEAD));
}

#[test]
fn an_existing_list_is_confirmed_released_and_completed() {
    let rows = [
        bounce("dead@example.com", DEAD, 0.0),
        bounce("003KEY", BLOCKED, 0.0),
        bounce("missing", DEAD, 0.0),
        bounce("asked", BLOCKED, 0.0),
        bounce("thin", BARE, 0.0),
        bounce("timed", TIMEOUT, 0.0),
        bounce("proved", BLOCKED, 0.0),
        delivery("alive", 1.0),
    ];
    let mut tally = tally(&rows);
    let court = court();
    tally.add(court, &Item::Address { key: "003KEY", address: "Live@example.com" }, None);
    let listed = [
        ("DEAD@example.com", "hard bounce"),
        ("live@example.com", "550 blocked"),
        ("asked", "Unsubscribed by link"),
        ("thin", ""),
        ("timed", ""),
        ("proved", DEAD),
        ("alive", "bounced"),
        ("never seen", ""),
    ];
    for (person, reason) in listed {
        tally.add(court, &Item::Listed { person, reason, since: Some(START) }, None);
    }
    let settings = Settings::default();
    let entries: Vec<_> = report::lists(&tally, &settings).collect();
    let shown: Vec<(&str, &str)> = entries.iter().map(|entry| (entry.person.as_str(), entry.standing.as_str())).collect();
    let expected = [
        ("dead@example.com", "dead"),
        ("003KEY", "release"),
        ("missing", "missing"),
        ("asked", "consent"),
        ("thin", "unclear"),
        ("timed", "unclear"),
        ("proved", "unclear"),
        ("alive", "release"),
    ];
    assert_eq!(shown, expected);
    assert_eq!(entries[1].decision.as_ref().map(|decision| decision.cause.as_str()), Some("public_blocklist"));
    assert_eq!(
        (entries[7].delivered.as_deref(), entries[7].since.as_deref()),
        (Some("2026-11-02T00:00:00Z"), Some("2026-11-01T00:00:00Z"))
    );
    let check = report(&tally, &settings).listed.expect("a list was given");
    assert_eq!((check.listed, check.dead, check.release, check.consent, check.unclear), (8, 1, 2, 1, 3));
    assert_eq!((check.unseen, check.missing), (1, 1));
    assert_eq!(report(&made::tally(&rows), &settings).listed, None);
    assert_eq!(report::lists(&made::tally(&rows), &settings).count(), 0);
}
