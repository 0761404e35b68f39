//! How long a first visit takes, with a fresh browser profile each time: `cargo run -p browser-tests --example cold_start`.
//!
//! Milliseconds after the start of navigation. The text lies in the box from the start, so `decoded` is the earliest verdict there can be.

use std::cell::RefCell;
use std::rc::Rc;

use browser_tests::{Value, browse};

const RUNS: usize = 9;

/// Types a bounce before any program has come, and notes when its card is there.
const EARLY: &str = "
    document.addEventListener('readystatechange', () => { document.getElementById('in').value = '550 5.1.1 User unknown'; }, { once: true });
    new MutationObserver((_, watch) => {
        if (document.querySelector('dl.facts')) { watch.disconnect(); performance.mark('decoded'); }
    }).observe(document, { childList: true, subtree: true });";

const TIMES: &str = "
    const at = (name) => Math.round(performance.getEntriesByName(name)[0].startTime);
    return ['first-contentful-paint', 'painted', 'locked', 'decoded'].map(at);";

fn main() {
    let runs: Rc<RefCell<Vec<Value>>> = Rc::default();
    for _ in 0..RUNS {
        let kept = Rc::clone(&runs);
        browse(async move |page| {
            page.before(EARLY).await?;
            page.open("").await?;
            page.card("user_unknown").await?;
            let times = page.js(TIMES).await?;
            kept.borrow_mut().push(times);
            Ok(())
        });
    }
    for (column, name) in ["first paint", "page", "locked", "decoded"].into_iter().enumerate() {
        let mut times: Vec<u64> = runs.borrow().iter().filter_map(|run| run[column].as_u64()).collect();
        times.sort_unstable();
        println!("{name:12} min {:>5}  median {:>5}  max {:>5}", times[0], times[times.len() / 2], times[times.len() - 1]);
    }
}
