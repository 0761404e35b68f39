//! Bytes → text, whatever the charset and whatever was declared.
//!
//! Byte order marks, UTF-16, valid UTF-8 and the escape sequences of ISO-2022-JP prove themselves; then the declared
//! charset counts if it decodes without errors; then a guess from the bytes. Legacy tables are those of the WHATWG
//! Encoding Standard on both targets: `encoding_rs` natively, the browser's `TextDecoder` in the worker.

/// How much of a text the guess looks at.
const SAMPLE: usize = 64 * 1024;

/// The encodings of the WHATWG standard, by their lower-case names.
const NAMES: [&str; 37] = [
    "utf-8",
    "ibm866",
    "iso-8859-2",
    "iso-8859-3",
    "iso-8859-4",
    "iso-8859-5",
    "iso-8859-6",
    "iso-8859-7",
    "iso-8859-8",
    "iso-8859-8-i",
    "iso-8859-10",
    "iso-8859-13",
    "iso-8859-14",
    "iso-8859-15",
    "iso-8859-16",
    "koi8-r",
    "koi8-u",
    "macintosh",
    "windows-874",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "windows-1257",
    "windows-1258",
    "x-mac-cyrillic",
    "gbk",
    "gb18030",
    "big5",
    "euc-jp",
    "iso-2022-jp",
    "shift_jis",
    "euc-kr",
    "us-ascii",
];

/// Decodes `bytes`; `declared` is a `charset=` label. Returns the text and the IANA name (lower case) of what it was read as.
pub fn decode(bytes: &[u8], declared: Option<&str>) -> (String, &'static str) {
    let label = declared.map(|label| label.trim().trim_matches(['"', '\'']).to_ascii_lowercase()).unwrap_or_default();
    proven(bytes, &label)
        .or_else(|| trusted(bytes, &label))
        .or_else(|| legacy(bytes, guess(bytes)))
        .unwrap_or_else(|| (latin1(bytes), "windows-1252"))
}

/// What the bytes prove by themselves.
fn proven(bytes: &[u8], label: &str) -> Option<(String, &'static str)> {
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return Some((String::from_utf8_lossy(rest).into_owned(), "utf-8"));
    }
    if let Some(big) = utf16_order(bytes) {
        return Some((utf16(bytes, big), if big { "utf-16be" } else { "utf-16le" }));
    }
    if label.contains("utf-7") {
        return Some((utf7(bytes), "utf-7"));
    }
    if has_jis_escape(bytes) {
        return legacy(bytes, "iso-2022-jp");
    }
    let text = std::str::from_utf8(bytes).ok()?;
    Some((text.to_owned(), if text.is_ascii() && !label.starts_with("utf") && !label.is_empty() { "us-ascii" } else { "utf-8" }))
}

/// The declared charset, where it can be believed: labels of Latin-1 fit all bytes and so prove nothing against long runs of
/// high bytes.
fn trusted(bytes: &[u8], label: &str) -> Option<(String, &'static str)> {
    let latin =
        matches!(label, "us-ascii" | "ascii" | "iso-8859-1" | "latin1" | "windows-1252" | "cp1252" | "iso8859-1" | "ansi_x3.4-1968");
    if label.is_empty() || latin && guess(bytes) != "windows-1252" {
        return None;
    }
    legacy(bytes, label)
}

/// `Some(true)` for big endian: by the mark, or by the zero bytes of ASCII text.
fn utf16_order(bytes: &[u8]) -> Option<bool> {
    match bytes {
        [0xFF, 0xFE, ..] => return Some(false),
        [0xFE, 0xFF, ..] => return Some(true),
        _ => {}
    }
    let sample = &bytes[..bytes.len().min(512)];
    let zeros = |odd: usize| sample.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count() * 5 > sample.len() * 2;
    match (sample.len() >= 8 && zeros(0), sample.len() >= 8 && zeros(1)) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    }
}

fn utf16(bytes: &[u8], big: bool) -> String {
    let units =
        bytes.chunks_exact(2).map(|pair| if big { u16::from_be_bytes([pair[0], pair[1]]) } else { u16::from_le_bytes([pair[0], pair[1]]) });
    char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).filter(|c| *c != '\u{feff}').collect()
}

