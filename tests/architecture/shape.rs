//! The shape of code: whose methods stand where, what a function changes, and what it reads back from a list of changes.
//! All functions take text without comments and literals.

/// The types for which a file has an inherent `impl` block, with the line of each block.
pub fn inherent_impls(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (place, _) in code.match_indices("impl") {
        let after = &code[place + "impl".len()..];
        let head = after.split('{').next().unwrap_or_default();
        let is_item = is_first_of_line(code, place) && after.starts_with([' ', '<']);
        if !is_item || head.contains(" for ") {
            continue;
        }
        let head = head.trim_start();
        let named = if head.starts_with('<') { &head[closing(head, '<', '>')..] } else { head };
        let path = named.trim().split(['<', ' ', '\n']).next().unwrap_or_default();
        let name = path.rsplit("::").next().unwrap_or_default();
        if !name.is_empty() {
            found.push((line_of(code, place), name.to_owned()));
        }
    }
    found
}

/// Functions that take more than one `&mut` parameter; `&mut self` counts as one.
pub fn several_to_change(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (place, _) in code.match_indices("fn ") {
        let is_word = code[..place].chars().next_back().is_none_or(|before| !is_part_of_name(before));
        let after = &code[place + "fn ".len()..];
        let name: String = after.chars().take_while(|one| is_part_of_name(*one)).collect();
        let generics = &after[name.len()..];
        let start = if generics.starts_with('<') { closing(generics, '<', '>') } else { 0 };
        if !is_word || name.is_empty() || !generics[start..].starts_with('(') {
            continue;
        }
        let parameters = &generics[start..start + closing(&generics[start..], '(', ')')];
        let changed = parameters.split('&').filter(|part| {
            let rest = match part.strip_prefix('\'') {
                Some(named) => named.trim_start_matches(is_part_of_name).trim_start(),
                None => part.trim_start(),
            };
            rest.starts_with("mut ")
        });
        if changed.count() > 1 {
            found.push((line_of(code, place), name));
        }
    }
    found
}

/// Lines that read the last entry of a list of changes, remove it, or read the list from an index on.
pub fn looks_back(code: &str) -> Vec<usize> {
    let mut found = Vec::new();
    for (place, _) in code.match_indices("changes") {
        let after = &code[place + "changes".len()..];
        let call = after.trim_start();
        let takes_back = [".last(", ".last_mut(", ".pop(", ".truncate(", ".split_off(", ".drain("];
        let is_slice = after.starts_with('[') && after[..closing(after, '[', ']')].contains("..");
        if takes_back.iter().any(|method| call.starts_with(method)) || is_slice {
            found.push(line_of(code, place));
        }
    }
    found
}

/// The length of the text up to the bracket that closes the first one, that bracket included.
fn closing(text: &str, open: char, close: char) -> usize {
    let mut depth = 0;
    let mut before = ' ';
    for (place, one) in text.char_indices() {
        if one == open {
            depth += 1;
        } else if one == close && before != '-' {
            depth -= 1;
            if depth == 0 {
                return place + one.len_utf8();
            }
        }
        before = one;
    }
    text.len()
}

pub fn is_part_of_name(one: char) -> bool {
    one.is_alphanumeric() || one == '_'
}

fn is_first_of_line(code: &str, place: usize) -> bool {
    let line = code[..place].rsplit('\n').next().unwrap_or_default();
    line.trim().is_empty()
}

fn line_of(code: &str, place: usize) -> usize {
    code[..place].matches('\n').count() + 1
}
