//! `cargo bench --bench decode`: replies and mails a second on one thread, the whole way and the rules alone.
//!
//! The texts are the rules' own examples and the composed mails of `tests/mails`, so that anyone can run it.

use std::hint::black_box;

use divan::counter::ItemsCount;
use undelivered::judge::pack::{Pack, rule_file};
use undelivered::{judge, read};

fn main() {
    divan::main();
}

fn replies() -> Vec<String> {
    rule_file().rule.into_iter().flat_map(|rule| rule.hits).collect()
}

/// Text in, whole verdict out: words, steps, evidence.
#[divan::bench]
fn decode_replies(bencher: divan::Bencher) {
    let texts = replies();
    bencher
        .counter(ItemsCount::new(texts.len()))
        .bench_local(|| texts.iter().for_each(|text| drop(black_box(undelivered::decode_text(text)))));
}

/// Reading alone: where are the replies, who said them?
#[divan::bench]
fn read_replies(bencher: divan::Bencher) {
    let texts = replies();
    bencher.counter(ItemsCount::new(texts.len())).bench_local(|| texts.iter().for_each(|text| drop(black_box(read::read_text(text)))));
}

/// The rules alone: which one wins?
#[divan::bench]
fn rank_replies(bencher: divan::Bencher) {
    let pack = Pack::built_in();
    let notices: Vec<_> = replies().iter().map(|text| read::read_text(text)).collect();
    bencher
        .counter(ItemsCount::new(notices.len()))
        .bench_local(|| notices.iter().for_each(|notice| drop(black_box(judge::ranking(notice, pack)))));
}

/// Building the matchers: the wait before the first answer.
#[divan::bench]
fn compile_rules() -> Pack {
    Pack::new(rule_file(), Default::default()).expect("the rules compile")
}
