//! A record of cells → what it says. Nothing is allocated for a row once the buffers are warm.

use std::borrow::Cow;

use serde_json::Value;

use super::columns::Columns;
use super::dates::{self, Clock, Day};
use super::known::{Known, Sort, known, same};
use super::seam::Reader;
use super::values::{bare_address, is_blank, is_reply, reply_code, status};
use super::{About, Cells, Item, Kind, Row};
use crate::analysis::{Found, Hints, Need, Purpose};
use crate::read::{self, Event, Fate, Span, scan};
use crate::verdict::{Part, Permanence};

/// Reads rows of a table by the columns that were found.
pub(super) struct Table {
    known: &'static Known,
    columns: Columns,
    clock: Clock,
    names: Vec<String>,
    part: Purpose,
    /// Column of sent counts.
    count: Option<usize>,
    spare: Spare,
    /// The recipient in a reply column that holds JSON.
    inner: String,
    /// Rows whose date could be either of two.
    undated: u64,
    /// Columns that the user named and that are not there, in sentences.
    strangers: Vec<String>,
}

/// Buffers that the row at hand has no use for.
#[derive(Default)]
struct Spare {
    texts: Vec<String>,
    label: Option<(String, String)>,
}

impl Table {
    pub fn new(found: &Found, hints: &Hints) -> Self {
        let known = known(&found.format.id);
        let names: Vec<String> = found.columns.iter().map(|column| column.name.clone()).collect();
        let columns = Columns::of(&found.mapping, &names, known);
        let count = if found.format.purpose == Purpose::Sent { super::lists::count_column(&found.columns, known) } else { None };
        let part = found.format.purpose;
        Self {
            known,
            columns,
            clock: clock(found, hints),
            names,
            part,
            count,
            spare: Spare::default(),
            inner: String::new(),
            undated: 0,
            strangers: super::recognise::strangers(found, hints),
        }
    }

    /// Fills what a record says from its cells.
    pub fn fill(&mut self, cells: &Cells, events: &mut Vec<Event>, parts: &mut Vec<Part>, about: &mut About) -> Kind {
        clear(about);
        events.truncate(1);
        parts.truncate(1);
        if self.is_aside(cells) {
            events.clear();
            return Kind::Other;
        }
        if events.is_empty() {
            events.push(Event::default());
        }
        if parts.is_empty() {
            parts.push(Part { id: 0, name: "reply".into(), text: String::new() });
        }
        let ([event], [part]) = (events.as_mut_slice(), parts.as_mut_slice()) else { return Kind::Other };
        self.around(cells, about);
        let said = self.event(cells, event, part, about);
        let kind = self.kind(cells, event, said);
        self.recipients(cells, events, about);
        kind
    }

    /// A repeated header, or a comment of a log with columns.
    fn is_aside(&self, cells: &Cells) -> bool {
        let repeated = |column: usize| self.names.get(column).is_some_and(|name| cells.get(column) == name);
        cells.get(0).starts_with("#Fields:")
            || cells.iter().all(is_blank)
            || self.names.len() > 1 && repeated(0) && repeated(1)
            || self.names.len() == 1 && repeated(0)
    }

    /// What stands around the reply.
    fn around(&mut self, cells: &Cells, about: &mut About) {
        let cell = |column: Option<usize>| column.map(|at| bare(cells.get(at))).unwrap_or_default();
        let columns = &self.columns;
        about.key.push_str(cell(columns.key));
        about.job.push_str(cell(columns.job));
        about.source.push_str(cell(columns.source));
        about.ip.push_str(cell(columns.ip));
        about.pool.push_str(cell(columns.pool));
        about.sender.push_str(bare_address(cell(columns.sender)));
        about.message.push_str(cell(columns.message));
        about.repeated = matches!(cell(columns.unique), "0" | "false" | "False" | "FALSE" | "no" | "No");
        let domain = cell(columns.domain);
        let domain = domain.rsplit('@').next().unwrap_or(domain).split('/').next().unwrap_or(domain);
        about.domain.extend(domain.trim_end_matches('.').chars().map(|letter| letter.to_ascii_lowercase()));
        let date = cell(columns.timestamp);
        about.time = self.clock.read(date);
        if about.time.is_none() && !date.is_empty() {
            self.undated += u64::from(dates::stamp(date).is_some_and(|stamp| matches!(stamp.day, Day::Open(..))));
        }
    }

