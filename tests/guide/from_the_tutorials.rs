//! The page `docs/from-the-tutorials.md`: its files are written and its commands are typed, with sandboxes in place of the apps.

use super::page::{Block, Reader, blocks, compare};

const PAGE: &str = include_str!("../../docs/from-the-tutorials.md");
const BLUEJEANS: &str = "bluejeans";

#[test]
fn the_tutorials_can_be_followed() {
    let is_there = rolecall::config::catalog().get(BLUEJEANS).is_some();
    if !is_there {
        eprintln!("skipped: the lines about BlueJeans need the connector bluejeans");
    }
    let is_meant =
        |line: &&str| is_there || !line.to_lowercase().contains(BLUEJEANS) || line.starts_with("git ");
    let mut reader = Reader::new();
    reader.types("git init -q -b main").ends_with(0);
    let (mut output, mut shown) = (String::new(), 0);
    for block in blocks(PAGE) {
        match block {
            Block::File(name, _) if !is_meant(&&*name) => {}
            Block::File(name, text) => {
                let lines: Vec<&str> = text.lines().filter(is_meant).collect();
                reader.write(&name, &(lines.join("\n") + "\n"));
            }
            Block::Commands(lines) => {
                output.clear();
                for line in lines.iter().map(String::as_str).filter(is_meant) {
                    output.push_str(&reader.types(line).ends_with(0).stdout);
                }
            }
            Block::Shown(text) => {
                compare(&text, &output);
                shown += 1;
            }
        }
    }
    assert!(shown >= 5, "the page shows {shown} outputs");
}

/// Commands in the text of both pages, between backquotes.
#[test]
fn commands_in_the_text_are_commands() {
    for page in [PAGE, include_str!("../../docs/add-an-app.md"), include_str!("../../docs/connectors.md")] {
        let refused = crate::support::commands::refused(page);
        assert!(refused.is_empty(), "{refused:?}");
    }
}
