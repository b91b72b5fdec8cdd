//! The `rolecall` program: everything is in the library, this is its exit status.

fn main() -> std::process::ExitCode {
    rolecall::cli::main()
}
