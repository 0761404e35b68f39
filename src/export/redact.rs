//! What may be shown to others: `a***@example.com`, no keys. IPs stay, support needs them.

use crate::analysis::Decision;
use crate::view::mask::mask;

/// A decision without what names the person.
pub fn decision(decision: &Decision) -> Decision {
    Decision {
        key: String::new(),
        recipient: decision.recipient.as_deref().map(mask),
        last_reply: mask(&decision.last_reply),
        note: decision.note.as_deref().map(mask),
        ..decision.clone()
    }
}

/// Any text of the file.
pub fn text(text: &str) -> String {
    mask(text)
}
