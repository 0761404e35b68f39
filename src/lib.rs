//! Undelivered reads email bounces: why, whose move it is, what to do next.
//!
//! Data flows one way: bytes → [`read`] (what does the text say?) → [`judge`] (why, and how sure?) → [`verdict`] (the
//! published object). Knowledge is data: `src/rules/*.toml` (wordings and codes), `src/text/*.toml` (what to tell a person).

#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "desk")]
pub mod desk;
pub mod judge;
pub mod own;
#[cfg(feature = "page")]
pub mod page;
pub mod read;
pub mod rules;
pub mod text;
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
    read::read(bytes).into_iter().map(|notice| judge::judge(notice, pack)).collect()
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
