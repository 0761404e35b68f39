//! What the page does about files of bounces: takes them, asks the worker, saves.

use js_sys::Array;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{File, FileList};

use super::save::{Save, stream};
use super::state::{Incoming, OpenPacket, ReportAct};
use crate::analysis::order::{Order, Profile, What};
use crate::analysis::{Filter, Hints, Override, Session, Settings};
use crate::page::hand::Hands;
use crate::page::state::Act;
use crate::view::route::{Part, Route};
use crate::wire::sheet::{Ask, Sort};

/// Exports that are likely larger than this are written piece by piece where the browser can.
const LARGE: u64 = 50_000_000;
/// No session is larger.
const SESSION_LIMIT: f64 = 20_000_000.0;

/// A session is a small JSON file.
fn is_session(name: &str, bytes: f64) -> bool {
    name.to_ascii_lowercase().ends_with(".json") && name.to_ascii_lowercase().contains("session") && bytes < SESSION_LIMIT
}

/// The files of a list.
pub fn listed(files: &FileList) -> Vec<File> {
    (0..files.length()).filter_map(|at| files.get(at)).collect()
}

impl Hands {
    fn report(&self, act: ReportAct) {
        self.act.emit(Act::Report(Box::new(act)));
    }

    /// Goes to a part of the report.
    pub fn go(&self, route: &Route) {
        if let Some(window) = web_sys::window() {
            let _ = window.location().set_hash(&route.href());
        }
    }

    /// Takes files for a report; with `more`, beside those that are there.
    pub fn take_sheets(&self, files: Vec<File>, more: bool, guessed: bool) {
        let [first, ..] = files.as_slice() else { return };
        if files.len() == 1 && is_session(&first.name(), first.size()) {
            return self.open_session(first.clone());
        }
        self.take_sheets_as_they_are(files, more, guessed);
    }

    fn take_sheets_as_they_are(&self, files: Vec<File>, more: bool, guessed: bool) {
        if !more {
            self.clerk.forget();
        }
        let incoming: Vec<Incoming> = files
            .iter()
            .map(|file| {
                let (asked, name, bytes) = (self.clerk.id(), file.name(), file.size() as u64);
                let hints = self.clerk.hints_of(&name, bytes);
                self.clerk.ask(Ask::Peek { id: asked, file: file.clone(), hints: hints.clone() });
                Incoming { name, bytes, asked, hints, found: None, trouble: None }
            })
            .collect();
        let mut kept = if more { self.clerk.files() } else { Vec::new() };
        kept.extend(files);
        self.clerk.keep_files(kept);
        self.report(ReportAct::Files { files: incoming, more, guessed });
        self.go(&Route::Report(Part::Findings));
    }

