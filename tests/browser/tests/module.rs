//! The JavaScript module, in the browser and in Node: the native verdict, number for number.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use browser_tests::serde_json::{from_slice, to_value};
use browser_tests::{Outcome, Page, Server, Value, browse_as, json};
use undelivered::analysis::{Filter, Hints, Settings};
use undelivered::analyst::Analyst;
use undelivered::judge::pack::Pack;
use undelivered::tally::Court;

/// The built module: `UNDELIVERED_MODULE`, else `dist-module/` at the project's top.
fn module() -> PathBuf {
    let dir = std::env::var_os("UNDELIVERED_MODULE").map_or_else(|| xtask::top().join("dist-module"), PathBuf::from);
    assert!(dir.join("undelivered.js").is_file(), "{} holds no module: run `cargo xtask module` first", dir.display());
    dir
}

/// A copy of the module with an empty page beside it, so that a browser has a place to import it into.
fn site(name: &str) -> Outcome<PathBuf> {
    let site = std::env::temp_dir().join(format!("undelivered-{name}-{}", std::process::id()));
    fs::create_dir_all(&site)?;
    for entry in fs::read_dir(module())? {
        let entry = entry?;
        fs::copy(entry.path(), site.join(entry.file_name()))?;
    }
    fs::write(site.join("index.html"), "<!doctype html><title>module</title><link rel=icon href=data:,>")?;
    Ok(site)
}

/// Texts and files of many forms and charsets.
fn inputs() -> Vec<Vec<u8>> {
    let mail = "From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered Mail\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=";
    let body = "\r\nContent-Transfer-Encoding: 8bit\r\n\r\n<ann@example.com>: host mx.example.net[192.0.2.4] said: 550 5.1.1 ";
    let notice = |charset: &str, words: &[u8]| [mail.as_bytes(), charset.as_bytes(), body.as_bytes(), words, b"\r\n"].concat();
    let mbox = "From MAILER-DAEMON Sat Nov 21 10:00:00 2026\nFrom: MAILER-DAEMON@mx.example\nSubject: failure notice\n\n<ann@example.com>:\n550 5.1.1 User unknown \u{1f680}\n\n".repeat(3);
    let texts = [
        "550 5.1.1 <ann@example.com>: Recipient address rejected: User unknown",
        "\u{1f680}\u{1f680} said: 550 5.7.1 Service unavailable; Client host [203.0.113.25] blocked using Spamhaus \u{1d4b3}",
        "> 452 4.2.2 <\u{e4}\u{f6}@example.com> mailbox full\r\n> \u{1f9d1}\u{200d}\u{1f680}",
        r#"{"event":"bounce","email":"ann@example.com","sg_event_id":"x","reason":"550 5.1.1 \ud83d\ude80 no such user"}"#,
        "{'ann@example.com': (550, b'5.1.1 \u{1f680} no such user\\n')}",
        "554",
        "",
        "hello \u{1f600}",
    ];
    let mut inputs: Vec<Vec<u8>> = texts.map(|text| text.as_bytes().to_vec()).into();
    inputs.push(mbox.into_bytes());
    inputs.push(notice("koi8-r", b"\xd0\xcf\xcc\xd8\xda\xcf\xd7\xc1\xd4\xc5\xcc\xd8 \xce\xc5 \xce\xc1\xca\xc4\xc5\xce"));
    inputs.push(notice("shift_jis", b"\x88\xb6\x90\xe6\x82\xaa\x8c\xa9\x82\xc2\x82\xa9\x82\xe8\x82\xdc\x82\xb9\x82\xf1"));
    inputs.push(b"PK\x03\x04\x00\x00".to_vec());
    inputs
}

/// What the module must say: the core's own words, counted in UTF-16 units.
fn native(input: &[u8]) -> Outcome<Value> {
    let decoded: Vec<_> = undelivered::decode(input).into_iter().map(undelivered::verdict::Decoded::into_utf16).collect();
    let several = decoded.len() > 1;
    let mut all = to_value(decoded)?;
    for (at, one) in all.as_array_mut().into_iter().flatten().enumerate().filter(|_| several) {
        one["message"] = json!(at + 1);
    }
    Ok(all)
}

