//! Verdicts → counts that can be added up: [`Tally`].
//!
//! Analysing the parts of a file and merging the tallies gives what analysing the whole gives. Memory grows with what is distinct (reply
//! templates, people, domains, jobs, slots of time), never with rows.

mod names;
mod series;

pub use names::{Name, Names};
pub use series::{Cell, SLOT, Series};
