//! What the page hands out: the escalation packet and copies; and the ways through it.

use std::time::{Duration, Instant};

use browser_tests::{Outcome, Page, browse, json};
use thirtyfour::By;

async fn click(page: &Page, words: &str) -> Outcome {
    let path = format!("//section[@id='packet']//button[text()='{words}']");
    page.browser.find(By::XPath(path)).await?.click().await?;
    Ok(())
}

/// Waits for a download to be whole.
async fn downloaded(path: &std::path::Path) -> Outcome<String> {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(20) {
        if let Ok(text) = std::fs::read_to_string(path)
            && !text.is_empty()
        {
            return Ok(text);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Err(format!("{} was not saved", path.display()).into())
}

#[test]
fn the_packet_is_filled_copied_and_saved() {
    browse(async move |page| {
        let dir = std::env::temp_dir().join(format!("undelivered-saved-{}", std::process::id()));
        std::fs::create_dir_all(&dir)?;
        page.cdp("Browser.setDownloadBehavior", json!({ "behavior": "allow", "downloadPath": dir })).await?;
        page.open("").await?;
        page.sample(0).await?;
        page.card("provider_blocklist").await?;
        let letter = page.text("#packet pre").await?;
        assert!(letter.contains("203.0.113.25") && letter.contains("S3150"), "{letter}");
        let missing = page.browser.find(By::Css("#packet .miss input")).await?;
        missing.send_keys("four-two-seven").await?;
        page.until("the letter to take it up", "return document.querySelector('#packet pre').innerText.includes('four-two-seven')").await?;
        click(&page, "Copy text").await?;
        page.until("the copy", "return document.getElementById('said').innerText.includes('copied')").await?;
        let copied = page.js_async("return navigator.clipboard.readText()", vec![]).await?;
        assert!(copied.as_str().is_some_and(|text| text.contains("203.0.113.25") && text.contains("four-two-seven")), "{copied}");
        click(&page, "Save .txt").await?;
        assert!(downloaded(&dir.join("bounce-packet.txt")).await?.contains("203.0.113.25"));
        click(&page, "Save .eml").await?;
        assert!(downloaded(&dir.join("bounce-packet.eml")).await?.contains("Subject:"));
        Ok(std::fs::remove_dir_all(dir)?)
    });
}

#[test]
fn the_paste_button_takes_the_clipboard() {
    browse(async move |page| {
        page.open("").await?;
        page.js_async("await navigator.clipboard.writeText('550 5.1.1 User unknown')", vec![]).await?;
        page.browser.find(By::XPath("//button[text()='Paste']")).await?.click().await?;
        page.card("user_unknown").await?;
        Ok(())
    });
}

#[test]
fn a_chosen_file_is_read() {
    browse(async move |page| {
        page.open("").await?;
        let path = browser_tests::temporary("chosen.txt", b"550 5.1.1 User unknown")?;
        page.browser.find(By::Css("input[type=file]")).await?.send_keys(path.to_string_lossy()).await?;
        page.card("user_unknown").await?;
        Ok(())
    });
}

/// A place, and words that its heading or matter holds.
const PLACES: [(&str, &str); 6] = [
    ("#/codes", "Codes"),
    ("#/codes/550", "550"),
    ("#/codes/5.7.1", "5.7.1"),
    ("#/rules", "Rules"),
    ("#/rules/microsoft.s3150", "microsoft.s3150"),
    ("#/about", "About"),
];

#[test]
fn every_place_opens_by_its_address_and_names_the_window() {
    browse(async move |page| {
        for (place, words) in PLACES {
            page.open(place).await?;
            let words = json!(words);
            page.until(place, &format!("return [...document.querySelectorAll('section.page:not([hidden]) h1')].some((head) => head.innerText.includes({words}))")).await?;
            assert_eq!(page.js(&format!("return document.title.includes({words})")).await?, true, "{place}");
            page.browser.goto("about:blank").await?;
        }
        Ok(())
    });
}

#[test]
fn the_answer_outlives_a_walk_through_the_page() {
    browse(async move |page| {
        page.open("").await?;
        page.sample(0).await?;
        page.card("provider_blocklist").await?;
        for (link, address) in [("Codes", "#/codes"), ("Rules", "#/rules"), ("About", "#/about"), ("Decode", "#/")] {
            page.browser.find(By::LinkText(link)).await?.click().await?;
            page.until(link, &format!("return location.hash === '{address}'")).await?;
        }
        page.card("provider_blocklist").await?;
        let box_text = page.js("return document.getElementById('in').value").await?;
        assert!(box_text.as_str().is_some_and(|text| text.contains("S3150")));
        Ok(())
    });
}

#[test]
fn a_card_links_its_rule_and_codes() {
    browse(async move |page| {
        page.open("").await?;
        page.sample(0).await?;
        page.card("provider_blocklist").await?;
        let links = page.js("return [...document.querySelectorAll('article.sheet a')].map((link) => link.getAttribute('href')).filter((href) => href.startsWith('#/'))").await?;
        let links = links.to_string();
        assert!(links.contains("#/rules/") && links.contains("#/codes/"), "{links}");
        let strays = page.js("return [...document.querySelectorAll('a[href^=http]')].filter((link) => !/noreferrer/.test(link.rel)).map((link) => link.href)").await?;
        assert_eq!(strays, json!([]), "links that would tell where they were clicked");
        Ok(())
    });
}

#[test]
fn the_footer_counts_no_request() {
    browse(async move |page| {
        page.open("").await?;
        page.sample(1).await?;
        page.card("user_unknown").await?;
        page.until("the count", "return document.querySelector('footer').innerText.includes('0 requests since load, network locked')")
            .await?;
        Ok(())
    });
}
