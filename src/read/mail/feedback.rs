//! Complaints (RFC 5965) and read receipts (RFC 8098).

use std::ops::Range;

use super::address;
use super::head::head;
use super::lines::{lines, starts};
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

/// Finds a feedback report among the parts: the RFC 5965 part, its fields in a text, or a message that a provider's complaint
/// loop forwards (Microsoft's JMRP, known by its header field).
pub fn read(leaves: &[Leaf]) -> Option<Feedback> {
    let marked = |leaf: &Leaf| (leaf.kind == "message/feedback-report").then_some(0).or_else(|| fields_in(leaf));
    let loops = |leaf: &Leaf| (leaf.kind == "message/rfc822" && head(&leaf.text).0.has(WHO[2])).then_some(0);
    let find = |sign: &dyn Fn(&Leaf) -> Option<usize>| leaves.iter().enumerate().find_map(|(n, leaf)| Some((n, sign(leaf)?)));
    let (leaf, start) = find(&marked).or_else(|| find(&loops))?;
    let (fields, length) = head(&leaves[leaf].text[start..]);
    let forwards = leaves[leaf].kind == "message/rfc822";
    let named = WHO.iter().filter(|_| !forwards).flat_map(|name| fields.all(name)).filter_map(address::mailbox);
    let mut recipients: Vec<String> = Vec::new();
    for recipient in named.filter(|recipient| !recipient.starts_with("redacted")) {
        if !recipients.iter().any(|known| address::same(known, &recipient)) {
            recipients.push(recipient);
        }
    }
    let source_ip = Some(fields.get("source-ip").to_owned()).filter(|ip| !ip.is_empty());
    Some(Feedback { recipients, leaf, fields: start..start + length, source_ip })
}

/// Where the fields of a report stand in a text: the paragraph that holds both fields that RFC 5965 asks for.
fn fields_in(leaf: &Leaf) -> Option<usize> {
    let text = leaf.kind.starts_with("text/").then_some(leaf.text.as_str())?;
    let line = lines(text).find(|line| starts(line.text, "feedback-type:"))?;
    let start = text[..line.at.start].rfind("\n\n").map_or(0, |blank| blank + 2);
    head(&text[start..]).0.has("user-agent").then_some(start)
}

/// A read receipt: the part that holds it and who read.
pub fn receipt(leaves: &[Leaf]) -> Option<(usize, Option<String>)> {
    let leaf = leaves.iter().position(|leaf| leaf.kind.ends_with("disposition-notification"))?;
    let fields = head(&leaves[leaf].text).0;
    Some((leaf, ["final-recipient", "original-recipient"].iter().find_map(|name| address::mailbox(fields.get(name)))))
}
