//! x
use super::Notice;
/// x
pub fn read(_t: &str) -> Option<Notice> {
    None
}
