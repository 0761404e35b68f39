//! The JavaScript module's program: `js/undelivered.js` wraps what stands here.

use std::cell::RefCell;

use serde::Serialize;
use undelivered::judge::pack::Pack;
use undelivered::verdict::Decoded;
use wasm_bindgen::prelude::*;

thread_local! {
    /// The user's own rules of the last call: they are compiled again only when they change.
    static OWN: RefCell<Option<(String, Pack)>> = const { RefCell::new(None) };
}

/// Decodes a file's bytes into a JSON array: one verdict for each mail, numbered by `message` where there are several.
///
/// # Errors
/// The faults of the user's own rules, as JSON.
#[wasm_bindgen]
pub fn decode(bytes: &[u8], rules: Option<String>) -> Result<String, String> {
    let Some(rules) = rules else { return Ok(verdicts(bytes, Pack::built_in())) };
    OWN.with_borrow_mut(|own| {
        if own.as_ref().is_none_or(|(known, _)| *known != rules) {
            let pack = undelivered::own::load(&rules).map_err(|faults| json(&faults))?;
            *own = Some((rules, pack));
        }
        Ok(own.as_ref().map(|(_, pack)| verdicts(bytes, pack)).unwrap_or_default())
    })
}

/// Which program and rules these are, as JSON.
#[wasm_bindgen]
pub fn version() -> String {
    json(&Pack::built_in().tool())
}

fn verdicts(bytes: &[u8], pack: &Pack) -> String {
    let decoded = undelivered::decode_with(bytes, pack);
    let several = decoded.len() > 1;
    let number = |(at, decoded): (usize, Decoded)| Numbered { decoded: decoded.into_utf16(), message: several.then_some(at + 1) };
    json(&decoded.into_iter().enumerate().map(number).collect::<Vec<_>>())
}

/// A verdict with its place in a file of several mails.
#[derive(Serialize)]
struct Numbered {
    #[serde(flatten)]
    decoded: Decoded,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<usize>,
}

/// What is serialised here has no maps and no fallible parts, so it cannot fail.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn main() {}
