//! The bodies of the functions. Each spends its units of work before the work.

use super::super::limits::{Work, fits};
use super::super::problem::At;
use super::super::val::{List, MISMATCH, Text, Val};
use crate::model::time::Date;

pub(super) type Outcome<'a> = Result<Val<'a>, &'static str>;

fn two_texts<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Result<(Text<'a>, Text<'a>), &'static str> {
    match args {
        [Val::Text(left), Val::Text(right), _] => {
            work.read(left.len())?;
            Ok((left, right))
        }
        _ => Err(MISMATCH),
    }
}

fn one_text<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Result<Text<'a>, &'static str> {
    let [Val::Text(text), ..] = args else {
        return Err(MISMATCH);
    };
    work.write(text.len())?;
    Ok(text)
}

pub(super) fn starts_with<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Outcome<'a> {
    let (text, part) = two_texts(work, args)?;
    Ok(Val::Bool(text.starts_with(&*part)))
}

pub(super) fn ends_with<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Outcome<'a> {
    let (text, part) = two_texts(work, args)?;
    Ok(Val::Bool(text.ends_with(&*part)))
}

pub(super) fn contains<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Outcome<'a> {
    let (text, part) = two_texts(work, args)?;
    Ok(Val::Bool(text.contains(&*part)))
}

/// Counted in characters, as CEL does.
fn position<'a>(text: &str, byte: Option<usize>) -> Val<'a> {
    let before = byte.and_then(|byte| text.get(..byte));
    Val::Int(before.map_or(-1, |before| before.chars().count() as i64))
}

pub(super) fn index_of<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Outcome<'a> {
    let (text, part) = two_texts(work, args)?;
    Ok(position(&text, text.find(&*part)))
}

pub(super) fn last_index_of<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Outcome<'a> {
    let (text, part) = two_texts(work, args)?;
    Ok(position(&text, text.rfind(&*part)))
}

pub(super) fn lower_ascii<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Outcome<'a> {
    Ok(Val::owned(one_text(work, args)?.to_ascii_lowercase()))
}

pub(super) fn upper_ascii<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Outcome<'a> {
    Ok(Val::owned(one_text(work, args)?.to_ascii_uppercase()))
}

pub(super) fn lower<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Outcome<'a> {
    Ok(Val::owned(one_text(work, args)?.to_lowercase()))
}

pub(super) fn upper<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Outcome<'a> {
    Ok(Val::owned(one_text(work, args)?.to_uppercase()))
}

pub(super) fn trim<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Outcome<'a> {
    Ok(Val::Text(one_text(work, args)?.part(str::trim)))
}

pub(super) fn replace<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Outcome<'a> {
    let [Val::Text(text), Val::Text(from), Val::Text(to)] = args else {
        return Err(MISMATCH);
    };
    work.read(text.len())?;
    let found = text.matches(&*from).count();
    work.write(text.len() + found.saturating_mul(to.len()))?;
    Ok(Val::owned(text.replace(&*from, &to)))
}

pub(super) fn split<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Outcome<'a> {
    let (text, separator) = two_texts(work, args)?;
    if separator.is_empty() {
        work.spend(text.len())?;
        return Ok(Val::List(List::Owned(text.chars().map(|c| Val::owned(c.to_string())).collect())));
    }
    work.spend(text.matches(&*separator).count() + 1)?;
    let parts = match text {
        Text::Shared(text) => text.split(&*separator).map(|part| Val::Text(Text::Plain(part))).collect(),
        Text::Plain(text) => text.split(&*separator).map(|part| Val::Text(Text::Plain(part))).collect(),
        Text::Owned(text) => text.split(&*separator).map(|part| Val::owned(part.to_owned())).collect(),
    };
    Ok(Val::List(List::Owned(parts)))
}

