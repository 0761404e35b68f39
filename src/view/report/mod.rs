//! The report, without a browser: figures as they are set, what a filter is called, where a bar stands, which rows are in view.

pub mod chart;
pub mod columns;
pub mod figures;
pub mod filter;
pub mod heat;
pub mod ruler;
pub mod svg;
pub mod window;
