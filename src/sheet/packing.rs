//! Files packed with gzip or zip, unpacked while they stream.

use super::gzip::Gzip;
use super::zip::Zip;

/// What unpacks to more than this, and to so many times its size, is hardly an export.
const HUGE: u64 = 1 << 30;
const RATIO: u64 = 200;

/// What comes out.
pub(super) enum Piece<'a> {
    /// A member of an archive begins; its name.
    Begin(&'a str),
    Bytes(&'a [u8]),
    /// The member ends.
    End,
}

/// How a file is packed.
pub(super) enum Packing {
    /// Too few bytes were seen to tell.
    Unknown(Vec<u8>),
    None,
    Gzip(Box<Gzip>),
    Zip(Box<Zip>),
}

impl Packing {
    pub(super) fn new() -> Self {
        Self::Unknown(Vec::new())
    }

    /// `gzip`, `zip`.
    pub(super) fn name(&self) -> Option<&'static str> {
        match self {
            Self::Gzip(_) => Some("gzip"),
            Self::Zip(_) => Some("zip"),
            Self::Unknown(_) | Self::None => None,
        }
    }

    pub(super) fn feed(&mut self, bytes: &[u8], out: &mut dyn FnMut(Piece<'_>)) {
        match self {
            Self::Unknown(seen) => {
                seen.extend_from_slice(bytes);
                if seen.len() >= 4 {
                    self.decide(out);
                }
            }
            Self::None => out(Piece::Bytes(bytes)),
            Self::Gzip(gzip) => gzip.feed(bytes, out),
            Self::Zip(zip) => zip.feed(bytes, out),
        }
    }

    pub(super) fn finish(&mut self, out: &mut dyn FnMut(Piece<'_>)) {
        if matches!(self, Self::Unknown(_)) {
            self.decide(out);
        }
        match self {
            Self::Gzip(gzip) => gzip.finish(),
            Self::Zip(zip) => zip.finish(out),
            Self::Unknown(_) | Self::None => {}
        }
    }

    fn decide(&mut self, out: &mut dyn FnMut(Piece<'_>)) {
        let Self::Unknown(seen) = self else { return };
        let seen = std::mem::take(seen);
        *self = match seen.as_slice() {
            [0x1F, 0x8B, ..] => Self::Gzip(Box::new(Gzip::new())),
            [b'P', b'K', 3 | 5 | 7, 4 | 6 | 8, ..] => Self::Zip(Box::new(Zip::new())),
            _ => Self::None,
        };
        self.feed(&seen, out);
    }

    /// It is something else that is packed the same way.
    pub(super) fn refused(&self) -> Option<&'static str> {
        if let Self::Zip(zip) = self { zip.refused } else { None }
    }

    /// Why nothing in it can be read.
    pub(super) fn trouble(&self) -> Option<String> {
        match self {
            Self::Zip(zip) => zip.trouble(),
            Self::Gzip(gzip) if gzip.unpacked == 0 => gzip.broken.map(str::to_owned),
            _ => None,
        }
    }

    pub(super) fn warnings(&self) -> Vec<String> {
        match self {
            Self::Zip(zip) => zip.notes().chain(zip.sizes().and_then(absurd)).collect(),
            Self::Gzip(gzip) => gzip.broken.map(str::to_owned).into_iter().chain(absurd((gzip.packed, gzip.unpacked))).collect(),
            Self::Unknown(_) | Self::None => Vec::new(),
        }
    }
}

fn absurd((packed, unpacked): (u64, u64)) -> Option<String> {
    let times = unpacked / packed.max(1);
    (unpacked > HUGE && times > RATIO)
        .then(|| format!("The file unpacks to {times} times its size: hardly an export. It was read all the same, piece by piece."))
}