pub(super) fn join<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Outcome<'a> {
    let [Val::List(list), separator, _] = args else {
        return Err(MISMATCH);
    };
    let separator = match &separator {
        Val::Text(separator) => &**separator,
        Val::Null(_) => "",
        _ => return Err(MISMATCH),
    };
    let mut whole = String::new();
    for (index, item) in list.iter(At::default()).enumerate() {
        let item = match item {
            Val::Text(item) => item,
            // Absent, as in every function: the caller turns a null outcome into one that names its place.
            Val::Null(at) => return Ok(Val::Null(at)),
            _ => return Err(MISMATCH),
        };
        let separator = if index > 0 { separator } else { "" };
        fits(whole.len() + separator.len() + item.len())?;
        work.spend(1 + (separator.len() + item.len()) / 16)?;
        whole.push_str(separator);
        whole.push_str(&item);
    }
    Ok(Val::owned(whole))
}

/// Byte offset of a position counted in characters, the end included.
fn offset(text: &str, position: i64) -> Result<usize, &'static str> {
    let position = usize::try_from(position).map_err(|_| OUT_OF_RANGE)?;
    text.char_indices().map(|(at, _)| at).chain([text.len()]).nth(position).ok_or(OUT_OF_RANGE)
}

pub(super) fn substring<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Outcome<'a> {
    let [Val::Text(text), Val::Int(start), end] = args else {
        return Err(MISMATCH);
    };
    work.write(text.len())?;
    let from = offset(&text, start)?;
    let to = match end {
        Val::Int(end) => offset(&text, end)?,
        Val::Null(_) => text.len(),
        _ => return Err(MISMATCH),
    };
    if from > to {
        return Err(OUT_OF_RANGE);
    }
    Ok(Val::Text(text.part(|text| text.get(from..to).unwrap_or_default())))
}

pub(super) fn char_at<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Outcome<'a> {
    let [Val::Text(text), Val::Int(position), _] = args else {
        return Err(MISMATCH);
    };
    work.read(text.len())?;
    let from = offset(&text, position)?;
    Ok(Val::Text(text.part(|text| {
        let rest = text.get(from..).unwrap_or_default();
        let length = rest.chars().next().map_or(0, char::len_utf8);
        rest.get(..length).unwrap_or_default()
    })))
}

pub(super) fn size<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Outcome<'a> {
    let [sized, ..] = args;
    let size = match sized {
        Val::Text(text) => {
            work.read(text.len())?;
            text.chars().count()
        }
        Val::List(list) => list.len(),
        _ => return Err(MISMATCH),
    };
    Ok(Val::Int(size as i64))
}

pub(super) fn string<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Outcome<'a> {
    let [value, ..] = args;
    work.spend(1)?;
    Ok(match value {
        Val::Text(text) => Val::Text(text),
        Val::Int(value) => Val::owned(value.to_string()),
        Val::Bool(value) => Val::owned(value.to_string()),
        Val::Date(date) => Val::owned(date.to_string()),
        _ => return Err(MISMATCH),
    })
}

pub(super) fn int<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Outcome<'a> {
    work.spend(1)?;
    match args {
        [Val::Int(value), ..] => Ok(Val::Int(value)),
        [Val::Text(text), ..] => text.parse().map(Val::Int).map_err(|_| "the string is not a whole number"),
        _ => Err(MISMATCH),
    }
}

pub(super) fn date<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Outcome<'a> {
    work.spend(1)?;
    let [Val::Text(text), ..] = args else {
        return Err(MISMATCH);
    };
    parse_date(&text).map(Val::Date).ok_or("the string is not a day written as YYYY-MM-DD")
}

/// Exactly `YYYY-MM-DD`.
pub(in super::super) fn parse_date(text: &str) -> Option<Date> {
    let shape = |(at, byte): (usize, u8)| {
        if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() }
    };
    if text.len() != 10 || !text.bytes().enumerate().all(shape) {
        return None;
    }
    text.parse().ok()
}

pub(in super::super) const OUT_OF_RANGE: &str = "the position lies outside of it";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_have_one_form() {
        assert_eq!(parse_date("2026-02-28"), Some(jiff::civil::date(2026, 2, 28)));
        for bad in ["2026-02-29", "20260228", "2026-2-8", "2026-02-28T00:00", "", "-026-02-28", "２０２６-0"]
        {
            assert_eq!(parse_date(bad), None, "{bad}");
        }
    }
}