    /// The reply, codes and label; whether there are any.
    fn event(&mut self, cells: &Cells, event: &mut Event, part: &mut Part, about: &mut About) -> bool {
        reset(event);
        part.text.clear();
        let inside = self.inside(cells);
        match &inside {
            Some(value) => words(self.field(value, Need::Text).as_deref().into_iter(), event, &mut part.text),
            None => words(self.columns.text.iter().map(|at| cells.get(*at)), event, &mut part.text),
        }
        let cell = |column: Option<usize>| column.map(|at| cells.get(at)).filter(|cell| !is_blank(cell)).unwrap_or_default();
        let (code, gloss) = (cell(self.columns.code), cell(self.columns.enhanced));
        event.smtp_code = reply_code(code);
        let enhanced = status(gloss).or_else(|| status(code)).unwrap_or_default();
        self.spare.put(&mut event.enhanced, enhanced);
        self.spare.put(&mut event.sending_ip, scan::ip(&about.ip).unwrap_or_default());
        let class = inside.as_ref().and_then(|value| self.field(value, Need::Label));
        for label in self.columns.label.iter().map(|at| cells.get(*at).trim()).chain(class.as_deref()) {
            super::lists::join(&mut about.label, label, self.known);
        }
        self.inner = inside.as_ref().and_then(|value| self.field(value, Need::Recipient)).unwrap_or_default().into_owned();
        self.spare.label(event, self.platform(), &about.label);
        if event.words.is_empty() {
            let labels = self.columns.label.iter().rev().chain(&self.columns.kind);
            about.said = labels.map(|at| cells.get(*at)).filter(|label| !is_blank(label)).find_map(|label| self.known.says(label));
        }
        !event.words.is_empty() || !about.label.is_empty() || event.smtp_code.is_some() || event.enhanced.is_some()
    }

    /// The object in a reply column that holds JSON.
    fn inside(&self, cells: &Cells) -> Option<Value> {
        let cell = cells.get(*self.columns.text.first().filter(|_| !self.known.inside.is_empty())?).trim();
        if cell.starts_with('{') { serde_json::from_str(cell).ok() } else { None }
    }

