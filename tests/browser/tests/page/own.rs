//! The user's own rules: written, tried, put in force, kept when asked, made from a reply.

use browser_tests::{Outcome, Page, browse, json};
use thirtyfour::By;

const RULE: &str = "[[rule]]\nid     = \"own.night\"\ncause  = \"not_accepting\"\ntext   = [\"we sleep at night\"]\nmatch  = [\"554 We sleep at night.\"]\n";

/// Presses the button of these words in the page in view, once it is there.
async fn click(page: &Page, words: &str) -> Outcome {
    let script = format!(
        "const found = [...document.querySelectorAll('section.page:not([hidden]) button')].find((one) => one.innerText === {});
         if (found) found.click(); return Boolean(found)",
        json!(words)
    );
    page.until(words, &script).await?;
    Ok(())
}

/// Puts a text into the editor, as if typed.
async fn write(page: &Page, toml: &str) -> Outcome {
    if page.js("return !document.getElementById('own-text')").await? == true {
        click(page, "New rule").await?;
    }
    page.until("the editor", "return document.getElementById('own-text')").await?;
    let script = "const field = document.getElementById('own-text'); field.value = arguments[0]; field.dispatchEvent(new InputEvent('input', { bubbles: true }))";
    page.call(script, vec![json!(toml)]).await?;
    Ok(())
}

async fn check_says(page: &Page, words: &str) -> Outcome {
    let script = format!("return document.getElementById('own-check').innerText.includes({})", json!(words));
    page.until(words, &script).await?;
    Ok(())
}

async fn go(page: &Page, place: &str) -> Outcome {
    page.js(&format!("location.hash = {}", json!(place))).await?;
    page.until(place, "return document.querySelector('section.page:not([hidden]) h1')").await?;
    Ok(())
}

async fn footer_says_own(page: &Page, number: u32) -> Outcome {
    let script = format!("return document.querySelector('footer').innerText.includes('+{number} own')");
    page.until("the count in the footer", &script).await?;
    Ok(())
}

#[test]
fn own_rules_are_tried_before_they_are_in_force() {
    browse(async move |page| {
        page.open("").await?;
        page.paste("554 We sleep at night.").await?;
        page.until("an answer", "return document.querySelector('article.sheet')").await?;
        go(&page, "#/rules").await?;
        write(&page, RULE).await?;
        check_says(&page, "The outcome on the Decode page changes").await?;
        check_says(&page, "own.night").await?;
        page.js("document.getElementById('own-apply').click()").await?;
        footer_says_own(&page, 1).await?;
        go(&page, "#/").await?;
        page.card("not_accepting").await?;
        assert!(page.text("#own-line").await?.contains("1 own rule in force"));
        let link =
            page.js("return [...document.querySelectorAll('article.sheet a')].some((link) => link.hash === '#/rules/own.night')").await?;
        assert_eq!(link, true, "the proof links the rule");
        go(&page, "#/rules/own.night").await?;
        page.until("the rule's own page", "return document.querySelector('section.page:not([hidden]) h1').innerText === 'own.night'")
            .await?;
        assert_eq!(page.js("return Object.keys(localStorage).length").await?, 0, "nothing is kept unasked");
        Ok(())
    });
}

#[test]
fn a_fault_is_told_with_its_line_and_selects_it() {
    browse(async move |page| {
        page.open("#/rules").await?;
        write(&page, "[[rule]]\nid = \"own.a\"\ncause = \"user_unkown\"\ntext = [\"no such person\"]\n").await?;
        check_says(&page, "did you mean \"user_unknown\"").await?;
        click(&page, "Line 3").await?;
        let chosen =
            page.js("const field = document.activeElement; return field.value.slice(field.selectionStart, field.selectionEnd)").await?;
        assert_eq!(chosen, "cause = \"user_unkown\"");
        page.js("document.getElementById('own-apply').click()").await?;
        page.until("the refusal", "return document.getElementById('said').innerText.includes('Not in force')").await?;
        Ok(())
    });
}

#[test]
fn own_rules_stay_on_the_device_only_while_asked() {
    browse(async move |page| {
        page.open("#/rules").await?;
        write(&page, RULE).await?;
        page.js("document.getElementById('own-apply').click()").await?;
        footer_says_own(&page, 1).await?;
        page.js("document.getElementById('own-keep').click()").await?;
        page.until("the store", "return (localStorage.getItem('undelivered.own') || '').includes('own.night')").await?;
        page.browser.goto("about:blank").await?;
        page.open("#/rules").await?;
        footer_says_own(&page, 1).await?;
        page.until("the kept text", "return (document.getElementById('own-text') || {}).value?.includes('own.night')").await?;
        click(&page, "Forget").await?;
        page.until("an empty store", "return localStorage.getItem('undelivered.own') === null").await?;
        click(&page, "Take out of force").await?;
        page.until("our rules alone", "return !document.querySelector('footer').innerText.includes('own')").await?;
        Ok(())
    });
}

#[test]
fn an_unknown_reply_becomes_a_rule() {
    browse(async move |page| {
        page.open("").await?;
        page.paste("554 5.7.9 Zebra <ann@corp.example> refused by stripe table 77").await?;
        page.until("the offer", "return document.getElementById('make-cause')").await?;
        page.browser.find(By::Css("#make-cause option[value='local_policy']")).await?.click().await?;
        click(&page, "Make a rule from this").await?;
        page.until("the editor in focus", "return document.activeElement.id === 'own-text'").await?;
        let toml = page.js("return document.getElementById('own-text').value").await?;
        let toml = toml.as_str().unwrap_or_default();
        assert!(toml.contains("zebra <{addr}> refused by stripe table {n}") && toml.contains("cause  = \"local_policy\""), "{toml}");
        assert!(!toml.contains("corp.example"), "{toml}");
        check_says(&page, "The outcome on the Decode page changes").await?;
        Ok(())
    });
}

#[test]
fn own_rules_fit_at_every_width() {
    browse(async move |page| {
        page.open("").await?;
        page.paste("554 Zebra <ann@corp.example> refused by stripe table 77").await?;
        page.until("the offer", "return document.getElementById('make-cause')").await?;
        for (width, light) in [(1366, "light"), (1366, "dark"), (375, "light"), (375, "dark")] {
            page.size(width, 900).await?;
            page.media(&[("prefers-color-scheme", light)]).await?;
            go(&page, "#/").await?;
            page.shot(&format!("own-offer-{width}-{light}")).await?;
            go(&page, "#/rules").await?;
            write(&page, "[[rule]]\nid = \"own.a\"\ncause = \"user_unkown\"\ntext = [\"no such person\", \"Capital letters\"]\n").await?;
            check_says(&page, "2 faults").await?;
            page.shot(&format!("own-faults-{width}-{light}")).await?;
            write(&page, "[[rule]]\nid = \"own.a\"\ncause = \"local_policy\"\ntext = [\"refused by stripe\"]\n").await?;
            check_says(&page, "The outcome on the Decode page changes").await?;
            page.shot(&format!("own-change-{width}-{light}")).await?;
            let wide = page.js("return document.documentElement.scrollWidth - innerWidth").await?;
            assert!(wide.as_i64().is_some_and(|wide| wide <= 0), "{width}: {wide}");
        }
        Ok(())
    });
}
