//! Dates and instants, and the half-open windows they make (safety.md 17).

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::temporal::{Pieces, PiecesOffset};
use jiff::tz::TimeZone;

use crate::config::cursor::Cursor;
use crate::config::merged::{Field, Merged};
use crate::model::time::Window;
use crate::model::{Diagnostic, Span};

use super::reader::Reader;

/// A day, or an instant, as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The day in the tree's zone.
    pub day: Date,
    /// The first instant of it.
    pub from: Timestamp,
    /// The first instant after it; of an instant, itself. `None`: never.
    pub until: Option<Timestamp>,
}

/// Why a text is no moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// It is not a day of the calendar, or not a time of the day.
    NoDate,
    /// It is before [`FIRST_YEAR`].
    Early,
    /// No instant stands for it.
    Late,
    /// No place on earth has this offset.
    Offset,
}

/// Earlier dates are what tables write for no date, such as `0001-01-01`, or mistakes.
pub const FIRST_YEAR: i16 = 1900;

/// The largest offset of a place, in seconds, since [`FIRST_YEAR`]: 14 hours, in Kiribati.
const LARGEST_OFFSET: u32 = 14 * 3600;

/// How other programs write that something never ends.
const NEVER: Date = Date::constant(9999, 12, 31);

/// Reads `2026-12-31`, `2026-12-31T18:00`, or an instant with its offset. `9999-12-31` is never, at any time of that day.
///
/// # Errors
/// What is wrong with it.
pub fn parse(text: &str, zone: &TimeZone) -> Result<Moment, Wrong> {
    let pieces = Pieces::parse(text).map_err(|_| Wrong::NoDate)?;
    let offset = pieces.offset().map_or(0, |offset| match offset {
        PiecesOffset::Numeric(offset) => offset.offset().seconds(),
        _ => 0,
    });
    if offset.unsigned_abs() > LARGEST_OFFSET {
        return Err(Wrong::Offset);
    }
    if pieces.date().year() < FIRST_YEAR {
        return Err(Wrong::Early);
    }
    if pieces.date() == NEVER {
        return Ok(Moment { day: NEVER, from: Timestamp::MAX, until: None });
    }
    let instant = |at: DateTime| at.to_zoned(zone.clone()).map(|at| at.timestamp()).map_err(|_| Wrong::Late);
    if text.len() == 10 {
        let day: Date = text.parse().map_err(|_| Wrong::NoDate)?;
        let next = day.tomorrow().map_err(|_| Wrong::Late)?;
        return Ok(Moment {
            day,
            from: instant(day.to_datetime(Time::midnight()))?,
            until: Some(instant(next.to_datetime(Time::midnight()))?),
        });
    }
    let at = match text.parse::<Timestamp>() {
        Ok(at) => at,
        Err(_) => instant(text.parse().map_err(|_| Wrong::NoDate)?)?,
    };
    Ok(Moment { day: at.to_zoned(zone.clone()).date(), from: at, until: Some(at) })
}

impl Wrong {
    fn finding(self, span: Span, text: &str) -> Diagnostic {
        let (message, hint) = match self {
            Wrong::NoDate => (
                format!("`{text}` is not a date"),
                "write a day as 2026-12-31, or an instant as 2026-12-31T18:00:00+01:00",
            ),
            Wrong::Early => (
                format!("`{text}` is before {FIRST_YEAR}"),
                "if it stands for no date, remove the key; otherwise correct the year",
            ),
            Wrong::Late => (format!("`{text}` is too late"), "if it is to mean never, write 9999-12-31"),
            Wrong::Offset => (
                format!("`{text}`: no place has this offset"),
                "write an offset between -14:00 and +14:00, or Z for UTC",
            ),
        };
        Diagnostic::error("wrong-date", span, message).with_hint(hint)
    }
}

