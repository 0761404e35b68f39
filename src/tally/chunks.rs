//! A list that grows without moving what it holds: in WebAssembly memory that was freed by a move is rarely of use again.

/// Entries of one block.
const BLOCK: usize = 1 << 13;

/// Blocks of equal size, all full but the last.
#[derive(Clone, Debug)]
pub(super) struct Chunks<T> {
    blocks: Vec<Vec<T>>,
}

impl<T> Default for Chunks<T> {
    fn default() -> Self {
        Self { blocks: Vec::new() }
    }
}

impl<T> Chunks<T> {
    pub(super) fn len(&self) -> usize {
        self.blocks.last().map_or(0, |last| (self.blocks.len() - 1) * BLOCK + last.len())
    }

    /// Appends an entry and tells its place. The first block grows as a plain list does: small files stay small.
    pub(super) fn push(&mut self, entry: T) -> usize {
        let place = self.len();
        if self.blocks.last().is_none_or(|last| last.len() == BLOCK) {
            self.blocks.push(if place == 0 { Vec::new() } else { Vec::with_capacity(BLOCK) });
        }
        if let Some(last) = self.blocks.last_mut() {
            last.push(entry);
        }
        place
    }

    pub(super) fn get(&self, place: usize) -> Option<&T> {
        self.blocks.get(place / BLOCK)?.get(place % BLOCK)
    }

    pub(super) fn get_mut(&mut self, place: usize) -> Option<&mut T> {
        self.blocks.get_mut(place / BLOCK)?.get_mut(place % BLOCK)
    }
}
