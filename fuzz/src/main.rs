//! The targets without libFuzzer: their corpus, then inputs made of it, for as long as is asked.

fn main() -> std::process::ExitCode {
    opsbook_fuzz::run()
}
