//! Loading: wherever the folder stands, whatever the host says of it, and what is told when it fails.

use browser_tests::{Outcome, Server, browse, browse_as, dist};

#[test]
fn the_page_starts_at_the_root_with_headers() {
    browse(async move |page| {
        let loaded = page.open("").await?;
        assert!(
            loaded.iter().all(|url| url.starts_with(&page.server.url()) || url.starts_with("data:") || url.starts_with("blob:")),
            "{loaded:#?}"
        );
        Ok(())
    });
}

#[test]
fn the_page_starts_below_a_path_with_a_space_and_without_headers() {
    browse_as(Server::bare(&dist(), "/a b/sub/"), async move |page| {
        page.open("").await?;
        let hits = page.server.hits();
        assert!(hits.iter().all(|path| path.starts_with("/a b/sub/")), "{hits:#?}");
        Ok(())
    });
}

#[test]
fn what_was_typed_before_the_start_is_taken_over() {
    browse(async move |page| {
        // The box is there before any program: type into it as soon as the document is parsed.
        page.before("document.addEventListener('readystatechange', () => { const box = document.getElementById('in'); if (box && !box.value) box.value = '550 5.1.1 User unknown'; }, { once: true })").await?;
        page.open("").await?;
        let text = page.until("the box of the page", "const box = document.querySelector('#app #in'); return box && box.value").await?;
        assert_eq!(text, "550 5.1.1 User unknown");
        Ok(())
    });
}

#[test]
fn a_missing_program_is_named() -> Outcome {
    failing("missing", "worker", "HTTP 404", |path| std::fs::remove_file(path))
}

#[test]
fn html_in_place_of_a_program_is_named() -> Outcome {
    failing("html", "app", "not as WebAssembly", |path| std::fs::write(path, "<!doctype html>"))
}

#[test]
fn opened_as_a_file_it_says_what_it_needs() {
    browse(async move |page| {
        page.browser.goto(format!("file://{}", dist().join("index.html").display())).await?;
        page.until(
            "the hint",
            "const hint = document.querySelector('.late'); return hint && getComputedStyle(hint).visibility === 'visible'",
        )
        .await?;
        assert!(page.text(".late").await?.contains("open it from a web server"));
        page.forgive();
        Ok(())
    });
}

#[test]
fn without_wasm_it_says_that_the_browser_is_too_old() {
    browse(async move |page| {
        page.before("delete window.WebAssembly").await?;
        page.browser.goto(page.server.url()).await?;
        assert!(page.text("#failed").await?.contains("too old"));
        assert_eq!(page.js("return document.getElementById('in').disabled").await?, false, "the box stays");
        page.forgive();
        Ok(())
    });
}

/// Breaks the wasm of the program `name` in a copy of the page; expects the words of a failure that names the file.
fn failing(folder: &str, name: &str, words: &'static str, harm: fn(&std::path::Path) -> std::io::Result<()>) -> Outcome {
    let copy = std::env::temp_dir().join(format!("undelivered-{folder}-{}", std::process::id()));
    std::fs::create_dir_all(&copy)?;
    let mut broken = String::new();
    for entry in std::fs::read_dir(dist())? {
        let entry = entry?;
        let to = copy.join(entry.file_name());
        std::fs::copy(entry.path(), &to)?;
        let file = entry.file_name().to_string_lossy().into_owned();
        if file.starts_with(name) && file.ends_with(".wasm") {
            harm(&to)?;
            broken = file;
        }
    }
    browse_as(Server::start(&copy, "/", 0), async move |page| {
        page.browser.goto(page.server.url()).await?;
        let told = page.text("#failed").await?;
        assert!(told.contains(&broken) && told.contains(words), "{told}");
        page.forgive();
        Ok(())
    });
    Ok(std::fs::remove_dir_all(copy)?)
}
