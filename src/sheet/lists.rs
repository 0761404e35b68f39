//! Files of another purpose: sent counts by job, keys with their addresses, an existing suppression list.

use super::columns::Picks;
use super::known::{Known, catalog, plain, same};
use super::values::{Look, is_blank};
use super::{Item, Row};
use crate::analysis::{Column, Need, Purpose};
use crate::read::event::momentum_class;

/// What a file without a fixed purpose is for.
pub(super) fn purpose(known: &Known, picks: &Picks, names: &[String], looks: &[Look]) -> Purpose {
    let has = |need| !picks.of(need).is_empty();
    let people = has(Need::Recipient) || has(Need::Key);
    let counted = count_name(names).is_some_and(|at| looks.get(at).is_some_and(|look| look.share(look.numbers, 0.9)));
    if known.purpose != Purpose::Bounces {
        known.purpose
    } else if !known.columns.is_empty() || has(Need::Text) || has(Need::Code) || has(Need::Enhanced) {
        Purpose::Bounces
    } else if has(Need::Job) && counted && !people {
        Purpose::Sent
    } else if picks.one(Need::Key).is_some_and(|key| picks.one(Need::Recipient).is_some_and(|recipient| key != recipient)) {
        Purpose::Addresses
    } else if people && !(has(Need::Label) && (has(Need::Job) || has(Need::Domain))) {
        Purpose::Suppressions
    } else {
        Purpose::Bounces
    }
}

/// The column of sent counts, by its name.
fn count_name(names: &[String]) -> Option<usize> {
    catalog().names.count.iter().find_map(|name| names.iter().position(|known| known == name))
}

/// The column of sent counts among the columns of a file.
pub(super) fn count_column(columns: &[Column], known: &Known) -> Option<usize> {
    let names: Vec<String> = columns.iter().map(|column| plain(&column.name)).collect();
    if known.each { None } else { count_name(&names) }
}

/// What a record of such a file gives. `kind` is its kind where it has a column for that: extracts of opens have the columns of sends.
pub(super) fn item<'a>(part: Purpose, count: Option<usize>, known: &Known, kind: Option<&str>, row: &'a Row) -> Option<Item<'a>> {
    let about = &row.about;
    let recipient = row.events.first().and_then(|event| event.recipient.as_deref());
    match part {
        Purpose::Bounces => None,
        Purpose::Sent if known.each => {
            (!about.job.is_empty() && kind.is_none_or(|kind| same(kind, "sent"))).then_some(Item::Sent { job: &about.job, sent: 1 })
        }
        Purpose::Sent => {
            let sent = number(row.cells.get(count?))?;
            (!about.job.is_empty()).then_some(Item::Sent { job: &about.job, sent })
        }
        Purpose::Addresses => recipient.filter(|_| !about.key.is_empty()).map(|address| Item::Address { key: &about.key, address }),
        Purpose::Suppressions => {
            let person = recipient.unwrap_or(&about.key);
            let reason = row.parts.first().map(|part| part.text.as_str()).filter(|text| !text.is_empty()).unwrap_or(&about.label);
            (!person.is_empty()).then_some(Item::Listed { person, reason, since: about.time })
        }
    }
}

/// `12,345`, `12.345` and `12 345`.
fn number(cell: &str) -> Option<u64> {
    let cell = cell.trim().strip_suffix(".0").unwrap_or(cell.trim());
    let digits: String = cell.chars().filter(|letter| !matches!(letter, ',' | '.' | ' ' | '\u{a0}' | '\'')).collect();
    digits.parse().ok()
}

/// Appends a class to a label; one that is a number or letter gets its name.
pub(super) fn join(label: &mut String, word: &str, known: &Known) {
    if is_blank(word) {
        return;
    }
    if !label.is_empty() {
        label.push_str(" / ");
    }
    label.push_str(word);
    let named = known.names.iter().find(|(class, _)| same(word, class)).map(|(_, name)| name.as_str());
    let class = || if known.id == "sparkpost" { momentum_class(word) } else { None };
    if let Some(name) = named.or_else(class) {
        label.push(' ');
        label.push_str(name);
    }
}
