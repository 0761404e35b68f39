//! Codes taken apart: what each digit says, and what the whole is registered as. Data: `src/text/codes.toml`.

use std::collections::BTreeMap;

use serde::Deserialize;

/// What stands before, the digit meant, and what stands after it.
pub type Slice = (String, String, String);

/// The digits of a reply code (`550`) or the fields of an enhanced code (`5.7.1`); empty for anything else.
pub fn slices(code: &str) -> Vec<Slice> {
    match code.split('.').collect::<Vec<_>>()[..] {
        [reply] if is_number(reply) && reply.len() == 3 => {
            (0..3).map(|i| (reply[..i].into(), reply[i..=i].into(), reply[i + 1..].into())).collect()
        }
        [class, subject, detail] if [class, subject, detail].iter().all(|field| is_number(field)) => vec![
            (String::new(), class.into(), format!(".{subject}.{detail}")),
            (format!("{class}."), subject.into(), format!(".{detail}")),
            (format!("{class}.{subject}."), detail.into(), String::new()),
        ],
        _ => Vec::new(),
    }
}

fn is_number(field: &str) -> bool {
    (1..=3).contains(&field.len()) && field.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a rule's status pattern (`5.7.*`) covers this enhanced code.
pub fn covers(pattern: &str, code: &str) -> bool {
    let (mut patterns, mut fields) = (pattern.split('.'), code.split('.'));
    loop {
        match (patterns.next(), fields.next()) {
            (None, None) => return true,
            (Some(p), Some(f)) if p == "*" || p == f => {}
            _ => return false,
        }
    }
}

/// The whole of `codes.toml`.
#[derive(Debug, Deserialize)]
pub struct CodeBook {
    reply_class: BTreeMap<String, Digit>,
    reply_subject: BTreeMap<String, Digit>,
    enhanced_class: BTreeMap<String, Digit>,
    enhanced_subject: BTreeMap<String, Digit>,
    /// By code: `550`.
    pub reply: BTreeMap<String, Entry>,
    /// By subject and detail: `7.1`.
    pub enhanced: BTreeMap<String, Entry>,
}

/// What one digit says.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Digit {
    pub name: String,
    pub text: String,
}

impl Digit {
    /// Name and text in a line, the text to its first full stop where it is to be short; a name that the text repeats is left out.
    pub fn line(&self, short: bool) -> String {
        let text = if short { self.text.split_inclusive(". ").next().unwrap_or_default().trim() } else { &self.text };
        match text {
            "" => self.name.clone(),
            text if text.to_lowercase().starts_with(&self.name.to_lowercase()) => text.into(),
            text => format!("{}. {text}", self.name),
        }
    }
}

/// What a code is registered or used as.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Entry {
    pub title: String,
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    pub rfc: String,
    /// Whose private code it is, where no standard has it.
    #[serde(default)]
    pub by: String,
    /// Causes that receivers express with it.
    #[serde(default)]
    pub uses: Vec<String>,
    /// What to beware of.
    #[serde(default)]
    pub note: String,
}

impl CodeBook {
    /// What is known of a whole code, `550` or `5.7.1`.
    pub fn entry(&self, code: &str) -> Option<&Entry> {
        match code.split_once('.') {
            Some((_, rest)) => self.enhanced.get(rest),
            None => self.reply.get(code),
        }
    }

    /// Each digit of a code with what it says; the last one says what the whole code says.
    pub fn explain(&self, code: &str) -> Vec<(Slice, Digit)> {
        let (classes, subjects) =
            if code.contains('.') { (&self.enhanced_class, &self.enhanced_subject) } else { (&self.reply_class, &self.reply_subject) };
        let whole = self.entry(code).map(|entry| Digit { name: entry.title.clone(), text: entry.text.clone() });
        let unknown =
            || Digit { name: "Not registered".into(), text: "No standard gives this a meaning; it is the receiver’s own.".into() };
        let told = |n: usize, digit: &str| match n {
            0 => classes.get(digit).cloned(),
            1 => subjects.get(digit).cloned(),
            _ => whole.clone(),
        };
        let digits = slices(code).into_iter().enumerate();
        digits.map(|(n, slice)| (slice.clone(), told(n, &slice.1).unwrap_or_else(unknown))).collect()
    }

    /// Codes beside this one: of the same class and subject, then the same with another class.
    pub fn near(&self, code: &str) -> Vec<String> {
        let Some((class, rest)) = code.split_once('.') else {
            let head = code.get(..2).unwrap_or_default();
            return self.reply.keys().filter(|other| other.starts_with(head) && *other != code).cloned().collect();
        };
        let subject = rest.split('.').next().unwrap_or_default();
        let same = self.enhanced.keys().filter(|other| *other != rest && other.split('.').next() == Some(subject));
        let own = numbers(code).last().copied().unwrap_or_default();
        let other_class = if class == "5" { "4" } else { "5" };
        let mut near: Vec<String> = same.map(|other| format!("{class}.{other}")).collect();
        let distance = |other: &String| numbers(other).last().copied().unwrap_or_default().abs_diff(own);
        near.sort_by_key(distance);
        near.truncate(NEAR);
        near.sort_by_key(|other| numbers(other));
        near.insert(0, format!("{other_class}.{rest}"));
        near
    }
}

/// Neighbours listed with a code.
const NEAR: usize = 15;

/// The fields of a code as numbers, so that 5.7.9 comes before 5.7.10.
pub fn numbers(code: &str) -> Vec<u16> {
    code.split('.').filter_map(|field| field.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book() -> CodeBook {
        serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/codes.json"))).unwrap()
    }

    #[test]
    fn takes_codes_apart() {
        assert_eq!(slices("550")[1], ("5".into(), "5".into(), "0".into()));
        assert_eq!(slices("5.7.133")[2], ("5.7.".into(), "133".into(), String::new()));
        for other in ["", "55", "5500", "5.7", "5.7.1.2", "a.b.c", "5..1", "ééé"] {
            assert!(slices(other).is_empty(), "{other}");
        }
    }

    #[test]
    fn patterns_cover_codes() {
        assert!(covers("5.7.*", "5.7.1") && covers("5.7.1", "5.7.1"));
        assert!(!covers("5.7.1", "5.7.10") && !covers("5.7", "5.7.1"));
    }

    #[test]
    fn explains_each_digit() {
        let book = book();
        let told: Vec<String> = book.explain("5.7.1").into_iter().map(|(_, digit)| digit.name).collect();
        assert_eq!(told[..2], ["Permanent failure", "Security or policy"]);
        assert_eq!(book.explain("550")[0].1.name, "Permanent");
        assert_eq!(book.explain("5.9.99")[2].1.name, "Not registered");
        assert!(book.near("5.7.9").contains(&"4.7.9".to_string()) && book.near("550").contains(&"554".to_string()));
    }
}
