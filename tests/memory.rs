//! Memory is bounded by a small multiple of the input: peaks counted by an allocator of our own, on the shapes that cost most.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use undelivered::judge::pack::Pack;
use undelivered::read;
use undelivered::sheet::Sheet;

/// The system's allocator, with a count of the bytes in use and of their highest number.
struct Counting;

static USED: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

fn grow(bytes: usize) {
    let used = USED.fetch_add(bytes, Ordering::Relaxed) + bytes;
    PEAK.fetch_max(used, Ordering::Relaxed);
}

// SAFETY: every call is handed on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grow(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        USED.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        grow(size);
        USED.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Bytes of an input.
const SIZE: usize = 1 << 19;
/// What decoding may take: so many times the input, and so many bytes for each verdict that it returns.
const TIMES: usize = 8;
const VERDICT: usize = 2048;

const MAIL: &str = "From MAILER-DAEMON Sat Nov 21 10:00:00 2026\nFrom: MAILER-DAEMON@mx.example\nSubject: failure notice\n\n\
    <u{n}@example.com>: 550 5.1.1 User unknown\n\n";
const MIXED: &str = "From: MAILER-DAEMON@mx.example\nSubject: failure notice\nContent-Type: multipart/mixed; boundary=b\n\n";
const REPORT: &str = "From: MAILER-DAEMON@mx.example\nSubject: Undelivered Mail\nMIME-Version: 1.0\n\
    Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nNot delivered.\n\n--b\n\
    Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n";
const NOTICE: &str = "From: MAILER-DAEMON@mx.example\nSubject: failure notice\n\n";

/// A name, what stands once at the start, and what is repeated (`{n}` is the number of the round).
const SHAPES: [(&str, &str, &str); 19] = [
    ("letters", "", "x"),
    ("blanks", "550 x", " "),
    ("line_feeds", "550 x", "\n"),
    ("blanks_at_line_ends", "", "550 5.1.1 no \n"),
    ("code_lines", "", "550 5.1.1 <u{n}@example.com>: no such user\n"),
    ("addresses", "550 ", "u{n}@example.com "),
    ("quoted", "", "> > > > > > 550 5.1.1 no such user\n"),
    ("mbox", "", MAIL),
    ("headers", "", "Subject: x\n"),
    ("notice", NOTICE, "<u{n}@example.com>: 550 5.1.1 User unknown\n"),
    ("report", REPORT, "Final-Recipient: rfc822; u{n}@example.com\nAction: failed\nStatus: 5.1.1\n\n"),
    ("parts", MIXED, "--b\n\nx\n"),
    ("nested", MIXED, "--b\nContent-Type: message/rfc822\n\n"),
    ("html", "<html><body>", "<p>Your mail to <b>u{n}@example.com</b> could not be delivered: 550 5.1.1 User unknown</p>\n"),
    ("json", "[", "{\"event\":\"bounce\",\"email\":\"u{n}@example.com\",\"sg_event_id\":\"x\",\"reason\":\"550 5.1.1 no such user\"},"),
    (
        "json_lines",
        "",
        "{\"event\":\"bounce\",\"email\":\"u{n}@example.com\",\"sg_event_id\":\"x\",\"reason\":\"550 5.1.1 no such user\"}\n",
    ),
    ("json_nested", "", "[{\"a\":"),
    (
        "log",
        "",
        "Nov 21 10:00:00 mx postfix/smtp[1]: {n}ABC: to=<u{n}@example.com>, relay=mx.example.net[192.0.2.4]:25, dsn=5.1.1, status=bounced (host mx.example.net[192.0.2.4] said: 550 5.1.1 User unknown (in reply to RCPT TO command))\n",
    ),
    ("client", "", "smtplib.SMTPRecipientsRefused: {'u{n}@example.com': (550, b'5.1.1 User unknown')}\n"),
];

fn compose(head: &str, round: &str) -> String {
    let mut text = String::with_capacity(SIZE + 512);
    text.push_str(head);
    let mut n = 100_000;
    while text.len() < SIZE {
        text.push_str(&round.replace("{n}", &n.to_string()));
        n += 1;
    }
    text
}

/// The highest number of bytes in use beyond what was in use before, and what `work` returns.
fn peak_of<T>(work: impl FnOnce() -> T) -> (usize, T) {
    let before = USED.load(Ordering::Relaxed);
    PEAK.store(before, Ordering::Relaxed);
    let done = work();
    (PEAK.load(Ordering::Relaxed).saturating_sub(before), done)
}

/// One test, so that no other allocates meanwhile.
#[test]
fn memory_is_bounded() {
    undelivered::decode(b"550 5.1.1 User unknown");
    let mut beyond = Vec::new();
    for (name, head, round) in SHAPES {
        let text = compose(head, round);
        let (peak, decoded) = peak_of(|| undelivered::decode(text.as_bytes()));
        let outcomes: usize = decoded.iter().map(|one| one.outcomes.len()).sum();
        let told = format!("{name}: {:.1} times the input, {outcomes} outcomes", peak as f64 / text.len() as f64);
        println!("{told}");
        if peak > TIMES * text.len() + VERDICT * outcomes || decoded.iter().any(|one| one.outcomes.len() > read::EVENTS) {
            beyond.push(told);
        }
    }
    let mailbox = compose("", MAIL);
    let (peak, outcomes) =
        peak_of(|| undelivered::decode_each(mailbox.as_bytes(), Pack::built_in()).map(|one| one.outcomes.len()).sum::<usize>());
    if peak > mailbox.len() || outcomes < 1000 {
        beyond.push(format!("mail by mail: {peak} bytes for {outcomes} outcomes"));
    }
    beyond.extend(files());
    assert!(beyond.is_empty(), "{}", beyond.join("\n"));
}

/// What reading a file may take at most, whatever its size: some copies of the longest record.
const FILE: usize = 32 << 20;

/// Files that took more.
fn files() -> Vec<String> {
    let letters = vec![b'x'; 1 << 20];
    let bomb = {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        (0..50).for_each(|_| std::io::Write::write_all(&mut packer, &letters).expect("memory"));
        packer.finish().expect("memory")
    };
    let shapes: [(&str, &[u8], Vec<u8>, usize); 5] = [
        ("a line of 50 MB", b"email,reason\n", letters.clone(), 50),
        ("a quoted line of 50 MB", b"email,reason\nann@example.com,\"", letters.clone(), 50),
        ("an object of 50 MB", b"{\"reason\":\"", letters.clone(), 50),
        ("50 MB of nothing but delimiters", b"", vec![b','; 1 << 20], 50),
        ("50 MB, packed", b"", bomb, 1),
    ];
    let mut beyond = Vec::new();
    for (name, head, piece, times) in shapes {
        let (peak, ()) = peak_of(|| {
            let mut sheet = Sheet::new("memory.csv", &undelivered::analysis::Hints::default());
            sheet.feed(head, &mut |_| {});
            (0..times).for_each(|_| sheet.feed(&piece, &mut |_| {}));
            sheet.finish(&mut |_| {});
        });
        println!("{name}: {:.1} MB", peak as f64 / 1e6);
        if peak > FILE {
            beyond.push(format!("{name}: {peak} bytes"));
        }
    }
    beyond
}
