//! Every reader on texts that were harmed on purpose: no panic, and what is said of a text holds in it.
//!
//! Runs for a few seconds each; `UNDELIVERED_FUZZ_SECONDS` sets how many. For long runs, with optimisation and all checks:
//! `UNDELIVERED_FUZZ_SECONDS=600 cargo test --profile fuzz --test fuzz`. An input that fails is made small and printed.

mod seeds;

use std::cell::{Cell, RefCell};
use std::fmt;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, TestRunner};
use seeds::Seed;
use undelivered::read::{self, Notice, Span, client, event, log, mail, transcript};
use undelivered::verdict::{Action, Address, Bucket, Confidence, Decoded, Form, Permanence};

/// Bytes of a fuzzed input, at most.
const LIMIT: usize = 200_000;

/// An input; it prints as a byte string that can be pasted into a test.
#[derive(Clone)]
struct Input(Vec<u8>);

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "b\"{}\"", self.0.escape_ascii())
    }
}

/// One harm; the places are shares of the input's length.
#[derive(Clone, Debug)]
enum Harm {
    /// A stretch of another seed in place of a stretch.
    Splice(Index, Index, usize, Vec<u8>),
    Truncate(Index),
    Behead(Index),
    /// A stretch again and again.
    Repeat(Index, usize, usize),
    Flip(Index, u8),
    Insert(Index, Vec<u8>),
    /// Every such byte by others: line ends, quotes, separators.
    Replace(u8, Vec<u8>),
    /// The same text in UTF-16, a lone surrogate in it.
    Wide(bool, Index),
}

/// Bytes that programs stumble over.
fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let short = select(vec![
        "\0",
        "\u{202e}",
        "\u{feff}",
        "\r",
        "\r\n",
        "\n\n",
        "\n",
        "\t",
        "\u{2028}",
        "\u{130}",
        "\u{1e9e}",
        "\u{df}",
        "\u{3a3}",
        "e\u{301}",
        "\u{1f680}",
        "\u{fb03}",
        "@",
        "<",
        ">",
        "\"",
        "'",
        "\\",
        "\\u",
        "\\ud83d",
        "\\x",
        "=?utf-8?B?",
        "=?utf-8?Q?=",
        "?=",
        "=",
        "=\n",
        "%",
        "&",
        "&#",
        "&#x110000;",
        "<!--",
        "-->",
        "--b",
        "--b--",
        "{",
        "}",
        "[",
        "]",
        ":",
        ";",
        ",",
        "-> ",
        "550 ",
        "550-5.1.1 ",
        "5.1.1",
        "5.1.1.",
        "999.999.999",
        "550 5.1.1 <",
        "said: ",
        "smtp; ",
        "host ",
        "Status: ",
        "Final-Recipient: rfc822; ",
        "Content-Type: message/rfc822\n\n",
        "Content-Type: multipart/mixed; boundary=b\n\n",
        "charset=",
        "utf-7",
        "utf-16",
        "iso-2022-jp",
        "+AAA-",
        "\u{1b}$B",
        "\u{1b}(B",
        "From ",
        "\nFrom x\nA: b\n\n",
        ">>> RCPT",
        "<<< 550",
        "....",
        "(reason: ",
        "Diagnostic-Code: ",
        "[192.0.2.1]",
        "::ffff:1",
        "\u{ff1a}",
        "\u{914d}",
    ]);
    let long = (
        select(vec![
            "x",
            " ",
            "@",
            "a@",
            "<",
            ">",
            "> ",
            "\n",
            "\n>",
            "550 ",
            "\u{130}",
            "[",
            "{\"a\":",
            "[{\"a\":",
            "--b\nContent-Type: message/rfc822\n\n",
            "u@example.com, ",
            "<u@example.com>: ",
            "-",
            "=",
            "\\",
            "\"",
            "(",
            "&",
        ]),
        1..100_000_usize,
    );
    let long = long.prop_map(|(unit, bytes)| unit.repeat((bytes / unit.len()).max(1)).into_bytes());
    prop_oneof![
        12 => short.prop_map(|text| text.as_bytes().to_vec()),
        2 => proptest::collection::vec(any::<u8>(), 1..8),
        1 => long,
        1 => (1..3000_usize).prop_map(|count| (0..count).map(|n| format!("Final-Recipient: rfc822; u{n}@example.com\nAction: failed\n\n")).collect::<String>().into_bytes()),
    ]
}

