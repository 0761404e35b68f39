//! Each kind of finding where it must be found, and the nearest case where it must not.

use undelivered::analysis::{Dimension, Finding, Hints, Settings};
use undelivered::judge::pack::Pack;
use undelivered::read::{Notice, read_text};
use undelivered::report::{breakdown, findings, packet};
use undelivered::sample;
use undelivered::sheet::{About, Item, Kind, Row, Sheet};
use undelivered::tally::{Court, Passes, Tally};

const GONE: &str = "550 5.1.1 User unknown";
const FULL: &str = "452 4.2.2 Mailbox full";
const POLICY: &str = "554 5.7.1 Message rejected due to policy";
const SPAM: &str = "550 5.7.1 Message rejected as spam by content filter";
const LISTED: &str = "554 5.7.1 Service unavailable; Client host [203.0.113.25] blocked using zen.spamhaus.org";
const TIMEOUT: &str = "4.4.1 (connection timed out)";
const UNPROVED: &str = "550 5.7.26 Your email has been blocked because the sender is unauthenticated.";
const SLOW: &str = "421 4.7.0 Too many messages, slow down";
const BUSY: &str = "421 4.3.2 Service not available, try again later";
const THIN: &str = "550";

/// 2026-11-01T00:00Z.
const START: i64 = 1_793_491_200;
const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// So many rows that say the same; what is not set is spread evenly: over 4 weeks, 50 domains, 20 jobs and 10 sources.
#[derive(Clone, Copy)]
struct Lot<'a> {
    count: i64,
    text: &'a str,
    domain: Option<&'a str>,
    job: Option<&'a str>,
    source: Option<&'a str>,
    ip: &'a str,
    label: &'a str,
    from: i64,
    until: i64,
}

fn lot<'a>(count: i64, text: &'a str) -> Lot<'a> {
    Lot { count, text, domain: None, job: None, source: None, ip: "", label: "", from: 0, until: 28 * DAY }
}

impl<'a> Lot<'a> {
    fn domain(self, domain: &'a str) -> Self {
        Self { domain: Some(domain), ..self }
    }

    fn job(self, job: &'a str) -> Self {
        Self { job: Some(job), ..self }
    }

    fn source(self, source: &'a str) -> Self {
        Self { source: Some(source), ..self }
    }

    fn ip(self, ip: &'a str) -> Self {
        Self { ip, ..self }
    }

    fn label(self, label: &'a str) -> Self {
        Self { label, ..self }
    }

    /// Seconds after [`START`].
    fn within(self, from: i64, until: i64) -> Self {
        Self { from, until, ..self }
    }

    fn row(&self, notice: &Notice, number: i64, person: usize) -> Row {
        let or = |value: Option<&str>, name: &str, many: i64| value.map_or_else(|| format!("{name}{}", number % many), str::to_string);
        let about = About {
            key: format!("k{person}"),
            domain: or(self.domain, "d", 50) + if self.domain.is_some() { "" } else { ".example" },
            time: Some(START + self.from + number * (self.until - self.from) / self.count),
            job: or(self.job, "job", 20),
            source: or(self.source, "list", 10),
            ip: self.ip.into(),
            label: self.label.into(),
            ..About::default()
        };
        Row { kind: Kind::Bounce, events: notice.events.clone(), parts: notice.parts.clone(), about, ..Row::default() }
    }
}

