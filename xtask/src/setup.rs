//! Set-up: reuses what is there, installs what is missing at a pinned version, and says the exact command where it may not.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::{Result, cargo, read, run, top};

const WASM: &str = "wasm32-unknown-unknown";
const TRUNK: &str = "0.21.14";

/// Everything that the page's build needs.
///
/// # Errors
/// A sentence with the command that would cure it.
pub fn build_tools() -> Result<Tools> {
    wasm_target()?;
    let bindgen = locked_version("wasm-bindgen")?;
    let dirs = [
        tool(&Pin { bin: "trunk", package: "trunk", version: TRUNK })?,
        tool(&Pin { bin: "wasm-bindgen", package: "wasm-bindgen-cli", version: &bindgen })?,
    ];
    Ok(Tools { dirs: dirs.into_iter().chain(search_path()).collect() })
}

/// Everything that the JavaScript module's build needs.
///
/// # Errors
/// A sentence with the command that would cure it.
pub fn module_tools() -> Result<Tools> {
    wasm_target()?;
    let bindgen = locked_version("wasm-bindgen")?;
    let dir = tool(&Pin { bin: "wasm-bindgen", package: "wasm-bindgen-cli", version: &bindgen })?;
    Ok(Tools { dirs: std::iter::once(dir).chain(search_path()).collect() })
}

/// The folders in which the tools of the right version stand, in front of the usual ones.
pub struct Tools {
    dirs: Vec<PathBuf>,
}

impl Tools {
    /// A command that runs in the project's top folder and finds the pinned tools first.
    ///
    /// # Errors
    /// Where no folder holds such a program.
    pub fn command(&self, name: &str) -> Result<Command> {
        let program = find(name, &self.dirs).ok_or_else(|| format!("`{name}` is not installed"))?;
        let mut command = Command::new(program);
        command.current_dir(top()).env("PATH", self.path()?);
        Ok(command)
    }

    /// The value of `PATH` that puts the pinned tools first.
    ///
    /// # Errors
    /// Where a folder's name holds the separator of `PATH`.
    pub fn path(&self) -> Result<OsString> {
        std::env::join_paths(&self.dirs).map_err(|error| error.to_string())
    }
}

/// A tool of which only one version will do.
struct Pin<'a> {
    bin: &'a str,
    package: &'a str,
    version: &'a str,
}

/// The folder that holds the tool: an installed one of the right version, else one of our own in `.tools`.
fn tool(pin: &Pin) -> Result<PathBuf> {
    let ready = |dir: &PathBuf| version(&dir.join(executable(pin.bin))).as_deref() == Some(pin.version);
    if let Some(dir) = search_path().into_iter().find(ready) {
        println!("{} {}: found in {}", pin.bin, pin.version, dir.display());
        return Ok(dir);
    }
    println!("{} {}: not found, installing it into .tools (some minutes, once)", pin.bin, pin.version);
    let root = top().join(".tools");
    install(pin, &root, &["--locked"]).or_else(|error| {
        println!("{error}; trying again with newer dependencies");
        install(pin, &root, &[])
    })?;
    Ok(root.join("bin"))
}

/// A debug build without default features: a third of the time of the usual one, the same output, and no downloads of its own.
fn install(pin: &Pin, root: &Path, more: &[&str]) -> Result<()> {
    let mut command = cargo();
    command.args(["install", pin.package, "--version", pin.version, "--debug", "--no-default-features", "--root"]);
    command.arg(root).args(more).env("CARGO_PROFILE_DEV_DEBUG", "0").env("CARGO_PROFILE_DEV_INCREMENTAL", "false");
    run(&mut command)
}

/// What `program --version` says after its name.
fn version(program: &Path) -> Option<String> {
    let said = Command::new(program).arg("--version").stderr(Stdio::null()).output().ok()?;
    String::from_utf8_lossy(&said.stdout).split_whitespace().nth(1).map(str::to_owned)
}

/// The version of a package in `Cargo.lock`.
pub(crate) fn locked_version(package: &str) -> Result<String> {
    let lock = read(&top().join("Cargo.lock"))?;
    let entry = format!("name = \"{package}\"\nversion = \"");
    let found = lock.split_once(&entry).and_then(|(_, rest)| rest.split_once('"'));
    found.map(|(version, _)| version.to_owned()).ok_or_else(|| format!("Cargo.lock has no {package}"))
}

