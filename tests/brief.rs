//! The brief verdict says what the whole one says, and an address domain tells its mailbox provider.

use std::fs;
use std::path::Path;

use undelivered::judge::pack::{Pack, rule_file};
use undelivered::judge::{Brief, brief, judge, label_conflicts, label_says};
use undelivered::read;
use undelivered::verdict::{Address, Bucket, Outcome, Proof, Role};

fn texts() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/replies.jsonl");
    let rows = fs::read_to_string(path).expect("the composed corpus");
    let texts = rows.lines().map(|row| serde_json::from_str::<serde_json::Value>(row).expect(row)["text"].as_str().expect(row).to_string());
    texts.chain(rule_file().rule.into_iter().flat_map(|rule| [rule.hits, rule.misses].concat())).collect()
}

fn of(outcome: &Outcome, rule: &Option<std::sync::Arc<str>>) -> Brief {
    let company = outcome.provider.as_ref().filter(|company| matches!(company.role, Role::MailboxProvider | Role::Esp));
    Brief {
        cause: outcome.cause,
        reason_cause: outcome.reason_cause,
        action: outcome.action,
        owner: outcome.owner,
        address: outcome.address,
        confidence: outcome.confidence,
        permanence: outcome.permanence,
        provider: company.map(|company| company.id.as_str().into()),
        rule: rule.clone(),
        retry_after: outcome.retry_after,
        smtp_code: outcome.reply.smtp_code,
        enhanced: outcome.reply.enhanced.clone(),
    }
}

#[test]
fn it_says_what_the_verdict_says() {
    let pack = Pack::built_in();
    for text in texts() {
        let notice = read::read_text(&text);
        let briefs: Vec<Brief> = notice.events.iter().map(|event| brief(event, &notice.parts, pack)).collect();
        let outcomes = judge(notice, pack).outcomes;
        assert_eq!(briefs.len(), outcomes.len());
        for (brief, outcome) in briefs.iter().zip(&outcomes) {
            assert_eq!(*brief, of(outcome, &brief.rule), "{text}");
            if let Some(proof) = outcome.evidence.iter().find(|proof| proof.kind == Proof::Wording) {
                assert_eq!(brief.rule.as_deref(), Some(proof.rule.as_str()), "{text}");
            }
        }
    }
}

#[test]
fn a_label_decides_nothing() {
    let pack = Pack::built_in();
    let mut notice = read::read_text("550 5.1.1 <ann@example.com>: User unknown");
    let without = brief(&notice.events[0], &notice.parts, pack);
    for label in ["Hard bounce", "Soft bounce", "Block bounce"] {
        notice.events[0].label = Some(("Marketing Cloud".into(), label.into()));
        assert_eq!(brief(&notice.events[0], &notice.parts, pack), without);
    }
    assert_eq!((label_says("Hard bounce"), label_says("Soft bounce"), label_says("Other")), (Some(true), Some(false), None));
    assert!(label_conflicts("Hard bounce", Bucket::Mailbox, Address::FullOrBusy));
    assert!(label_conflicts("Soft bounce", Bucket::Recipient, Address::Invalid));
    assert!(!label_conflicts("Hard bounce", Bucket::Recipient, Address::Invalid));
}

#[test]
fn a_domain_tells_its_provider() {
    let pack = Pack::built_in();
    for (domain, provider) in [
        ("gmail.com", Some("gmail")),
        ("GoogleMail.com", Some("gmail")),
        ("hotmail.co.uk", Some("microsoft")),
        ("live.nl", Some("microsoft")),
        ("contoso.onmicrosoft.com", Some("microsoft")),
        ("yahoo.com.br", Some("yahoo")),
        ("aol.com", Some("yahoo")),
        ("me.com", Some("apple")),
        ("nc.rr.com", Some("charter")),
        ("web.de", Some("gmx")),
        ("example.com", None),
        ("yahoo.example", None),
        ("yahoo", None),
        ("notgmail.com", None),
        ("com", None),
        ("", None),
    ] {
        assert_eq!(pack.provider_of_domain(domain), provider, "{domain}");
    }
    assert!(pack.is_big("gmail") && !pack.is_big("hey") && !pack.is_big("nobody"));
    assert!((15..=25).contains(&pack.providers.iter().filter(|provider| provider.big).count()));
}
