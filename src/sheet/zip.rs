//! A zip archive (APPNOTE.TXT of PKWARE, 6.3), read from its local headers while it streams: the directory stands at its end.

use flate2::Decompress;

use super::gzip::{WINDOW, unpack};
use super::packing::Piece;
use super::refuse::{EXCEL, OPEN_DOCUMENT};

/// Length of a local file header without name and extra field (§4.3.7).
const HEADER: usize = 30;
/// Longest data descriptor (§4.3.9): signature, CRC, two sizes of ZIP64.
const DESCRIPTOR: usize = 24;
/// Endings of members that hold records.
const DATA: [&str; 11] = ["csv", "tsv", "tab", "txt", "json", "jsonl", "ndjson", "log", "dat", "asc", "out"];
/// Members that are named in a message, at most.
const NAMED: usize = 5;

/// An archive.
pub(super) struct Zip {
    state: State,
    /// Bytes of a header that is not all there.
    held: Vec<u8>,
    window: Vec<u8>,
    skipped: Vec<String>,
    /// Why a member, or the rest of the archive, could not be read.
    broken: Vec<String>,
    /// It is no archive of tables, but something that is packed like one.
    pub(super) refused: Option<&'static str>,
    read: usize,
    packed: u64,
    unpacked: u64,
}

enum State {
    Header,
    /// A member's bytes; how many are still to come, if the header says so.
    Member {
        inflate: Option<Box<Decompress>>,
        left: Option<u64>,
        wanted: bool,
    },
    /// After a member whose sizes stand behind it.
    Descriptor,
    /// The directory, or nothing that can be read.
    Done,
}

/// What a local header says of its member.
struct Local {
    name: String,
    encrypted: bool,
    method: u16,
    /// None where it stands behind the member.
    size: Option<u64>,
}

impl Zip {
    pub(super) fn new() -> Self {
        Self {
            state: State::Header,
            held: Vec::new(),
            window: vec![0; WINDOW],
            skipped: Vec::new(),
            broken: Vec::new(),
            refused: None,
            read: 0,
            packed: 0,
            unpacked: 0,
        }
    }

    pub(super) fn feed(&mut self, bytes: &[u8], out: &mut dyn FnMut(Piece<'_>)) {
        self.packed += bytes.len() as u64;
        let mut rest = bytes;
        while !rest.is_empty() {
            rest = match &mut self.state {
                State::Header => self.header(rest, out),
                State::Member { .. } => self.member(rest, out),
                State::Descriptor => self.descriptor(rest),
                State::Done => return,
            };
        }
    }

    pub(super) fn finish(&mut self, out: &mut dyn FnMut(Piece<'_>)) {
        if let State::Member { wanted, .. } = self.state {
            self.broken.push("The zip file ends within a member; the rows up to there were read. Fetch it again.".into());
            if wanted {
                out(Piece::End);
            }
        }
        self.state = State::Done;
    }

    /// Why nothing was read.
    pub(super) fn trouble(&self) -> Option<String> {
        (self.read == 0).then(|| self.broken.first().cloned().unwrap_or_else(|| self.nothing()))
    }

    fn nothing(&self) -> String {
        match self.skipped.len() {
            0 => "The zip file is empty.".into(),
            _ => format!("Nothing in the zip file looks like a table: {}. Pack a .csv, .txt, .json or .log file.", names(&self.skipped)),
        }
    }

    /// What was left out.
    pub(super) fn notes(&self) -> impl Iterator<Item = String> {
        let skipped = (!self.skipped.is_empty() && self.read > 0)
            .then(|| format!("Left out of the zip file, since their endings are those of no table: {}.", names(&self.skipped)));
        self.broken.iter().filter(|_| self.read > 0).cloned().chain(skipped)
    }

    pub(super) fn sizes(&self) -> Option<(u64, u64)> {
        (self.read > 0).then_some((self.packed, self.unpacked))
    }

    /// Holds bytes until there are `length`; gives what is left over.
    fn hold<'a>(&mut self, bytes: &'a [u8], length: usize) -> &'a [u8] {
        let (now, rest) = bytes.split_at(length.saturating_sub(self.held.len()).min(bytes.len()));
        self.held.extend_from_slice(now);
        rest
    }

