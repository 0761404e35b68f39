//! Delimited text as the reader wants it: RFC 4180, or Excel's way.

use std::borrow::Cow;

use crate::analysis::order::Profile;

/// A table in the making; what is written is taken out in pieces.
#[derive(Debug)]
pub struct Table {
    profile: Profile,
    text: String,
}

impl Table {
    /// Empty but for the mark that Excel wants at the beginning.
    pub fn new(profile: Profile) -> Self {
        let text = if profile == Profile::Excel { "\u{feff}".into() } else { String::new() };
        Self { profile, text }
    }

    /// Appends a row.
    pub fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) {
        for (column, cell) in cells.into_iter().enumerate() {
            if column > 0 {
                self.text.push(',');
            }
            push_cell(&mut self.text, &guarded(cell, self.profile));
        }
        self.text.push_str("\r\n");
    }

    /// What was written since the last time.
    pub fn take(&mut self) -> String {
        std::mem::take(&mut self.text)
    }
}

fn push_cell(text: &mut String, cell: &str) {
    if cell.contains([',', '"', '\n', '\r', ';', '\t']) || cell.starts_with(' ') || cell.ends_with(' ') {
        text.push('"');
        text.push_str(&cell.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(cell);
    }
}

/// A spreadsheet would take some cells for a formula, a number or a date. An apostrophe before them keeps them text. A platform gets
/// every value exactly as it was.
fn guarded(cell: &str, profile: Profile) -> Cow<'_, str> {
    let harmful = match profile {
        Profile::Platform => false,
        Profile::Generic => is_formula(cell),
        Profile::Excel => is_formula(cell) || is_spoiled(cell),
    };
    if harmful { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// What Excel, LibreOffice and Google Sheets evaluate; white space before it does not stop all of them.
fn is_formula(cell: &str) -> bool {
    let first = cell.trim_start().chars().next();
    first.is_some_and(|c| matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠')) || cell.starts_with(['\t', '\r', '\n'])
}

/// Long ids lose digits, `007` its zeros, `12E5` becomes a number and `5.1.1` a date.
fn is_spoiled(cell: &str) -> bool {
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    let numeric = cell.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'E' | b'e' | b'+'));
    numeric
        && digits > 0
        && (digits > 11 || cell.starts_with('0') && cell.len() > 1 || cell.contains(['E', 'e']) || cell.matches('.').count() == 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(profile: Profile, cells: &[&str]) -> String {
        let mut table = Table::new(profile);
        table.row(cells.iter().copied());
        table.take()
    }

    #[test]
    fn quotes_what_needs_it() {
        assert_eq!(written(Profile::Platform, &["a,b", "say \"no\"", "two\nlines", ""]), "\"a,b\",\"say \"\"no\"\"\",\"two\nlines\",\r\n");
    }

    #[test]
    fn no_cell_becomes_a_formula_but_a_platform_gets_it_as_it_was() {
        for cell in ["=1+1", "+49", "-2", "@SUM(A1)", " =cmd", "\tx", "＝1"] {
            let guarded = written(Profile::Excel, &[cell]);
            assert!(guarded.trim_start_matches(['\u{feff}', '"']).starts_with('\''), "{guarded:?}");
            assert!(written(Profile::Generic, &[cell]).trim_start_matches('"').starts_with('\''));
            assert!(!written(Profile::Platform, &[cell]).contains('\''));
        }
    }

    #[test]
    fn ids_and_codes_stay_text_in_excel() {
        for cell in ["123456789012", "007", "12E5", "5.1.1"] {
            assert_eq!(written(Profile::Excel, &[cell]), format!("\u{feff}'{cell}\r\n"));
        }
        assert_eq!(written(Profile::Excel, &["550", "42.5", "user"]), "\u{feff}550,42.5,user\r\n");
    }
}
