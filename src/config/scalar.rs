//! What an unquoted scalar means: the YAML 1.2 core schema with two exceptions, and where YAML 1.1 readers would disagree.

use super::arena::Kind;

/// The kind of a plain scalar. Digits with a leading zero stay text, so that no zero is lost. `.inf` and `.nan` stay text
/// as well, because nothing here can be infinite.
pub fn plain_kind(text: &str) -> Kind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
        "true" | "True" | "TRUE" => Kind::True,
        "false" | "False" | "FALSE" => Kind::False,
        _ => number_kind(text).unwrap_or(Kind::Str),
    }
}

fn number_kind(text: &str) -> Option<Kind> {
    let first = *text.as_bytes().first()?;
    if !(first.is_ascii_digit() || matches!(first, b'+' | b'-' | b'.')) {
        return None;
    }
    if let Some(value) = int(text) {
        return Some(value.map_or(Kind::Float, |_| Kind::Int));
    }
    is_float(text).then_some(Kind::Float)
}

/// The number, if the text is a whole number: `Some(None)` if it does not fit.
fn int(text: &str) -> Option<Option<i64>> {
    for (prefix, radix) in [("0o", 8), ("0x", 16)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            let all = !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
            return all.then(|| i64::from_str_radix(digits, radix).ok());
        }
    }
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let padded = digits.len() > 1 && digits.starts_with('0');
    (plain && !padded).then(|| text.strip_prefix('+').unwrap_or(text).parse().ok())
}

/// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`, without a leading zero, as in [`int`].
fn is_float(text: &str) -> bool {
    let rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (rest, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let number = match mantissa.split_once('.') {
        Some(("", fraction)) => digits(fraction),
        Some((whole, fraction)) => digits(whole) && (fraction.is_empty() || digits(fraction)),
        None => exponent.is_some() && digits(mantissa),
    };
    let padded = mantissa.len() > 1
        && mantissa.starts_with('0')
        && mantissa.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
    let power = exponent.is_none_or(|e| digits(e.strip_prefix(['+', '-']).unwrap_or(e)));
    number && power && !padded
}

/// The value of a [`Kind::Int`] scalar.
pub fn int_value(text: &str) -> Option<i64> {
    int(text).flatten()
}

/// What a YAML 1.1 reader would make of an unquoted scalar that is text here: words such as `yes`, and digits with a
/// leading zero.
pub fn yaml_1_1(text: &str) -> Option<&'static str> {
    if text.len() > 24 {
        return None;
    }
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => return Some("true"),
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => return Some("false"),
        _ => {}
    }
    let padded = text.len() > 1 && text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit());
    padded.then_some("a number without its leading zeros")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_follow_the_core_schema() {
        let kinds = [
            ("", Kind::Null),
            ("~", Kind::Null),
            ("Null", Kind::Null),
            ("true", Kind::True),
            ("FALSE", Kind::False),
            ("no", Kind::Str),
            ("on", Kind::Str),
            ("0", Kind::Int),
            ("-12", Kind::Int),
            ("+3", Kind::Int),
            ("0o17", Kind::Int),
            ("0x1F", Kind::Int),
            ("017", Kind::Str),
            ("-017", Kind::Str),
            ("1_000", Kind::Str),
            ("12:30", Kind::Str),
            ("99999999999999999999", Kind::Float),
            ("1.5", Kind::Float),
            ("1.", Kind::Float),
            (".5", Kind::Float),
            ("1e3", Kind::Float),
            ("-1.5E-3", Kind::Float),
            ("1e", Kind::Str),
            (".", Kind::Str),
            (".inf", Kind::Str),
            ("2026-01-10", Kind::Str),
            ("0x", Kind::Str),
            ("-", Kind::Str),
        ];
        for (text, kind) in kinds {
            assert_eq!(plain_kind(text), kind, "{text}");
        }
        assert_eq!(int_value("+3"), Some(3));
        assert_eq!(int_value("0o17"), Some(15));
        assert_eq!(int_value("99999999999999999999"), None);
    }

    #[test]
    fn what_older_readers_take_for_something_else() {
        assert_eq!(yaml_1_1("NO"), Some("false"));
        assert_eq!(yaml_1_1("y"), Some("true"));
        assert!(yaml_1_1("0123").is_some());
        assert_eq!(yaml_1_1("0"), None);
        assert_eq!(yaml_1_1("Norway"), None);
    }
}
