//! Counting the parts of a file and adding them up comes to the same as counting the whole.

mod made;

use std::collections::BTreeMap;

use made::*;
use proptest::prelude::*;
use undelivered::analysis::{Dimension, Filter, ListEntry, Settings};
use undelivered::read::Fate;
use undelivered::report::{self, report};
use undelivered::sheet::{Item, Kind, Row};
use undelivered::tally::{Cell, Passes, Tally};
use undelivered::verdict::{Bucket, Cause};

/// One thing that a file may give.
#[derive(Clone, Debug)]
enum Given {
    Row(Box<Row>),
    Sent(String, u64),
    Address(String, String),
    Listed(String, String, Option<i64>),
}

fn count(given: &[Given]) -> Tally {
    let court = court();
    let mut tally = Tally::default();
    for given in given {
        let item = match given {
            Given::Row(row) => Item::Row(row),
            Given::Sent(job, sent) => Item::Sent { job, sent: *sent },
            Given::Address(key, address) => Item::Address { key, address },
            Given::Listed(person, reason, since) => Item::Listed { person, reason, since: *since },
        };
        tally.add(court, &item, None);
    }
    tally
}

fn people() -> impl Strategy<Value = String> {
    (0..12_u8).prop_map(|n| if n % 3 == 0 { format!("u{n}@example.com") } else { format!("003{n}") })
}

fn rows() -> impl Strategy<Value = Row> {
    let texts = prop::sample::select(vec![DEAD, FULL, FULL, FULL, BLOCKED, GREY, TIMEOUT, UNWELL, RATE, BARE, ""]);
    let labels = prop::sample::select(vec!["", "Hard bounce", "Soft bounce / Mailbox full", "Block bounce"]);
    let kinds = prop::sample::select(vec![0_u8, 0, 0, 0, 0, 0, 1, 2, 3, 4]);
    (people(), texts, labels, kinds, (0..40_i64, 0..5_u8, 0..4_u8), (any::<bool>(), any::<bool>())).prop_map(
        |(person, text, label, kind, (hours, message, job), (timed, repeated))| {
            let mut row = labelled(bounce(&person, text, hours as f64 / 4.0), label);
            row.about.domain = format!("d{}.example", job % 3);
            row.about.job = format!("{job}");
            row.about.message = if message > 2 { String::new() } else { format!("m{message}") };
            row.about.repeated = repeated && message == 4;
            row.about.said = (text.is_empty() && message == 1).then_some(Cause::UserUnknown);
            row.about.time = row.about.time.filter(|_| timed || job > 0);
            match kind {
                1 => row.kind = Kind::Delivery,
                2 => row.events[0].fate = Fate::AutoReply,
                3 => row.events[0].fate = Fate::Feedback,
                4 => row.kind = Kind::Unreadable("no".into()),
                _ => {}
            }
            row
        },
    )
}

fn given() -> impl Strategy<Value = Given> {
    let listed = (people(), prop::sample::select(vec!["", "bounced", DEAD, "unsubscribed"]), prop::option::of(0..9_i64));
    prop_oneof![
        12 => rows().prop_map(|row| Given::Row(Box::new(row))),
        1 => (0..4_u8, 1..9_u64).prop_map(|(job, sent)| Given::Sent(job.to_string(), sent)),
        1 => (people(), people()).prop_map(|(key, address)| Given::Address(key, address + "@example.org")),
        1 => listed.prop_map(|(person, reason, day)| Given::Listed(person, reason.into(), day.map(|day| START + day * DAY))),
    ]
}

/// All that is told, in an order of its own.
/// By value: cause, slot and count.
type Chart = BTreeMap<String, Vec<(u8, Option<i64>, u32)>>;

#[derive(Debug, PartialEq)]
struct Whole {
    told: report::Told,
    rows: undelivered::analysis::Rows,
    deliveries: u64,
    decisions: Vec<undelivered::analysis::Decision>,
    listed: Vec<ListEntry>,
    charts: Vec<Chart>,
}

