//! Dates and instants, and the half-open windows they make (safety.md 17).

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use crate::config::cursor::Cursor;
use crate::config::merged::{Field, Merged};
use crate::model::Diagnostic;
use crate::model::time::Window;

use super::reader::Reader;

/// A day, or an instant, as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The day in the tree's zone.
    pub day: Date,
    /// The first instant of it.
    pub from: Timestamp,
    /// The first instant after it; of an instant, itself.
    pub until: Timestamp,
}

/// Reads `2026-12-31`, `2026-12-31T18:00`, or an instant with its offset.
pub fn parse(text: &str, zone: &TimeZone) -> Option<Moment> {
    if text.len() == 10 {
        let day: Date = text.parse().ok()?;
        return Some(Moment {
            day,
            from: day.to_zoned(zone.clone()).ok()?.timestamp(),
            until: day.tomorrow().ok()?.to_zoned(zone.clone()).ok()?.timestamp(),
        });
    }
    let at = match text.parse::<Timestamp>() {
        Ok(at) => at,
        Err(_) => text.parse::<DateTime>().ok()?.to_zoned(zone.clone()).ok()?.timestamp(),
    };
    Some(Moment { day: at.to_zoned(zone.clone()).date(), from: at, until: at })
}

impl<'a> Reader<'_, 'a> {
    /// A day or an instant.
    pub fn moment(&mut self, node: Cursor<'a>) -> Option<Moment> {
        let text = self.str(node)?;
        let moment = parse(text, &self.world.zone);
        if moment.is_none() {
            self.found.push(
                Diagnostic::error("wrong-date", node.span(), format!("`{text}` is not a date"))
                    .with_hint("write a day as 2026-12-31, or an instant as 2026-12-31T18:00:00+01:00"),
            );
        }
        moment
    }

    /// First and last day of a thing, and the window between them.
    pub fn window(&mut self, of: &Merged<'a>, first: &str, last: &str) -> Validity<'a> {
        let mut bound = |key| {
            let field = of.get(key)?;
            Some((self.moment(field.value.node)?, field))
        };
        let (start, end) = (bound(first), bound(last));
        let window =
            Window { start: start.map(|(moment, _)| moment.from), end: end.map(|(moment, _)| moment.until) };
        if let (Some((from, start)), Some((to, end))) = (start, end)
            && from.from >= to.until
        {
            self.found.push(
                Diagnostic::error(
                    "empty-window",
                    end.value.node.span(),
                    format!("`{last}` is before `{first}`"),
                )
                .with_related(start.value.node.span(), format!("`{first}` is here"))
                .with_hint("swap or correct the two dates; the last day counts in full"),
            );
        }
        Validity { window, start, end }
    }
}

/// When something holds, and where that is written.
pub struct Validity<'a> {
    /// Half-open, in UTC.
    pub window: Window,
    /// The beginning as written.
    pub start: Option<(Moment, Field<'a>)>,
    /// The end as written.
    pub end: Option<(Moment, Field<'a>)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_whole_in_its_zone() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let day = parse("2026-12-31", &berlin).unwrap();
        assert_eq!(day.from.to_string(), "2026-12-30T23:00:00Z");
        assert_eq!(day.until.to_string(), "2026-12-31T23:00:00Z");
        let long = parse("2026-10-25", &berlin).unwrap();
        assert_eq!(long.until.duration_since(long.from).as_hours(), 25);
    }

    #[test]
    fn an_instant_is_itself() {
        let utc = TimeZone::UTC;
        let at = parse("2026-12-31T18:00:00+01:00", &utc).unwrap();
        assert_eq!(at.from.to_string(), "2026-12-31T17:00:00Z");
        assert_eq!(at.from, at.until);
        let local = parse("2026-12-31T18:00", &TimeZone::get("Europe/Berlin").unwrap()).unwrap();
        assert_eq!(local.from, at.from);
    }

    #[test]
    fn what_is_not_a_date() {
        for text in ["2026-02-30", "2026-13-01", "tomorrow", "9999-12-31", "2026-1-1", "31.12.2026"] {
            assert_eq!(parse(text, &TimeZone::UTC), None, "{text}");
        }
    }
}