/// Decodes every input and gives the verdicts, and whether each quote can be sliced out of its part.
const DECODE: &str = "
    const bytes = given.map((input) => Uint8Array.from(input));
    const all = bytes.map((input) => decodeAll(input));
    const first = bytes.map((input) => decode(input));
    const proofs = all.flat().flatMap(({ outcomes, parts }) => outcomes.flatMap(({ evidence }) => evidence.map((e) => [e, parts])));
    const astray = proofs.filter(([e, parts]) => parts[e.part].text.slice(e.start, e.end) !== e.quote).map(([e]) => e);
    const same = first.every((one, at) => JSON.stringify(one) === JSON.stringify(all[at][0]));
    return { all, same, astray, proofs: proofs.length, version: version() };";

/// Compares what [`DECODE`] gave.
fn check(told: &Value, inputs: &[Vec<u8>]) -> Outcome {
    for (input, verdict) in inputs.iter().zip(told["all"].as_array().ok_or("no verdicts")?) {
        assert_eq!(verdict, &native(input)?, "{}", String::from_utf8_lossy(input));
    }
    assert_eq!(told["astray"], json!([]));
    assert_eq!(told["same"], true);
    assert!(told["proofs"].as_u64() > Some(10), "{}", told["proofs"]);
    assert_eq!(told["version"], to_value(undelivered::judge::pack::Pack::built_in().tool())?);
    Ok(())
}

#[test]
fn the_browser_gives_the_native_verdict() -> Outcome {
    let site = site("module")?;
    browse_as(Server::bare(&site, "/"), async move |page: Page| {
        page.browser.goto(page.server.url()).await?;
        let inputs = inputs();
        let given = inputs.iter().map(|input| json!(input)).collect();
        let script = format!("const {{ init, decode, decodeAll, version }} = await import('/undelivered.js'); await init(); {DECODE}");
        check(&page.js_async(&script, given).await?, &inputs)?;
        page.requests().await?;
        Ok(())
    });
    Ok(fs::remove_dir_all(site)?)
}

#[test]
fn every_source_loads_it_and_every_misuse_has_a_code() -> Outcome {
    let site = site("module-sources")?;
    browse_as(Server::bare(&site, "/"), async move |page: Page| {
        page.browser.goto(page.server.url()).await?;
        let told = page.js_async(SOURCES, vec![]).await?;
        let cause = "user_unknown";
        let loaded = json!({ "url": cause, "string": cause, "response": cause, "bytes": cause, "module": cause });
        let codes = json!({ "early": "not_initialized", "missing": "load_failed", "html": "load_failed", "number": "bad_input", "rules": "bad_rules" });
        let ruled = ["not_accepting", "user_unknown"];
        assert_eq!(
            told,
            json!({ "loaded": loaded, "codes": codes, "again": true, "ruled": ruled, "surrogate": "550 5.1.1 \u{fffd} User unknown" })
        );
        page.requests().await?;
        page.forgive();
        Ok(())
    });
    Ok(fs::remove_dir_all(site)?)
}

/// A module is loaded once a document; a query makes it another one.
const SOURCES: &str = r#"
    const sources = {
        url: new URL('/undelivered.wasm', location.href), string: '/undelivered.wasm', response: await fetch('/undelivered.wasm'),
        bytes: await (await fetch('/undelivered.wasm')).arrayBuffer(), module: await WebAssembly.compileStreaming(fetch('/undelivered.wasm')),
    };
    const codeOf = async (work) => { try { await work(); return 'none'; } catch (error) { return error instanceof Error ? error.code : 'no Error'; } };
    const loaded = {}, codes = {};
    const own = await import('/undelivered.js');
    codes.early = await codeOf(() => own.decode('550'));
    codes.missing = await codeOf(() => own.init('/nowhere.wasm'));
    codes.html = await codeOf(() => own.init('/index.html'));
    await own.init();
    const again = own.init() === own.init();
    codes.number = await codeOf(() => own.decode(550));
    codes.rules = await codeOf(() => own.decode('550', { rules: '[[rule]]\nid = 5' }));
    const night = '[[rule]]\nid = "own.night"\ncause = "not_accepting"\ntext = ["we sleep at night"]';
    const ruled = [night, undefined].map((rules) => own.decode('550 5.1.1 We sleep at night', { rules }).outcomes[0].cause);
    const [{ text }] = own.decode('550 5.1.1 \ud83d User unknown').parts;
    await fetch('/undelivered.js').then((got) => got.text()).then(async (glue) => {
        for (const [name, source] of Object.entries(sources)) {
            const program = URL.createObjectURL(new Blob([await (await fetch('/program.js')).text()], { type: 'text/javascript' }));
            const url = URL.createObjectURL(new Blob([glue.replace('./program.js', program)], { type: 'text/javascript' }));
            const { init, decode } = await import(url);
            await init(source);
            loaded[name] = decode('550 5.1.1 User unknown').outcomes[0].cause;
        }
    });
    return { loaded, codes, again, ruled, surrogate: text };"#;

