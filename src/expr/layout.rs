//! How dates are written: `date.format("MM/DD/YYYY")`.

use crate::model::time::Date;

/// The letters of a layout and their meaning. Other letters have to stand in `'…'`; all other characters stand for
/// themselves.
pub const LAYOUT_PARTS: [(&str, &str); 6] = [
    ("YYYY", "the year, four digits"),
    ("YY", "the year's last two digits"),
    ("MM", "the month, two digits"),
    ("M", "the month"),
    ("DD", "the day, two digits"),
    ("D", "the day"),
];

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Year,
    ShortYear,
    Month { padded: bool },
    Day { padded: bool },
    Text(String),
}

impl Layout {
    /// Parses a layout. The error says what is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let part;
            (part, rest) = if first == '\'' {
                let inner = &rest[1..];
                let end = inner.find('\'').ok_or("a ' is not closed")?;
                (Part::Text(inner[..end].to_owned()), &inner[end + 1..])
            } else if first.is_alphabetic() {
                let length = rest.find(|c| c != first).unwrap_or(rest.len());
                let part = match &rest[..length] {
                    "YYYY" => Part::Year,
                    "YY" => Part::ShortYear,
                    "MM" => Part::Month { padded: true },
                    "M" => Part::Month { padded: false },
                    "DD" => Part::Day { padded: true },
                    "D" => Part::Day { padded: false },
                    other => return Err(format!("`{other}` does not stand for a part of a date")),
                };
                (part, &rest[length..])
            } else {
                let length = rest.find(|c: char| c == '\'' || c.is_alphabetic()).unwrap_or(rest.len());
                (Part::Text(rest[..length].to_owned()), &rest[length..])
            };
            parts.push(part);
        }
        Ok(Self { parts })
    }

    /// Writes a date.
    pub(super) fn write(&self, date: Date) -> String {
        let (year, month, day) = (date.year(), date.month(), date.day());
        self.parts
            .iter()
            .map(|part| match part {
                Part::Year => format!("{year:04}"),
                Part::ShortYear => format!("{:02}", year.rem_euclid(100)),
                Part::Month { padded: true } => format!("{month:02}"),
                Part::Month { padded: false } => month.to_string(),
                Part::Day { padded: true } => format!("{day:02}"),
                Part::Day { padded: false } => day.to_string(),
                Part::Text(text) => text.clone(),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_parts_or_mistakes() {
        let day = jiff::civil::date(2026, 3, 9);
        let write = |layout: &str| Layout::parse(layout).map(|layout| layout.write(day));
        assert_eq!(write("MM/DD/YYYY").unwrap(), "03/09/2026");
        assert_eq!(write("D.M.YY").unwrap(), "9.3.26");
        assert_eq!(write("YYYY-MM-DD'T00:00:00Z'").unwrap(), "2026-03-09T00:00:00Z");
        assert_eq!(write("").unwrap(), "");
        for bad in ["yyyy-mm-dd", "YYYYMMDDD", "MMM", "YYYY 'open", "Ä"] {
            assert!(write(bad).is_err(), "{bad}");
        }
    }
}
