//! Complaints (RFC 5965) and read receipts (RFC 8098).

use std::ops::Range;

use super::address;
use super::head::head;
use super::mime::Leaf;

/// What a feedback report says: who complained (where it says so) and what its own fields are.
pub struct Feedback {
    pub recipients: Vec<String>,
    /// Which part holds the report, and the bytes of its fields.
    pub leaf: usize,
    pub fields: Range<usize>,
    pub source_ip: Option<String>,
}

/// Fields that name the person who complained.
const WHO: [&str; 3] = ["original-rcpt-to", "removal-recipient", "x-hmxmroriginalrecipient"];

/// Finds a feedback report among the parts: the RFC 5965 part, or a message that a provider's complaint loop forwards
/// (Microsoft's JMRP, known by its header field).
pub fn read(leaves: &[Leaf]) -> Option<Feedback> {
    let marked =
        |leaf: &Leaf| leaf.kind == "message/feedback-report" || leaf.kind.starts_with("text/") && head(&leaf.text).0.has("feedback-type");
    let loops = |leaf: &Leaf| leaf.kind == "message/rfc822" && head(&leaf.text).0.has(WHO[2]);
    let leaf = leaves.iter().position(marked).or_else(|| leaves.iter().position(loops))?;
    let (fields, end) = head(&leaves[leaf].text);
    let forwards = leaves[leaf].kind == "message/rfc822";
    let named = WHO.iter().filter(|_| !forwards).flat_map(|name| fields.all(name)).filter_map(address::mailbox);
    let mut recipients: Vec<String> = Vec::new();
    for recipient in named.filter(|recipient| !recipient.starts_with("redacted")) {
        if !recipients.iter().any(|known| address::same(known, &recipient)) {
            recipients.push(recipient);
        }
    }
    let source_ip = Some(fields.get("source-ip").to_owned()).filter(|ip| !ip.is_empty());
    Some(Feedback { recipients, leaf, fields: 0..end, source_ip })
}

/// A read receipt: the part that holds it and who read.
pub fn receipt(leaves: &[Leaf]) -> Option<(usize, Option<String>)> {
    let leaf = leaves.iter().position(|leaf| leaf.kind.ends_with("disposition-notification"))?;
    let fields = head(&leaves[leaf].text).0;
    Some((leaf, ["final-recipient", "original-recipient"].iter().find_map(|name| address::mailbox(fields.get(name)))))
}
