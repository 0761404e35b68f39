//! Reading a row allocates nothing once the buffers are warm, whatever the row says. Counted by an allocator of our own.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::fmt::Write;

use undelivered::analysis::Hints;
use undelivered::sheet::{Item, Kind, Sheet};

/// The system's allocator, with a count of the calls of each thread.
struct Counting;

thread_local! {
    static CALLS: Cell<usize> = const { Cell::new(0) };
}

fn count() {
    let _ = CALLS.try_with(|calls| calls.set(calls.get() + 1));
}

// SAFETY: every call is handed on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const REPLIES: [&str; 5] = [
    "550 5.1.1 <u{n}@example.com>: User unknown",
    "host mx.example.com[192.0.2.7] said: 452 4.2.2 mailbox of u{n} is full (in reply to RCPT TO command)",
    "550-5.7.1 message refused, id {n} 550 5.7.1 by policy",
    "",
    "Host not found",
];

const VIEW: &str = "SubscriberKey,EmailAddress,JobID,ListID,EventDate,IsUnique,Domain,BounceCategory,BounceSubcategory,SMTPBounceReason,SMTPMessage,SMTPCode\n";

fn rows(from: usize, count: usize) -> String {
    let mut text = String::new();
    for n in from..from + count {
        let reply = REPLIES[n % REPLIES.len()].replace("{n}", &n.to_string());
        let label = if n % 7 == 0 { "" } else { "Hard bounce" };
        let code = if n % 3 == 0 { "550.0" } else { "" };
        let address = if n % 4 == 0 { "" } else { "Ann@Example.com" };
        let _ = writeln!(
            text,
            "003A{n:011},{address},{},9,10/{}/2026 8:15:00 AM,True,Example.com,{label},,\"{reply}\",,{code}",
            n % 9,
            1 + n % 28
        );
    }
    text
}

#[test]
fn a_warm_row_allocates_nothing() {
    let (mut seen, mut each) = (0, 0);
    let mut sheet = Sheet::new("bounces.csv", &Hints::default());
    let mut keep = |item: Item<'_>| {
        if let Item::Row(row) = item {
            seen += usize::from(row.kind == Kind::Bounce);
        }
    };
    sheet.feed((VIEW.to_owned() + &rows(0, 4_000)).as_bytes(), &mut keep);
    let more = rows(4_000, 1_000);
    for _ in 0..8 {
        let before = CALLS.get();
        sheet.feed(more.as_bytes(), &mut keep);
        each = CALLS.get() - before;
    }
    assert_eq!(seen, 12_000);
    assert!(each < 10, "{each} allocations for a thousand rows");
}
