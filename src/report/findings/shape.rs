//! Groups that one value holds, and groups that nobody holds.

use super::draft::Draft;
use super::survey::{Group, Leaders, Slice, Survey, Value};
use super::words::percent;
use crate::analysis::{Dimension, Filter};
use crate::verdict::Bucket;

/// Buckets whose events are about the sender or the message.
const SENDER_SIDE: [Bucket; 8] = [
    Bucket::Reputation,
    Bucket::Authentication,
    Bucket::Content,
    Bucket::Policy,
    Bucket::Rate,
    Bucket::Routing,
    Bucket::Message,
    Bucket::SenderSetup,
];

/// `one_domain`, `one_job`, `one_source`, `one_ip` and `full_mailbox_source`.
pub fn concentrated(survey: &Survey<'_>) -> Vec<Draft> {
    let beyond = [Bucket::Transport, Bucket::RemoteSystem];
    let buckets = SENDER_SIDE.into_iter().chain(beyond).chain([Bucket::Recipient]);
    let mut found: Vec<Draft> = buckets.flat_map(|bucket| of_bucket(survey, bucket)).collect();
    found.extend(one(survey, "full_mailbox_source", Dimension::Source, Group::FullMailbox));
    found
}

fn of_bucket(survey: &Survey<'_>, bucket: Bucket) -> Vec<Draft> {
    let group = Group::Bucket(bucket);
    let sender_side = SENDER_SIDE.contains(&bucket);
    let wanted = [
        ("one_job", Dimension::Job, sender_side),
        ("one_source", Dimension::Source, sender_side || bucket == Bucket::Recipient),
        ("one_ip", Dimension::Ip, sender_side),
    ];
    let others = wanted.into_iter().filter(|(.., wanted)| *wanted).filter_map(|(kind, by, _)| one(survey, kind, by, group));
    one_domain(survey, group).filter(|_| bucket != Bucket::Recipient).into_iter().chain(others).collect()
}

/// A domain, or the provider where more than this domain of it is concerned or where everyone knows the domain as the provider's.
fn one_domain(survey: &Survey<'_>, group: Group) -> Option<Draft> {
    let domain = leader(survey, Dimension::Domain, group);
    let provider = leader(survey, Dimension::Provider, group);
    let (dimension, value) = match (domain, provider) {
        (Some(domain), Some(provider)) => {
            let narrow = domain.count as f64 >= survey.limits.nearly_all * provider.count as f64;
            let own_name = survey.pack.provider_of_domain(domain.name) != Some(provider.name);
            if narrow && own_name { (Dimension::Domain, domain) } else { (Dimension::Provider, provider) }
        }
        (Some(domain), None) => (Dimension::Domain, domain),
        (None, provider) => (Dimension::Provider, provider?),
    };
    Some(draft(survey, "one_domain", dimension, group, value))
}

/// A job, source or IP. Where the file has no other, the leader says nothing.
fn one(survey: &Survey<'_>, kind: &'static str, dimension: Dimension, group: Group) -> Option<Draft> {
    let value = leader(survey, dimension, group).filter(|_| survey.values(dimension) > 1)?;
    Some(draft(survey, kind, dimension, group, value))
}

/// The value that holds the group: share, distance to the next, lift.
fn leader<'a>(survey: &Survey<'a>, dimension: Dimension, group: Group) -> Option<Value<'a>> {
    let Leaders { first, second, .. } = survey.leaders(dimension, group);
    let (first, limits, size) = ((*first)?, survey.limits, survey.size(group) as f64);
    let share = first.count as f64 / size;
    let usual = first.total as f64 / survey.bounces as f64;
    let leads = share >= limits.leader_share && *second as f64 <= limits.runner_up * first.count as f64;
    let lifted = share >= limits.lift * usual || share >= limits.nearly_all;
    (survey.is_group(group) && first.count >= limits.group_events && leads && lifted).then_some(first)
}

fn draft(survey: &Survey<'_>, kind: &'static str, dimension: Dimension, group: Group, value: Value<'_>) -> Draft {
    let slice = Slice::new(value.series, |cause| group.holds(cause));
    let subject = Some(value.name.to_string());
    let mut filter = of_group(group);
    match dimension {
        Dimension::Domain => filter.domain = subject,
        Dimension::Provider => filter.provider = subject,
        Dimension::Job => filter.job = subject,
        Dimension::Source => filter.source = subject,
        Dimension::Ip => filter.ip = subject,
    }
    let mut draft = Draft::new(kind, slice, filter).of_group(survey, group);
    draft.subject = Some((dimension_id(dimension), value.name.to_string()));
    draft.say("share_all", percent(value.total, survey.bounces));
    draft
}

/// The events of a group.
fn of_group(group: Group) -> Filter {
    let bucket = Some(group.bucket().id().to_string());
    match group {
        Group::Bucket(_) => Filter { bucket, ..Filter::default() },
        Group::FullMailbox => Filter { bucket, cause: Some("mailbox_full".into()), ..Filter::default() },
    }
}

fn dimension_id(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Domain => "domain",
        Dimension::Provider => "provider",
        Dimension::Job => "job",
        Dimension::Source => "source",
        Dimension::Ip => "ip",
    }
}

/// A sender-side group that is spread over many domains, which are not for the most part one provider's. Rate is left out: large senders
/// are slowed here and there every day.
pub fn many_domains(survey: &Survey<'_>) -> Vec<Draft> {
    let groups = SENDER_SIDE.into_iter().filter(|bucket| *bucket != Bucket::Rate).map(Group::Bucket);
    groups.filter_map(|group| spread(survey, group)).collect()
}

fn spread(survey: &Survey<'_>, group: Group) -> Option<Draft> {
    let (limits, size) = (survey.limits, survey.size(group));
    let Leaders { first, values, .. } = survey.leaders(Dimension::Domain, group);
    let top = (*first)?;
    let large = survey.is_group(group) && size as f64 >= limits.spread_group_share * survey.bounces as f64;
    let wide = *values >= limits.spread_domains && (top.count as f64) < limits.spread_top_share * size as f64;
    let provider = survey.leaders(Dimension::Provider, group).first.map_or(0, |provider| provider.count);
    let one_houses = provider as f64 >= limits.leader_share * size as f64;
    (large && wide && !one_houses).then_some(())?;
    let mut draft = Draft::new("many_domains", survey.of(|cause| group.holds(cause)), of_group(group)).of_group(survey, group);
    draft.say("share_all", percent(size, survey.bounces));
    draft.say("domains", super::words::number(*values));
    draft.say("first", top.name.to_string());
    draft.say("first_share", percent(top.count, size));
    Some(draft)
}
