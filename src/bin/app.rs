//! The page.

fn main() {
    undelivered::page::start();
}
