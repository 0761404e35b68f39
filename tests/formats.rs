use std::fs;
use undelivered::analysis::*;
use undelivered::sheet::{Item, Kind, Row, Sheet};

#[test]
fn survey() {
    let mut paths: Vec<_> = fs::read_dir("tests/exports").unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let bytes = fs::read(&path).unwrap();
        let hints = Hints { now: Some(1_795_000_000), ..Hints::default() };
        let mut sheet = Sheet::new(path.to_str().unwrap(), &hints);
        let (mut b, mut d, mut o, mut u, mut items) = (0, 0, 0, Vec::new(), Vec::new());
        let mut first: Option<Row> = None;
        {
            let mut each = |item: Item<'_>| match item {
                Item::Row(row) => match &row.kind {
                    Kind::Bounce => {
                        b += 1;
                        if first.is_none() {
                            first = Some(row.clone());
                        }
                    }
                    Kind::Delivery => d += 1,
                    Kind::Other => o += 1,
                    Kind::Unreadable(why) => u.push(format!("{}: {why}", row.line)),
                },
                other => items.push(format!("{other:?}")),
            };
            sheet.feed(&bytes, &mut each);
            sheet.finish(&mut each);
        }
        let found = sheet.found();
        println!("=== {} trouble {:?} warnings {:?}", path.display(), sheet.trouble(), sheet.warnings());
        if let Some(found) = found {
            let f = &found.format;
            println!(
                "  {} {:?} enc {} delim {:?} header {} order {:?} zone {:?} purpose {:?} open {} {}",
                f.id,
                f.confidence,
                f.encoding,
                f.delimiter,
                f.header,
                f.day_order,
                f.time_zone,
                f.purpose,
                found.day_order_open,
                found.time_zone_open
            );
            let m = serde_json::to_value(&found.mapping).unwrap();
            let m: Vec<String> = m
                .as_object()
                .unwrap()
                .iter()
                .filter(|(_, v)| !v.is_null() && v.as_array().is_none_or(|a| !a.is_empty()))
                .map(|(k, v)| format!("{k}={v}"))
                .collect();
            println!("  {}", m.join(" "));
            println!("  sure {:?}", found.sure.iter().filter(|(_, c)| format!("{c:?}") != "High").collect::<Vec<_>>());
        }
        println!("  bounces {b} deliveries {d} other {o} unreadable {u:?} items {} {:?}", items.len(), items.first());
        if let Some(row) = first {
            let e = &row.events[0];
            let words: Vec<&str> = e.words.iter().map(|s| &row.parts[s.part].text[s.start..s.end]).collect();
            println!(
                "  {:?} fate {:?} rcpt {:?} code {:?} enh {:?} label {:?} perm {:?}\n  words {words:?}",
                row.about, e.fate, e.recipient, e.smtp_code, e.enhanced, e.label, e.permanence
            );
        }
    }
}
