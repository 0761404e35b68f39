//! The page's side of the worker: one question at a time, the newest waiting, a fresh worker where one is lost.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use yew::Callback;

use super::state::Act;
use crate::wire::{Ask, Line, Tell};

/// Questions with this number or a higher one are lines that rules are tried on.
pub const TRIALS: u32 = 1 << 31;

#[derive(Default)]
struct Held {
    line: Option<Line>,
    /// Counts workers, so that the last words of a dropped one are not heard.
    turn: u32,
    /// A decode is out; its answer lets the next one go.
    busy: bool,
    /// The newest decode that waits.
    next: Option<Ask>,
    /// The newest line to try rules on; it gives way to a decode.
    trial: Option<Ask>,
    /// The own rules that a fresh worker has to be given, and those whose acceptance is awaited.
    own: Option<String>,
    offered: Option<String>,
    /// Short questions that wait for the worker to come up.
    early: Vec<Ask>,
}

/// A handle on the worker.
#[derive(Clone)]
pub struct Desk {
    held: Rc<RefCell<Held>>,
    act: Callback<Act>,
}

impl PartialEq for Desk {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.held, &other.held)
    }
}

impl Desk {
    /// Starts a worker; `act` hears what becomes of it.
    pub fn new(act: Callback<Act>) -> Self {
        let desk = Self { held: Rc::default(), act };
        desk.start();
        desk
    }

    /// Ends the worker, whatever it does, and starts another.
    pub fn start(&self) {
        let turn = {
            let mut held = self.held.borrow_mut();
            let own = held.own.take();
            let again = own.iter().map(|toml| Ask::Own { toml: toml.clone() });
            let early = again.chain(std::mem::take(&mut held.early)).collect();
            *held = Held { turn: held.turn + 1, next: held.next.take(), early, own, ..Held::default() };
            held.turn
        };
        let desk = self.clone();
        spawn_local(async move {
            let (hear, lose) = (desk.clone(), desk.clone());
            let line = Line::open(move |tell| hear.hear(turn, tell), move || lose.lose(turn)).await;
            desk.opened(turn, line);
        });
    }

    fn opened(&self, turn: u32, line: Result<Line, JsValue>) {
        if self.held.borrow().turn != turn {
            return;
        }
        match line {
            Ok(line) => {
                self.held.borrow_mut().line = Some(line);
                self.act.emit(Act::DeskReady);
                let early = std::mem::take(&mut self.held.borrow_mut().early);
                early.into_iter().for_each(|ask| self.ask(ask));
                self.send_next();
            }
            Err(why) => self.act.emit(Act::DeskFailed(told(&why))),
        }
    }

    /// Asks. A decode that comes while another is out waits; a newer one takes its place.
    pub fn ask(&self, ask: Ask) {
        match ask {
            Ask::Text { id, .. } if id >= TRIALS => self.held.borrow_mut().trial = Some(ask),
            Ask::Text { .. } | Ask::Bytes { .. } => self.held.borrow_mut().next = Some(ask),
            short => return self.ask_short(short),
        }
        self.send_next();
    }

    fn ask_short(&self, ask: Ask) {
        let mut held = self.held.borrow_mut();
        if let Ask::Own { toml } = &ask {
            held.offered = Some(toml.clone());
        }
        match &held.line {
            Some(line) => drop(line.ask(&ask)),
            None => held.early.push(ask),
        }
    }

    /// Forgets the question that waits and, if one is out, the worker that is at it.
    pub fn cancel(&self) {
        self.held.borrow_mut().next = None;
        if self.held.borrow().busy {
            self.start();
        }
    }

    fn send_next(&self) {
        let mut held = self.held.borrow_mut();
        if held.busy || held.line.is_none() {
            return;
        }
        let Some(ask) = held.next.take().or_else(|| held.trial.take()) else { return };
        let sent = held.line.as_ref().map(|line| line.ask(&ask));
        held.busy = matches!(sent, Some(Ok(())));
        if let Some(Err(why)) = sent {
            drop(held);
            self.act.emit(Act::DeskFailed(told(&why)));
        }
    }

    fn hear(&self, turn: u32, tell: Tell) {
        if self.held.borrow().turn != turn {
            return;
        }
        match &tell {
            Tell::Decoded { .. } => self.held.borrow_mut().busy = false,
            Tell::Own { faults, .. } if faults.is_empty() => {
                let mut held = self.held.borrow_mut();
                held.own = held.offered.take();
            }
            _ => {}
        }
        self.act.emit(Act::Heard(tell));
        self.send_next();
    }

    fn lose(&self, turn: u32) {
        if self.held.borrow().turn == turn {
            self.act.emit(Act::DeskLost);
            self.start();
        }
    }
}

/// An exception's message.
fn told(why: &JsValue) -> String {
    let message = js_sys::Reflect::get(why, &"message".into()).ok().and_then(|message| message.as_string());
    message.or_else(|| why.as_string()).unwrap_or_else(|| "no reason given".into())
}
