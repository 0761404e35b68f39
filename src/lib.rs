//! Undelivered reads email bounces: why, whose move it is, what to do next.
//!
//! Data flows one way: bytes → [`read`] (what does the text say?) → [`judge`] (why, and how sure?) → [`verdict`] (the
//! published object). Knowledge is data: `src/rules/*.toml` (wordings and codes), `src/text/*.toml` (what to tell a person).

pub mod read;
pub mod rules;
pub mod verdict;
#[cfg(feature = "web")]
pub mod wire;
