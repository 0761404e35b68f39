//! What to take away: which file, for whom, with personal data or without; its first lines; the queries.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::people::number_of;
use super::state::{Preview, Told};
use crate::analysis::order::{Order, Profile, What};
use crate::page::hand::{Hands, print};
use crate::page::state::Shared;
use crate::page::text::{help, link, section, shown};
use crate::view::report::figures::{count, counted};
use crate::view::route::Route;

/// Rows of a preview.
const PREVIEW: u64 = 4;
/// Lines of a preview that is no table.
const LINES: usize = 14;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub hands: Hands,
    pub told: Shared<Told>,
    pub preview: Option<Preview>,
    pub sql: Option<String>,
    pub is_sample: bool,
    pub shown: bool,
}

/// What is chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Choice {
    what: What,
    profile: Profile,
    redact: bool,
}

impl Choice {
    fn order(self, limit: Option<u64>) -> Order {
        Order { what: self.what, profile: self.profile, redact: self.redact, finding: None, limit }
    }

    fn is_table(self) -> bool {
        !matches!(self.what, What::Analysis | What::Report | What::Session | What::Overrides | What::DecisionLines)
    }
}

/// The tab.
#[component]
pub fn ExportView(props: &Props) -> Html {
    let choice = use_state(|| Choice { what: What::Suppress, profile: Profile::Platform, redact: false });
    use_effect_with((*choice, props.told.clone(), props.shown), {
        let hands = props.hands.clone();
        move |(choice, _, shown): &(Choice, Shared<Told>, bool)| {
            if *shown {
                hands.preview(choice.order(Some(PREVIEW)));
            }
        }
    });
    use_effect_with((props.shown, props.sql.is_some()), {
        let hands = props.hands.clone();
        move |(shown, has_sql)| {
            if *shown && !has_sql {
                hands.ask_sql();
            }
        }
    });
    let matter = html! {
        <>
            <div class="cols export">{ what(props, &choice) }{ profile(&choice) }{ preview(props, *choice) }</div>
            <p class="row"><button type="button" class="go" id="download" onclick={download(props, *choice)}>{ words(props, choice.what) }</button>
                <button type="button" onclick={Callback::from(|_: MouseEvent| print())}>{ "Print the report" }</button></p>
            <p class="small muted lede">{ "Every file says which app, rules, preset, filter and time zone made it, and how many rows went in and out. Charts are saved in Breakdown, letters at each finding, own rules in " }{ link(&Route::Rules, "Rules".into()) }{ "." }</p>
        </>
    };
    html! { <>{ section("export", "Export", Html::default(), matter) }{ queries(props) }</> }
}

/// What can be saved, with how many rows where that is known.
fn kinds(told: &Told) -> Vec<(What, String)> {
    let summary = &told.analysis.decisions.summary;
    let people = |name: &str, id: &str| format!("{name}, {}", counted(number_of(summary, id), "person", "people"));
    let retry = number_of(summary, "retry") + number_of(summary, "retry_limited");
    let mut kinds = vec![
        (What::Suppress, people("Suppression list", "suppress")),
        (What::Hold, people("Hold list", "hold")),
        (What::Retry, format!("Retry list, {}", counted(retry, "person", "people"))),
        (What::Review, people("Review list", "review")),
        (What::Unsubscribe, people("Opt-outs and complaints", "unsubscribe")),
        (What::Decisions, "All decisions, one table".into()),
        (What::DecisionLines, "All decisions, JSON Lines".into()),
        (What::Rows, "All rows with our columns".into()),
        (What::Errors, format!("Rows not readable, {}", count(told.analysis.rows.unreadable))),
        (What::Analysis, "Findings and analysis, JSON".into()),
        (What::Report, "Report, Markdown".into()),
        (What::Overrides, "Your own decisions, JSON".into()),
        (What::Session, "Session, to go on another day".into()),
    ];
    kinds.retain(|(what, _)| match what {
        What::Unsubscribe => summary.unsubscribe > 0,
        What::Errors => told.analysis.rows.unreadable > 0,
        What::Overrides => !told.analysis.settings.overrides.is_empty(),
        _ => true,
    });
    kinds
}

