//! The page (yew): asks the worker, draws what it answers. It never decodes anything itself.

mod about;
mod answer;
mod card;
mod choice;
mod codes;
mod data;
mod desk;
mod digits;
mod evidence;
mod hand;
mod keys;
mod letter;
mod listen;
mod own;
mod paste;
mod report;
mod rules;
mod state;
mod text;
mod trial;

use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlTextAreaElement};
use yew::prelude::*;

use crate::view::route::{Part, Route};
use about::{About, Requests};
use answer::AnswerView;
use codes::CodesPage;
use hand::Hands;
use keys::KeyDialog;
use paste::PasteBox;
use report::ReportPage;
use rules::Rules;
use state::{Act, Desk, State, Theme};

/// What the reader did before the program came.
#[derive(Clone, Default, PartialEq, Properties)]
struct Draft {
    text: String,
    /// The field had focus.
    focused: bool,
}

/// Draws the page into `#app` in place of the shell, in one step, so that nothing jumps.
pub fn start() {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
    let Some(root) = document.get_element_by_id("app") else { return };
    let draft = document.get_element_by_id("shell").map(|shell| take_down(&document, &shell));
    yew::Renderer::<App>::with_root_and_props(root, draft.unwrap_or_default()).render();
}

fn take_down(document: &Document, shell: &Element) -> Draft {
    let field = shell.query_selector("textarea").ok().flatten().and_then(|field| field.dyn_into::<HtmlTextAreaElement>().ok());
    let focused = field.as_ref().is_some_and(|field| document.active_element().is_some_and(|active| active.is_same_node(Some(field))));
    shell.remove();
    Draft { text: field.map(|field| field.value()).unwrap_or_default(), focused }
}

/// Goes on where the shell was left.
fn take_over(hands: &Hands, draft: &Draft) {
    if !draft.text.trim().is_empty() {
        hands.take_text(&draft.text);
    }
    if draft.focused {
        hands.focus_field();
    }
}

#[component]
fn App(draft: &Draft) -> Html {
    let state = use_reducer(|| State {
        theme: Theme::kept(),
        letters: choice::letters(),
        route: listen::route().unwrap_or_default(),
        ..State::default()
    });
    let field = use_node_ref();
    let hands = {
        let dispatcher = state.dispatcher();
        use_memo((), move |()| Hands::new(Callback::from(move |act| dispatcher.dispatch(act)), field))
    };
    let hands = (*hands).clone();
    let letters = use_mut_ref(|| true);
    *letters.borrow_mut() = state.letters;
    use_effect_with((), {
        let (hands, draft) = (hands.clone(), draft.clone());
        move |()| {
            state::Theme::kept().show();
            take_over(&hands, &draft);
            hands.bring_back_own();
            hands.desk.ask(crate::wire::Ask::Tool);
            let listeners = listen::listen(&hands, letters);
            move || drop(listeners)
        }
    });
    let first = use_mut_ref(|| true);
    use_effect_with(state.route.clone(), move |route| {
        listen::arrive(route, std::mem::replace(&mut *first.borrow_mut(), false));
    });
    html! {
        <>
            <a class="skip" href="#main" onclick={to_main()}>{ "Skip to the content" }</a>
            <Header hands={hands.clone()} tab={state.route.tab()} theme={state.theme} />
            <main id="main" tabindex="-1"><div class="wrap">{ routes(&hands, &state) }</div></main>
            <Footer state={(state.desk.clone(), state.said.clone())} rules={state.tool.as_ref().map(|tool| tool.rules.clone())} />
            <p class="vh" role="status" id="said">{ &state.said }</p>
            <KeyDialog hands={hands.clone()} letters={state.letters} open={state.keys_open} />
        </>
    }
}

fn to_main() -> Callback<MouseEvent> {
    Callback::from(|event: MouseEvent| {
        event.prevent_default();
        hand::focus("#main");
    })
}

