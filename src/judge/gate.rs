//! Which phrases are worth a look? One pass over the words of a text tells.
//!
//! Every phrase that has whole words waits under one of them, the rarest; it is woken where the other words that it owes stand in the
//! text too. What has no whole word (`*greylist*`, scripts without spaces, marks) is found by
//! an automaton.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use aho_corasick::AhoCorasick;

use super::phrase::{Literal, Phrase, Piece, is_wordy};

/// So many words are compared one by one; more are sorted.
const FEW: usize = 64;

/// Bytes of a literal that the automaton looks for: they tell texts apart well enough, and keep it small.
pub const NEEDLE: usize = 12;

/// What wakes: its number, as the caller counts.
pub type Number = u32;

/// The words of a text, a bit for each by its hash.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bits([u64; 4]);

impl Bits {
    /// The bits of a text of all words.
    #[cfg(test)]
    pub const ALL: Self = Self([u64::MAX; 4]);

    pub fn set(&mut self, word: u64) {
        self.0[(word >> 62) as usize] |= 1 << (word >> 56 & 63);
    }

    pub fn has(&self, word: u64) -> bool {
        self.0[(word >> 62) as usize] >> (word >> 56 & 63) & 1 == 1
    }

    pub fn holds(&self, all: &Self) -> bool {
        self.0.iter().zip(&all.0).all(|(mine, owed)| mine & owed == *owed)
    }
}

/// Hashes of words are spread already.
#[derive(Debug, Default)]
pub struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| step(hash, *byte));
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

