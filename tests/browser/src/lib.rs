//! A harness for the built page: a driver, a headless Chromium and a small server for each test.
//!
//! Every test ends with the same questions: did anything leave after the network lock, did the page log an error, was the
//! policy violated? A test that provokes such things on purpose says so with [`Page::forgive`].

mod driver;
mod page;

pub use driver::{Driver, browse, browse_as};
pub use page::{Card, Page};
pub use serde_json::{self, Value, json};
pub use thirtyfour::Key;
pub use xtask::serve::Server;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

/// What goes wrong in a test is told and fails it.
pub type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// The built page: `UNDELIVERED_DIST`, else `dist/` at the project's top.
///
/// # Panics
/// Where it has not been built.
#[must_use]
pub fn dist() -> PathBuf {
    let dist = std::env::var_os("UNDELIVERED_DIST").map_or_else(|| xtask::top().join("dist"), PathBuf::from);
    assert!(dist.join("index.html").is_file(), "{} holds no page: run `cargo xtask dist` first", dist.display());
    dist
}

/// A file with this content in a folder of the test's own, under the system's folder for such things.
///
/// # Errors
/// Where it cannot be written.
pub fn temporary(name: &str, content: &[u8]) -> Outcome<PathBuf> {
    // A folder of its own each time: two tests may write the same name, and a file that changes under a page is refused there.
    static MADE: AtomicU32 = AtomicU32::new(0);
    let made = MADE.fetch_add(1, Ordering::Relaxed);
    let dir = std::env::temp_dir().join(format!("undelivered-{}-{made}", std::process::id()));
    std::fs::create_dir_all(&dir)?;
    let path = dir.join(name);
    std::fs::write(&path, content)?;
    Ok(path)
}

/// Fails the test where `found` is not empty.
///
/// # Errors
/// The list, under its heading.
pub fn none(heading: &str, found: &[String]) -> Outcome {
    if found.is_empty() { Ok(()) } else { Err(format!("{heading}: {found:#?}").into()) }
}
