//! A million rows about 600,000 people: rows a second, bytes a person, and how often a reply's template was known.
//!
//! `cargo bench --bench tally -- [rows] [people]`

use std::alloc::{GlobalAlloc, Layout, System};
use std::fmt::Write;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

use undelivered::analysis::Settings;
use undelivered::judge::pack::{Pack, rule_file};
use undelivered::read::{Event, Span};
use undelivered::report;
use undelivered::sheet::{Item, Row};
use undelivered::tally::{Court, Tally};
use undelivered::verdict::Part;

struct Counting;

static HELD: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call goes to the system's allocator unchanged; only sizes are noted beside.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        PEAK.fetch_max(HELD.fetch_add(layout.size(), Relaxed) + layout.size(), Relaxed);
        // SAFETY: as the caller promised.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Relaxed);
        // SAFETY: as the caller promised.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Numbers without end, always the same ones.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

const WORDS: [&str; 16] = [
    "please", "mail", "because", "server", "your", "policy", "later", "system", "message", "queue", "attempt", "the", "of", "service",
    "sorry", "cannot",
];

/// Refills a row as an export of Marketing Cloud has it.
fn fill(row: &mut Row, dice: &mut Dice, texts: &[String], people: u64) {
    let domain = (dice.roll(400) * dice.roll(400)) / 400;
    let (person, job) = (dice.roll(people), dice.roll(60));
    let text = &mut row.parts[0].text;
    text.clear();
    if dice.roll(100) < 3 {
        text.push_str("550 ");
        for _ in 0..8 {
            text.push_str(WORDS[dice.roll(16) as usize]);
            text.push(' ');
        }
    } else {
        let pick = (dice.roll(texts.len() as u64) * dice.roll(texts.len() as u64)) / texts.len() as u64;
        text.push_str(&texts[pick as usize]);
        let _ = write!(text, " <u{person}@d{domain}.example> {:x}-v{:x}si{:x}", dice.roll(1 << 40), dice.roll(1 << 20), dice.roll(1 << 40));
    }
    let end = text.len();
    row.events[0].words[0].end = end;
    let about = &mut row.about;
    [&mut about.key, &mut about.domain, &mut about.job, &mut about.label].into_iter().for_each(String::clear);
    let _ = write!(about.key, "003Qx00000{person:08}");
    let _ = write!(about.domain, "d{domain}.example");
    let _ = write!(about.job, "{job}");
    about.label.push_str(["Hard bounce / User unknown", "Soft bounce / Mailbox full", "Block bounce / Other"][dice.roll(3) as usize]);
    about.time = Some(1_793_491_200 + dice.roll(30 * 24 * 3_600) as i64);
}

/// Time on the processor, where the system tells it; else by the clock.
fn now(begun: Instant) -> Duration {
    let stat = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    stat.split(' ').next().and_then(|nanos| nanos.parse().ok()).map_or(begun.elapsed(), Duration::from_nanos)
}

fn main() {
    let start = Instant::now();
    let numbers: Vec<u64> = std::env::args().filter_map(|word| word.parse().ok()).collect();
    let (rows, people) = (numbers.first().copied().unwrap_or(1_000_000), numbers.get(1).copied().unwrap_or(600_000));
    let court = Court::new(Pack::built_in());
    let texts: Vec<String> = rule_file().rule.into_iter().filter_map(|rule| rule.hits.into_iter().next()).take(300).collect();
    let words = vec![Span { part: 0, start: 0, end: 0 }];
    let mut row = Row {
        events: vec![Event { words, ..Event::default() }],
        parts: vec![Part { id: 0, name: "input".into(), text: String::new() }],
        ..Row::default()
    };
    let mut dice = Dice(88_172_645_463_325_252);
    let begun = now(start);
    (0..rows).for_each(|_| fill(&mut row, &mut dice, &texts, people));
    let making = now(start) - begun;

    let mut dice = Dice(88_172_645_463_325_252);
    let before = HELD.load(Relaxed);
    PEAK.store(before, Relaxed);
    let mut tally = Tally::default();
    let begun = now(start);
    for _ in 0..rows {
        fill(&mut row, &mut dice, &texts, people);
        tally.add(&court, &Item::Row(&row), None);
    }
    let adding = (now(start) - begun).saturating_sub(making);
    let held = HELD.load(Relaxed) - before;
    println!("add       {:>10.0} rows/s", rows as f64 / adding.as_secs_f64());
    println!("held      {:>10.1} MB, peak {:.1} MB", held as f64 / 1e6, (PEAK.load(Relaxed) - before) as f64 / 1e6);
    println!("people    {:>10} of {} bytes all told", tally.people.len(), held / tally.people.len().max(1));
    let templates = tally.templates().count();
    println!("templates {templates:>10}, known {:.2} %", 100.0 * (1.0 - templates as f64 / rows as f64));
    sizes(&tally);

    let settings = Settings::default();
    let begun = now(start);
    let told = report::report(&tally, &settings);
    println!("report    {:>10.0} ms, {:?}", (now(start) - begun).as_secs_f64() * 1e3, told.summary);
    let begun = now(start);
    let decisions = report::decisions(&tally, &settings).count();
    println!("decisions {:>10.0} ms for {decisions}", (now(start) - begun).as_secs_f64() * 1e3);
    let begun = now(start);
    let mut merged = Tally::default();
    merged.merge(&tally);
    println!("merge     {:>10.0} ms", (now(start) - begun).as_secs_f64() * 1e3);
}

/// What the parts of it take, by taking them away.
fn sizes(tally: &Tally) {
    let before = HELD.load(Relaxed);
    let people = tally.people.clone();
    println!("          {:>10.1} MB of it are people", (HELD.load(Relaxed) - before) as f64 / 1e6);
    drop(people);
}