fn tally(lots: &[Lot<'_>]) -> Tally {
    counted(lots, &Court::new(Pack::built_in()), None)
}

fn counted(lots: &[Lot<'_>], court: &Court<'_>, passes: Option<&Passes<'_>>) -> Tally {
    let (mut tally, mut person) = (Tally::default(), 0);
    for lot in lots {
        let notice = read_text(lot.text);
        for number in 0..lot.count {
            person += 1;
            tally.add(court, &Item::Row(&lot.row(&notice, number, person)), passes);
        }
    }
    tally
}

fn found(lots: &[Lot<'_>]) -> Vec<Finding> {
    findings(&tally(lots), Pack::built_in(), &Settings::default())
}

fn one(lots: &[Lot<'_>], kind: &str) -> Finding {
    let all = found(lots);
    let names: Vec<String> = all.iter().map(|finding| format!("{} {:?}", finding.kind, finding.subject)).collect();
    all.into_iter().find(|finding| finding.kind == kind).unwrap_or_else(|| panic!("no {kind} in {names:?}"))
}

fn none(lots: &[Lot<'_>], kind: &str) {
    if let Some(finding) = found(lots).into_iter().find(|finding| finding.kind == kind) {
        panic!("{kind}: {}", finding.sentence);
    }
}

/// What every file has: dead addresses here and there.
fn usual() -> Lot<'static> {
    lot(600, GONE)
}

#[test]
fn one_domain() {
    let lots = [usual(), lot(60, POLICY).domain("corp.example"), lot(40, POLICY)];
    let finding = one(&lots, "one_domain");
    assert_eq!((finding.subject.as_deref(), finding.subject_kind.as_deref()), (Some("corp.example"), Some("domain")));
    assert_eq!((finding.count, finding.group_count, finding.share), (60, 100, 0.6));
    assert_eq!((finding.bucket.unwrap().id(), finding.cause.unwrap().id()), ("policy", "local_policy"));
    assert_eq!((finding.filter.domain.as_deref(), finding.filter.bucket.as_deref()), (Some("corp.example"), Some("policy")));
    assert!(finding.sentence.starts_with("60 of 100 policy refusals (60 %) come from corp.example, which holds 8.6 % of all bounces."));
    assert!(finding.rule.contains("at least 60 % of a group of at least 30 events, the next at most 50 %"), "{}", finding.rule);
    assert_eq!(finding.people, Some(60));
}

#[test]
fn no_one_domain_below_its_thresholds() {
    let kind = "one_domain";
    none(&[usual(), lot(59, POLICY).domain("corp.example"), lot(41, POLICY)], kind);
    none(&[usual(), lot(20, POLICY).domain("corp.example"), lot(9, POLICY)], kind);
    none(&[usual(), lot(62, POLICY).domain("corp.example"), lot(32, POLICY).domain("other.example"), lot(6, POLICY)], kind);
    // No lift: the domain has as much of everything else.
    none(&[lot(300, GONE).domain("corp.example"), lot(100, GONE), lot(75, POLICY).domain("corp.example"), lot(25, POLICY)], kind);
    // Dead addresses are nobody's block.
    none(&[lot(300, TIMEOUT), lot(100, GONE).domain("corp.example")], kind);
    // Below 0.5 % of the bounces.
    none(&[lot(8_000, GONE), lot(39, POLICY).domain("corp.example")], kind);
    one(&[lot(7_700, GONE), lot(39, POLICY).domain("corp.example")], kind);
}

#[test]
fn one_provider_by_several_domains() {
    let lots = [usual(), lot(40, LISTED).domain("outlook.com"), lot(40, LISTED).domain("hotmail.com"), lot(20, LISTED)];
    let finding = one(&lots, "one_domain");
    assert_eq!((finding.subject.as_deref(), finding.subject_kind.as_deref(), finding.count), (Some("microsoft"), Some("provider"), 80));
    assert!(finding.sentence.contains("Microsoft") && finding.title == "Microsoft distrusts your mail.", "{}", finding.title);
    assert_eq!(finding.filter.provider.as_deref(), Some("microsoft"));
    let known = one(&[usual(), lot(90, LISTED).domain("gmail.com"), lot(10, LISTED)], "one_domain");
    assert_eq!(known.subject.as_deref(), Some("gmail"), "everyone knows the domain as the provider's");
    assert_eq!(found(&lots).iter().filter(|finding| finding.kind == "one_domain").count(), 1);
}

#[test]
fn almost_all_of_a_group_needs_no_lift() {
    let file = |rest: i64| {
        [lot(150, GONE).domain("corp.example"), lot(50, GONE), lot(200 - rest, TIMEOUT).domain("corp.example"), lot(rest, TIMEOUT)]
    };
    one(&file(10), "one_domain");
    none(&file(12), "one_domain");
}

#[test]
fn many_domains() {
    let finding = one(&[usual(), lot(60, LISTED)], "many_domains");
    assert_eq!((finding.subject.as_deref(), finding.bucket.unwrap().id(), finding.count), (None, "reputation", 60));
    assert!(finding.sentence.contains("from 50 domains"), "{}", finding.sentence);
    none(&[usual(), lot(60, SLOW)], "many_domains");
    none(&[lot(3_000, GONE), lot(59, LISTED)], "many_domains");
    none(&[usual(), lot(42, LISTED), lot(18, LISTED).domain("big.example")], "many_domains");
    one(&[usual(), lot(43, LISTED), lot(17, LISTED).domain("big.example")], "many_domains");
    let nine: Vec<String> = (0..9).map(|n| format!("n{n}.example")).collect();
    let few: Vec<Lot<'_>> = nine.iter().map(|domain| lot(10, LISTED).domain(domain)).chain([usual()]).collect();
    none(&few, "many_domains");
    let houses = ["outlook.com", "hotmail.com", "live.com", "msn.com"].map(|domain| lot(15, LISTED).domain(domain));
    none(&[usual(), houses[0], houses[1], houses[2], houses[3], lot(20, LISTED)], "many_domains");
}

#[test]
fn one_job() {
    let finding = one(&[usual(), lot(60, SPAM).job("700"), lot(40, SPAM)], "one_job");
    assert_eq!((finding.subject.as_deref(), finding.count, finding.bucket.unwrap().id()), (Some("700"), 60, "content"));
    assert_eq!(finding.filter.job.as_deref(), Some("700"));
    none(&[usual(), lot(59, SPAM).job("700"), lot(41, SPAM)], "one_job");
    none(&[lot(600, GONE).job("700"), lot(200, GONE), lot(60, SPAM).job("700"), lot(40, SPAM)], "one_job");
    none(&[usual(), lot(100, GONE).job("700")], "one_job");
    none(&[lot(600, GONE).job("700"), lot(100, SPAM).job("700")], "one_job");
}

#[test]
fn one_source() {
    let finding = one(&[lot(300, TIMEOUT), lot(60, GONE).source("fair"), lot(40, GONE)], "one_source");
    assert_eq!((finding.subject.as_deref(), finding.count, finding.bucket.unwrap().id()), (Some("fair"), 60, "recipient"));
    assert!(finding.dos[0].contains("words prove dead") && finding.do_not[0].contains("whole source"));
    one(&[usual(), lot(60, SPAM).source("fair"), lot(40, SPAM)], "one_source");
    none(&[lot(300, TIMEOUT), lot(59, GONE).source("fair"), lot(41, GONE)], "one_source");
    none(&[lot(300, TIMEOUT).source("fair"), lot(60, GONE).source("fair"), lot(40, GONE)], "one_source");
    none(&[usual(), lot(100, TIMEOUT).source("fair")], "one_source");
}

#[test]
fn one_ip() {
    let others = [usual().ip("192.0.2.1"), lot(25, LISTED).ip("192.0.2.2"), lot(15, LISTED).ip("192.0.2.3")];
    let with = |lot: Lot<'static>| [others[0], others[1], others[2], lot];
    let finding = one(&with(lot(60, LISTED).ip("192.0.2.9")), "one_ip");
    assert_eq!((finding.subject.as_deref(), finding.count), (Some("192.0.2.9"), 60));
    none(&with(lot(59, LISTED).ip("192.0.2.9")), "one_ip");
    none(&[usual().ip("192.0.2.9"), lot(100, LISTED).ip("192.0.2.9")], "one_ip");
}

#[test]
fn full_mailboxes_of_one_source() {
    let finding = one(&[usual(), lot(30, FULL).source("archive"), lot(20, FULL)], "full_mailbox_source");
    assert_eq!((finding.subject.as_deref(), finding.count, finding.cause.unwrap().id()), (Some("archive"), 30, "mailbox_full"));
    assert_eq!(finding.filter.cause.as_deref(), Some("mailbox_full"));
    none(&[usual(), lot(29, FULL).source("archive")], "full_mailbox_source");
    none(&[usual(), lot(40, FULL).source("archive"), lot(27, FULL)], "full_mailbox_source");
    none(&[usual().source("archive"), lot(60, FULL).source("archive"), lot(40, FULL)], "full_mailbox_source");
}

#[test]
fn the_same_refusal_at_several_big_providers() {
    let at = |domain, count, from: i64| lot(count, UNPROVED).domain(domain).within(from, from + 6 * HOUR);
    let day = 12 * DAY + 9 * HOUR + 2400;
    let lots = [usual(), at("gmail.com", 40, day), at("yahoo.com", 20, day), at("outlook.com", 10, day + 12 * HOUR)];
    let finding = one(&lots, "cross_provider_policy");
    assert_eq!(
        (finding.count, finding.bucket.unwrap().id(), finding.since.as_deref()),
        (70, "authentication", Some("2026-11-13T09:40:00Z"))
    );
    assert!(finding.sentence.contains(": Gmail 40, Yahoo and AOL 20, Microsoft 10."), "{}", finding.sentence);
    let kind = "cross_provider_policy";
    none(&[usual(), at("gmail.com", 40, day), at("yahoo.com", 20, day)], kind);
    none(&[usual(), at("gmail.com", 40, day), at("yahoo.com", 20, day), at("outlook.com", 9, day)], kind);
    none(&[usual(), at("gmail.com", 40, day), at("yahoo.com", 20, day), at("outlook.com", 10, day + 25 * HOUR)], kind);
    none(&[usual(), at("gmail.com", 40, day), at("yahoo.com", 20, day), at("corp.example", 10, day)], kind);
    // Below 1 % of that provider's events.
    none(&[lot(1_100, GONE).domain("outlook.com"), at("gmail.com", 40, day), at("yahoo.com", 20, day), at("outlook.com", 11, day)], kind);
    // 5.7.1 counts whatever the cause.
    let relay = |domain| lot(10, "550 5.7.1 Relaying denied").domain(domain).within(day, day + HOUR);
    one(&[usual(), relay("gmail.com"), relay("yahoo.com"), relay("outlook.com")], kind);
    let passing = |domain| lot(10, "550 5.1.1 Relaying denied").domain(domain).within(day, day + HOUR);
    none(&[usual(), passing("gmail.com"), passing("yahoo.com"), passing("outlook.com")], kind);
}

#[test]
fn an_incident_in_a_window() {
    let from = 9 * DAY + 14 * HOUR;
    let burst = |count| lot(count, BUSY).domain("yahoo.com").within(from, from + 3 * HOUR);
    let finding = one(&[usual(), burst(60), lot(30, BUSY).domain("yahoo.com")], "incident_window");
    assert_eq!((finding.subject.as_deref(), finding.cause.unwrap().id()), (Some("yahoo"), "service_unavailable"));
    assert_eq!((finding.since.as_deref(), finding.until.as_deref()), (Some("2026-11-10T14:00:00Z"), Some("2026-11-10T17:00:00Z")));
    assert_eq!((finding.count, finding.group_count), (60, 90));
    assert_eq!(finding.filter.from, Some(START + from));
    let kind = "incident_window";
    none(&[usual(), burst(29)], kind);
    none(&[usual(), burst(40), lot(60, BUSY).domain("yahoo.com")], kind);
    // Not at a provider.
    none(&[usual(), burst(60).domain("corp.example")], kind);
    // Longer than a day.
    none(&[usual(), lot(200, BUSY).domain("yahoo.com").within(from, from + 3 * DAY)], kind);
    // Everything went out in this window.
    none(&[lot(100, GONE).within(0, 20 * DAY), lot(600, GONE).within(from, from + 3 * HOUR), burst(60)], kind);
    // Dead addresses do not come and go.
    none(&[usual(), lot(60, GONE).domain("yahoo.com").within(from, from + 3 * HOUR)], kind);
    // A file of three hours has too few other windows.
    none(&[lot(300, GONE).within(0, 3 * HOUR), burst(60).within(0, HOUR)], kind);
}

#[test]
fn labels_against_words() {
    let hard = lot(20, LISTED).label("Hard bounce");
    let soft = lot(10, GONE).label("Soft bounce");
    let finding = one(&[usual().label("Hard bounce"), hard, soft], "label_conflict");
    assert_eq!((finding.count, finding.group_count, finding.subject.as_deref()), (30, 630, Some("Hard bounce")));
    assert!(finding.sentence.contains("20 say hard") && finding.sentence.contains("10 say soft"), "{}", finding.sentence);
    none(&[usual().label("Hard bounce"), hard, lot(9, GONE).label("Soft bounce")], "label_conflict");
    none(&[usual().label("Hard bounce"), lot(100, LISTED).label("Block bounce")], "label_conflict");
}

#[test]
fn too_little_text() {
    let finding = one(&[usual(), lot(40, THIN)], "missing_text");
    assert_eq!((finding.count, finding.group_count, finding.bucket.unwrap().id()), (40, 640, "unknown"));
    none(&[lot(200, GONE), lot(29, THIN)], "missing_text");
    none(&[lot(800, GONE), lot(42, THIN)], "missing_text");
}

#[test]
fn says_since_when_and_how_it_goes_on() {
    let onset = 11 * DAY + 9 * HOUR + 2400;
    let block = |from, until| one(&[usual(), lot(400, LISTED).domain("outlook.com").within(from, until)], "one_domain");
    let steady = block(onset, 28 * DAY);
    assert_eq!((steady.since.as_deref(), steady.trend.as_deref()), (Some("2026-11-12T09:40:00Z"), Some("steady")));
    assert!(steady.sentence.ends_with("Since 12 Nov 09:40 UTC, steady."), "{}", steady.sentence);
    assert_eq!(block(onset, 20 * DAY).trend.as_deref(), Some("over"));
    assert_eq!(block(27 * DAY, 28 * DAY).trend.as_deref(), Some("new"));
    let even = block(0, 28 * DAY);
    assert_eq!(even.since.as_deref(), Some("2026-11-01T00:00:00Z"), "no change point: the first event");
}

#[test]
fn a_file_without_times_has_findings_without_times() {
    let court = Court::new(Pack::built_in());
    let mut tally = Tally::default();
    for lot in [usual(), lot(60, POLICY).domain("corp.example")] {
        (0..lot.count).for_each(|n| {
            let mut row = lot.row(&read_text(lot.text), n, n as usize);
            row.about.time = None;
            tally.add(&court, &Item::Row(&row), None);
        });
    }
    let all = findings(&tally, Pack::built_in(), &Settings::default());
    let finding = all.iter().find(|finding| finding.kind == "one_domain").expect("times are not needed for it");
    assert_eq!((&finding.since, &finding.until, &finding.trend), (&None, &None, &None));
    assert!(!finding.sentence.contains("Since"));
    assert!(breakdown(&tally).over_time.is_empty());
}

#[test]
fn thresholds_are_the_users() {
    let tally = tally(&[usual(), lot(59, POLICY).domain("corp.example"), lot(41, POLICY)]);
    let mut settings = Settings::default();
    settings.thresholds.leader_share = 0.59;
    let all = findings(&tally, Pack::built_in(), &settings);
    assert!(all.iter().any(|finding| finding.kind == "one_domain" && finding.rule.contains("at least 59 %")));
}

/// What a click on a finding counts is what the finding said.
#[test]
fn the_filter_of_a_finding_finds_its_events() {
    let burst = lot(60, BUSY).domain("yahoo.com").within(9 * DAY, 9 * DAY + 3 * HOUR);
    let lots = [usual(), lot(60, POLICY).domain("corp.example"), lot(90, SPAM).job("7").source("fair"), burst, lot(60, THIN)];
    let lots = [lots.as_slice(), &[lot(40, LISTED).domain("outlook.com").ip("192.0.2.9"), lot(40, FULL).source("archive")]].concat();
    let (whole, court) = (tally(&lots), Court::new(Pack::built_in()));
    let all = findings(&whole, Pack::built_in(), &Settings::default());
    for finding in &all {
        let passes = Passes::new(&finding.filter, &whole, Vec::new());
        assert_eq!(counted(&lots, &court, Some(&passes)).bounces(), finding.count, "{} {:?}", finding.kind, finding.subject);
    }
    assert!(all.len() >= 8, "{}", all.len());
}

/// The sample shows every kind, and what it says of its rows is true.
#[test]
fn the_sample_shows_every_kind() {
    let (text, court) = (sample::export(), Court::new(Pack::built_in()));
    assert_eq!(text, sample::export());
    let (mut tally, mut sheet) = (Tally::default(), Sheet::new(sample::NAME, &Hints::default()));
    let mut count = |item: Item<'_>| {
        tally.add(&court, &item, None);
    };
    sheet.feed(text.as_bytes(), &mut count);
    sheet.finish(&mut count);
    assert_eq!((sheet.trouble(), sheet.found().map(|found| found.format.id.as_str())), (None, Some("sfmc_bounce_view")));
    assert!(tally.rows.read > 5_000 && tally.rows.unreadable == 3 && tally.rows.not_bounces == 30, "{:?}", tally.rows);
    let all = findings(&tally, Pack::built_in(), &Settings::default());
    let found: Vec<(&str, Option<&str>)> = all.iter().map(|finding| (finding.kind.as_str(), finding.subject.as_deref())).collect();
    let wanted = [
        ("label_conflict", Some("Hard bounce / Other")),
        ("cross_provider_policy", None),
        ("one_domain", Some("microsoft")),
        ("one_domain", Some("harbour-bank.example")),
        ("one_ip", Some("203.0.113.25")),
        ("one_source", Some("342")),
        ("one_job", Some("700431")),
        ("many_domains", None),
        ("full_mailbox_source", Some("219")),
        ("incident_window", Some("yahoo")),
        ("missing_text", None),
    ];
    for finding in wanted {
        assert!(found.contains(&finding), "{finding:?} is not in {found:?}");
    }
    assert_eq!(found.len(), wanted.len(), "{found:?}");
    let block = all.iter().find(|finding| finding.subject.as_deref() == Some("microsoft")).unwrap();
    assert_eq!((block.since.as_deref(), block.trend.as_deref()), (Some("2026-10-24T09:40:00Z"), Some("steady")));
    assert!(text.is_ascii() && text.lines().all(|line| !line.contains('@') || line.contains(".example")), "no real person's address");
}

#[test]
fn nothing_is_found_in_little() {
    assert!(found(&[]).is_empty());
    assert!(found(&[lot(29, LISTED).domain("outlook.com").label("Hard bounce")]).is_empty());
}

#[test]
fn the_most_costly_comes_first() {
    let kinds: Vec<String> = found(&[usual(), lot(200, SLOW).domain("gmail.com"), lot(150, LISTED).domain("outlook.com")])
        .into_iter()
        .filter(|finding| finding.kind == "one_domain")
        .filter_map(|finding| finding.subject)
        .collect();
    assert_eq!(kinds, ["microsoft", "gmail"], "a block that suppresses living addresses comes before retries");
}

#[test]
fn a_packet_holds_the_facts_and_asks_the_rest() {
    let tally = tally(&[usual(), lot(200, LISTED).domain("outlook.com").label("Soft bounce").within(14 * DAY, 16 * DAY)]);
    let settings = Settings::default();
    let finding = findings(&tally, Pack::built_in(), &settings).into_iter().find(|finding| finding.kind == "one_domain").unwrap();
    let packet = packet(&tally, Pack::built_in(), &settings, &finding);
    let value = |name: &str| packet.fields.iter().find(|field| field.name == name).unwrap_or_else(|| panic!("{name}")).value.clone();
    assert_eq!(packet.subject, "Bounces: Microsoft distrusts your mail.");
    assert!(packet.scope.starts_with("200 of 200 reputation refusals") && packet.replies == [LISTED]);
    assert_eq!(value("Codes").as_deref(), Some("554 5.7.1"));
    assert_eq!(value("Receiver").as_deref(), Some("Microsoft"));
    assert_eq!(value("Recipient domains").as_deref(), Some("outlook.com"));
    assert_eq!(value("Platform’s categories").as_deref(), Some("Soft bounce"));
    assert!(value("Job IDs").unwrap().ends_with(" and 8 more"));
    assert!(value("Rate").unwrap().starts_with("4.2 an hour while it lasted, 0 an hour at other times"), "{:?}", value("Rate"));
    assert_eq!((value("Tried so far"), value("DKIM domain (d=)")), (None, None));
    assert!(packet.questions.len() >= 5 && packet.questions.iter().all(|question| question.ends_with('?')));
    assert!(!packet.questions.iter().any(|question| question.contains("SPF")), "only where the words name it");
}

#[test]
fn the_breakdown_counts_every_bounce_once() {
    let tally = tally(&[usual(), lot(40, LISTED).domain("outlook.com"), lot(10, FULL).domain("gmail.com")]);
    let told = breakdown(&tally);
    let sum = |counts: &mut dyn Iterator<Item = u64>| counts.sum::<u64>();
    assert_eq!(sum(&mut told.providers.iter().map(|share| share.count)), 650);
    assert_eq!(sum(&mut told.over_time.iter().flat_map(|step| step.by_cause.values().copied())), 650);
    assert_eq!((told.step_seconds, told.over_time.len()), (DAY, 28));
    let domains = told.tables.iter().find(|table| table.dimension == Dimension::Domain).unwrap();
    assert_eq!((domains.values, domains.rows[0].name.as_str(), domains.rows[0].count), (52, "outlook.com", 40));
    assert_eq!(
        domains.rows[0].by_cause.iter().map(|(cause, count)| (cause.as_str(), *count)).collect::<Vec<_>>(),
        [("public_blocklist", 40)]
    );
}
