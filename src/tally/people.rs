//! What is kept of each person: the newest few events of each sort, so that adding in any order comes to the same.

use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::{BuildHasher, Hasher};

use super::chunks::Chunks;
use super::templates::{Voice, Weight};
use super::{Name, Names};

/// Ends a list of marks.
const NONE: u32 = u32::MAX;

/// Everyone whom a file names, whether bounced, delivered to or given an address.
#[derive(Clone, Debug, Default)]
pub struct People {
    /// As first seen, end to end.
    text: String,
    list: Chunks<Person>,
    marks: Chunks<Mark>,
    found: HashTable<u32>,
    hasher: DefaultHashBuilder,
    addresses: Names,
}

#[derive(Clone, Copy, Debug)]
struct Person {
    /// Where the text ends.
    end: usize,
    marks: u32,
    /// Unix seconds; 0 is none.
    delivered: u32,
    first: u32,
    /// The first event that Marketing Cloud's rule counts.
    first_counted: u32,
    domain: Option<Name>,
    address: Option<Name>,
    flags: u8,
}

/// Delivered to, nobody knows when.
const DELIVERED: u8 = 1;
/// A label called a bounce hard.
const HARD: u8 = 2;
/// There are more distinct bounces than marks.
const MORE: u8 = 4;

/// One event.
#[derive(Clone, Copy, Debug)]
struct Mark {
    time: u32,
    /// Of the message; 0 where it was counted before.
    message: u32,
    voice: u32,
    next: u32,
}

/// An event of a person, as [`People::add`] takes it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sighting {
    pub(super) time: Option<i64>,
    pub(super) message: u32,
    pub(super) voice: u32,
}

/// An event that was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Unix seconds.
    pub time: Option<i64>,
    /// The same for all attempts at one message; none where the file says that it was counted before.
    pub message: Option<u32>,
    /// As [`Tally::voice`](super::Tally::voice) takes it.
    pub voice: u32,
}

/// A person with what is known.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The key, or the address where there is no key, as first seen.
    pub name: &'a str,
    /// Of a person with a key.
    pub address: Option<&'a str>,
    /// In the ledger of domains.
    pub domain: Option<Name>,
    /// The newest; Unix seconds.
    pub delivered: Option<i64>,
    /// Something arrived, nobody knows when.
    pub delivered_once: bool,
    /// The first bounce.
    pub first: Option<i64>,
    /// The first bounce with a label that Marketing Cloud's rule counts.
    pub first_counted: Option<i64>,
    /// A label called a bounce hard.
    pub hard: bool,
    /// There were more distinct bounces than were kept.
    pub more: bool,
    marks: u32,
}

impl People {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// There are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of a person; a text with an `@` is an address and compared without case.
    pub fn find(&self, name: &str) -> Option<u32> {
        self.found.find(self.hash(name), |person| is_same(self.name(*person), name)).copied()
    }

    /// An address in lower case, a key as it stands.
    fn hash(&self, name: &str) -> u64 {
        if !name.contains('@') {
            return self.hasher.hash_one(name);
        }
        let mut hasher = self.hasher.build_hasher();
        let mut lower = [0; 64];
        for piece in name.as_bytes().chunks(lower.len()) {
            lower.iter_mut().zip(piece).for_each(|(to, from)| *to = from.to_ascii_lowercase());
            hasher.write(lower.get(..piece.len()).unwrap_or_default());
        }
        hasher.finish()
    }

