//! The knowledge of receivers: rule files (data, pressed in at build time) and their shape.

pub mod dry_run;
pub mod form;
pub mod own;
