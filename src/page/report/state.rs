//! All that the page knows of a file of bounces. The rows themselves stay with the worker; here is never more than a window of them.

use crate::analysis::{Analysis, Breakdown, Decision, Filter, Finding, Found, Hints, ListEntry, Packet, Session, Settings};
use crate::page::state::Shared;
use crate::wire::sheet::{Row, Tell};

/// How far a file is on its way to a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// Nothing was given yet.
    #[default]
    Empty,
    /// The heads of the files are being looked at.
    Peeking,
    /// The columns are checked by a person.
    Columns,
    Reading,
    /// There is a report.
    Told,
}

/// A file that was given.
#[derive(Clone, Debug, PartialEq)]
pub struct Incoming {
    pub name: String,
    pub bytes: u64,
    /// Number of the question what it is.
    pub asked: u32,
    pub hints: Hints,
    pub found: Option<Shared<Found>>,
    /// Why it gives no rows.
    pub trouble: Option<String>,
}

/// How far the reading is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Progress {
    pub bytes: u64,
    pub total: Option<u64>,
    pub rows: u64,
    pub unreadable: u64,
    pub first: Option<Finding>,
}

/// A report.
#[derive(Debug)]
pub struct Told {
    pub analysis: Analysis,
    pub breakdown: Breakdown,
    /// Events that pass the filter, and all.
    pub passed: (u64, u64),
}

/// A window of something long.
#[derive(Debug)]
pub struct Page<T> {
    pub id: u32,
    pub total: u64,
    pub header: Vec<String>,
    pub rows: Vec<T>,
}

/// The letter that is open.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenPacket {
    pub finding: usize,
    pub asked: u32,
    pub packet: Option<Shared<Packet>>,
}

/// The beginning of a file to save.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Preview {
    pub name: String,
    pub text: String,
}

/// All of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    pub stage: Stage,
    pub files: Vec<Incoming>,
    pub is_sample: bool,
    /// The route here was a guess of the page: the first file can be read as one text instead.
    pub guessed: bool,
    pub trouble: Option<String>,
    pub progress: Progress,
    pub told: Option<Shared<Told>>,
    pub settings: Settings,
    /// Settings before each change of a decision, for undo.
    pub past: Vec<Settings>,
    pub filter: Filter,
    /// An answer to a filter or to other settings is awaited.
    pub busy: bool,
    pub people: Option<Shared<Page<Decision>>>,
    pub listed: Option<Shared<Page<ListEntry>>>,
    pub rows: Option<Shared<Page<Row>>>,
    pub packet: Option<OpenPacket>,
    pub preview: Option<Preview>,
    pub sql: Option<String>,
    /// A session of another day that was opened: its files are awaited, or were taken.
    pub session: Option<Shared<Session>>,
}

/// What can happen to it.
#[derive(Debug)]
pub enum ReportAct {
    Files {
        files: Vec<Incoming>,
        more: bool,
        guessed: bool,
    },
    Sample,
    Session(Box<Session>),
    Hints {
        index: usize,
        hints: Hints,
        asked: u32,
    },
    Remove(usize),
    Stage(Stage),
    Reading,
    Heard(Box<Tell>),
    /// The worker died.
    Lost,
    Settings {
        settings: Settings,
        undoable: bool,
    },
    Undone(Settings),
    Filter(Filter),
    Packet(Option<OpenPacket>),
    Preview(Option<Preview>),
    Sql(String),
    Dismiss,
    Clear,
}

impl Report {
    /// Takes in what happened; gives what there is to announce.
    pub fn act(&mut self, act: ReportAct) -> Option<String> {
        match act {
            ReportAct::Heard(tell) => return self.hear(*tell),
            ReportAct::Files { files, more, guessed } => self.take(files, more, guessed),
            ReportAct::Sample => {
                *self = Self { is_sample: true, stage: Stage::Reading, settings: self.fresh_settings(), ..Self::default() }
            }
            ReportAct::Hints { index, hints, asked } => self.hint(index, hints, asked),
            ReportAct::Session(session) => {
                *self = Self { settings: session.settings.clone(), session: Some(Shared::new(*session)), ..Self::default() }
            }
            ReportAct::Remove(index) => self.remove(index),
            ReportAct::Stage(stage) => self.stage = stage,
            ReportAct::Reading => self.begin(),
            ReportAct::Lost => return Some(self.lose()),
            ReportAct::Clear => *self = Self { settings: self.fresh_settings(), ..Self::default() },
            other => self.change(other),
        }
        None
    }

    fn change(&mut self, act: ReportAct) {
        match act {
            ReportAct::Settings { settings, undoable } => {
                if undoable {
                    self.past.push(self.settings.clone());
                }
                (self.settings, self.busy) = (settings, true);
            }
            ReportAct::Undone(settings) => {
                self.past.pop();
                (self.settings, self.busy) = (settings, true);
            }
            ReportAct::Filter(filter) => {
                // That of an opened session is in force once; from here on it is the reader's.
                (self.filter, self.busy, self.progress, self.session) = (filter, true, Progress::default(), None);
            }
            ReportAct::Packet(packet) => self.packet = packet,
            ReportAct::Preview(preview) => self.preview = preview,
            ReportAct::Sql(sql) => self.sql = Some(sql),
            ReportAct::Dismiss => self.trouble = None,
            _ => {}
        }
    }

