//! Marketing Cloud queries (Query Studio, SQL activities) for the same questions.

use super::Stamp;
use crate::analysis::Analysis;

/// The queries, with the days that this analysis spans.
pub fn sql(analysis: &Analysis, days: u32) -> String {
    let queries = include_str!("sfmc.sql").replace("{days}", &days.to_string());
    format!("-- {}\n\n{queries}", Stamp::of(analysis).line(None).replace(['\r', '\n'], " "))
}
