//! What an event's verdict is, and which events surely have the same.

use super::print::Print;
use crate::judge::mask::{Mask, Seen, display};
use crate::judge::pack::Pack;
use crate::judge::{Brief, brief};
use crate::read::codes::Enhanced;
use crate::read::{Event, Fate, Span};
use crate::sheet::Row;
use crate::verdict::{Action, Address, Bucket, Cause, Confidence, Part};

/// The rules, and the mask that makes replies with other addresses, hosts and ids one template.
pub struct Court<'p> {
    pub pack: &'p Pack,
    mask: Mask,
}

/// Room that is used again for each event.
#[derive(Clone, Debug, Default)]
pub(super) struct Desk {
    mask: String,
    seen: Seen,
    /// The one IP address that the receiver's words name.
    ip: String,
    ips: usize,
}

impl Desk {
    /// The IP address that the words name, where they name one only.
    pub(super) fn ip(&self) -> &str {
        if self.ips == 1 { &self.ip } else { "" }
    }

    fn clear(&mut self) {
        self.ip.clear();
        self.ips = 0;
    }

    fn note(&mut self, text: &str) {
        for ip in self.seen.ips.iter().filter_map(|at| text.get(at.clone())) {
            if self.ips == 0 {
                self.ip.push_str(ip);
            }
            self.ips += usize::from(self.ips == 0 || self.ip != ip);
        }
    }
}

/// A reply is kept up to here; what is longer is told apart by its whole text all the same.
const LONG: usize = 4_096;

impl<'p> Court<'p> {
    /// A court of these rules.
    pub fn new(pack: &'p Pack) -> Self {
        Self { pack, mask: Mask::new(pack) }
    }

    /// A reply as its template is displayed: with ‹address›, ‹ip› and the like for what differs.
    pub(super) fn display(&self, reply: &str, desk: &mut Desk) -> String {
        self.mask.template(reply, &mut desk.mask, &mut desk.seen);
        display(&desk.mask)
    }

    /// The words of a suppression list's reason prove an address dead.
    pub(super) fn is_deadly(&self, reason: &str) -> bool {
        let text = reason.to_string();
        let event = Event { words: vec![Span { part: 0, start: 0, end: text.len() }], ..Event::default() };
        brief(&event, &[Part { id: 0, name: String::new(), text }], self.pack).action == Action::Suppress
    }

    /// The verdict. A platform's word that stands alone names a cause and proves nothing.
    pub(super) fn verdict(&self, row: &Row, event: &Event) -> Brief {
        let mut verdict = brief(event, &row.parts, self.pack);
        let Some(cause) = said(row, event) else { return verdict };
        if verdict.confidence < Confidence::Medium || verdict.cause.bucket() == Bucket::Unknown {
            let (action, owner, address, retry_after) = cause.defaults();
            let is_bounce = cause.bucket() != Bucket::NotABounce;
            verdict.action = if is_bounce { Action::Review } else { action };
            verdict.address = if address == Address::Invalid { Address::Unknown } else { address };
            (verdict.cause, verdict.owner, verdict.confidence) = (cause, owner, Confidence::Medium);
            (verdict.rule, verdict.retry_after) = (None, retry_after);
        }
        verdict
    }

    /// What everything that [`Court::verdict`] looks at comes to: events with the same print have the same verdict.
    pub(super) fn print(&self, row: &Row, event: &Event, desk: &mut Desk) -> u128 {
        let mut print = Print::new();
        desk.clear();
        print.put(event.fate as u64);
        print.put(event.permanence.map_or(9, |permanence| permanence as u64));
        print.put(event.stage.map_or(99, |(stage, _)| stage as u64));
        print.put(event.smtp_code.map_or(0, u64::from));
        let enhanced = event.enhanced.as_deref().and_then(Enhanced::parse);
        print.put(enhanced.map_or(0, |code| u64::from(code.class) << 32 | u64::from(code.subject) << 16 | u64::from(code.detail)));
        print.put(said(row, event).map_or(999, |cause| cause as u64));
        event.hosts.iter().filter_map(|host| self.pack.provider_of_host(host)).for_each(|provider| print.put(provider as u64));
        for (spans, mark) in [(&event.words, 1), (&event.around, 2)] {
            for text in spans.iter().filter_map(|span| text_of(*span, &row.parts)) {
                print.put(mark);
                self.mask.template(text, &mut desk.mask, &mut desk.seen);
                print.absorb(desk.mask.as_bytes());
                desk.note(text);
            }
        }
        print.whole()
    }
}

/// The print of all events that have this verdict and no template of their own.
pub(super) fn print_of_verdict(verdict: &Brief, worded: bool) -> u128 {
    let mut print = Print::new();
    print.put((verdict.cause as u64) << 1 | u64::from(worded));
    print.put(verdict.action as u64 | (verdict.address as u64) << 8 | (verdict.confidence as u64) << 16);
    [verdict.rule.as_deref(), verdict.provider.as_deref(), verdict.enhanced.as_deref()]
        .into_iter()
        .for_each(|id| print.absorb(id.unwrap_or_default().as_bytes()));
    print.whole()
}

fn text_of(span: Span, parts: &[Part]) -> Option<&str> {
    parts.get(span.part)?.text.get(span.start..span.end)
}

/// What a platform's word stands for, where it stands alone.
fn said(row: &Row, event: &Event) -> Option<Cause> {
    row.about.said.filter(|_| matches!(event.fate, Fate::Failed | Fate::BeforeHandOff) && !is_worded(event, &row.parts))
}

/// The row has words of a receiver, or what passes for them.
pub(super) fn is_worded(event: &Event, parts: &[Part]) -> bool {
    event.words.iter().filter_map(|span| text_of(*span, parts)).any(|text| text.chars().any(char::is_alphabetic))
}

/// The receiver's words as one text, cut where they are very long; without any, what stands around them, else the bare codes.
pub(super) fn reply(event: &Event, parts: &[Part], into: &mut String) {
    into.clear();
    let spans = if event.words.is_empty() { &event.around } else { &event.words };
    for text in spans.iter().filter_map(|span| text_of(*span, parts)).map(str::trim).filter(|text| !text.is_empty()) {
        if !into.is_empty() {
            into.push('\n');
        }
        let room = LONG.saturating_sub(into.len()).min(text.len());
        into.push_str(&text[..text.floor_char_boundary(room)]);
    }
    if into.is_empty() {
        let code = event.smtp_code.map(|code| code.to_string());
        let enhanced = event.enhanced.as_deref().and_then(Enhanced::parse).map(|code| code.to_string());
        into.push_str(&code.into_iter().chain(enhanced).collect::<Vec<_>>().join(" "));
    }
}

/// The receiver says of this that the mailbox is there.
pub(super) fn proves_life(verdict: &Brief) -> bool {
    use Cause::{GroupRestricted, MessageLimitOfMailbox, RecipientRestricted};
    let named = matches!(verdict.cause, GroupRestricted | MessageLimitOfMailbox | RecipientRestricted);
    verdict.confidence == Confidence::High && (named || verdict.address == Address::FullOrBusy)
}
