//! Events over time as stacked bars, with a table that says the same, and both as files.

use wasm_bindgen::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement};
use yew::prelude::*;

use super::save::link;
use super::state::Told;
use crate::analysis::Filter;
use crate::page::hand::Hands;
use crate::page::state::{Act, Shared};
use crate::page::text::{section, tag};
use crate::verdict::Bucket;
use crate::view::names::{plain, tag_class};
use crate::view::report::chart::{BOTTOM, Bar, Chart, HEIGHT, LEFT, Piece, WIDTH, chart, steps, summary};
use crate::view::report::figures::{Moment, count};
use crate::view::report::svg::{file, is_hatched};

/// A PNG has twice the pixels of the drawing.
const DENSITY: f64 = 2.0;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub hands: Hands,
    pub told: Shared<Told>,
    pub filter: Filter,
}

/// The section; nothing where no event has a time.
#[component]
pub fn OverTime(props: &Props) -> Html {
    let as_table = use_state(|| false);
    let breakdown = &props.told.breakdown;
    let Some(chart) = chart(breakdown) else { return Html::default() };
    let words = summary(&chart, breakdown.step_seconds);
    let toggle = {
        let as_table = as_table.clone();
        Callback::from(move |_: MouseEvent| as_table.set(!*as_table))
    };
    let save = |png: bool| {
        let (hands, svg) = (props.hands.clone(), file(&chart, &words));
        Callback::from(
            move |_: MouseEvent| if png { save_png(&hands, &svg) } else { hands.save("bounces-over-time.svg", "image/svg+xml", &svg) },
        )
    };
    let entry = |bucket: &Bucket| html! { <li>{ tag(*bucket) }{ " " }{ plain(bucket.id()) }</li> };
    let step = if breakdown.step_seconds < 86_400 {
        "By the hour, UTC"
    } else if breakdown.step_seconds == 86_400 {
        "By the day, UTC"
    } else {
        "Days together, UTC"
    };
    let matter = html! {
        <figure>
            if *as_table { { table(props, &chart) } } else { <div class="scroll" tabindex="0" role="region" aria-label="Chart">{ drawing(props, &chart, &words) }</div> }
            <ul class="legend">{ for chart.buckets.iter().map(entry) }</ul>
            <p class="row small noprint"><span class="muted">{ "Filled letters, solid bars. Outlined letters, hatched bars. A bar filters its time." }</span>
                <span class="end row"><button type="button" id="chart-table" onclick={toggle} aria-pressed={as_table.to_string()}>{ if *as_table { "Show as chart" } else { "Show as table" } }</button>
                    <button type="button" id="chart-svg" onclick={save(false)}>{ "SVG" }</button><button type="button" id="chart-png" onclick={save(true)}>{ "PNG" }</button></span></p>
        </figure>
    };
    section("over-time", "Over time", html! { <p>{ step }</p> }, matter)
}

fn drawing(props: &Props, chart: &Chart, words: &str) -> Html {
    let hatch = |bucket: &Bucket| {
        let class = tag_class(*bucket).trim_start_matches("tag ").trim_end_matches(" b2").to_string();
        html! {
            <pattern id={format!("h-{}", bucket.id())} {class} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                <rect class="hbg" width="5" height="5" /><path class="hatch" d="M0 0V5" /></pattern>
        }
    };
    let up = chart.up.iter().map(|tick| {
        let class = if tick.at >= BOTTOM { "ax2" } else { "ax" };
        html! { <><path {class} d={format!("M{LEFT} {:.1}H{WIDTH}", tick.at)} /><text x={(LEFT - 6.0).to_string()} y={format!("{:.1}", tick.at + 4.0)} text-anchor="end">{ &tick.words }</text></> }
    });
    let along = chart.along.iter().map(
        |tick| html! { <text x={format!("{:.1}", tick.at)} y={(BOTTOM + 16.0).to_string()} text-anchor="middle">{ &tick.words }</text> },
    );
    html! {
        <svg class="chart wide" viewBox={format!("0 0 {WIDTH} {HEIGHT}")} role="img" aria-label={words.to_string()}>
            <defs>{ for chart.buckets.iter().filter(|bucket| is_hatched(**bucket)).map(hatch) }</defs>
            { for up }{ for chart.bars.iter().map(|bar| column(props, bar)) }{ for along }
        </svg>
    }
}

fn column(props: &Props, bar: &Bar) -> Html {
    let onclick = {
        let (hands, next) = (props.hands.clone(), slice(props, bar.start));
        Callback::from(move |_: MouseEvent| hands.filter(next.clone()))
    };
    let moment = Moment::at(bar.start);
    let words = format!("{} {}: {}", moment.day_words(), moment.clock(), count(bar.total));
    html! { <g class="col" {onclick} key={bar.start.to_string()}><title>{ words }</title>{ for bar.pieces.iter().map(|piece| rect(bar, piece)) }</g> }
}

