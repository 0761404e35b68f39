//! Hashes that are the same in every tally: what is counted does not depend on the order of counting.

/// Hashes bytes into 128 bits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Print(u64, u64);

const FIRST: u64 = 0x9e37_79b9_7f4a_7c15;
const SECOND: u64 = 0xc2b2_ae3d_27d4_eb4f;

impl Print {
    pub(super) fn new() -> Self {
        Self(FIRST, SECOND)
    }

    pub(super) fn absorb(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|word| self.put(u64::from_le_bytes(*word)));
        let mut last = [0; 8];
        last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        self.put(u64::from_le_bytes(last));
        self.put(bytes.len() as u64);
    }

    pub(super) fn put(&mut self, word: u64) {
        self.0 = folded((self.0 ^ word).wrapping_mul(FIRST));
        self.1 = folded((self.1.rotate_left(23) ^ word).wrapping_mul(SECOND));
    }

    pub(super) fn whole(self) -> u128 {
        let (a, b) = (folded(self.0.wrapping_mul(SECOND)), folded((self.1 ^ self.0).wrapping_mul(FIRST)));
        u128::from(a) << 64 | u128::from(b)
    }

    /// Never 0, which stands for none.
    pub(super) fn short(self) -> u32 {
        ((self.whole() >> 64) as u32).max(1)
    }
}

fn folded(word: u64) -> u64 {
    word ^ (word >> 32)
}

/// The print of one text.
pub(super) fn print(text: &str) -> u128 {
    let mut print = Print::new();
    print.absorb(text.as_bytes());
    print.whole()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_texts_differ() {
        let texts: Vec<String> = (0..20_000).flat_map(|n| [format!("550 5.1.{n}"), format!("{n}"), format!("{n}\0")]).collect();
        let mut prints: Vec<u64> = texts.iter().map(|text| print(text) as u64).collect();
        prints.sort_unstable();
        prints.dedup();
        assert_eq!(prints.len(), texts.len());
    }
}
