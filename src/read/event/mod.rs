//! Events of sending platforms as JSON: one object, a list, one a line, or wrapped in what carried them (SNS, SQS, EventBridge, a log).

mod json;
mod relaxed;
mod shapes;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;

pub(crate) use shapes::momentum_class;

use super::draft::{Draft, fill_codes};
use super::{Event, Fate, Notice, Span, address, scan};
use crate::verdict::{Form, Permanence};
use shapes::{SHAPES, Shape};

/// How deep wrappers are opened: no known carrier needs more.
const DEPTH: usize = 10;

/// Reads platform events in `text`. `None` where it holds no JSON, or none that speaks of mail.
pub fn read(text: &str) -> Option<Notice> {
    let text = plain(scan::unquoted(text));
    let mut reading = Reading { draft: Draft::new(&text), others: BTreeMap::new(), log: false };
    let failed = json::documents(&text, |document| walk(&document, DEPTH, &mut |shape, value| reading.event(shape, value)));
    reading.draft.count_others(failed, "piece", "of JSON cut off or broken");
    reading.finish()
}

/// JSON that was copied out of a page's source has its quotes as entities.
fn plain(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains("{&quot;") {
        Cow::Owned(text.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    } else {
        text
    }
}

/// Hands out the objects of a record that are events, out of whatever carries them, each with its platform's name where its fields tell it.
pub(crate) fn each(record: &Value, found: &mut dyn FnMut(Option<&'static str>, &Value)) {
    walk(record, DEPTH, &mut |shape, value| found(shape.map(|shape| shape.name), value));
}

/// What one event that [`each`] found says; no events where it reports no attempt at delivery.
pub(crate) fn one(event: &Value) -> Notice {
    let mut reading = Reading { draft: Draft::new(""), others: BTreeMap::new(), log: false };
    reading.event(SHAPES.iter().find(|shape| fits(shape, event)), event);
    reading.draft.finish(Form::EspEvent)
}

/// The text at the first of several paths (`a.b|c`) that leads to one.
pub(crate) fn field<'v>(event: &'v Value, paths: &str) -> Option<Cow<'v, str>> {
    json::find(event, event, paths).and_then(json::text)
}

/// Finds the events in a value: known by their names, else unwrapped, else whatever object is there.
fn walk(value: &Value, depth: usize, found: &mut dyn FnMut(Option<&'static Shape>, &Value)) {
    let Some(depth) = depth.checked_sub(1) else { return };
    match value {
        Value::Array(items) => items.iter().for_each(|item| walk(item, depth, found)),
        Value::String(text) => json::nested(text).iter().for_each(|inner| walk(inner, depth, found)),
        Value::Object(_) => match SHAPES.iter().find(|shape| fits(shape, value)) {
            Some(shape) => found(Some(shape), value),
            None => match carried(value) {
                Some(inner) => walk(inner, depth, found),
                None => found(None, value),
            },
        },
        _ => {}
    }
}

/// What an object carries in a place where events are carried.
fn carried(value: &Value) -> Option<&Value> {
    const CARRIERS: &str = "Message|Sns.Message|Records|Messages|body|Body|detail|event-data|items|results|Bounces|events|mandrill_events|\
        msys|message_event|gen_event|unsubscribe_event|data|payload|records|objects|hits|_source|events_by_user|event_data|value|log|message|\
        properties|event|bounces|messages|Sns";
    let opens = |inner: &&Value| inner.is_object() || inner.is_array() || inner.as_str().is_some_and(|text| json::nested(text).is_some());
    CARRIERS.split('|').filter_map(|path| json::at(value, path)).find(opens)
}

/// JSON in the reading.
struct Reading<'t> {
    draft: Draft<'t>,
    /// How many events of kinds that are no attempt at delivery: opens, clicks, sends.
    others: BTreeMap<String, usize>,
    /// KumoMTA's records are a log of its own, not a platform's.
    log: bool,
}

/// What the kind of an event means.
enum Kind {
    Fate(Fate, Option<Permanence>),
    /// An open, a click, a send.
    Other,
}

