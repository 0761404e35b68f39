//! What the project's commands are made of; the browser tests use the server and the finders of [`setup`].

pub mod check;
pub mod hosts;
pub mod module;
pub mod seal;
pub mod serve;
pub mod setup;
pub mod site;

use std::path::{Path, PathBuf};
use std::process::Command;

/// An error is a sentence for the person at the terminal; where there is a cure it names the exact command.
pub type Result<T> = std::result::Result<T, String>;

/// The project's top folder.
#[must_use]
pub fn top() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// The cargo that runs us.
#[must_use]
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(top());
    command
}

/// Says the command, runs it and waits for it.
///
/// # Errors
/// Where it cannot be started or ends with a failure.
pub fn run(command: &mut Command) -> Result<()> {
    let said = said(command);
    println!("$ {said}");
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{said}` failed ({status})")),
        Err(error) => Err(format!("`{said}` could not be started: {error}")),
    }
}

/// The command as one would type it, the program without its folder.
fn said(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned();
    command.get_args().fold(program, |line, word| {
        let word = word.to_string_lossy();
        if word.contains(' ') { format!("{line} '{word}'") } else { format!("{line} {word}") }
    })
}

/// Reads a text file, naming it where that fails.
fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Writes a file, naming it where that fails.
fn write(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}
