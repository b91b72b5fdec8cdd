//! `docs/cli.md` is written from the program's own help.

use std::fmt::Write;

use super::generated;
use crate::support::program::Program;

const HEAD: &str = "\
# Command reference

This page is what `rolecall help` and `rolecall help COMMAND` print. The options of `rolecall` itself stand only in its own
section. Each command names at its end which of them it takes, and refuses the others.
";

#[test]
fn the_command_reference_is_up_to_date() {
    let mut page = HEAD.to_owned();
    describe(&[], &[], &mut page);
    generated("docs/cli.md", &page);
}

/// The help of one command and of all commands below it, without the options that are `known` from above.
fn describe(command: &[String], known: &[String], page: &mut String) {
    let mut args = command.to_vec();
    args.push("--help".to_owned());
    let output = Program::rolecall(args).env("COLUMNS", 100).run();
    assert_eq!(output.status, 0, "{command:?}: {}", output.stderr);
    let help = output.stdout;
    let title = [&["rolecall".to_owned()], command].concat().join(" ");
    let (text, mut options) = without(&help, known);
    writeln!(page, "\n## `{title}`\n\n```text\n{text}\n```").unwrap();
    options.extend_from_slice(known);
    for name in commands(&help) {
        let mut below = command.to_vec();
        below.push(name);
        describe(&below, &options, page);
    }
}

/// A help text without known options, and the options it has.
fn without(help: &str, known: &[String]) -> (String, Vec<String>) {
    let (before, after) = help.split_once("\nOptions:\n").unwrap_or((help, ""));
    let end = ["\nExit status:", "\nOf the global options"]
        .iter()
        .find_map(|text| after.find(text))
        .unwrap_or(after.len());
    let (options, rest) = after.split_at(end);
    let mut entries: Vec<String> = Vec::new();
    for line in options.lines().map(str::trim_end) {
        let begins = line.trim_start().starts_with('-') && line.len() - line.trim_start().len() < 8;
        match entries.last_mut() {
            Some(entry) if !begins => entry.push_str(&format!("\n{line}")),
            _ => entries.push(line.to_owned()),
        }
    }
    entries.iter_mut().for_each(|entry| entry.truncate(entry.trim_end().len()));
    entries.retain(|entry| !entry.is_empty() && !known.contains(entry));
    let mut text = before.trim_end().to_owned();
    if !entries.is_empty() {
        text.push_str(&format!("\n\nOptions:\n{}", entries.join("\n\n")));
    }
    if !rest.trim().is_empty() {
        text.push_str(&format!("\n\n{}", rest.trim()));
    }
    let text: Vec<&str> = text.lines().map(str::trim_end).collect();
    (text.join("\n"), entries)
}

/// The names below `Commands:`, without `help`.
fn commands(help: &str) -> Vec<String> {
    let section = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let lines = section.take_while(|line| !line.trim().is_empty());
    let names = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = names.filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

#[test]
fn commands_are_read_from_help() {
    let help = "A tool\n\nUsage: x\n\nCommands:\n  plan   Shows\n         more\n  apply  Does\n  help   Print\n\nOptions:\n  -v\n";
    assert_eq!(commands(help), ["plan", "apply"]);
}
