//! Names the page's programs by their content, so that files of two releases can never mix.
//!
//! trunk does so for the style sheets and, by an earlier state of them, for the page's own program; the worker's files and
//! `boot.js` keep plain names. Here all get a name from their bytes, and both script tags an `integrity`.

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256, Sha384};

use crate::{Result, read, write};

/// Seals a folder that trunk has built.
///
/// # Errors
/// Where a file or a place in it is not as `Trunk.toml` and `boot.js` have it.
pub fn seal(dir: &Path) -> Result<()> {
    let html = read(&dir.join("index.html"))?;
    let script = between(&html, "src=\"./app-", "\"")?;
    let module = between(&html, "data-wasm=\"./app-", "\"")?;
    let (script, module) = (format!("app-{script}"), format!("app-{module}"));

    for name in ["worker_bg.wasm", &module] {
        slim(&dir.join(name))?;
    }
    let worker = rename(dir, "worker.js", "worker.js")?;
    let worker_module = rename(dir, "worker_bg.wasm", "worker.wasm")?;
    edit(&dir.join("boot.js"), &[("'worker.js'", &format!("'{worker}'")), ("'worker_bg.wasm'", &format!("'{worker_module}'"))])?;

    let app = rename(dir, &script, "app.js")?;
    let app_module = rename(dir, &module, "app.wasm")?;
    let boot = rename(dir, "boot.js", "boot.js")?;
    let tag = |name: &str| -> Result<String> { Ok(format!("src=\"./{name}\" integrity=\"{}\"", integrity(&dir.join(name))?)) };
    edit(
        &dir.join("index.html"),
        &[(&format!("src=\"./{script}\""), &tag(&app)?), ("src=\"./boot.js\"", &tag(&boot)?), (&module, &app_module)],
    )
}

/// Leaves out the custom sections of a wasm program: names of functions, a quarter of its size, that nothing reads.
/// (Cargo's `strip = true` would also drop the list of features that wasm-bindgen needs before.)
pub(crate) fn slim(path: &Path) -> Result<()> {
    let slimmed = without_custom_sections(&bytes(path)?).ok_or_else(|| format!("{} is not WebAssembly", path.display()))?;
    fs::write(path, slimmed).map_err(|error| format!("{}: {error}", path.display()))
}

/// A module is an eight-byte head and sections: an id (0 for a custom one), a length in LEB128, and that many bytes.
fn without_custom_sections(module: &[u8]) -> Option<Vec<u8>> {
    let (head, mut rest) = module.split_at_checked(8).filter(|(head, _)| head.starts_with(b"\0asm"))?;
    let mut slim = head.to_vec();
    while let Some(&id) = rest.first() {
        let digits = rest.iter().skip(1).position(|byte| byte & 0x80 == 0)? + 1;
        let length = rest.get(1..=digits)?.iter().rev().fold(0, |sum, byte| sum << 7 | usize::from(byte & 0x7f));
        let (section, more) = rest.split_at_checked(1 + digits + length)?;
        if id != 0 {
            slim.extend_from_slice(section);
        }
        rest = more;
    }
    Some(slim)
}

/// Renames `from` to `to` with a mark of its content before the ending; gives the new name.
fn rename(dir: &Path, from: &str, to: &str) -> Result<String> {
    let bytes = bytes(&dir.join(from))?;
    let mark: String = Sha256::digest(&bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let (stem, end) = to.split_once('.').unwrap_or((to, ""));
    let name = format!("{stem}-{mark}.{end}");
    fs::rename(dir.join(from), dir.join(&name)).map_err(|error| format!("{from}: {error}"))?;
    Ok(name)
}

/// Replaces every occurrence of each pair's first; each must occur.
fn edit(path: &Path, pairs: &[(&str, &str)]) -> Result<()> {
    let mut text = read(path)?;
    for (from, to) in pairs {
        if !text.contains(from) {
            return Err(format!("{} does not contain {from}", path.display()));
        }
        text = text.replace(from, to);
    }
    write(path, &text)
}

/// The value of a script tag's `integrity`, as Subresource Integrity has it.
fn integrity(path: &Path) -> Result<String> {
    Ok(format!("sha384-{}", BASE64_STANDARD.encode(Sha384::digest(bytes(path)?))))
}

fn bytes(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn between<'a>(text: &'a str, from: &str, to: &str) -> Result<&'a str> {
    let found = text.split_once(from).and_then(|(_, rest)| rest.split_once(to));
    found.map(|(inner, _)| inner).ok_or_else(|| format!("index.html has no {from}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn custom_sections_are_left_out_and_broken_modules_refused() {
        let head = b"\0asm\x01\0\0\0".as_slice();
        let long = [&[1, 0x81, 0x01][..], &[7; 129]].concat();
        let module = [head, &[0, 2, 1, b'n'], &long, &[0, 0]].concat();
        assert_eq!(without_custom_sections(&module), Some([head, &long].concat()));
        for broken in [&b"<!doctype html>"[..], b"\0asm", &[head, &[1, 0x80]].concat(), &[head, &[1, 9, 0]].concat()] {
            assert_eq!(without_custom_sections(broken), None);
        }
    }

    #[test]
    fn names_follow_the_content_and_the_html_follows_the_names() -> Result<()> {
        let dir = std::env::temp_dir().join(format!("seal-{}", std::process::id()));
        fs::create_dir_all(&dir).map_err(|error| error.to_string())?;
        let html = r#"<script src="./app-1.js"></script><script src="./boot.js" data-wasm="./app-1_bg.wasm"></script>"#;
        for (name, text) in [
            ("index.html", html),
            ("app-1.js", "a"),
            ("app-1_bg.wasm", "\0asm\u{1}\0\0\0\0\u{2}\u{1}n\u{1}\u{1}\0"),
            ("worker.js", "c"),
            ("worker_bg.wasm", "\0asm\u{1}\0\0\0"),
            ("boot.js", "['worker.js', 'worker_bg.wasm']"),
        ] {
            write(&dir.join(name), text)?;
        }
        seal(&dir)?;
        let html = read(&dir.join("index.html"))?;
        // sha256("a") = ca978112ca1bbdca…, sha256("c") = 2e7d2c03a9507ae2…
        assert!(html.contains("src=\"./app-ca978112ca1bbdca.js\" integrity=\"sha384-"), "{html}");
        let boot = format!("boot-{}", between(&html, "./boot-", "\"")?);
        assert!(read(&dir.join(boot))?.starts_with("['worker-2e7d2c03a9507ae2.js', 'worker-"));
        assert!(seal(&dir).is_err(), "a sealed folder is not sealed twice");
        fs::remove_dir_all(&dir).map_err(|error| error.to_string())
    }
}
