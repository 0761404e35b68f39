//! The file in sums: how many events each group has, and which value of each dimension leads it.

use std::cmp::Reverse;

use crate::analysis::{Dimension, Thresholds};
use crate::judge::pack::Pack;
use crate::report::trend::Timeline;
use crate::tally::{Cell, Name, OTHER, Series, Tally};
use crate::verdict::{Bucket, Cause};

/// Events that are looked at together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    Bucket(Bucket),
    /// `mailbox_full` alone.
    FullMailbox,
}

/// One for each bucket, and one for full mailboxes.
const GROUPS: usize = Bucket::ALL.len() + 1;

impl Group {
    fn index(self) -> usize {
        match self {
            Self::Bucket(bucket) => bucket as usize,
            Self::FullMailbox => GROUPS - 1,
        }
    }

    /// Whether events of this cause belong to it.
    pub fn holds(self, cause: Cause) -> bool {
        match self {
            Self::Bucket(bucket) => cause.bucket() == bucket,
            Self::FullMailbox => cause == Cause::MailboxFull,
        }
    }

    /// The bucket of its events.
    pub fn bucket(self) -> Bucket {
        match self {
            Self::Bucket(bucket) => bucket,
            Self::FullMailbox => Bucket::Mailbox,
        }
    }

    /// What the words call it.
    pub fn id(self) -> &'static str {
        match self {
            Self::Bucket(bucket) => bucket.id(),
            Self::FullMailbox => "mailbox_full",
        }
    }
}

/// The values of one dimension within one group.
#[derive(Clone, Debug, Default)]
pub struct Leaders<'a> {
    /// The value with most events; of equals, the first by name.
    pub first: Option<Value<'a>>,
    /// Events of the next.
    pub second: u64,
    /// How many values have events.
    pub values: u64,
}

/// A value of a dimension.
#[derive(Clone, Copy, Debug)]
pub struct Value<'a> {
    pub name: &'a str,
    pub series: &'a Series,
    /// Events within the group, and in all.
    pub count: u64,
    pub total: u64,
}

/// What every finder starts from.
pub struct Survey<'a> {
    pub tally: &'a Tally,
    pub pack: &'a Pack,
    pub limits: &'a Thresholds,
    /// All events of bounces.
    pub bounces: u64,
    pub whole: Timeline,
    sizes: [u64; GROUPS],
    /// By dimension, in the order of [`Dimension::ALL`], and by group.
    leaders: Vec<Vec<Leaders<'a>>>,
    /// Values of each dimension.
    values: [u64; Dimension::ALL.len()],
}

impl<'a> Survey<'a> {
    pub fn new(tally: &'a Tally, pack: &'a Pack, limits: &'a Thresholds) -> Self {
        let whole: Vec<Cell> = tally.by(Dimension::Provider).iter().flat_map(|(_, series)| bounces(series)).collect();
        let mut sizes = [0; GROUPS];
        whole.iter().for_each(|cell| count(&mut sizes, *cell));
        let mut survey = Self {
            tally,
            pack,
            limits,
            bounces: whole.iter().map(|cell| u64::from(cell.count)).sum(),
            whole: Timeline::of(whole),
            sizes,
            leaders: Vec::new(),
            values: [0; Dimension::ALL.len()],
        };
        for (dimension, values) in Dimension::ALL.into_iter().zip(0..) {
            let (leaders, seen) = leaders(tally, dimension);
            survey.leaders.push(leaders);
            survey.values[values] = seen;
        }
        survey
    }

    /// Events of a group.
    pub fn size(&self, group: Group) -> u64 {
        self.sizes[group.index()]
    }

    /// What a group needs at least.
    pub fn floor(&self) -> u64 {
        let share = (self.limits.group_share * self.bounces as f64).ceil() as u64;
        self.limits.group_events.max(share)
    }

    /// A group that is large enough to speak of.
    pub fn is_group(&self, group: Group) -> bool {
        self.size(group) >= self.floor()
    }

