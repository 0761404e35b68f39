//! Positions in UTF-16 units, as JavaScript's `slice` counts them.

use crate::verdict::{Decoded, Part};

/// Bytes between two marks of [`Units`]: what a conversion has to count at most.
const STEP: usize = 1024;

impl Decoded {
    /// The same verdict with `start` and `end` of the evidence in UTF-16 units, so that `text.slice(start, end) === quote`.
    #[must_use]
    pub fn into_utf16(mut self) -> Self {
        let units: Vec<Units> = self.parts.iter().map(Units::of).collect();
        for proof in self.outcomes.iter_mut().flat_map(|outcome| &mut outcome.evidence) {
            if let Some(units) = units.get(proof.part) {
                (proof.start, proof.end) = (units.before(proof.start), units.before(proof.end));
            }
        }
        self
    }
}

/// Counts the UTF-16 units before any byte of a text.
struct Units<'t> {
    text: &'t str,
    /// Bytes where counting may begin (character boundaries, about [`STEP`] apart) and the units before each; none for ASCII.
    marks: Vec<(usize, usize)>,
}

impl<'t> Units<'t> {
    fn of(part: &'t Part) -> Self {
        let text = part.text.as_str();
        let mut marks = Vec::new();
        if !text.is_ascii() {
            let (mut units, mut next) = (0, 0);
            for (at, c) in text.char_indices() {
                if at >= next {
                    marks.push((at, units));
                    next = at + STEP;
                }
                units += c.len_utf16();
            }
        }
        Self { text, marks }
    }

    fn before(&self, byte: usize) -> usize {
        let at = self.marks.partition_point(|(start, _)| *start <= byte);
        let Some((start, units)) = at.checked_sub(1).and_then(|at| self.marks.get(at)) else { return byte };
        units + self.text.get(*start..byte).unwrap_or_default().chars().map(char::len_utf16).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The quote as JavaScript would cut it out.
    fn sliced(text: &str, start: usize, end: usize) -> String {
        let units: Vec<u16> = text.encode_utf16().collect();
        String::from_utf16_lossy(&units[start..end])
    }

    #[test]
    fn evidence_can_be_sliced_in_javascript() {
        for lead in ["", "é ", "𝒳 ", "👩\u{200d}🚀 ", "漢字 "] {
            for filler in ["", &"🚀".repeat(STEP), &"x".repeat(3 * STEP), &"aé🚀".repeat(STEP)] {
                let text = format!("{filler} {lead}\n\n550 5.1.1 <ann@example.com>: User unknown 🚀 (in reply to RCPT TO command)\n");
                let decoded = crate::decode_text(&text).into_utf16();
                let proofs: Vec<_> = decoded.outcomes.iter().flat_map(|outcome| &outcome.evidence).collect();
                assert!(!proofs.is_empty(), "{lead}");
                for proof in proofs {
                    assert_eq!(sliced(&decoded.parts[proof.part].text, proof.start, proof.end), proof.quote);
                }
            }
        }
    }

    #[test]
    fn surrogate_pairs_count_twice() {
        let part = Part { id: 0, name: "input".into(), text: "a🚀é𝒳b".into() };
        let units = Units::of(&part);
        let counted: Vec<usize> = part.text.char_indices().map(|(at, _)| units.before(at)).collect();
        assert_eq!(counted, [0, 1, 3, 4, 6]);
        assert_eq!(units.before(part.text.len()), 7);
    }
}
