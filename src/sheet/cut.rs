//! Replies that an export cut at a fixed length.

use super::Cells;

/// Lengths at which exports, databases and spreadsheets cut.
const KNOWN: [usize; 16] = [200, 250, 254, 255, 256, 500, 512, 1000, 1024, 2000, 2048, 4000, 4096, 8000, 32_766, 32_767];
/// So many of one length show that something cuts there.
const PILE: u64 = 10;
/// At a length that is not known the cells must also end in so many different letters: one wording that comes often has one end.
const ENDS: u32 = 6;
/// Shorter replies are whole.
const SHORTEST: usize = 100;

/// The longest cells of one column.
#[derive(Clone, Debug, Default)]
pub(super) struct Longest {
    column: usize,
    /// In characters.
    length: usize,
    count: u64,
    /// Their last letters, one bit for each of ASCII.
    ends: u128,
}

impl Longest {
    pub(super) fn of(column: usize) -> Self {
        Self { column, ..Self::default() }
    }

    pub(super) fn add(&mut self, cells: &Cells) {
        let cell = cells.get(self.column);
        if cell.len() < self.length.max(SHORTEST) {
            return;
        }
        let length = cell.chars().count();
        if length > self.length {
            *self = Self { length, ..Self::of(self.column) };
        }
        if length == self.length {
            self.count += 1;
            self.ends |= cell.bytes().next_back().filter(u8::is_ascii).map_or(0, |byte| 1 << byte);
        }
    }

    /// A sentence, where the pile at the greatest length shows a cut.
    pub(super) fn warning(&self) -> Option<String> {
        let Self { length, count, ends, .. } = self;
        let cut = *count >= PILE && *length >= SHORTEST && (KNOWN.contains(length) || ends.count_ones() >= ENDS);
        cut.then(|| {
            format!(
                "{count} replies have exactly {length} characters and none has more: something cut them there. What stood after the cut is \
                 missing, often the link or the code; ask for the full text."
            )
        })
    }
}