fn whole(tally: &Tally) -> Whole {
    let settings = Settings::default();
    let mut decisions = decide_with(tally, &settings);
    decisions.sort_by(|one, other| one.key.cmp(&other.key));
    let mut listed: Vec<ListEntry> = report::lists(tally, &settings).collect();
    listed.sort_by(|one, other| one.person.cmp(&other.person));
    let cell = |cell: Cell| (cell.cause() as u8, cell.start(), cell.count);
    let ledgers = Dimension::ALL.map(|dimension| tally.by(dimension));
    let charts = ledgers
        .into_iter()
        .chain([tally.spoken(), tally.policy()])
        .map(|ledger| ledger.iter().map(|(name, series)| (name.to_string(), series.cells().into_iter().map(cell).collect())).collect())
        .collect();
    let told = report(tally, &settings);
    Whole { told, rows: tally.rows, deliveries: tally.deliveries, decisions, listed, charts }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn parts_in_any_order_come_to_the_whole(given in prop::collection::vec((given(), 0..4_usize), 0..160), order in Just([0, 1, 2, 3]).prop_shuffle()) {
        let all: Vec<Given> = given.iter().map(|(given, _)| given.clone()).collect();
        let mut merged = Tally::default();
        for part in order {
            let own: Vec<Given> = given.iter().filter(|(_, at)| *at == part).map(|(given, _)| given.clone()).collect();
            merged.merge(&count(&own));
        }
        prop_assert_eq!(whole(&merged), whole(&count(&all)));
    }

    #[test]
    fn nothing_is_lost(rows in prop::collection::vec(rows(), 0..80)) {
        let tally = tally(&rows);
        let balance = tally.rows;
        prop_assert_eq!(balance.read, rows.len() as u64);
        prop_assert_eq!(balance.read, balance.decided + balance.undecided + balance.not_bounces + balance.unreadable);
        let told = report(&tally, &Settings::default());
        let totals = [&told.totals.by_bucket, &told.totals.by_cause, &told.totals.by_action, &told.totals.by_provider];
        prop_assert!(totals.iter().all(|counts| counts.values().sum::<u64>() == tally.bounces()));
        prop_assert_eq!(balance.decided + balance.undecided, tally.bounces());
        let undecided: u64 = told.totals.by_bucket.get(Bucket::Unknown.id()).copied().unwrap_or_default();
        prop_assert_eq!(undecided, balance.undecided);
    }

    #[test]
    fn a_filter_and_its_rest_come_to_the_whole(rows in prop::collection::vec(rows(), 0..80)) {
        let (court, whole) = (court(), tally(&rows));
        let standings = report::standings(&whole, &Settings::default());
        let count = |decision: &str| {
            let filter = Filter { decision: Some(decision.into()), ..Filter::default() };
            let passes = Passes::new(&filter, &whole, standings.clone());
            let mut tally = Tally::default();
            rows.iter().for_each(|row| { tally.add(court, &Item::Row(row), Some(&passes)); });
            tally.bounces()
        };
        let sum: u64 = ["suppress", "unsubscribe", "retry", "retry_limited", "hold", "review"].into_iter().map(count).sum();
        prop_assert_eq!(sum, whole.bounces());
    }
}

#[test]
fn records_are_counted_by_what_became_of_them() {
    let rows = [
        bounce("a", DEAD, 0.0),
        bounce("b", "", 0.0),
        delivery("c", 0.0),
        Row { kind: Kind::Other, ..Row::default() },
        Row { kind: Kind::Unreadable("a quote never ends".into()), line: 7, ..Row::default() },
        fate("d@example.com", Fate::Delayed, 0.0),
    ];
    let tally = tally(&rows);
    let rows = tally.rows;
    assert_eq!((rows.read, rows.decided, rows.undecided, rows.not_bounces, rows.unreadable), (6, 1, 1, 3, 1));
    assert_eq!((tally.errors[0].line, tally.errors[0].reason.as_str()), (7, "a quote never ends"));
    assert_eq!((tally.deliveries, tally.bounces()), (1, 2));
}

#[test]
fn the_provider_comes_from_the_words_else_from_the_domain() {
    let at = |text: &str, domain: &str| with(bounce("a", text, 0.0), |about| about.domain = domain.into());
    let google = "550-5.1.1 The email account that you tried to reach does not exist. Please try double-checking the recipient's email address for typos or unnecessary spaces. For more information, go to https://support.google.com/mail/?p=NoSuchUser a1-20020a170906 - gsmtp";
    let tally = tally(&[at(google, "example.com"), at(BLOCKED, "Hotmail.com"), at(BLOCKED, "example.com")]);
    let totals = report(&tally, &Settings::default()).totals.by_provider;
    let shown: Vec<(&str, u64)> = totals.iter().map(|(provider, count)| (provider.as_str(), *count)).collect();
    assert_eq!(shown, [("gmail", 1), ("microsoft", 1), ("other", 1)]);
    assert_eq!(tally.spoken().iter().count(), 1);
    assert_eq!(tally.by(Dimension::Domain).get("hotmail.com").map(|series| series.total()), Some(1));
}

#[test]
fn a_template_shows_its_earliest_reply_and_its_spread() {
    let row = |person: &str, domain: &str, day| {
        with(bounce(person, BLOCKED, day), |about| (about.domain, about.job) = (domain.into(), format!("{}", day as i64 % 2)))
    };
    let rows = [row("a", "a.example", 3.0), row("b", "b.example", 1.0), row("c", "a.example", 2.0), row("c", "a.example", 5.0)];
    let told = report(&tally(&rows), &Settings::default());
    assert_eq!(told.templates.len(), 1);
    let template = &told.templates[0];
    assert_eq!((template.count, template.domains, template.jobs), (4, 2, 2));
    assert_eq!((template.first.as_deref(), template.last.as_deref()), (Some("2026-11-02T00:00:00Z"), Some("2026-11-06T00:00:00Z")));
    assert_eq!((template.example.as_str(), template.cause), (BLOCKED, Cause::PublicBlocklist));
}