/// What the command line would print of the sample export, and everyone in it.
fn native_analysis() -> Outcome<(Value, Value)> {
    let (pack, settings) = (Pack::built_in(), Settings { sent: Some(100_000), ..Settings::default() });
    let (court, mut analyst) = (Court::new(pack), Analyst::default());
    let export = undelivered::sample::export();
    analyst.open("sample.csv", Some(export.len() as u64), Hints::default());
    analyst.feed(export.as_bytes(), &court, None, &mut |_, _| ());
    analyst.close(true, &court, None, &mut |_, _| ());
    let people: Vec<_> = analyst.decisions(&settings).collect();
    Ok((to_value(analyst.analysis(pack, &Filter::default(), &settings).0)?, to_value(people)?))
}

/// JavaScript has one sort of number: `2.0` comes back as `2`.
fn level(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(list) => list.iter().map(level).collect(),
        Value::Object(fields) => Value::Object(fields.iter().map(|(key, value)| (key.clone(), level(value))).collect()),
        other => other.clone(),
    }
}

/// Analyses the given export, and tries what must fail.
const ANALYSE: &str = r#"
    const { init, analyzeCsv } = await import('/undelivered.js');
    await init();
    const codeOf = async (...wrong) => { try { await analyzeCsv(...wrong); return 'none'; } catch (error) { return error instanceof Error ? error.code : 'no Error'; } };
    const file = new File([given[0]], 'sample.csv');
    const analysis = await analyzeCsv(file, { sent: 100000 });
    const people = [];
    for await (const person of analysis.decisions()) people.push(person);
    const stop = new AbortController();
    stop.abort();
    const codes = [await codeOf('a,b'), await codeOf(file, { sends: 1 }), await codeOf(file, { preset: 'x' }), await codeOf(new Blob([])),
        await codeOf(file, { signal: stop.signal }), await codeOf(file, { rules: '[[rule]]\nid = 5' })];
    return { analysis: JSON.parse(JSON.stringify(analysis)), people, codes };"#;

#[test]
fn the_module_analyses_a_file_as_the_command_line_does() -> Outcome {
    let site = site("module-csv")?;
    browse_as(Server::bare(&site, "/"), async move |page: Page| {
        page.browser.goto(page.server.url()).await?;
        let export = json!(undelivered::sample::export());
        let told = page.js_async(ANALYSE, vec![export]).await?;
        let (analysis, people) = native_analysis()?;
        assert_eq!(level(&told["analysis"]), level(&analysis));
        assert_eq!(told["people"], people);
        assert_eq!(told["codes"], json!(["bad_input", "bad_input", "bad_input", "no_rows", "aborted", "bad_rules"]));
        page.requests().await?;
        page.forgive();
        Ok(())
    });
    Ok(fs::remove_dir_all(site)?)
}

#[test]
fn node_gives_the_native_verdict() -> Outcome {
    if Command::new("node").arg("--version").output().is_err() {
        println!("SKIPPED: no node on PATH");
        return Ok(());
    }
    let inputs = inputs();
    let script = std::env::temp_dir().join(format!("undelivered-node-{}.mjs", std::process::id()));
    let path = module().join("undelivered.js");
    fs::write(&script, node(&path, &inputs))?;
    let said = Command::new("node").arg(&script).output()?;
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    check(&from_slice(&said.stdout)?, &inputs)?;
    Ok(fs::remove_file(script)?)
}

/// A script that prints what [`DECODE`] gives.
fn node(module: &Path, inputs: &[Vec<u8>]) -> String {
    format!(
        "import {{ init, decode, decodeAll, version }} from {};\nawait init();\nconst given = {};\n\
         process.stdout.write(JSON.stringify((() => {{ {DECODE} }})()));\n",
        json!(module),
        json!(inputs)
    )
}
