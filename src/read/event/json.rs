//! JSON in a text: documents found wherever a line begins one, strings that hold JSON again, and values by path.

use std::borrow::Cow;

use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Map, Value};

use crate::read::scan;

/// Hands on every JSON object or array of the text, one after another: alone, one a line, in a list, or with other text around.
/// Returns how many were cut off or broken. Where none can be read whole, the strings of the first are read as far as they go.
pub(super) fn documents(text: &str, mut take: impl FnMut(Value)) -> usize {
    let (mut text, (found, failed)) = (Cow::Borrowed(text), count(text));
    if failed > 0 && text.contains('\n') {
        // A mail program breaks lines within strings, too, where JSON allows no line end.
        let flat = text.replace('\n', " ");
        let (again, still) = count(&flat);
        if still < failed && again >= found {
            text = Cow::Owned(flat);
        }
    }
    let mut found = 0;
    let failed = whole(&text, |value| {
        found += 1;
        take(value);
    });
    if found > 0 {
        return failed;
    }
    super::relaxed::document(&text).or_else(|| broken(&text)).into_iter().for_each(take);
    0
}

/// How many documents can be read whole, and how many cannot.
fn count(text: &str) -> (usize, usize) {
    let mut found = 0;
    let failed = whole(text, |_: IgnoredAny| found += 1);
    (found, failed)
}

/// Hands on the documents that can be read whole, those of a list one by one, and returns how many cannot.
fn whole<T: DeserializeOwned>(text: &str, mut take: impl FnMut(T)) -> usize {
    let mut failed = 0;
    let mut rest = text;
    while let Some(here) = opening(rest).and_then(|at| rest.get(at..)) {
        if let Some(items) = here.strip_prefix('[').map(str::trim_start).filter(|items| items.starts_with('{')) {
            rest = items;
            continue;
        }
        let mut values = serde_json::Deserializer::from_str(here).into_iter();
        let next = match values.next() {
            Some(Ok(value)) => {
                take(value);
                values.byte_offset().max(1)
            }
            Some(Err(error)) => {
                failed += 1;
                // What a failed document was read through is not read again: so each byte is read at most twice.
                let used = line_start(here, error.line());
                if used == 0 { line_start(here, 2).max(1) } else { used }
            }
            None => break,
        };
        rest = here.get(next..).unwrap_or_default().trim_start_matches([',', ' ', '\n', '\t']);
    }
    failed
}

/// Where the line with this number (from 1) begins, or the end.
fn line_start(text: &str, line: usize) -> usize {
    if line <= 1 {
        return 0;
    }
    text.match_indices('\n').nth(line - 2).map_or(text.len(), |(at, _)| at + 1)
}

/// Where the next document may begin: a bracket at a line's beginning, `{"` within a line, or a string that holds JSON.
fn opening(text: &str) -> Option<usize> {
    memchr::memchr3_iter(b'{', b'[', b'"', text.as_bytes()).find(|at| {
        let (before, here) = text.split_at(*at);
        let opens_line = || matches!(before.trim_end_matches([' ', '\t']).bytes().next_back(), None | Some(b'\n'));
        here.starts_with("{\"") || here.starts_with("[{\"") || begins(here) && opens_line()
    })
}

fn begins(line: &str) -> bool {
    let next = |rest: &str, allowed: &[char]| rest.trim_start().chars().next().is_none_or(|c| allowed.contains(&c));
    match line.as_bytes().first() {
        Some(b'{') => line.get(1..).is_some_and(|rest| next(rest, &['"', '}'])),
        Some(b'[') => line.get(1..).is_some_and(|rest| next(rest, &['{', '[', '"'])),
        Some(b'"') => line.starts_with("\"{\\\""),
        _ => false,
    }
}

/// An object of the `"name": "value"` pairs of a document that does not parse: cut short, or with escaped quotes.
fn broken(text: &str) -> Option<Value> {
    let start = opening(text).or_else(|| text.find("{\\\""))?;
    let text = text.get(start..)?;
    let text = if text.starts_with("{\\\"") { Cow::Owned(text.replace("\\\"", "\"")) } else { Cow::Borrowed(text) };
    let mut pairs = Map::new();
    let mut name: Option<String> = None;
    let mut rest = text.as_ref();
    while let Some((before, tail)) = rest.split_once('"') {
        let separator = before.trim();
        let (value, after) = string(tail);
        if let Some(name) = name.take().filter(|_| separator == ":") {
            pairs.entry(name).or_insert(Value::String(value));
        } else {
            number(separator).zip(name).into_iter().for_each(|(number, name)| drop(pairs.insert(name, Value::from(number))));
            name = Some(value);
        }
        rest = after;
    }
    (!pairs.is_empty()).then_some(Value::Object(pairs))
}

/// The number in `: 550,`.
fn number(separator: &str) -> Option<u64> {
    separator.strip_prefix(':')?.trim().split([',', '}', ' ', '\n']).next()?.parse().ok()
}

/// The string that `text` begins with, up to its quote, unescaped, and what follows.
fn string(text: &str) -> (String, &str) {
    let mut escaped = false;
    let end = text.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    let end = end.unwrap_or(text.len());
    (scan::unescaped(text.get(..end).unwrap_or_default()), text.get(end + 1..).unwrap_or_default())
}

/// The value that a string holds as JSON again: SNS messages, queue bodies, `mandrill_events`.
pub(super) fn nested(text: &str) -> Option<Value> {
    let text = text.trim();
    if text.starts_with(['{', '[']) { serde_json::from_str(text).ok() } else { None }
}

/// The first of several paths (`a.b|c`) that leads to something, in `item` before `whole`.
pub(super) fn find<'v>(item: &'v Value, whole: &'v Value, paths: &str) -> Option<&'v Value> {
    paths.split('|').filter(|path| !path.is_empty()).find_map(|path| at(item, path).or_else(|| at(whole, path)))
}

/// The value at a path of names joined by dots; `null` and empty strings count as absent.
pub(super) fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    let found = path.split('.').try_fold(value, |value, name| match value {
        Value::Array(items) => items.first()?.get(name),
        _ => value.get(name),
    })?;
    let absent = found.is_null() || found.as_str().is_some_and(|text| text.trim().is_empty());
    (!absent).then_some(found)
}

/// A value as text: strings, numbers, lists of strings, and KumoMTA's `{class, subject, detail}`.
pub(super) fn text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Array(items) => {
            let lines: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            (!lines.is_empty()).then(|| Cow::Owned(lines.join("\n")))
        }
        Value::Object(_) => {
            let number = |name| value.get(name)?.as_u64();
            Some(Cow::Owned(format!("{}.{}.{}", number("class")?, number("subject")?, number("detail")?)))
        }
        _ => None,
    }
}
