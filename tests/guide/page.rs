//! A page as a reader follows it.

use std::env;
use std::path::Path;

use crate::support::program::{Output, Repo};

/// A block of a page.
#[derive(Debug, PartialEq, Eq)]
pub enum Block {
    /// A file: its name stands in the first line, as a comment.
    File(String, String),
    /// Commands, one a line.
    Commands(Vec<String>),
    /// What the commands before it print.
    Shown(String),
}

/// The blocks of a page, in order. Other blocks and those without a name are passed over.
pub fn blocks(page: &str) -> Vec<Block> {
    let mut found = Vec::new();
    for (place, part) in page.split("```").enumerate() {
        let Some((kind, text)) = part.split_once('\n').filter(|_| place % 2 == 1) else { continue };
        match kind {
            "sh" => found.push(Block::Commands(text.lines().map(str::to_owned).collect())),
            "text" => found.push(Block::Shown(text.to_owned())),
            "yaml" => {
                let name = text.lines().next().and_then(|line| line.strip_prefix("# "));
                if let Some(name) = name.filter(|name| name.ends_with(".yaml") && !name.contains(' ')) {
                    found.push(Block::File(name.to_owned(), text.to_owned()));
                }
            }
            _ => {}
        }
    }
    found
}

/// Somebody who reads a page and types what it says, in a folder of their own.
pub struct Reader {
    pub folder: Repo,
    /// Where they are, and what they have set: commands that hold for those after them.
    before: Vec<String>,
    /// The folder in which files are written.
    inside: String,
}

impl Reader {
    pub fn new() -> Reader {
        Reader { folder: Repo::plain(), before: Vec::new(), inside: String::new() }
    }

    pub fn write(&self, name: &str, text: &str) {
        self.folder.file(&format!("{}{name}", self.inside), text);
    }

    /// Types one line.
    pub fn types(&mut self, line: &str) -> Output {
        let stays = ["cd ", "export "].iter().any(|word| line.starts_with(word));
        if let Some(folder) = line.strip_prefix("cd ") {
            self.inside.extend([folder, "/"]);
        }
        let script = self.before.iter().map(String::as_str).chain([line]).collect::<Vec<_>>().join(" && ");
        let ran = self.folder.program(Path::new("sh"), ["-c", &script]).env("PATH", path()).run();
        if stays {
            self.before.push(line.to_owned());
        }
        ran
    }
}

/// Where commands are found: the program that is tested comes first.
fn path() -> String {
    let built = Path::new(env!("CARGO_BIN_EXE_rolecall")).parent().unwrap().to_path_buf();
    let others = env::var_os("PATH").unwrap_or_default();
    let all = env::join_paths([built].into_iter().chain(env::split_paths(&others))).unwrap();
    all.into_string().expect("PATH is text")
}

/// Fails unless the output is what the page shows, where `…` stands for anything.
#[track_caller]
pub fn compare(shown: &str, output: &str) {
    let mut rest = output;
    for part in shown.split('…').map(|part| part.trim_matches('\n')).filter(|part| !part.trim().is_empty())
    {
        let found = rest.find(part);
        let end = found.unwrap_or_else(|| {
            panic!("the page shows\n{part}\nwhich does not come in\n{rest}\nof\n{output}")
        });
        rest = &rest[end + part.len()..];
    }
}

#[test]
fn a_page_is_read_in_blocks() {
    let page = "# A\n\n```sh\ncd x\nls -l\n```\n\n```yaml\n# a/b.yaml\nversion: 1\n```\n\n```yaml\n# a word\n```\n```text\n…\nok\n```\n";
    let text = |text: &str| text.to_owned();
    let expected = [
        Block::Commands(vec![text("cd x"), text("ls -l")]),
        Block::File(text("a/b.yaml"), text("# a/b.yaml\nversion: 1\n")),
        Block::Shown(text("…\nok\n")),
    ];
    assert_eq!(blocks(page), expected);
    compare("a …\n…\n  c\n", "a b\n\n  c\nd");
}

#[test]
#[should_panic(expected = "which does not come in")]
fn what_is_not_printed_is_found() {
    compare("a\n…\nb\n", "b\na\n");
}