impl<'a> Reader<'_, 'a> {
    /// A day or an instant.
    pub fn moment(&mut self, node: Cursor<'a>) -> Option<Moment> {
        let text = self.str(node)?;
        match parse(text, &self.world.zone) {
            Ok(moment) => Some(moment),
            Err(wrong) => {
                self.found.push(wrong.finding(node.span(), text));
                None
            }
        }
    }

    /// First and last day of a thing, and the window between them.
    pub fn window(&mut self, of: &Merged<'a>, first: &str, last: &str) -> Validity<'a> {
        let mut bound = |key| {
            let field = of.get(key)?;
            Some((self.moment(field.value.node)?, field))
        };
        let (start, end) = (bound(first), bound(last));
        let window = Window {
            start: start.map(|(moment, _)| moment.from),
            end: end.and_then(|(moment, _)| moment.until),
        };
        if let Some((_, start)) = start.filter(|(moment, _)| moment.until.is_none()) {
            let node = start.value.node;
            self.found.push(
                Diagnostic::error("wrong-date", node.span(), format!("`{first}` on {NEVER} would be never"))
                    .with_hint(format!("{NEVER} means never, as the last day; write the day on which this begins, or remove the entry")),
            );
        } else if let (Some((from, start)), Some((to, end))) = (start, end)
            && to.until.is_some_and(|until| from.from >= until)
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
        let until = |moment: Moment| moment.until.expect("it ends");
        let day = parse("2026-12-31", &berlin).unwrap();
        assert_eq!(day.from.to_string(), "2026-12-30T23:00:00Z");
        assert_eq!(until(day).to_string(), "2026-12-31T23:00:00Z");
        let long = parse("2026-10-25", &berlin).unwrap();
        assert_eq!(until(long).duration_since(long.from).as_hours(), 25);
    }

    #[test]
    fn an_instant_is_itself() {
        let utc = TimeZone::UTC;
        let at = parse("2026-12-31T18:00:00+01:00", &utc).unwrap();
        assert_eq!(at.from.to_string(), "2026-12-31T17:00:00Z");
        assert_eq!(Some(at.from), at.until);
        let local = parse("2026-12-31T18:00", &TimeZone::get("Europe/Berlin").unwrap()).unwrap();
        assert_eq!(local.from, at.from);
        for text in
            ["1900-01-01", "2026-12-31T18:00:00+14:00", "2026-12-31T18:00:00-14:00", "2026-12-31 18:00Z"]
        {
            assert!(parse(text, &utc).is_ok(), "{text}");
        }
    }

    #[test]
    fn never_has_no_end() {
        for text in ["9999-12-31", "9999-12-31T23:59:59Z", "9999-12-31T00:00:00", "9999-12-31T00:00:00+01:00"]
        {
            for zone in ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"] {
                let never = parse(text, &TimeZone::get(zone).unwrap()).unwrap();
                assert_eq!((never.day, never.until), (NEVER, None), "{text} {zone}");
            }
        }
    }

    #[test]
    fn what_is_not_a_date() {
        for (wrong, texts) in [
            (
                Wrong::NoDate,
                &[
                    "2026-02-30",
                    "2026-13-01",
                    "tomorrow",
                    "2026-1-1",
                    "31.12.2026",
                    "2026-12-31T25:00",
                    "2026-12-31T18:00+26:00",
                ][..],
            ),
            (Wrong::Early, &["0001-01-01", "1899-12-31", "1899-12-30T00:00:00Z", "0000-01-01"]),
            (Wrong::Late, &["9999-12-30", "9999-12-30T23:00:00"]),
            (
                Wrong::Offset,
                &[
                    "2026-12-31T18:00:00+25:00",
                    "2026-12-31T18:00:00-14:01",
                    "2026-12-31T18:00:00+14:30",
                    "9999-12-31T00:00:00+25:00",
                ],
            ),
        ] {
            for text in texts {
                assert_eq!(parse(text, &TimeZone::UTC), Err(wrong), "{text}");
            }
        }
    }
}
