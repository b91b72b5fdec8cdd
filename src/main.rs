//! The `rolecall` program: everything is in the library, this is its exit status.

/// Large companies are many small texts: it costs a tenth of the time and keeps less from being given back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    rolecall::cli::main()
}
