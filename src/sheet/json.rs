//! Records of JSON → what they say: by the reader of platform events, or, where no platform is known, as a table of their fields.

use serde_json::Value;

use super::dates::Clock;
use super::known::{Known, Sort, known};
use super::seam::Reader;
use super::table::{Table, clear, clock};
use super::values::{bare_address, is_blank};
use super::{About, Cells, Kind, Row};
use crate::analysis::{Found, Hints, Need};
use crate::read::{Fate, event, scan};

/// Fields of a record that are shown as columns, at most, and how deep they lie.
const FIELDS: usize = 64;
const DEPTH: usize = 6;

/// Reads the events of a known platform.
pub(super) struct Events {
    known: &'static Known,
    clock: Clock,
    /// Where the user said that something stands.
    map: Vec<(Need, String)>,
    /// Fields that the user named and that are not there, in sentences.
    strangers: Vec<String>,
}

impl Events {
    pub fn new(found: &Found, hints: &Hints) -> Self {
        let map = hints.map.iter().filter_map(|(need, paths)| Some((*need, paths.first()?.clone())));
        let strangers = super::recognise::strangers(found, hints);
        Self { known: known(&found.format.id), clock: clock(found, hints), map: map.collect(), strangers }
    }

    /// Can the user's word be followed without taking the reply from elsewhere?
    pub fn can_read(hints: &Hints) -> bool {
        let own = [Need::Text, Need::Recipient, Need::Label, Need::Code, Need::Enhanced, Need::Kind];
        !hints.map.iter().any(|(need, columns)| own.contains(need) && !columns.is_empty())
    }

    fn paths(&self, need: Need) -> &str {
        let own = self.map.iter().find(|(known, _)| *known == need).map(|(_, path)| path.as_str());
        own.or_else(|| self.known.paths.get(&need).map(String::as_str)).unwrap_or_default()
    }

    fn about(&self, value: &Value, about: &mut About) {
        let put = |need, to: &mut String| {
            if let Some(text) = event::field(value, self.paths(need)).filter(|text| to.is_empty() && !is_blank(text)) {
                to.push_str(text.split('\n').next().unwrap_or_default());
            }
        };
        put(Need::Key, &mut about.key);
        put(Need::Job, &mut about.job);
        put(Need::Source, &mut about.source);
        put(Need::Ip, &mut about.ip);
        put(Need::Pool, &mut about.pool);
        put(Need::Message, &mut about.message);
        put(Need::Sender, &mut about.sender);
        put(Need::Domain, &mut about.domain);
        if self.known.id == "kumomta" {
            queue(about);
        }
        about.sender = bare_address(&about.sender).to_owned();
        // An address may come with its port, a list of tags as JSON.
        if let Some(ip) = scan::ip(&about.ip) {
            about.ip = ip.to_owned();
        }
        if about.job.starts_with("[\"") {
            about.job = about.job.trim_matches(['[', ']', '"']).replace("\",\"", ",");
        }
        about.domain.make_ascii_lowercase();
        about.time = about.time.or_else(|| self.clock.read(&event::field(value, self.paths(Need::Timestamp))?));
    }

    /// What the format itself says of the kind, before the reader of events.
    fn is_other(&self, value: &Value) -> bool {
        let kind = self.known.paths.get(&Need::Kind).and_then(|paths| event::field(value, paths));
        kind.is_some_and(|kind| self.known.sort(&kind) == Some(Sort::Other))
    }

    fn take(&self, value: &Value, row: &mut Row) {
        self.about(value, &mut row.about);
        if self.is_other(value) {
            return;
        }
        let notice = event::one(value);
        let offset = row.parts.len();
        for mut event in notice.events {
            event.words.iter_mut().chain(&mut event.around).for_each(|span| span.part += offset);
            row.events.push(event);
        }
        row.parts.extend(notice.parts);
    }
}

/// KumoMTA's queue names campaign and tenant: `campaign:tenant@domain`.
fn queue(about: &mut About) {
    let Some((head, _)) = about.job.rsplit_once('@') else { return };
    let (job, tenant) = head.split_once(':').unwrap_or(("", head));
    let (job, tenant) = (job.to_owned(), tenant.to_owned());
    about.job = job;
    if about.source.is_empty() {
        about.source = tenant;
    }
}

impl Reader for Events {
    fn refills(&self) -> bool {
        true
    }

    fn read(&mut self, row: &mut Row) {
        row.events.clear();
        row.parts.clear();
        clear(&mut row.about);
        match serde_json::from_str::<Value>(row.cells.get(0)) {
            Ok(record) => {
                event::each(&record, &mut |_, value| self.take(value, row));
                finish(row, self.known);
            }
            Err(error) => row.kind = Kind::Unreadable(format!("this is not sound JSON: {error}")),
        }
    }

