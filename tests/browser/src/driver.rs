//! Starting and ending a driver and its browser.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use thirtyfour::prelude::*;
use tokio::task::LocalSet;
use xtask::setup::find_browser;

use crate::{Outcome, Page, Server, Value, dist, json};

const FLAGS: [&str; 11] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--window-size=1366,900",
];

/// How often chromedriver is asked to start.
const STARTS: u32 = 4;

/// A running chromedriver; it ends with this value.
pub struct Driver {
    process: Child,
    port: u16,
}

impl Driver {
    /// Starts chromedriver on a free port, which it chooses and tells. It gives up where another program takes that port first, so it is
    /// asked again.
    ///
    /// # Errors
    /// Where there is none, or it does not start.
    pub fn start() -> Outcome<Self> {
        (1..STARTS).find_map(|_| Self::start_once().ok()).map_or_else(Self::start_once, Ok)
    }

    fn start_once() -> Outcome<Self> {
        let browser = find_browser().ok_or("no Chromium with chromedriver on PATH: `cargo xtask test` installs them")?;
        let mut process = Command::new(browser.driver).arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let said = process.stdout.take().ok_or("chromedriver has no output")?;
        let mut lines = BufReader::new(said).lines().map_while(Result::ok);
        let port = lines.find_map(|line| line.split("successfully on port ").nth(1)?.trim_end_matches('.').parse().ok());
        // Its later words are read and dropped, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        let Some(port) = port else {
            drop(process.kill());
            drop(process.wait());
            return Err("chromedriver did not start".into());
        };
        Ok(Self { process, port })
    }

    /// A fresh headless browser with an empty profile.
    ///
    /// # Errors
    /// Where Chromium does not start.
    pub async fn browser(&self) -> Outcome<WebDriver> {
        let mut wants = DesiredCapabilities::chrome();
        if let Some(browser) = find_browser() {
            wants.set_binary(&browser.chrome.to_string_lossy())?;
        }
        for flag in FLAGS {
            wants.add_arg(flag)?;
        }
        let all: Value = json!({ "browser": "ALL", "performance": "ALL" });
        wants.set("goog:loggingPrefs", all)?;
        Ok(WebDriver::new(format!("http://127.0.0.1:{}", self.port), wants).await?)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// Runs a test on the page as a host with our headers serves it.
///
/// # Panics
/// Where the test fails.
pub fn browse<T: Future<Output = Outcome> + 'static>(test: impl FnOnce(Page) -> T + 'static) {
    browse_as(Server::start(&dist(), "/", 0), test);
}

/// Runs a test on the page as this server serves it, asks the closing questions, and ends the browser in any case.
///
/// # Panics
/// Where the test fails.
pub fn browse_as<T: Future<Output = Outcome> + 'static>(server: xtask::Result<Server>, test: impl FnOnce(Page) -> T + 'static) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let outcome: Outcome = LocalSet::new().block_on(&runtime, async move {
        let driver = Driver::start()?;
        let browser = driver.browser().await?;
        let page = Page::new(browser.clone(), server?);
        // A task of its own, so that a failed assertion still ends the browser.
        let run = tokio::task::spawn_local(async move {
            page.prepare().await?;
            test(page.clone()).await?;
            page.closing().await
        });
        let outcome = run.await;
        browser.quit().await?;
        outcome.unwrap_or_else(|panic| Err(panic.to_string().into()))
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
