//! What a test does with a page.

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use thirtyfour::TypingData;
use thirtyfour::prelude::*;

use crate::{Outcome, Server, Value, json, none};

/// How long a condition may take to come true. Generous: a slow machine is no failure.
const PATIENCE: Duration = Duration::from_secs(20);

/// Kept by every document from its start: violations of the policy.
const WATCH: &str = "window.violations = []; document.addEventListener('securitypolicyviolation', \
                     (event) => violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));";

/// A tab of a headless browser, and the server of the page in it.
#[derive(Clone)]
pub struct Page {
    pub browser: WebDriver,
    pub server: Rc<Server>,
    forgiven: Rc<Cell<bool>>,
}

impl Page {
    pub(crate) fn new(browser: WebDriver, server: Server) -> Self {
        Self { browser, server: Rc::new(server), forgiven: Rc::default() }
    }

    pub(crate) async fn prepare(&self) -> Outcome {
        self.before(WATCH).await?;
        let rights = json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
        self.cdp("Browser.grantPermissions", rights).await?;
        Ok(())
    }

    /// The questions at the end of every test.
    pub(crate) async fn closing(&self) -> Outcome {
        if self.forgiven.get() {
            return Ok(());
        }
        let late = self.requests().await?;
        none("requests after the lock", &late.into_iter().filter(|url| !is_local(url)).collect::<Vec<_>>())?;
        none("console errors", &self.errors().await?)?;
        none("violations of the policy", &self.violations().await?)
    }

    /// Leaves out the closing questions: the test wanted errors or violations, and they may still be coming in.
    pub fn forgive(&self) {
        self.forgiven.set(true);
    }

    /// Opens the page at a place such as `#/about` and waits for the network lock. What it loaded is forgotten by [`Page::requests`]
    /// and returned.
    ///
    /// # Errors
    /// Where it does not come so far.
    pub async fn open(&self, place: &str) -> Outcome<Vec<String>> {
        self.browser.goto(format!("{}{place}", self.server.url())).await?;
        self.until("the network lock", "return performance.getEntriesByName('locked').length").await?;
        self.until("the page", "return !document.getElementById('shell')").await?;
        self.requests().await
    }

    /// Sends a command of the Chrome DevTools Protocol.
    ///
    /// # Errors
    /// What the browser says against it.
    pub async fn cdp(&self, method: &str, params: Value) -> Outcome<Value> {
        Ok(self.browser.cdp().send_raw(method, params).await?)
    }

    /// A script for every document before its own.
    ///
    /// # Errors
    /// What the browser says against it.
    pub async fn before(&self, script: &str) -> Outcome {
        self.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": script })).await?;
        Ok(())
    }

    /// Runs a function body in the page and gives what it returns.
    ///
    /// # Errors
    /// What it throws.
    pub async fn js(&self, script: &str) -> Outcome<Value> {
        Ok(self.browser.execute(script, vec![]).await?.json().clone())
    }

    /// As [`Page::js`], with arguments.
    ///
    /// # Errors
    /// What it throws.
    pub async fn call(&self, script: &str, arguments: Vec<Value>) -> Outcome<Value> {
        Ok(self.browser.execute(script, arguments).await?.json().clone())
    }

    /// As [`Page::js`] for a function body that awaits.
    ///
    /// # Errors
    /// What it throws.
    pub async fn js_async(&self, script: &str, arguments: Vec<Value>) -> Outcome<Value> {
        let script = format!(
            "const tell = arguments[arguments.length - 1]; (async (...given) => {{ {script} }})(...arguments).then((done) => \
             tell([done]), (error) => tell(String(error)))"
        );
        match self.browser.execute_async(script, arguments).await?.json() {
            Value::Array(done) => Ok(done.first().cloned().unwrap_or_default()),
            thrown => Err(thrown.to_string().into()),
        }
    }

