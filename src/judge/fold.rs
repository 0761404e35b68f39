//! Letters without their marks: receivers write `não`, `nao` and, decomposed, `na\u{303}o`.

/// Letters with marks, each line with the letter that they stand for. Capitals have been lowered before.
const MARKED: [(char, &str); 21] = [
    ('a', "àáâãäåāăąǎ"),
    ('c', "çćĉċč"),
    ('d', "ďđ"),
    ('e', "èéêëēĕėęě"),
    ('g', "ĝğġģ"),
    ('h', "ĥħ"),
    ('i', "ìíîïĩīĭįı"),
    ('j', "ĵ"),
    ('k', "ķ"),
    ('l', "ĺļľŀł"),
    ('n', "ñńņňŉ"),
    ('o', "òóôõöøōŏő"),
    ('r', "ŕŗř"),
    ('s', "śŝşšș"),
    ('t', "ţťŧț"),
    ('u', "ùúûüũūŭůűų"),
    ('w', "ŵ"),
    ('y', "ýÿŷ"),
    ('z', "źżž"),
    ('\u{435}', "\u{451}"),
    ('\u{438}', "\u{439}"),
];

/// The letter that a lower-case character stands for; none for a mark that stands by itself.
pub fn fold(c: char) -> Option<char> {
    match c {
        '\u{300}'..='\u{36f}' => None,
        '\u{e0}'..='\u{21b}' | '\u{439}' | '\u{451}' => {
            Some(MARKED.iter().find(|(_, marked)| marked.contains(c)).map_or(c, |(letter, _)| *letter))
        }
        c => Some(c),
    }
}

/// A lower-case text without marks.
pub fn folded(text: &str) -> String {
    text.chars().filter_map(fold).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_marks_off() {
        assert_eq!(folded("boîte pleine, não, na\u{303}o, przepełniona, kullanıcı"), "boite pleine, nao, nao, przepelniona, kullanici");
        assert_eq!(folded("größe, пользователь, 用户"), "große, пользователь, 用户");
    }
}
