//! From a text in the box to a card: by paste, typing, keys, samples, a dropped file; and what is no bounce.

use browser_tests::{Key, Outcome, Page, browse, json, temporary};

const BLOCKED: &str = "host mx.example.net[198.51.100.7] said: 550 5.7.1 Unfortunately, messages from [203.0.113.25] weren't sent. \
                       Please contact your Internet service provider since part of their network is on our block list (S3150).";
const UNKNOWN: &str = "550 5.1.1 <ann@example.com>: Recipient address rejected: User unknown in virtual mailbox table";

/// Cause and action of every sample that has one outcome, by its place in the list.
const SAMPLES: [(usize, &str, &str); 7] = [
    (0, "provider_blocklist", "Hold"),
    (1, "user_unknown", "Suppress"),
    (3, "unauthenticated", "Fix the set-up"),
    (4, "greylisted", "Retry"),
    (5, "smtp_login", "Fix the set-up"),
    (6, "auto_reply", "None"),
    (7, "insufficient_evidence", "Get the full text"),
];

#[test]
fn every_sample_gets_its_card() {
    browse(async move |page| {
        page.open("").await?;
        for (number, cause, action) in SAMPLES {
            page.sample(number).await?;
            let card = page.card(cause).await?;
            assert_eq!(card.fact("Action").to_lowercase(), action.to_lowercase(), "sample {number}: {card:?}");
            for heading in ["Owner of the fix", "This attempt", "This address", "Confidence"] {
                assert!(!card.fact(heading).is_empty(), "sample {number} has no {heading}: {card:?}");
            }
            let proofs = page.js("return document.querySelectorAll('#evidence a.mk').length").await?;
            assert!(proofs != 0, "sample {number} shows no proof");
        }
        Ok(())
    });
}

#[test]
fn a_report_on_three_recipients_gives_three_outcomes() {
    browse(async move |page| {
        page.open("").await?;
        page.sample(2).await?;
        page.until("three outcomes", "return document.querySelectorAll('.outs .out').length === 3").await?;
        let told = page.text(".outs").await?;
        for recipient in ["ann.archibald@example.com", "b.osei@example.org", "c@example.net"] {
            assert!(told.contains(recipient), "{told}");
        }
        Ok(())
    });
}

#[test]
fn a_blocked_sender_keeps_the_address() {
    browse(async move |page| {
        page.open("").await?;
        page.paste(BLOCKED).await?;
        let card = page.card("provider_blocklist").await?;
        assert_eq!(card.fact("This address"), "No evidence against it");
        assert!(page.text(".dos .not").await?.to_lowercase().contains("suppress"));
        assert!(page.text("#evidence").await?.contains("S3150"));
        Ok(())
    });
}

#[test]
fn what_is_pasted_stays_out_of_address_title_and_storage() {
    browse(async move |page| {
        page.open("").await?;
        page.paste("550 5.1.1 <secret-marker@example.com>: User unknown").await?;
        page.card("user_unknown").await?;
        let kept = page
            .js("return location.href + document.title + JSON.stringify(localStorage) + JSON.stringify(sessionStorage) + document.cookie \
                 + JSON.stringify(history.state)")
            .await?;
        assert!(!kept.to_string().contains("secret-marker"), "{kept}");
        assert_eq!(page.js_async("return (await indexedDB.databases()).length", vec![]).await?, 0);
        Ok(())
    });
}

#[test]
fn typing_decodes_after_a_pause_and_a_newer_text_wins() {
    browse(async move |page| {
        page.open("").await?;
        page.js("document.getElementById('in').focus()").await?;
        page.press(&[], UNKNOWN).await?;
        page.card("user_unknown").await?;
        page.paste(BLOCKED).await?;
        page.card("provider_blocklist").await?;
        page.paste(UNKNOWN).await?;
        page.card("user_unknown").await?;
        Ok(())
    });
}

#[test]
fn the_keyboard_alone_is_enough() {
    browse(async move |page| {
        page.open("").await?;
        tab_to(&page, "in").await?;
        page.press(&[], UNKNOWN).await?;
        page.press(&[Key::Control], Key::Enter).await?;
        page.card("user_unknown").await?;
        page.until("the announcement", "return document.getElementById('said').innerText.startsWith('Decoded: user unknown')").await?;
        assert_eq!(page.focused().await?, "in", "focus stays while typing");
        tab_to(&page, "m1").await?;
        page.press(&[], Key::Enter).await?;
        page.until("focus on the note", "return document.activeElement.closest('#n1') !== null").await?;
        page.press(&[], "?").await?;
        page.until("the list of keys", "return document.querySelector('dialog').open").await?;
        page.press(&[], Key::Escape).await?;
        page.until("the list to close", "return !document.querySelector('dialog').open").await?;
        page.press(&[], "1").await?;
        page.until("focus on the mark", "return document.activeElement.id === 'm1'").await?;
        page.press(&[], "/").await?;
        page.until("focus on the box", "return document.activeElement.id === 'in'").await?;
        Ok(())
    });
}

/// Presses Tab until the element with this id has the focus; every stop on the way shows where it is.
async fn tab_to(page: &Page, id: &str) -> Outcome {
    for _ in 0..80 {
        page.press(&[], Key::Tab).await?;
        let ring = page.js("const on = document.activeElement; const look = getComputedStyle(on); const around = on.closest('.box') || on; \
                            return on === document.body || look.outlineStyle !== 'none' || getComputedStyle(around).boxShadow !== 'none' || on.id === 'in'").await?;
        assert_eq!(ring, true, "no focus ring on {}", page.focused().await?);
        if page.focused().await? == id {
            return Ok(());
        }
    }
    Err(format!("Tab never comes to {id}").into())
}

