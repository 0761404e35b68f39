//! Data flows one way, and so do the dependencies: bytes → `read` → `judge` → `verdict`, words at the end, the page behind `wire`.
//! A file: bytes → `sheet` → `judge` → `tally` → `report` → `analysis`, exports from that.

use std::fs;
use std::path::{Path, PathBuf};

/// What each room may name of the others. A path with `::` allows that part of a room only.
const ROOMS: [(&str, &[&str]); 15] = [
    ("verdict", &[]),
    ("analysis", &["verdict"]),
    ("rules", &["verdict"]),
    ("read", &["verdict"]),
    ("text", &["verdict", "rules::form"]),
    ("judge", &["read", "rules", "text", "verdict"]),
    ("own", &["judge", "read", "rules", "verdict"]),
    ("sheet", &["analysis", "read", "verdict"]),
    ("tally", &["analysis", "judge", "read", "sheet", "verdict"]),
    ("report", &["analysis", "judge", "tally", "text", "verdict"]),
    ("export", &["analysis", "text", "verdict", "view::mask", "view::plain"]),
    ("wire", &["analysis", "rules::form", "rules::dry_run", "verdict"]),
    ("view", &["analysis", "rules::form", "text", "verdict"]),
    ("page", &["analysis", "export::packet", "rules::form", "rules::dry_run", "text", "verdict", "view", "wire"]),
    // The shells around the core.
    (
        "",
        &[
            "analysis",
            "analyst",
            "cli",
            "decode",
            "decode_as",
            "decode_as_with",
            "decode_each",
            "decode_text",
            "decode_with",
            "desk",
            "export",
            "judge",
            "own",
            "page",
            "read",
            "report",
            "rules",
            "sample",
            "sheet",
            "tally",
            "text",
            "verdict",
            "view",
            "wire",
        ],
    ),
];

#[test]
fn every_arrow_goes_one_way() {
    let wrong: Vec<String> = sources("src").iter().flat_map(|(path, text)| wrong_arrows(path, text)).collect();
    assert!(wrong.is_empty(), "against the flow:\n{}", wrong.join("\n"));
}

fn wrong_arrows(path: &Path, text: &str) -> Vec<String> {
    let own = room(path);
    let allowed = ROOMS.iter().find(|(name, _)| *name == own).map_or(&[][..], |(_, allowed)| allowed);
    let fine = |target: &str| target.split("::").next() == Some(own) || allowed.iter().any(|room| within(target, room));
    let bad = targets(text).into_iter().filter(|target| !fine(target));
    bad.map(|target| format!("{} → {target}", path.display())).collect()
}

/// `src/read/mime.rs` and `src/read.rs` stand in the room `read`; what is in none of the rooms is a shell.
fn room(path: &Path) -> &str {
    let first = path.iter().nth(1).and_then(|part| part.to_str()).unwrap_or_default();
    let name = first.strip_suffix(".rs").unwrap_or(first);
    if ROOMS.iter().any(|(room, _)| *room == name) { name } else { "" }
}

/// Is `target` this room or something in it?
fn within(target: &str, room: &str) -> bool {
    target.strip_prefix(room).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// The first two names after every `crate::`, with braces opened: `crate::{read, rules::form}` gives two.
fn targets(text: &str) -> Vec<String> {
    let code: String = text.lines().take_while(|line| !line.contains("#[cfg(test)]")).map(uncommented).collect();
    code.split("crate::")
        .skip(1)
        .flat_map(|rest| if let Some(list) = rest.strip_prefix('{') { listed(list) } else { vec![name(rest)] })
        .collect()
}

fn uncommented(line: &str) -> &str {
    line.split("//").next().unwrap_or_default()
}

/// The entries of a brace list whose opening brace is gone.
fn listed(list: &str) -> Vec<String> {
    let mut depth = 0_u32;
    let mut entries = vec![String::new()];
    for letter in list.chars() {
        match letter {
            '}' if depth == 0 => break,
            ',' if depth == 0 => entries.push(String::new()),
            '{' => depth += 1,
            '}' => depth -= 1,
            _ if depth == 0 => entries.last_mut().expect("there is always one").push(letter),
            _ => {}
        }
    }
    entries.iter().map(|entry| name(entry.trim())).filter(|entry| !entry.is_empty()).collect()
}

/// `rules::form::Rule` gives `rules::form`; a type or function after the first name is left out.
fn name(path: &str) -> String {
    let path: String = path.chars().take_while(|letter| letter.is_alphanumeric() || "_:".contains(*letter)).collect();
    path.split("::").filter(|part| !part.is_empty()).take(2).collect::<Vec<_>>().join("::")
}

#[test]
fn the_arrows_are_read_from_every_form_of_path() {
    let text =
        "use crate::{read, rules::form::{A, B}, wire};\nfn a() { crate::judge::judge() } // crate::never\n#[cfg(test)]\nuse crate::page;";
    assert_eq!(targets(text), ["read", "rules::form", "wire", "judge::judge"]);
    let wrong =
        wrong_arrows(Path::new("src/read/mime.rs"), "use crate::judge::Verdict;\nuse crate::read::Notice;\nuse crate::verdict::Form;");
    assert_eq!(wrong, ["src/read/mime.rs → judge::Verdict"]);
    assert_eq!(wrong_arrows(Path::new("src/page/card.rs"), "use crate::{rules::form::Rule, rules::pack};").len(), 1);
}

/// The page's policy forbids inline styles, and no policy forbids leaving by navigation: so the code has neither.
#[test]
fn the_page_styles_by_classes_and_never_leaves() {
    let banned =
        ["style=", "from_html_unchecked", "set_inner_html", "open_with_url", ".assign(", ".location().set_href", ".location().replace"];
    let found: Vec<String> = sources("src/page")
        .iter()
        .flat_map(|(path, text)| banned.iter().filter(|word| text.contains(**word)).map(move |word| format!("{}: {word}", path.display())))
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// All Rust sources below a folder, with paths from the top.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut folders = vec![top.join(folder)];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(&folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let text = fs::read_to_string(&path).expect("a readable source");
                found.push((path.strip_prefix(top).expect("below the top").to_path_buf(), text));
            }
        }
    }
    found
}
