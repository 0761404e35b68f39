//! Files that are not the text of a bounce, told by their first bytes and name, and what to do instead.

/// A file that cannot be read here: what it is, and the way out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alien {
    pub what: &'static str,
    pub instead: &'static str,
}

const TABLE: &str = "Save it as CSV UTF-8 and open that: the Report page reads it. Or paste the reply of one row.";

/// Longest log or JSON that is read as one text; a longer one is an export.
const TEXT_LIMIT: f64 = 200_000.0;

/// Is a file an export of many bounces by its name and size, so that the report is its place?
pub fn is_export(name: &str, bytes: f64) -> bool {
    let end = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    match end.as_str() {
        "csv" | "tsv" | "tab" | "ndjson" | "jsonl" | "gz" | "zip" | "xls" | "xlsx" | "xlsm" | "ods" => true,
        "log" | "json" => bytes > TEXT_LIMIT,
        _ => bytes > ONE_BOUNCE,
    }
}

/// No single bounce is larger.
const ONE_BOUNCE: f64 = 64.0 * 1024.0 * 1024.0;

/// Names what is not text, and what is a table, by magic number first and by file name second.
pub fn alien(name: &str, head: &[u8]) -> Option<Alien> {
    let end = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let (what, instead) = match (head, end.as_str()) {
        ([b'P', b'K', 3, 4, ..], "xlsx" | "xlsm" | "ods") | (_, "xls" | "xlsx" | "xlsm" | "ods") => ("This is a spreadsheet.", TABLE),
        ([b'P', b'K', 3 | 5, ..], _) | ([0x1f, 0x8b, ..], _) | (_, "zip" | "7z" | "rar") => {
            ("This is an archive.", "Unpack it and open the bounce that is in it.")
        }
        ([0xd0, 0xcf, 0x11, 0xe0, ..], _) | (_, "msg") => {
            ("This is an Outlook message file.", "Save the message as .eml, or copy its text and paste it here.")
        }
        ([b'%', b'P', b'D', b'F', ..], _) => ("This is a PDF.", "Save the message as .eml, or copy its text and paste it here."),
        ([0x89, b'P', b'N', b'G', ..] | [0xff, 0xd8, 0xff, ..] | [b'G', b'I', b'F', b'8', ..], _) => {
            ("This is a picture.", "Copy the text of the bounce, or save the message as .eml.")
        }
        _ => return None,
    };
    Some(Alien { what, instead })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exports_go_to_the_report() {
        for name in ["a.csv", "B.TSV", "c.csv.gz", "d.zip", "e.ndjson", "f.xlsx"] {
            assert!(is_export(name, 10.0), "{name}");
        }
        assert!(is_export("mail.log", 300_000.0) && !is_export("mail.log", 3_000.0));
        assert!(!is_export("bounce.eml", 300_000.0) && is_export("all.txt", 100_000_000.0));
    }

    #[test]
    fn tells_what_is_no_bounce() {
        assert_eq!(alien("bounces.xlsx", b"PK\x03\x04").map(|a| a.what), Some("This is a spreadsheet."));
        assert_eq!(alien("all.zip", b"PK\x03\x04").map(|a| a.what), Some("This is an archive."));
        assert_eq!(alien("bounces.CSV", b"a,b"), None, "one text, where the reader says so");
        assert_eq!(alien("x", b"%PDF-1.7").map(|a| a.what), Some("This is a PDF."));
        assert_eq!(alien("bounce.eml", b"From: "), None);
        assert_eq!(alien("", b""), None);
    }
}
