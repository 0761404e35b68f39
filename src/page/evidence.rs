//! Proof beside claim: the raw text with numbered marks at the left, what each proves at the right, linked both ways.

use std::collections::BTreeSet;
use std::ops::Range;

use yew::prelude::*;

use super::hand::{Hands, focus};
use super::state::{Act, Answer, Shared};
use super::text::{prose, rule_link, section, shown, size, stretch};
use crate::verdict::{Decoded, Evidence as Proved, Part, Proof};
use crate::view::marks::{Mark, Piece, excerpt, lumps, marks, order, pieces};
use crate::view::mask::ranges;
use crate::view::names::title_case;

/// A part up to this size is shown whole at once.
const WHOLE: usize = 4_000;
/// What is shown around a mark of a longer one, in bytes.
const AROUND: usize = 500;
/// A long text is drawn in lumps of this size, so that the browser lays out only those in view.
const LUMP: usize = 16_000;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub hands: Hands,
    pub answer: Shared<Answer>,
    /// One outcome's proof, or that of all in the first mail.
    pub index: Option<usize>,
    pub hide: bool,
}

/// The section; left out where there is neither text nor proof.
#[component]
pub fn Evidence(props: &Props) -> Html {
    let lit = use_state(|| None::<usize>);
    let whole = use_state(BTreeSet::<usize>::new);
    let Some((decoded, proofs)) = proofs(&props.answer, props.index) else { return Html::default() };
    let evidence: Vec<Proved> = proofs.iter().map(|(_, proof)| (*proof).clone()).collect();
    let light = {
        let lit = lit.clone();
        Callback::from(move |on: Option<usize>| lit.set(on))
    };
    let onhide = {
        let hands = props.hands.clone();
        Callback::from(move |event: Event| hands.act.emit(Act::Hide(event.target_unchecked_into::<web_sys::HtmlInputElement>().checked())))
    };
    let switch =
        html! { <p><label><input type="checkbox" id="hide" checked={props.hide} onchange={onhide} />{ "Hide personal data" }</label></p> };
    let drawing = Drawing { lit: *lit, light, hide: props.hide };
    let show_all = |part: usize| {
        let whole = whole.clone();
        Callback::from(move |_: MouseEvent| whole.set(whole.iter().copied().chain([part]).collect()))
    };
    let texts = shown_parts(decoded, &evidence).into_iter().map(|part| {
        let marks = marks(&evidence, part.id, &part.text);
        drawing.part(part, &marks, whole.contains(&part.id), show_all(part.id))
    });
    let notes = order(&evidence).into_iter().zip(1..).map(|(i, n)| drawing.note(n, proofs[i].1, proofs[i].0));
    let matter = html! {
        <div class="ev">
            <div>{ for texts }{ unread(&decoded.unread, props.hide) }</div>
            <ol class="notes">{ for notes }</ol>
        </div>
    };
    section("evidence", "Evidence", switch, matter)
}

/// What is proved, with the recipient that it is about where there are several.
type Proofs<'a> = Vec<(Option<&'a str>, &'a Proved)>;

fn proofs(answer: &Answer, index: Option<usize>) -> Option<(&Decoded, Proofs<'_>)> {
    if let Some(index) = index {
        let (decoded, outcome) = answer.outcomes().nth(index)?;
        return Some((decoded, outcome.evidence.iter().map(|proof| (None, proof)).collect()));
    }
    let decoded = answer.mails.first()?;
    let all = decoded.outcomes.iter().flat_map(|outcome| outcome.evidence.iter().map(move |proof| (outcome.recipient.as_deref(), proof)));
    Some((decoded, all.collect()))
}

/// The parts that evidence points into; the first where there is none.
fn shown_parts<'a>(decoded: &'a Decoded, evidence: &[Proved]) -> Vec<&'a Part> {
    let proved: Vec<&Part> = decoded.parts.iter().filter(|part| evidence.iter().any(|proof| proof.part == part.id)).collect();
    if proved.is_empty() { decoded.parts.first().into_iter().collect() } else { proved }
}

fn unread(unread: &[String], hide: bool) -> Html {
    if unread.is_empty() {
        return Html::default();
    }
    html! {
        <div class="small muted unread"><p>{ "Looked at and not used:" }</p>
        <ul>{ for unread.iter().take(20).map(|line| html! { <li>{ prose(line, hide) }</li> }) }</ul></div>
    }
}

struct Drawing {
    /// The mark under the pointer or with focus.
    lit: Option<usize>,
    light: Callback<Option<usize>>,
    hide: bool,
}

