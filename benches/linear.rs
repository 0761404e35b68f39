//! `cargo bench --bench linear -- [SHAPE [KILOBYTES]]`: seconds and peak memory of decoding hostile and merely huge inputs, at a
//! tenth, a fifth, a half and the whole of the size (10 MB). `all` stands for every shape.
//!
//! `cargo bench --bench linear -- --file FILE` measures any other input.
//!
//! Each measurement runs in a process of its own, so that its peak is its own. Linear time shows as a constant `s/MB`.

use std::process::{Command, ExitCode};
use std::time::Instant;

const SIZES: [f64; 4] = [0.1, 0.2, 0.5, 1.0];
const NOTICE: &str = "From: MAILER-DAEMON@mx.example\nTo: news@example.org\nSubject: failure notice\n\n";
const REPORT: &str = "From: MAILER-DAEMON@mx.example\nTo: news@example.org\nSubject: Undelivered Mail\nMIME-Version: 1.0\n\
    Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nNot delivered.\n\n--b\n\
    Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n";
const HTML: &str = "From: MAILER-DAEMON@mx.example\nSubject: failure notice\nContent-Type: text/html\n\n";
const ATTACHED: &str = "From: MAILER-DAEMON@mx.example\nSubject: failure notice\nMIME-Version: 1.0\n\
    Content-Type: multipart/mixed; boundary=b\n\n--b\n\n<ann@example.com>: 550 5.1.1 User unknown\n\n--b\n\
    Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n";
const MIXED: &str = "From: MAILER-DAEMON@mx.example\nSubject: failure notice\nContent-Type: multipart/mixed; boundary=b\n\n";

/// A name, what comes once at the start, what is repeated (`{n}` is the number of the round), and what comes at the end.
type Shape = (&'static str, &'static str, &'static str, &'static str);

