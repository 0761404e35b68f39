//! What to send when a finding is escalated: facts of the file, gaps for a person, questions.

use std::cmp::Reverse;
use std::collections::HashSet;

use super::survey::{Slice, Survey, values};
use super::words::{self, decimal, fill, number, percent};
use crate::analysis::packet::Field;
use crate::analysis::{Dimension, Filter, Finding, Packet, Settings};
use crate::judge::pack::Pack;
use crate::report::trend::Timeline;
use crate::tally::{Series, Tally, Template};
use crate::verdict::{Bucket, Cause, Owner};

/// Replies in full, at most.
const REPLIES: usize = 5;
/// So much of the file lies beside the finding, or there is no normal rate.
const BESIDE: f64 = 0.1;
/// Values of one field, at most.
const NAMED: usize = 12;

/// The packet of a finding. From a tally of the finding's own events (see [`Finding::filter`]) its lists hold these alone; from a tally of
/// the whole file, they hold what shares its causes.
pub fn packet(tally: &Tally, pack: &Pack, settings: &Settings, finding: &Finding) -> Packet {
    let survey = Survey::new(tally, pack, &settings.thresholds);
    let facts = Facts { templates: templates(&survey, finding), survey, finding };
    let letter = words::letter();
    let to = facts.addressee();
    let asks = letter.ask.iter().filter(|ask| ask.to.iter().any(|who| who == to) && (ask.when.is_empty() || facts.is_asked(&ask.when)));
    Packet {
        subject: fill(letter.subject.get(to).map_or("", String::as_str), |name| facts.value(name)),
        scope: fill(&letter.open, |name| facts.value(name)),
        fields: facts.fields(),
        replies: facts.templates.iter().map(|template| template.example().to_string()).take(REPLIES).collect(),
        questions: asks.map(|ask| ask.text.clone()).collect(),
    }
}

struct Facts<'a> {
    survey: Survey<'a>,
    finding: &'a Finding,
    /// Those of the finding's causes, most events first.
    templates: Vec<&'a Template>,
}

impl Facts<'_> {
    /// Who can lift it: the recipient's admin where one domain refuses by a rule of its own, else the platform.
    fn addressee(&self) -> &'static str {
        let theirs = self.finding.cause.is_some_and(|cause| matches!(cause.defaults().1, Owner::RecipientAdmin | Owner::Receiver));
        if self.finding.kind == "one_domain" && self.finding.subject_kind.as_deref() == Some("domain") && theirs { "admin" } else { "esp" }
    }

    fn is_asked(&self, when: &[String]) -> bool {
        let bucket = self.finding.bucket.unwrap_or(Bucket::Unknown);
        when.iter().any(|id| id == bucket.id() || (id == "refusal" && self.finding.kind == "cross_provider_policy"))
    }

    fn value(&self, name: &str) -> Option<String> {
        let finding = self.finding;
        Some(match name {
            "title" => finding.title.clone(),
            "subject" => finding.subject.clone().unwrap_or_default(),
            "sentence" => finding.sentence.clone(),
            _ => return None,
        })
    }

    /// In the order in which they are sent.
    fn fields(&self) -> Vec<Field> {
        let finding = self.finding;
        let window = finding.since.as_ref().zip(finding.until.as_ref()).map(|(since, until)| format!("{since} – {until}"));
        let label = |template: &&Template| self.survey.tally.voices().find(|voice| self.is_of(voice.template, template)).map(|v| v.label);
        let labels = self.templates.iter().take(REPLIES).filter_map(label).map(|label| self.survey.tally.label(label).to_string());
        let codes = self.templates.iter().filter_map(|template| code(template));
        let values = [
            ("window", window),
            (
                "count",
                Some(format!(
                    "{} of {} ({})",
                    number(finding.count),
                    number(finding.group_count),
                    percent(finding.count, finding.group_count)
                )),
            ),
            ("people", finding.people.map(number)),
            ("rate", self.rates()),
            ("sent", self.sent()),
            ("codes", list(distinct(codes))),
            ("causes", list(distinct(self.templates.iter().map(|template| template.verdict.cause.id().replace('_', " "))))),
            ("labels", list(distinct(labels.filter(|label| !label.is_empty())))),
            ("provider", self.provider()),
            ("domains", self.named(Dimension::Domain).and_then(list)),
            ("jobs", self.named(Dimension::Job).and_then(list)),
            ("sources", self.named(Dimension::Source).and_then(list)),
            ("ips", self.named(Dimension::Ip).and_then(list)),
        ];
        let gaps = ["pools", "message_ids", "send_dates", "senders", "return_path", "dkim_domain", "helo", "tried"];
        let optional = ["people", "rate", "sent", "labels", "provider"];
        let known = values.into_iter().filter(|(id, value)| value.is_some() || !optional.contains(id));
        known.chain(gaps.map(|id| (id, None))).map(|(id, value)| Field { name: words::field(id), value }).collect()
    }

    fn is_of(&self, place: u32, template: &Template) -> bool {
        self.survey.tally.template(place).is_some_and(|known| std::ptr::eq(known, template))
    }

    /// The receiver, where the finding is about one.
    fn provider(&self) -> Option<String> {
        let filter = &self.finding.filter;
        let of_domain = || self.survey.pack.provider_of_domain(filter.domain.as_ref()?);
        let known = filter.provider.as_deref().or_else(of_domain);
        known.map(|provider| self.survey.name_of(provider))
    }

    /// Values with events of these causes, most events first; of the finding's own dimension its subject alone.
    fn named(&self, dimension: Dimension) -> Option<Vec<String>> {
        if let Some(own) = value_of(&self.finding.filter, dimension) {
            return Some(vec![own.clone()]);
        }
        let ledger = self.survey.tally.by(dimension);
        let names: Option<HashSet<&str>> = match dimension {
            Dimension::Domain => {
                Some(self.templates.iter().flat_map(|template| template.domain_names()).map(|name| ledger.text(name)).collect())
            }
            Dimension::Job => Some(self.templates.iter().flat_map(|template| template.job_names()).map(|name| ledger.text(name)).collect()),
            _ => None,
        };
        let count =
            |series: &Series| series.iter().filter(|cell| fits(&self.finding.filter, cell.cause())).map(|cell| u64::from(cell.count)).sum();
        let wanted = values(self.survey.tally, dimension).filter(|(name, _)| names.as_ref().is_none_or(|names| names.contains(name)));
        let counted = wanted.map(|(name, series)| (Reverse(count(series)), name));
        let mut found: Vec<(Reverse<u64>, &str)> = counted.filter(|(count, _)| count.0 > 0).collect();
        found.sort_unstable();
        (!found.is_empty()).then(|| found.into_iter().map(|(_, name)| name.to_string()).collect())
    }

    /// The rate while it lasts beside the rate at other times, at the same provider or domain where the finding has one.
    fn rates(&self) -> Option<String> {
        let filter = &self.finding.filter;
        let tally = self.survey.tally;
        let own = [Dimension::Domain, Dimension::Provider].into_iter().find_map(|by| tally.by(by).get(value_of(filter, by)?));
        let line = match own {
            Some(series) => Slice::new(series, |cause| fits(filter, cause)).line,
            None => self.survey.of(|cause| fits(filter, cause)).line,
        };
        let [since, until] = [&self.finding.since, &self.finding.until].map(|time| time.as_deref().and_then(words::unix));
        rates(&line, &self.survey.whole, since?, until?)
    }

    /// Of one job whose size is known.
    fn sent(&self) -> Option<String> {
        let sent = *self.survey.tally.sent.get(self.finding.filter.job.as_ref()?)?;
        Some(format!("{} of {} ({})", number(self.finding.count), number(sent), percent(self.finding.count, sent)))
    }
}

