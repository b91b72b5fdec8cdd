//! `docs/cli.md` is written from the program's own help.

use std::fmt::Write;

use super::generated;
use super::support::program::Program;

const HEAD: &str = "\
# Command reference

This page is what `rolecall help` and `rolecall help COMMAND` print.
";

#[test]
#[ignore = "the commands do not exist yet"]
fn the_command_reference_is_up_to_date() {
    let mut page = HEAD.to_owned();
    describe(&[], &mut page);
    generated("docs/cli.md", &page);
}

/// The help of one command and of all commands below it.
fn describe(command: &[String], page: &mut String) {
    let mut args = command.to_vec();
    args.push("--help".to_owned());
    let output = Program::rolecall(args).env("COLUMNS", 100).run();
    assert_eq!(output.status, 0, "{command:?}: {}", output.stderr);
    let title = [&["rolecall".to_owned()], command].concat().join(" ");
    writeln!(
        page,
        "\n## `{title}`\n\n```text\n{}\n```",
        output.stdout.trim_end()
    )
    .unwrap();
    for name in commands(&output.stdout) {
        let mut below = command.to_vec();
        below.push(name);
        describe(&below, page);
    }
}

/// The names below `Commands:`; `help` describes nothing new.
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