impl Reading<'_> {
    fn event(&mut self, shape: Option<&Shape>, value: &Value) {
        match shape {
            Some(shape) => self.take(shape, value),
            None => self.search(value),
        }
    }

    fn take(&mut self, shape: &Shape, value: &Value) {
        let kind_text = json::find(value, value, shape.kind).and_then(json::text).unwrap_or_default();
        let Kind::Fate(fate, permanence) = kind(&kind_text) else {
            *self.others.entry(kind_text.into_owned()).or_default() += 1;
            return;
        };
        // Mailgun says so of its own attempt where the code is one of its own.
        let waits = json::at(value, "severity").and_then(Value::as_str) == Some("temporary");
        let permanence = permanence.or(waits.then_some(Permanence::Temporary));
        self.log |= matches!(shape.name, "KumoMTA" | "Postfix");
        let items: Vec<&Value> = match json::find(value, value, shape.each) {
            Some(Value::Array(items)) if !items.is_empty() => items.iter().collect(),
            _ => vec![value],
        };
        let always = ["drop", "reject", "suppress"].iter().any(|word| scan::find_ci(&kind_text, word).is_some());
        for item in items {
            let event = Event { fate, permanence, ..Event::default() };
            self.fill(shape, event, item, value, always);
        }
    }

    /// Fills an event from one recipient's `item` within the `whole`.
    fn fill(&mut self, shape: &Shape, mut event: Event, item: &Value, whole: &Value, listed: bool) {
        let get = |paths: &str| json::find(item, whole, paths).and_then(json::text);
        let recipient = item.as_str().map(str::to_owned).or_else(|| get(shape.recipient).map(|text| bare_address(&text)));
        event.recipient = recipient.filter(|text| !text.is_empty());
        if let Some((name, text)) = named(item, whole, shape.words) {
            self.words(&mut event, name, &text);
        } else if let Some((name, text)) = named(item, whole, shape.canned).filter(|(_, text)| listed || counts(text)) {
            // A bare word (`hard-bounce`) says nothing without its field's name.
            let bare = text.starts_with(|c: char| c.is_ascii_lowercase()) && !text.contains(' ');
            let text = if bare { format!("{} {name}: {text}", get(shape.kind).unwrap_or_default()).into() } else { text };
            self.words(&mut event, name, &text);
        }
        let code = get(shape.code).and_then(|code| code.trim().parse().ok()).and_then(scan::code_value);
        fill_codes(&self.draft, &mut event, code, get(shape.enhanced).as_deref());
        event.stage = get(shape.command).and_then(|command| scan::stage(&command)).map(|stage| (stage, None));
        event.hosts.extend(get(shape.host).and_then(|host| scan::host(&host).map(str::to_owned)));
        event.sending_ip = get(shape.ip).and_then(|ip| scan::ip(&ip).map(str::to_owned));
        event.label = label(shape, item, whole).map(|value| (shape.name.to_owned(), value));
        self.draft.push(event);
    }

    /// Puts a decoded reply into its own part; what stands before the reply in it (`smtp;`, `RecipientError:`) goes around.
    fn words(&mut self, event: &mut Event, name: &'static str, text: &str) {
        let Some(whole) = self.draft.decoded(name, text) else { return };
        let text = self.draft.text(whole);
        let inner = reply(text);
        let start = whole.start + (inner.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        let words = Span { start, end: start + inner.len(), ..whole };
        event.words.push(words);
        if words.start > whole.start + 6 {
            event.around.push(whole);
        }
    }

    /// Unknown JSON: the string that reads like a reply, or stands under a name for one; the address and the code beside it.
    fn search(&mut self, value: &Value) {
        if ["responseCode", "rejectedErrors"].iter().any(|name| value.get(name).is_some()) {
            return;
        }
        let mut strings = Vec::new();
        collect(value, &mut strings);
        let code = strings.iter().filter(|(name, _)| speaks(name, &["code", "status"])).find_map(|(_, text)| failure(text));
        let class = strings.iter().map(|(_, text)| text.as_ref()).find(|text| is_class(text));
        let named = |(name, text): &&(&str, Cow<str>)| {
            speaks(name, &["reason", "diagnos", "response", "error", "smtp", "bounce"]) && text.contains(' ')
        };
        let reply = strings.iter().find(|(_, text)| reads_like_a_reply(text));
        let reply = reply.or_else(|| strings.iter().find(named).filter(|_| code.is_some() || class.is_some()));
        if reply.is_none() && class.is_none() {
            *self.others.entry("unknown".to_owned()).or_default() += 1;
            return;
        }
        let other = |name: &str| speaks(name, &["from", "sender", "return", "source"]);
        let recipient =
            strings.iter().find(|(name, text)| !other(name) && scan::is_address(text.trim())).map(|(_, text)| text.trim().to_owned());
        let mut event = Event { recipient, ..Event::default() };
        event.label = class.map(|class| ("Event".to_owned(), class.to_owned()));
        if let Some((_, reply)) = reply {
            self.words(&mut event, "reply", reply);
            event.recipient = event.recipient.or_else(|| address::recipient(reply));
        }
        fill_codes(&self.draft, &mut event, code, None);
        self.draft.push(event);
    }

    fn finish(mut self) -> Option<Notice> {
        let unknown = self.others.remove("unknown").unwrap_or_default();
        if self.draft.events.is_empty() && self.others.is_empty() {
            return None;
        }
        let kinds: Vec<&str> = self.others.keys().take(8).map(String::as_str).collect();
        let count = self.others.values().sum::<usize>();
        self.draft.count_others(count, "event", &format!("of other kinds ({})", kinds.join(", ")));
        self.draft.count_others(unknown, "event", "without a reply");
        if self.draft.events.is_empty() {
            self.draft.warnings.push("None of these events reports an attempt at delivery.".to_owned());
        }
        let form = if self.log { Form::Log } else { Form::EspEvent };
        Some(self.draft.finish(form))
    }
}

