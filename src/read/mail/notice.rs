//! Puts a [`Notice`] together: which parts are kept, which spans of them are whose words.

use std::ops::Range;

use super::head::Head;
use super::lines::folded;
use super::mime::Leaf;
use super::prose::{Passage, Prose};
use super::{address, feedback, head, phrases, reply, report};
use crate::read::{Event, Fate, Notice, Span};
use crate::verdict::{Dsn, Form, Part};

/// Header fields that a person wants to see beside a notice.
const SHOWN: [&str; 6] = ["Subject", "From", "To", "Date", "X-Failed-Recipients", "Auto-Submitted"];

/// A notice under construction.
pub struct Writer {
    pub head: Head,
    pub leaves: Vec<Leaf>,
    pub events: Vec<Event>,
    more: usize,
    pub warnings: Vec<String>,
    unread: Vec<String>,
    form: Option<Form>,
    /// The shown header fields as text, and where the subject stands in it.
    header_text: String,
    subject: Range<usize>,
}

impl Writer {
    pub fn new(head: Head, leaves: Vec<Leaf>) -> Self {
        let (header_text, subject) = shown(&head);
        Self { head, leaves, events: Vec::new(), more: 0, warnings: Vec::new(), unread: Vec::new(), form: None, header_text, subject }
    }

    /// Index of the part that shows the header; leaves come before it.
    fn header_part(&self) -> usize {
        self.leaves.len()
    }

    /// Index of the part that a person reads: the first plain text, else the first HTML, else any text.
    fn human(&self) -> Option<usize> {
        let spoken = |kind: &str| self.leaves.iter().position(|leaf| leaf.kind == kind && leaf.text.trim().len() > 20);
        spoken("text/plain").or_else(|| spoken("text/html")).or_else(|| self.leaves.iter().position(|leaf| leaf.kind.starts_with("text/")))
    }

    /// The text that a person reads.
    pub fn human_text(&self) -> &str {
        self.human().map_or("", |n| self.leaves[n].text.as_str())
    }

    fn subject_span(&self) -> Option<Span> {
        (!self.subject.is_empty()).then(|| Span { part: self.header_part(), start: self.subject.start, end: self.subject.end })
    }

    /// Reads the delivery-status part (or a text that holds its fields); says whether it named a recipient.
    pub fn report(&mut self) -> bool {
        let marked =
            self.leaves.iter().position(|leaf| leaf.kind.ends_with("delivery-status") && !report::read(&leaf.text).recipients.is_empty());
        let plain = || self.leaves.iter().position(|leaf| leaf.kind != "message/rfc822" && report::is_report(self.own(&leaf.text)));
        let Some(part) = marked.or_else(plain) else {
            if self.leaves.iter().any(|leaf| leaf.kind.ends_with("delivery-status")) {
                self.unread.push("The delivery report names no recipient; the notice's text was read instead.".into());
            }
            return false;
        };
        let text = std::mem::take(&mut self.leaves[part].text);
        let fields = report::read(if marked.is_some() { &text } else { self.own(&text) });
        self.events = fields.recipients.iter().map(|group| event(&text, part, &fields.message, group)).collect();
        self.more = fields.more;
        self.leaves[part].text = text;
        self.events.retain(|event| event.recipient.is_some() || event.dsn.as_ref().is_some_and(|dsn| dsn.action.is_some()));
        self.fill_recipients();
        self.add_prose(part);
        !self.events.is_empty()
    }

