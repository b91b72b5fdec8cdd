//! The page `docs/from-the-tutorials.md`: its files are written and its commands are typed, with sandboxes in place of the apps.

use super::page::{Block, Reader, blocks, compare};

const PAGE: &str = include_str!("../../docs/from-the-tutorials.md");

#[test]
fn the_tutorials_can_be_followed() {
    let mut reader = Reader::new();
    reader.types("git init -q -b main").ends_with(0);
    let (mut output, mut shown) = (String::new(), 0);
    for block in blocks(PAGE) {
        match block {
            Block::File(name, text) => {
                reader.write(&name, &text);
            }
            Block::Commands(lines) => {
                output.clear();
                for line in lines.iter().map(String::as_str) {
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
