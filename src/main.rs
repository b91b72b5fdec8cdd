//! The `rolecall` program: everything is in the library, this is its exit status.

/// A plan makes many small values on all cores: with this allocator it takes a fifth less time, and less memory.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    rolecall::cli::main()
}