    /// What of a text is the notice's own: a pasted text may hold its report below the returned header.
    fn own<'a>(&self, text: &'a str) -> &'a str {
        if self.head.fields.is_empty() { text } else { Prose::new(text).kept() }
    }

    /// A report on one recipient that names no mailbox: the header, the prose or the returned message may.
    fn fill_recipients(&mut self) {
        let [event] = self.events.as_slice() else { return };
        if event.recipient.as_deref().is_some_and(|recipient| recipient.contains('@')) {
            return;
        }
        let named = || {
            let passages = Prose::new(self.human_text()).passages(&self.others());
            if let [only] = passages.as_slice() { only.recipient.clone() } else { None }
        };
        let found = failed_recipients(&self.head).into_iter().next().or_else(named).or_else(|| self.returned_to());
        if let (Some(found), [event]) = (found, self.events.as_mut_slice()) {
            event.recipient = Some(found);
        }
    }

    /// Addresses that are no recipients: to whom the notice went and who sent it.
    pub fn others(&self) -> Vec<String> {
        self.head.all("to").chain(self.head.all("from")).filter_map(address::mailbox).collect()
    }

    /// Adds what the human part says about each recipient: as words where the report's own say nothing, else around them.
    fn add_prose(&mut self, report: usize) {
        let Some(human) = self.human() else { return };
        let prose = Prose::new(&self.leaves[human].text);
        let recipients: Vec<String> = self.events.iter().map(|event| event.recipient.clone().unwrap_or_default()).collect();
        let passages = prose.about(&recipients);
        let subject = self.subject_span();
        for (event, passage) in self.events.iter_mut().zip(passages) {
            let mut spans = passage.words.iter().map(|range| span(human, range));
            if says_why(event, &self.leaves[report].text) {
                event.around.extend(spans.next_back());
            } else {
                let fields = std::mem::replace(&mut event.words, spans.collect());
                event.words.extend(fields);
            }
            if human != report {
                event.around.push(span(human, &passage.notice));
            }
            event.around.extend(subject);
            if let Some(original) = passage.original {
                event.expanded = true;
                event.recipient = Some(original);
            }
        }
    }

    /// Reads a complaint.
    pub fn feedback(&mut self) -> bool {
        let Some(found) = feedback::read(&self.leaves) else { return false };
        let around = vec![span(found.leaf, &found.fields)];
        let recipients = if found.recipients.is_empty() { vec![None] } else { found.recipients.into_iter().map(Some).collect() };
        self.events = recipients
            .into_iter()
            .map(|recipient| Event {
                fate: Fate::Feedback,
                recipient,
                around: around.clone(),
                sending_ip: found.source_ip.clone(),
                ..Event::default()
            })
            .collect();
        true
    }

    /// Reads a read receipt.
    pub fn receipt(&mut self) -> bool {
        let Some((leaf, recipient)) = feedback::receipt(&self.leaves) else { return false };
        let around = vec![span(leaf, &(0..self.leaves[leaf].text.trim_end().len()))];
        self.events = vec![Event { fate: Fate::Delivered, recipient, around, ..Event::default() }];
        true
    }

    /// The mail itself answers: its sender is the recipient of ours.
    pub fn answer(&mut self, fate: Fate) {
        let mut around: Vec<Span> = self.subject_span().into_iter().collect();
        if let Some(human) = self.human() {
            around.push(span(human, &Prose::new(&self.leaves[human].text).notice()));
        }
        self.events = vec![Event { fate, recipient: address::mailbox(self.head.get("from")), around, ..Event::default() }];
    }

    /// Reads the prose of the human part into events. `others` are addresses that are no recipients.
    pub fn prose(&mut self, others: &[String]) {
        let Some(human) = self.human() else { return };
        let prose = Prose::new(&self.leaves[human].text);
        let passages = prose.passages(others);
        self.take(human, passages);
    }

    /// A notice whose text names no recipient: the header or the returned message does, or nobody.
    pub fn nameless(&mut self) {
        let Some(human) = self.human() else { return };
        let mut recipients = failed_recipients(&self.head);
        if recipients.is_empty() {
            recipients.extend(self.returned_to());
        }
        let prose = Prose::new(&self.leaves[human].text);
        let passages = match recipients.as_slice() {
            [] => vec![prose.whole(None, true)],
            several => prose.about(several),
        };
        self.take(human, passages);
    }

    /// To whom the returned message was addressed, where that is one mailbox.
    fn returned_to(&self) -> Option<String> {
        let returned = self.leaves.iter().find(|leaf| leaf.kind.starts_with("message/rfc822") || leaf.kind == "text/rfc822-headers")?;
        let to = head::head(&returned.text).0.get("to").to_owned();
        let found = address::all(&to);
        (found.len() == 1).then(|| to[found[0].clone()].to_owned())
    }

    fn take(&mut self, human: usize, passages: Vec<Passage>) {
        let fate = self.fate(human);
        let subject = self.subject_span();
        let text = self.leaves[human].text.as_str();
        let event = |passage: Passage| Event {
            fate,
            hosts: passage.words.iter().rev().take(1).filter_map(|range| text.get(range.clone())).flat_map(reply::hosts).collect(),
            expanded: passage.original.is_some(),
            recipient: passage.original.or(passage.recipient),
            words: passage.words.iter().map(|range| span(human, range)).collect(),
            around: std::iter::once(span(human, &passage.notice)).chain(subject).collect(),
            ..Event::default()
        };
        self.events = passages.into_iter().map(event).collect();
    }

    /// Failed, unless subject and prose speak of a delay or a success only.
    fn fate(&self, human: usize) -> Fate {
        let prose = Prose::new(&self.leaves[human].text);
        let text = folded(&format!("{}\n{}", self.head.get("subject"), prose.kept()));
        let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
        match () {
            () if says(phrases::DELAYED) && !says(&["permanent", "giving up", "given up", "returned to sender"]) => Fate::Delayed,
            () if says(phrases::DELIVERED) && !says(phrases::NOTICE_WORDS) => Fate::Delivered,
            () => Fate::Failed,
        }
    }

    /// Texts in which a forwarded bounce may stand whole: attached messages, and what the human part holds below a marker.
    pub fn forwarded(&self) -> Vec<&str> {
        let attached = self.leaves.iter().filter(|leaf| leaf.kind == "message/rfc822").map(|leaf| leaf.text.as_str());
        attached.chain(self.human().and_then(|human| Prose::new(&self.leaves[human].text).forwarded())).collect()
    }

    /// Ends the work: keeps the parts that events point into.
    pub fn finish(mut self, form: Form) -> Notice {
        let charset = self.human().or((!self.leaves.is_empty()).then_some(0)).map_or("utf-8", |n| self.leaves[n].charset).to_owned();
        self.unread.extend(
            self.leaves
                .iter()
                .filter(|leaf| leaf.cut)
                .map(|leaf| format!("The part {} is longer than what is read of one; its rest was not read.", leaf.kind)),
        );
        let form = self.form.unwrap_or(form);
        let header = Part { id: 0, name: "headers".into(), text: self.header_text };
        let parts = self.leaves.into_iter().map(|leaf| Part { id: 0, name: leaf.kind, text: leaf.text }).chain([header]).collect();
        let (parts, events) = kept(parts, self.events);
        Notice { form, charset, truncated: false, parts, events, more: self.more, unread: self.unread, warnings: self.warnings }
    }
}