    fn warnings(&self) -> Vec<String> {
        self.strangers.clone()
    }
}

/// Sets what follows from the events of a record.
pub(super) fn finish(row: &mut Row, known: &Known) {
    let (first, about) = (row.events.first(), &mut row.about);
    row.kind = match first {
        None => Kind::Other,
        Some(_) if row.events.iter().all(|event| event.fate == Fate::Delivered) => Kind::Delivery,
        Some(_) => Kind::Bounce,
    };
    let Some(event) = first else { return };
    if about.domain.is_empty() {
        let domain = event.recipient.as_deref().and_then(|recipient| recipient.rsplit_once('@')).map(|(_, domain)| domain);
        about.domain.push_str(&domain.unwrap_or_default().to_ascii_lowercase());
    }
    if about.ip.is_empty() {
        about.ip.push_str(event.sending_ip.as_deref().unwrap_or_default());
    }
    if let Some((_, label)) = &event.label {
        label.split('/').for_each(|word| super::lists::join(&mut about.label, word.trim(), known));
        let wordless = row.events.iter().all(|event| event.words.is_empty());
        let class = |word: &str| known.says(word).or_else(|| known.says(word.split(' ').next()?));
        about.said = label.rsplit('/').filter(|_| wordless).find_map(|word| class(word.trim()));
    }
}

/// Reads records of an unknown platform as rows of a table whose columns are paths.
pub(super) struct Fields {
    table: Table,
    paths: Vec<String>,
    cells: Cells,
}

impl Fields {
    pub fn new(found: &Found, hints: &Hints) -> Self {
        let paths = found.columns.iter().map(|column| column.name.clone()).collect();
        Self { table: Table::new(found, hints), paths, cells: Cells::default() }
    }
}

impl Reader for Fields {
    fn refills(&self) -> bool {
        true
    }

    fn read(&mut self, row: &mut Row) {
        let Ok(record) = serde_json::from_str::<Value>(row.cells.get(0)) else {
            row.events.clear();
            row.kind = Kind::Unreadable("this is not sound JSON".into());
            return;
        };
        let mut kind = None;
        event::each(&record, &mut |_, value| {
            if kind.is_none() {
                cells(&self.paths, value, &mut self.cells);
                kind = Some(self.table.fill(&self.cells, &mut row.events, &mut row.parts, &mut row.about));
            }
        });
        row.kind = kind.unwrap_or(Kind::Other);
    }

    fn warnings(&self) -> Vec<String> {
        self.table.warnings()
    }
}

/// The values at the paths as cells.
pub(super) fn cells(paths: &[String], value: &Value, cells: &mut Cells) {
    cells.clear();
    for path in paths {
        let text = event::field(value, path);
        let truth = || value.get(path).and_then(Value::as_bool).map(|truth| if truth { "true" } else { "false" });
        cells.push(text.as_deref().or_else(truth).unwrap_or_default());
    }
}

/// The events of the head's records: their platform's name, and themselves.
pub(super) fn events(records: &[Cells]) -> Vec<(Option<&'static str>, Value)> {
    let mut found = Vec::new();
    for record in records.iter().filter_map(|cells| serde_json::from_str::<Value>(cells.get(0)).ok()) {
        event::each(&record, &mut |platform, value| found.push((platform, value.clone())));
    }
    found
}

/// The paths of all fields that hold a text or number, in the order in which they come.
pub(super) fn paths(events: &[(Option<&'static str>, Value)]) -> Vec<String> {
    let mut found = Vec::new();
    events.iter().for_each(|(_, value)| collect(value, "", DEPTH, &mut found));
    found
}

fn collect(value: &Value, path: &str, depth: usize, found: &mut Vec<String>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    match value {
        Value::Object(fields) => {
            for (name, value) in fields.iter().filter(|(name, _)| !name.contains(['.', '|'])) {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                collect(value, &path, depth, found);
            }
        }
        Value::Array(items) => match items.first() {
            Some(Value::Object(_)) => items.first().into_iter().for_each(|item| collect(item, path, depth, found)),
            Some(_) => keep(path, found),
            None => {}
        },
        Value::Null => {}
        _ => keep(path, found),
    }
}

fn keep(path: &str, found: &mut Vec<String>) {
    if found.len() < FIELDS && !path.is_empty() && !found.iter().any(|known| known == path) {
        found.push(path.to_owned());
    }
}
