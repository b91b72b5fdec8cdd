//! One form for all spellings of a text by which a person or an account is known (safety.md 1, 22).

use super::nfc::nfc;
use super::value::Value;

/// The text in Unicode's composed form (NFC) and in lower case.
pub fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    nfc(&text.to_lowercase()).into_owned()
}

/// The same for a value; `None` if it is unassigned. Values that differ only in their type are equal.
pub fn folded_value(value: &Value) -> Option<String> {
    let text = match value {
        Value::Null => return None,
        Value::List(items) => {
            let mut items: Vec<String> = items.iter().filter_map(folded_value).collect();
            items.sort();
            items.join("\0")
        }
        single => folded(&single.to_string()),
    };
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_text_are_one() {
        assert_eq!(folded("ADA@x.example"), "ada@x.example");
        assert_eq!(folded("Zoe\u{308}"), folded("ZO\u{cb}"));
        assert_ne!(folded("zoe"), folded("zo\u{eb}"));
        assert_eq!(folded_value(&Value::List(vec!["B".into(), "a".into()])), Some("a\0b".to_owned()));
        assert_eq!((folded_value(&Value::Int(7)), folded_value(&"".into())), (Some("7".to_owned()), None));
    }
}
