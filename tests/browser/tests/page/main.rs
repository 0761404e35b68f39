//! The built page in a real browser.

mod decode;
mod hands;
mod look;
mod network;
mod own;
mod report;
mod start;