#[test]
fn a_dropped_mail_is_read() {
    browse(async move |page| {
        page.open("").await?;
        let mail = "From: MAILER-DAEMON@mx.example.net\r\nTo: news@example.com\r\nSubject: Undelivered Mail Returned to Sender\r\n\
                    MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\
                    Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\nFinal-Recipient: rfc822; ann@example.org\r\n\
                    Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\r\n\r\n--b--\r\n";
        page.drop_file(&temporary("bounce.eml", mail.as_bytes())?).await?;
        let card = page.card("user_unknown").await?;
        assert_eq!(card.fact("Action"), "Suppress");
        Ok(())
    });
}

#[test]
fn a_picture_is_refused_in_words() {
    browse(async move |page| {
        page.open("").await?;
        page.drop_file(&temporary("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0")?).await?;
        page.text(".note").await?;
        assert_eq!(page.js("return document.querySelectorAll('article.sheet').length").await?, 0);
        Ok(())
    });
}

#[test]
fn bytes_that_are_no_text_are_told() {
    browse(async move |page| {
        page.open("").await?;
        let noise: Vec<u8> = (0..60_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        page.drop_file(&temporary("noise.bin", &noise)?).await?;
        assert!(page.text(".note").await?.contains("not text"));
        Ok(())
    });
}

#[test]
fn blank_text_clears_the_answer() {
    browse(async move |page| {
        page.open("").await?;
        page.paste(UNKNOWN).await?;
        page.card("user_unknown").await?;
        page.paste("  \n \n").await?;
        page.until("the card to go", "return !document.querySelector('article.sheet dl.facts')").await?;
        Ok(())
    });
}

#[test]
fn ordinary_mail_is_no_bounce() {
    browse(async move |page| {
        page.open("").await?;
        page.paste("From: Ann <ann@example.com>\nTo: Bob <bob@example.org>\nSubject: Lunch\nDate: Thu, 12 Nov 2026 09:41:31 +0000\n\nShall we meet at noon?\n").await?;
        page.text(".note").await?;
        assert_eq!(page.js("return document.querySelectorAll('article.sheet dl.facts').length").await?, 0);
        Ok(())
    });
}

#[test]
fn ten_megabytes_are_read_and_the_page_stays_awake() {
    browse(async move |page| {
        page.open("").await?;
        // A timer that notes its longest gap: the main thread must never stand still for long.
        page.js("window.gap = 0; let last = performance.now(); setInterval(() => { const now = performance.now(); gap = Math.max(gap, now - last); last = now; }, 20)").await?;
        let line = "Nov 12 09:41:07 mx1 postfix/smtp[2814]: connect from unknown, nothing to see here, moving on\n";
        let text = format!("{UNKNOWN}\n{}", line.repeat((10 << 20) / line.len()));
        page.drop_file(&temporary("huge.txt", text.as_bytes())?).await?;
        page.until("an answer", "return document.querySelector('article.sheet dl.facts, .outs, .note, table')").await?;
        let gap = page.js("return gap").await?.as_f64().unwrap_or(f64::MAX);
        assert!(gap < 2_000.0, "the page stood still for {gap} ms");
        Ok(())
    });
}

#[test]
fn ten_megabytes_pasted_are_held_beside_the_field() {
    browse(async move |page| {
        page.open("").await?;
        page.js_async(
            "await navigator.clipboard.writeText(given[0] + '\\n' + 'nothing to see here, moving on\\n'.repeat(340000))",
            vec![json!(UNKNOWN)],
        )
        .await?;
        page.js("document.getElementById('in').focus()").await?;
        page.press(&[Key::Control], "v").await?;
        page.until("an answer", "return document.querySelector('article.sheet dl.facts, .outs, .note:not([role=alert])')").await?;
        Ok(())
    });
}

#[test]
fn hostile_text_is_shown_and_not_run() {
    browse(async move |page| {
        page.open("").await?;
        page.paste(
            "550 5.1.1 User unknown <img src=x onerror=\"document.title='run'\"><script>document.title='run'</script> \u{202e}txt.exe",
        )
        .await?;
        page.card("user_unknown").await?;
        assert_eq!(page.js("return document.querySelectorAll('#app img, #app script').length").await?, 0);
        assert!(page.text("#evidence pre").await?.contains("<img src=x"));
        assert_eq!(page.js("return document.title").await?, "Undelivered");
        assert_eq!(
            page.js("return document.querySelector('#evidence').innerText.includes('\\u202e')").await?,
            false,
            "direction marks are made visible"
        );
        Ok(())
    });
}

#[test]
fn without_a_network_it_decodes_cancels_and_decodes_again() {
    browse(async move |page| {
        page.open("").await?;
        let offline = json!({ "offline": true, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        page.cdp("Network.emulateNetworkConditions", offline).await?;
        page.paste(UNKNOWN).await?;
        page.card("user_unknown").await?;
        page.browser.find(thirtyfour::By::XPath("//button[text()='Clear']")).await?.click().await?;
        page.until("the card to go", "return !document.querySelector('article.sheet dl.facts')").await?;
        page.paste(BLOCKED).await?;
        page.card("provider_blocklist").await?;
        Ok(())
    });
}
