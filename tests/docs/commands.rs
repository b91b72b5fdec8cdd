//! A command that a message names works when it is typed, and so does an option.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::root;
use crate::support::commands;

#[test]
fn every_command_that_a_message_names_is_one() {
    let mut named = 0;
    let mut refused = Vec::new();
    for (path, text) in sources(&root().join("src")) {
        // A command whose name is filled in is not known here.
        let text = typed(&text).replace("`rolecall 1`", "");
        named += commands::named(&text).len();
        refused.extend(commands::refused(&text).into_iter().map(|refused| format!("{path}: {refused}")));
    }
    assert!(named > 20, "only {named} commands are found");
    assert!(refused.is_empty(), "messages name commands that are refused:\n\n{}", refused.join("\n"));
}

#[test]
fn every_option_that_a_message_names_is_one() {
    let known = known_options();
    assert!(known.contains("--allow") && known.contains("--rollback-to"), "{known:?}");
    let mut named = BTreeSet::new();
    let mut unknown = Vec::new();
    for (path, text) in sources(&root().join("src")) {
        for option in named_options(&typed(&text), path.contains("/src/git/")) {
            if !known.contains(&option) {
                unknown.push(format!("{path}: {option}"));
            }
            named.insert(option);
        }
    }
    assert!(named.len() > 10, "only {named:?} are found");
    assert!(unknown.is_empty(), "messages name options that no command has:\n\n{}", unknown.join("\n"));
}

fn known_options() -> BTreeSet<String> {
    let mut program = rolecall::cli::command();
    program.build();
    options(&program)
}

/// The long options of a command and of all commands below it.
fn options(command: &clap::Command) -> BTreeSet<String> {
    let own = command.get_arguments().filter_map(clap::Arg::get_long).map(|name| format!("--{name}"));
    own.chain(command.get_subcommands().flat_map(options)).collect()
}

/// The options in the texts of some code. Options of `git` are none of ours: those of a command in a message, and where git is called,
/// those that are a text by themselves.
fn named_options(code: &str, calls_git: bool) -> Vec<String> {
    let is_part = |letter: char| letter.is_ascii_lowercase() || letter == '-';
    let named = code.match_indices("--").filter_map(|(place, _)| {
        let (before, rest) = code.split_at(place);
        let name: String = rest.chars().take_while(|letter| is_part(*letter)).collect();
        let is_begun = before.ends_with(|letter: char| letter.is_alphanumeric() || letter == '-');
        let is_option = name.len() > 3 && !is_begun && !name.ends_with('-') && !name[2..].starts_with('-');
        let quoted = before.rsplit(['`', '"', '\'', '(']).next().unwrap_or_default();
        let is_gits = quoted.starts_with("git ") || (calls_git && before.ends_with('"'));
        (is_option && !is_gits).then_some(name)
    });
    named.collect()
}

#[test]
fn options_are_found_in_messages() {
    let code = "let why = \"say `--allow crm:create=3`, or --enabled ada: `git fetch --unshallow` helps (git fetch --deepen)\"; call([\"--quiet\"])";
    assert_eq!(named_options(code, false), ["--allow", "--enabled", "--quiet"]);
    assert_eq!(named_options(code, true), ["--allow", "--enabled"]);
    assert!(!known_options().contains("--enabled"));
}

/// The code of a file before its tests, without comments, as its texts would be printed; a value that is filled in is `1`,
/// which is an id, and a number.
fn typed(text: &str) -> String {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = code.lines().map(str::trim_start).filter(|line| !line.starts_with("//"));
    let mut joined = String::new();
    for line in lines {
        match line.strip_suffix('\\') {
            Some(begun) => joined.push_str(begun),
            None => joined.extend([line, "\n"]),
        }
    }
    let mut filled = String::new();
    let mut rest = joined.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        let end = after.find(|letter: char| !letter.is_alphanumeric() && !"_.:?".contains(letter));
        filled.push_str(before);
        (filled, rest) = match end.map(|end| after.split_at(end)) {
            Some((_, tail)) if tail.starts_with('}') => (filled + "1", &tail[1..]),
            _ => (filled + "{", after),
        };
    }
    filled + rest
}

fn sources(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            found.extend(sources(&entry));
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            found.push((entry.display().to_string(), fs::read_to_string(&entry).unwrap()));
        }
    }
    found
}

#[test]
fn a_text_is_read_as_it_is_printed() {
    let source = "// `rolecall x`\nlet a = \"run 'rolecall \\\n    plan'\";\nformat!(\"`rolecall show app {}` {{ {app:?} {id: 1}\")\n#[cfg(test)]\nmore";
    let printed = "let a = \"run 'rolecall plan'\";\nformat!(\"`rolecall show app 1` {{ 1 {id: 1}\")\n";
    assert_eq!(typed(source), printed);
}
