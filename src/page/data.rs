//! Data pressed at build time, parsed by the browser when first asked for.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::view::digits::CodeBook;
use crate::view::names::{Labels, title_case};
use crate::view::packet::Packets;

/// One of the bounces that "Try a sample" offers.
#[derive(Deserialize)]
pub struct Sample {
    pub name: String,
    pub text: String,
}

#[derive(Deserialize)]
struct Samples {
    sample: Vec<Sample>,
}

/// The build has checked it; a browser that cannot parse JSON cannot have come this far.
fn parse<T: DeserializeOwned>(json: &str) -> T {
    let value = js_sys::JSON::parse(json).unwrap_or_default();
    serde_wasm_bindgen::from_value(value).unwrap_or_else(|error| panic!("data of the build: {error}"))
}

thread_local! {
    static PACKETS: OnceCell<Rc<Packets>> = const { OnceCell::new() };
    static CODES: OnceCell<Rc<CodeBook>> = const { OnceCell::new() };
    static LABELS: OnceCell<Rc<Labels>> = const { OnceCell::new() };
    static SAMPLES: OnceCell<Rc<Vec<Sample>>> = const { OnceCell::new() };
    static NAMES: OnceCell<BTreeMap<String, String>> = const { OnceCell::new() };
}

/// Letters and the query.
pub fn packets() -> Rc<Packets> {
    PACKETS.with(|cell| cell.get_or_init(|| Rc::new(parse(include_str!(concat!(env!("OUT_DIR"), "/packet.json"))))).clone())
}

/// What the codes mean.
pub fn code_book() -> Rc<CodeBook> {
    CODES.with(|cell| cell.get_or_init(|| Rc::new(parse(include_str!(concat!(env!("OUT_DIR"), "/codes.json"))))).clone())
}

/// The samples, in the order of the menu.
pub fn samples() -> Rc<Vec<Sample>> {
    let read = || Rc::new(parse::<Samples>(include_str!(concat!(env!("OUT_DIR"), "/samples.json"))).sample);
    SAMPLES.with(|cell| cell.get_or_init(read).clone())
}

/// Names of ids, and what to fetch.
pub fn labels() -> Rc<Labels> {
    LABELS.with(|cell| cell.get_or_init(|| Rc::new(parse(include_str!(concat!(env!("OUT_DIR"), "/labels.json"))))).clone())
}

/// A company's name.
pub fn company(id: &str) -> String {
    let read = || parse(include_str!(concat!(env!("OUT_DIR"), "/names.json")));
    NAMES.with(|cell| cell.get_or_init(read).get(id).cloned()).unwrap_or_else(|| title_case(id))
}
