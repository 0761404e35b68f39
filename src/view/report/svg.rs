//! The chart as a file that stands alone: colours and type within, on white.

use std::fmt::Write as _;

use super::chart::{BOTTOM, Chart, HEIGHT, LEFT, WIDTH};
use crate::verdict::Bucket;
use crate::view::names::{letters, plain, tag_class};

/// Height of the line of letters below the plot.
const LEGEND: f64 = 44.0;

/// The colour of a bucket on white, as in `www/tokens.css`.
pub fn colour(bucket: Bucket) -> &'static str {
    match bucket {
        Bucket::Recipient | Bucket::Mailbox => "#9c5a22",
        Bucket::Reputation | Bucket::Authentication => "#51358a",
        Bucket::Content | Bucket::Policy => "#6a1a4c",
        Bucket::Routing | Bucket::Transport => "#00604a",
        Bucket::Rate | Bucket::RemoteSystem => "#433902",
        Bucket::Message | Bucket::SenderSetup => "#1d70ac",
        Bucket::NotABounce | Bucket::Unknown => "#5f6670",
    }
}

/// The second of a pair is hatched.
pub fn is_hatched(bucket: Bucket) -> bool {
    tag_class(bucket).ends_with(" b2")
}

fn fill(bucket: Bucket) -> String {
    if is_hatched(bucket) { format!("url(#h-{})", bucket.id()) } else { colour(bucket).to_string() }
}

/// The drawing with its legend as an SVG file.
pub fn file(chart: &Chart, summary: &str) -> String {
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{0}\" viewBox=\"0 0 {WIDTH} {0}\" font-family=\"sans-serif\" font-size=\"11\">\n<title>{1}</title>\n",
        HEIGHT + LEGEND,
        escaped(summary)
    );
    hatches(&mut svg, chart);
    let _ = writeln!(svg, "<rect width=\"{WIDTH}\" height=\"{}\" fill=\"#fff\"/>", HEIGHT + LEGEND);
    axes(&mut svg, chart);
    for bar in &chart.bars {
        for piece in &bar.pieces {
            let (x, width, y, height) = (bar.x, bar.width, piece.y, piece.height);
            let _ = writeln!(
                svg,
                "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"{}\" stroke=\"{}\" stroke-width=\".5\"/>",
                fill(piece.bucket),
                colour(piece.bucket)
            );
        }
    }
    legend(&mut svg, chart);
    svg + "</svg>\n"
}

fn hatches(svg: &mut String, chart: &Chart) {
    svg.push_str("<defs>");
    for bucket in chart.buckets.iter().filter(|bucket| is_hatched(**bucket)) {
        let _ = write!(
            svg,
            "<pattern id=\"h-{}\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect width=\"5\" height=\"5\" fill=\"#fff\"/><path d=\"M0 0V5\" stroke=\"{}\" stroke-width=\"2.2\"/></pattern>",
            bucket.id(),
            colour(*bucket)
        );
    }
    svg.push_str("</defs>\n");
}

fn axes(svg: &mut String, chart: &Chart) {
    for tick in &chart.up {
        let _ = writeln!(
            svg,
            "<path d=\"M{LEFT} {0:.1}H{WIDTH}\" stroke=\"#dfe2e6\"/><text x=\"{1}\" y=\"{2:.1}\" text-anchor=\"end\" fill=\"#48505a\">{3}</text>",
            tick.at,
            LEFT - 6.0,
            tick.at + 4.0,
            tick.words
        );
    }
    for tick in &chart.along {
        let _ = writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\" fill=\"#48505a\">{}</text>",
            tick.at,
            BOTTOM + 16.0,
            tick.words
        );
    }
}

fn legend(svg: &mut String, chart: &Chart) {
    for (at, bucket) in chart.buckets.iter().enumerate() {
        let (x, y) = (LEFT + (at % 7) as f64 * 118.0, HEIGHT + 8.0 + (at / 7) as f64 * 20.0);
        let _ = writeln!(
            svg,
            "<rect x=\"{x}\" y=\"{y}\" width=\"12\" height=\"12\" fill=\"{}\" stroke=\"{}\"/><text x=\"{}\" y=\"{}\" fill=\"#15191e\">{} {}</text>",
            fill(*bucket),
            colour(*bucket),
            x + 17.0,
            y + 10.0,
            letters(*bucket),
            plain(bucket.id())
        );
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Breakdown, Step};

    #[test]
    fn the_file_stands_alone() {
        let by_cause = Bucket::ALL.iter().filter_map(|bucket| crate::verdict::Cause::ALL.iter().find(|cause| cause.bucket() == *bucket));
        let step = Step { start: 0, by_cause: by_cause.map(|cause| (cause.id().to_string(), 3)).collect() };
        let chart = crate::view::report::chart::chart(&Breakdown { over_time: vec![step], step_seconds: 86_400, ..Breakdown::default() });
        let svg = file(&chart.expect("a chart"), "a < b & c");
        assert!(svg.starts_with("<svg xmlns=") && svg.ends_with("</svg>\n") && svg.contains("<title>a &lt; b &amp; c</title>"));
        assert!(!svg.contains("class=") && !svg.contains("var("), "nothing from outside");
        assert_eq!(svg.matches("<pattern ").count(), Bucket::ALL.iter().filter(|bucket| is_hatched(**bucket)).count());
    }

    /// The file's colours are those of the page.
    #[test]
    fn colours_are_those_of_the_tokens() {
        let tokens = include_str!("../../../www/tokens.css");
        for bucket in Bucket::ALL {
            assert!(tokens.contains(colour(*bucket)), "{bucket:?}");
        }
    }
}
