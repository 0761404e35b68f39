//! A file of bounces: dropped, read, filtered, decided about, saved; and what cannot be read.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use browser_tests::serde_json;
use browser_tests::{Key, Outcome, Page, Value, browse, json, temporary};
use thirtyfour::By;

/// What each row of the small export says, by turns.
const REPLIES: [(&str, &str); 4] = [
    ("Hard bounce", "550 5.1.1 The email account that you tried to reach does not exist."),
    (
        "Hard bounce",
        "550 5.7.1 Unfortunately, messages from [203.0.113.25] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3150).",
    ),
    ("Soft bounce", "452 4.2.2 The email account that you tried to reach is over quota."),
    ("Block bounce", "550-5.7.26 Your email has been blocked because the sender is unauthenticated."),
];
const DOMAINS: [&str; 4] = ["gmail.com", "outlook.com", "gmail.com", "gmail.com"];

/// An export of Marketing Cloud's `_Bounce` view with so many rows.
fn export(rows: usize) -> String {
    let mut text = String::from("SubscriberKey,EmailAddress,JobID,EventDate,Domain,BounceCategory,SMTPBounceReason\r\n");
    for row in 0..rows {
        let ((label, reply), domain) = (REPLIES[row % 4], DOMAINS[row % 4]);
        let (day, hour) = (1 + row / 4 % 28, row % 24);
        text +=
            &format!("K{row:07},person{row}@{domain},5000{},2026-11-{day:02}T{hour:02}:00:00Z,{domain},{label},\"{reply}\"\r\n", row % 3);
    }
    text
}

async fn click(page: &Page, selector: &str) -> Outcome {
    let script = format!("const found = document.querySelector({}); if (found) found.click(); return Boolean(found)", json!(selector));
    page.until(selector, &script).await?;
    Ok(())
}

/// Opens a part of the report.
async fn part(page: &Page, name: &str) -> Outcome {
    page.js(&format!("location.hash = '#/report/{name}'")).await?;
    page.until(
        name,
        &format!("const on = document.querySelector('.panel:not(.off)'); return on && on.dataset.part.toLowerCase() === '{name}'"),
    )
    .await?;
    Ok(())
}

/// Waits until the report says so many events.
async fn pill(page: &Page, words: &str) -> Outcome {
    page.until(words, &format!("const pill = document.getElementById('pill'); return pill && pill.innerText === {}", json!(words))).await?;
    Ok(())
}