/// The filter with one step of time.
fn slice(props: &Props, start: i64) -> Filter {
    Filter { from: Some(start), until: Some(start + props.told.breakdown.step_seconds), ..props.filter.clone() }
}

fn rect(bar: &Bar, piece: &Piece) -> Html {
    let hue = tag_class(piece.bucket).trim_start_matches("tag ").trim_end_matches(" b2");
    let (class, fill) = if is_hatched(piece.bucket) {
        (format!("bar2 {hue}"), Some(format!("url(#h-{})", piece.bucket.id())))
    } else {
        (format!("bar {hue}"), None)
    };
    let number = |value: f64| format!("{value:.1}");
    html! { <rect {class} {fill} x={number(bar.x)} y={number(piece.y)} width={number(bar.width)} height={number(piece.height)} /> }
}

fn table(props: &Props, chart: &Chart) -> Html {
    let steps = steps(&props.told.breakdown);
    let row = |(start, by): &(i64, std::collections::BTreeMap<Bucket, u64>)| {
        let moment = Moment::at(*start);
        let words = if props.told.breakdown.step_seconds < 86_400 {
            format!("{} {}", moment.date_words(), moment.clock())
        } else {
            moment.date_words()
        };
        let onclick = {
            let (hands, next) = (props.hands.clone(), slice(props, *start));
            Callback::from(move |_: MouseEvent| hands.filter(next.clone()))
        };
        let cell = |bucket: &Bucket| html! { <td class="n">{ by.get(bucket).map_or("–".to_string(), |number| count(*number)) }</td> };
        html! { <tr key={start.to_string()}><th scope="row"><button type="button" class="plain" {onclick}>{ words }</button></th>{ for chart.buckets.iter().map(cell) }<td class="n">{ count(by.values().sum()) }</td></tr> }
    };
    html! {
        <div class="scroll tall" tabindex="0" role="region" aria-label="Events over time"><table id="time-table">
            <thead><tr><th scope="col">{ "From, UTC" }</th>{ for chart.buckets.iter().map(|bucket| html! { <th scope="col" class="n"><abbr title={plain(bucket.id())}>{ tag(*bucket) }</abbr></th> }) }<th scope="col" class="n">{ "All" }</th></tr></thead>
            <tbody>{ for steps.iter().map(row) }</tbody></table></div>
    }
}

/// Draws the file on a canvas; a `data:` address is the only picture that the page's policy lets in.
fn save_png(hands: &Hands, svg: &str) {
    let failed = {
        let act = hands.act.clone();
        move || act.emit(Act::Say("The browser could not draw the PNG; the SVG works everywhere.".into()))
    };
    if try_png(hands, svg, failed.clone()).is_err() {
        failed();
    }
}

fn try_png(hands: &Hands, svg: &str, failed: impl Fn() + 'static) -> Result<(), JsValue> {
    let image = HtmlImageElement::new()?;
    let hands = hands.clone();
    let drawn = image.clone();
    let onload = Closure::once_into_js(move || {
        if paint(&hands, &drawn).is_err() {
            failed();
        }
    });
    image.set_onload(Some(onload.unchecked_ref()));
    image.set_src(&format!("data:image/svg+xml,{}", js_sys::encode_uri_component(svg)));
    Ok(())
}

fn paint(hands: &Hands, image: &HtmlImageElement) -> Result<(), JsValue> {
    let document = web_sys::window().and_then(|window| window.document()).ok_or(JsValue::NULL)?;
    let canvas: HtmlCanvasElement = document.create_element("canvas")?.unchecked_into();
    let (width, height) = (f64::from(image.width()) * DENSITY, f64::from(image.height()) * DENSITY);
    canvas.set_width(width as u32);
    canvas.set_height(height as u32);
    let context: CanvasRenderingContext2d = canvas.get_context("2d")?.ok_or(JsValue::NULL)?.unchecked_into();
    context.draw_image_with_html_image_element_and_dw_and_dh(image, 0.0, 0.0, width, height)?;
    let act = hands.act.clone();
    let done = Closure::once_into_js(move |blob: JsValue| {
        let saved = blob.dyn_into::<Blob>().is_ok_and(|blob| link("bounces-over-time.png", &blob).is_ok());
        act.emit(Act::Say(if saved { "bounces-over-time.png saved." } else { "The browser could not write the PNG." }.into()));
    });
    canvas.to_blob_with_type(done.unchecked_ref(), "image/png")
}
