//! A notice in the making: the input, what was decoded out of it, and the events so far.

use super::{EVENTS, Event, Notice, Span};
use crate::verdict::{Form, Part};

/// Collects parts and events. Readers work on slices of the input; spans are found from the slices.
pub(crate) struct Draft<'t> {
    input: &'t str,
    /// Decoded texts, one part for each name, a line (or more) for each value.
    decoded: Vec<(&'static str, String)>,
    pub(crate) events: Vec<Event>,
    more: usize,
    pub(crate) unread: Vec<String>,
    pub(crate) warnings: Vec<String>,
}

impl<'t> Draft<'t> {
    pub(crate) fn new(input: &'t str) -> Self {
        Self { input, decoded: Vec::new(), events: Vec::new(), more: 0, unread: Vec::new(), warnings: Vec::new() }
    }

    /// Takes an event, or counts it where there are enough; says whether it was taken.
    pub(crate) fn push(&mut self, mut event: Event) -> bool {
        let taken = self.events.len() < EVENTS;
        if taken {
            event.words.shrink_to_fit();
            event.around.shrink_to_fit();
            event.hosts.shrink_to_fit();
            self.events.push(event);
        } else {
            self.more += 1;
        }
        taken
    }

    /// The text that part 0 holds.
    pub(crate) fn input(&self) -> &'t str {
        self.input
    }

    /// Says under `unread` how many things of a kind were there and told nothing; nothing where there were none.
    pub(crate) fn count_others(&mut self, count: usize, thing: &str, which: &str) {
        if count > 0 {
            let plural = if count == 1 { "" } else { "s" };
            self.unread.push(format!("{count} {thing}{plural} {which}"));
        }
    }

    /// The span of a slice of the input, white space at its ends left out. `None` where nothing is left.
    pub(crate) fn span(&self, slice: &str) -> Option<Span> {
        let slice = slice.trim();
        let start = (slice.as_ptr() as usize).checked_sub(self.input.as_ptr() as usize)?;
        let end = start + slice.len();
        let inside = !slice.is_empty() && self.input.get(start..end).is_some();
        inside.then_some(Span { part: 0, start, end })
    }

    /// Writes a decoded text into the part of that name. `None` where there is nothing to write.
    pub(crate) fn decoded(&mut self, name: &'static str, text: &str) -> Option<Span> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let at = self.decoded.iter().position(|(known, _)| *known == name).unwrap_or_else(|| {
            self.decoded.push((name, String::new()));
            self.decoded.len() - 1
        });
        let (_, part) = self.decoded.get_mut(at)?;
        if !part.is_empty() {
            part.push('\n');
        }
        let start = part.len();
        part.push_str(text);
        Some(Span { part: at + 1, start, end: part.len() })
    }

    /// The span of a slice of the input, or of its decoded form where it holds escapes.
    pub(crate) fn words(&mut self, slice: &str) -> Option<Span> {
        if ["\\n", "\\r", "\\\"", "\\t", "\\x", "\\u", "\\'"].iter().any(|escape| slice.contains(escape)) {
            self.decoded("reply", &super::scan::unescaped(slice))
        } else {
            self.span(slice)
        }
    }

    /// The text that a span points to.
    pub(crate) fn text(&self, span: Span) -> &str {
        let part = span.part.checked_sub(1).and_then(|at| self.decoded.get(at));
        let text = part.map_or(self.input, |(_, text)| text.as_str());
        text.get(span.start..span.end).unwrap_or_default()
    }

    pub(crate) fn finish(self, form: Form) -> Notice {
        let name = |id: usize, name: &str, text: String| Part { id, name: name.to_owned(), text };
        let input = std::iter::once(name(0, "input", self.input.to_owned()));
        let decoded = self.decoded.into_iter().enumerate().map(|(at, (part, text))| name(at + 1, part, text));
        Notice {
            form,
            charset: "utf-8".to_owned(),
            truncated: false,
            parts: input.chain(decoded).collect(),
            events: self.events,
            more: self.more,
            unread: self.unread,
            warnings: self.warnings,
        }
    }
}

/// Takes a code that a field gives into the event where its words do not say it themselves.
pub(crate) fn fill_codes(draft: &Draft, event: &mut Event, smtp_code: Option<u16>, enhanced: Option<&str>) {
    let words = event.words.first().map_or("", |&span| draft.text(span));
    let said = super::scan::reply_in(words).is_some();
    if !said {
        event.smtp_code = smtp_code;
    }
    // `5.0.0` and `4.0.0` fill the field where the reply had no enhanced code.
    let filler = enhanced.is_some_and(|code| code.ends_with(".0.0")) && (said || smtp_code.is_some());
    if !filler && super::scan::enhanced_in(words).is_none() {
        event.enhanced = enhanced.and_then(super::scan::enhanced).map(str::to_owned);
    }
}