/// Every page stays in the document, so that nothing pasted or typed is lost on the way; one is in view.
fn routes(hands: &Hands, state: &State) -> Html {
    let tab = state.route.tab();
    let code = if let Route::Code(code) = &state.route { Some(code.clone()) } else { None };
    let rule = if let Route::Rule(id) = &state.route { Some(id.clone()) } else { None };
    let part = if let Route::Report(part) = state.route { part } else { Part::default() };
    let on = |route: Route| tab == route;
    html! {
        <>
            <section class="page" hidden={!on(Route::Decode)}>{ decode(hands, state) }</section>
            <section class="page" hidden={!on(Route::Report(Part::Findings))}>
                <ReportPage hands={hands.clone()} report={state.report.clone()} {part} shown={on(Route::Report(Part::Findings))} dragging={state.dragging}
                    notice={state.notice.clone()} own_rules={state.own.rules} /></section>
            <section class="page" hidden={!on(Route::Codes)}><CodesPage hands={hands.clone()} {code} rules={state.rules.clone()} shown={on(Route::Codes)} /></section>
            <section class="page" hidden={!on(Route::Rules)}>
                <Rules hands={hands.clone()} rules={state.rules.clone()} tool={state.tool.clone()} trial={state.trial.clone()} chosen={rule} shown={on(Route::Rules)}
                    own={state.own.clone()} answer={state.answer.clone()} hide={state.hide} /></section>
            <section class="page" hidden={!on(Route::About)}>
                <About hands={hands.clone()} tool={state.tool.clone()} letters={state.letters} shown={on(Route::About)} /></section>
        </>
    }
}

fn decode(hands: &Hands, state: &State) -> Html {
    html! {
        <>
            <section class="intro"><h1 tabindex="-1">{ "Paste a bounce: a reply, a whole bounce mail, several at once." }</h1>
                <p class="muted">{ "You get the cause, who has to fix it, and what not to do. Nothing you paste leaves this tab." }</p></section>
            <PasteBox hands={hands.clone()} input={state.input.clone()} desk={state.desk.clone()} wait={state.wait} notice={state.notice.clone()}
                dragging={state.dragging} small={state.answer.is_some()} />
            { state.own.line() }
            if let Some(answer) = &state.answer {
                <AnswerView hands={hands.clone()} answer={answer.clone()} open={state.open} hide={state.hide} />
            }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct HeaderProps {
    hands: Hands,
    tab: Route,
    theme: Theme,
}

#[component]
fn Header(props: &HeaderProps) -> Html {
    let tabs = [
        (Route::Decode, "Decode"),
        (Route::Report(Part::Findings), "Report"),
        (Route::Codes, "Codes"),
        (Route::Rules, "Rules"),
        (Route::About, "About"),
    ];
    let tab = |(route, name): (Route, &'static str)| {
        let current = (route == props.tab).then_some("page");
        html! { <li><a href={route.href()} aria-current={current}>{ name }</a></li> }
    };
    let theme = {
        let (hands, next) = (props.hands.clone(), props.theme.next());
        Callback::from(move |_: MouseEvent| hands.choose_theme(next))
    };
    let keys = {
        let hands = props.hands.clone();
        Callback::from(move |_: MouseEvent| hands.act.emit(Act::Keys(true)))
    };
    html! {
        <header class="top"><div class="wrap">
            <a class="brand" href="#/"><svg viewBox="0 0 22 14" aria-hidden="true"><path d="M0 2.5q2.75-3 5.5 0t5.5 0 5.5 0 5.5 0M0 7q2.75-3 5.5 0t5.5 0 5.5 0 5.5 0M0 11.5q2.75-3 5.5 0t5.5 0 5.5 0 5.5 0" /></svg>{ "Undelivered" }</a>
            <nav aria-label="Main"><ul>{ for tabs.into_iter().map(tab) }</ul></nav>
            <div class="row">
                <button type="button" class="plain" id="theme" onclick={theme}>{ "Theme" }<span class="wide">{ ": " }{ props.theme.id() }</span></button>
                <button type="button" class="plain" onclick={keys}>{ "Keys " }<kbd>{ "?" }</kbd></button>
            </div>
        </div></header>
    }
}

#[derive(Properties, PartialEq)]
struct FooterProps {
    /// What has happened last: the count is read anew after it.
    state: (Desk, String),
    rules: Option<String>,
}

#[component]
fn Footer(props: &FooterProps) -> Html {
    html! {
        <footer class="foot"><div class="wrap">
            <span>{ "App " }<span class="mono">{ env!("CARGO_PKG_VERSION") }</span></span>
            <span>{ "Rules " }<span class="mono">{ props.rules.as_deref().unwrap_or(env!("UNDELIVERED_RULES")) }</span></span>
            <span id="requests">{ Requests::count().line() }</span>
            <nav aria-label="Footer"><a href={Route::About.href()}>{ "How to check that nothing leaves" }</a></nav>
        </div></footer>
    }
}
