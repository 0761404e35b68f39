//! Legacy charsets give the same text natively (`encoding_rs`) and in the browser (`TextDecoder`): the same test runs in both.

#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// A charset, a text, and its bytes.
const TEXTS: [(&str, &str, &[u8]); 9] = [
    ("koi8-r", "пользователь не найден", b"\xd0\xcf\xcc\xd8\xda\xcf\xd7\xc1\xd4\xc5\xcc\xd8 \xce\xc5 \xce\xc1\xca\xc4\xc5\xce"),
    (
        "windows-1251",
        "Почтовый ящик переполнен",
        b"\xcf\xee\xf7\xf2\xee\xe2\xfb\xe9 \xff\xf9\xe8\xea \xef\xe5\xf0\xe5\xef\xee\xeb\xed\xe5\xed",
    ),
    ("shift_jis", "宛先が見つかりません", b"\x88\xb6\x90\xe6\x82\xaa\x8c\xa9\x82\xc2\x82\xa9\x82\xe8\x82\xdc\x82\xb9\x82\xf1"),
    ("iso-2022-jp", "宛先不明", b"\x1b$B08@hITL@\x1b(B"),
    ("gb18030", "用户不存在", b"\xd3\xc3\xbb\xa7\xb2\xbb\xb4\xe6\xd4\xda"),
    ("big5", "收件人不存在", b"\xa6\xac\xa5\xf3\xa4H\xa4\xa3\xa6s\xa6b"),
    (
        "euc-kr",
        "받는 사람을 찾을 수 없습니다",
        b"\xb9\xde\xb4\xc2 \xbb\xe7\xb6\xf7\xc0\xbb \xc3\xa3\xc0\xbb \xbc\xf6 \xbe\xf8\xbd\xc0\xb4\xcf\xb4\xd9",
    ),
    ("iso-8859-15", "Boîte aux lettres pleine", b"Bo\xeete aux lettres pleine"),
    ("windows-1252", "Empfänger unbekannt", b"Empf\xe4nger unbekannt"),
];

/// A failure notice with the words in one charset, which its header names.
fn notice(charset: &str, words: &[u8]) -> Vec<u8> {
    let head = format!(
        "From: Mail Delivery System <MAILER-DAEMON@mx.example.net>\r\nTo: news@example.com\r\nSubject: Undelivered Mail Returned to Sender\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
         <ann@example.org>: host mx.example.org[192.0.2.1] said: 550 5.1.1 "
    );
    [head.as_bytes(), words, b" (in reply to RCPT TO command)\r\n"].concat()
}

#[test]
fn words_are_read_in_the_charset_that_the_mail_names() {
    for (charset, text, bytes) in TEXTS {
        let decoded = undelivered::decode(&notice(charset, bytes));
        let part = decoded.iter().flat_map(|mail| &mail.parts).find(|part| part.text.contains(text));
        assert!(
            part.is_some(),
            "{charset}: {text} is not in {:?}",
            decoded.iter().flat_map(|mail| &mail.parts).map(|part| &part.text).collect::<Vec<_>>()
        );
        let outcome = decoded.first().and_then(|mail| mail.outcomes.first());
        assert_eq!(outcome.and_then(|outcome| outcome.reply.enhanced.as_deref()), Some("5.1.1"), "{charset}");
    }
}