    /// Opens a session of another day: its settings, decisions and filter wait for its files.
    fn open_session(&self, file: File) {
        let hands = self.clone();
        spawn_local(async move {
            let text = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string()).unwrap_or_default();
            let session = js_sys::JSON::parse(&text).ok().and_then(|value| serde_wasm_bindgen::from_value::<Session>(value).ok());
            let Some(session) = session else {
                return hands.take_sheets_as_they_are(vec![file], false, false);
            };
            hands.clerk.forget();
            hands.clerk.keep_session(&session);
            if let Some(own) = session.own_rules.clone().filter(|own| !own.trim().is_empty()) {
                hands.bring_back(own);
            }
            hands.act.emit(Act::Say("Session opened.".into()));
            hands.report(ReportAct::Session(Box::new(session)));
            hands.go(&Route::Report(Part::Findings));
        });
    }

    /// Takes a pasted table as a file.
    pub fn take_pasted_sheet(&self) {
        let Some(bytes) = self.input() else { return };
        if let Ok(file) = File::new_with_u8_array_sequence(&Array::of1(&bytes), "pasted table.csv") {
            self.take_sheets(vec![file], false, true);
        }
    }

    /// Analyses the sample export.
    pub fn take_sample_sheet(&self, settings: &Settings) {
        self.clerk.forget();
        self.report(ReportAct::Sample);
        self.clerk.ask(Ask::Sample { settings: Settings { overrides: Vec::new(), sent: None, ..settings.clone() } });
        self.go(&Route::Report(Part::Findings));
    }

    /// Looks at a file again, told more about it.
    pub fn hint(&self, index: usize, hints: Hints) {
        let asked = self.clerk.id();
        if let Some(file) = self.clerk.files().get(index) {
            self.clerk.ask(Ask::Peek { id: asked, file: file.clone(), hints: hints.clone() });
        }
        self.report(ReportAct::Hints { index, hints, asked });
    }

    /// Leaves a file out.
    pub fn remove_sheet(&self, index: usize) {
        let mut files = self.clerk.files();
        if index < files.len() {
            files.remove(index);
        }
        self.clerk.keep_files(files);
        self.report(ReportAct::Remove(index));
    }

    /// Reads the files.
    pub fn analyse(&self, hints: Vec<Hints>, settings: Settings) {
        let files: Array = self.clerk.files().into_iter().map(JsValue::from).collect();
        self.report(ReportAct::Reading);
        self.clerk.ask(Ask::Read { files, hints, settings });
    }

    /// Ends the reading; what was read is reported.
    pub fn stop_reading(&self) {
        self.clerk.ask(Ask::Stop);
        self.act.emit(Act::Say("Stopped. The report covers what was read.".into()));
    }

    /// Back to the entrance; nothing of the files stays in memory.
    pub fn clear_report(&self) {
        self.clerk.forget();
        self.report(ReportAct::Clear);
        self.go(&Route::Report(Part::Findings));
    }

    /// Reads the first file as one text instead.
    pub fn read_as_text(&self) {
        let files = self.clerk.files();
        self.clear_report();
        self.go(&Route::Decode);
        if let Some(file) = files.into_iter().next() {
            self.take_one(file);
        }
    }

    /// Reports again with other settings.
    pub fn settle(&self, settings: Settings) {
        self.send_settings(settings, false);
    }

    fn send_settings(&self, settings: Settings, undoable: bool) {
        self.clerk.ask(Ask::Settings { settings: settings.clone() });
        self.report(ReportAct::Settings { settings, undoable });
    }

    /// Decides otherwise about somebody.
    pub fn decide(&self, settings: &Settings, own: Override) {
        let mut settings = settings.clone();
        settings.overrides.retain(|other| other.scope != own.scope);
        settings.overrides.push(own);
        self.send_settings(settings, true);
        self.act.emit(Act::Say("Decision changed by you.".into()));
    }

    /// Takes a decision of the user's own back.
    pub fn undo_decision(&self, settings: &Settings, scope: &crate::analysis::Scope) {
        let mut settings = settings.clone();
        settings.overrides.retain(|other| other.scope != *scope);
        self.send_settings(settings, true);
        self.act.emit(Act::Say("Undone.".into()));
    }

    /// Goes one change of a decision back.
    pub fn undo(&self, before: &Settings) {
        self.clerk.ask(Ask::Settings { settings: before.clone() });
        self.report(ReportAct::Undone(before.clone()));
        self.act.emit(Act::Say("Undone.".into()));
    }

    /// Counts only what passes.
    pub fn filter(&self, filter: Filter) {
        self.clerk.ask(Ask::Filter { filter: filter.clone() });
        self.report(ReportAct::Filter(filter));
    }

    /// Asks for a window of the people; its number comes back with it.
    pub fn ask_people(&self, decision: Option<String>, search: String, from: u64, count: u32) -> u32 {
        let id = self.clerk.id();
        self.clerk.ask(Ask::People { id, decision, search, from, count });
        id
    }

    /// Asks for a window of the comparison with a suppression list.
    pub fn ask_listed(&self, list: &str, from: u64, count: u32) -> u32 {
        let id = self.clerk.id();
        self.clerk.ask(Ask::Listed { id, list: list.into(), from, count });
        id
    }

    /// Asks for a window of the rows.
    pub fn ask_rows(&self, search: String, sort: Option<Sort>, from: u64, count: u32) -> u32 {
        let id = self.clerk.id();
        self.clerk.ask(Ask::Rows { id, search, sort, from, count });
        id
    }

    /// Opens the packet of a finding.
    pub fn open_packet(&self, finding: usize) {
        let id = self.clerk.id();
        self.clerk.ask(Ask::Packet { id, finding });
        self.report(ReportAct::Packet(Some(OpenPacket { finding, asked: id, packet: None })));
    }

    /// Closes it.
    pub fn close_packet(&self) {
        self.report(ReportAct::Packet(None));
    }

    /// Asks for the beginning of a file to save.
    pub fn preview(&self, order: Order) {
        self.clerk.save(self.clerk.id(), order, Save::Preview(Vec::new()));
    }

    /// Asks for the queries.
    pub fn ask_sql(&self) {
        let order = Order { what: What::Sql, profile: Profile::Generic, redact: false, finding: None, limit: None };
        self.clerk.save(self.clerk.id(), order, Save::Sql(Vec::new()));
    }

    /// Saves a file. One that is likely long goes to the disk piece by piece, where the browser can.
    pub fn save_export(&self, order: Order, name: String, likely: u64) {
        let hands = self.clone();
        spawn_local(async move {
            let save = if likely > LARGE { stream(&name).await } else { Ok(None) };
            let Ok(save) = save else { return hands.act.emit(Act::Say("Not saved.".into())) };
            hands.act.emit(Act::Say("Writing…".into()));
            hands.clerk.save(hands.clerk.id(), order, save.unwrap_or_else(|| Save::Download(Array::new())));
        });
    }

    /// Takes a message away.
    pub fn dismiss(&self) {
        self.report(ReportAct::Dismiss);
    }
}
