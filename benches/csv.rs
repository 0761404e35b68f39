//! `cargo bench --bench csv -- [MEGABYTES]`: reading a table of bounces, against counting its lines (the limit), against `csv-core` and
//! against the `csv` crate, in the same run and round by round, by processor time, so that the ratios can be trusted on a busy machine.

use std::fmt::Write;
use std::hint::black_box;

use undelivered::analysis::Hints;
use undelivered::sheet::Sheet;

const ROUNDS: usize = 7;
/// Bytes at a time, as a browser's stream gives them.
const PIECE: usize = 1 << 20;

const REPLIES: [&str; 6] = [
    "550 5.1.1 <{u}@{d}>: Recipient address rejected: User unknown in virtual mailbox table",
    "550-5.1.1 The email account that you tried to reach does not exist. Please try\n550-5.1.1 double-checking the address for typos.\n550 5.1.1 {n} - gsmtp",
    "452 4.2.2 The mailbox of \"\"{u}\"\" is over quota, try again later; {n}",
    "554 5.7.1 Service unavailable; Client host [192.0.2.{b}] blocked using zen.example.org; see https://www.example.org/query/{n}",
    "421 4.7.0 [TSS04] Messages from 192.0.2.{b} temporarily deferred due to unexpected volume or user complaints, {n}",
    "550 5.7.1 Message rejected due to local policy, ref {n}",
];

/// An export of about `bytes` bytes in the manner of Marketing Cloud's `_Bounce`.
fn export(bytes: usize) -> Vec<u8> {
    let mut text = String::with_capacity(bytes + 1024);
    text.push_str("AccountID,OYBAccountID,JobID,ListID,BatchID,SubscriberID,SubscriberKey,EventDate,IsUnique,Domain,BounceCategoryID,BounceCategory,BounceSubcategoryID,BounceSubcategory,BounceTypeID,BounceType,SMTPBounceReason,SMTPMessage,SMTPCode,TriggererSendDefinitionObjectID,TriggeredSendCustomerKey,IsFalseBounce\n");
    let mut n = 1_u64;
    while text.len() < bytes {
        n = n.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (id, b) = (n >> 33, n >> 40 & 255);
        let domain = format!("d{}.example.com", id % 700);
        let reply = REPLIES[(id % 6) as usize]
            .replace("{u}", "ann.lee")
            .replace("{d}", &domain)
            .replace("{n}", &id.to_string())
            .replace("{b}", &b.to_string());
        let _ = writeln!(
            text,
            "7001,,{},{},1,{id},003{id:015},11/{}/2026 {}:04:05 AM,True,{domain},2,Soft bounce,3001,Mailbox Full,1,immediate,\"{reply}\",\"{reply}\",550,,,False",
            id % 40,
            id % 9,
            id % 28 + 1,
            id % 11 + 1
        );
    }
    text.into_bytes()
}

fn lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

fn core(bytes: &[u8]) -> u64 {
    let (mut reader, mut cells, mut ends) = (csv_core::Reader::new(), vec![0; 1 << 16], vec![0; 64]);
    let (mut rest, mut rows) = (bytes, 0);
    while !rest.is_empty() {
        let (result, used, _, _) = reader.read_record(rest, &mut cells, &mut ends);
        rest = &rest[used..];
        rows += u64::from(matches!(result, csv_core::ReadRecordResult::Record));
    }
    rows
}

fn crate_bytes(bytes: &[u8]) -> u64 {
    let (mut reader, mut record, mut rows) = (csv::ReaderBuilder::new().flexible(true).from_reader(bytes), csv::ByteRecord::new(), 0);
    while reader.read_byte_record(&mut record).expect("a record") {
        rows += 1;
    }
    rows
}

fn crate_text(bytes: &[u8]) -> u64 {
    let (mut reader, mut record, mut rows) = (csv::ReaderBuilder::new().flexible(true).from_reader(bytes), csv::StringRecord::new(), 0);
    while reader.read_record(&mut record).expect("a record") {
        rows += 1;
    }
    rows
}

fn sheet(bytes: &[u8]) -> u64 {
    let (mut sheet, mut rows) = (Sheet::new("bench.csv", &Hints::default()), 0);
    for piece in bytes.chunks(PIECE) {
        sheet.feed(piece, &mut |item| {
            black_box(item);
            rows += 1;
        });
    }
    sheet.finish(&mut |_| rows += 1);
    rows
}

/// Seconds that this process has worked so far; of the clock where the system does not tell.
fn worked() -> f64 {
    let told = std::fs::read_to_string("/proc/self/schedstat").ok();
    let worked = told.as_deref().and_then(|told| told.split(' ').next()?.parse::<f64>().ok());
    let clock = || std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default().as_secs_f64();
    worked.map_or_else(clock, |nanoseconds| nanoseconds / 1e9)
}

/// A way to read a file: its name, and what counts its records.
type Way = (&'static str, fn(&[u8]) -> u64);

fn main() {
    const WAYS: [Way; 5] = [
        ("newlines (memchr)", lines),
        ("csv-core", core),
        ("csv, bytes", crate_bytes),
        ("csv, text", crate_text),
        ("sheet (all of it)", sheet),
    ];
    let megabytes = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(128.0);
    let bytes = export((megabytes * 1e6) as usize);
    let mut seconds = [const { Vec::new() }; WAYS.len()];
    for _ in 0..ROUNDS {
        for ((_, way), taken) in WAYS.iter().zip(&mut seconds) {
            let begun = worked();
            black_box(way(black_box(&bytes)));
            taken.push(worked() - begun);
        }
    }
    let rows = sheet(&bytes) as f64;
    let median = |taken: &Vec<f64>| {
        let mut taken = taken.clone();
        taken.sort_by(f64::total_cmp);
        taken[ROUNDS / 2]
    };
    let own = seconds.last().map_or(1.0, median);
    println!("{:.0} MB, {rows} rows, median of {ROUNDS} rounds", bytes.len() as f64 / 1e6);
    for ((name, _), taken) in WAYS.iter().zip(&seconds) {
        let time = median(taken);
        let (pace, many) = (bytes.len() as f64 / 1e6 / time, rows / 1e6 / time);
        println!("{name:18} {time:>7.3} s {pace:>7.0} MB/s {many:>6.2} M rows/s   sheet takes {:>5.2} of it", own / time);
    }
}