/// Is every path of one of the shape's marks there?
fn fits(shape: &Shape, value: &Value) -> bool {
    let holds = |mark: &str| match mark.split_once('=') {
        Some((path, head)) => json::at(value, path).and_then(Value::as_str).is_some_and(|text| text.starts_with(head)),
        None => json::at(value, mark).is_some(),
    };
    shape.marks.iter().any(|set| set.split('+').all(holds))
}

/// The first path of `paths` that leads to text, with its last name.
fn named<'v>(item: &'v Value, whole: &'v Value, paths: &'static str) -> Option<(&'static str, Cow<'v, str>)> {
    paths.split('|').filter(|path| !path.is_empty()).find_map(|path| {
        let text = json::find(item, whole, path).and_then(json::text)?;
        Some((path.rsplit('.').next().unwrap_or(path), text))
    })
}

fn label(shape: &Shape, item: &Value, whole: &Value) -> Option<String> {
    let values: Vec<String> =
        shape.label.iter().filter_map(|paths| json::find(item, whole, paths).and_then(json::text)).map(name_class).collect();
    (!values.is_empty()).then(|| values.join("/"))
}

/// SparkPost gives its classes as numbers.
fn name_class(value: Cow<str>) -> String {
    momentum_class(&value).map_or_else(|| value.to_string(), |name| format!("{value} {name}"))
}

/// `Pat <pat@example.com>` → `pat@example.com`.
fn bare_address(text: &str) -> String {
    scan::between(text, "<", ">").unwrap_or(text).trim().to_owned()
}

