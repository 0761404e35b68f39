//! Undelivered reads email bounces: why, whose move it is, what to do next.
//!
//! Data flows one way:
//!
//! 1. [`read`]: bytes → [`read::Notice`]. What does the text say, and about whom? The form is found by looking at the bytes.
//! 2. [`judge`]: notice → [`verdict::Decoded`]. Why, how sure, what now? The most specific rule wins; words beat codes.
//! 3. [`text`]: the sentences of the verdict, filled in last.
//!
//! Knowledge is data: `src/rules/*.toml` (wordings and codes), `src/text/*.toml` (what to tell a person). The build script
//! `src/rules/press.rs` checks it and compiles it in. How a verdict is made, and its JSON field by field: `docs/verdict.md`.
//!
//! ```
//! use undelivered::verdict::{Action, Address, Confidence, Permanence};
//!
//! // Permanent for this attempt, and yet nothing against the address.
//! let decoded = undelivered::decode_text("554 5.7.1 Service unavailable; Client host [203.0.113.25] blocked using zen.spamhaus.org");
//! let outcome = &decoded.outcomes[0];
//! assert_eq!(outcome.cause.id(), "public_blocklist");
//! assert_eq!((outcome.permanence, outcome.address), (Permanence::Permanent, Address::NoEvidenceAgainst));
//! assert_eq!((outcome.action, outcome.confidence), (Action::Hold, Confidence::High));
//!
//! // What proves it, and where it stands.
//! let proof = &outcome.evidence[0];
//! assert_eq!(&decoded.parts[proof.part].text[proof.start..proof.end], proof.quote);
//! ```
//!
//! Features choose the shell around this core: `cli` (default), `page` and `desk` (the web page and its worker), `module` (the JavaScript module).

pub mod analysis;
pub mod analyst;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "desk")]
pub mod desk;
pub mod export;
pub mod judge;
pub mod own;
#[cfg(feature = "page")]
pub mod page;
pub mod read;
pub mod report;
pub mod rules;
pub mod sample;
pub mod sheet;
pub mod tally;
pub mod text;
mod utf16;
pub mod verdict;
pub mod view;
#[cfg(feature = "web")]
pub mod wire;

use judge::pack::Pack;
use verdict::{Decoded, Form};

/// Decodes a file: one result for each mail of a mailbox file, else one. Never fails: what cannot be read is said in the result.
///
/// ```
/// let decoded = undelivered::decode(b"550 5.1.1 <ann@example.com>: User unknown");
/// assert_eq!(decoded[0].outcomes[0].cause.id(), "user_unknown");
/// ```
pub fn decode(bytes: &[u8]) -> Vec<Decoded> {
    decode_with(bytes, Pack::built_in())
}

/// As [`decode`], with rules of the caller's choice: [`own::load`] makes a pack with the user's own rules, to be used again and again.
pub fn decode_with(bytes: &[u8], pack: &Pack) -> Vec<Decoded> {
    decode_each(bytes, pack).collect()
}

/// As [`decode_with`], one mail of a mailbox file after another: a file of any number of mails needs no more memory than itself and one
/// verdict.
pub fn decode_each<'a>(bytes: &'a [u8], pack: &'a Pack) -> impl Iterator<Item = Decoded> + 'a {
    read::each(bytes).map(move |notice| judge::judge(notice, pack))
}

/// Decodes a text as it was pasted.
pub fn decode_text(text: &str) -> Decoded {
    judge::judge(read::read_text(text), Pack::built_in())
}

/// Decodes a text as a form that the caller chose.
pub fn decode_as(text: &str, form: Form) -> Decoded {
    decode_as_with(text, form, Pack::built_in())
}

/// As [`decode_as`], with rules of the caller's choice.
pub fn decode_as_with(text: &str, form: Form, pack: &Pack) -> Decoded {
    judge::judge(read::read_as(text, form), pack)
}
