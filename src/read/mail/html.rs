//! HTML → text: enough to read a notice, linear in its size.

/// Elements that end a line.
const BLOCKS: [&str; 22] = [
    "br",
    "p",
    "div",
    "tr",
    "table",
    "li",
    "ul",
    "ol",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "pre",
    "blockquote",
    "hr",
    "title",
    "body",
    "section",
    "article",
    "dd",
];
/// Elements whose content is not text.
const HIDDEN: [&str; 2] = ["style", "script"];
/// Named character references that notices use.
const ENTITIES: [(&str, char); 16] = [
    ("nbsp", ' '),
    ("lt", '<'),
    ("gt", '>'),
    ("amp", '&'),
    ("quot", '"'),
    ("apos", '\''),
    ("auml", 'ä'),
    ("ouml", 'ö'),
    ("uuml", 'ü'),
    ("szlig", 'ß'),
    ("eacute", 'é'),
    ("egrave", 'è'),
    ("agrave", 'à'),
    ("rsquo", '\''),
    ("lsquo", '\''),
    ("ndash", '–'),
];

/// Whether pasted text is HTML source: a tag opens it, and more follow.
pub fn is_html(text: &str) -> bool {
    let top = text.trim_start().chars().take(4000).collect::<String>().to_ascii_lowercase();
    let tags = ["<html", "<body", "<div", "<p>", "<br", "<table", "<td", "<span", "</p>", "<!doctype html", "<meta", "<head"];
    let found = tags.iter().filter_map(|tag| top.find(tag));
    found.clone().count() >= 2 && found.min() < Some(200)
}

/// The text of an HTML document: blocks end lines, white space is folded, character references are resolved.
pub fn text(source: &str) -> String {
    let mut page = Page::default();
    let mut rest = source;
    while let Some(at) = rest.find('<') {
        page.words(&rest[..at]);
        rest = &rest[at..];
        rest = match tag(rest) {
            Some((name, length)) => page.tag(name, &rest[length..]),
            None => {
                page.words("<");
                &rest[1..]
            }
        };
    }
    page.words(rest);
    page.text
}

#[derive(Default)]
struct Page {
    text: String,
    preformatted: bool,
}

impl Page {
    /// Acts on a tag and returns where reading goes on.
    fn tag<'a>(&mut self, name: &str, after: &'a str) -> &'a str {
        let bare = name.trim_start_matches('/').to_ascii_lowercase();
        if HIDDEN.contains(&bare.as_str()) && !name.starts_with('/') {
            return skip_to_end(after, &bare);
        }
        if bare == "pre" {
            self.preformatted = !name.starts_with('/');
        }
        if BLOCKS.contains(&bare.as_str()) {
            let blank = matches!(bare.as_str(), "p" | "h1" | "h2" | "h3" | "table" | "title");
            self.end_line(if blank { 2 } else { 1 }, bare == "br");
        } else if bare == "td" || bare == "th" {
            self.words(" ");
        }
        after
    }

    fn end_line(&mut self, most: usize, always: bool) {
        let kept = self.text.trim_end_matches([' ', '\t']).len();
        self.text.truncate(kept);
        let ends = self.text.bytes().rev().take_while(|byte| *byte == b'\n').count();
        let missing = if always { 1.min(2 - ends.min(2)) } else { most.saturating_sub(ends) };
        if !self.text.is_empty() {
            self.text.extend(std::iter::repeat_n('\n', missing));
        }
    }

    fn words(&mut self, source: &str) {
        let mut rest = source;
        while let Some(c) = rest.chars().next() {
            let (c, length) = entity(rest).unwrap_or((c, c.len_utf8()));
            rest = &rest[length..];
            if c.is_whitespace() && c != '\u{3000}' && !self.preformatted {
                if !self.text.is_empty() && !self.text.ends_with([' ', '\n']) {
                    self.text.push(' ');
                }
            } else {
                self.text.push(c);
            }
        }
    }
}

/// The tag's name (with its slash) and its length in bytes. `<user@example.com>` is no tag.
fn tag(text: &str) -> Option<(&str, usize)> {
    if text.starts_with("<!--") {
        return Some(("!", text.find("-->").map_or(text.len(), |at| at + 3)));
    }
    let name = text[1..].trim_start_matches('/');
    let letters = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let next = name.as_bytes().get(letters).copied().unwrap_or(b'@');
    let known =
        text.starts_with("<!") || text.starts_with("<?") || letters > 0 && matches!(next, b'>' | b' ' | b'/' | b'\n' | b'\t' | b':');
    let close = text[1..].find(['<', '>']).filter(|at| known && text.as_bytes()[at + 1] == b'>')?;
    let slash = text.len() - 1 - name.len();
    Some((&text[1..1 + slash + letters], close + 2))
}

/// A character reference at the start of `text`: what it stands for and how long it is.
fn entity(text: &str) -> Option<(char, usize)> {
    let name = text.strip_prefix('&')?;
    let length = name.bytes().take(10).position(|byte| byte == b';')?;
    let (name, length) = (&name[..length], length + 2);
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        return Some((char::from_u32(code.ok()?)?, length));
    }
    ENTITIES.iter().find(|(known, _)| *known == name).map(|(_, c)| (*c, length))
}

fn skip_to_end<'a>(text: &'a str, name: &str) -> &'a str {
    let mut rest = text;
    while let Some(at) = rest.find("</") {
        rest = &rest[at + 2..];
        if rest.as_bytes().get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name.as_bytes())) {
            return rest.find('>').map_or("", |close| &rest[close + 1..]);
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_lines_and_addresses() {
        let page = "<html><style>p {x}</style><body><p>Delivery has failed</p>to <b>user@example.com</b>&nbsp;&lt;x&gt;<br>550&#32;5.1.1<br><pre>a\n  b</pre> <user@example.net>";
        assert_eq!(text(page), "Delivery has failed\n\nto user@example.com <x>\n550 5.1.1\na\n  b\n<user@example.net>");
        assert!(is_html(page));
        assert!(!is_html("<user@example.com>: 550 no"));
    }
}