/// UTF-7 (RFC 2152): `+…-` holds UTF-16 in base64 without padding.
fn utf7(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'+' {
            text.push(char::from(byte));
            continue;
        }
        let length = rest.iter().take_while(|byte| sextet(**byte).is_some()).count();
        let (run, after) = rest.split_at(length);
        rest = after.strip_prefix(b"-").unwrap_or(after);
        if run.is_empty() { text.push('+') } else { text.push_str(&utf16(&unpack(run), true)) }
    }
    text
}

fn sextet(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

/// Base64 of any length to whole bytes; what is not base64 is skipped.
pub(super) fn unpack(run: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(run.len() * 3 / 4);
    let (mut bits, mut held) = (0u32, 0);
    for value in run.iter().filter_map(|byte| sextet(*byte)) {
        bits = bits << 6 | value;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held & 0xFF) as u8);
        }
    }
    bytes
}

/// `ESC $ B`, `ESC $ @`, `ESC ( J`, `ESC ( I`: ISO-2022-JP switches to Japanese so.
fn has_jis_escape(bytes: &[u8]) -> bool {
    bytes.windows(3).any(|three| matches!(three, [0x1B, b'$', b'B' | b'@' | b'('] | [0x1B, b'(', b'J' | b'I']))
}

/// How the high bytes of a text are spread: what a guess stands on.
#[derive(Default)]
struct Spread {
    high: usize,
    runs: usize,
    /// Lead bytes of kana in Shift_JIS (82, 83), in EUC-JP (A4, A5), of Hangul in EUC-KR (B0–C8), of common Hanzi (B0–D7).
    sjis_kana: usize,
    euc_kana: usize,
    hangul: usize,
    hanzi: usize,
    /// Second bytes below 0x80: only Big5, GBK and Shift_JIS have them.
    low_trail: usize,
    big5_lead: usize,
    pairs: usize,
    /// C0–DF and E0–FF: lower-case Cyrillic of KOI8-R and of windows-1251.
    koi: usize,
    cyrillic: usize,
}

impl Spread {
    fn of(bytes: &[u8]) -> Self {
        let mut spread = Self::default();
        let (mut at, mut end) = (0, 0);
        while let Some(&lead) = bytes.get(at) {
            if lead < 0x80 {
                at += 1;
                continue;
            }
            spread.runs += usize::from(at == 0 || at != end);
            spread.pair(lead, bytes.get(at + 1).copied().unwrap_or(b' '));
            at += 1 + usize::from(bytes.get(at + 1).is_some_and(|trail| *trail >= 0x40));
            end = at;
        }
        for byte in bytes.iter().filter(|byte| **byte >= 0x80) {
            spread.high += 1;
            spread.koi += usize::from((0xC0..=0xDF).contains(byte));
            spread.cyrillic += usize::from(*byte >= 0xE0);
        }
        spread
    }

    fn pair(&mut self, lead: u8, trail: u8) {
        self.pairs += 1;
        self.low_trail += usize::from((0x40..0x80).contains(&trail));
        self.sjis_kana += usize::from(matches!(lead, 0x82 | 0x83) && trail >= 0x40);
        self.euc_kana += usize::from(matches!(lead, 0xA4 | 0xA5) && trail >= 0xA1);
        self.hangul += usize::from((0xB0..=0xC8).contains(&lead) && trail >= 0xA1);
        self.hanzi += usize::from((0xB0..=0xD7).contains(&lead) && trail >= 0xA1);
        self.big5_lead += usize::from((0xA4..=0xC6).contains(&lead));
    }
}

/// The likeliest charset of text that is no UTF-8.
fn guess(bytes: &[u8]) -> &'static str {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let s = Spread::of(sample);
    let most = |count: usize, percent: usize| s.pairs > 0 && count * 100 >= s.pairs * percent;
    let words = s.pairs >= s.runs * 2;
    match () {
        () if most(s.sjis_kana, 20) => "shift_jis",
        () if most(s.euc_kana, 20) => "euc-jp",
        () if !words => "windows-1252",
        () if s.koi * 100 >= s.high * 75 && s.low_trail * 5 < s.pairs => "koi8-r",
        () if s.cyrillic * 100 >= s.high * 70 && s.low_trail * 5 < s.pairs => "windows-1251",
        () if most(s.low_trail, 15) && most(s.big5_lead, 60) => "big5",
        () if most(s.hangul, 85) => "euc-kr",
        () if most(s.hanzi, 50) => "gb18030",
        () => "windows-1252",
    }
}

