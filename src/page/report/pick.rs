//! The table of needs and columns.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::columns::{NO_COLUMN, options};
use super::state::Incoming;
use crate::analysis::{Found, Need};
use crate::page::hand::Hands;
use crate::page::text::shown;
use crate::view::report::columns::{Pick, choose, name, picks};
use crate::view::report::figures::cut;

/// The table of one file.
pub fn table(hands: &Hands, at: usize, file: &Incoming, found: &Found) -> Html {
    if found.columns.is_empty() {
        return Html::default();
    }
    html! {
        <div class="scroll"><table class="pick" role="table">
            <thead><tr><th scope="col">{ "We need" }</th><th scope="col">{ "Found in your file" }</th><th scope="col">{ "How sure" }</th><th scope="col">{ "First values" }</th><th scope="col">{ "Change" }</th></tr></thead>
            <tbody>{ for picks(found, &file.hints).iter().map(|pick| line(hands, at, file, found, pick)) }</tbody>
        </table></div>
    }
}

fn line(hands: &Hands, at: usize, file: &Incoming, found: &Found, pick: &Pick) -> Html {
    let columns = match pick.columns.as_slice() {
        [] => html! { <span class="muted">{ "not found" }</span> },
        some => html! { <code>{ shown(&some.join(", "), false) }</code> },
    };
    let values = pick.values.iter().map(|value| format!("“{}”", cut(value, 60))).collect::<Vec<_>>().join(", ");
    html! {
        <tr role="row" key={name(pick.need)}>
            <th scope="row" role="rowheader">{ name(pick.need) }if pick.need == Need::Text { <span class="muted">{ " *" }</span> }</th>
            <td role="cell">{ columns }</td><td role="cell">{ pick.sure }</td>
            <td class="txt" role="cell">{ shown(&values, false) }</td><td role="cell">{ change(hands, at, file, found, pick) }</td>
        </tr>
    }
}

fn change(hands: &Hands, at: usize, file: &Incoming, found: &Found, pick: &Pick) -> Html {
    let id = format!("col-{at}-{}", name(pick.need).replace(' ', "-"));
    let need = pick.need;
    let onchange = {
        let (hands, hints) = (hands.clone(), file.hints.clone());
        Callback::from(move |event: Event| {
            let value = event.target_unchecked_into::<HtmlSelectElement>().value();
            hands.hint(at, choose(&hints, need, Some(value).filter(|value| value != NO_COLUMN)));
        })
    };
    let now = pick.columns.first().map_or(NO_COLUMN, String::as_str);
    let option = |(value, words): (String, String)| {
        let selected = value == now;
        html! { <option {selected} {value}>{ cut(&words, 60) }</option> }
    };
    html! {
        <><label class="vh" for={id.clone()}>{ format!("Column for {}", name(need)) }</label>
        <select {id} {onchange} autocomplete="off">{ for options(found, need).into_iter().map(option) }</select></>
    }
}