/// The standard library for wasm, from rustup where it is missing.
fn wasm_target() -> Result<()> {
    if has_wasm_target() {
        println!("{WASM}: found");
        return Ok(());
    }
    println!("{WASM}: not found, adding it");
    let added = run(Command::new("rustup").args(["target", "add", WASM]).current_dir(top()));
    if has_wasm_target() {
        return Ok(());
    }
    let why = added.err().unwrap_or_else(|| "rustup added it to another toolchain than the one in use".to_owned());
    Err(format!(
        "{why}\nThe page is compiled to WebAssembly, which needs Rust's {WASM} target. Run `rustup target add {WASM}`; \
         without rustup, install your system's package of it (Debian: libstd-rust-dev-wasm32)."
    ))
}

fn has_wasm_target() -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let said = Command::new(rustc).args(["--print", "target-libdir", "--target", WASM]).current_dir(top()).output();
    said.is_ok_and(|said| {
        let dir = PathBuf::from(String::from_utf8_lossy(&said.stdout).trim());
        dir.read_dir().is_ok_and(|mut files| files.next().is_some())
    })
}

/// rustfmt and clippy, from rustup where they are missing.
///
/// # Errors
/// A sentence with the command that would cure it.
pub fn lint_tools() -> Result<()> {
    for name in ["fmt", "clippy"] {
        let there = cargo().args([name, "--version"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
        if there.is_ok_and(|status| status.success()) {
            continue;
        }
        let component = if name == "fmt" { "rustfmt" } else { name };
        println!("{component}: not found, adding it");
        run(Command::new("rustup").args(["component", "add", component]).current_dir(top()))?;
    }
    Ok(())
}

/// A Chromium and the driver that belongs to it.
#[derive(Debug)]
pub struct Browser {
    pub chrome: PathBuf,
    pub driver: PathBuf,
}

const CHROMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const APT: [&str; 5] = ["install", "--yes", "--no-install-recommends", "chromium", "chromium-driver"];

/// The browser for the tests: `CHROME` and `CHROMEDRIVER`, or what `PATH` holds.
#[must_use]
pub fn find_browser() -> Option<Browser> {
    let named = |key: &str| std::env::var_os(key).map(PathBuf::from).filter(|path| path.is_file());
    let dirs = search_path();
    let chrome = named("CHROME").or_else(|| CHROMES.iter().find_map(|name| find(name, &dirs)))?;
    let driver = named("CHROMEDRIVER").or_else(|| find("chromedriver", &dirs))?;
    Some(Browser { chrome, driver })
}

/// The browser for the tests, from the system's package manager where it is missing and we may.
///
/// # Errors
/// A sentence with the command that would cure it.
pub fn browser() -> Result<Browser> {
    if let Some(found) = find_browser() {
        println!("Chromium: found {} and {}", found.chrome.display(), found.driver.display());
        return Ok(found);
    }
    let cure = "install Chromium and its chromedriver (Debian: `sudo apt-get install chromium chromium-driver`), \
                or set CHROME and CHROMEDRIVER to their paths";
    if find("apt-get", &search_path()).is_none() || !is_root() {
        return Err(format!("Chromium or chromedriver not found: {cure}"));
    }
    println!("Chromium: not found, installing it with apt-get");
    run(Command::new("apt-get").arg("update"))?;
    run(Command::new("apt-get").args(APT).env("DEBIAN_FRONTEND", "noninteractive"))?;
    find_browser().ok_or_else(|| format!("apt-get brought no Chromium: {cure}"))
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|said| said.stdout.trim_ascii() == b"0")
}

/// Our own tools, then `PATH`, then cargo's folder.
fn search_path() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    [top().join(".tools/bin")].into_iter().chain(std::env::split_paths(&path)).chain([cargo_home().join("bin")]).collect()
}

/// Where cargo keeps programs and the sources of crates.
#[must_use]
pub fn cargo_home() -> PathBuf {
    std::env::var_os("CARGO_HOME").map_or_else(|| std::env::home_dir().unwrap_or_default().join(".cargo"), PathBuf::from)
}

fn find(name: &str, dirs: &[PathBuf]) -> Option<PathBuf> {
    dirs.iter().map(|dir| dir.join(executable(name))).find(|path| path.is_file())
}

fn executable(name: &str) -> String {
    format!("{name}{}", std::env::consts::EXE_SUFFIX)
}
