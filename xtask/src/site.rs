//! The page as a folder of static files.

use std::fs;
use std::path::{Path, PathBuf};

use crate::{Result, cargo, hosts, run, seal, setup, top};

/// Sets up, builds both wasm programs and everything around them, and leaves the result in `dist/`.
///
/// # Errors
/// A sentence that says what failed.
pub fn build() -> Result<PathBuf> {
    build_with(&setup::build_tools()?)
}

/// As [`build`], with the tools at hand. The old `dist/` stays until the new one is whole.
///
/// # Errors
/// A sentence that says what failed.
pub fn build_with(tools: &setup::Tools) -> Result<PathBuf> {
    run(cargo().args(["fetch", "--locked"]))?;
    let (stage, dist) = (top().join("target/site"), top().join("dist"));
    let mut trunk = tools.command("trunk")?;
    trunk.args(["build", "--release", "--locked", "--skip-version-check", "--log", "warn", "--dist"]).arg(&stage);
    // A terminal's NO_COLOR=1 is not the true or false that trunk wants to read.
    run(trunk.env_remove("NO_COLOR").env("RUST_BACKTRACE", "0").env("CARGO_ENCODED_RUSTFLAGS", without_our_paths()))?;
    seal::seal(&stage)?;
    hosts::write(&stage)?;
    replace(&stage, &dist).map_err(|error| format!("{}: {error}", dist.display()))?;
    println!("{}", sizes(&dist).map_err(|error| error.to_string())?);
    Ok(dist)
}

/// Compiler flags that keep this machine's folders out of the programs: shorter, and the same wherever they are built.
pub(crate) fn without_our_paths() -> String {
    let flags = [(setup::cargo_home().join("registry/src"), "crates"), (top(), ".")];
    let flags: Vec<String> = flags.iter().map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display())).collect();
    flags.join("\u{1f}")
}

/// Puts a new folder in the place of an old one.
pub(crate) fn replace(from: &Path, to: &Path) -> std::io::Result<()> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    fs::rename(from, to)
}

/// What a visitor's browser loads.
const LOADED: [&str; 4] = ["html", "css", "js", "wasm"];

/// A line for each file that a visit loads, and the sum. Brotli, where the host has it, is about a tenth smaller.
fn sizes(dist: &Path) -> std::io::Result<String> {
    let mut files: Vec<PathBuf> = fs::read_dir(dist)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|path| path.extension().is_some_and(|end| LOADED.iter().any(|loaded| end == *loaded)));
    files.sort();
    let (mut text, mut raw_sum, mut packed_sum) = (String::new(), 0, 0);
    for path in &files {
        let bytes = fs::read(path)?;
        let packed = gzipped(&bytes);
        (raw_sum, packed_sum) = (raw_sum + bytes.len(), packed_sum + packed);
        text += &line(&path.file_name().unwrap_or_default().to_string_lossy(), bytes.len(), packed);
    }
    Ok(text + &line("dist/ as a visitor loads it", raw_sum, packed_sum))
}

fn line(name: &str, raw: usize, packed: usize) -> String {
    let kib = |bytes: usize| bytes.div_ceil(1024);
    format!("{name:40} {:>6} KiB {:>6} KiB gzip\n", kib(raw), kib(packed))
}

/// The size as gzip would send it: deflate and 18 bytes around.
fn gzipped(bytes: &[u8]) -> usize {
    miniz_oxide::deflate::compress_to_vec(bytes, 9).len() + 18
}
