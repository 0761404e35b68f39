//! The user's own rules on the page: what stands in the editor, what is in force, what is kept.

mod editor;
pub mod make;

use js_sys::Uint8Array;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::prelude::*;

pub use editor::Editor;

use super::choice;
use super::hand::Hands;
use super::state::{Act, Shared};
use super::text::link;
use crate::rules::dry_run::{DryRun, Fault};
use crate::verdict::Form;
use crate::view::propose;
use crate::view::route::Route;
use crate::wire::Ask;

/// Longest text that the editor takes, in bytes; the command line reads longer ones.
const LIMIT: usize = 200_000;
/// Larger inputs are not read again at each pause in typing.
const TRIED: u32 = 1_000_000;

/// Where the own rules stand.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Own {
    /// What stands in the editor.
    pub draft: AttrValue,
    /// What it would change, as of the last pause in typing.
    pub run: Option<Shared<DryRun>>,
    /// How many rules are in force.
    pub rules: usize,
    /// The text that was last put in force, and whether that went well.
    pub sent: AttrValue,
    pub refused: Vec<Fault>,
    /// A rule has been added: the editor should have the focus once it is in view.
    pub wanted: bool,
    /// They are on this device until forgotten.
    pub kept: bool,
}

/// What can happen to them.
#[derive(Debug)]
pub enum OwnAct {
    Draft(AttrValue),
    /// A further rule for the editor.
    Add(String),
    /// The editor has the focus.
    Reached,
    Sent(AttrValue),
    Kept(bool),
}

impl Own {
    /// Takes in what the reader did.
    pub fn act(&mut self, act: OwnAct) {
        match act {
            OwnAct::Draft(draft) if draft.trim().is_empty() => (self.draft, self.run) = (draft, None),
            OwnAct::Draft(draft) => self.draft = draft,
            OwnAct::Add(rule) => (self.draft, self.wanted) = (propose::added(&self.draft, &rule).into(), true),
            OwnAct::Reached => self.wanted = false,
            OwnAct::Sent(text) => self.sent = text,
            OwnAct::Kept(kept) => self.kept = kept,
        }
    }

    /// Takes in the worker's word on the rules that were sent; says what there is to announce.
    pub fn heard(&mut self, rules: usize, faults: Vec<Fault>) -> Option<String> {
        let said = match (faults.len(), rules) {
            (0, 0) if self.rules == 0 => None,
            (0, 0) => Some("Own rules are out of force.".into()),
            (0, rules) => Some(in_force(rules)),
            (faults, _) => Some(format!("Not in force: {}.", count(faults, "fault"))),
        };
        if faults.is_empty() {
            self.rules = rules;
        }
        self.refused = faults;
        said
    }

    /// A line for the Decode page.
    pub fn line(&self) -> Html {
        let at = |words: &str| link(&Route::Rules, words.into());
        match (self.refused.first(), self.rules) {
            (Some(fault), _) => html! {
                <p class="note warn lede under">{ format!("Your own rules are not in force: line {}, {fault}. ", fault.line) }{ at("Mend them") }</p>
            },
            (None, 0) => Html::default(),
            (None, rules) => html! { <p class="read" id="own-line">{ in_force(rules) }{ " " }{ at("Change them") }</p> },
        }
    }
}

fn in_force(rules: usize) -> String {
    format!("{} in force.", count(rules, "own rule"))
}

/// `1 fault`, `2 faults`.
fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

impl Hands {
    /// Puts the rules in force that an earlier visit kept.
    pub fn bring_back_own(&self) {
        if let Some(text) = choice::kept_own() {
            self.own(OwnAct::Kept(true));
            self.write_own(&text);
            self.send_own(text.into());
        }
    }

    /// Puts the rules of a session in force.
    pub fn bring_back(&self, text: String) {
        self.write_own(&text);
        self.send_own(text.into());
    }

    fn own(&self, act: OwnAct) {
        self.act.emit(Act::Own(act));
    }

    /// Changes what stands in the editor.
    fn write_own(&self, text: &str) {
        self.own(OwnAct::Draft(text.to_string().into()));
    }

    fn send_own(&self, text: AttrValue) {
        self.own(OwnAct::Sent(text.clone()));
        self.clerk.own(&text);
        self.desk.ask(Ask::Own { toml: text.to_string() });
    }

    /// Puts rules in force in this tab, and reads again what was read before.
    fn apply_own(&self, own: &Own, text: AttrValue, again: Option<Option<Form>>) {
        if own.kept && !text.trim().is_empty() {
            choice::keep_own(&text);
        }
        self.send_own(text);
        self.desk.ask(Ask::Tool);
        self.ask_rules_again();
        if let Some(reading) = again {
            self.decode(reading);
        }
    }

    /// Keeps the rules in the editor on this device, or forgets them there.
    fn keep_own(&self, keep: bool, text: &str) {
        if keep {
            choice::keep_own(text);
        } else {
            choice::forget_own();
        }
        self.own(OwnAct::Kept(keep));
        self.act.emit(Act::Say(if keep { "Kept on this device." } else { "Forgotten." }.into()));
    }

    /// Asks what rules would change in what lies in the box.
    fn try_own(&self, toml: &str, read: bool, reading: Option<Form>) {
        let input = self.input().filter(|input| read && input.length() <= TRIED).unwrap_or_else(|| Uint8Array::new_with_length(0));
        self.desk.ask(Ask::DryRun { toml: toml.into(), input, reading });
    }

    /// Adds a rule to the editor and goes there.
    pub fn add_own(&self, rule: &str) {
        self.own(OwnAct::Add(rule.into()));
        if let Some(window) = web_sys::window() {
            let _ = window.location().set_hash(&Route::Rules.href());
        }
    }

    /// Reads a file of rules into the editor.
    fn open_own(&self, file: web_sys::File) {
        let hands = self.clone();
        spawn_local(async move {
            if file.size() > LIMIT as f64 {
                return hands
                    .act
                    .emit(Act::Say(format!("This file is too long for the page, which takes {LIMIT} bytes; the command line reads it.")));
            }
            if let Some(text) = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string()) {
                hands.write_own(&text);
            }
        });
    }
}