/// ISO 8859-1, the last resort that never fails.
fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// Decodes with a table of the platform, without errors or not at all.
fn legacy(bytes: &[u8], label: &str) -> Option<(String, &'static str)> {
    let (text, name) = table(bytes, label)?;
    let name = NAMES.iter().copied().find(|known| known.eq_ignore_ascii_case(&name)).unwrap_or("unknown-8bit");
    Some((text, name))
}

#[cfg(feature = "cli")]
fn table(bytes: &[u8], label: &str) -> Option<(String, String)> {
    let encoding = encoding_rs::Encoding::for_label_no_replacement(label.as_bytes())?;
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    Some((text.into_owned(), encoding.name().to_owned()))
}

#[cfg(all(any(feature = "desk", feature = "module"), not(feature = "cli")))]
fn table(bytes: &[u8], label: &str) -> Option<(String, String)> {
    let options = web_sys::TextDecoderOptions::new();
    options.set_fatal(true);
    let decoder = web_sys::TextDecoder::new_with_label_and_options(label, &options).ok()?;
    let text = decoder.decode_with_u8_array(bytes).ok()?;
    Some((text, decoder.encoding()))
}

#[cfg(not(any(feature = "cli", feature = "desk", feature = "module")))]
fn table(_: &[u8], _: &str) -> Option<(String, String)> {
    None
}

#[cfg(all(test, feature = "cli"))]
mod tests {
    use super::*;

    fn encoded(text: &str, label: &str) -> Vec<u8> {
        encoding_rs::Encoding::for_label(label.as_bytes()).unwrap().encode(text).0.into_owned()
    }

    #[test]
    fn finds_the_charset_of_undeclared_text() {
        for (text, label) in [
            ("このメールアドレスは存在しません。メールを送信できませんでした。", "shift_jis"),
            ("このメールアドレスは存在しません。メールを送信できませんでした。", "euc-jp"),
            ("このメールアドレスは存在しません。", "iso-2022-jp"),
            ("您的邮件被退回，收件人不存在，请检查地址后重新发送。", "gb18030"),
            ("您的郵件無法傳送，收件人的信箱已滿，請稍後再試一次。", "big5"),
            ("수신자의 메일함이 가득 찼습니다. 메일을 전달할 수 없습니다.", "euc-kr"),
            ("Пользователь не найден, почтовый ящик переполнен", "koi8-r"),
            ("Пользователь не найден, почтовый ящик переполнен", "windows-1251"),
            ("Empfänger unbekannt, Postfach überfüllt", "windows-1252"),
            ("Boîte aux lettres pleine — réessayez", "utf-8"),
        ] {
            assert_eq!(
                decode(&encoded(text, label), None),
                (text.to_owned(), NAMES.iter().find(|n| **n == label).copied().unwrap()),
                "{label}"
            );
        }
    }

    #[test]
    fn does_not_believe_a_lie() {
        let text = "このメールアドレスは存在しません。";
        assert_eq!(decode(&encoded(text, "euc-jp"), Some("ISO-2022-JP")).0, text);
        assert_eq!(decode(text.as_bytes(), Some("us-ascii")).0, text);
        assert_eq!(decode(&encoded("Příjemce nenalezen", "windows-1250"), Some("windows-1250")).0, "Příjemce nenalezen");
        assert_eq!(decode(b"caf\xe9", Some("no-such-charset")), ("café".into(), "windows-1252"));
    }

    #[test]
    fn reads_utf16_and_utf7() {
        let little: Vec<u8> = "550 User unknown".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&little, None), ("550 User unknown".into(), "utf-16le"));
        assert_eq!(decode(b"\xFE\xFF\x00a\x00b", None).0, "ab");
        assert_eq!(decode(b"Hi Mom +Jjo--! 1 +- 1", Some("utf-7")).0, "Hi Mom \u{263a}-! 1 + 1");
    }
}
