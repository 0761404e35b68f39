//! The reader's few choices: kept on the device once made, and only then.

use web_sys::Storage;

use super::hand::Hands;
use super::own::OwnAct;
use super::state::{Act, Theme};
use crate::analysis::Need;

const THEME: &str = "undelivered.theme";
const LETTERS: &str = "undelivered.letters";
const OWN: &str = "undelivered.own";
const COLUMNS: &str = "undelivered.columns";
/// Headers whose columns are kept, at most; the oldest goes first.
const HEADERS: usize = 50;

/// Columns by need, by the header of the file.
type Kept = Vec<(String, Vec<(Need, Vec<String>)>)>;

fn all_columns() -> Kept {
    let json = kept(COLUMNS).and_then(|text| js_sys::JSON::parse(&text).ok());
    json.and_then(|value| serde_wasm_bindgen::from_value(value).ok()).unwrap_or_default()
}

/// The columns that an earlier visit kept for this header.
pub fn kept_columns(header: &str) -> Option<Vec<(Need, Vec<String>)>> {
    all_columns().into_iter().find(|(of, _)| of == header).map(|(_, map)| map)
}

/// Keeps the columns of a header, as asked. No value of the file is kept, only names of columns.
pub fn keep_columns(header: &str, map: &[(Need, Vec<String>)]) {
    let mut all = all_columns();
    all.retain(|(of, _)| of != header);
    all.push((header.to_string(), map.to_vec()));
    all.drain(..all.len().saturating_sub(HEADERS));
    let json = serde_wasm_bindgen::to_value(&all).ok().and_then(|value| js_sys::JSON::stringify(&value).ok());
    if let Some(json) = json.and_then(|json| json.as_string()) {
        keep(COLUMNS, &json);
    }
}

/// The browser's store, where it has one and allows it.
fn store() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

fn kept(key: &str) -> Option<String> {
    store()?.get_item(key).ok().flatten()
}

fn keep(key: &str, value: &str) {
    if let Some(store) = store() {
        // A full or forbidden store loses the choice at the next visit, nothing else.
        let _ = store.set_item(key, value);
    }
}

impl Theme {
    /// The next one of the three.
    pub fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }

    /// As the button names it, and as it is kept.
    pub fn id(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The choice of an earlier visit.
    pub fn kept() -> Self {
        match kept(THEME).as_deref() {
            Some("light") => Self::Light,
            Some("dark") => Self::Dark,
            _ => Self::System,
        }
    }

    /// Puts it on the document.
    pub fn show(self) {
        let root = web_sys::window().and_then(|window| window.document()).and_then(|document| document.document_element());
        let Some(root) = root else { return };
        let _ = match self {
            Self::System => root.remove_attribute("data-theme"),
            chosen => root.set_attribute("data-theme", chosen.id()),
        };
    }
}

/// The own rules of an earlier visit.
pub fn kept_own() -> Option<String> {
    kept(OWN)
}

/// Keeps own rules, as asked.
pub fn keep_own(text: &str) {
    keep(OWN, text);
}

/// Forgets them.
pub fn forget_own() {
    if let Some(store) = store() {
        let _ = store.remove_item(OWN);
    }
}

/// Whether single keys are on.
pub fn letters() -> bool {
    kept(LETTERS).as_deref() != Some("off")
}

impl Hands {
    /// Chooses colours.
    pub fn choose_theme(&self, theme: Theme) {
        keep(THEME, theme.id());
        theme.show();
        self.act.emit(Act::Theme(theme));
    }

    /// Turns single keys on or off.
    pub fn choose_letters(&self, on: bool) {
        keep(LETTERS, if on { "on" } else { "off" });
        self.act.emit(Act::Letters(on));
    }

    /// Forgets every choice, here and on the device.
    pub fn forget_choices(&self) {
        if let Some(store) = store() {
            let _ = store.remove_item(THEME);
            let _ = store.remove_item(LETTERS);
            let _ = store.remove_item(OWN);
            let _ = store.remove_item(COLUMNS);
        }
        Theme::System.show();
        self.act.emit(Act::Theme(Theme::System));
        self.act.emit(Act::Letters(true));
        self.act.emit(Act::Own(OwnAct::Kept(false)));
        self.act.emit(Act::Say("Forgotten.".into()));
    }
}
