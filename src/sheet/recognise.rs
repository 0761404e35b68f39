//! Which export is it, and which column answers which need?

use super::columns::{self, Picks, Sight};
use super::json;
use super::known::{Known, catalog, known, plain};
use super::lines::{self, Lines};
use super::lists;
use super::order;
use super::seam::{Head, Reader, Shape};
use super::table::Table;
use super::values::{Look, is_blank, is_reply, reply_code, status};
use super::{Cells, dates};
use crate::analysis::{Column, Found, Hints, Need};
use crate::read::scan;
use crate::verdict::Confidence;

/// Values of a column that a person is shown, and how much of each.
const SHOWN: usize = 4;
const SHOWN_LENGTH: usize = 120;
/// Columns that are looked at.
const COLUMNS: usize = 512;

/// What the head shows. The engine adds encoding, delimiter and packing.
pub(super) fn recognise(head: &Head<'_>, hints: &Hints) -> Found {
    match head.shape {
        Shape::Table => table(head, hints),
        Shape::Json => objects(head, hints),
        Shape::Lines => log(head, hints),
    }
}

/// What turns the records of such a file into rows.
pub(super) fn reader(found: &Found, hints: &Hints) -> Box<dyn Reader> {
    let known = known(&found.format.id);
    if found.format.delimiter.is_some() {
        Box::new(Table::new(found, hints))
    } else if found.columns.is_empty() {
        Box::new(Lines::new(found, hints))
    } else if known.event.is_empty() || !json::Events::can_read(hints) {
        Box::new(json::Fields::new(found, hints))
    } else {
        Box::new(json::Events::new(found, hints))
    }
}

/// Is it a line of a log, whatever delimiters stand in it?
pub(super) fn is_log(line: &str) -> bool {
    lines::server(line).is_some()
}

/// The names that the user's mapping asks for and the file does not have, each in a sentence.
pub(super) fn strangers(found: &Found, hints: &Hints) -> Vec<String> {
    let names: Vec<String> = found.columns.iter().map(|column| column.name.clone()).collect();
    columns::overrule(&mut Picks::default(), &names, hints)
}

fn table(head: &Head<'_>, hints: &Hints) -> Found {
    let fields = head.records.iter().position(|record| record.get(0).starts_with("#Fields:"));
    let header = fields.or_else(|| hints.header.unwrap_or_else(|| has_header(head.records)).then_some(0));
    let rows = header.map_or(head.records, |at| head.records.get(at + 1..).unwrap_or_default());
    let names = names(head.records, header);
    let plains: Vec<String> = if header.is_some() { names.iter().map(|name| plain(name)).collect() } else { Vec::new() };
    let mut found = of_cells(&names, &plains, rows, hints);
    found.format.header = header == Some(0);
    found.format.delimiter = Some(String::new());
    found
}

/// Recognises cells under names, as a table has them and as the fields of JSON are taken.
fn of_cells(names: &[String], plains: &[String], rows: &[Cells], hints: &Hints) -> Found {
    let looks: Vec<Look> = (0..names.len()).map(|at| Look::of(rows.iter().map(|row| row.get(at)))).collect();
    let format = format(plains, rows, &looks, hints);
    let sight = Sight { known: format, names: plains, looks: &looks };
    let mut picks = columns::pick(&sight);
    if format.id == "powermta" && plains.is_empty() {
        headless(rows, &looks, &mut picks);
    }
    columns::overrule(&mut picks, names, hints);
    let mut found = Found::default();
    found.format.purpose = hints.purpose.unwrap_or_else(|| lists::purpose(format, &picks, plains, &looks));
    describe(&mut found, format, confidence(format, &picks, &looks));
    let dates = picks.one(Need::Timestamp).map(|at| rows.iter().map(move |row| row.get(at)));
    fill_dates(&mut found, format, dates.into_iter().flatten(), hints);
    found.mapping = columns::mapping(&picks, names);
    found.sure = picks.sure();
    found.columns = (0..names.len()).map(|at| shown(&names[at], rows.iter().map(|row| row.get(at)))).collect();
    found
}