const SHAPES: &[Shape] = &[
    ("words", "550 ", "mailbox unavailable ", ""),
    ("letters", "", "x", ""),
    ("lines", "", "the mail was not delivered\n", ""),
    ("spaces", "550 x", " ", "y"),
    ("blank_lines", "550 x", "\n", "y"),
    ("cr", "550 x", "\r", "y"),
    ("codes", "", "550 ", ""),
    ("codes_in_a_line", "", "said: 550 5.1.1 no such user ", ""),
    ("code_lines", "", "550 5.1.1 <u{n}@example.com>: no such user\n", ""),
    ("code_paragraphs", "", "550 5.1.1 <u{n}@example.com>: no such user\n\n", ""),
    ("continued", "", "550-5.1.1 no such user here\n", ""),
    ("enhanced", "", "5.1.1 ", ""),
    ("addresses", "550 ", "u{n}@example.com ", ""),
    ("address_lines", "", "u{n}@example.com\n", ""),
    ("ats", "550 ", "@", ""),
    ("angles", "550 ", "<", ""),
    ("parentheses", "550 ", "(", ""),
    ("brackets", "", "[", ""),
    ("braces", "", "{", ""),
    ("quotes", "550 ", "\"", ""),
    ("backslashes", "", "\\", ""),
    ("escapes", "", "550 no such user\\n", ""),
    ("arrows", "550 ", "-> ", ""),
    ("colons", "", "a:", ""),
    ("dashes", "550 x\n", "-", ""),
    ("digits", "550 ", "5", ""),
    ("ips", "550 ", "192.0.2.1 ", ""),
    ("hosts", "550 ", "mx{n}.example.com ", ""),
    ("urls", "550 ", "https://example.com/{n} ", ""),
    ("http", "550 ", "http", ""),
    ("host_said", "", "host mx.example.com said: ", ""),
    ("deep_quotes", "", "> ", "550 x"),
    ("quoted_lines", "", "> > > > > > > > > > > > 550 5.1.1 no such user\n", ""),
    ("wide", "550 ", "\u{914d}\u{4fe1}", ""),
    ("overrides", "550 ", "\u{202e}", ""),
    ("nul", "550 ", "a\0", ""),
    (
        "mbox",
        "",
        "From MAILER-DAEMON Sat Nov 21 10:00:00 2026\nFrom: MAILER-DAEMON@mx.example\nSubject: failure notice\n\n<u{n}@example.com>: 550 5.1.1 User unknown\n\n",
        "",
    ),
    ("headers", "", "Subject: x\n", ""),
    ("encoded_words", "To: x\nSubject: ", "=?utf-8?q?a?= ", "\n\nx"),
    ("notice_addresses", NOTICE, "<u{n}@example.com>: 550 5.1.1 User unknown\n", ""),
    ("notice_paragraphs", NOTICE, "<u{n}@example.com>:\n550 5.1.1 User unknown\n\n", ""),
    ("notice_transcript", NOTICE, ">>> RCPT To:<u{n}@example.com>\n<<< 550 no\n", ""),
    (
        "report",
        REPORT,
        "Final-Recipient: rfc822; u{n}@example.com\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n\n",
        "--b--\n",
    ),
    ("report_fused", REPORT, "Action: failed ", "\n--b--\n"),
    ("report_text", "", "Final-Recipient: rfc822; u{n}@example.com\nAction: failed\nStatus: 5.1.1\n\n", ""),
    ("attachment", ATTACHED, "JVBERi0xLjQKJcfsj6IKNSAwIG9iago8PC9MZW5ndGggNiAwIFI+PgpzdHJlYW0K\n", "--b--\n"),
    ("parts", MIXED, "--b\n\nx\n", "--b--\n"),
    ("nested_mails", MIXED, "--b\nContent-Type: message/rfc822\n\n", ""),
    ("nested_parts", MIXED, "--b\nContent-Type: multipart/mixed; boundary=b\n\n", ""),
    ("html", HTML, "<p>Your mail to <b>u{n}@example.com</b> was refused: 550 5.1.1 User unknown</p>\n", ""),
    ("html_tags", HTML, "<p <a ", ""),
    ("html_comments", HTML, "<!--", ""),
    ("html_entities", HTML, "&#", ""),
    ("html_pasted", "<html><body>", "<p>Your mail to <b>u{n}@example.com</b> could not be delivered: 550 5.1.1 User unknown</p>\n", ""),
    (
        "json_array",
        "[",
        "{\"event\":\"bounce\",\"email\":\"u{n}@example.com\",\"sg_event_id\":\"x\",\"reason\":\"550 5.1.1 no such user\"},",
        "{}]",
    ),
    (
        "json_lines",
        "",
        "{\"event\":\"bounce\",\"email\":\"u{n}@example.com\",\"sg_event_id\":\"x\",\"reason\":\"550 5.1.1 no such user\"}\n",
        "",
    ),
    ("json_nested", "", "[{\"a\":", "1"),
    ("json_broken", "[", "{\"event\":\"bounce\",\"email\":\"u{n}@example.com\",\"reason\":\"550 5.1.1 no such user\" oops},", ""),
    ("json_string", "{\"event\":\"bounce\",\"email\":\"ann@example.com\",\"reason\":\"550 5.1.1 ", "no such user ", "\"}"),
    (
        "postfix_log",
        "",
        "Nov 21 10:00:00 mx postfix/smtp[{n}]: {n}ABC: to=<u{n}@example.com>, relay=mx.example.net[192.0.2.4]:25, delay=1, dsn=5.1.1, status=bounced (host mx.example.net[192.0.2.4] said: 550 5.1.1 <u{n}@example.com>: User unknown (in reply to RCPT TO command))\n",
        "",
    ),
    (
        "exim_log",
        "",
        "2026-11-21 10:00:00 1abcde-{n}-AB ** u{n}@example.com R=dnslookup T=remote_smtp H=mx.example.net [192.0.2.4]: SMTP error from remote mail server after RCPT TO:<u{n}@example.com>: 550 5.1.1 User unknown\n",
        "",
    ),
    ("dialogue", "", "RCPT TO:<u{n}@example.com>\n550 5.1.1 User unknown\n", ""),
    ("client", "", "smtplib.SMTPRecipientsRefused: {'u{n}@example.com': (550, b'5.1.1 User unknown')}\n", ""),
    (
        "client_line",
        "Error: Can't send mail - all recipients were rejected: 550 ",
        "response: '550 5.1.1 User unknown', responseCode: 550, ",
        "",
    ),
    ("csv", "email,reason\n", "u{n}@example.com,\"550 5.1.1 User unknown\"\n", ""),
];