    fn header<'a>(&mut self, bytes: &'a [u8], out: &mut dyn FnMut(Piece<'_>)) -> &'a [u8] {
        let rest = self.hold(bytes, HEADER);
        if self.held.len() >= 4 && !self.held.starts_with(b"PK\x03\x04") {
            self.state = State::Done;
            return &[];
        }
        if self.held.len() < HEADER {
            return rest;
        }
        let whole = HEADER + usize::from(short(&self.held, 26)) + usize::from(short(&self.held, 28));
        let rest = self.hold(rest, whole);
        if self.held.len() == whole {
            let local = Local::of(&self.held);
            self.held.clear();
            self.begin(&local, out);
        }
        rest
    }

    fn begin(&mut self, local: &Local, out: &mut dyn FnMut(Piece<'_>)) {
        let name = local.name.as_str();
        self.refused = match name {
            "[Content_Types].xml" => Some(EXCEL),
            "mimetype" => Some(OPEN_DOCUMENT),
            _ if name.starts_with("xl/") => Some(EXCEL),
            _ => None,
        };
        let known = matches!(local.method, 0 | 8) && !local.encrypted && (local.method == 8 || local.size.is_some());
        let wanted = is_data(name) && known;
        if is_data(name) && !known {
            let why = if local.encrypted { "is encrypted" } else { "is packed in an unusual way" };
            self.broken.push(format!("“{name}” in the zip file {why}. Unpack it, then open what comes out."));
        } else if !wanted && is_named(name) {
            self.skipped.push(name.to_owned());
        }
        self.state = match (known, local.size) {
            _ if self.refused.is_some() => State::Done,
            (true, left) => State::Member { inflate: (local.method == 8).then(|| Box::new(Decompress::new(false))), left, wanted },
            (false, Some(size)) => State::Member { inflate: None, left: Some(size), wanted: false },
            (false, None) => State::Done,
        };
        if wanted {
            self.read += 1;
            out(Piece::Begin(name));
        }
        if matches!(&self.state, State::Member { left: Some(0), .. }) {
            self.end(State::Header, out);
        }
    }

    fn member<'a>(&mut self, bytes: &'a [u8], out: &mut dyn FnMut(Piece<'_>)) -> &'a [u8] {
        let State::Member { inflate, left, wanted } = &mut self.state else { return bytes };
        let room = left.map_or(bytes.len(), |left| usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len()));
        let (now, wanted) = (bytes.get(..room).unwrap_or_default(), *wanted);
        let unpacked = &mut self.unpacked;
        let mut give = |made: &[u8]| {
            if wanted && !made.is_empty() {
                *unpacked += made.len() as u64;
                out(Piece::Bytes(made));
            }
        };
        let (used, ended) = match inflate {
            Some(inflate) => unpack(inflate, &mut self.window, now, &mut give),
            None => {
                give(now);
                (now.len(), Some(false))
            }
        };
        *left = left.map(|left| left - used as u64);
        let left = *left;
        match (ended, left) {
            (None, _) => {
                self.broken.push("The zip file is damaged; the rows up to there were read. Fetch it again.".into());
                self.end(State::Done, out);
            }
            (Some(true), None) => self.end(State::Descriptor, out),
            (Some(_), Some(0)) => self.end(State::Header, out),
            // What the header counts beyond the end of the packed data is passed over.
            (Some(true), left) => self.end(State::Member { inflate: None, left, wanted: false }, out),
            (Some(false), _) => {}
        }
        bytes.get(used..).unwrap_or_default()
    }

    fn end(&mut self, next: State, out: &mut dyn FnMut(Piece<'_>)) {
        if let State::Member { wanted: true, .. } = std::mem::replace(&mut self.state, next) {
            out(Piece::End);
        }
    }

    /// Passes over a data descriptor: the next header, or the directory, begins within its longest form.
    fn descriptor<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let rest = self.hold(bytes, DESCRIPTOR + 4);
        let next = [&b"PK\x03\x04"[..], b"PK\x01\x02"].into_iter().filter_map(|mark| memchr::memmem::find(&self.held, mark)).min();
        match next {
            Some(at) => {
                self.held.drain(..at);
                self.state = State::Header;
            }
            None if self.held.len() == DESCRIPTOR + 4 => self.state = State::Done,
            None => {}
        }
        rest
    }
}

impl Local {
    /// Of a whole local header (§4.3.7).
    fn of(header: &[u8]) -> Self {
        let flags = short(header, 6);
        let length = usize::from(short(header, 26));
        let name = header.get(HEADER..HEADER + length).unwrap_or_default();
        let size = u64::from(long(header, 18));
        let extra = header.get(HEADER + length..).unwrap_or_default();
        let size = if size == u64::from(u32::MAX) { zip64(extra).unwrap_or(size) } else { size };
        Self {
            name: String::from_utf8_lossy(name).into_owned(),
            encrypted: flags & 1 != 0,
            method: short(header, 8),
            size: (flags & 8 == 0).then_some(size),
        }
    }
}

/// The packed size in the extra field of ZIP64 (§4.5.3): the unpacked size stands before it.
fn zip64(extra: &[u8]) -> Option<u64> {
    let mut rest = extra;
    while rest.len() >= 4 {
        let (id, length) = (short(rest, 0), usize::from(short(rest, 2)));
        if id == 1 {
            return rest.get(12..20)?.try_into().ok().map(u64::from_le_bytes);
        }
        rest = rest.get(4 + length..)?;
    }
    None
}

fn short(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).and_then(|two| two.try_into().ok()).map_or(0, u16::from_le_bytes)
}

fn long(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|four| four.try_into().ok()).map_or(0, u32::from_le_bytes)
}

/// Its ending is one of tables and logs, or it has none.
fn is_data(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    let ending = file.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    is_named(name) && ending.is_none_or(|ending| DATA.contains(&ending.as_str()))
}

/// It is neither a folder nor what a system adds of its own.
fn is_named(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    !file.is_empty() && !file.starts_with('.') && !name.starts_with("__MACOSX/")
}

fn names(all: &[String]) -> String {
    let more = all.len().saturating_sub(NAMED);
    let shown = all.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}
