//! Whether an app that a document describes was seen to look up.

use super::company::Company;
use super::office::Search;

#[test]
fn an_app_of_a_document_is_seen_to_look_up() {
    let find =
        "      find: {username: {GET: /search, rows: list, query: {name: \"{value}\"}, page: {by: none}}}\n";
    let create = "      create: {query: {welcome: \"false\"}";
    let company = Company::with(&[(create, &format!("{find}{create}"))]);
    company.run(&["apply", "--yes"]).ends_with(0);
    let told = |search: Search| {
        company.office.data().search = search;
        company.run(&["check"]).ends_with(0).stdout
    };
    let finds = "ok    look-ups by username find exactly the account that has a value, and none for a value that no account has\n";
    assert!(told(Search::Finds).contains(finds), "{}", told(Search::Finds));
    for search in [Search::Ignores, Search::FindsNobody] {
        let told = told(search);
        let line = "note  a look-up by username that finds nobody proves nothing: ";
        assert!(told.contains(line) && !told.contains(finds), "{told}");
    }
    // A document without look-ups says nothing of them.
    let company = Company::new();
    company.run(&["apply", "--yes"]).ends_with(0);
    let told = company.run(&["check"]).ends_with(0).stdout;
    assert!(!told.contains("look-up"), "{told}");
}