/// Keeps the parts that are pointed into (or the first, where none is) and renumbers the spans.
fn kept(parts: Vec<Part>, mut events: Vec<Event>) -> (Vec<Part>, Vec<Event>) {
    let mut used = vec![false; parts.len()];
    for span in events.iter().flat_map(|event| event.words.iter().chain(&event.around)) {
        used[span.part] = true;
    }
    if !used.contains(&true) && !used.is_empty() {
        used[0] = true;
    }
    let mut moved = vec![0; parts.len()];
    let mut left = Vec::new();
    for (n, mut part) in parts.into_iter().enumerate().filter(|(n, _)| used[*n]) {
        moved[n] = left.len();
        part.id = left.len();
        left.push(part);
    }
    for span in events.iter_mut().flat_map(|event| event.words.iter_mut().chain(&mut event.around)) {
        span.part = moved[span.part];
    }
    (left, events)
}

fn span(part: usize, range: &Range<usize>) -> Span {
    Span { part, start: range.start, end: range.end }
}

/// The header fields worth showing, a line each, and the bytes of the subject's value.
fn shown(head: &Head) -> (String, Range<usize>) {
    let mut text = String::new();
    let mut subject = 0..0;
    for name in SHOWN {
        for value in head.all(&name.to_ascii_lowercase()) {
            let start = text.len() + name.len() + 2;
            text.push_str(&format!("{name}: {value}\n"));
            if name == "Subject" && subject.is_empty() {
                subject = start..start + value.len();
            }
        }
    }
    (text, subject)
}

/// `X-Failed-Recipients`.
fn failed_recipients(head: &Head) -> Vec<String> {
    head.all("x-failed-recipients").flat_map(|value| value.split(',')).filter_map(address::mailbox).collect()
}

/// The event of one group of report fields.
fn event(text: &str, part: usize, message: &report::Group, group: &report::Group) -> Event {
    let diagnostic = group.untyped(text, "diagnostic-code").filter(|range| !range.is_empty());
    let inner = diagnostic.clone().and_then(|range| reply::inner(text, range));
    let mut words: Vec<Span> = Vec::new();
    for range in inner.into_iter().chain(diagnostic).chain(group.get("x-supplementary-info")).chain(group.get("x400-supplementary-info")) {
        if !words.contains(&span(part, &range)) {
            words.push(span(part, &range));
        }
    }
    let category = group.value(text, "x-powermta-bouncecategory");
    Event {
        fate: group.fate(text),
        recipient: group.recipient(text),
        expanded: group.is_expanded(text),
        words,
        around: group.extent().map(|range| span(part, &range)).into_iter().collect(),
        enhanced: group.status(text).map(|code| code.to_string()),
        hosts: group
            .value(text, "remote-mta")
            .iter()
            .flat_map(|value| value.split_whitespace().next().map(|host| host.trim_end_matches('.').to_owned()))
            .collect(),
        dsn: Some(dsn(text, message, group)),
        label: category.map(|value| ("PowerMTA".into(), value)),
        ..Event::default()
    }
}

fn dsn(text: &str, message: &report::Group, group: &report::Group) -> Dsn {
    Dsn {
        action: group.value(text, "action").map(|action| action.to_ascii_lowercase()),
        status: group.status(text).map(|code| code.to_string()).or_else(|| group.value(text, "status")),
        reporting_mta: message.value(text, "reporting-mta"),
        remote_mta: group.value(text, "remote-mta"),
        final_recipient: group.value(text, "final-recipient"),
        diagnostic_code: group.value(text, "diagnostic-code"),
    }
}

/// Whether the report's own words say more than a code.
fn says_why(event: &Event, text: &str) -> bool {
    event
        .words
        .iter()
        .filter_map(|span| text.get(span.start..span.end))
        .any(|words| words.chars().filter(|c| c.is_alphabetic()).count() >= 8)
}
