//! The built page in a real browser.

mod network;
mod start;