    /// What a person set once is not asked again for the next file; decisions about people are not carried over.
    fn fresh_settings(&self) -> Settings {
        Settings { overrides: Vec::new(), sent: None, time_zone: None, ..self.settings.clone() }
    }

    fn take(&mut self, files: Vec<Incoming>, more: bool, guessed: bool) {
        let (mut before, session) = (std::mem::take(&mut self.files), self.session.take());
        let settings = session.as_ref().map_or_else(|| self.fresh_settings(), |session| session.settings.clone());
        if !more {
            before.clear();
        }
        before.extend(files);
        *self = Self { files: before, stage: Stage::Peeking, guessed, settings, session, ..Self::default() };
    }

    fn hint(&mut self, index: usize, hints: Hints, asked: u32) {
        if let Some(file) = self.files.get_mut(index) {
            (file.hints, file.asked) = (hints, asked);
        }
    }

    fn remove(&mut self, index: usize) {
        if index < self.files.len() {
            self.files.remove(index);
        }
        if self.files.is_empty() {
            self.stage = Stage::Empty;
        }
    }

    fn begin(&mut self) {
        let (files, settings, session) = (std::mem::take(&mut self.files), self.settings.clone(), self.session.take());
        *self =
            Self { files, settings, session, is_sample: self.is_sample, guessed: self.guessed, stage: Stage::Reading, ..Self::default() };
    }

    fn lose(&mut self) -> String {
        use crate::view::report::figures::count;
        let rows = self.progress.rows;
        let text = match rows {
            0 => "The reading stopped: the program broke off over this file. Nothing was sent anywhere. Try the command line, or a part of the file.".into(),
            _ => format!("Stopped at {} rows: the browser has no more memory. Split the file, or use the command line, which has no such limit.", count(rows)),
        };
        self.trouble = Some(text.clone());
        self.stage = if self.told.is_some() { Stage::Told } else { Stage::Empty };
        self.busy = false;
        text
    }

    fn hear(&mut self, tell: Tell) -> Option<String> {
        match tell {
            Tell::Found { id, found, trouble } => self.found(id, found, trouble),
            Tell::Progress { bytes, total, rows, unreadable, finding } => {
                let first = finding.or_else(|| self.progress.first.take());
                self.progress = Progress { bytes, total, rows, unreadable, first };
            }
            Tell::Analysis { analysis, breakdown, passed } => return Some(self.told(Told { analysis: *analysis, breakdown, passed })),
            Tell::People { id, total, rows } => self.people = Some(Shared::new(Page { id, total, header: Vec::new(), rows })),
            Tell::Listed { id, total, rows } => self.listed = Some(Shared::new(Page { id, total, header: Vec::new(), rows })),
            Tell::Rows { id, total, header, rows } => self.rows = Some(Shared::new(Page { id, total, header, rows })),
            Tell::Packet { id, packet } => {
                if let Some(open) = self.packet.as_mut().filter(|open| open.asked == id) {
                    open.packet = Some(Shared::new(packet));
                }
            }
            Tell::Trouble { text } => return Some(self.broke_off(text)),
            Tell::Export { .. } => {}
        }
        None
    }

    fn found(&mut self, id: u32, found: Found, trouble: Option<String>) {
        if let Some(file) = self.files.iter_mut().find(|file| file.asked == id) {
            (file.found, file.trouble) = (Some(Shared::new(found)), trouble);
        }
    }

    fn told(&mut self, told: Told) -> String {
        use crate::view::report::figures::{count, counted};
        let said = match told.passed {
            (_, all) if self.filter.is_empty() => {
                format!(
                    "Report of {}. {}.",
                    counted(all, "event", "events"),
                    counted(told.analysis.findings.len() as u64, "finding", "findings")
                )
            }
            (passed, all) => format!("{} of {} events.", count(passed), count(all)),
        };
        (self.stage, self.busy) = (Stage::Told, false);
        self.told = Some(Shared::new(told));
        said
    }

    fn broke_off(&mut self, text: String) -> String {
        self.busy = false;
        if self.stage == Stage::Peeking {
            // The one that has not been answered for.
            if let Some(file) = self.files.iter_mut().find(|file| file.found.is_none() && file.trouble.is_none()) {
                file.trouble = Some(text.clone());
            }
            return text;
        }
        if self.stage == Stage::Reading {
            self.stage =
                if self.files.iter().any(|file| file.found.is_some() && file.trouble.is_none()) { Stage::Columns } else { Stage::Empty };
        }
        self.trouble = Some(text.clone());
        text
    }
}