fn what(props: &Props, choice: &UseStateHandle<Choice>) -> Html {
    let option = |(what, name): (What, String)| {
        let next = choice.clone();
        let onchange = Callback::from(move |_: Event| next.set(Choice { what, ..*next }));
        html! { <p key={what.id()}><label><input type="radio" name="what" value={what.id()} checked={choice.what == what} {onchange} />{ name }</label></p> }
    };
    html! { <fieldset class="opt"><legend class="lab">{ "What" }</legend>{ for kinds(&props.told).into_iter().map(option) }</fieldset> }
}

fn profile(choice: &UseStateHandle<Choice>) -> Html {
    let option = |profile: Profile, name: &'static str| {
        let next = choice.clone();
        let onchange = Callback::from(move |_: Event| next.set(Choice { profile, ..*next }));
        html! { <p key={profile.id()}><label><input type="radio" name="profile" value={profile.id()} checked={choice.profile == profile} disabled={!choice.is_table()} {onchange} />{ name }</label></p> }
    };
    let onredact = {
        let next = choice.clone();
        Callback::from(move |event: Event| {
            next.set(Choice { redact: event.target_unchecked_into::<HtmlInputElement>().checked(), ..*next })
        })
    };
    html! {
        <fieldset class="opt"><legend class="lab">{ "For" }</legend>
            { option(Profile::Platform, "Platform import: UTF-8, exact values") }{ option(Profile::Excel, "Excel: formulas defused, ids as text") }{ option(Profile::Generic, "Generic CSV") }
            <p><label><input type="checkbox" id="redact" checked={choice.redact} onchange={onredact} />{ "Redact for sharing: a***@example.com" }</label></p></fieldset>
    }
}

fn preview(props: &Props, choice: Choice) -> Html {
    let text = props.preview.as_ref().map(|preview| {
        let lines: Vec<&str> = preview.text.lines().take(if choice.is_table() { PREVIEW as usize + 1 } else { LINES }).collect();
        lines.join("\n")
    });
    html! {
        <div class="preview"><p class="lab">{ "Preview" }</p><pre class="code" id="preview" tabindex="0" aria-label="Preview">{ shown(text.as_deref().unwrap_or("…"), false) }</pre>
            if let Some(preview) = &props.preview { <p class="small muted about">{ &preview.name }</p> }</div>
    }
}

fn words(props: &Props, what: What) -> String {
    let summary = &props.told.analysis.decisions.summary;
    match what {
        What::Suppress | What::Hold | What::Review | What::Unsubscribe => {
            format!("Download {}", counted(number_of(summary, what.id()), "row", "rows"))
        }
        What::Retry => format!("Download {}", counted(number_of(summary, "retry") + number_of(summary, "retry_limited"), "row", "rows")),
        _ => "Download".into(),
    }
}

fn download(props: &Props, choice: Choice) -> Callback<MouseEvent> {
    let hands = props.hands.clone();
    let source = &props.told.analysis.source;
    let likely = if matches!(choice.what, What::Rows) { source.bytes.unwrap_or(source.read_bytes) } else { 0 };
    let ending = match choice.what {
        What::DecisionLines => "jsonl",
        What::Analysis | What::Overrides | What::Session => "json",
        What::Report => "md",
        _ => "csv",
    };
    let name = format!("{}.{ending}", choice.what.id());
    Callback::from(move |_: MouseEvent| hands.save_export(choice.order(None), name.clone(), likely))
}

fn queries(props: &Props) -> Html {
    let Some(sql) = &props.sql else { return Html::default() };
    let (copy, save) = {
        let (a, b, text, file) = (props.hands.clone(), props.hands.clone(), sql.clone(), sql.clone());
        (
            Callback::from(move |_: MouseEvent| a.copy(text.clone(), "Queries")),
            Callback::from(move |_: MouseEvent| b.save("undelivered.sql", "application/sql", &file)),
        )
    };
    let matter = html! {
        <><pre class="code tall" id="sql" tabindex="0" aria-label="SQL">{ shown(sql, false) }</pre>
        <p class="row"><button type="button" onclick={copy}>{ "Copy" }</button><button type="button" onclick={save}>{ "Save .sql" }</button></p></>
    };
    section("query", "Queries", help("For Marketing Cloud"), matter)
}
