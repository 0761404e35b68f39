//! The JavaScript module's program: `js/undelivered.js` wraps what stands here.

use std::cell::RefCell;

use std::rc::Rc;

use serde::{Deserialize, Serialize};
use undelivered::analysis::{DayOrder, Filter, Gates, Hints, Need, Preset, Settings};
use undelivered::analyst::Analyst;
use undelivered::judge::pack::Pack;
use undelivered::report;
use undelivered::tally::Court;
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

/// What `analyzeCsv` takes, in its own spelling.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
struct Options {
    map: std::collections::BTreeMap<Need, Columns>,
    preset: Preset,
    gates: Gates,
    sent: Option<u64>,
    day_order: Option<DayOrder>,
    time_zone: Option<String>,
    trusted_domains: Option<Vec<String>>,
    rules: Option<String>,
    /// Unix seconds, by the module's own JavaScript.
    now: Option<i64>,
}

/// One column or several.
#[derive(Deserialize)]
#[serde(untagged)]
enum Columns {
    One(String),
    Several(Vec<String>),
}

/// Files that are read as one analysis.
#[wasm_bindgen]
pub struct Reading {
    analyst: Analyst,
    /// Ours with the user's own before them, where there are some.
    own: Option<Rc<Pack>>,
    hints: Hints,
    settings: Settings,
}

#[wasm_bindgen]
impl Reading {
    /// Begins with these options, as JSON.
    ///
    /// # Errors
    /// The faults of the user's own rules as a JSON array, or what is wrong with the options as a JSON string.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &str) -> Result<Self, String> {
        let options: Options = serde_json::from_str(options).map_err(|error| json(&error.to_string()))?;
        let own = options.rules.as_deref().map(undelivered::own::load).transpose().map_err(|faults| json(&faults))?;
        let columns = |columns| match columns {
            Columns::One(column) => vec![column],
            Columns::Several(columns) => columns,
        };
        let map = options.map.into_iter().map(|(need, named)| (need, columns(named))).collect();
        let hints = Hints { map, day_order: options.day_order, time_zone: options.time_zone.clone(), now: options.now, ..Hints::default() };
        let settings = Settings {
            preset: options.preset,
            gates: options.gates,
            sent: options.sent,
            time_zone: options.time_zone,
            trusted_domains: options.trusted_domains,
            ..Settings::default()
        };
        Ok(Self { analyst: Analyst::default(), own: own.map(Rc::new), hints, settings })
    }

    /// Begins a file of so many bytes.
    pub fn open(&mut self, name: &str, bytes: f64) {
        self.analyst.open(name, Some(bytes as u64), self.hints.clone());
    }

    /// Reads on.
    pub fn feed(&mut self, bytes: &[u8]) {
        let own = self.own.clone();
        let court = Court::new(own.as_deref().unwrap_or_else(|| Pack::built_in()));
        self.analyst.feed(bytes, &court, None, &mut |_, _| ());
    }

    /// Ends a file.
    pub fn close(&mut self) {
        let own = self.own.clone();
        let court = Court::new(own.as_deref().unwrap_or_else(|| Pack::built_in()));
        self.analyst.close(true, &court, None, &mut |_, _| ());
    }

    /// Rows read so far.
    pub fn rows(&self) -> f64 {
        self.analyst.tally.rows.read as f64
    }

    /// The first finding in what was read so far, as JSON.
    pub fn finding(&self) -> String {
        json(&report::findings(&self.analyst.tally, self.pack(), &self.settings).first())
    }

    /// Why nothing could be analysed; none where something was.
    pub fn trouble(&self) -> Option<String> {
        let told: Vec<String> = self.analyst.troubles().map(|(name, trouble)| format!("{name}: {trouble}")).collect();
        (self.analyst.tally.rows.read == 0).then(|| told.join("\n"))
    }

    /// The published object, as JSON.
    pub fn analysis(&self) -> String {
        json(&self.analyst.analysis(self.pack(), &Filter::default(), &self.settings).0)
    }

    /// The decisions of `count` people from the `from`th on, as a JSON array: whoever has none is left out; none at the end.
    pub fn decisions(&self, from: u32, count: u32) -> Option<String> {
        let end = from.saturating_add(count).min(self.analyst.tally.people.len() as u32);
        (from < end).then(|| json(&report::decisions_of(&self.analyst.tally, &self.settings, from..end).collect::<Vec<_>>()))
    }

    fn pack(&self) -> &Pack {
        self.own.as_deref().unwrap_or_else(|| Pack::built_in())
    }
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
