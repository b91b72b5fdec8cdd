//! Commands that a message names: each one has to work when it is typed.

/// The texts between backquotes or quotes that begin with the name of the program and something to do.
pub fn named(text: &str) -> Vec<&str> {
    let between = |quote: char| {
        let starts = text.match_indices(quote).map(move |(place, _)| &text[place + 1..]);
        let starts = starts.filter(|rest| rest.starts_with("rolecall "));
        starts.filter_map(move |rest| rest.split(quote).next())
    };
    between('`').chain(between('\'')).collect()
}

/// The named commands that the command line refuses, each with the reason.
pub fn refused(text: &str) -> Vec<String> {
    named(text).into_iter().filter_map(|command| Some(format!("{command}: {}", refusal(command)?))).collect()
}

fn refusal(command: &str) -> Option<String> {
    let parsed = rolecall::cli::command().try_get_matches_from(command.split_whitespace());
    let why = parsed.err()?.to_string();
    Some(why.split("\n\n").next().unwrap_or_default().to_owned())
}

#[test]
fn commands_are_found_in_text() {
    assert_eq!(
        refused("first `rolecall plan`, then `rolecall apply --yes`; `rolecall` is a program"),
        [""; 0]
    );
    let refused = refused("it is wrong: 'rolecall ledger unlink ada' or `rolecall sing`");
    assert!(refused[0].starts_with("rolecall sing: "), "{refused:?}");
    assert!(refused[1].starts_with("rolecall ledger unlink ada: "), "{refused:?}");
}
