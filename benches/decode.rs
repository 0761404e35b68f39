//! `cargo bench --bench decode`: replies and mails a second on one thread, the whole way and the rules alone.
//!
//! The texts are the rules' own examples and the composed mails of `tests/mails`, so that anyone can run it.

use std::collections::HashMap;
use std::hint::black_box;

use divan::counter::ItemsCount;
use undelivered::judge::mask::{Mask, Seen};
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

fn notices() -> Vec<read::Notice> {
    replies().iter().map(|text| read::read_text(text)).collect()
}

/// The rules alone: what an analysis counts.
#[divan::bench]
fn brief_replies(bencher: divan::Bencher) {
    let (pack, notices) = (Pack::built_in(), notices());
    let brief = |notice: &read::Notice| notice.events.iter().for_each(|event| drop(black_box(judge::brief(event, &notice.parts, pack))));
    bencher.counter(ItemsCount::new(notices.len())).bench_local(|| notices.iter().for_each(brief));
}

/// The rules with every sentence of the verdict.
#[divan::bench]
fn judge_replies(bencher: divan::Bencher) {
    let (pack, notices) = (Pack::built_in(), notices());
    bencher
        .counter(ItemsCount::new(notices.len()))
        .bench_local(|| notices.iter().for_each(|notice| drop(black_box(judge::judge(notice.clone(), pack)))));
}

/// Templates alone.
#[divan::bench]
fn mask_replies(bencher: divan::Bencher) {
    let (mask, texts) = (Mask::new(Pack::built_in()), replies());
    let (mut template, mut seen) = (String::new(), Seen::default());
    bencher.counter(ItemsCount::new(texts.len())).bench_local(|| {
        texts.iter().for_each(|text| {
            mask.template(text, &mut template, &mut seen);
            black_box(&template);
        });
    });
}

/// Templates, and the verdict of each that was judged before: how an analysis meets most replies.
#[divan::bench]
fn mask_and_recall_replies(bencher: divan::Bencher) {
    let (pack, mask, texts) = (Pack::built_in(), Mask::new(Pack::built_in()), replies());
    let (mut template, mut seen, mut known) = (String::new(), Seen::default(), HashMap::new());
    bencher.counter(ItemsCount::new(texts.len())).bench_local(|| {
        for text in &texts {
            mask.template(text, &mut template, &mut seen);
            if let Some(verdict) = known.get(&template) {
                black_box(verdict);
                continue;
            }
            let notice = read::read_text(&template);
            let verdict = notice.events.first().map(|event| judge::brief(event, &notice.parts, pack));
            known.insert(template.clone(), verdict);
        }
    });
}

/// The wait before the first template.
#[divan::bench]
fn build_the_mask() -> Mask {
    Mask::new(Pack::built_in())
}

/// Building the matchers: the wait before the first answer.
#[divan::bench]
fn compile_rules() -> Pack {
    Pack::new(rule_file(), Default::default()).expect("the rules compile")
}
