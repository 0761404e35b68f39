//! What a person is shown, made without a browser: names of ids, marks in a text, what is copied and sent on.
//!
//! The page draws these; nothing here knows of it, so all of it is tested natively.

pub mod copy;
pub mod digits;
pub mod marks;
pub mod mask;
pub mod names;
pub mod packet;
pub mod plain;
pub mod propose;
pub mod report;
pub mod route;
pub mod sniff;