#[test]
fn a_filter_counts_only_what_fits() {
    let court = court();
    let mut first = with(bounce("a", DEAD, 0.0), |about| (about.domain, about.job) = ("a.example".into(), "1".into()));
    first.cells.push("Ann Example");
    let rows = [
        first,
        with(labelled(bounce("b", BLOCKED, 1.0), "Hard bounce / Other"), |about| about.ip = "192.0.2.1".into()),
        delivery("a", 2.0),
    ];
    let whole = tally(&rows);
    let count = |filter: Filter| {
        let passes = Passes::new(&filter, &whole, report::standings(&whole, &Settings::default()));
        let mut tally = Tally::default();
        let passed = rows.iter().filter(|row| tally.add(court, &Item::Row(row), Some(&passes))).count() as u64;
        assert_eq!(passed, tally.rows.read);
        (tally.rows.decided, tally.rows.not_bounces)
    };
    let some = |value: &str| Some(value.to_string());
    let template = whole.templates().find(|template| template.text.contains("spamhaus")).map(|template| template.text.clone());
    assert_eq!(count(Filter::default()), (2, 1));
    assert_eq!(count(Filter { bucket: some("recipient"), ..Filter::default() }), (1, 0));
    assert_eq!(count(Filter { cause: some("public_blocklist"), ..Filter::default() }), (1, 0));
    assert_eq!(count(Filter { provider: some("other"), ..Filter::default() }), (2, 0));
    assert_eq!(count(Filter { domain: some("a.example"), ..Filter::default() }), (1, 0));
    assert_eq!(count(Filter { job: some("1"), ..Filter::default() }), (1, 0));
    assert_eq!(count(Filter { ip: some("192.0.2.1"), ..Filter::default() }), (1, 0));
    assert_eq!(count(Filter { label: some("Hard bounce"), ..Filter::default() }), (1, 0));
    assert_eq!(count(Filter { label: some("Hard"), ..Filter::default() }), (0, 0));
    assert_eq!(count(Filter { decision: some("hold"), ..Filter::default() }), (1, 0));
    assert_eq!(count(Filter { template, ..Filter::default() }), (1, 0));
    assert_eq!(count(Filter { from: Some(START + DAY), ..Filter::default() }), (1, 1));
    assert_eq!(count(Filter { until: Some(START + DAY), ..Filter::default() }), (1, 0));
    assert_eq!(count(Filter { search: some("ANN EX"), ..Filter::default() }), (1, 0));
}

#[test]
fn verdicts_are_told_without_counting() {
    let (court, mut tally, mut judged) = (court(), Tally::default(), Vec::new());
    tally.verdicts(court, &bounce("a", DEAD, 0.0), &mut judged);
    let cause = tally.template(judged[0]).map(|template| template.verdict.cause);
    assert_eq!((judged.len(), cause), (1, Some(Cause::UserUnknown)));
    assert_eq!((tally.bounces(), tally.templates().count(), tally.people.len()), (0, 0, 0));
}

#[test]
fn templates_and_labels_beyond_all_bounds_are_counted_together() {
    let word = |mut n: u32| -> String {
        std::iter::repeat_with(|| {
            let letter = char::from(b'b' + (n % 20) as u8);
            n /= 20;
            letter
        })
        .take(6)
        .collect()
    };
    let rows: Vec<Row> =
        (0..70_000).map(|n| labelled(bounce("a", &format!("It would {} so", word(n)), 0.0), &format!("Label {}", word(n)))).collect();
    let tally = tally(&rows);
    assert!(tally.templates().count() < 66_000, "{}", tally.templates().count());
    assert_eq!((tally.bounces(), tally.rows.undecided), (70_000, 70_000));
    let labels = report(&tally, &Settings::default()).labels;
    assert!(labels.by_label.len() <= 4_097);
    assert_eq!(labels.by_label.values().map(|label| label.count).sum::<u64>(), 70_000);
}

#[test]
fn texts_beyond_all_bounds_stay_bounded() {
    let court = court();
    let mut tally = Tally::default();
    let long = format!("550 5.1.1 User unknown {}", "x\0=cmd|' /C calc'!A0 ".repeat(60_000));
    tally.add(court, &Item::Row(&bounce("a", &long, 0.0)), None);
    tally.add(court, &Item::Row(&bounce("a", &(long.clone() + "y"), 0.0)), None);
    assert_eq!(tally.templates().count(), 2);
    assert!(tally.templates().all(|template| template.text.len() <= 16_400 && template.example().len() <= 4_100));
}
