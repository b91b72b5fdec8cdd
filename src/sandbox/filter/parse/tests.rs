use super::*;

fn refusal(text: &str) -> String {
    match Filter::parse(Kind::User, text) {
        Ok(filter) => format!("{filter:?}"),
        Err(fault) => {
            assert_eq!(fault.scim_type, Some("invalidFilter"));
            fault.detail
        }
    }
}

#[test]
fn mistakes_are_named() {
    for (filter, message) in [
        ("", "the filter ends where an attribute should be"),
        ("userName", "the filter ends where an operator (eq, ne, co, sw, ew, gt, ge, lt, le, pr) should be"),
        ("shoeSize eq 1", "there is no attribute \"shoeSize\" to filter by"),
        (
            "userName eq",
            "the filter ends where a value (a string in double quotes, true, false, null or a number) should be",
        ),
        ("userName eq \"a", "the filter has \"\\\"a\" where a string that ends should be"),
        ("userName eq \"a\" nor title pr", "the filter should end before \"nor title pr\""),
        ("(userName pr", "the filter ends where ')' should be"),
        ("not userName pr", "the filter has \"userName pr\" where '(' should be"),
        ("active gt true", "active is a boolean, which has no order and no parts"),
        ("active eq \"true\"", "active is a boolean; compare it with true or false"),
        ("title eq 5", "title must be compared with a string in double quotes"),
        ("title gt null", "title can only be equal or not equal to null"),
        ("name eq \"x\"", "name has parts; compare one of them"),
        ("password eq \"x\"", "password cannot be filtered by"),
        ("meta.created gt \"soon\"", "created is a time; compare it with one as \"2026-01-31T12:00:00Z\""),
        ("title[value pr]", "title cannot be followed by '['"),
        ("emails[emails[type pr] pr]", "there is no attribute \"emails\" to filter by"),
    ] {
        assert_eq!(refusal(filter), message, "{filter}");
    }
}

#[test]
fn size_is_bounded() {
    let deep = format!("{}title pr{}", "(".repeat(40), ")".repeat(40));
    assert_eq!(refusal(&deep), "the filter is nested deeper than 32 levels");
    let wide = vec!["title pr"; 300].join(" or ");
    assert_eq!(refusal(&wide), "the filter has more than 256 comparisons");
    assert_eq!(refusal(&" ".repeat(9_000)), "the filter is longer than 8192 bytes");
}

#[test]
fn odd_bytes_never_panic() {
    for text in ["é", "userName eq \"é", "\"", "userName eq \"\\", "[", "a.b.c[", "userName eq \"\\u12\""] {
        assert!(Filter::parse(Kind::User, text).is_err(), "{text}");
    }
}