    /// Who leads a group in a dimension.
    pub fn leaders(&self, dimension: Dimension, group: Group) -> &Leaders<'a> {
        &self.leaders[dimension as usize][group.index()]
    }

    /// How many values a dimension has.
    pub fn values(&self, dimension: Dimension) -> u64 {
        self.values[dimension as usize]
    }

    /// The events that fit.
    pub fn of(&self, fits: impl Fn(Cause) -> bool) -> Slice {
        let all = self.tally.by(Dimension::Provider).iter().flat_map(|(_, series)| series.iter());
        Slice::of(all.filter(|cell| fits(cell.cause())).collect())
    }

    /// The provider of a domain, as the pack knows it.
    pub fn provider_of(&self, domain: Name) -> Option<&str> {
        self.pack.provider_of_domain(self.tally.by(Dimension::Domain).text(domain))
    }

    /// A provider as a sentence writes it.
    pub fn name_of(&self, provider: &str) -> String {
        let known = self.pack.providers.iter().find(|known| known.id == provider);
        known.map_or_else(|| provider.to_string(), |known| known.name.clone())
    }
}

/// Some events: when, and why.
#[derive(Clone, Debug, Default)]
pub struct Slice {
    pub line: Timeline,
    /// With and without a time.
    pub count: u64,
    /// The most frequent; of equals, the first by id.
    pub cause: Option<Cause>,
}

impl Slice {
    /// The events of a series whose cause fits.
    pub fn new(series: &Series, fits: impl Fn(Cause) -> bool) -> Self {
        Self::of(series.iter().filter(|cell| fits(cell.cause())).collect())
    }

    pub fn of(cells: Vec<Cell>) -> Self {
        let mut causes = vec![0_u64; Cause::ALL.len()];
        cells.iter().for_each(|cell| causes[cell.cause() as usize] += u64::from(cell.count));
        let most = Cause::ALL.iter().copied().max_by_key(|cause| (causes[*cause as usize], Reverse(cause.id())));
        Self { count: causes.iter().sum(), cause: most.filter(|cause| causes[*cause as usize] > 0), line: Timeline::of(cells) }
    }
}

/// Without what is no bounce.
fn bounces(series: &Series) -> impl Iterator<Item = Cell> {
    series.iter().filter(|cell| cell.cause().bucket() != Bucket::NotABounce)
}

fn count(sizes: &mut [u64; GROUPS], cell: Cell) {
    for group in [Group::Bucket(cell.cause().bucket()), Group::FullMailbox] {
        sizes[group.index()] += if group.holds(cell.cause()) { u64::from(cell.count) } else { 0 };
    }
}

/// The values of a dimension and their events; no provider is none.
pub fn values(tally: &Tally, dimension: Dimension) -> impl Iterator<Item = (&str, &Series)> {
    tally.by(dimension).iter().filter(move |(name, _)| dimension != Dimension::Provider || *name != OTHER)
}

/// One pass over the values of a dimension; what has no value leads nothing.
fn leaders(tally: &Tally, dimension: Dimension) -> (Vec<Leaders<'_>>, u64) {
    let mut leaders = vec![Leaders::default(); GROUPS];
    let mut seen = 0;
    for (name, series) in values(tally, dimension) {
        let (mut sizes, mut total) = ([0; GROUPS], 0);
        for cell in bounces(series) {
            count(&mut sizes, cell);
            total += u64::from(cell.count);
        }
        seen += u64::from(total > 0);
        for (leaders, count) in leaders.iter_mut().zip(sizes).filter(|(_, count)| *count > 0) {
            leaders.meet(Value { name, series, count, total });
        }
    }
    (leaders, seen)
}

impl<'a> Leaders<'a> {
    fn meet(&mut self, value: Value<'a>) {
        self.values += 1;
        match self.first {
            Some(first) if (first.count, Reverse(first.name)) >= (value.count, Reverse(value.name)) => {
                self.second = self.second.max(value.count);
            }
            first => {
                self.second = first.map_or(self.second, |first| first.count);
                self.first = Some(value);
            }
        }
    }
}
