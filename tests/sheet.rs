//! Files as they come: packed, cut, damaged, in every encoding. The rows must be right, each record must be accounted for, and how the
//! bytes are cut into pieces must not matter.

use std::io::Write;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};
use proptest::prelude::*;
use undelivered::analysis::{Hints, Purpose};
use undelivered::sheet::{Item, Kind, Mark, Sheet, peek};

/// A record as a test looks at it.
#[derive(Clone, Debug, PartialEq)]
struct Seen {
    line: u64,
    number: u64,
    cells: Vec<String>,
    unreadable: Option<String>,
    other: bool,
}

fn keep(seen: &mut Vec<Seen>) -> impl FnMut(Item<'_>) {
    |item| {
        if let Item::Row(row) = item {
            let unreadable = if let Kind::Unreadable(reason) = &row.kind { Some(reason.clone()) } else { None };
            let cells = row.cells.iter().map(str::to_owned).collect();
            seen.push(Seen { line: row.line, number: row.number, cells, unreadable, other: row.kind == Kind::Other });
        }
    }
}

fn read_in(pieces: &[&[u8]], hints: &Hints) -> (Vec<Seen>, Sheet) {
    let (mut seen, mut sheet) = (Vec::new(), Sheet::new("test", hints));
    for piece in pieces {
        sheet.feed(piece, &mut keep(&mut seen));
    }
    sheet.finish(&mut keep(&mut seen));
    (seen, sheet)
}

/// The rows here are shorter than those of life: that they are of bounces is said.
fn bounces() -> Hints {
    Hints { purpose: Some(Purpose::Bounces), ..Hints::default() }
}

fn read(bytes: &[u8]) -> (Vec<Seen>, Sheet) {
    read_in(&[bytes], &bounces())
}

fn cells(seen: &[Seen]) -> Vec<Vec<&str>> {
    seen.iter().map(|row| row.cells.iter().map(String::as_str).collect()).collect()
}

fn trouble(bytes: &[u8]) -> String {
    let (seen, sheet) = read(bytes);
    assert!(seen.is_empty(), "{seen:?}");
    sheet.trouble().expect("a sentence").to_owned()
}

const TABLE: &str = "email,reason\nann@example.com,\"550 5.1.1 no such user, \"\"ann\"\"\"\nbob@example.com,452 4.2.2 full\n";

/// What [`TABLE`] says.
fn is_table(seen: &[Seen]) {
    assert_eq!(cells(seen), [["ann@example.com", "550 5.1.1 no such user, \"ann\""], ["bob@example.com", "452 4.2.2 full"]],);
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

/// A member of a zip archive: name, bytes, and how it is written.
struct Packed<'a> {
    name: &'a str,
    bytes: &'a [u8],
    stored: bool,
    streamed: bool,
    flags: u16,
}

fn packed<'a>(name: &'a str, bytes: &'a [u8]) -> Packed<'a> {
    Packed { name, bytes, stored: false, streamed: false, flags: 0 }
}

