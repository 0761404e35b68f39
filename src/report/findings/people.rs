//! How many people a finding is about.

use super::draft::Draft;
use super::survey::Survey;
use crate::tally::{Evidence, Known, Name};
use crate::verdict::{Bucket, Cause};

/// What an event needs to be one of a finding's.
struct Test<'a> {
    draft: usize,
    bucket: Option<Bucket>,
    cause: Option<Cause>,
    domain: Option<&'a str>,
    provider: Option<&'a str>,
    from: i64,
    until: i64,
    conflict: bool,
}

/// Counts the people of those findings that the evidence kept of each person tells: not of jobs, sources and IPs, which are not kept. Of
/// someone with very many bounces only the newest are kept, so that the figure can be a little too low.
pub fn count(survey: &Survey<'_>, drafts: &mut [Draft]) {
    let tests: Vec<Test<'_>> = drafts.iter().enumerate().filter_map(|(place, draft)| Test::new(place, draft)).collect();
    let mut counts = vec![0_u64; tests.len()];
    let mut providers: Vec<Option<Option<String>>> = Vec::new();
    for person in survey.tally.people.iter() {
        let domain = person.domain.map_or("", |domain| survey.tally.by(crate::analysis::Dimension::Domain).text(domain));
        let provider = person.domain.and_then(|name| provider(survey, &mut providers, name, domain).as_deref());
        for (test, count) in tests.iter().zip(&mut counts) {
            *count += u64::from(is_hit(survey, test, &person, domain, provider));
        }
    }
    let counted: Vec<(usize, u64)> = tests.iter().map(|test| test.draft).zip(counts).filter(|(_, count)| *count > 0).collect();
    counted.into_iter().for_each(|(draft, count)| drafts[draft].people = Some(count));
}

impl<'a> Test<'a> {
    fn new(place: usize, draft: &'a Draft) -> Option<Self> {
        let filter = &draft.filter;
        let is_kept = filter.job.is_none() && filter.source.is_none() && filter.ip.is_none();
        (is_kept && draft.kind != "cross_provider_policy").then(|| Self {
            draft: place,
            bucket: filter.bucket.as_deref().and_then(Bucket::from_id),
            cause: filter.cause.as_deref().and_then(Cause::from_id),
            domain: filter.domain.as_deref(),
            provider: filter.provider.as_deref(),
            from: filter.from.unwrap_or(i64::MIN),
            until: filter.until.unwrap_or(i64::MAX),
            conflict: draft.kind == "label_conflict",
        })
    }
}

/// The provider of a domain, looked up once.
fn provider<'a>(survey: &Survey<'_>, known: &'a mut Vec<Option<Option<String>>>, name: Name, domain: &str) -> &'a Option<String> {
    if known.len() <= name.index() {
        known.resize(name.index() + 1, None);
    }
    known[name.index()].get_or_insert_with(|| survey.pack.provider_of_domain(domain).map(str::to_string))
}

fn is_hit(survey: &Survey<'_>, test: &Test<'_>, person: &Known<'_>, domain: &str, provider: Option<&str>) -> bool {
    test.domain.is_none_or(|wanted| wanted == domain)
        && survey.tally.people.evidence(person).any(|evidence| is_event(survey, test, evidence, provider))
}

fn is_event(survey: &Survey<'_>, test: &Test<'_>, evidence: Evidence, of_domain: Option<&str>) -> bool {
    let Some(voice) = survey.tally.voice(evidence.voice) else { return false };
    let Some(template) = survey.tally.template(voice.template) else { return false };
    let (verdict, always) = (&template.verdict, test.from == i64::MIN);
    (!test.conflict || voice.conflict)
        && test.bucket.is_none_or(|bucket| bucket == verdict.cause.bucket())
        && test.cause.is_none_or(|cause| cause == verdict.cause)
        && test.provider.is_none_or(|wanted| verdict.provider.as_deref().or(of_domain) == Some(wanted))
        && (always || evidence.time.is_some_and(|time| (test.from..test.until).contains(&time)))
}