fn compose(shape: &Shape, bytes: usize) -> Vec<u8> {
    let (_, head, round, tail) = shape;
    let mut text = String::with_capacity(bytes + 512);
    text.push_str(head);
    let mut n = 100_000_u64;
    while text.len() + tail.len() < bytes {
        if round.contains("{n}") {
            text.push_str(&round.replace("{n}", &n.to_string()))
        } else {
            text.push_str(round)
        }
        n += 1;
    }
    text.push_str(tail);
    text.into_bytes()
}

/// Highest resident size of this process so far, in bytes; 0 where the system does not tell.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches("kB").trim().parse::<usize>().unwrap_or_default() * 1024
}

fn measure(shape: &Shape, bytes: usize) {
    report(&compose(shape, bytes));
}

/// Decodes one input and prints seconds, growth of the peak as a multiple of the input, and the number of outcomes.
fn report(input: &[u8]) {
    undelivered::decode(b"550 5.1.1 User unknown");
    let before = peak();
    let begun = Instant::now();
    let decoded = undelivered::decode(input);
    let seconds = begun.elapsed().as_secs_f64();
    let outcomes: usize = decoded.iter().map(|one| one.outcomes.len()).sum();
    let form = decoded.first().map_or("none", |one| one.input.form.id());
    println!("{seconds:.3} {:.1} {outcomes} {form}", (peak() - before) as f64 / input.len() as f64);
}

/// One line of the table: seconds at each size, seconds a megabyte at the largest against the smallest, memory, outcomes.
fn row(shape: &Shape, kilobytes: f64) -> Result<(), Box<dyn std::error::Error>> {
    let mut seconds: Vec<(f64, f64)> = Vec::new();
    let mut rest = String::new();
    for size in SIZES {
        let bytes = (size * kilobytes * 1000.0) as usize;
        let program = std::env::current_exe()?;
        let said = Command::new(program).args(["--measure", shape.0, &bytes.to_string()]).output()?;
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        let (time, more) = said.trim().split_once(' ').ok_or("it ended without a word")?;
        seconds.push((size, time.parse()?));
        rest = more.to_owned();
    }
    let pace = |at: &(f64, f64)| at.1 / at.0;
    let growth = seconds.last().map_or(0.0, pace) / seconds.first().map_or(1.0, pace).max(1e-6);
    let times: String = seconds.iter().map(|(_, time)| format!("{time:>8.3}")).collect();
    let (memory, found) = rest.split_once(' ').unwrap_or((&rest, ""));
    println!("{:20}{times}   x{growth:<5.2} {memory:>6}x   {found}", shape.0);
    Ok(())
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    if let [flag, file] = words.as_slice()
        && flag == "--file"
    {
        match std::fs::read(file) {
            Ok(input) => report(&input),
            Err(error) => eprintln!("{file}: {error}"),
        }
        return ExitCode::SUCCESS;
    }
    if let [flag, name, bytes] = words.as_slice()
        && flag == "--measure"
        && let Some(shape) = SHAPES.iter().find(|shape| shape.0 == name)
    {
        measure(shape, bytes.parse().unwrap_or_default());
        return ExitCode::SUCCESS;
    }
    let only = words.first().filter(|word| *word != "all");
    let kilobytes = words.get(1).and_then(|size| size.parse().ok()).unwrap_or(10_000.0);
    println!("{:20}{:>8}{:>8}{:>8}{:>8}   growth  memory   outcomes form", format!("{kilobytes} KB"), "x0.1", "x0.2", "x0.5", "x1");
    for shape in SHAPES.iter().filter(|shape| only.is_none_or(|only| shape.0 == only)) {
        if let Err(error) = row(shape, kilobytes) {
            println!("{:20}{error}", shape.0);
        }
    }
    ExitCode::SUCCESS
}