fn step(hash: u64, byte: u8) -> u64 {
    (hash.rotate_left(5) ^ u64::from(byte)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Gives the hash and length of each word of a face (or of a folded literal) to `see`, and whether it touches the start or end of the
/// text.
pub fn words(text: &str, mut see: impl FnMut(u64, usize, bool, bool)) {
    let bytes = text.as_bytes();
    let (mut hash, mut start, mut at) = (0, None, 0);
    while let Some(&byte) = bytes.get(at) {
        let length = if byte.is_ascii() { 1 } else { text[at..].chars().next().map_or(1, char::len_utf8) };
        let wordy = if byte.is_ascii() { byte.is_ascii_alphanumeric() || byte == b'_' } else { is_wordy(text[at..].chars().next()) };
        if wordy {
            start = start.or(Some(at));
            hash = bytes[at..at + length].iter().fold(hash, |hash, byte| step(hash, *byte));
        } else if let Some(start) = start.take() {
            see(hash, at - start, start == 0, false);
            hash = 0;
        }
        at += length;
    }
    if let Some(start) = start {
        see(hash, at - start, start == 0, true);
    }
}

/// The words of a text.
#[derive(Debug, Default)]
pub struct Heard {
    pub bits: Bits,
    words: Vec<u64>,
}

impl Heard {
    /// Listens to a face.
    pub fn of(face: &str) -> Self {
        let mut heard = Self { bits: Bits::default(), words: Vec::with_capacity(face.len() / 5 + 4) };
        words(face, |word, _, _, _| {
            if !heard.bits.has(word) || heard.words.len() > FEW || !heard.words.contains(&word) {
                heard.bits.set(word);
                heard.words.push(word);
            }
        });
        if heard.words.len() > FEW {
            heard.words.sort_unstable();
            heard.words.dedup();
        }
        heard
    }
}

/// A word that follows these pieces begins there.
pub(super) fn ends_apart(pieces: &[Piece], opens: bool) -> bool {
    match pieces.split_last() {
        None => opens,
        Some((Piece::Run(_), _)) => false,
        Some((Piece::Any(options), before)) => options.iter().all(|option| match option.text.chars().next_back() {
            None => ends_apart(before, opens),
            last => !is_wordy(last),
        }),
    }
}

/// A word that these pieces follow ends there.
pub(super) fn begins_apart(pieces: &[Piece], closes: bool) -> bool {
    match pieces.split_first() {
        None => closes,
        Some((Piece::Run(_), _)) => false,
        Some((Piece::Any(options), after)) => options.iter().all(|option| match option.text.chars().next() {
            None => begins_apart(after, closes),
            first => !is_wordy(first),
        }),
    }
}

/// What a phrase owes of words: for each literal all of its own, for each choice one of each option. A group is sorted.
fn groups(phrase: &Phrase) -> Vec<Vec<u64>> {
    let mut groups = Vec::new();
    for piece in phrase.stretches.iter().flat_map(|(_, stretch)| stretch) {
        match piece {
            Piece::Any(options) => match options.as_slice() {
                [literal] => groups.extend(literal.words.iter().map(|word| vec![*word])),
                options => {
                    let mut group: Vec<u64> = options.iter().filter_map(Literal::word).collect();
                    if group.len() == options.len() {
                        group.sort_unstable();
                        group.dedup();
                        groups.push(group);
                    }
                }
            },
            Piece::Run(_) => {}
        }
    }
    groups
}

/// The gate over all phrases and marks. A group is a set of words of which one is owed; it is met where one stands in the text.
#[derive(Debug, Default)]
pub struct Gate {
    /// The groups that a word meets, as a stretch of `met`.
    words: HashMap<u64, Stretch, BuildHasherDefault<Spread>>,
    met: Vec<u32>,
    /// The phrases that wait under a group, as a stretch of `numbers`.
    waiting: Vec<Stretch>,
    numbers: Vec<Number>,
    /// The groups that a phrase owes, as a stretch of `owed`, by its number.
    phrases: Vec<Stretch>,
    owed: Vec<u32>,
    /// For what has no whole word: needles, and what each wakes.
    plain: Needles,
    /// The same with letters that are no ASCII.
    foreign: Needles,
}

/// A stretch of a list, from and to.
type Stretch = (u32, u32);

fn of<T>(list: &[T], (from, to): Stretch) -> &[T] {
    list.get(from as usize..to as usize).unwrap_or_default()
}

/// Lists of a number each, as one list and the stretch of each.
fn flat(count: usize, mut pairs: Vec<(u32, u32)>) -> (Vec<Stretch>, Vec<u32>) {
    pairs.sort_unstable();
    let mut stretches = vec![(0, 0); count];
    for (at, (list, _)) in (0..).zip(&pairs) {
        let stretch = &mut stretches[*list as usize];
        *stretch = (if stretch.1 == 0 { at } else { stretch.0 }, at + 1);
    }
    (stretches, pairs.into_iter().map(|(_, item)| item).collect())
}

#[derive(Debug, Default)]
struct Needles {
    automaton: Option<AhoCorasick>,
    wakes: Vec<Vec<Number>>,
}

/// A gate in the making.
#[derive(Default)]
pub struct Builder {
    groups: HashMap<Vec<u64>, u32>,
    /// How many phrases owe a group.
    counts: Vec<u32>,
    phrases: u32,
    owed: Vec<(Number, u32)>,
    needles: HashMap<String, Vec<Number>>,
}

impl Builder {
    /// Adds the next phrase; phrases are numbered from 0.
    pub fn phrase(&mut self, phrase: &Phrase) {
        let number = self.phrases;
        self.phrases += 1;
        let groups = groups(phrase);
        if groups.is_empty() {
            phrase.anchors().iter().for_each(|anchor| self.needle(number, &anchor.text));
        }
        for group in groups {
            let next = self.groups.len() as u32;
            let group = *self.groups.entry(group).or_insert(next);
            self.counts.resize(self.groups.len(), 0);
            self.counts[group as usize] += 1;
            self.owed.push((number, group));
        }
    }

    /// How many phrases there are: the number of what comes next.
    pub fn next(&self) -> Number {
        self.phrases
    }

    /// Adds what is found by its first bytes.
    pub fn needle(&mut self, number: Number, literal: &str) {
        self.needles.entry(literal[..literal.floor_char_boundary(NEEDLE)].to_string()).or_default().push(number);
    }

    /// The gate: each phrase waits under the group that the fewest owe, each word of it counted.
    ///
    /// # Errors
    /// More needles than an automaton can hold.
    pub fn gate(self) -> Result<Gate, String> {
        let mut common: HashMap<u64, u32, BuildHasherDefault<Spread>> = HashMap::default();
        for (group, at) in &self.groups {
            group.iter().for_each(|word| *common.entry(*word).or_default() += self.counts[*at as usize]);
        }
        let mut costs = vec![0; self.groups.len()];
        let mut words: Vec<(u64, u32)> = Vec::new();
        for (group, at) in &self.groups {
            costs[*at as usize] = group.iter().filter_map(|word| common.get(word)).sum::<u32>();
            words.extend(group.iter().map(|word| (*word, *at)));
        }
        words.sort_unstable();
        let (phrases, owed) = flat(self.phrases as usize, self.owed);
        let key = |stretch: &Stretch| of(&owed, *stretch).iter().copied().min_by_key(|group| costs[*group as usize]);
        let waiting = (0..).zip(&phrases).filter_map(|(number, stretch)| Some((key(stretch)?, number))).collect();
        let (waiting, numbers) = flat(self.groups.len(), waiting);
        let mut gate = Gate { waiting, numbers, phrases, owed, met: words.iter().map(|pair| pair.1).collect(), ..Gate::default() };
        for (at, (word, _)) in (0..).zip(&words) {
            gate.words.entry(*word).or_insert((at, at)).1 = at + 1;
        }
        let (plain, foreign): (Vec<_>, Vec<_>) = self.needles.into_iter().partition(|(needle, _)| needle.is_ascii());
        (gate.plain, gate.foreign) = (Needles::new(plain)?, Needles::new(foreign)?);
        Ok(gate)
    }
}

impl Gate {
    /// Gives the number of all that may stand in the face to `wake`, some of them several times.
    pub fn wake(&self, face: &str, heard: &Heard, mut wake: impl FnMut(Number)) {
        let mut bits = vec![0_u64; self.waiting.len() / 64 + 1];
        let mut groups = Vec::with_capacity(64);
        for group in heard.words.iter().filter_map(|word| self.words.get(word)).flat_map(|stretch| of(&self.met, *stretch)) {
            let (slot, bit) = (*group as usize / 64, 1 << (group % 64));
            if bits[slot] & bit == 0 {
                bits[slot] |= bit;
                groups.push(*group);
            }
        }
        let is_met = |group: &u32| bits[*group as usize / 64] >> (group % 64) & 1 == 1;
        for group in groups {
            let waiting = of(&self.numbers, self.waiting[group as usize]);
            waiting
                .iter()
                .filter(|number| of(&self.owed, self.phrases[**number as usize]).iter().all(is_met))
                .for_each(|number| wake(*number));
        }
        self.plain.wake(face, &mut wake);
        if !face.is_ascii() {
            self.foreign.wake(face, &mut wake);
        }
    }
}

impl Needles {
    fn new(needles: Vec<(String, Vec<Number>)>) -> Result<Self, String> {
        let (literals, wakes): (Vec<String>, _) = needles.into_iter().unzip();
        let automaton = AhoCorasick::new(literals).map_err(|error| error.to_string())?;
        Ok(Self { automaton: Some(automaton), wakes })
    }

    fn wake(&self, face: &str, wake: &mut impl FnMut(Number)) {
        let Some(automaton) = &self.automaton else { return };
        for heard in automaton.find_overlapping_iter(face) {
            self.wakes[heard.pattern().as_usize()].iter().for_each(|number| wake(*number));
        }
    }
}
