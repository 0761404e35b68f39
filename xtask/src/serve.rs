//! A small static server, for `cargo xtask serve` and for the browser tests. It sends what the shipped `_headers` file says.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::Result;

/// A running server; it ends with the process.
pub struct Server {
    site: Arc<Site>,
    port: u16,
}

struct Site {
    root: PathBuf,
    base: String,
    headers: String,
    hits: Mutex<Vec<String>>,
}

impl Server {
    /// Serves the folder `root` under the path `base` (begins and ends with `/`, not encoded); port 0 takes any free one.
    ///
    /// # Errors
    /// Where the port is taken.
    pub fn start(root: &Path, base: &str, port: u16) -> Result<Self> {
        Self::listen(root, base, port, headers(&fs::read_to_string(root.join("_headers")).unwrap_or_default()))
    }

    /// As [`Server::start`] on a free port, but as a host that sends no headers of ours.
    ///
    /// # Errors
    /// Where no port is free.
    pub fn bare(root: &Path, base: &str) -> Result<Self> {
        Self::listen(root, base, 0, String::new())
    }

    fn listen(root: &Path, base: &str, port: u16, headers: String) -> Result<Self> {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| format!("port {port}: {error} (choose another with --port)"))?;
        let port = listener.local_addr().map_err(|error| error.to_string())?.port();
        let site = Arc::new(Site { root: root.to_path_buf(), base: base.to_owned(), headers, hits: Mutex::default() });
        let kept = Arc::clone(&site);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let site = Arc::clone(&site);
                std::thread::spawn(move || site.answer(stream));
            }
        });
        Ok(Self { site: kept, port })
    }

    /// Where the page is.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}{}", self.port, self.site.base.replace(' ', "%20"))
    }

    /// The paths asked for so far, in order.
    #[must_use]
    pub fn hits(&self) -> Vec<String> {
        self.site.hits.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Site {
    /// One request, one answer. A client that hangs up early is its own affair.
    fn answer(&self, mut stream: TcpStream) -> Option<()> {
        stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
        let line = request_line(&stream)?;
        let mut words = line.split_whitespace();
        let (method, target) = (words.next()?, words.next()?);
        let path = decoded(target.split(['?', '#']).next()?);
        self.hits.lock().unwrap_or_else(PoisonError::into_inner).push(path.clone());
        let file = self.file(&path).and_then(|file| Some((mime(&file), fs::read(file).ok()?)));
        let (status, (mime, body)) = file.map_or_else(|| ("404 Not Found", ("text/plain", b"not found".to_vec())), |file| ("200 OK", file));
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: {mime}\r\nContent-Length: {}\r\nConnection: close\r\n{}\r\n",
            body.len(),
            self.headers
        );
        stream.write_all(head.as_bytes()).ok()?;
        if method == "HEAD" { Some(()) } else { stream.write_all(&body).ok() }
    }

    /// The file behind a path; none outside the folder.
    fn file(&self, path: &str) -> Option<PathBuf> {
        let inner = Path::new(path.strip_prefix(&self.base)?);
        let inside = inner.components().all(|part| matches!(part, Component::Normal(_)));
        let file = self.root.join(if inner.as_os_str().is_empty() { Path::new("index.html") } else { inner });
        (inside && file.is_file()).then_some(file)
    }
}

/// The first line; the rest of the head is read so that the client sees no reset.
fn request_line(stream: &TcpStream) -> Option<String> {
    let mut reader = BufReader::new(stream.take(64 << 10));
    let mut first = String::new();
    reader.read_line(&mut first).ok()?;
    let mut line = String::new();
    while reader.read_line(&mut line).ok()? > 2 {
        line.clear();
    }
    Some(first)
}

/// The lines of a `_headers` file under `/*`, as HTTP has them.
fn headers(file: &str) -> String {
    file.lines().filter(|line| line.starts_with(' ')).map(|line| format!("{}\r\n", line.trim())).collect()
}

/// Undoes percent-encoding; what is not UTF-8 names no file of ours.
fn decoded(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let code = tail.get(..2).filter(|_| first == b'%').and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        bytes.push(code.unwrap_or(first));
        rest = tail.get(if code.is_some() { 2 } else { 0 }..).unwrap_or_default();
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn mime(path: &Path) -> &'static str {
    match path.extension().and_then(|end| end.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_decoded() {
        assert_eq!(decoded("/a%20b/%C3%BC"), "/a b/ü");
        assert_eq!(decoded("/100%/%zz%2"), "/100%/%zz%2");
    }

    #[test]
    fn nothing_outside_the_folder_is_served() {
        let root = crate::top().join("xtask");
        let site = Site { root, base: "/a b/".into(), headers: String::new(), hits: Mutex::default() };
        assert!(site.file("/a b/Cargo.toml").is_some());
        for path in ["/a b/../Cargo.toml", "/a b//etc/passwd", "/Cargo.toml", "/a b/src"] {
            assert!(site.file(path).is_none(), "{path}");
        }
    }
}
