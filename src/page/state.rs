//! All that the page knows, and how it changes: one reducer.

use std::rc::Rc;

use yew::Reducible;

use super::desk::TRIALS;
use super::own::{Own, OwnAct};
use super::report::{Report, ReportAct};
use crate::rules::form::RuleFile;
use crate::verdict::{Decoded, Form, Outcome, Tool};
use crate::view::route::Route;
use crate::wire::Tell;

/// A value that many components read. Two are equal where they are one, so that comparing a long answer costs nothing.
#[derive(Debug)]
pub struct Shared<T>(Rc<T>);

impl<T> Shared<T> {
    pub fn new(value: T) -> Self {
        Self(Rc::new(value))
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> std::ops::Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// The worker, as far as the page can see it.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Desk {
    #[default]
    Loading,
    Ready,
    /// It could not be started; in its own words.
    Failed(String),
}

/// What lies in the paste box.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Input {
    /// What stands in the text field (the field itself holds it).
    #[default]
    Field,
    /// A file, or a text too long for a field.
    Held(Held),
}

/// An input that the text field does not show.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    pub name: String,
    pub bytes: usize,
    /// Its first lines.
    pub head: String,
}

/// A message under the box.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    pub what: String,
    pub more: String,
    /// The page cannot go on without the reader.
    pub stop: bool,
}

/// What a decode brought.
#[derive(Debug)]
pub struct Answer {
    pub mails: Vec<Decoded>,
    pub readings: Vec<Form>,
    /// The reading that was asked for, where it was not left to the decoder.
    pub forced: Option<Form>,
}

impl Answer {
    /// Every outcome with the mail it stands in.
    pub fn outcomes(&self) -> impl Iterator<Item = (&Decoded, &Outcome)> {
        self.mails.iter().flat_map(|mail| mail.outcomes.iter().map(move |outcome| (mail, outcome)))
    }
}

/// How far the current question is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Wait {
    #[default]
    No,
    Asked,
    /// Long enough to say so and to offer an end.
    Slow,
}

/// The reader's choice of colours.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

/// All that the page knows.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    pub route: Route,
    pub desk: Desk,
    pub input: Input,
    pub notice: Option<Notice>,
    pub answer: Option<Shared<Answer>>,
    /// The outcome shown in full, where there are several.
    pub open: Option<usize>,
    /// Number of the question whose answer is awaited.
    pub asked: u32,
    pub forced: Option<Form>,
    pub wait: Wait,
    pub hide: bool,
    pub dragging: bool,
    pub theme: Theme,
    pub keys_open: bool,
    /// Single-letter keys are on.
    pub letters: bool,
    pub tool: Option<Tool>,
    pub rules: Option<Shared<RuleFile>>,
    /// What became of the newest line that the rules were tried on.
    pub trial: Option<Shared<Decoded>>,
    /// The user's own rules.
    pub own: Own,
    /// A file of bounces.
    pub report: Report,
    /// For the live region.
    pub said: String,
}

impl Default for State {
    fn default() -> Self {
        Self {
            route: Route::default(),
            desk: Desk::default(),
            input: Input::default(),
            notice: None,
            answer: None,
            open: None,
            asked: 0,
            forced: None,
            wait: Wait::No,
            hide: false,
            dragging: false,
            theme: Theme::default(),
            keys_open: false,
            letters: true,
            tool: None,
            rules: None,
            trial: None,
            own: Own::default(),
            report: Report::default(),
            said: String::new(),
        }
    }
}

/// What can happen.
#[derive(Debug)]
pub enum Act {
    Go(Route),
    DeskReady,
    DeskFailed(String),
    /// The worker died over a question; a fresh one is on its way.
    DeskLost,
    Heard(Tell),
    /// A question went out.
    Asked {
        id: u32,
        forced: Option<Form>,
    },
    /// The answer to question `id` takes long.
    Slow(u32),
    Cancelled,
    Hold(Held),
    /// The text field holds the input again.
    Field,
    Cleared,
    Say(String),
    Note(Notice),
    Open(Option<usize>),
    Hide(bool),
    Dragging(bool),
    Theme(Theme),
    Keys(bool),
    Letters(bool),
    Own(OwnAct),
    Report(Box<ReportAct>),
}

