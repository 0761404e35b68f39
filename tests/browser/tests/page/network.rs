//! The promise that nothing leaves: tried from the page and from its worker, on a host with headers and on one without.

use browser_tests::{Outcome, Page, Server, Value, browse, browse_as, dist, json, serde_json};

/// Ways out, each giving "out" or the name of what stopped it. `FOREIGN` is another origin, `OWN` the page's.
const WAYS: &str = "
    const tried = {};
    const attempt = async (name, way) => { try { await way(); tried[name] = 'out'; } catch (error) { tried[name] = error.name; } };
    for (const [whose, url] of [['foreign', FOREIGN], ['own', OWN]]) {
        await attempt(`${whose} fetch`, () => fetch(`${url}?fetch`, { mode: 'no-cors' }));
        await attempt(`${whose} xhr`, () => new Promise((out, stopped) => {
            const asked = new XMLHttpRequest(); asked.onload = out; asked.onerror = () => stopped(new Error('onerror'));
            asked.open('GET', `${url}?xhr`); asked.send(); }));
        await attempt(`${whose} socket`, () => new Promise((out, stopped) => {
            const socket = new WebSocket(`${url.replace('http', 'ws')}?socket`); socket.onopen = out; socket.onerror = () => stopped(new Error('onerror')); }));
        await attempt(`${whose} import`, () => import(`${url}x.js?import`));
    }
    return tried;";

#[test]
fn nothing_leaves_the_page_or_its_worker_with_headers() {
    browse(no_way_out);
}

#[test]
fn nothing_leaves_the_page_or_its_worker_without_headers() {
    browse_as(Server::bare(&dist(), "/a b/"), no_way_out);
}

async fn no_way_out(page: Page) -> Outcome {
    let foreign = Server::bare(&dist(), "/")?;
    let ways = WAYS.replace("FOREIGN", &json!(foreign.url()).to_string()).replace("OWN", &json!(page.server.url()).to_string());
    // The worker's own program, with the same attempts after it: it runs under the policy that the real one runs under.
    let probe = format!(
        "\nconst heard = onmessage; (async () => {{ {ways} }})().then((tried) => new BroadcastChannel('probe').postMessage(tried));"
    );
    page.before(&format!(
        "new BroadcastChannel('probe').onmessage = ({{ data }}) => {{ window.probed = data; }}; const Plain = Blob; window.Blob = class extends Plain {{ \
         constructor(parts, kind) {{ super(kind && kind.type === 'text/javascript' ? [...parts, {}] : parts, kind); }} }};",
        json!(probe)
    ))
    .await?;
    page.open("").await?;
    let worker = page.until("the worker's attempts", "return window.probed").await?;
    let before = page.server.hits().len();
    let tab = page.js_async(&ways, vec![]).await?;
    stopped("worker", &worker);
    stopped("page", &tab);
    assert_eq!(foreign.hits(), Vec::<String>::new(), "the foreign server was asked");
    assert_eq!(page.server.hits().len(), before, "our own server was asked: {:?}", page.server.hits());
    assert!(!page.server.hits().iter().any(|path| path.contains('?') || path.ends_with("x.js")), "{:?}", page.server.hits());
    page.forgive();
    Ok(())
}

fn stopped(who: &str, tried: &Value) {
    let tried = tried.as_object().unwrap_or_else(|| panic!("{who}: {tried}"));
    assert_eq!(tried.len(), 8, "{who}: {tried:?}");
    assert!(tried.values().all(|what| what != "out"), "{who}: {tried:?}");
}

#[test]
fn the_lock_cannot_be_removed() {
    browse(async move |page| {
        page.open("").await?;
        page.js("document.querySelectorAll('meta').forEach((meta) => meta.remove())").await?;
        let tried = page.js_async("try { await fetch(location.href); return 'out'; } catch (error) { return error.name; }", vec![]).await?;
        assert_eq!(tried, "TypeError");
        page.forgive();
        Ok(())
    });
}

#[test]
fn no_way_out_is_among_the_shipped_words() -> Outcome {
    const WAYS_OUT: [&str; 9] = [
        "RTCPeerConnection",
        "WebTransport",
        "WebSocket",
        "EventSource",
        "XMLHttpRequest",
        "sendBeacon",
        "importScripts",
        "window.open(",
        "location.href =",
    ];
    let mut scripts = 0;
    for entry in std::fs::read_dir(dist())? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "js") {
            let text = std::fs::read_to_string(&path)?;
            let found: Vec<_> = WAYS_OUT.iter().filter(|word| text.contains(**word)).collect();
            assert!(found.is_empty(), "{}: {found:?}", path.display());
            scripts += 1;
        }
    }
    assert_eq!(scripts, 3, "app, boot and worker");
    Ok(())
}

#[test]
fn every_host_file_says_the_policy_of_the_page() -> Outcome {
    let html = std::fs::read_to_string(dist().join("index.html"))?;
    let policy = html.split("Content-Security-Policy\" content=\"").nth(1).and_then(|rest| rest.split('"').next()).ok_or("no policy")?;
    let policy = format!("{policy}; frame-ancestors 'none'");
    for name in
        ["_headers", ".htaccess", "nginx.conf", "Caddyfile", "web.config", "staticwebapp.config.json", "firebase.json", "vercel.json"]
    {
        let text = std::fs::read_to_string(dist().join(name))?;
        assert!(text.contains(&policy), "{name}");
        if name.ends_with(".json") {
            serde_json::from_str::<Value>(&text)?;
        }
    }
    Ok(())
}