fn zip(members: &[Packed<'_>]) -> Vec<u8> {
    let mut archive = Vec::new();
    for member in members {
        let mut packer = DeflateEncoder::new(Vec::new(), Compression::default());
        packer.write_all(member.bytes).unwrap();
        let data = if member.stored { member.bytes.to_vec() } else { packer.finish().unwrap() };
        let size = (data.len() as u32).to_le_bytes();
        let flags = member.flags | if member.streamed { 8 } else { 0 };
        archive.extend_from_slice(b"PK\x03\x04\x14\0");
        archive.extend_from_slice(&flags.to_le_bytes());
        archive.extend_from_slice(if member.stored { b"\0\0" } else { b"\x08\0" });
        archive.extend_from_slice(&[0; 8]);
        archive.extend_from_slice(if member.streamed { &[0; 4] } else { &size });
        archive.extend_from_slice(&[0; 4]);
        archive.extend_from_slice(&(member.name.len() as u16).to_le_bytes());
        archive.extend_from_slice(&[0; 2]);
        archive.extend_from_slice(member.name.as_bytes());
        archive.extend_from_slice(&data);
        if member.streamed {
            archive.extend_from_slice(b"PK\x07\x08\x01\x02\x03\x04");
            archive.extend_from_slice(&[size, [0; 4]].concat());
        }
    }
    archive.extend_from_slice(b"PK\x01\x02");
    archive.extend_from_slice(&[0; 60]);
    archive
}

#[test]
fn encodings() {
    is_table(&read(TABLE.as_bytes()).0);
    is_table(&read(format!("\u{feff}{TABLE}").as_bytes()).0);
    for (bytes, name) in [(u16::to_le_bytes as fn(u16) -> [u8; 2], "utf-16le"), (u16::to_be_bytes, "utf-16be")] {
        for text in [format!("\u{feff}{TABLE}"), TABLE.to_owned()] {
            let (seen, sheet) = read(&utf16(&text, bytes));
            is_table(&seen);
            assert_eq!(sheet.found().unwrap().format.encoding, name);
        }
    }
    let (seen, _) = read(&utf16("\u{feff}reason;x\n550 5.1.1 \u{1f4e8} é;y\n", u16::to_le_bytes));
    assert_eq!(cells(&seen), [["550 5.1.1 \u{1f4e8} é", "y"]]);
    let (seen, sheet) = read(b"email,reason\nj\xfcrgen@example.com,550 Empf\xe4nger \x80\n");
    assert_eq!(cells(&seen), [["jürgen@example.com", "550 Empfänger €"]]);
    assert_eq!(sheet.found().unwrap().format.encoding, "windows-1252");
}

#[test]
fn mixed_encodings_are_read_cell_by_cell_and_said() {
    let mut bytes = TABLE.as_bytes().repeat(3000);
    bytes.extend_from_slice("Zoë,".as_bytes());
    bytes.extend_from_slice(b"550 unbekannter Empf\xe4nger\n");
    let (seen, sheet) = read(&bytes);
    assert_eq!(seen.last().unwrap().cells, ["Zoë", "550 unbekannter Empfänger"]);
    assert!(
        sheet.warnings().iter().any(|warning| warning.contains("windows-1252") && warning.contains("line 9001")),
        "{:?}",
        sheet.warnings()
    );
}

#[test]
fn a_hint_goes_before_the_bytes() {
    let hints = Hints { encoding: Some("iso-8859-2".into()), delimiter: Some(';'), ..bounces() };
    let (seen, _) = read_in(&[b"email;reason\nx@example.com;550 P\xf8\xedjemce, a\n"], &hints);
    assert_eq!(cells(&seen), [["x@example.com", "550 Příjemce, a"]]);
}

#[test]
fn delimiters_and_line_ends() {
    for delimiter in [",", ";", "\t", "|"] {
        for end in ["\n", "\r\n", "\r"] {
            let text = format!(
                "email{delimiter}n{delimiter}reason{end}a@example.com{delimiter}1{delimiter}550 no{end}{end}b@example.com{delimiter}2{delimiter}\"551{delimiter} no\"{end}"
            );
            let (seen, sheet) = read(text.as_bytes());
            let quoted = format!("551{delimiter} no");
            assert_eq!(cells(&seen), [["a@example.com", "1", "550 no"], ["b@example.com", "2", quoted.as_str()]], "{delimiter:?} {end:?}");
            assert_eq!(sheet.found().unwrap().format.delimiter.as_deref(), Some(delimiter));
            assert_eq!((seen[0].line, seen[1].line), (2, 4), "blank lines are lines and no records");
        }
    }
    is_table(&read(format!("sep=,\r\n{TABLE}").as_bytes()).0);
    let (seen, _) = read(b"sep=^\na^b,c\nd,e,f^550 no\n");
    assert_eq!((cells(&seen), seen[0].line), (vec![vec!["d,e,f", "550 no"]], 3));
}

#[test]
fn titles_above_the_table_are_passed_over() {
    let (seen, sheet) = read(b"Bounce report\nMade on 2026-11-21\n\na,b,reason\n1,2,550 no\n3,4,551 no\n5,6,552\n7,8,553\n");
    assert_eq!((seen.len(), seen[0].line, cells(&seen)[0].clone()), (4, 5, vec!["1", "2", "550 no"]));
    assert_eq!(sheet.found().unwrap().format.delimiter.as_deref(), Some(","));
}

#[test]
fn a_single_column_and_prose_are_not_cut_at_commas() {
    let (seen, sheet) = read(b"reason\n\"550 5.1.1 no such user, sorry\"\n552 full, really\n");
    assert_eq!(cells(&seen), [["550 5.1.1 no such user, sorry"], ["552 full, really"]]);
    assert_eq!(sheet.found().unwrap().format.delimiter.as_deref(), Some(""));
    let (seen, _) = read(b"550 5.1.1 no such user, sorry\n550 5.1.1 no mailbox here, ask them\n");
    assert_eq!(cells(&seen), [["550 5.1.1 no such user, sorry"], ["550 5.1.1 no mailbox here, ask them"]]);
}

#[test]
fn line_breaks_within_quotes_keep_physical_lines() {
    let (seen, _) = read(b"a,reason\n1,\"550-no\r\n550 such\nuser\"\n2,\"552 full\"\n\n3,553\n");
    assert_eq!(seen.iter().map(|row| (row.line, row.number)).collect::<Vec<_>>(), [(2, 0), (5, 1), (7, 2)]);
    assert_eq!(seen[0].cells[1], "550-no\r\n550 such\nuser");
}

#[test]
fn ragged_rows_and_stray_quotes_are_read() {
    let (seen, sheet) =
        read(b"a,b,reason\n1,2\n1,2,550 no,more,x\n1,x\"y,550 he said \"no\"\n1,\"said \"no, never\" to me\",550\n1, \"a, b\" ,550 c\n");
    assert_eq!(
        cells(&seen),
        [
            vec!["1", "2"],
            vec!["1", "2", "550 no", "more", "x"],
            vec!["1", "x\"y", "550 he said \"no\""],
            vec!["1", "said \"no, never\" to me", "550"],
            vec!["1", "a, b", "550 c"],
        ]
    );
    assert_eq!(sheet.warnings(), ["2 rows were read though they have more or fewer cells than the header, the first in line 2."]);
}

#[test]
fn quotes_may_be_escaped_by_backslashes() {
    let (seen, _) = read(b"a,reason\n1,\"550 \\\"no\\\", never\"\n2,\"551 C:\\\\\"\n");
    assert_eq!(cells(&seen), [["1", "550 \"no\", never"], ["2", "551 C:\\\\"]]);
}

#[test]
fn an_unclosed_quote_costs_one_line() {
    let (seen, sheet) = read(b"a,reason,c\n1,\"550 no,x,y\n2,551,x\n3,\"552 full\",x\n");
    assert_eq!(seen[0].unreadable.as_deref(), Some("a quote opens a cell and nothing closes it"));
    assert_eq!((seen[0].line, cells(&seen[1..])), (2, vec![vec!["2", "551", "x"], vec!["3", "552 full", "x"]]));
    assert_eq!(sheet.warnings(), Vec::<String>::new());
    // As text it makes a sound row.
    let (seen, sheet) = read(b"a,reason,c\n1,\"550 no,x\n2,551,x\n");
    assert_eq!(cells(&seen), [["1", "\"550 no", "x"], ["2", "551", "x"]]);
    assert!(sheet.warnings()[0].contains("line 2"), "{:?}", sheet.warnings());
    // Far from its end, in a file of quoted cells or of none.
    for row in ["1,\"550 no\",x\n", "1,550 no,x\n"] {
        let text = format!("a,reason,c\n{}1,\"oops,x,y\n{}", row.repeat(500), row.repeat(9000));
        let (seen, _) = read(text.as_bytes());
        let broken: Vec<u64> = seen.iter().filter(|row| row.unreadable.is_some()).map(|row| row.line).collect();
        assert_eq!((seen.len(), broken), (9501, vec![502]));
    }
}

#[test]
fn nuls_are_dropped_and_counted() {
    let (seen, sheet) = read(b"a,reason\n1\0,550 n\0o\n2,551\n");
    assert_eq!(cells(&seen), [["1", "550 no"], ["2", "551"]]);
    assert_eq!(sheet.warnings(), ["1 row was cleared of NUL characters."]);
}

#[test]
fn a_line_of_50_megabytes_is_one_unreadable_row() {
    let block = vec![b'x'; 1 << 20];
    for quote in ["", "\""] {
        let (mut seen, mut sheet) = (Vec::new(), Sheet::new("test", &bounces()));
        sheet.feed(format!("a,reason\n1,550 no\n2,{quote}").as_bytes(), &mut keep(&mut seen));
        for _ in 0..50 {
            sheet.feed(&block, &mut keep(&mut seen));
        }
        sheet.feed(b"\n3,551\n", &mut keep(&mut seen));
        sheet.finish(&mut keep(&mut seen));
        assert_eq!(seen.iter().map(|row| (row.line, row.unreadable.is_some())).collect::<Vec<_>>(), [(2, false), (3, true), (4, false)]);
    }
    let alone = block.repeat(50);
    let (seen, _) = read(&alone);
    assert_eq!(seen.iter().map(|row| row.unreadable.as_deref()).collect::<Vec<_>>(), [Some("the record is longer than 4 MiB")]);
}

#[test]
fn headers_come_again() {
    let (seen, _) = read(b"email,reason\na@example.com,550 no\nemail,reason\n,\nb@example.com,551\n");
    assert_eq!(seen.iter().map(|row| row.other).collect::<Vec<_>>(), [false, true, true, false]);
    assert_eq!(seen.last().unwrap().number, 3);
}

#[test]
fn files_without_records_say_why() {
    for (bytes, word) in [
        (&b""[..], "empty"),
        (b"\n\r\n\n", "empty"),
        (b"\xEF\xBB\xBF", "empty"),
        (b"email,reason\n", "no rows"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "picture"),
        (b"\x28\xb5\x2f\xfd\x04\0", "zstd"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "CSV UTF-8"),
        (b"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nSubject: failure notice\n\nHi", "mail"),
        (b"From MAILER-DAEMON Sat Nov 21\nFrom: x@example.com\nSubject: y\n\nz", "mail"),
        (b"<html><table><tr><td>550", "web page"),
        (b"<?xml version=\"1.0\"?><Workbook/>", "XML"),
        (b"\x01\x02\x03\x04\x05\x06\x07\x08", "binary"),
    ] {
        let said = trouble(bytes);
        assert!(said.contains(word), "{word}: {said}");
    }
}

#[test]
fn workbooks_are_recognised_in_their_zip() {
    for name in ["[Content_Types].xml", "xl/workbook.xml"] {
        let said = trouble(&zip(&[packed(name, b"<x/>"), packed("xl/sharedStrings.csv", TABLE.as_bytes())]));
        assert!(said.contains("Excel") && said.contains("CSV UTF-8"), "{said}");
    }
    let said = trouble(&zip(&[Packed { stored: true, ..packed("mimetype", b"application/vnd.oasis.opendocument.spreadsheet") }]));
    assert!(said.contains("OpenDocument"), "{said}");
}

#[test]
fn gzip_is_opened() {
    let (seen, sheet) = read(&gzip(TABLE.as_bytes()));
    is_table(&seen);
    assert_eq!(sheet.found().unwrap().format.packing.as_deref(), Some("gzip"));
    is_table(&read(&[gzip(&TABLE.as_bytes()[..20]), gzip(&TABLE.as_bytes()[20..])].concat()).0);
    assert_eq!(peek("test", &gzip(TABLE.as_bytes()), &bounces()).format.packing.as_deref(), Some("gzip"));

    let many: String = (0..20_000).map(|n| format!("a{}@example.com,550 5.1.1 no {n}\n", n * 7919 % 10_007)).collect();
    let whole = gzip(format!("email,reason\n{many}").as_bytes());
    let (seen, sheet) = read(&whole[..whole.len() / 2]);
    assert!((1000..19_999).contains(&seen.len()), "{}", seen.len());
    assert!(sheet.warnings().iter().any(|warning| warning.contains("ends too early")), "{:?}", sheet.warnings());
    let padded = [whole.clone(), vec![0; 700]].concat();
    assert_eq!((read(&padded).0.len(), read(&padded).1.warnings()), (20_000, Vec::new()));
    let followed = [whole.clone(), b"and more".to_vec()].concat();
    assert!(read(&followed).1.warnings()[0].contains("other bytes follow"));
    let mut wrong = whole.clone();
    let sum = whole.len() - 8;
    wrong[sum] ^= 1;
    assert!(read(&wrong).1.warnings()[0].contains("damaged"));
    assert!(trouble(&whole[..5]).contains("too early"));
    let named = flate2::GzBuilder::new().filename("bounces.csv").comment("of November").extra(vec![7; 40]);
    let mut packer = named.write(Vec::new(), Compression::fast());
    packer.write_all(TABLE.as_bytes()).unwrap();
    is_table(&read(&packer.finish().unwrap()).0);
    let mut damaged = whole.clone();
    let middle = whole.len() / 2;
    damaged[middle..middle + 64].fill(0xFF);
    assert!(!read(&damaged).1.warnings().is_empty());
}

#[test]
fn members_of_a_zip_are_read_one_after_another() {
    let second = b"id;reply;x\n7;550 no;y\n8;551 no;y\n";
    for streamed in [false, true] {
        let archive = zip(&[
            packed("data/", b""),
            Packed { streamed, ..packed("data/bounces.csv", TABLE.as_bytes()) },
            Packed { stored: true, ..packed("__MACOSX/._bounces.csv", b"\0\x05\x16\x07") },
            packed("readme.pdf", b"%PDF"),
            Packed { streamed, ..packed("more.txt", second) },
        ]);
        let (seen, sheet) = read(&archive);
        is_table(&seen[..2]);
        assert_eq!(cells(&seen[2..]), [["7", "550 no", "y"], ["8", "551 no", "y"]]);
        assert_eq!(seen.iter().map(|row| (row.number, row.line)).collect::<Vec<_>>(), [(0, 2), (1, 3), (2, 2), (3, 3)]);
        assert!(sheet.warnings().iter().any(|warning| warning.contains("readme.pdf")), "{:?}", sheet.warnings());
        assert_eq!(sheet.found().unwrap().format.packing.as_deref(), Some("zip"));
    }
}

#[test]
fn what_a_zip_does_not_give_is_said() {
    assert!(trouble(&zip(&[Packed { flags: 1, ..packed("bounces.csv", TABLE.as_bytes()) }])).contains("encrypted"));
    assert!(trouble(&zip(&[packed("a.pdf", b"%PDF")])).contains("a.pdf"));
    assert!(trouble(b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0").contains("empty"));
    let whole = zip(&[packed("bounces.csv", TABLE.as_bytes())]);
    let (_, sheet) = read(&whole[..whole.len() - 90]);
    assert!(sheet.warnings().iter().any(|warning| warning.contains("ends within")), "{:?}", sheet.warnings());
}

#[test]
fn a_bomb_stays_small() {
    let (mut count, mut sheet) = (0_u64, Sheet::new("test", &bounces()));
    let line = b"a@example.com,550 5.1.1 no such user here\n";
    sheet.feed(&gzip(&line.repeat(100_000)), &mut |_| count += 1);
    sheet.finish(&mut |_| count += 1);
    assert_eq!(count, 100_000);
}

#[test]
fn json_in_every_wrapping() {
    let (one, two) = (r#"{"event":"bounce","reason":"550 {no} \" x"}"#, r#"{"event":"bounce","tags":[{"a":1}],"reason":"551"}"#);
    for text in [
        format!("{one}\n{two}\n"),
        format!("{one}{two}"),
        format!("[{one},{two}]"),
        format!("[\n  {one},\n  {two}\n]\n"),
        format!("{{\"TotalCount\":2,\"Bounces\":[{one},{two}],\"paging\":{{\"next\":[{{}}]}},\"x\":1}}"),
        format!("{{\"items\":[{one}],\"paging\":{{}}}}\n{{\"items\":[{two}]}}\n"),
        format!("[{{\"Records\": [ {one} ]}}, {{\"Records\": []}}, {two}]"),
    ] {
        let (seen, sheet) = read(text.as_bytes());
        assert_eq!(cells(&seen), [[one], [two]], "{text}");
        assert_eq!(sheet.found().unwrap().format.delimiter, None);
    }
}

#[test]
fn a_broken_object_costs_itself_alone() {
    for broken in ["{\"a\":\"no end\n", "{\"a\":{\"b\":1}\n", "{\"a\":1 {\n", "oops\n"] {
        let text = format!("{{\"n\":1}}\n{broken}{{\"n\":2}}\n{{\"n\":3}}\n");
        let (seen, _) = read(text.as_bytes());
        let lines: Vec<(u64, bool)> = seen.iter().map(|row| (row.line, row.cells.is_empty())).collect();
        assert_eq!(lines, [(1, false), (2, true), (3, false), (4, false)], "{broken}");
    }
    let (seen, _) = read(b"[{\"n\":1},{\"n\":{{2},{\"n\":3}]");
    assert_eq!(cells(&seen), [vec!["{\"n\":1}"], vec![], vec!["{\"n\":3}"]]);
    let (seen, _) = read(b"[\n {\n  \"n\": 1\n },\n {\n  \"n\": 2,\n  \"m\":");
    assert_eq!(seen.iter().map(|row| (row.line, row.cells.len())).collect::<Vec<_>>(), [(2, 1), (5, 0)]);
}

#[test]
fn logs_are_lines() {
    let line = "Nov 21 10:00:00 mx postfix/smtp[7]: 1ABC: to=<ann@example.com>, relay=none, delay=1, dsn=5.1.1, status=bounced (host said: 550 no)";
    let (seen, sheet) = read(format!("{line}\r\n\r\n{line}\n").as_bytes());
    assert_eq!((cells(&seen), seen[1].line), (vec![vec![line], vec![line]], 3));
    assert_eq!(sheet.found().unwrap().format.delimiter, None);
}

#[test]
fn cut_replies_are_noticed() {
    let rows = |length: usize, count: usize| -> String {
        let reply = |n: usize| format!("550 {n} {}", "no such user in this very long reply ".repeat(10))[..length - n % 3 / 2].to_owned();
        (0..count).map(|n| format!("a{n}@example.com,{}\n", reply(n))).collect()
    };
    let warned = |text: String| read(format!("email,reason\n{text}").as_bytes()).1.warnings();
    assert!(warned(rows(255, 60)).iter().any(|warning| warning.starts_with("40 replies have exactly 255 characters")));
    assert!(warned(rows(255, 9)).is_empty());
    assert!(warned(rows(173, 60)).is_empty(), "one wording that ends alike");
}

#[test]
fn reading_goes_on_at_a_mark() {
    let rows = |from: u64| (from..5000).map(|n| format!("a{n}@example.com,\"550 é {n}\n\"\r\n")).collect::<String>();
    let text = format!("email,reason\r\n{}", rows(0));
    for bytes in [text.clone().into_bytes(), utf16(&format!("\u{feff}{text}"), u16::to_le_bytes)] {
        let (all, sheet) = read(&bytes);
        assert_eq!(sheet.marks().len(), 5);
        for mark in sheet.marks() {
            let (mut seen, mut again) = (Vec::new(), Sheet::resume(sheet.found().unwrap(), &bounces(), *mark));
            again.feed(&bytes[mark.offset.unwrap() as usize..], &mut keep(&mut seen));
            again.finish(&mut keep(&mut seen));
            assert!(seen == all[mark.number as usize..], "{mark:?} {:?}", seen.first());
        }
    }
    let whole = Mark { number: 0, line: 1, offset: Some(0) };
    let (all, sheet) = read(text.as_bytes());
    let (mut seen, mut again) = (Vec::new(), Sheet::resume(sheet.found().unwrap(), &bounces(), whole));
    again.feed(text.as_bytes(), &mut keep(&mut seen));
    again.finish(&mut keep(&mut seen));
    assert!(seen == all);
    assert!(read(&gzip(text.as_bytes())).1.marks().iter().all(|mark| mark.offset.is_none()));
}

#[test]
fn a_peek_finds_what_reading_finds() {
    for bytes in [TABLE.as_bytes().to_vec(), gzip(TABLE.as_bytes()), TABLE.as_bytes().repeat(5000)] {
        let (_, sheet) = read(&bytes);
        assert_eq!(&peek("test", &bytes[..bytes.len().min(100_000)], &bounces()), sheet.found().unwrap());
    }
}

/// Pieces of files, sound and broken.
const PIECES: [&str; 24] = [
    "email,reason\n",
    "a@example.com,550 no\n",
    "\"",
    "\"\"",
    ",",
    ";",
    "\n",
    "\r\n",
    "\r",
    "550 5.1.1 é",
    "\0",
    "\u{feff}",
    "{\"a\":\"b\"}",
    "{",
    "}",
    "[",
    "]",
    "\"items\":[",
    "\\\"",
    "status=bounced ",
    "sep=;\n",
    " ",
    "a\tb|c",
    "x\"y",
];

fn mixture() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        12 => (0..PIECES.len(), 1..4_usize).prop_map(|(piece, times)| PIECES[piece].repeat(times).into_bytes()),
        1 => prop::collection::vec(any::<u8>(), 1..9),
        1 => (0..PIECES.len(), 1000..3000_usize).prop_map(|(piece, times)| PIECES[piece].repeat(times).into_bytes()),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pieces_do_not_matter(bytes in mixture(), size in 1..70_000_usize, wrap in 0..4) {
        let bytes = match wrap {
            0 => utf16(&String::from_utf8_lossy(&bytes), u16::to_le_bytes),
            1 => gzip(&bytes),
            2 => zip(&[packed("a.csv", &bytes), packed("b.csv", &bytes)]),
            _ => bytes,
        };
        let size = if bytes.len() > 100_000 { size.max(500) } else { size };
        let (whole, sheet) = read(&bytes);
        let pieces: Vec<&[u8]> = bytes.chunks(size).collect();
        let (cut, again) = read_in(&pieces, &bounces());
        prop_assert_eq!(&whole, &cut);
        prop_assert_eq!((sheet.found(), sheet.trouble(), sheet.warnings(), sheet.marks()), (again.found(), again.trouble(), again.warnings(), again.marks()));
    }

    /// A sound table comes out as it went in.
    #[test]
    fn a_sound_table_is_read_as_written(rows in prop::collection::vec(prop::collection::vec("[a-z0-9 ,;\"\n\u{e9}]{0,12}", 3), 1..30)) {
        let mut writer = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(b"x,y,z\n".to_vec());
        rows.iter().for_each(|row| writer.write_record(row).unwrap());
        let bytes = writer.into_inner().unwrap();
        let hints = Hints { delimiter: Some(','), header: Some(true), ..bounces() };
        let (seen, _) = read_in(&[&bytes], &hints);
        prop_assert_eq!(seen.into_iter().map(|row| row.cells).collect::<Vec<_>>(), rows);
    }
}
