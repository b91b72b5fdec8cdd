//! What to do about a list that is short, in the words of the page about connectors.

/// Parts of what a walk says, with what helps.
const REMEDIES: [(&str, &str); 17] = [
    ("the rights that a whole list needs", "give the credential these rights in the app, or correct `check`"),
    (
        "the total is",
        "read again: the list may have changed. If it stays so, the total counts rows that are not shown: ask for them in `query`, or use `next` or `more` in place of `total`",
    ),
    ("the total changed", "read again"),
    ("does not say how many rows there are", "correct the place at `total` or `more`"),
    ("does not say whether there are more", "correct the place at `total` or `more`"),
    ("proves where the list ends", "add `total`, `next`, `more` or `order`"),
    ("paging does not advance", PAGING),
    ("came twice", PAGING),
    ("goes on behind its end", "the total is that of a page: take another proof"),
    ("not in order", "ask for the order in `query`, such as `query: {sort: id}`"),
    ("has no id", ID),
    ("has an id that cannot be used", ID),
    ("rows without an id", ID),
    ("cannot tell an empty list", "take another proof than `order`"),
    ("the app shows at most", "the app cannot show all rows: divide the list with `parts`"),
    ("left rows out", "divide the list with `parts`"),
    ("own account is not in the list", "take a credential that sees all accounts"),
];

const PAGING: &str = "the app takes no notice of `at`, or counts otherwise: correct `at`, `from` or `step`";
const ID: &str = "correct `id`, or leave out such rows with `only`";

/// What to do about a list that is short for this reason.
pub(super) fn remedy(why: &str) -> &'static str {
    let known = REMEDIES.iter().find(|(part, _)| why.contains(part));
    known.map_or("nothing can be concluded from it: ask the people who run the app", |(_, remedy)| remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_the_same_words() {
        let page = include_str!("../../../docs/connectors.md");
        let table = page.split("### A list is short").nth(1).unwrap().split("\n## ").next().unwrap();
        for (part, remedy) in REMEDIES {
            assert!(table.contains(&format!("| {remedy} |")), "{part}: {remedy}");
        }
        assert_eq!(remedy("id 7 came twice"), PAGING);
        assert!(remedy("the list has more than 9 rows").contains("ask the people"));
    }
}
