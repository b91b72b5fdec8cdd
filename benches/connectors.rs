//! How connectors read: how many requests a plan sends, how near it comes to the time that an app takes, what a limit of requests and
//! a token that ends cost, how long a page takes. Each figure stands beside one that was measured in the same run, or the arithmetic.
//! It fails if a plan is wrong, never because something was slow.
//!
//! ```text
//! cargo bench --bench connectors                    # everything
//! cargo bench --bench connectors -- pages tokens    # these parts of: requests, pages, window, decode, tokens
//! ```

#![allow(unreachable_pub, dead_code, clippy::unwrap_used, clippy::print_stdout)]

#[path = "support/mod.rs"]
mod bench;
#[path = "connectors/decode.rs"]
mod decode;
#[path = "connectors/line.rs"]
mod line;
#[path = "connectors/pages.rs"]
mod pages;
#[path = "connectors/requests.rs"]
mod requests;
#[path = "connectors/staged.rs"]
mod staged;
#[path = "connectors/tokens.rs"]
mod tokens;
#[path = "connectors/window.rs"]
mod window;

// The servers and repositories of the tests.
#[path = "connectors/tests.rs"]
mod rest;
#[path = "../tests/connector/rig.rs"]
mod rig;
#[path = "../tests/support/mod.rs"]
mod support;

const PARTS: [(&str, fn()); 5] = [
    ("requests", requests::measure),
    ("pages", pages::measure),
    ("window", window::measure),
    ("decode", decode::measure),
    ("tokens", tokens::measure),
];

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    // A child of the measuring below.
    if let [read, engine, url] = &wanted[..]
        && read == "read"
    {
        return decode::read(engine, url);
    }
    for name in &wanted {
        assert!(PARTS.iter().any(|(part, _)| part == name), "there is no part {name}");
    }
    for (name, measure) in PARTS {
        if wanted.is_empty() || wanted.iter().any(|one| one == name) {
            println!("\n{name}");
            measure();
        }
    }
}
