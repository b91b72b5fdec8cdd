//! Numbers by which people confirm what a plan counts.

/// Reads a number as a plan prints it: digits alone, without a sign and without leading zeros.
pub(super) fn number(text: &str) -> Option<u64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    text.parse().ok().filter(|_| is_plain)
}

/// The same for an option, of at least one.
///
/// # Errors
/// It is no such number.
pub(super) fn at_least_one(text: &str) -> Result<u64, String> {
    number(text)
        .filter(|number| *number > 0)
        .ok_or_else(|| "write the number in digits, such as 12".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_digits_alone() {
        assert_eq!(number("12"), Some(12));
        assert_eq!(number("0"), Some(0));
        for odd in ["+12", "-1", "04", "00", "", " 4", "4 ", "1_000", "1e3", "٣", "99999999999999999999"] {
            assert_eq!(number(odd), None, "{odd}");
        }
        assert_eq!(at_least_one("3"), Ok(3));
        assert!(at_least_one("0").is_err() && at_least_one("+3").is_err());
    }
}
