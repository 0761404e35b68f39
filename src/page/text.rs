//! Small pieces of markup. Whatever comes from outside is a text node; what has no face gets one.

use std::ops::Range;

use yew::prelude::*;

use crate::verdict::Bucket;
use crate::view::marks::{Run, code_point, runs};
use crate::view::mask::{HIDDEN, ranges};
use crate::view::names;
use crate::view::route::Route;

/// Part of a text, with what is invisible in it made visible and what is in `hidden` hidden.
pub fn stretch(text: &str, range: Range<usize>, hidden: &[Range<usize>]) -> Html {
    runs(text, range, hidden)
        .into_iter()
        .map(|run| match run {
            Run::Plain(plain) => html! { {plain} },
            Run::Hidden => html! { <span class="hid">{ HIDDEN }</span> },
            Run::Control(c) => html! { <span class="ctl" data-u={code_point(c)}></span> },
        })
        .collect()
}

/// A whole string of foreign text.
pub fn shown(text: &str, hide: bool) -> Html {
    let hidden = if hide { ranges(text) } else { Vec::new() };
    stretch(text, 0..text.len(), &hidden)
}

/// A sentence of ours, which may quote foreign words: what stands between backticks is set as code.
pub fn prose(text: &str, hide: bool) -> Html {
    let pieces = text.split('`');
    pieces
        .enumerate()
        .map(|(n, piece)| match n % 2 {
            0 => shown(piece, hide),
            _ => html! { <code>{ shown(piece, hide) }</code> },
        })
        .collect()
}

/// A bucket's two letters.
pub fn tag(bucket: Bucket) -> Html {
    html! { <span class={names::tag_class(bucket)} title={names::plain(bucket.id())}>{ names::letters(bucket) }</span> }
}

/// A link within the app.
pub fn link(route: &Route, words: Html) -> Html {
    html! { <a href={route.href()}>{ words }</a> }
}

/// A rule's id as a link to where it is explained.
pub fn rule_link(id: &str) -> Html {
    let route = match id.split_once('.') {
        Some(("code", code)) => Route::Code(code.into()),
        Some(("stage" | "provider" | "field", _)) | None => return html! { <code>{ id }</code> },
        Some(_) => Route::Rule(id.into()),
    };
    link(&route, html! { <code>{ id }</code> })
}

/// Where a claim comes from: a link that says where it leads, or plain words.
pub fn source(from: &str) -> Html {
    let is_url = from.starts_with("https://") || from.starts_with("http://");
    if !is_url {
        return html! { { from } };
    }
    let host = from.split('/').nth(2).unwrap_or(from).trim_start_matches("www.");
    html! { <a href={from.to_string()} target="_blank" rel="noreferrer noopener">{ host }</a> }
}

/// A section of a sheet: side-head with a line of help, and matter.
pub fn section(id: &'static str, title: &str, help: Html, matter: Html) -> Html {
    html! {
        <section class="sec" id={id} aria-label={title.to_string()}>
            <header><h2>{ title }</h2>{ help }</header>
            <div>{ matter }</div>
        </section>
    }
}

/// The line of help under a side-head.
pub fn help(words: &str) -> Html {
    html! { <p>{ words }</p> }
}

/// `9.8 MB`, `12 kB`, `300 bytes`.
pub fn size(bytes: usize) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}