fn harm(seeds: Vec<Vec<u8>>) -> impl Strategy<Value = Harm> {
    let place = any::<Index>;
    prop_oneof![
        3 => (place(), place(), 1..400_usize, select(seeds)).prop_map(|(at, from, length, other)| Harm::Splice(at, from, length, other)),
        1 => place().prop_map(Harm::Truncate),
        1 => place().prop_map(Harm::Behead),
        2 => (place(), 1..200_usize, 2..40_usize).prop_map(|(at, length, times)| Harm::Repeat(at, length, times)),
        3 => (place(), any::<u8>()).prop_map(|(at, bits)| Harm::Flip(at, bits)),
        6 => (place(), hostile()).prop_map(|(at, bytes)| Harm::Insert(at, bytes)),
        1 => (select(b"\n\r :@<>\"{}[].-;=".to_vec()), hostile()).prop_map(|(byte, by)| Harm::Replace(byte, by)),
        1 => (any::<bool>(), place()).prop_map(|(big, at)| Harm::Wide(big, at)),
    ]
}

impl Harm {
    fn apply(&self, bytes: &mut Vec<u8>) {
        let place = |at: &Index, bytes: &[u8]| at.index(bytes.len() + 1);
        match self {
            Self::Splice(at, from, length, other) => {
                let (at, from) = (place(at, bytes), place(from, other));
                let stretch = &other[from..(from + length).min(other.len())];
                let end = (at + length).min(bytes.len());
                bytes.splice(at..end, stretch.iter().copied());
            }
            Self::Truncate(at) => bytes.truncate(place(at, bytes)),
            Self::Behead(at) => drop(bytes.drain(..place(at, bytes))),
            Self::Repeat(at, length, times) => {
                let at = place(at, bytes);
                let end = (at + length).min(bytes.len());
                let again = bytes[at..end].repeat(*times);
                bytes.splice(at..at, again);
            }
            Self::Flip(at, bits) => {
                let at = place(at, bytes);
                bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= bits);
            }
            Self::Insert(at, more) => {
                let at = place(at, bytes);
                bytes.splice(at..at, more.iter().copied());
            }
            Self::Replace(byte, by) => {
                let by = &by[..by.len().min(64)];
                *bytes = bytes.split(|other| other == byte).collect::<Vec<_>>().join(by);
            }
            Self::Wide(big, at) => {
                let mut units: Vec<u16> = String::from_utf8_lossy(bytes).encode_utf16().collect();
                units.insert(at.index(units.len() + 1), 0xd83d);
                *bytes = units.iter().flat_map(|unit| if *big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect();
            }
        }
        bytes.truncate(LIMIT);
    }
}

/// Seeds with up to eight harms.
fn harmed(seeds: Vec<Seed>) -> impl Strategy<Value = Input> {
    let bytes: Vec<Vec<u8>> = seeds.into_iter().map(|(_, bytes)| bytes).collect();
    let harms = proptest::collection::vec(harm(bytes.clone()), 0..8);
    (select(bytes), harms).prop_map(|(mut bytes, harms)| {
        harms.iter().for_each(|harm| harm.apply(&mut bytes));
        Input(bytes)
    })
}

