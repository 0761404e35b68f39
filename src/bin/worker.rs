//! The worker: waits for questions from the page.

fn main() {
    undelivered::desk::listen();
}