    fn field<'v>(&self, value: &'v Value, need: Need) -> Option<Cow<'v, str>> {
        read::event::field(value, self.known.inside.get(&need)?)
    }

    fn platform(&self) -> &'static str {
        if self.known.platform.is_empty() { "The export" } else { &self.known.platform }
    }

    /// What sort of record it is; sets what that means for the event.
    fn kind(&self, cells: &Cells, event: &mut Event, said: bool) -> Kind {
        let kind = self.columns.kind.map(|at| cells.get(at)).filter(|cell| !is_blank(cell));
        let flagged = |(column, value, sort): &(usize, &str, Sort)| {
            let cell = cells.get(*column);
            (!is_blank(cell) && (*value == "*" || same(cell, value))).then_some(*sort)
        };
        let flag = self.columns.flags.iter().find_map(flagged);
        let sort = flag.or_else(|| kind.and_then(|kind| self.known.sort(kind)));
        // In a table that no format explains, a refusal's words go before a column that says "sent".
        let refused = || event.smtp_code.is_some_and(|code| code >= 400) || !event.words.is_empty();
        let sort = sort.filter(|sort| self.known.id != "generic" || !matches!(sort, Sort::Other | Sort::Delivery) || !refused());
        match sort {
            Some(Sort::Other) => Kind::Other,
            Some(Sort::Delivery) => {
                event.fate = Fate::Delivered;
                Kind::Delivery
            }
            Some(Sort::Complaint) => {
                event.fate = Fate::Feedback;
                Kind::Bounce
            }
            Some(Sort::Temporary) => {
                event.permanence = Some(Permanence::Temporary);
                Kind::Bounce
            }
            Some(Sort::Bounce) => Kind::Bounce,
            None if self.part != Purpose::Bounces => Kind::Other,
            None if said => Kind::Bounce,
            None if self.known.idle || kind.is_some() || !self.columns.flags.is_empty() && self.columns.text.is_empty() => Kind::Other,
            None => self.wordless(cells),
        }
    }

    /// A row that says nothing of its own.
    fn wordless(&self, cells: &Cells) -> Kind {
        let first = self.columns.text.iter().chain(&self.columns.label).chain(&self.columns.code).min();
        match first {
            None => Kind::Unreadable("no column of this file holds a reply, a label or a code".into()),
            Some(first) if cells.len() <= *first => {
                let (have, want) = (cells.len(), self.names.len());
                Kind::Unreadable(format!("the row ends before its reply: it has {have} cells, the header {want}"))
            }
            Some(_) => Kind::Bounce,
        }
    }

    /// The people: from their column, or from the words where no column names any.
    fn recipients(&mut self, cells: &Cells, events: &mut Vec<Event>, about: &mut About) {
        let Some(event) = events.first_mut() else { return };
        let cell = self.columns.recipient.map(|at| bare(cells.get(at))).unwrap_or_default();
        let mut several = cell.split([';', ',']).map(bare_address).filter(|address| address.contains('@'));
        let first = several.next().unwrap_or(&self.inner);
        let first = first.split("##").next().unwrap_or(first);
        self.spare.put(&mut event.recipient, first);
        if about.domain.is_empty() {
            let person = if first.is_empty() { about.key.as_str() } else { first };
            let domain = person.rsplit_once('@').map(|(_, domain)| domain).unwrap_or_default();
            about.domain.extend(domain.chars().map(|letter| letter.to_ascii_lowercase()));
        }
        let named = self.columns.recipient.is_some() || self.columns.key.is_some();
        for other in several {
            let recipient = Some(other.split("##").next().unwrap_or(other).to_owned());
            let twin = events.first().map(|event| Event { recipient, ..event.clone() });
            events.extend(twin);
        }
        if let ([event], false) = (events.as_mut_slice(), named) {
            event.recipient = self.columns.text.first().and_then(|at| read::address::recipient(cells.get(*at)));
            let domain = event.recipient.as_deref().and_then(|address| address.rsplit_once('@')).map(|(_, domain)| domain);
            about.domain.extend(domain.filter(|_| about.domain.is_empty()).unwrap_or_default().chars().map(|c| c.to_ascii_lowercase()));
        }
    }
}

impl Reader for Table {
    fn refills(&self) -> bool {
        true
    }

    fn read(&mut self, row: &mut Row) {
        let Row { cells, events, parts, about, kind, .. } = row;
        let summary =
            self.columns.text.first().or(self.columns.recipient.as_ref()).map(|at| cells.get(*at)).filter(|cell| cell.contains("##"));
        *kind = match summary.filter(|_| self.known.id == "m365_trace") {
            Some(list) => {
                clear(about);
                self.around(cells, about);
                super::trace::fill(self.known, list, events, parts, about)
            }
            None => self.fill(cells, events, parts, about),
        };
    }

    fn item<'a>(&'a self, row: &'a Row) -> Option<Item<'a>> {
        let kind = self.columns.kind.map(|at| row.cells.get(at));
        super::lists::item(self.part, self.count, self.known, kind, row)
    }

    fn warnings(&self) -> Vec<String> {
        let open = format!(
            "The dates of {} rows could be day first or month first; they were left out. Say which, and they are read.",
            self.undated
        );
        self.strangers.iter().cloned().chain((self.undated > 0).then_some(open)).collect()
    }
}

