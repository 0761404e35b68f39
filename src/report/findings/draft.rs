//! A finding before its words.

use std::collections::BTreeMap;

use super::survey::{Group, Slice, Survey};
use super::words::{self, number, percent, when};
use crate::analysis::{Filter, Finding};
use crate::report::moment;
use crate::report::trend::{change_point, trend};
use crate::verdict::Bucket;

/// What a finder found.
pub struct Draft {
    pub kind: &'static str,
    /// What it is about: the kind of subject, and its value as the filter has it.
    pub subject: Option<(&'static str, String)>,
    pub bucket: Option<Bucket>,
    /// What the words call the events of the group.
    pub events: &'static str,
    pub slice: Slice,
    pub group: u64,
    pub filter: Filter,
    /// Set where the finder knows better than the change point, in Unix seconds.
    pub since: Option<i64>,
    pub until: Option<i64>,
    pub people: Option<u64>,
    /// What only this kind says, by placeholder.
    said: BTreeMap<&'static str, String>,
}

impl Draft {
    /// A finding about these events.
    pub fn new(kind: &'static str, slice: Slice, filter: Filter) -> Self {
        let (subject, bucket, group, since, until, people) = (None, None, slice.count, None, None, None);
        Self { kind, subject, bucket, events: "unknown", slice, group, filter, since, until, people, said: BTreeMap::new() }
    }

    /// The group that its share is of.
    pub fn of_group(mut self, survey: &Survey<'_>, group: Group) -> Self {
        (self.bucket, self.events, self.group) = (Some(group.bucket()), group.id(), survey.size(group));
        self
    }

    /// Fills a placeholder.
    pub fn say(&mut self, name: &'static str, value: String) {
        self.said.insert(name, value);
    }

    /// What the events cost where the usual reaction is taken.
    pub fn cost(&self) -> f64 {
        self.slice.count as f64 * self.weight()
    }

    /// How wrong the usual reaction is, and how hard it is to undo: 1 where living addresses would be suppressed for good, less where
    /// retries repair it, where the addresses may well be dead, or where nothing but the decision is late.
    pub fn weight(&self) -> f64 {
        let bucket = self.bucket.unwrap_or(Bucket::Unknown);
        match (self.kind, bucket) {
            ("label_conflict", _) => 1.0,
            ("missing_text", _) => 0.3,
            (_, Bucket::Rate | Bucket::Transport | Bucket::RemoteSystem) => 0.4,
            (_, Bucket::Recipient | Bucket::Mailbox) => 0.5,
            (_, Bucket::Routing | Bucket::Message | Bucket::SenderSetup) => 0.8,
            _ => 1.0,
        }
    }

    /// The finding with its words.
    pub fn finish(self, survey: &Survey<'_>) -> Finding {
        let (line, limits) = (&self.slice.line, survey.limits);
        let onset = self.since.or_else(|| change_point(line, &survey.whole, limits.change_factor));
        let since = onset.or_else(|| line.first());
        let until = self.until.or_else(|| line.end());
        let trend = trend(line, &survey.whole, limits.trend_days as usize, limits.trend_factor);
        let name = self.subject.as_ref().map(|(kind, value)| if *kind == "provider" { survey.name_of(value) } else { value.clone() });
        let told = words::of(self.kind, self.bucket);
        let fill = |template: &str| words::fill(template, |placeholder| self.value(placeholder, name.as_deref(), survey));
        let told_since = since.filter(|_| !self.said.contains_key("from"));
        let tail = words::tail(self.people, told_since.map(when), trend);
        Finding {
            kind: self.kind.into(),
            title: fill(&told.title),
            sentence: fill(&told.sentence) + &tail,
            rule: fill(&told.rule),
            dos: told.dos.iter().map(|line| fill(line)).collect(),
            do_not: told.do_not.iter().map(|line| fill(line)).collect(),
            bucket: self.bucket,
            cause: self.slice.cause,
            count: self.slice.count,
            group_count: self.group,
            share: if self.group == 0 { 0.0 } else { self.slice.count as f64 / self.group as f64 },
            since: since.map(moment),
            until: until.map(moment),
            trend: trend.map(|trend| trend.id().into()),
            people: self.people,
            subject_kind: self.subject.as_ref().map(|(kind, _)| (*kind).into()),
            subject: self.subject.map(|(_, value)| value),
            filter: self.filter,
        }
    }

    fn value(&self, placeholder: &str, name: Option<&str>, survey: &Survey<'_>) -> Option<String> {
        if let Some(said) = self.said.get(placeholder) {
            return Some(said.clone());
        }
        match placeholder {
            "count" => Some(number(self.slice.count)),
            "group" => Some(number(self.group)),
            "share" => Some(percent(self.slice.count, self.group)),
            "all" => Some(number(survey.bounces)),
            "events" => Some(words::events(self.events)),
            "floor" => Some(number(survey.floor())),
            "subject" | "Subject" => name.map(str::to_string),
            limit => words::limit(survey.limits, limit),
        }
    }
}