    /// The person of a number.
    pub fn get(&self, person: u32) -> Option<Known<'_>> {
        let known = self.list.get(person as usize)?;
        Some(Known {
            name: self.name(person),
            address: known.address.map(|name| self.addresses.text(name)),
            domain: known.domain,
            delivered: time(known.delivered),
            delivered_once: known.flags & DELIVERED > 0,
            first: time(known.first),
            first_counted: time(known.first_counted),
            hard: known.flags & HARD > 0,
            more: known.flags & MORE > 0,
            marks: known.marks,
        })
    }

    /// Everyone, in the order in which they came.
    pub fn iter(&self) -> impl Iterator<Item = Known<'_>> {
        (0..self.len() as u32).filter_map(|person| self.get(person))
    }

    /// The events that were kept of a person, in no order.
    pub fn evidence(&self, person: &Known<'_>) -> impl Iterator<Item = Evidence> {
        self.marks_from(person.marks).map(|(_, mark)| Evidence {
            time: time(mark.time),
            message: Some(mark.message).filter(|message| *message > 0),
            voice: mark.voice,
        })
    }

    fn marks_from(&self, first: u32) -> impl Iterator<Item = (u32, Mark)> + use<'_> {
        let mut next = first;
        std::iter::from_fn(move || {
            let mark = *self.marks.get(next as usize)?;
            let place = std::mem::replace(&mut next, mark.next);
            Some((place, mark))
        })
    }

    fn name(&self, person: u32) -> &str {
        let end = |person: u32| self.list.get(person as usize).map(|known| known.end);
        let start = person.checked_sub(1).and_then(end).unwrap_or_default();
        end(person).and_then(|end| self.text.get(start..end)).unwrap_or_default()
    }

    /// The number of a person, given now where there is none.
    pub(super) fn person(&mut self, name: &str) -> u32 {
        self.find(name).unwrap_or_else(|| self.welcome(name))
    }

    fn welcome(&mut self, name: &str) -> u32 {
        self.text.push_str(name);
        let person =
            Person { end: self.text.len(), marks: NONE, delivered: 0, first: 0, first_counted: 0, domain: None, address: None, flags: 0 };
        let fresh = self.list.push(person) as u32;
        let mut found = std::mem::take(&mut self.found);
        found.insert_unique(self.hash(name), fresh, |person| self.hash(self.name(*person)));
        self.found = found;
        fresh
    }

    /// The address of a person with a key; of several the one that sorts first.
    pub(super) fn give(&mut self, person: u32, address: &str) {
        let Some(known) = self.list.get_mut(person as usize) else { return };
        if known.address.is_none_or(|had| address < self.addresses.text(had)) {
            known.address = Some(self.addresses.name(address));
        }
    }

    /// Something arrived.
    pub(super) fn deliver(&mut self, person: u32, at: Option<i64>) {
        let Some(known) = self.list.get_mut(person as usize) else { return };
        match at {
            Some(at) => known.delivered = known.delivered.max(stamp(Some(at))),
            None => known.flags |= DELIVERED,
        }
    }

    /// A bounce or a complaint. `domains` orders names of domains: of several the one that sorts first is kept.
    pub(super) fn add(&mut self, person: u32, sighting: Sighting, domain: Option<Name>, domains: &super::Ledger, voices: &[Voice]) {
        let (Some(known), Some(voice)) = (self.list.get_mut(person as usize), voices.get(sighting.voice as usize)) else { return };
        let at = stamp(sighting.time);
        if let Some(domain) = domain.filter(|fresh| known.domain.is_none_or(|had| domains.text(*fresh) < domains.text(had))) {
            known.domain = Some(domain);
        }
        if voice.hard == Some(true) {
            known.flags |= HARD;
        }
        if voice.weight != Weight::Complaint {
            known.first = earliest(known.first, at);
            known.first_counted = if voice.counted { earliest(known.first_counted, at) } else { known.first_counted };
        }
        self.keep(person, Mark { time: at, message: sighting.message, voice: sighting.voice, next: NONE }, voices);
    }

    /// Of each sort the newest few messages, of each message its newest event.
    fn keep(&mut self, person: u32, fresh: Mark, voices: &[Voice]) {
        let Some(known) = self.list.get(person as usize) else { return };
        let sort = sort_of(&fresh, voices);
        let like = || self.marks_from(known.marks).filter(|(_, mark)| sort_of(mark, voices) == sort);
        let same = like().find(|(_, mark)| mark.message == fresh.message);
        let oldest = || like().min_by_key(|(_, mark)| age(mark, voices));
        let is_full = same.is_none() && like().count() >= room(sort.0);
        match same.or_else(|| oldest().filter(|_| is_full)) {
            Some((place, _)) => self.replace(place, fresh, voices),
            None => self.link(person, fresh),
        }
        if let Some(known) = self.list.get_mut(person as usize).filter(|_| is_full) {
            known.flags |= MORE;
        }
    }

    fn replace(&mut self, place: u32, fresh: Mark, voices: &[Voice]) {
        if let Some(old) = self.marks.get_mut(place as usize).filter(|old| age(old, voices) < age(&fresh, voices)) {
            *old = Mark { next: old.next, ..fresh };
        }
    }

    fn link(&mut self, person: u32, mut fresh: Mark) {
        let place = self.marks.len() as u32;
        let Some(known) = self.list.get_mut(person as usize) else { return };
        fresh.next = std::mem::replace(&mut known.marks, place);
        self.marks.push(fresh);
    }

    /// Takes in others; `voices` are the places of their voices among `here`.
    pub(super) fn merge(&mut self, other: &Self, voices: &[u32], domains: &[Name], ledger: &super::Ledger, here: &[Voice]) {
        for theirs in 0..other.len() as u32 {
            let Some(known) = other.list.get(theirs as usize) else { continue };
            let mine = self.person(other.name(theirs));
            if let Some(address) = known.address {
                self.give(mine, other.addresses.text(address));
            }
            let domain = known.domain.and_then(|domain| domains.get(domain.index())).copied();
            for (_, mark) in other.marks_from(known.marks) {
                let Some(voice) = voices.get(mark.voice as usize) else { continue };
                self.add(mine, Sighting { time: time(mark.time), message: mark.message, voice: *voice }, domain, ledger, here);
            }
            if let Some(person) = self.list.get_mut(mine as usize) {
                person.delivered = person.delivered.max(known.delivered);
                person.first = earliest(person.first, known.first);
                person.first_counted = earliest(person.first_counted, known.first_counted);
                person.flags |= known.flags;
            }
        }
    }
}

/// Marks of one sort that are kept of a person.
fn room(weight: Weight) -> usize {
    match weight {
        Weight::Death | Weight::Full | Weight::Passing => 4,
        Weight::Life | Weight::Complaint => 1,
        Weight::Other => 6,
    }
}

fn sort_of(mark: &Mark, voices: &[Voice]) -> (Weight, bool) {
    voices.get(mark.voice as usize).map_or((Weight::Other, false), |voice| (voice.weight, voice.counted))
}

/// Newer is greater, the same in every order of adding.
fn age(mark: &Mark, voices: &[Voice]) -> (u32, u32, u32) {
    (mark.time, mark.message, voices.get(mark.voice as usize).map_or(0, |voice| voice.print))
}

fn stamp(time: Option<i64>) -> u32 {
    time.map_or(0, |time| u32::try_from(time.max(1)).unwrap_or(u32::MAX))
}

fn time(stamp: u32) -> Option<i64> {
    (stamp > 0).then_some(i64::from(stamp))
}

fn earliest(one: u32, other: u32) -> u32 {
    if one == 0 || other == 0 { one.max(other) } else { one.min(other) }
}

fn is_same(one: &str, other: &str) -> bool {
    one == other || (other.contains('@') && one.eq_ignore_ascii_case(other))
}
