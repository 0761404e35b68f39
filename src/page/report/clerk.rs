//! The worker that reads files of bounces. It is another one than that of the paste box, so that neither waits for the other, and so that
//! cancelling a decode never loses a report.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::File;
use yew::Callback;

use super::save::Save;
use super::state::{Preview, ReportAct};
use crate::analysis::{Hints, Session};
use crate::page::state::Act;
use crate::wire::{self, Line, Tell, sheet};

#[derive(Default)]
struct Held {
    line: Option<Line>,
    is_opening: bool,
    /// Counts workers, so that the last words of a dropped one are not heard.
    turn: u32,
    ids: u32,
    /// What waits for the worker to come up.
    early: Vec<wire::Ask>,
    /// The user's own rules, for a fresh worker.
    own: Option<String>,
    files: Vec<File>,
    /// What a session of another day said about its files: name, bytes, hints.
    session: Vec<(String, u64, Hints)>,
    /// Files to save that are on their way.
    saves: BTreeMap<u32, Save>,
}

/// A handle on that worker.
#[derive(Clone)]
pub struct Clerk {
    held: Rc<RefCell<Held>>,
    act: Callback<Act>,
}

impl Clerk {
    /// No worker yet: it starts with the first question.
    pub fn new(act: Callback<Act>) -> Self {
        Self { held: Rc::default(), act }
    }

    /// A number for a question.
    pub fn id(&self) -> u32 {
        let mut held = self.held.borrow_mut();
        held.ids += 1;
        held.ids
    }

    /// The files that are read.
    pub fn files(&self) -> Vec<File> {
        self.held.borrow().files.clone()
    }

    /// Keeps these handles; the files themselves are only read by the worker.
    pub fn keep_files(&self, files: Vec<File>) {
        self.held.borrow_mut().files = files;
    }

    /// Keeps what a session said about its files.
    pub fn keep_session(&self, session: &Session) {
        let files = session.files.iter().zip(&session.hints);
        let known = files.map(|(file, hints)| (file.name.clone(), file.bytes.unwrap_or_default(), hints.clone()));
        self.held.borrow_mut().session = known.collect();
    }

    /// What a session said about this file.
    pub fn hints_of(&self, name: &str, bytes: u64) -> Hints {
        let held = self.held.borrow();
        let found = held.session.iter().find(|(of, size, _)| of == name && *size == bytes);
        found.map(|(_, _, hints)| hints.clone()).unwrap_or_default()
    }

    /// Keeps the user's own rules and puts them in force for the next reading.
    pub fn own(&self, toml: &str) {
        self.held.borrow_mut().own = Some(toml.to_string());
        let is_up = self.held.borrow().line.is_some();
        if is_up {
            self.post(wire::Ask::Own { toml: toml.to_string() });
        }
    }

    /// Asks.
    pub fn ask(&self, ask: sheet::Ask) {
        self.post(wire::Ask::Sheet(Box::new(ask)));
    }

    /// Asks for a file to save; its pieces go to `save`.
    pub fn save(&self, id: u32, order: crate::analysis::order::Order, save: Save) {
        self.held.borrow_mut().saves.insert(id, save);
        self.ask(sheet::Ask::Export { id, order });
    }

    /// Ends the worker with all that it holds.
    pub fn forget(&self) {
        let mut held = self.held.borrow_mut();
        let (turn, own, ids, session) = (held.turn + 1, held.own.take(), held.ids, std::mem::take(&mut held.session));
        *held = Held { turn, own, ids, session, ..Held::default() };
    }

    fn post(&self, ask: wire::Ask) {
        let mut held = self.held.borrow_mut();
        match &held.line {
            Some(line) => drop(line.ask(&ask)),
            None => {
                held.early.push(ask);
                let opens = !std::mem::replace(&mut held.is_opening, true);
                drop(held);
                if opens {
                    self.open();
                }
            }
        }
    }

    fn open(&self) {
        let (clerk, turn) = (self.clone(), self.held.borrow().turn);
        spawn_local(async move {
            let (hear, lose) = (clerk.clone(), clerk.clone());
            let line = Line::open(move |tell| hear.hear(turn, tell), move || lose.lose(turn)).await;
            clerk.opened(turn, line);
        });
    }

    fn opened(&self, turn: u32, line: Result<Line, JsValue>) {
        let mut held = self.held.borrow_mut();
        if held.turn != turn {
            return;
        }
        held.is_opening = false;
        let Ok(line) = line else {
            drop(held);
            return self.lose(turn);
        };
        let own = held.own.clone().map(|toml| wire::Ask::Own { toml });
        let early: Vec<_> = own.into_iter().chain(std::mem::take(&mut held.early)).collect();
        held.line = Some(line);
        drop(held);
        early.into_iter().for_each(|ask| self.post(ask));
    }

    fn hear(&self, turn: u32, tell: Tell) {
        if self.held.borrow().turn != turn {
            return;
        }
        let Tell::Sheet(tell) = tell else { return };
        match *tell {
            sheet::Tell::Export { id, name, mime, piece, done } => self.piece(id, (name, mime), piece, done),
            tell => self.act.emit(Act::Report(Box::new(ReportAct::Heard(Box::new(tell))))),
        }
    }

    fn piece(&self, id: u32, called: (String, String), piece: js_sys::Uint8Array, done: bool) {
        let mut held = self.held.borrow_mut();
        let Some(save) = held.saves.get_mut(&id) else { return };
        save.take(&piece);
        if !done {
            return;
        }
        let save = held.saves.remove(&id);
        drop(held);
        let (name, mime) = called;
        let Some(save) = save else { return };
        match save {
            Save::Preview(bytes) => self.report(ReportAct::Preview(Some(Preview { name, text: text(&bytes) }))),
            Save::Sql(bytes) => self.report(ReportAct::Sql(text(&bytes))),
            other => other.finish(name, &mime, self.act.clone()),
        }
    }

    fn report(&self, act: ReportAct) {
        self.act.emit(Act::Report(Box::new(act)));
    }

    fn lose(&self, turn: u32) {
        if self.held.borrow().turn != turn {
            return;
        }
        let files = self.files();
        self.forget();
        self.keep_files(files);
        self.report(ReportAct::Lost);
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_start_matches('\u{feff}').to_string()
}