    /// Waits until a function body returns something true.
    ///
    /// # Errors
    /// Where it never does; `what` names it.
    pub async fn until(&self, what: &str, script: &str) -> Outcome<Value> {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            let found = self.js(script).await?;
            if !matches!(&found, Value::Null | Value::Bool(false)) && found != 0 && found != "" {
                return Ok(found);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let seen = self.js("return document.body.innerText.slice(0, 2000)").await?;
        Err(format!("waited {PATIENCE:?} for {what}; the page shows: {seen}").into())
    }

    /// The text of the first element that a selector finds, spaces as shown; waits for it.
    ///
    /// # Errors
    /// Where none appears.
    pub async fn text(&self, selector: &str) -> Outcome<String> {
        let script = format!("const found = document.querySelector({}); return found && found.innerText.trim()", json!(selector));
        Ok(self.until(selector, &script).await?.as_str().unwrap_or_default().to_owned())
    }

    /// Presses keys in whatever has the focus, modifiers first.
    ///
    /// # Errors
    /// Where the browser does not answer.
    pub async fn press(&self, modifiers: &[Key], keys: impl Into<TypingData>) -> Outcome {
        let down = modifiers.iter().fold(self.browser.action_chain(), |chain, key| chain.key_down(key.clone()));
        let typed = down.send_keys(keys);
        modifiers.iter().fold(typed, |chain, key| chain.key_up(key.clone())).perform().await?;
        Ok(())
    }

    /// Puts a text on the clipboard, empties the paste box and pastes with the keyboard.
    ///
    /// # Errors
    /// Where one of these is refused.
    pub async fn paste(&self, text: &str) -> Outcome {
        self.js_async("await navigator.clipboard.writeText(given[0])", vec![json!(text)]).await?;
        self.js("const box = document.getElementById('in'); box.focus(); box.select()").await?;
        self.press(&[Key::Control], "v").await
    }

    /// Chooses one of the samples by its place in the list, from 0.
    ///
    /// # Errors
    /// Where there is none.
    pub async fn sample(&self, number: usize) -> Outcome {
        self.browser.find(By::Css(format!("#sample option[value='{number}']"))).await?.click().await?;
        Ok(())
    }

    /// Waits for the card of a cause and gives what it says beside its side-heads, such as `Action`.
    ///
    /// # Errors
    /// Where no such card appears.
    pub async fn card(&self, cause: &str) -> Outcome<Card> {
        let script = format!(
            "const facts = document.querySelector('article.sheet dl.facts'); const cause = facts && facts.querySelector('code');
             return cause && cause.innerText === {} && Object.fromEntries([...facts.children].map((fact) =>
                 [fact.children[0].innerText, fact.children[1].innerText]))",
            json!(cause)
        );
        Ok(Card(self.until(&format!("the card of {cause}"), &script).await?))
    }

    /// A mark of the element that has the focus: its id, else its text.
    ///
    /// # Errors
    /// Where the browser does not answer.
    pub async fn focused(&self) -> Outcome<String> {
        let found = self.js("const on = document.activeElement; return on.id || on.innerText || on.tagName").await?;
        Ok(found.as_str().unwrap_or_default().to_owned())
    }

    /// Drops a file on the middle of the window.
    ///
    /// # Errors
    /// Where the browser does not answer.
    pub async fn drop_file(&self, path: &std::path::Path) -> Outcome {
        let event = |kind: &str| {
            let data = json!({ "items": [], "files": [path], "dragOperationsMask": 1 });
            json!({ "type": kind, "x": 400, "y": 300, "data": data })
        };
        for kind in ["dragEnter", "dragOver"] {
            self.cdp("Input.dispatchDragEvent", event(kind)).await?;
        }
        // The page says that it takes the file; a pointer moves on until then, and so does this.
        self.until("the invitation to drop", "return document.querySelector('.box.drag')").await?;
        for kind in ["dragOver", "drop"] {
            self.cdp("Input.dispatchDragEvent", event(kind)).await?;
        }
        Ok(())
    }

    /// Sets the size of the window's inside, as on a device with one dot a pixel.
    ///
    /// # Errors
    /// Where the browser does not answer.
    pub async fn size(&self, width: u32, height: u32) -> Outcome {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.cdp("Emulation.setDeviceMetricsOverride", size).await?;
        Ok(())
    }

    /// Sets media features such as `prefers-color-scheme`.
    ///
    /// # Errors
    /// Where the browser does not answer.
    pub async fn media(&self, features: &[(&str, &str)]) -> Outcome {
        let features: Vec<Value> = features.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        self.cdp("Emulation.setEmulatedMedia", json!({ "features": features })).await?;
        Ok(())
    }

    /// Leaves a picture of the whole page in `target/shots`, for people to look at.
    ///
    /// # Errors
    /// Where it cannot be taken or written.
    pub async fn shot(&self, name: &str) -> Outcome {
        let taken = self.cdp("Page.captureScreenshot", json!({ "captureBeyondViewport": true })).await?;
        let png = BASE64_STANDARD.decode(taken["data"].as_str().unwrap_or_default())?;
        let dir = xtask::top().join("target/shots");
        std::fs::create_dir_all(&dir)?;
        Ok(std::fs::write(dir.join(format!("{name}.png")), png)?)
    }

    /// The addresses asked for since the last call.
    ///
    /// # Errors
    /// Where the browser does not answer.
    pub async fn requests(&self) -> Outcome<Vec<String>> {
        let log = self.browser.get_log("performance").await?;
        let events = log.iter().filter_map(|entry| serde_json::from_str::<Value>(&entry.message).ok());
        let asked = events.filter(|event| event["message"]["method"] == "Network.requestWillBeSent");
        Ok(asked.filter_map(|event| event["message"]["params"]["request"]["url"].as_str().map(str::to_owned)).collect())
    }

    /// The errors and warnings on the console since the last call, thrown ones included.
    ///
    /// # Errors
    /// Where the browser does not answer.
    pub async fn errors(&self) -> Outcome<Vec<String>> {
        let log = self.browser.get_log("browser").await?;
        let bad = log.into_iter().filter(|entry| entry.level == "SEVERE" || entry.level == "WARNING");
        Ok(bad.map(|entry| entry.message).collect())
    }

    /// What the policy stopped in this document.
    ///
    /// # Errors
    /// Where the browser does not answer.
    pub async fn violations(&self) -> Outcome<Vec<String>> {
        let found = self.js("return window.violations || []").await?;
        Ok(found.as_array().into_iter().flatten().map(ToString::to_string).collect())
    }
}

/// The six facts of a card.
#[derive(Debug)]
pub struct Card(Value);

impl Card {
    /// The fact under a heading, empty where there is none.
    #[must_use]
    pub fn fact(&self, heading: &str) -> &str {
        self.0[heading].as_str().unwrap_or_default()
    }
}

/// Addresses that never leave the browser.
fn is_local(url: &str) -> bool {
    url.starts_with("blob:") || url.starts_with("data:")
}
