//! `cargo xtask serve | test | dist | module`: each does its own set-up first.

use std::path::Path;
use std::process::ExitCode;

use xtask::{Result, check, module, serve::Server, site, top};

const USAGE: &str = "\
cargo xtask serve [--port N]   build the page and serve it (port 8080)
cargo xtask test               run every test: core, rules, corpus, wasm, the page in a browser
cargo xtask dist               leave the page in dist/, ready for any web server
cargo xtask module             leave the JavaScript module in dist-module/
Each installs what it needs and finds missing.";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["serve"] => serve("8080"),
        ["serve", "--port", port] => serve(port),
        ["test"] => check::all(),
        ["dist"] => site::build().map(|_| ()),
        ["module"] => module::build().map(|_| ()),
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Builds and serves until interrupted.
fn serve(port: &str) -> Result<()> {
    let port = port.parse().map_err(|_| format!("`{port}` is not a port"))?;
    let dist = site::build()?;
    let server = Server::start(&dist, "/", port)?;
    println!("\nServing {} on {} (Ctrl+C ends it)", relative(&dist), server.url());
    loop {
        std::thread::park();
    }
}

fn relative(path: &Path) -> String {
    path.strip_prefix(top()).unwrap_or(path).display().to_string()
}
