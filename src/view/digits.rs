//! A code taken apart, one digit (or field) at a time.

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

#[cfg(test)]
mod tests {
    use super::*;

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
}