/// Chooses a value in a `<select>`.
async fn choose(page: &Page, selector: &str, value: &str) -> Outcome {
    let script = "const found = document.querySelector(arguments[0]); if (!found) return false; found.value = arguments[1];
                  found.dispatchEvent(new Event('change', { bubbles: true })); return true";
    let begun = Instant::now();
    while page.call(script, vec![json!(selector), json!(value)]).await? != true {
        assert!(begun.elapsed() < Duration::from_secs(20), "no {selector}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

async fn open_export(page: &Page, rows: usize) -> Outcome {
    page.open("#/report").await?;
    page.drop_file(&temporary(&format!("bounces-{rows}.csv"), export(rows).as_bytes())?).await?;
    pill(page, &format!("{} events", commas(rows))).await
}

fn commas(number: usize) -> String {
    let text = number.to_string();
    if text.len() > 3 { format!("{},{}", &text[..text.len() - 3], &text[text.len() - 3..]) } else { text }
}

#[test]
fn the_sample_is_one_click_away_and_shows_findings() {
    browse(async move |page| {
        page.open("#/report").await?;
        click(&page, "#load-sample").await?;
        page.until("findings", "return document.querySelectorAll('#finding-list > li').length >= 5").await?;
        let complete = page.js("return [...document.querySelectorAll('#finding-list > li')].every((one) => one.querySelector('h3').innerText && one.querySelector('.rule') && one.querySelector('.no'))").await?;
        assert_eq!(complete, true, "each finding says its rule and what not to do");
        let balance =
            page.js("return [...document.querySelectorAll('#balance dd')].map((one) => Number(one.innerText.replaceAll(',', '')))").await?;
        let balance: Vec<u64> = serde_json::from_value(balance)?;
        assert!(balance[0] >= 5_000 && balance[0] == balance[1..].iter().sum::<u64>(), "{balance:?}");
        let kept = page.text("#kept-off").await?;
        assert_ne!(kept, "0");
        Ok(())
    });
}

#[test]
fn an_export_dropped_on_the_decode_page_becomes_a_report_and_can_be_read_as_text() {
    browse(async move |page| {
        page.open("").await?;
        page.drop_file(&temporary("dropped.csv", export(40).as_bytes())?).await?;
        pill(&page, "40 events").await?;
        assert_eq!(page.js("return location.hash").await?, "#/report");
        click(&page, "#guessed button").await?;
        page.until("the box", "return location.hash === '#/' && document.getElementById('in').value.includes('SubscriberKey')").await?;
        click(&page, "#as-export").await?;
        pill(&page, "40 events").await
    });
}

#[test]
fn a_cell_filters_by_click_and_by_keyboard() {
    browse(async move |page| {
        open_export(&page, 400).await?;
        part(&page, "breakdown").await?;
        click(&page, "#heat-map button[aria-label^='Microsoft, reputation']").await?;
        pill(&page, "100 of 400 events").await?;
        assert_eq!(page.js("return document.querySelectorAll('#chips button').length").await?, 3);
        page.until("the pressed cell", "return document.querySelector('#heat-map button[aria-pressed=true]')").await?;
        click(&page, "#clear-filter").await?;
        pill(&page, "400 events").await?;
        page.js("document.querySelector('#heat-map button').focus()").await?;
        let before = page.js("return document.activeElement.getAttribute('aria-label')").await?;
        page.press(&[], Key::Right).await?;
        let after = page.js("return document.activeElement.getAttribute('aria-label')").await?;
        assert_ne!(before, after, "an arrow key moves");
        page.press(&[], Key::Enter).await?;
        page.until("the filter", "return document.getElementById('pill').innerText.includes(' of 400 events')").await?;
        part(&page, "rows").await?;
        page.until(
            "rows of the filter",
            "const rows = document.getElementById('row-count'); return rows && !rows.innerText.startsWith('400')",
        )
        .await?;
        Ok(())
    });
}

#[test]
fn a_decision_is_changed_and_taken_back() {
    browse(async move |page| {
        open_export(&page, 400).await?;
        part(&page, "suppression").await?;
        let sum = |id: &str| format!("const sum = document.getElementById('sum-{id}'); return sum && sum.innerText");
        assert_eq!(page.until("the sum", &sum("suppress")).await?, "100");
        choose(&page, "#people tr[data-key='K0000000'] select", "review").await?;
        page.until("one fewer", &format!("{} === '99'", sum("suppress"))).await?;
        page.until("the mark", "return document.querySelector(\"#people tr[data-key='K0000000']\").innerText.includes('yours')").await?;
        click(&page, "#people tr[data-key='K0000000'] .undo").await?;
        page.until("all of them", &format!("{} === '100'", sum("suppress"))).await?;
        click(&page, "#undo").await?;
        page.until("the change again", &format!("{} === '99'", sum("suppress"))).await?;
        click(&page, "#sum-hold").await?;
        page.until(
            "those on hold",
            "return [...document.querySelectorAll('#people tbody tr')].every((row) => row.innerText.includes('Hold'))",
        )
        .await?;
        Ok(())
    });
}

/// Waits for a download whose name begins so to be whole.
async fn downloaded(dir: &Path, start: &str) -> Outcome<(PathBuf, String)> {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(20) {
        let found = std::fs::read_dir(dir)?.filter_map(|entry| Some(entry.ok()?.path())).find(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            name.starts_with(start) && !name.ends_with(".crdownload")
        });
        if let Some(path) = found
            && let Ok(text) = std::fs::read_to_string(&path)
            && !text.is_empty()
        {
            return Ok((path, text));
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Err(format!("no {start} was saved").into())
}

/// What is saved, how its name begins, and what stands in it.
const KINDS: [(&str, &str, &str); 9] = [
    ("suppress", "suppress", "K0000000"),
    ("hold", "hold", "K0000001"),
    ("retry", "retry", "K0000002"),
    ("decisions", "decisions", "K0000003"),
    ("decision_lines", "decision-lines", "\"key\""),
    ("rows", "rows", "person7@gmail.com"),
    ("analysis", "analysis", "\"kept_off_suppression\""),
    ("report", "report", "#"),
    ("session", "session", "\"settings\""),
];

#[test]
fn every_kind_of_file_is_saved_and_holds_what_it_says() {
    browse(async move |page| {
        let dir = std::env::temp_dir().join(format!("undelivered-exports-{}", std::process::id()));
        std::fs::create_dir_all(&dir)?;
        page.cdp("Browser.setDownloadBehavior", json!({ "behavior": "allow", "downloadPath": dir })).await?;
        open_export(&page, 400).await?;
        part(&page, "export").await?;
        for (kind, start, words) in KINDS {
            click(&page, &format!("input[name=what][value={kind}]")).await?;
            page.until("the preview", "return document.getElementById('preview').innerText.length > 1").await?;
            click(&page, "#download").await?;
            let (path, text) = downloaded(&dir, start).await?;
            assert!(text.contains(words), "{kind}: {}", &text[..text.len().min(400)]);
            std::fs::remove_file(path)?;
        }
        click(&page, "input[name=what][value=rows]").await?;
        click(&page, "#redact").await?;
        click(&page, "#download").await?;
        let (_, text) = downloaded(&dir, "rows-redacted").await?;
        assert!(!text.contains("person7@gmail.com") && text.lines().count() == 401, "{}", &text[..400]);
        Ok(std::fs::remove_dir_all(dir)?)
    });
}

#[test]
fn a_session_brings_back_decisions_and_filter() {
    browse(async move |page| {
        let dir = std::env::temp_dir().join(format!("undelivered-sessions-{}", std::process::id()));
        std::fs::create_dir_all(&dir)?;
        page.cdp("Browser.setDownloadBehavior", json!({ "behavior": "allow", "downloadPath": dir })).await?;
        open_export(&page, 400).await?;
        part(&page, "suppression").await?;
        choose(&page, "#people tr[data-key='K0000000'] select", "review").await?;
        page.until("the decision", "return document.getElementById('sum-suppress').innerText === '99'").await?;
        part(&page, "breakdown").await?;
        click(&page, "#heat-map button[aria-label^='Gmail, recipient']").await?;
        pill(&page, "100 of 400 events").await?;
        part(&page, "export").await?;
        click(&page, "input[name=what][value=session]").await?;
        click(&page, "#download").await?;
        let (session, _) = downloaded(&dir, "session").await?;
        click(&page, "#over").await?;
        page.until("the entrance", "return document.getElementById('load-sample')").await?;
        page.drop_file(&session).await?;
        assert!(page.text("#session").await?.contains("bounces-400.csv"));
        page.drop_file(&temporary("bounces-400.csv", export(400).as_bytes())?).await?;
        pill(&page, "100 of 400 events").await?;
        part(&page, "suppression").await?;
        page.until("the decision", "return document.getElementById('sum-suppress')?.innerText === '99'").await?;
        Ok(std::fs::remove_dir_all(dir)?)
    });
}

#[test]
fn charts_are_saved_and_have_a_table() {
    browse(async move |page| {
        let dir = std::env::temp_dir().join(format!("undelivered-charts-{}", std::process::id()));
        std::fs::create_dir_all(&dir)?;
        page.cdp("Browser.setDownloadBehavior", json!({ "behavior": "allow", "downloadPath": dir })).await?;
        open_export(&page, 400).await?;
        part(&page, "breakdown").await?;
        click(&page, "#chart-svg").await?;
        assert!(downloaded(&dir, "bounces-over-time.svg").await?.1.starts_with("<svg "));
        click(&page, "#chart-png").await?;
        page.until("the PNG", "return document.getElementById('said').innerText.includes('.png saved')").await?;
        click(&page, "#chart-table").await?;
        page.until("the table", "return document.querySelectorAll('#time-table tbody tr').length > 20").await?;
        Ok(std::fs::remove_dir_all(dir)?)
    });
}

#[test]
fn rows_are_a_window_that_scrolls_searches_sorts_and_opens() {
    browse(async move |page| {
        open_export(&page, 9_000).await?;
        part(&page, "rows").await?;
        page.until("the rows", "return document.querySelectorAll('#grid tbody tr').length > 10").await?;
        let few = page.js("return document.querySelectorAll('#grid tbody tr').length <= 60 && document.querySelector('#grid table').getAttribute('aria-rowcount') === '9001'").await?;
        assert_eq!(few, true);
        page.js("const grid = document.getElementById('grid'); grid.scrollTop = grid.scrollHeight").await?;
        page.until("the last row", "return document.querySelector(\"#grid tr[aria-rowindex='9001']\")?.innerText.includes('K0008999')")
            .await?;
        choose(&page, "#go-to", "4500").await?;
        page.until("row 4,500", "return document.querySelector(\"#grid tr[aria-rowindex='4501']\")?.innerText.includes('K0004499')")
            .await?;
        page.js("document.getElementById('grid').focus()").await?;
        page.press(&[], Key::Home).await?;
        page.until("the first row", "return document.querySelector(\"#grid tr.on[aria-rowindex='2']\")?.innerText.includes('K0000000')")
            .await?;
        page.press(&[], Key::Down).await?;
        page.press(&[], Key::Enter).await?;
        assert!(page.text("#row-details").await?.contains("K0000001"));
        let sorted = "const head = [...document.querySelectorAll('#grid th button')].find((one) => one.innerText.startsWith('SubscriberKey')); head.click(); return true";
        page.until("the order", sorted).await?;
        page.until("rising", "return document.querySelector(\"#grid th[aria-sort=ascending]\")").await?;
        page.until("rising", sorted).await?;
        page.until("falling", "return document.querySelector(\"#grid tr[aria-rowindex='2']\")?.innerText.includes('K0008999')").await?;
        page.js("const find = document.getElementById('find-row'); find.value = 'person77@'; find.dispatchEvent(new InputEvent('input', { bubbles: true }))").await?;
        page.until("what was searched", "return document.getElementById('row-count').innerText === '1 row'").await?;
        Ok(())
    });
}

#[test]
fn cancel_keeps_what_was_read_and_says_so() {
    browse(async move |page| {
        page.open("#/report").await?;
        let text = export(4).lines().skip(1).collect::<Vec<_>>().join("\r\n") + "\r\n";
        let rows = text.repeat(120_000);
        let head = "SubscriberKey,EmailAddress,JobID,EventDate,Domain,BounceCategory,SMTPBounceReason\r\n";
        let path = temporary("long.csv", format!("{head}{rows}").as_bytes())?;
        page.drop_file(&path).await?;
        page.until("progress", "const line = document.getElementById('progress'); return line && /[1-9][0-9,]* rows/.test(line.innerText)")
            .await?;
        click(&page, "#cancel").await?;
        assert!(page.text("#incomplete").await?.contains("first"));
        Ok(std::fs::remove_file(path)?)
    });
}

/// What is dropped, and a word of what the page says to it.
const TROUBLES: [(&str, &[u8], &str); 5] = [
    ("sheet.xlsx", b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\x04\0\0\0\x04\0\0\0\x13\0\0\0[Content_Types].xml<a/>", "CSV"),
    ("paper.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF"),
    ("empty.csv", b"", "empty"),
    ("header.csv", b"SubscriberKey,SMTPBounceReason\r\n", "header"),
    ("labels.csv", b"Name,City\r\nAnn,Paris\r\nBob,Rome\r\n", "reply"),
];

#[test]
fn what_cannot_be_read_is_said_and_stays_until_closed() {
    browse(async move |page| {
        for (name, bytes, word) in TROUBLES {
            page.open("#/report").await?;
            page.drop_file(&temporary(name, bytes)?).await?;
            let script = format!(
                "return [...document.querySelectorAll('section.page:not([hidden]) [role=alert]')].some((one) => one.innerText.toLowerCase().includes({}))",
                json!(word.to_lowercase())
            );
            page.until(name, &script).await?;
            assert_eq!(page.js("return document.querySelectorAll('#finding-list').length").await?, 0, "{name}");
            page.browser.goto("about:blank").await?;
        }
        Ok(())
    });
}

#[test]
fn broken_rows_are_counted_and_listed() {
    browse(async move |page| {
        page.open("#/report").await?;
        let mut text = export(100).into_bytes();
        text.extend(b"K9,\"torn,quote,and \0 nul\r\nK10,short\r\n\"stray\" quote,here\r\n");
        page.drop_file(&temporary("broken.csv", &text)?).await?;
        page.until("the balance", "return document.querySelectorAll('#balance dd').length === 5").await?;
        let balance: Vec<u64> = serde_json::from_value(
            page.js("return [...document.querySelectorAll('#balance dd')].map((one) => Number(one.innerText.replaceAll(',', '')))").await?,
        )?;
        assert_eq!(balance[0], balance[1..].iter().sum::<u64>(), "{balance:?}");
        assert!(balance[0] > 100, "{balance:?}");
        Ok(())
    });
}

#[test]
fn columns_are_checked_where_the_day_order_is_open_and_the_mapping_is_kept() {
    browse(async move |page| {
        page.open("#/report").await?;
        let rows: String = (0..40)
            .map(|row| format!("ann{row}@example.com,0{}/0{}/2026 10:00,550 5.1.1 User unknown {row}\r\n", 1 + row % 9, 1 + row % 8))
            .collect();
        let text = format!("Who,When,What they said\r\n{rows}");
        page.drop_file(&temporary("open.csv", text.as_bytes())?).await?;
        page.until("the check", "return document.querySelector('#columns table.pick')").await?;
        choose(&page, "#order-0", "dmy").await?;
        page.until(
            "the order",
            "return document.querySelector('#order-0').value === 'dmy' && !document.querySelector('#columns .note.warn')",
        )
        .await?;
        click(&page, "#analyse").await?;
        pill(&page, "40 events").await
    });
}

#[test]
fn a_number_sent_makes_rates() {
    browse(async move |page| {
        open_export(&page, 400).await?;
        assert!(page.text("#gate-rulers").await?.contains("needs the number sent"));
        choose(&page, "#gate-sent", "10,000").await?;
        page.until("a rate", "return document.getElementById('gate-rulers').innerText.includes('1.0 %')").await?;
        assert!(page.text("#gate-rulers").await?.contains("Stop"));
        Ok(())
    });
}

#[test]
fn a_finding_leads_to_its_rows_and_its_packet() {
    browse(async move |page| {
        page.open("#/report").await?;
        click(&page, "#load-sample").await?;
        click(&page, "#finding-0 .to-packet").await?;
        let letter = page.text("#packet-of-finding pre").await?;
        assert!(letter.contains("[to fill in]"), "{letter}");
        let gap = page.browser.find(By::Css("#packet-of-finding .miss input")).await?;
        gap.send_keys("four-two-seven").await?;
        page.until("the letter", "return document.querySelector('#packet-of-finding pre').innerText.includes('four-two-seven')").await?;
        click(&page, "#finding-0 .rows").await?;
        page.until("the filter", "return location.hash === '#/report/rows' && document.querySelectorAll('#chips button').length > 1")
            .await?;
        page.until("its rows", "return document.querySelectorAll('#grid tbody tr').length > 0").await?;
        Ok(())
    });
}

#[test]
fn a_reply_becomes_a_rule() {
    browse(async move |page| {
        open_export(&page, 400).await?;
        part(&page, "replies").await?;
        click(&page, "#templates tbody tr button").await?;
        let made = "const make = [...document.querySelectorAll('#templates button')].find((one) => one.innerText === 'Make a rule'); if (make) make.click(); return Boolean(make)";
        page.until("the button", made).await?;
        page.until("the editor", "return location.hash === '#/rules' && document.getElementById('own-text')?.value.includes('[[rule]]')")
            .await?;
        Ok(())
    });
}

const WIDTHS: [(u32, u32); 3] = [(320, 640), (390, 844), (1366, 900)];

#[test]
fn every_part_fits_and_can_be_seen_in_both_lights() {
    browse(async move |page| {
        page.open("#/report").await?;
        click(&page, "#load-sample").await?;
        page.until("findings", "return document.querySelectorAll('#finding-list > li').length").await?;
        for light in ["light", "dark"] {
            page.media(&[("prefers-color-scheme", light)]).await?;
            for name in ["findings", "breakdown", "replies", "suppression", "rows", "export"] {
                page.js(&format!("location.hash = '#/report/{name}'")).await?;
                tokio::time::sleep(Duration::from_millis(400)).await;
                for (width, height) in WIDTHS {
                    page.size(width, height).await?;
                    let over: Value = page.js("return document.documentElement.scrollWidth - document.documentElement.clientWidth").await?;
                    assert_eq!(over, 0, "{name} at {width}");
                    page.shot(&format!("report-{name}-{light}-{width}")).await?;
                }
            }
        }
        Ok(())
    });
}
