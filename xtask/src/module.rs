//! The JavaScript module as a folder that can be published or copied.

use std::fs;
use std::path::{Path, PathBuf};

use crate::{Result, cargo, read, run, seal, setup, site, top, write};

/// Files of `js/` that are taken as they are.
const OURS: [&str; 3] = ["undelivered.js", "undelivered.d.ts", "README.md"];

/// Sets up, compiles the module and leaves it in `dist-module/`.
///
/// # Errors
/// A sentence that says what failed.
pub fn build() -> Result<PathBuf> {
    build_with(&setup::module_tools()?)
}

/// As [`build`], with the tools at hand. The old `dist-module/` stays until the new one is whole.
///
/// # Errors
/// A sentence that says what failed.
pub fn build_with(tools: &setup::Tools) -> Result<PathBuf> {
    let (stage, dist) = (top().join("target/module"), top().join("dist-module"));
    compile(tools, &stage)?;
    let named = |name: &str| stage.join(name);
    fs::rename(named("program_bg.wasm"), named("undelivered.wasm")).map_err(|error| format!("program_bg.wasm: {error}"))?;
    seal::slim(&named("undelivered.wasm"))?;
    for name in OURS {
        write(&named(name), &read(&top().join("js").join(name))?)?;
    }
    let package = read(&top().join("js/package.json"))?.replace("{version}", &setup::locked_version("undelivered")?);
    write(&named("package.json"), &package)?;
    site::replace(&stage, &dist).map_err(|error| format!("{}: {error}", dist.display()))?;
    println!("the module is in {}", dist.display());
    Ok(dist)
}

/// The program and its glue, into an empty folder.
fn compile(tools: &setup::Tools, stage: &Path) -> Result<()> {
    const BUILD: [&str; 9] =
        ["build", "--locked", "--profile", "web", "--target", "wasm32-unknown-unknown", "--no-default-features", "--features", "module"];
    run(cargo().args(BUILD).args(["--bin", "module"]).env("CARGO_ENCODED_RUSTFLAGS", site::without_our_paths()))?;
    if stage.exists() {
        fs::remove_dir_all(stage).map_err(|error| format!("{}: {error}", stage.display()))?;
    }
    let program = target().join("wasm32-unknown-unknown/web/module.wasm");
    let mut bindgen = tools.command("wasm-bindgen")?;
    bindgen.args(["--target", "web", "--no-typescript", "--omit-default-module-path", "--out-name", "program", "--out-dir"]);
    run(bindgen.arg(stage).arg(program))
}

/// Where cargo leaves what it builds.
fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| top().join("target"), |dir| top().join(dir))
}
