//! Bytes → [`Notice`]: what does the input say? No opinion here.
//!
//! The form is found by looking at the bytes, never asked for. Every reader returns what it understood as [`Event`]s and
//! names what it did not understand in `unread`; malformed input is not an error.

pub mod address;
pub mod charset;
pub mod client;
pub mod codes;
mod draft;
pub mod event;
pub mod log;
pub mod mail;
pub(crate) mod reply;
pub(crate) mod scan;
mod sniff;
mod table;
pub mod transcript;

pub use sniff::{each, read, read_as, read_text, readings};

use crate::verdict::{Dsn, Form, Part, Permanence, Stage};

/// Events of one notice, at most: what bounds the memory that a verdict on each takes. A person reads no more of them; the
/// analysis of a whole log goes line by line.
pub const EVENTS: usize = 10_000;

/// A stretch of `parts[part].text`, in bytes, on character boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// Index into [`Notice::parts`].
    pub part: usize,
    pub start: usize,
    pub end: usize,
}

/// What became of the message for one recipient, as the text says it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fate {
    /// Refused or given up.
    #[default]
    Failed,
    /// Still being tried (`Action: delayed`, a queue's warning).
    Delayed,
    /// Arrived, was relayed or expanded (`Action: delivered`, `relayed`, `expanded`), or was read.
    Delivered,
    /// A person's or machine's answer (RFC 3834): the message arrived.
    AutoReply,
    /// A complaint (RFC 5965).
    Feedback,
    /// "Confirm that you are a person": the message waits for an answer.
    Challenge,
    /// The sender's own program could not hand the message in.
    BeforeHandOff,
}

/// What the input says about one recipient.
#[derive(Clone, Debug, Default)]
pub struct Event {
    pub fate: Fate,
    /// As the text names it, without angle brackets: of an alias or a list and what it was expanded to, the one that the sender wrote to.
    pub recipient: Option<String>,
    /// The words are about an address that the recipient, an alias or a list, was expanded to: they prove nothing about the recipient.
    pub expanded: bool,
    /// The refusing side's own words, best first: the innermost reply before what wraps it. These decide.
    pub words: Vec<Span>,
    /// What stands around them (prose of the notice, subject, log line). Asked only where the words do not decide.
    pub around: Vec<Span>,
    /// Codes that a field gives and the words do not repeat (`Status:`, a JSON key, a column).
    pub smtp_code: Option<u16>,
    /// As `smtp_code`, unchecked: `5.1.1`.
    pub enhanced: Option<String>,
    /// What a log itself calls this attempt (`status=deferred`, `DEFER`): counts where the words carry no code.
    pub permanence: Option<Permanence>,
    /// Where in the dialogue it happened, and the words that say so.
    pub stage: Option<(Stage, Option<Span>)>,
    /// Hosts of the receiving side named outside of the words (`Remote-MTA`, `relay=`, `host … said`).
    pub hosts: Vec<String>,
    /// IP address of the sending side, where a field names it.
    pub sending_ip: Option<String>,
    /// The fields of the report for this recipient, as they stand there.
    pub dsn: Option<Dsn>,
    /// The platform's own class: (platform, value).
    pub label: Option<(String, String)>,
}

/// What one text (or one mail of a file) says.
#[derive(Clone, Debug)]
pub struct Notice {
    /// What it was taken for.
    pub form: Form,
    /// IANA name of the charset that was found, lower case.
    pub charset: String,
    /// The text ends where an export or a field cut it.
    pub truncated: bool,
    /// The decoded texts that spans point into.
    pub parts: Vec<Part>,
    /// One for each recipient, in the order of the text; at most [`EVENTS`].
    pub events: Vec<Event>,
    /// How many more there were.
    pub more: usize,
    /// What was there and not understood, a line each.
    pub unread: Vec<String>,
    /// Sentences for a reader, such as why nothing was read.
    pub warnings: Vec<String>,
}
