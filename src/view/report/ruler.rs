//! A rate against its limits, as a place on a ruler.

use super::figures::{percent, plain_percent};

const LEFT: f64 = 8.0;
const RIGHT: f64 = 272.0;

/// A gate.
#[derive(Clone, Debug, PartialEq)]
pub struct Ruler {
    pub name: &'static str,
    /// `0.71 %`; none without a sent count.
    pub rate: Option<String>,
    pub state: &'static str,
    /// Where the bar ends.
    pub at: f64,
    /// Place and words of each mark.
    pub marks: Vec<(f64, String)>,
    /// All of it in words.
    pub words: String,
}

/// A rate on a ruler with limits in rising order. With two limits the first asks to watch and the last to stop.
pub fn ruler(name: &'static str, rate: Option<f64>, limits: &[f64]) -> Ruler {
    let last = limits.last().copied().unwrap_or(1.0);
    let end = last.max(f64::MIN_POSITIVE) * 1.25;
    let place = |fraction: f64| LEFT + (RIGHT - LEFT) * (fraction / end).clamp(0.0, 1.0);
    let marks: Vec<_> = std::iter::once(0.0).chain(limits.iter().copied()).map(|limit| (place(limit), plain_percent(limit))).collect();
    let state = state(rate, limits);
    let said = rate.map(percent);
    let limits: Vec<_> = limits.iter().map(|limit| plain_percent(*limit)).collect();
    let words = format!("{name}: {}, {state}. Limits {} %", said.as_deref().unwrap_or("unknown"), limits.join(" and "));
    Ruler { name, rate: said, state, at: place(rate.unwrap_or_default()), marks, words }
}

fn state(rate: Option<f64>, limits: &[f64]) -> &'static str {
    let Some(rate) = rate else { return "needs the number sent" };
    match limits {
        [.., last] if rate >= *last => "Stop",
        [first, _, ..] if rate >= *first => "Watch",
        _ => "OK",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_is_a_word_and_a_place() {
        let strict = [0.005, 0.01];
        let at = |rate| ruler("Hard", Some(rate), &strict);
        assert_eq!([at(0.001).state, at(0.005).state, at(0.0071).state, at(0.01).state], ["OK", "Watch", "Watch", "Stop"]);
        assert!(at(0.001).at < at(0.007).at && at(0.5).at == RIGHT);
        assert_eq!(at(0.0071).words, "Hard: 0.71 %, Watch. Limits 0.5 and 1 %");
        assert_eq!(ruler("Total", Some(0.0304), &[0.05]).state, "OK");
        assert_eq!((ruler("Total", None, &[0.05]).state, ruler("Total", None, &[0.05]).rate), ("needs the number sent", None));
    }
}
