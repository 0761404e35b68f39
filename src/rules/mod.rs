//! The knowledge of receivers: rule files (data, pressed in at build time) and their shape.

pub mod form;
pub mod own;
pub mod trial;
