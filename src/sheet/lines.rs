//! Lines of mail server logs → what they say.

use std::collections::HashMap;

use super::dates::{self, Clock};
use super::known::{Known, known};
use super::seam::Reader;
use super::table::{clear, clock};
use super::{Kind, Row};
use crate::analysis::{Found, Hints};
use crate::read::{log, scan};

/// Deliveries of qmail that run at the same time, at most (its own limit is 255).
const RUNNING: usize = 1024;

/// Reads one line at a time.
pub(super) struct Lines {
    known: &'static Known,
    clock: Clock,
    /// Recipients of qmail's running deliveries, by number.
    running: HashMap<String, String>,
}

/// Whose log a line belongs to. A row of a table may hold such a line, or speak of such a server.
pub(super) fn server(line: &str) -> Option<&'static str> {
    let server = log::line(line).map(|(server, _)| server)?;
    let begins = || dates::head(line).is_some() || line.starts_with('[');
    let found = match server {
        "exchange" | "accounting" => false,
        "postfix" => line.contains("]: ") && begins() || line.contains(": to=<") && line.contains(", status="),
        "qmail" => true,
        _ => begins() || line.contains("]: "),
    };
    found.then_some(server)
}

impl Lines {
    pub fn new(found: &Found, hints: &Hints) -> Self {
        Self { known: known(&found.format.id), clock: clock(found, hints), running: HashMap::new() }
    }

    /// qmail says in one line who the recipient is, and in another what became of it.
    fn qmail(&mut self, line: &str, row: &mut Row) {
        if let Some((number, rest)) = scan::after(line, "starting delivery ").and_then(|rest| rest.split_once(": ")) {
            let recipient = rest.rsplit(' ').next().unwrap_or_default();
            if self.running.len() >= RUNNING {
                self.running.clear();
            }
            self.running.insert(number.to_owned(), recipient.to_owned());
        } else if let Some((number, _)) = scan::after(line, "delivery ").and_then(|rest| rest.split_once(": ")) {
            let recipient = self.running.remove(number);
            row.events.iter_mut().for_each(|event| event.recipient = event.recipient.take().or_else(|| recipient.clone()));
        }
    }
}

impl Reader for Lines {
    fn refills(&self) -> bool {
        true
    }

    fn read(&mut self, row: &mut Row) {
        row.events.clear();
        row.parts.clear();
        clear(&mut row.about);
        row.kind = Kind::Other;
        let cells = std::mem::take(&mut row.cells);
        let line = cells.get(0).trim();
        if let Some((server, notice)) = log::line(line) {
            if is_outbound(server, line) {
                row.events.extend(notice.events);
                row.parts.extend(notice.parts);
            }
            if server == "qmail" {
                self.qmail(line, row);
            }
            super::json::finish(row, self.known);
            let about = &mut row.about;
            about.time = self.clock.line(line);
            about.message.push_str(message(server, line).unwrap_or_default());
            about.sender.push_str(sender(line).unwrap_or_default());
        }
        row.cells = cells;
    }
}

/// What this server itself refused is somebody else's mail.
fn is_outbound(server: &str, line: &str) -> bool {
    match server {
        "postfix" => line.contains("status="),
        "exim" => [" ** ", " == ", " => ", " -> ", " >> ", " *> "].iter().any(|flag| line.contains(flag)),
        _ => true,
    }
}

/// The id under which a server's log keeps a message.
fn message<'l>(server: &str, line: &'l str) -> Option<&'l str> {
    match server {
        "postfix" | "sendmail" => {
            let id = line.split_once("]: ").map_or(line, |(_, rest)| rest).split(':').next()?;
            (!id.contains(' ')).then_some(id)
        }
        "exim" => line.split(' ').find(|word| word.len() >= 16 && word.as_bytes().get(6) == Some(&b'-')),
        "stalwart" => scan::after(line, "queueId = ").map(|rest| scan::until(rest, ",")),
        "opensmtpd" => scan::field(line, "evpid="),
        "zonemta" => scan::field(line, "id="),
        _ => None,
    }
}

fn sender(line: &str) -> Option<&str> {
    ["from=", "F=", "ctladdr="].iter().find_map(|name| scan::field(line, name)).filter(|sender| sender.contains('@'))
}
