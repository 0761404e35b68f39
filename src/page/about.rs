//! What the page can reach, how to check that, and what it is made of.

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use yew::prelude::*;

use super::hand::Hands;
use super::keys::KeyList;
use super::text::{help, section};
use crate::verdict::Tool;

/// How many files this page has fetched, before and after the lock; the browser's own count.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Requests {
    pub before: usize,
    pub after: usize,
    pub locked: bool,
}

impl Requests {
    /// Reads the browser's resource timing.
    pub fn count() -> Self {
        let locked_at = entries("mark").find(|entry| text(entry, "name") == "locked").map(|entry| number(&entry, "startTime"));
        let mut count = Self { locked: locked_at.is_some(), ..Self::default() };
        for entry in
            entries("resource").filter(|entry| !text(entry, "name").starts_with("blob:") && !text(entry, "name").starts_with("data:"))
        {
            match locked_at {
                Some(at) if number(&entry, "startTime") > at => count.after += 1,
                _ => count.before += 1,
            }
        }
        count
    }

    /// One line for the footer.
    pub fn line(self) -> String {
        match (self.locked, self.after) {
            (false, _) => "Still loading; the network is locked once all is here".into(),
            (true, 1) => "1 request since load, network locked".into(),
            (true, n) => format!("{n} requests since load, network locked"),
        }
    }
}

fn entries(kind: &str) -> impl Iterator<Item = JsValue> {
    let found = web_sys::window().and_then(|window| window.performance()).map(|performance| performance.get_entries_by_type(kind));
    found.unwrap_or_default().into_iter()
}

fn text(entry: &JsValue, key: &str) -> String {
    Reflect::get(entry, &key.into()).ok().and_then(|value| value.as_string()).unwrap_or_default()
}

fn number(entry: &JsValue, key: &str) -> f64 {
    Reflect::get(entry, &key.into()).ok().and_then(|value| value.as_f64()).unwrap_or_default()
}

/// The policies that stand in the document, as the browser holds them.
fn policies() -> Vec<String> {
    let document = web_sys::window().and_then(|window| window.document());
    let found = document.and_then(|document| document.query_selector_all("meta[http-equiv='Content-Security-Policy' i]").ok());
    let metas = found.into_iter().flat_map(|list| (0..list.length()).filter_map(move |n| list.item(n)));
    metas.filter_map(|meta| meta.dyn_into::<web_sys::Element>().ok()?.get_attribute("content")).collect()
}

#[derive(Properties, PartialEq)]
pub struct Props {
    pub hands: Hands,
    pub tool: Option<Tool>,
    pub letters: bool,
    /// The route is in view: the counts are read anew.
    pub shown: bool,
}

/// The page.
#[component]
pub fn About(props: &Props) -> Html {
    if !props.shown {
        return Html::default();
    }
    html! {
        <>
            <section class="intro"><h1 tabindex="-1">{ "About" }</h1><p class="muted">{ "What this page can reach, and how to check that yourself." }</p></section>
            <div class="sheet prose">
                { check(Requests::count()) }
                { section("limits", "What it does not stop", help("The limits of the claim"), limits()) }
                { section("kept", "Kept", help("On this device"), kept(&props.hands)) }
                { section("keys", "Keys", Html::default(), html! { <KeyList hands={props.hands.clone()} letters={props.letters} /> }) }
                { build(props.tool.as_ref()) }
                { section("licences", "Licences", Html::default(), licences()) }
            </div>
        </>
    }
}

fn check(count: Requests) -> Html {
    let since = if count.after == 1 { "1 request" } else { &format!("{} requests", count.after) };
    let lock = if count.locked {
        html! { <><b>{ since }{ " since the lock" }</b>{ format!(", {} before it.", count.before) }</> }
    } else {
        html! { "the lock is not yet on." }
    };
    let matter = html! {
        <>
            <ol>
                <li>{ "Open the developer tools, tab Network. Paste a bounce. The list stays empty." }</li>
                <li>{ "Turn the network off. Paste another one. It decodes." }</li>
                <li>{ "This page’s own count, from the browser’s resource timing: " }{ lock }</li>
                <li>{ "The policies in force, as the browser holds them. They add up: what one of them forbids is forbidden." }</li>
            </ol>
            { for policies().into_iter().map(|policy| html! { <pre class="raw policy" tabindex="0" aria-label="Content-Security-Policy">{ policy.replace("; ", ";\n") }</pre> }) }
        </>
    };
    section("check", "Check it", help("That nothing leaves"), matter)
}

fn limits() -> Html {
    html! {
        <>
            <p>{ "Once the lock is on, no fetch, beacon, image, font, form or socket can leave this page or its worker, not even to the server that it came from. The lock cannot be lifted without loading the page anew." }</p>
            <p>{ "Two doors no such policy shuts: leaving the page (a link that you click) and WebRTC. No code here uses either beyond the links you see. Browser extensions are out of our reach." }</p>
        </>
    }
}

fn kept(hands: &Hands) -> Html {
    let forget = {
        let hands = hands.clone();
        Callback::from(move |_: MouseEvent| hands.forget_choices())
    };
    html! {
        <>
            <p>{ "Your choice of colours and of single-letter keys once you make one, and your own rules where you tick that box. No text, no file, no history; nothing that you paste gets into the address or the window’s title." }</p>
            <p><button type="button" onclick={forget}>{ "Forget everything" }</button></p>
        </>
    }
}

fn build(tool: Option<&Tool>) -> Html {
    let rules = tool.map(|tool| tool.rules.clone()).unwrap_or_else(|| env!("UNDELIVERED_RULES").into());
    let matter = html! {
        <dl class="kv">
            <div><dt>{ "App" }</dt><dd class="mono">{ env!("CARGO_PKG_VERSION") }</dd></div>
            <div><dt>{ "Rules" }</dt><dd class="mono">{ rules }</dd></div>
        </dl>
    };
    section("build", "Build", Html::default(), matter)
}

fn licences() -> Html {
    html! {
        <>
            <p>{ "Undelivered is free software under the MIT licence or the Apache licence 2.0, as you choose." }</p>
            <p>{ "It is built with yew, wasm-bindgen, web-sys, gloo, serde, serde-wasm-bindgen, aho-corasick and mail-parser, each under the MIT licence, the Apache licence 2.0, or both (aho-corasick: MIT or Unlicense)." }</p>
            <p>{ "Code meanings come from RFC 5321, RFC 3463 and the IANA registry of enhanced status codes; each rule names its own source." }</p>
        </>
    }
}
