//! `undelivered`: the native command line. See `undelivered --help`.

fn main() -> std::process::ExitCode {
    undelivered::cli::main()
}
