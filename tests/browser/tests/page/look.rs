//! How it looks where it can be measured: no sideways scrolling, dark and light, names for every control. Leaves pictures in `target/shots`.

use browser_tests::{Outcome, Page, Value, browse, json};

const WIDTHS: [(u32, u32); 3] = [(320, 640), (390, 844), (1366, 900)];
const CAUSES: [(usize, &str); 7] = [
    (0, "provider_blocklist"),
    (1, "user_unknown"),
    (3, "unauthenticated"),
    (4, "greylisted"),
    (5, "smtp_login"),
    (6, "auto_reply"),
    (7, "insufficient_evidence"),
];

#[test]
fn nothing_runs_over_the_edge_at_any_width() {
    browse(async move |page| {
        page.open("").await?;
        for (number, cause) in CAUSES {
            page.sample(number).await?;
            page.card(cause).await?;
            for (width, height) in WIDTHS {
                page.size(width, height).await?;
                fits(&page, width, cause).await?;
                page.shot(&format!("{cause}-{width}")).await?;
            }
        }
        Ok(())
    });
}

#[test]
fn every_place_fits_and_can_be_seen_in_both_lights() {
    browse(async move |page| {
        page.open("").await?;
        let mut grounds: Vec<Value> = Vec::new();
        for light in ["light", "dark"] {
            page.media(&[("prefers-color-scheme", light)]).await?;
            for place in ["#/", "#/codes", "#/codes/5.7.1", "#/rules", "#/about"] {
                page.js(&format!("location.hash = {}", json!(place))).await?;
                page.until(place, "return document.querySelector('section.page:not([hidden]) h1')").await?;
                for (width, height) in WIDTHS {
                    page.size(width, height).await?;
                    fits(&page, width, place).await?;
                }
                let name = place.replace(['#', '/'], "-");
                page.shot(&format!("place{name}-{light}")).await?;
            }
            grounds.push(page.js("return getComputedStyle(document.body).color").await?);
        }
        assert_ne!(grounds.first(), grounds.last(), "dark is not light");
        Ok(())
    });
}

async fn fits(page: &Page, width: u32, what: &str) -> Outcome {
    let script =
        "const wide = [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > innerWidth + 1 \
                      && !one.closest('.scroll, pre, .vh, [hidden], select')).map((one) => one.outerHTML.slice(0, 120));
                  return document.documentElement.scrollWidth > innerWidth ? wide : []";
    let wide = page.js(script).await?;
    if wide.as_array().is_some_and(|list| !list.is_empty()) {
        return Err(format!("{what} is wider than {width}: {wide:#}").into());
    }
    Ok(())
}

#[test]
fn every_control_has_a_name_and_the_page_one_visible_heading() {
    browse(async move |page| {
        page.open("").await?;
        page.sample(0).await?;
        page.card("provider_blocklist").await?;
        let nameless = page
            .js("const named = (one) => one.textContent.trim() || one.getAttribute('aria-label') || one.labels?.[0]?.textContent.trim() || one.getAttribute('aria-labelledby');
                 return [...document.querySelectorAll('button, input, select, textarea, a, summary')].filter((one) => one.offsetParent && !named(one)).map((one) => one.outerHTML)")
            .await?;
        assert_eq!(nameless, json!([]), "controls without a name");
        let heads = page.js("return [...document.querySelectorAll('h1')].filter((head) => head.offsetParent).length").await?;
        assert_eq!(heads, 1, "headings of the first rank");
        for landmark in ["header", "nav", "main", "footer"] {
            assert_eq!(page.js(&format!("return document.querySelectorAll('body {landmark}').length > 0")).await?, true, "{landmark}");
        }
        let twins = page.js("const ids = [...document.querySelectorAll('[id]')].map((one) => one.id); return ids.filter((id, at) => ids.indexOf(id) !== at)").await?;
        assert_eq!(twins, json!([]), "ids that stand twice");
        Ok(())
    });
}

#[test]
fn colours_of_the_reader_are_kept() {
    browse(async move |page| {
        page.open("").await?;
        page.media(&[("forced-colors", "active")]).await?;
        page.sample(0).await?;
        page.card("provider_blocklist").await?;
        page.shot("forced-colors").await
    });
}

#[test]
fn it_prints() {
    browse(async move |page| {
        page.open("").await?;
        page.sample(0).await?;
        page.card("provider_blocklist").await?;
        let pdf = page.cdp("Page.printToPDF", json!({})).await?;
        assert!(pdf["data"].as_str().is_some_and(|data| data.len() > 10_000));
        page.cdp("Emulation.setEmulatedMedia", json!({ "media": "print" })).await?;
        let shown =
            page.js("return [...document.querySelectorAll('button, textarea, nav')].filter((one) => one.offsetParent).length").await?;
        assert_eq!(shown, 0, "controls on paper");
        Ok(())
    });
}