impl Reducible for State {
    type Action = Act;

    fn reduce(self: Rc<Self>, act: Act) -> Rc<Self> {
        let mut next = (*self).clone();
        match act {
            Act::Heard(tell) => next.hear(tell),
            Act::Asked { .. } | Act::Slow(_) | Act::Cancelled | Act::Cleared | Act::Hold(_) | Act::Field => next.question(act),
            Act::DeskReady | Act::DeskFailed(_) | Act::DeskLost => next.desk(act),
            other => next.set(other),
        }
        Rc::new(next)
    }
}

impl State {
    fn hear(&mut self, tell: Tell) {
        match tell {
            Tell::Decoded { id, decoded, readings } if id == self.asked => {
                let answer = Shared::new(Answer { mails: decoded, readings, forced: self.forced });
                let outcomes: Vec<&Outcome> = answer.outcomes().map(|(_, outcome)| outcome).collect();
                self.said = super::data::labels().announce(&outcomes);
                self.open = None;
                self.wait = Wait::No;
                self.answer = Some(answer);
            }
            Tell::Decoded { id, decoded, .. } if id >= TRIALS => self.trial = decoded.into_iter().next().map(Shared::new),
            Tell::Decoded { .. } | Tell::Sheet(_) => {}
            Tell::Tool(tool) => self.tool = Some(tool),
            Tell::Rules(rules) => self.rules = Some(Shared::new(rules)),
            Tell::Own { rules, faults } => {
                if let Some(said) = self.own.heard(rules, faults) {
                    self.said = said;
                }
            }
            Tell::DryRun(run) => self.own.run = Some(Shared::new(run)).filter(|_| !self.own.draft.trim().is_empty()),
        }
    }

    fn question(&mut self, act: Act) {
        match act {
            Act::Asked { id, forced } => {
                (self.asked, self.forced, self.wait, self.notice) = (id, forced, Wait::Asked, None);
            }
            Act::Slow(id) if id == self.asked && self.wait == Wait::Asked => {
                self.wait = Wait::Slow;
                self.said = "Still reading.".into();
            }
            Act::Cancelled => {
                (self.asked, self.wait) = (self.asked + 1, Wait::No);
            }
            Act::Hold(held) => (self.input, self.answer) = (Input::Held(held), None),
            Act::Field => self.input = Input::Field,
            Act::Cleared => {
                (self.asked, self.wait, self.input) = (self.asked + 1, Wait::No, Input::Field);
                (self.answer, self.notice, self.open) = (None, None, None);
                self.said = "Cleared.".into();
            }
            _ => {}
        }
    }

    fn desk(&mut self, act: Act) {
        match act {
            Act::DeskReady => self.desk = Desk::Ready,
            Act::DeskFailed(why) => {
                self.wait = Wait::No;
                self.desk = Desk::Failed(why);
            }
            _ => {
                if self.wait != Wait::No {
                    self.answer = None;
                }
                (self.desk, self.wait) = (Desk::Loading, Wait::No);
                self.notice = Some(Notice {
                    what: "The decoder stopped over this text.".into(),
                    more: "A fresh one has been started; your text is still here. Try a shorter piece: the reply alone.".into(),
                    stop: true,
                });
            }
        }
    }

    fn set(&mut self, act: Act) {
        match act {
            Act::Go(route) => self.route = route,
            Act::Say(said) => self.said = said,
            Act::Note(notice) => {
                self.said = format!("{} {}", notice.what, notice.more);
                self.notice = Some(notice);
            }
            Act::Open(open) => self.open = open,
            Act::Hide(hide) => self.hide = hide,
            Act::Dragging(dragging) => self.dragging = dragging,
            Act::Theme(theme) => self.theme = theme,
            Act::Keys(open) => self.keys_open = open,
            Act::Letters(on) => self.letters = on,
            Act::Own(act) => self.own.act(act),
            Act::Report(act) => {
                if let Some(said) = self.report.act(*act) {
                    self.said = said;
                }
            }
            _ => {}
        }
    }
}
