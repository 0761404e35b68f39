//! Every test there is, in the order in which they are cheap.

use std::process::Command;
use std::time::Instant;

use crate::{Result, cargo, module, run, setup, site};

const WASM: [&str; 5] = ["--locked", "--target", "wasm32-unknown-unknown", "--no-default-features", "--features=page,desk,module"];

/// Sets up and runs them all; the first failure ends it.
///
/// # Errors
/// The step that failed and its command.
pub fn all() -> Result<()> {
    let begun = Instant::now();
    let (tools, browser) = step("set-up", || {
        setup::lint_tools()?;
        Ok((setup::build_tools()?, setup::browser()?))
    })?;
    step("format", || run(cargo().args(["fmt", "--all", "--", "--check"])))?;
    step("lints", || run(lint().args(["--workspace", "--all-targets", "--locked", "--", "-D", "warnings"])))?;
    step("lints for wasm", || run(lint().args(WASM).args(["--bins", "--", "-D", "warnings"])))?;
    step("core, rules, corpus, commands", || run(cargo().args(["test", "--locked", "--workspace", "--exclude", "browser-tests"])))?;
    step("core in wasm, in a browser", || run(wasm_tests(&mut cargo(), &tools, &browser)?))?;
    step("the page's build", || site::build_with(&tools))?;
    step("the module's build", || module::build_with(&tools))?;
    step("the page and the module in a browser", || run(page_tests(&mut cargo(), &browser)))?;
    println!("\ntest result: ok. every step passed; finished in {:.0} s", begun.elapsed().as_secs_f64());
    Ok(())
}

/// Says a step's name before it and its time after it.
fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("\n== {name}");
    let begun = Instant::now();
    let done = work().map_err(|error| format!("{name}: {error}"))?;
    println!("== {name}: ok, {:.0} s", begun.elapsed().as_secs_f64());
    Ok(done)
}

fn lint() -> Command {
    let mut command = cargo();
    command.arg("clippy");
    command
}

fn wasm_tests<'a>(cargo: &'a mut Command, tools: &setup::Tools, browser: &setup::Browser) -> Result<&'a mut Command> {
    cargo.arg("test").args(WASM).args(["--test", "rules", "--test", "articles", "--test", "charsets"]);
    cargo.env("PATH", tools.path()?).env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner");
    cargo.env("WASM_BINDGEN_USE_DEDICATED_WORKER", "1");
    Ok(with_browser(cargo, browser))
}

/// Two browsers at a time: each test has its own.
fn page_tests<'a>(cargo: &'a mut Command, browser: &setup::Browser) -> &'a mut Command {
    cargo.args(["test", "--locked", "--package", "browser-tests", "--", "--test-threads", "2"]);
    with_browser(cargo, browser)
}

fn with_browser<'a>(command: &'a mut Command, browser: &setup::Browser) -> &'a mut Command {
    command.env("CHROME", &browser.chrome).env("CHROMEDRIVER", &browser.driver)
}
