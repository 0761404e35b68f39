//! What a file is that holds no records, and what to do about it.

/// First bytes, and a sentence for a person.
const MAGIC: [(&[u8], &str); 15] = [
    (b"%PDF", "This is a PDF, not a table. Export the bounces as CSV, or copy the text of a bounce into the decoder."),
    (b"\xd0\xcf\x11\xe0", OLD_EXCEL),
    (b"\x28\xb5\x2f\xfd", "This file is packed with zstd. Unpack it first (zstd -d FILE), then open what comes out."),
    (b"BZh", "This file is packed with bzip2. Unpack it first (bzip2 -d FILE), then open what comes out."),
    (b"\xfd7zXZ", "This file is packed with xz. Unpack it first (xz -d FILE), then open what comes out."),
    (b"Rar!", "This is a RAR archive. Unpack it first, then open the file inside."),
    (b"7z\xbc\xaf", "This is a 7-Zip archive. Unpack it first, then open the file inside."),
    (b"\x89PNG", PICTURE),
    (b"\xff\xd8\xff", PICTURE),
    (b"GIF8", PICTURE),
    (b"PAR1", "This is a Parquet file. Export it as CSV or as JSON, one object a line."),
    (b"SQLite format 3", "This is a SQLite database. Export the table as CSV."),
    (b"\0asm", PROGRAM),
    (b"\x7fELF", PROGRAM),
    (b"MZ\x90", PROGRAM),
];

const PICTURE: &str = "This is a picture, not a table. Export the bounces as CSV.";
const PROGRAM: &str = "This is a program, not a table.";
const OLD_EXCEL: &str = "This is an old Excel or Outlook file. Open it and save it again: for a sheet, File → Save As → “CSV UTF-8 (Comma delimited)”; \
    a mail belongs into the decoder.";

/// Of `.xlsx` and its relatives.
pub(super) const EXCEL: &str = "This is an Excel workbook. In Excel choose File → Save As → “CSV UTF-8 (Comma delimited) (*.csv)”, in LibreOffice \
    File → Save As → “Text CSV” with character set UTF-8, in Google Sheets File → Download → CSV; then open that file. Better still, \
    export CSV from the sending platform again: Excel changes codes, long numbers and dates.";
pub(super) const OPEN_DOCUMENT: &str =
    "This is an OpenDocument file. In LibreOffice choose File → Save As → “Text CSV” with character set UTF-8, then open that file.";
const TAR: &str = "This is a tar archive. Unpack it first (tar -xf FILE), then open the files inside; several at once are one analysis.";
const MAIL: &str = "This is a mail, not a table. Open it in the decoder, which reads one bounce, or a mailbox of them.";
const WEB_PAGE: &str = "This is a web page, not a table; some exports call one .xls. Open it in a spreadsheet and save it as CSV UTF-8.";
const XML: &str = "This is XML. Export the bounces as CSV, or as JSON.";
const BINARY: &str = "This is binary data, not a table. Export the bounces as CSV.";

/// How much is looked at.
const SAMPLE: usize = 4096;

/// Why the file has no records: by its first bytes, unpacked and, if they were UTF-16, turned into UTF-8.
pub(super) fn refuse(head: &[u8]) -> Option<&'static str> {
    let head = head.get(..head.len().min(SAMPLE)).unwrap_or_default();
    let known = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, sentence)| *sentence);
    known
        .or_else(|| (head.get(257..262) == Some(b"ustar")).then_some(TAR))
        .or_else(|| is_mail(head).then_some(MAIL))
        .or_else(|| markup(head))
        .or_else(|| is_binary(head).then_some(BINARY))
}

fn markup(head: &[u8]) -> Option<&'static str> {
    let start = head.trim_ascii_start();
    let opens = |tag: &str| start.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag.as_bytes()));
    match () {
        () if ["<!doctype html", "<html", "<table", "<body", "<meta"].into_iter().any(opens) => Some(WEB_PAGE),
        () if opens("<?xml") => Some(XML),
        () => None,
    }
}

/// Control characters that no text has. NULs may stand in a damaged text.
fn is_binary(head: &[u8]) -> bool {
    let odd = head.iter().filter(|byte| matches!(byte, 1..=8 | 14..=26 | 28..=29)).count();
    let zeros = head.iter().filter(|byte| **byte == 0).count();
    odd * 20 > head.len() || zeros * 2 > head.len()
}

/// The fields that mails begin with (RFC 5322 §3.6), and mailbox files.
fn is_mail(head: &[u8]) -> bool {
    const FIELDS: [&str; 14] = [
        "return-path",
        "received",
        "delivered-to",
        "x-original-to",
        "from",
        "to",
        "subject",
        "date",
        "message-id",
        "mime-version",
        "content-type",
        "reporting-mta",
        "final-recipient",
        "arc-seal",
    ];
    let text = String::from_utf8_lossy(head);
    let field = |line: &str| {
        let name = line.split_once(':').map(|(name, _)| name.to_ascii_lowercase()).unwrap_or_default();
        FIELDS.contains(&name.as_str()) || name.starts_with("x-")
    };
    let mut lines = text.lines().skip_while(|line| line.starts_with("From "));
    let first = lines.next().is_some_and(field);
    first && lines.take_while(|line| !line.is_empty()).take(20).any(field)
}
