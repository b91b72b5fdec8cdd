//! Rates of requests, such as `10/s`.

/// Reads requests per second, minute or hour, as requests per second. None for another form, and for nothing.
pub fn parse(text: &str) -> Option<f64> {
    let (number, unit) = text.split_once('/')?;
    let seconds = match unit {
        "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        _ => return None,
    };
    let number: f64 = number.parse().ok()?;
    (number.is_finite() && number > 0.0).then_some(number / seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates() {
        assert_eq!(parse("10/s"), Some(10.0));
        assert_eq!(parse("600/m"), Some(10.0));
        for other in ["0/s", "10", "inf/s", "10/d"] {
            assert_eq!(parse(other), None, "{other}");
        }
    }
}