/// The meaning of an event's kind, as the platforms name them.
fn kind(name: &str) -> Kind {
    let plain: String = name.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()).collect();
    let has = |words: &[&str]| words.iter().any(|word| plain.contains(word));
    if has(&["complain", "spamreport", "feedback", "spamcomplaint"]) || plain == "spam" {
        Kind::Fate(Fate::Feedback, None)
    } else if plain == "autoresponder" {
        Kind::Fate(Fate::AutoReply, None)
    } else if plain == "challengeverification" {
        Kind::Fate(Fate::Challenge, None)
    } else if has(&["deferr", "delay", "transientfailure", "softfail"]) {
        Kind::Fate(Fate::Failed, Some(Permanence::Temporary))
    } else if has(&[
        "bounce",
        "fail",
        "reject",
        "drop",
        "block",
        "error",
        "invalid",
        "undeliver",
        "suppress",
        "expir",
        "oob",
        "outofband",
        "notsent",
    ]) {
        Kind::Fate(Fate::Failed, None)
    } else if has(&["deliver", "expanded"]) || plain == "messagesent" {
        Kind::Fate(Fate::Delivered, None)
    } else if has(&[
        "open",
        "click",
        "sent",
        "send",
        "process",
        "accept",
        "request",
        "inject",
        "reception",
        "subscri",
        "queue",
        "schedul",
        "xfer",
        "rebind",
        "stored",
        "load",
    ]) {
        Kind::Other
    } else {
        Kind::Fate(Fate::Failed, None)
    }
}

/// Does a platform's own sentence count as words? Where it repeats a reply, tells of the platform's suppression list, or is one of the
/// enumerated reasons (`PREVIOUSLY_BOUNCED`) that rules know as such. Any other is a class: it stays a label.
fn counts(text: &str) -> bool {
    let listed = [
        "suppress",
        "previously",
        "unsubscribed",
        "bounced address",
        "spam reporting",
        "preblocked",
        "sender blocked",
        "blacklist",
        "denylist",
    ];
    let enumerated = text.len() > 5 && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    scan::is_reply(text) || enumerated || listed.iter().any(|words| scan::find_ci(text, words).is_some())
}

/// The reply without the type before it (RFC 3464 `smtp;`) or the platform's own lead: `bounced (550 …)`, `RecipientError: 550 …`.
fn reply(text: &str) -> &str {
    let text = scan::strip_ci(text, "smtp;").or_else(|| scan::strip_ci(text, "x-postfix;")).unwrap_or(text).trim_start();
    let start = scan::reply_in(text).filter(|&at| at < 40).unwrap_or(0);
    let inner = text.get(start..).unwrap_or(text);
    let wrapped = text.get(..start).is_some_and(|lead| lead.ends_with('('));
    if wrapped { inner.strip_suffix(')').unwrap_or(inner) } else { inner }
}

/// A single word that names a bounce: `HardBounce`, `soft_bounce`, `emailBounce`.
fn is_class(text: &str) -> bool {
    text.len() < 40 && !text.contains([' ', '@', '/', '.']) && scan::find_ci(text, "bounce").is_some()
}

fn reads_like_a_reply(text: &str) -> bool {
    let text = text.trim();
    let text = scan::strip_ci(text, "smtp;").unwrap_or(text).trim_start();
    scan::is_reply(text) && text.contains(' ')
        || scan::reply_in(text).is_some_and(|at| text.get(at + 4..).is_some_and(|rest| scan::enhanced(rest).is_some()))
}

/// Does a field's name hold one of these words?
fn speaks(name: &str, words: &[&str]) -> bool {
    words.iter().any(|word| scan::find_ci(name, word).is_some())
}

/// The reply code of a failure that is the whole of a field; 400 and 500 to 504 would more likely be HTTP's.
fn failure(text: &str) -> Option<u16> {
    text.trim().parse().ok().and_then(scan::code_value).filter(|code| matches!(code, 421 | 450..=459 | 521..=579))
}

/// Every string and number of a value with its name, depth first.
fn collect<'v>(value: &'v Value, found: &mut Vec<(&'v str, Cow<'v, str>)>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect_field("", item, found)),
        Value::Object(fields) => fields.iter().for_each(|(name, value)| collect_field(name, value, found)),
        _ => {}
    }
}

fn collect_field<'v>(name: &'v str, value: &'v Value, found: &mut Vec<(&'v str, Cow<'v, str>)>) {
    match value {
        Value::String(text) => found.push((name, Cow::Borrowed(text))),
        Value::Number(number) => found.push((name, Cow::Owned(number.to_string()))),
        other => collect(other, found),
    }
}

#[cfg(test)]
mod tests;
