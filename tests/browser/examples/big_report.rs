//! What the page needs for a large export: `cargo run -p browser-tests --example big_report -- FILE`, after `cargo xtask dist`.
//!
//! Prints seconds from the drop to the first finding and to the whole report, megabytes of the worker's memory and of the page's heap,
//! and the longest task on the page's own thread in milliseconds.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use browser_tests::{Outcome, Page, browse};

/// Seconds after which it is given up.
const PATIENCE: u64 = 900;

/// Hears of long tasks, and of the memory of each worker: it is told by a line put before the worker's own program.
const EARS: &str = r#"
    window.longest = 0;
    window.memory = 0;
    new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => { window.longest = Math.max(window.longest, duration); }))
        .observe({ type: 'longtask', buffered: true });
    new BroadcastChannel('memory').onmessage = ({ data }) => { window.memory = Math.max(window.memory, data); };
    const told = `{
        const Instance = WebAssembly.Instance;
        WebAssembly.Instance = new Proxy(Instance, { construct: (target, given) => (self.made = new target(...given)) });
        const channel = new BroadcastChannel('memory');
        setInterval(() => self.made && channel.postMessage(self.made.exports.memory.buffer.byteLength), 200);
    }`;
    const Plain = Blob;
    window.Blob = class extends Plain {
        constructor(parts, options) { super(options?.type === 'text/javascript' ? [told, ...parts] : parts, options); }
    };"#;

/// Seconds until the script finds something.
async fn until(page: &Page, begun: Instant, script: &str) -> Outcome<f64> {
    while page.js(script).await? != true {
        if begun.elapsed().as_secs() > PATIENCE {
            return Err("the page takes too long".into());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(begun.elapsed().as_secs_f64())
}

async fn measure(page: Page, file: PathBuf) -> Outcome {
    page.before(EARS).await?;
    page.open("#/report").await?;
    page.js("window.longest = 0").await?;
    page.drop_file(&file).await?;
    let begun = Instant::now();
    let first =
        until(&page, begun, "return document.body.innerText.includes('First finding') || !!document.querySelector('.finding')").await?;
    let whole = until(&page, begun, "return document.body.innerText.includes('bounce events about')").await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let figures = page.js("return [window.memory / 1e6, performance.memory.usedJSHeapSize / 1e6, window.longest].map(Math.round)").await?;
    println!("first finding {first:.1} s, report {whole:.1} s");
    println!("worker {} MB, page {} MB, longest task {} ms", figures[0], figures[1], figures[2]);
    println!("{}", page.js("return document.querySelector('.tabs ~ * p, .sheet p')?.innerText ?? ''").await?);
    Ok(())
}

fn main() {
    let Some(file) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("Which file? cargo run -p browser-tests --example big_report -- FILE");
        std::process::exit(2);
    };
    browse(async move |page| measure(page, file).await);
}