/// Does the first record name columns? Names are no values: no address, code, date or reply; and most are known where values would fit, too.
fn has_header(records: &[Cells]) -> bool {
    let Some(first) = records.first() else { return false };
    let known = |cell: &str| {
        let name = plain(cell);
        let names = &catalog().names;
        names.by_need.values().flatten().chain(&names.count).any(|known| *known == name)
    };
    let value = |cell: &str| {
        let cell = cell.trim();
        let number = !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit() || b".,-+".contains(&byte));
        cell.contains('@')
            || number
            || status(cell).is_some()
            || reply_code(cell).is_some()
            || dates::stamp(cell).is_some()
            || is_reply(cell)
    };
    let filled: Vec<&str> = first.iter().filter(|cell| !cell.trim().is_empty()).collect();
    if filled.is_empty() || filled.iter().any(|cell| value(cell)) {
        return filled.iter().filter(|cell| known(cell)).count() >= 3;
    }
    let accounting = |cell: &str| matches!(cell, "d" | "b" | "t" | "tq" | "r" | "f" | "rb" | "rs");
    !(filled.len() > 3 && accounting(filled[0]))
}

/// The columns' names, each once: as the header has them, or by number.
fn names(records: &[Cells], header: Option<usize>) -> Vec<String> {
    let width = records.iter().map(Cells::len).max().unwrap_or_default().min(COLUMNS);
    let named = header.and_then(|at| records.get(at));
    let mut names: Vec<String> = Vec::with_capacity(width);
    for at in 0..width {
        let name = named.map(|cells| cells.get(at)).unwrap_or_default();
        let name = name.strip_prefix("#Fields:").unwrap_or(name).trim().trim_start_matches(['\u{feff}', '#']);
        let taken = name.is_empty() || names.iter().any(|known| known == name);
        names.push(match (name.is_empty(), taken) {
            (true, _) => format!("#{}", at + 1),
            (_, true) => format!("{name} (#{})", at + 1),
            _ => name.to_owned(),
        });
    }
    names
}

/// The export whose header fits best; without a header, PowerMTA's records tell themselves.
fn format(plains: &[String], rows: &[Cells], looks: &[Look], hints: &Hints) -> &'static Known {
    if let Some(id) = &hints.format {
        return known(id);
    }
    if plains.is_empty() && looks.len() > 4 && is_accounting(rows) {
        return known("powermta");
    }
    let fits = catalog().format.iter().filter_map(|format| Some((format.fits(plains)?, format)));
    let best = fits.rev_max(|(count, _)| *count);
    best.map_or_else(|| known("generic"), |(_, format)| format)
}

/// The first of the best, where `max_by_key` gives the last.
trait First: Iterator + Sized {
    fn rev_max(self, key: impl Fn(&Self::Item) -> usize) -> Option<Self::Item> {
        self.fold(None, |best, next| match best {
            Some(best) if key(&best) >= key(&next) => Some(best),
            _ => Some(next),
        })
    }
}

impl<I: Iterator> First for I {}

/// Nine in ten rows begin with a record type of PowerMTA.
fn is_accounting(rows: &[Cells]) -> bool {
    let typed = rows.iter().filter(|row| matches!(row.get(0), "d" | "b" | "t" | "tq" | "r" | "f" | "rb" | "rs")).count();
    typed > 0 && typed * 10 >= rows.len() * 9
}

/// Accounting records without a header: the record type stands first, the category is one of PowerMTA's words.
fn headless(rows: &[Cells], looks: &[Look], picks: &mut Picks) {
    let format = known("powermta");
    let classes = |at: usize| rows.iter().filter(|row| format.says(row.get(at)).is_some() || row.get(at) == "other").count();
    let label = (1..looks.len()).filter(|at| classes(*at) > 0).max_by_key(|at| classes(*at));
    picks.put(Need::Kind, Some(0), Confidence::High);
    picks.put(Need::Label, label, Confidence::High);
    let queue = (1..looks.len()).find(|at| rows.iter().any(|row| row.get(*at).contains('/')) && looks[*at].share(looks[*at].domains, 0.8));
    picks.put(Need::Domain, queue, Confidence::Medium);
}

