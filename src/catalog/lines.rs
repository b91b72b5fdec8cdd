//! Lines of default mappings that need an attribute which the tree may not declare. A tree without the declaration has the
//! mapping without the line, and `rolecall mapping` prints the line as a comment with the declaration.

/// What stands before the name of an attribute that a tree declares.
const BEFORE: &str = "user.attributes.";

/// The attributes below `attributes:` of the tree that an expression of a default mapping reads.
pub fn declared_attributes_read(expression: &str) -> impl Iterator<Item = &str> {
    expression.split(BEFORE).skip(1).map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        &rest[..end]
    })
}

/// The text of default mappings, with each line as a comment that reads an attribute which is not declared.
pub fn with_comments(mappings: &str, is_declared: impl Fn(&str) -> bool) -> String {
    let mut text = String::new();
    for line in mappings.split_inclusive('\n') {
        let code = line.trim_start();
        let missing: Vec<&str> = match code.starts_with('#') {
            true => Vec::new(),
            false => declared_attributes_read(code).filter(|name| !is_declared(name)).collect(),
        };
        let indentation = &line[..line.len() - code.len()];
        if missing.is_empty() {
            text.push_str(line);
            continue;
        }
        let needed: Vec<String> = missing.iter().map(|name| format!("{name}: {{type: string}}")).collect();
        let needed = needed.join(", ");
        text.push_str(&format!("{indentation}# needs `attributes: {{{needed}}}` in rolecall.yaml:\n"));
        text.push_str(&format!("{indentation}# {code}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_comment_if_one_of_its_attributes_is_not_declared() {
        let mappings = "m:\n  a: user.email\n  # user.attributes.no\n  b: coalesce(user.attributes.one, user.attributes.two)\n";
        assert_eq!(with_comments(mappings, |_| true), mappings);
        assert_eq!(
            with_comments(mappings, |name| name == "one"),
            "m:\n  a: user.email\n  # user.attributes.no\n  # needs `attributes: {two: {type: string}}` in rolecall.yaml:\n  \
             # b: coalesce(user.attributes.one, user.attributes.two)\n"
        );
    }
}