fn rates(line: &Timeline, whole: &Timeline, since: i64, until: i64) -> Option<String> {
    let (first, end) = (whole.first()?, whole.end()?);
    let (inside, outside) = (line.between(since, until), line.total() - line.between(since, until));
    let hours = |seconds: i64| seconds as f64 / 3600.0;
    let beside = hours(end - first - (until - since));
    let [now, normal] = [inside as f64 / hours(until - since).max(1.0), outside as f64 / beside.max(1.0)].map(decimal);
    let is_change = beside >= BESIDE * hours(end - first);
    is_change.then(|| fill(&words::letter().rate, |name| Some(if name == "rate" { now.clone() } else { normal.clone() })))
}

/// The wordings that the finding's events can have, most events first: of its causes, and where it is about a provider, a domain or a
/// job, those that came from there.
fn templates<'a>(survey: &Survey<'a>, finding: &Finding) -> Vec<&'a Template> {
    let Filter { provider, domain, job, .. } = &finding.filter;
    let of_provider = |template: &Template, wanted: &str| match template.verdict.provider.as_deref() {
        Some(spoken) => spoken == wanted,
        None => template.domain_names().any(|name| survey.provider_of(name) == Some(wanted)),
    };
    let named = |dimension, name| survey.tally.by(dimension).text(name);
    let about = |template: &&Template| {
        template.is_bounce()
            && fits(&finding.filter, template.verdict.cause)
            && provider.as_ref().is_none_or(|wanted| of_provider(template, wanted))
            && domain.as_ref().is_none_or(|wanted| template.domain_names().any(|name| named(Dimension::Domain, name) == wanted))
            && job.as_ref().is_none_or(|wanted| template.job_names().any(|name| named(Dimension::Job, name) == wanted))
    };
    let mut found: Vec<&Template> = survey.tally.templates().filter(about).collect();
    found.sort_by(|a, b| (b.count, a.example()).cmp(&(a.count, b.example())));
    found
}

fn fits(filter: &Filter, cause: Cause) -> bool {
    filter.cause.as_ref().is_none_or(|id| id == cause.id()) && filter.bucket.as_ref().is_none_or(|id| id == cause.bucket().id())
}

fn value_of(filter: &Filter, dimension: Dimension) -> Option<&String> {
    match dimension {
        Dimension::Domain => filter.domain.as_ref(),
        Dimension::Provider => filter.provider.as_ref(),
        Dimension::Job => filter.job.as_ref(),
        Dimension::Source => filter.source.as_ref(),
        Dimension::Ip => filter.ip.as_ref(),
    }
}

/// `550 5.7.1`, or whichever of both is there.
fn code(template: &Template) -> Option<String> {
    let smtp = template.verdict.smtp_code.map(|code| code.to_string());
    let both: Vec<String> = smtp.into_iter().chain(template.verdict.enhanced.clone()).collect();
    (!both.is_empty()).then(|| both.join(" "))
}

fn distinct(values: impl Iterator<Item = String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for value in values {
        if !kept.contains(&value) {
            kept.push(value);
        }
    }
    kept
}

/// The first of them, and how many more.
fn list(values: Vec<String>) -> Option<String> {
    let more = values.len().saturating_sub(NAMED);
    let mut text = values.into_iter().take(NAMED).collect::<Vec<_>>().join(", ");
    if more > 0 {
        text += &fill(&words::letter().more, |_| Some(number(more as u64)));
    }
    (!text.is_empty()).then_some(text)
}