fn confidence(format: &Known, picks: &Picks, looks: &[Look]) -> Confidence {
    let replies = |at: &usize| looks.get(*at).is_some_and(|look| look.share(look.replies, 0.8));
    match (format.id.as_str(), picks.of(Need::Text)) {
        ("generic", []) => Confidence::Low,
        ("generic", text) if text.iter().all(replies) => Confidence::Medium,
        ("generic", _) => Confidence::Low,
        _ => Confidence::High,
    }
}

fn describe(found: &mut Found, format: &Known, sure: Confidence) {
    found.format.id = format.id.clone();
    found.format.name = format.name.clone();
    found.format.confidence = Some(sure);
}

/// The order of day and month, and the zone: the user's word, what the values prove, what the format fixes.
fn fill_dates<'a>(found: &mut Found, format: &Known, dates: impl Iterator<Item = &'a str>, hints: &Hints) {
    let seen = order::look(dates, format.order);
    found.format.day_order = hints.day_order.unwrap_or(seen.order);
    found.day_order_open = seen.open && hints.day_order.is_none();
    found.format.time_zone = hints.time_zone.clone().or_else(|| format.zone.clone());
    found.time_zone_open = seen.local && found.format.time_zone.is_none();
}

fn shown<'a>(name: &str, values: impl Iterator<Item = &'a str>) -> Column {
    let mut column = Column { name: name.to_owned(), values: Vec::new() };
    for value in values.filter(|value| !is_blank(value)).map(str::trim) {
        let value: String = value.chars().take(SHOWN_LENGTH).collect();
        if column.values.len() < SHOWN && !column.values.contains(&value) {
            column.values.push(value);
        }
    }
    column
}

fn objects(head: &Head<'_>, hints: &Hints) -> Found {
    let events = json::events(head.records);
    let paths = json::paths(&events);
    let row = |(_, value): &(_, _)| {
        let mut cells = Cells::default();
        json::cells(&paths, value, &mut cells);
        cells
    };
    let rows: Vec<Cells> = events.iter().map(row).collect();
    let platforms = catalog().format.iter().filter(|format| !format.event.is_empty());
    let count = |format: &&Known| events.iter().filter(|(platform, _)| *platform == Some(format.event.as_str())).count();
    let format = match &hints.format {
        Some(id) => known(id),
        None => platforms.filter(|format| count(format) > 0).rev_max(count).unwrap_or_else(|| known("generic")),
    };
    let plains: Vec<String> = paths.iter().map(|path| plain(path.rsplit('.').next().unwrap_or(path))).collect();
    let mut found = of_cells(&paths, &plains, &rows, hints);
    if format.id != "generic" {
        by_paths(&mut found, format, &paths, &rows, hints);
    }
    found
}

/// What a known platform's fields are for.
fn by_paths(found: &mut Found, format: &'static Known, names: &[String], rows: &[Cells], hints: &Hints) {
    let mut picks = Picks::default();
    for (need, alternatives) in &format.paths {
        let at = alternatives.split('|').find_map(|path| names.iter().position(|name| name == path));
        picks.put(*need, at, Confidence::High);
    }
    columns::overrule(&mut picks, names, hints);
    describe(found, format, Confidence::High);
    let dates = picks.one(Need::Timestamp).map(|at| rows.iter().map(move |row| row.get(at)));
    fill_dates(found, format, dates.into_iter().flatten(), hints);
    found.format.purpose = hints.purpose.unwrap_or_default();
    found.mapping = columns::mapping(&picks, names);
    found.sure = picks.sure();
}

fn log(head: &Head<'_>, hints: &Hints) -> Found {
    let servers: Vec<&str> = head.records.iter().filter_map(|record| lines::server(record.get(0).trim())).collect();
    let logs = catalog().format.iter().filter(|format| !format.log.is_empty());
    let count = |format: &&Known| servers.iter().filter(|server| **server == format.log).count();
    let format = match &hints.format {
        Some(id) => known(id),
        None => logs.filter(|format| count(format) > 0).rev_max(count).unwrap_or_else(|| known("generic")),
    };
    let mut found = Found::default();
    describe(&mut found, format, if servers.is_empty() { Confidence::Low } else { Confidence::High });
    fill_dates(
        &mut found,
        format,
        head.records.iter().map(|record| record.get(0)).filter(|line| scan::find_ci(line, " ").is_some()),
        hints,
    );
    found
}
