//! Durations such as `30s`, and rates as the reader finds them.

use std::time::Duration;

use crate::config::merged::Merged;
use crate::model::{Diagnostic, rate};

use super::reader::Reader;

/// Reads a number and a unit: ms, s, m, h, d, w.
pub fn parse(text: &str) -> Option<Duration> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let number: u64 = text[..digits].parse().ok()?;
    let millis = match &text[digits..] {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        "w" => 604_800_000,
        _ => return None,
    };
    // A hundred years is more than anybody means, and less than overflows anywhere.
    let total = number.checked_mul(millis)?;
    (total <= 100 * 366 * 86_400_000).then(|| Duration::from_millis(total))
}

impl<'a> Reader<'_, 'a> {
    /// A duration longer than nothing.
    pub fn duration(&mut self, of: &Merged<'a>, key: &str) -> Option<Duration> {
        let field = of.get(key)?;
        let text = self.str(field.value.node)?;
        let duration = parse(text).filter(|duration| !duration.is_zero());
        if duration.is_none() {
            self.found.push(
                Diagnostic::error(
                    "wrong-duration",
                    field.value.node.span(),
                    format!("`{key}`: `{text}` is not a duration"),
                )
                .with_hint("a number above zero and a unit, such as 30s, 2m, 12h or 30d"),
            );
        }
        duration
    }

    /// A rate above nothing.
    pub fn rate(&mut self, of: &Merged<'a>, key: &str) -> Option<f64> {
        let field = of.get(key)?;
        let text = self.str(field.value.node)?;
        let rate = rate::parse(text);
        if rate.is_none() {
            self.found.push(
                Diagnostic::error(
                    "wrong-rate",
                    field.value.node.span(),
                    format!("`{key}`: `{text}` is not a rate"),
                )
                .with_hint("a number above zero per second, minute or hour, such as 10/s or 600/m"),
            );
        }
        rate
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_unit() {
        assert_eq!(parse("30s"), Some(Duration::from_secs(30)));
        assert_eq!(parse("2m"), Some(Duration::from_secs(120)));
        assert_eq!(parse("30d"), Some(Duration::from_secs(30 * 86_400)));
        assert_eq!(parse("250ms"), Some(Duration::from_millis(250)));
        for text in ["", "30", "s", "30 s", "1.5h", "-1s", "30y", "99999999999999999999s", "999999w"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
