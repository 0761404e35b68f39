//! Queue listings (`mailq`, `postqueue -p`): a message's line, the reason in parentheses, the recipients it stands for.
//! Forms: postqueue(1), sendmail's mailq(1).

use super::{deferred, postfix};
use crate::read::draft::Draft;
use crate::read::{Event, Notice, scan};
use crate::verdict::Form;

/// Reads a listing: one event for each recipient with a reason. `None` where `text` is none.
pub(super) fn read(text: &str) -> Option<Notice> {
    if !text.lines().any(is_message) {
        return None;
    }
    let mut draft = Draft::new(text);
    let mut listing = Listing::default();
    for line in text.lines() {
        listing.line(&mut draft, line);
    }
    if draft.events.is_empty() {
        return None;
    }
    draft.count_others(listing.idle, "recipient", "that no reason stands for");
    Some(draft.finish(Form::Log))
}

/// Where in the listing the reading is.
#[derive(Default)]
struct Listing<'t> {
    begun: bool,
    /// The reason that the next recipients wait for; `open` while its closing parenthesis is still to come.
    reason: Option<&'t str>,
    open: bool,
    idle: usize,
}

impl<'t> Listing<'t> {
    fn line(&mut self, draft: &mut Draft<'t>, line: &'t str) {
        let inner = line.trim();
        if is_message(line) {
            *self = Self { begun: true, idle: self.idle, ..Self::default() };
        } else if !self.begun {
        } else if self.open {
            // A wrapped reason: its first line names the cause, the rest goes with it.
            self.open = !inner.ends_with(')');
            self.reason = self.reason.and_then(|reason| joined(draft, reason, inner));
        } else if let Some(reason) = inner.strip_prefix('(') {
            self.open = !inner.ends_with(')');
            self.reason = Some(reason);
        } else if line.starts_with([' ', '\t']) && scan::is_address(inner.trim_matches(['<', '>'])) {
            self.recipient(draft, inner.trim_matches(['<', '>']));
        }
    }

    fn recipient(&mut self, draft: &mut Draft<'t>, recipient: &str) {
        let Some(reason) = self.reason else {
            self.idle += 1;
            return;
        };
        let reason = reason.strip_suffix(')').unwrap_or(reason);
        let reason = scan::strip_ci(reason, "deferred: ").unwrap_or(reason);
        let mut event = Event { recipient: Some(recipient.to_owned()), ..deferred() };
        postfix::take_reason(draft, &mut event, reason);
        draft.push(event);
    }
}

/// Two neighbouring slices of the input as one.
fn joined<'t>(draft: &Draft<'t>, first: &'t str, last: &'t str) -> Option<&'t str> {
    let (first, last) = (draft.span(first)?, draft.span(last)?);
    draft.input().get(first.start..last.end)
}

/// `4F2A1B2C3D*    1234 Mon Nov  2 10:00:00  news@example.org`: id, size, day of the week.
fn is_message(line: &str) -> bool {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let mut words = line.split_whitespace();
    let id = words.next().filter(|id| id.len() >= 6 && !line.starts_with([' ', '\t']));
    let plain = |id: &str| id.trim_end_matches(['*', '!', '#', 'X']).bytes().all(|byte| byte.is_ascii_alphanumeric());
    let size = words.next().is_some_and(|size| size.bytes().all(|byte| byte.is_ascii_digit()));
    id.is_some_and(plain) && size && words.next().is_some_and(|day| DAYS.contains(&day))
}
