//! Percent-encoding of single values, by the form rules of the url crate.

use std::borrow::Cow;

/// As it can stand in a query; a blank is a plus.
pub(crate) fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// A segment of a path as it was meant (RFC 3986 section 2.1): a plus stays one.
pub(crate) fn decoded_segment(text: &str) -> Option<String> {
    let query = format!("x={}", text.replace('+', "%2B").replace('&', "%26"));
    url::form_urlencoded::parse(query.as_bytes()).next().map(|(_, value)| Cow::into_owned(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_decoded() {
        assert_eq!(decoded_segment("a%2Fb+c%26d%3D=e").as_deref(), Some("a/b+c&d==e"));
        assert_eq!(decoded_segment("abc-1").as_deref(), Some("abc-1"));
    }

    #[test]
    fn what_separates_values_is_encoded() {
        assert_eq!(encoded("R&D north?=1"), "R%26D+north%3F%3D1");
    }
}
