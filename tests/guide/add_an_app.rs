//! The page `docs/add-an-app.md`, with the server that it starts.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use super::page::{Block, Reader, blocks, compare};
use crate::support::program::{Repo, Running};

const PAGE: &str = include_str!("../../docs/add-an-app.md");
const START: &str = "python3 examples/add-an-app/server.py";
/// The port on the page. The test takes any free one.
const PORT: &str = "8315";

#[test]
fn the_page_adds_an_app() {
    let newer = "import sys; sys.exit(sys.version_info < (3, 10))";
    for (tool, args) in [("python3", ["-c", newer].as_slice()), ("curl", &["--version"])] {
        if !has(tool, args) {
            eprintln!("skipped: needs {tool}");
            return;
        }
    }
    let (_server, said, port) = start();
    let page = PAGE.replace(PORT, &port);
    let mut reader = Reader::new();
    let (mut output, mut shown) = (String::new(), 0);
    for block in blocks(&page) {
        match block {
            Block::File(name, text) => reader.write(&name, &text),
            Block::Commands(lines) if lines == [START] => output.clone_from(&said),
            Block::Commands(lines) => {
                output.clear();
                for line in lines {
                    // Only part of the lists came, so the run ends with 3.
                    let expected = if line.contains("rota-one-crew") { 3 } else { 0 };
                    output.push_str(&reader.types(&line).ends_with(expected).stdout);
                }
            }
            Block::Shown(text) => {
                compare(&text, &output);
                shown += 1;
            }
        }
    }
    assert!(shown >= 6, "the page shows {shown} outputs");
}

/// What the title of the page promises can be typed in that time.
#[test]
fn a_reader_writes_less_than_sixty_lines() {
    let files = blocks(PAGE).into_iter().filter_map(|block| match block {
        // Without the name of the file.
        Block::File(_, text) => Some(text.lines().count() - 1),
        _ => None,
    });
    let lines: usize = files.sum();
    assert!(lines < 60, "{lines} lines");
}

fn has(tool: &str, args: &[&str]) -> bool {
    Command::new(tool).args(args).output().is_ok_and(|output| output.status.success())
}

/// The server of the page at a free port, what it says, and the port. It is stopped when the first is dropped.
fn start() -> (Running, String, String) {
    let server = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/add-an-app/server.py");
    let args = [server.as_os_str(), "--port".as_ref(), "0".as_ref()];
    let running = Repo::plain().program(Path::new("python3"), args).spawn();
    let begun = Instant::now();
    loop {
        let said = running.stdout();
        if said.ends_with('\n') {
            let port = said.split("127.0.0.1:").nth(1).and_then(|rest| rest.split('/').next());
            let port = port.unwrap_or_else(|| panic!("no port in {said}")).to_owned();
            return (running, said, port);
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "the server does not start: {}", running.stderr());
        std::thread::sleep(Duration::from_millis(10));
    }
}
