//! What programs print when they could not send: exceptions of mail libraries, and the messages of command-line clients.

mod leads;
mod literals;

use super::draft::Draft;
use super::{Event, Fate, Notice, address, scan};
use crate::verdict::{Form, Stage};

/// Reads the error that a mail library or client printed. `None` where `text` holds none.
pub fn read(text: &str) -> Option<Notice> {
    let text = scan::unwrapped(scan::unquoted(text));
    let mut draft = Draft::new(&text);
    // The most exact first: a literal names code and recipient, a sentence only leads to the words.
    for read in [literals::tuples, literals::objects, leads::phpmailer, leads::read, leads::ruby, literals::quoted] {
        read(&mut draft, &text);
        if !draft.events.is_empty() {
            draft.events.iter_mut().for_each(mark_login);
            return Some(draft.finish(Form::ClientError));
        }
    }
    None
}

/// A refused login happens before anything was handed over.
fn mark_login(event: &mut Event) {
    let stage = event.stage.as_ref().map(|(stage, _)| *stage);
    if stage == Some(Stage::Auth) || matches!(event.smtp_code, Some(534 | 535 | 538)) {
        event.fate = Fate::BeforeHandOff;
    }
}

/// Fills the recipient where the words name one.
fn name_recipient(draft: &Draft, event: &mut Event) {
    if event.recipient.is_none() && matches!(event.stage, None | Some((Stage::RcptTo, _))) {
        event.recipient = event.words.first().and_then(|&words| address::recipient(draft.text(words)));
    }
}

#[cfg(test)]
mod tests;
