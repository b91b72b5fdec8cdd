//! The `rolecall` program: everything is in the library, this is its exit status.

/// A plan makes many small values on all cores: this allocator takes a fifth off its time (docs/decisions/0031).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    rolecall::cli::main()
}