impl Spare {
    /// Puts a text into a field, or empties the field, without giving its memory back.
    fn put(&mut self, field: &mut Option<String>, text: &str) {
        if text.is_empty() {
            self.texts.extend(field.take());
            return;
        }
        let slot = field.get_or_insert_with(|| self.texts.pop().unwrap_or_default());
        slot.clear();
        slot.push_str(text);
    }

    fn label(&mut self, event: &mut Event, platform: &str, value: &str) {
        if value.is_empty() {
            self.label = event.label.take().or_else(|| self.label.take());
            return;
        }
        let (source, word) = event.label.get_or_insert_with(|| self.label.take().unwrap_or_default());
        source.clear();
        source.push_str(platform);
        word.clear();
        word.push_str(value);
    }
}

/// How the dates of a file are read.
pub(super) fn clock(found: &Found, hints: &Hints) -> Clock {
    let zone = hints.time_zone.as_deref().or(found.format.time_zone.as_deref()).and_then(dates::zone).unwrap_or_default();
    Clock { order: hints.day_order.unwrap_or(found.format.day_order), zone, now: hints.now.or_else(now) }
}

#[cfg(not(target_family = "wasm"))]
fn now() -> Option<i64> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).ok()?;
    i64::try_from(since.as_secs()).ok()
}

#[cfg(target_family = "wasm")]
fn now() -> Option<i64> {
    None
}

/// A cell without what spreadsheets guard it with (`="003…"`, `'003…`); empty where it stands for nothing.
fn bare(cell: &str) -> &str {
    let cell = cell.trim();
    let cell = cell.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).unwrap_or(cell);
    let cell = cell.strip_prefix('\'').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit() || "=+-@".contains(c))).unwrap_or(cell);
    if is_blank(cell) { "" } else { cell }
}

/// Empties what stands around a reply and keeps the memory.
pub(super) fn clear(about: &mut About) {
    let About { key, domain, time, job, source, ip, pool, sender, label, said, message, repeated } = about;
    [key, domain, job, source, ip, pool, sender, label, message].into_iter().for_each(String::clear);
    (*time, *said, *repeated) = (None, None, false);
}

fn reset(event: &mut Event) {
    event.fate = Fate::Failed;
    event.words.clear();
    event.around.clear();
    event.smtp_code = None;
    event.permanence = None;
    event.stage = None;
    event.hosts.clear();
    event.dsn = None;
}

/// Takes the replies of a row into its part, the longest first. One that another contains says nothing more.
pub(super) fn words<'c>(cells: impl Iterator<Item = &'c str>, event: &mut Event, text: &mut String) {
    let mut taken = [""; 4];
    let mut count = 0;
    for reply in cells.map(reply).filter(|reply| !is_blank(reply)) {
        if count < taken.len() && !taken.iter().any(|known| known.contains(reply)) {
            taken[count] = reply;
            count += 1;
        }
    }
    let (found, _) = taken.split_at_mut(count);
    found.sort_by_key(|reply| std::cmp::Reverse(reply.len()));
    for (at, reply) in found.iter().enumerate() {
        if found.iter().take(at).any(|longer| longer.contains(reply)) {
            continue;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        let (start, inner) = (text.len(), read::reply::innermost(reply));
        text.push_str(reply);
        let end = text.len();
        event.words.push(Span { part: 0, start: start + inner, end });
        if inner > 0 {
            event.around.push(Span { part: 0, start, end });
        }
    }
}

/// The reply within a cell: without the type before it (RFC 3464 §2.3.6), and out of the braces of Microsoft's `[{LED=550 …};{MSG=…}]`.
fn reply(cell: &str) -> &str {
    let cell = cell.trim();
    let led = scan::between(cell, "{LED=", "}").filter(|led| is_reply(led));
    let cell = led.unwrap_or(cell);
    scan::strip_ci(cell, "smtp;").unwrap_or(cell).trim_start()
}
