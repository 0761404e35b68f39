//! Objects as programs print them: Python's `{'email': None}`, JavaScript's `{ email: 'x' }`, Ruby's `{"email"=>"x"}`, made into JSON.

use serde_json::Value;

/// The first such object or list at a line's beginning. `None` where there is none, or it does not become JSON.
pub(super) fn document(text: &str) -> Option<Value> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let head = line.trim_start();
        if head.starts_with('{') || head.starts_with("[{") || head.trim_end() == "[" {
            return serde_json::from_str(&json(text.get(at + line.len() - head.len()..)?)?).ok();
        }
        at += line.len();
    }
    None
}

/// Rewrites one object or list as JSON, up to its closing bracket.
fn json(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len() + 64);
    let mut rest = text;
    let mut depth = 0usize;
    while let Some(first) = rest.chars().next() {
        match first {
            '\'' | '"' | '`' => rest = string(&mut out, rest, first)?,
            '{' | '[' => {
                depth += 1;
                out.push(first);
                rest = rest.get(1..)?;
            }
            '}' | ']' => {
                drop_comma(&mut out);
                out.push(first);
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(out);
                }
                rest = rest.get(1..)?;
            }
            ',' | ':' => {
                out.push(first);
                rest = rest.get(1..)?;
            }
            '=' => {
                out.push(':');
                rest = rest.strip_prefix("=>")?;
            }
            _ if first.is_whitespace() => rest = rest.get(first.len_utf8()..)?,
            _ => rest = word(&mut out, rest)?,
        }
    }
    None
}

/// A comma before a closing bracket is allowed everywhere but in JSON.
fn drop_comma(out: &mut String) {
    if out.ends_with(',') {
        out.pop();
    }
}

/// A string in any quotes, with the pieces that `+` joins to it; gives what follows.
fn string<'t>(out: &mut String, text: &'t str, quote: char) -> Option<&'t str> {
    let joined = out.ends_with('"') && out.len() > 1;
    if joined {
        out.pop();
    } else {
        out.push('"');
    }
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            _ if c == quote => {
                out.push('"');
                let after = text.get(at + 1..)?;
                return Some(after.trim_start().strip_prefix('+').map_or(after, str::trim_start));
            }
            '\\' => escape(out, chars.next()?.1),
            '"' => out.push_str("\\\""),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    None
}

fn escape(out: &mut String, c: char) {
    match c {
        'n' | 'r' | 't' | '"' | '\\' | '/' | 'u' => out.extend(['\\', c]),
        'x' => out.push_str("\\u00"),
        _ => out.push(c),
    }
}

/// A key without quotes, a number, or a name of a constant; gives what follows.
fn word<'t>(out: &mut String, text: &'t str) -> Option<&'t str> {
    let fits = |c: &char| c.is_alphanumeric() || matches!(c, '_' | '$' | '-' | '.' | '+');
    let length: usize = text.chars().take_while(fits).map(char::len_utf8).sum();
    let (word, rest) = text.split_at_checked(length).filter(|(word, _)| !word.is_empty())?;
    let number = word.parse::<f64>().is_ok() && word.starts_with(|c: char| c.is_ascii_digit() || c == '-');
    let key = rest.trim_start().starts_with(':');
    match word {
        "true" | "True" if !key => out.push_str("true"),
        "false" | "False" if !key => out.push_str("false"),
        "null" | "None" | "nil" | "undefined" | "NaN" if !key => out.push_str("null"),
        // Python's bytes: the string follows.
        "b" | "u" if rest.starts_with(['\'', '"']) => {}
        _ if number && !key => out.push_str(word),
        _ => out.extend(["\"", word, "\""]),
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_objects() {
        let python = document("{'email': 'pat@example.com', 'reason': '550 it\\'s \"gone\"', 'ok': None, 'n': 1,}").unwrap();
        assert_eq!((python["reason"].as_str(), python["n"].as_u64()), (Some("550 it's \"gone\""), Some(1)));
        let script = document("{\n  email: 'pat@example.com',\n  response: '550 a\\n' +\n    '550 b',\n  list: [ 'x' ]\n}").unwrap();
        assert_eq!((script["response"].as_str(), script["list"][0].as_str()), (Some("550 a\n550 b"), Some("x")));
        let ruby = document("{\"email\"=>\"pat@example.com\", \"n\"=>nil}").unwrap();
        assert_eq!(ruby["email"].as_str(), Some("pat@example.com"));
        for other in ["{'pat@example.com': (550, b'no')}", "{", "[x", "{ code: [Object: null] }", "text"] {
            assert!(document(other).is_none(), "{other}");
        }
    }
}