/// Plays a target for as long as was asked for, and tells how many inputs it saw. The slowest one is left in a file.
fn play(name: &str, seeds: Vec<Seed>, target: fn(&[u8])) {
    assert!(!seeds.is_empty(), "{name} has no seeds");
    let seconds = std::env::var("UNDELIVERED_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(2.5);
    let deadline = Instant::now() + Duration::from_secs_f64(seconds);
    let strategy = harmed(seeds);
    let (inputs, slowest) = (Cell::new(0_u64), RefCell::new((Duration::ZERO, Vec::new())));
    while Instant::now() < deadline {
        let config = Config { cases: 32, failure_persistence: None, max_shrink_iters: 4000, ..Config::default() };
        let outcome = TestRunner::new(config).run(&strategy, |input| {
            let begun = Instant::now();
            target(&input.0);
            inputs.set(inputs.get() + 1);
            let took = begun.elapsed();
            if took > slowest.borrow().0 {
                *slowest.borrow_mut() = (took, input.0);
            }
            Ok(())
        });
        outcome.unwrap_or_else(|failure| panic!("{name}: {failure}"));
    }
    let (took, input) = slowest.into_inner();
    let file = std::env::temp_dir().join(format!("undelivered-slowest-{name}"));
    let kept = std::fs::write(&file, &input).map_or_else(|error| error.to_string(), |()| file.display().to_string());
    println!("{name}: {} inputs, the slowest {:.3} s for {} bytes ({kept})", inputs.get(), took.as_secs_f64(), input.len());
}

/// Spans lie within their parts, on character boundaries.
fn holds(notice: &Notice) {
    let there = |span: &Span| notice.parts.get(span.part).is_some_and(|part| part.text.get(span.start..span.end).is_some());
    assert!(notice.parts.iter().enumerate().all(|(at, part)| part.id == at));
    for event in &notice.events {
        assert!(event.words.iter().chain(&event.around).all(there), "{event:?}");
        assert!(event.stage.as_ref().and_then(|(_, span)| span.as_ref()).is_none_or(there), "{event:?}");
    }
}

/// What the contract promises of every verdict.
fn sound(decoded: Decoded) {
    for outcome in &decoded.outcomes {
        for proof in &outcome.evidence {
            assert_eq!(decoded.parts[proof.part].text.get(proof.start..proof.end), Some(proof.quote.as_str()), "{}", proof.rule);
        }
        assert_eq!(outcome.bucket, outcome.cause.bucket());
        if outcome.action == Action::Suppress {
            assert_eq!((outcome.confidence, outcome.address, outcome.bucket), (Confidence::High, Address::Invalid, Bucket::Recipient));
            assert_ne!(outcome.permanence, Permanence::Temporary);
        }
    }
    let wide = decoded.clone().into_utf16();
    assert_eq!(decoded.outcomes.len(), wide.outcomes.len());
    assert!(serde_json::to_vec(&wide).is_ok());
}

fn text_of(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// The seeds whose form is one of these.
fn of_forms(wanted: &[Form]) -> Vec<Seed> {
    let mut seeds = seeds::forms();
    seeds.extend(seeds::samples());
    seeds.extend(seeds::mails());
    seeds.retain(|(_, bytes)| undelivered::decode(bytes).first().is_some_and(|decoded| wanted.contains(&decoded.input.form)));
    seeds
}

#[test]
fn mails() {
    let forms = [Form::DsnMail, Form::DsnText, Form::NdrMail, Form::NdrText, Form::AutoReply, Form::FeedbackReport, Form::OrdinaryMail];
    play("mails", of_forms(&forms), |bytes| {
        mail::read(bytes).iter().for_each(holds);
        mail::read_text(&text_of(bytes)).iter().for_each(holds);
        mail::split_mbox(bytes).iter().flatten().filter_map(|mail| mail::read(mail)).for_each(|notice| holds(&notice));
    });
}

#[test]
fn replies() {
    play("replies", [seeds::own_replies(), seeds::examples()].concat(), |bytes| {
        holds(&read::read_text(&text_of(bytes)));
        holds(&read::read_as(&text_of(bytes), Form::SmtpReply));
        holds(&read::read_as(&text_of(bytes), Form::Summary));
    });
}

#[test]
fn events() {
    play("events", of_forms(&[Form::EspEvent]), |bytes| event::read(&text_of(bytes)).iter().for_each(holds));
}

#[test]
fn logs() {
    play("logs", of_forms(&[Form::Log]), |bytes| log::read(&text_of(bytes)).iter().for_each(holds));
}

#[test]
fn programs() {
    play("programs", of_forms(&[Form::Transcript, Form::ClientError]), |bytes| {
        transcript::read(&text_of(bytes)).iter().for_each(holds);
        client::read(&text_of(bytes)).iter().for_each(holds);
    });
}

#[test]
fn rules() {
    const RULES: [&str; 2] = [
        "[[provider]]\nid = \"acme\"\nname = \"Acme\"\nrole = \"gateway\"\nhosts = [\"mx.acme.example\"]\nmarks = [\"acme filter\"]\n",
        "[[rule]]\nid = \"acme.dead\"\ncause = \"user_unknown\"\ntext = [\"no {addr} lives * here\", \"nobody (home|there)\"]\nalso = [\"really\"]\n\
         unless = [\"later\"]\ncode = [550]\nstatus = [\"5.1.*\"]\nretry = [15, 60, 72]\nseen = \"2026-11-21\"\nmatch = [\"550 5.1.1 really nobody home\"]\n",
    ];
    let seeds: Vec<Seed> =
        [RULES[0].to_owned(), RULES[1].to_owned(), RULES.concat()].map(|text| ("rules".to_owned(), text.into_bytes())).into();
    play("rules", seeds, |bytes| {
        let text = text_of(bytes);
        if undelivered::rules::own::read(&text).is_ok()
            && let Ok(pack) = undelivered::own::load(&text)
        {
            undelivered::decode_with(b"550 5.1.1 really nobody home", &pack).into_iter().for_each(sound);
        }
    });
}

#[test]
fn everything() {
    let seeds = [seeds::mails(), seeds::forms(), seeds::samples(), seeds::own_replies(), seeds::examples()].concat();
    play("everything", seeds, |bytes| undelivered::decode(bytes).into_iter().for_each(sound));
}
