//! What page and worker say to each other about files of bounces.

use serde::{Deserialize, Serialize};

use crate::analysis::order::Order;
use crate::analysis::{Analysis, Breakdown, Decision, Filter, Finding, Found, Hints, ListEntry, Packet, Settings};

/// What the page asks. `id` comes back with the answer where several may be out.
#[derive(Serialize, Deserialize)]
pub enum Ask {
    /// What would this file be taken for?
    Peek {
        id: u32,
        #[serde(with = "serde_wasm_bindgen::preserve")]
        file: web_sys::File,
        hints: Hints,
    },
    /// Read these files (a JavaScript array of `File`) as one analysis; `hints` has one entry a file. What was read before is forgotten.
    Read {
        #[serde(with = "serde_wasm_bindgen::preserve")]
        files: js_sys::Array,
        hints: Vec<Hints>,
        settings: Settings,
    },
    /// Analyse the sample export.
    Sample { settings: Settings },
    /// Stop reading and report what was read.
    Stop,
    /// Report again with other settings; nothing is read.
    Settings { settings: Settings },
    /// Count only these events; the files are read again unless the filter is empty.
    Filter { filter: Filter },
    /// The people with this decision (all where it is none) whose key, address or last reply contains `search`.
    People { id: u32, decision: Option<String>, search: String, from: u64, count: u32 },
    /// People of the comparison with a suppression list; `list` is a [`ListEntry::standing`].
    Listed { id: u32, list: String, from: u64, count: u32 },
    /// The rows that pass the filter in force and contain `search`, in the order of the file or of a column.
    Rows { id: u32, search: String, sort: Option<Sort>, from: u64, count: u32 },
    /// One of the files to save; it comes in pieces.
    Export { id: u32, order: Order },
    /// The packet of a finding, by its place in the analysis.
    Packet { id: u32, finding: usize },
}

/// An order of rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sort {
    /// A column of the file, from 0.
    pub column: usize,
    pub descending: bool,
}

/// A row as the page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Among the records of its file, from 0.
    pub number: u64,
    /// The physical line at which it begins, from 1.
    pub line: u64,
    /// None where the row is no bounce or could not be read.
    pub bucket: Option<String>,
    pub cause: Option<String>,
    /// What is done about the person.
    pub decision: Option<String>,
    pub cells: Vec<String>,
}

/// Templates that are sent to the page, at most: more would hold its thread too long. Files to save have all.
pub const TEMPLATES: usize = 300;

/// What the worker answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Tell {
    Found {
        id: u32,
        found: Found,
        /// Why the file gives no rows, where it gives none.
        trouble: Option<String>,
    },
    Progress {
        bytes: u64,
        total: Option<u64>,
        rows: u64,
        unreadable: u64,
        finding: Option<Finding>,
    },
    Analysis {
        analysis: Box<Analysis>,
        breakdown: Breakdown,
        /// Events that pass the filter, and all.
        passed: (u64, u64),
    },
    People {
        id: u32,
        total: u64,
        rows: Vec<Decision>,
    },
    Listed {
        id: u32,
        total: u64,
        rows: Vec<ListEntry>,
    },
    Rows {
        id: u32,
        /// Rows that pass.
        total: u64,
        header: Vec<String>,
        rows: Vec<Row>,
    },
    Export {
        id: u32,
        name: String,
        mime: String,
        #[serde(with = "serde_wasm_bindgen::preserve")]
        piece: js_sys::Uint8Array,
        done: bool,
    },
    Packet {
        id: u32,
        packet: Packet,
    },
    /// Nothing could be analysed, or the reading broke off: what, where, and what to do.
    Trouble {
        text: String,
    },
}
