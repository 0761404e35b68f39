//! The reader's few choices: kept on the device once made, and only then.

use web_sys::Storage;

use super::hand::Hands;
use super::own::OwnAct;
use super::state::{Act, Theme};

const THEME: &str = "undelivered.theme";
const LETTERS: &str = "undelivered.letters";
const OWN: &str = "undelivered.own";

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
        }
        Theme::System.show();
        self.act.emit(Act::Theme(Theme::System));
        self.act.emit(Act::Letters(true));
        self.act.emit(Act::Own(OwnAct::Kept(false)));
        self.act.emit(Act::Say("Forgotten.".into()));
    }
}
