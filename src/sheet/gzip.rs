//! A gzip file (RFC 1952): one packed stream, or several one after another.

use flate2::{Decompress, FlushDecompress, Status};

use super::packing::Piece;

/// Unpacked bytes handed on at a time.
pub(super) const WINDOW: usize = 64 * 1024;
/// A header longer than this is none.
const LONGEST_HEADER: usize = 64 * 1024;
/// CRC-32 and length (§2.3.1).
const TRAILER: usize = 8;

const CUT: &str = "The gzip file ends too early; the rows up to there were read. Fetch it again.";
const DAMAGED: &str = "The gzip file is damaged; the rows up to there were read. Fetch it again.";
const TRAILING: &str = "After the gzip data other bytes follow; they were left out.";

/// A file while it is unpacked.
pub(super) struct Gzip {
    state: State,
    /// Bytes of a header or trailer that is not all there.
    held: Vec<u8>,
    inflate: Decompress,
    window: Vec<u8>,
    sum: Sum,
    members: u64,
    /// What was wrong with it.
    pub broken: Option<&'static str>,
    pub packed: u64,
    pub unpacked: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Header,
    Body,
    Trailer,
    Done,
}

impl Gzip {
    pub(super) fn new() -> Self {
        Self {
            state: State::Header,
            held: Vec::new(),
            inflate: Decompress::new(false),
            window: vec![0; WINDOW],
            sum: Sum::new(),
            members: 0,
            broken: None,
            packed: 0,
            unpacked: 0,
        }
    }

    pub(super) fn feed(&mut self, bytes: &[u8], out: &mut dyn FnMut(Piece<'_>)) {
        self.packed += bytes.len() as u64;
        let mut rest = bytes;
        while !rest.is_empty() {
            rest = match self.state {
                State::Header => self.header(rest),
                State::Body => self.body(rest, out),
                State::Trailer => self.trailer(rest),
                State::Done => return,
            };
        }
    }

    pub(super) fn finish(&mut self) {
        let between = self.state == State::Header && self.held.is_empty() && self.members > 0;
        if !between && self.state != State::Done {
            self.stop(CUT);
        }
    }

    fn stop(&mut self, why: &'static str) {
        self.broken = Some(why);
        self.state = State::Done;
    }

    fn header<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let before = self.held.len();
        self.held.extend_from_slice(bytes.get(..LONGEST_HEADER).unwrap_or(bytes));
        if !b"\x1F\x8B\x08".iter().zip(&self.held).all(|(magic, byte)| magic == byte) {
            let padding = self.held.iter().all(|byte| *byte == 0);
            self.stop(if self.members == 0 { DAMAGED } else { TRAILING });
            self.broken = self.broken.filter(|_| !padding);
            return &[];
        }
        let Some(length) = header_length(&self.held) else {
            if self.held.len() > LONGEST_HEADER {
                self.stop(DAMAGED);
            }
            return bytes.get(LONGEST_HEADER..).unwrap_or_default();
        };
        self.held.clear();
        self.inflate.reset(false);
        self.sum = Sum::new();
        self.state = State::Body;
        bytes.get(length.saturating_sub(before)..).unwrap_or_default()
    }

    fn body<'a>(&mut self, bytes: &'a [u8], out: &mut dyn FnMut(Piece<'_>)) -> &'a [u8] {
        let (sum, unpacked) = (&mut self.sum, &mut self.unpacked);
        let (used, ended) = unpack(&mut self.inflate, &mut self.window, bytes, &mut |made| {
            sum.add(made);
            *unpacked += made.len() as u64;
            out(Piece::Bytes(made));
        });
        match ended {
            None => self.stop(DAMAGED),
            Some(true) => self.state = State::Trailer,
            Some(false) => {}
        }
        bytes.get(used..).unwrap_or_default()
    }

    fn trailer<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let (now, rest) = bytes.split_at((TRAILER - self.held.len()).min(bytes.len()));
        self.held.extend_from_slice(now);
        if let Some((crc, length)) = self.held.split_first_chunk::<4>()
            && let Ok(length) = <[u8; 4]>::try_from(length)
        {
            let sound = self.sum.is(u32::from_le_bytes(*crc), u32::from_le_bytes(length));
            self.held.clear();
            self.members += 1;
            self.state = State::Header;
            if !sound {
                self.stop(DAMAGED);
            }
        }
        rest
    }
}

/// How long the header is (§2.3); none where it is not all there.
fn header_length(header: &[u8]) -> Option<usize> {
    let flags = *header.get(3)?;
    let mut at = 10;
    if flags & 4 != 0 {
        let extra = header.get(at..at + 2)?;
        at += 2 + usize::from(u16::from_le_bytes(extra.try_into().ok()?));
    }
    for flag in [8, 16] {
        if flags & flag != 0 {
            at += memchr::memchr(0, header.get(at..)?)? + 1;
        }
    }
    at += if flags & 2 != 0 { 2 } else { 0 };
    (header.len() >= at).then_some(at)
}

/// Unpacks all that `bytes` gives: how many of them were used, and whether the packed data ended; none if it is damaged.
pub(super) fn unpack(inflate: &mut Decompress, window: &mut [u8], bytes: &[u8], give: &mut dyn FnMut(&[u8])) -> (usize, Option<bool>) {
    let (begun, mut used) = (inflate.total_in(), 0);
    loop {
        let (was, before) = (used, inflate.total_out());
        let status = inflate.decompress(bytes.get(used..).unwrap_or_default(), window, FlushDecompress::None);
        let made = usize::try_from(inflate.total_out() - before).unwrap_or_default();
        used = usize::try_from(inflate.total_in() - begun).unwrap_or_default();
        if made > 0 {
            give(window.get(..made).unwrap_or_default());
        }
        match status {
            Err(_) => return (used, None),
            Ok(Status::StreamEnd) => return (used, Some(true)),
            Ok(_) if made > 0 || used > was => {}
            Ok(_) => return (used, (used == bytes.len()).then_some(false)),
        }
    }
}

/// CRC-32 and length of what was unpacked. A table of our own: that of `crc32fast` weighs 16 KiB.
struct Sum {
    table: [u32; 256],
    crc: u32,
    length: u32,
}

impl Sum {
    fn new() -> Self {
        const REVERSED: u32 = 0xEDB8_8320;
        let step = |rest: u32| if rest & 1 == 1 { REVERSED ^ rest >> 1 } else { rest >> 1 };
        Self { table: std::array::from_fn(|byte| (0..8).fold(byte as u32, |rest, _| step(rest))), crc: u32::MAX, length: 0 }
    }

    fn add(&mut self, bytes: &[u8]) {
        self.length = self.length.wrapping_add(bytes.len() as u32);
        let next = |crc: u32, byte: &u8| self.table[(crc as u8 ^ byte) as usize] ^ crc >> 8;
        self.crc = bytes.iter().fold(self.crc, next);
    }

    fn is(&self, crc: u32, length: u32) -> bool {
        (!self.crc, self.length) == (crc, length)
    }
}