impl Drawing {
    fn part(&self, part: &Part, marks: &[Mark], whole: bool, show_all: Callback<MouseEvent>) -> Html {
        let text = &part.text;
        let hidden = if self.hide { ranges(text) } else { Vec::new() };
        let cut = !whole && text.len() > WHOLE;
        let ranges = if cut { excerpt(text, marks, WHOLE, AROUND) } else { lumps(text, marks, LUMP) };
        let class = (ranges.len() > 4).then_some("lump");
        let mut at = 0;
        let mut shown = Vec::new();
        for range in ranges {
            shown.push(gap(at, range.start));
            at = range.end;
            let drawn = pieces(range, marks).into_iter().map(|piece| self.piece(text, &piece, &hidden));
            shown.push(html! { <span {class}>{ for drawn }</span> });
        }
        shown.push(gap(at, text.len()));
        html! {
            <>
                if part.name != "input" { <h3 class="lab">{ super::text::shown(&part.name, self.hide) }</h3> }
                <pre class="raw" tabindex="0" aria-label="Raw text with marks">{ for shown }</pre>
                if cut { <p class="row"><button type="button" onclick={show_all}>{ format!("Show the whole text, {}", size(text.len())) }</button></p> }
            </>
        }
    }

    fn piece(&self, text: &str, piece: &Piece, hidden: &[Range<usize>]) -> Html {
        let words = stretch(text, piece.start..piece.end, hidden);
        let Some(&inner) = piece.inside.last() else { return words };
        let on = self.lit.is_some_and(|lit| piece.inside.contains(&lit));
        let anchors = piece.begins.iter().filter(|begun| **begun != inner).map(|begun| html! { <span id={format!("m{begun}")}></span> });
        let id = piece.begins.contains(&inner).then(|| format!("m{inner}"));
        let number = piece.ends.iter().map(usize::to_string).collect::<Vec<_>>().join(" ");
        html! {
            <>
                { for anchors }
                <a class={classes!("mk", on.then_some("on"))} {id} href={format!("#n{inner}")} data-n={number}
                    aria-describedby={format!("n{inner}")} onclick={jump(format!("#n{inner}"))}
                    onmouseenter={self.lighting(Some(inner))} onmouseleave={self.lighting(None)}
                    onfocus={self.focusing(Some(inner))} onblur={self.focusing(None)}><mark>{ words }</mark></a>
            </>
        }
    }

    fn note(&self, number: usize, proof: &Proved, whose: Option<&str>) -> Html {
        let on = self.lit == Some(number);
        let rule = matches!(proof.kind, Proof::Wording).then(|| html! { <>{ ". Rule " }{ rule_link(&proof.rule) }</> }).unwrap_or_default();
        html! {
            <li id={format!("n{number}")} tabindex="-1" class={classes!(on.then_some("on"))}
                onmouseenter={self.lighting(Some(number))} onmouseleave={self.lighting(None)}>
                <a href={format!("#m{number}")} aria-label={format!("Mark {number} in the text")} onclick={jump(format!("#m{number}"))}
                    onfocus={self.focusing(Some(number))} onblur={self.focusing(None)}>{ number }</a>
                <div>{ heading(proof, self.hide) }<p>{ whose.map(|whose| html! { <>{ shown(whose, self.hide) }{ ": " }</> }).unwrap_or_default() }{ prose(&proof.note, self.hide) }{ rule }</p></div>
            </li>
        }
    }

    fn lighting(&self, on: Option<usize>) -> Callback<MouseEvent> {
        self.light.reform(move |_| on)
    }

    fn focusing(&self, on: Option<usize>) -> Callback<FocusEvent> {
        self.light.reform(move |_| on)
    }
}

/// What a note is about: the words themselves, or what they are.
fn heading(proof: &Proved, hide: bool) -> Html {
    let quote = short(&proof.quote);
    match proof.kind {
        Proof::Wording => html! { <>{ "“" }{ shown(&quote, hide) }{ "”" }</> },
        Proof::Code => html! { <><code>{ shown(&quote, hide) }</code></> },
        Proof::Stage => html! { <>{ "Stage: " }{ shown(&quote, hide) }</> },
        Proof::Provider => {
            let id = proof.rule.split('.').nth(1).unwrap_or_default();
            html! { <>{ if id.is_empty() { title_case("provider") } else { super::data::company(id) } }{ ": " }<code>{ shown(&quote, hide) }</code></> }
        }
    }
}

fn short(quote: &str) -> String {
    let words = quote.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() <= 90 {
        return words;
    }
    words.chars().take(60).collect::<String>()
        + " … "
        + &words.chars().rev().take(20).collect::<Vec<_>>().into_iter().rev().collect::<String>()
}

fn gap(from: usize, to: usize) -> Html {
    if from >= to {
        Html::default()
    } else {
        html! { <span class="gap">{ format!("… {} not shown …\n", size(to - from)) }</span> }
    }
}

/// Moves to the other end of a mark without touching the address bar.
fn jump(selector: String) -> Callback<MouseEvent> {
    Callback::from(move |event: MouseEvent| {
        event.prevent_default();
        focus(&selector);
    })
}
