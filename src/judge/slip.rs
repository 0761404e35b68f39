//! Slips of the hand in a recipient's domain: one edit away from a big provider's (`gmial.com`, `hotmail.con`).

/// Domains of big mailbox providers, and short neighbours of theirs that are real and no slip.
const BIG: [&str; 28] = [
    "gmail.com",
    "googlemail.com",
    "hotmail.com",
    "hotmail.co.uk",
    "hotmail.fr",
    "hotmail.de",
    "hotmail.it",
    "outlook.com",
    "live.com",
    "msn.com",
    "yahoo.com",
    "yahoo.co.uk",
    "yahoo.fr",
    "yahoo.co.jp",
    "ymail.com",
    "aol.com",
    "icloud.com",
    "comcast.net",
    "verizon.net",
    "sbcglobal.net",
    "t-online.de",
    "web.de",
    "orange.fr",
    "wanadoo.fr",
    "libero.it",
    "mail.ru",
    "yandex.ru",
    "protonmail.com",
];
const REAL: [&str; 24] = [
    "mail.com",
    "email.com",
    "gmx.com",
    "gmx.net",
    "gmx.de",
    "me.com",
    "mac.com",
    "rocketmail.com",
    "live.fr",
    "live.it",
    "live.de",
    "live.nl",
    "msn.de",
    "aol.de",
    "ymail.de",
    "yahoo.de",
    "yahoo.it",
    "yahoo.es",
    "yahoo.ca",
    "yahoo.in",
    "hotmail.es",
    "hotmail.be",
    "web.dk",
    "bol.com",
];

/// The big provider's domain that `domain` is likely a slip of; none for a real domain.
pub fn likely(domain: &str) -> Option<&'static str> {
    let domain = domain.trim_end_matches('.').to_ascii_lowercase();
    let known = BIG.contains(&domain.as_str()) || REAL.contains(&domain.as_str());
    let short = domain.len() < 7;
    if known || short || domain.len() > 20 {
        return None;
    }
    BIG.into_iter().find(|big| big.len() >= 7 && same_edge(&domain, big) && is_one_edit(domain.as_bytes(), big.as_bytes()))
}

/// Slips seldom hit the first letter; another one there is more likely another company.
fn same_edge(a: &str, b: &str) -> bool {
    a.as_bytes().first() == b.as_bytes().first()
}

/// One letter left out, added, changed, or two neighbours swapped.
fn is_one_edit(a: &[u8], b: &[u8]) -> bool {
    let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[head..], &b[head..]);
    match a.len().abs_diff(b.len()) {
        0 if a.len() >= 2 && a[0] == b[1] && a[1] == b[0] => a[2..] == b[2..],
        0 => !a.is_empty() && a[1..] == b[1..],
        1 if a.len() > b.len() => a[1..] == *b,
        1 => *a == b[1..],
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_slips_and_leaves_real_domains_alone() {
        for (slip, meant) in [
            ("gmial.com", "gmail.com"),
            ("gmail.con", "gmail.com"),
            ("hotmal.com", "hotmail.com"),
            ("yahooo.com", "yahoo.com"),
            ("outlok.com", "outlook.com"),
        ] {
            assert_eq!(likely(slip), Some(meant), "{slip}");
        }
        for real in ["gmail.com", "mail.com", "email.com", "ymail.com", "example.com", "yahoo.ca", "live.nl", "t-mobile.de"] {
            assert_eq!(likely(real), None, "{real}");
        }
    }
}
