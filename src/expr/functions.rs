//! The functions, one table. `docs/expressions.md` holds the same rows, which a test compares.

use super::limits::{Work, fits};
use super::problem::At;
use super::types::{Item, Type};
use super::val::{List, MISMATCH, Text, Val};
use crate::model::time::Date;

/// One function.
#[derive(Debug)]
pub(super) struct Function {
    pub name: &'static str,
    pub form: Form,
    /// The receiver of a method first.
    pub params: &'static [Param],
    /// How many of the last parameters may be left out.
    pub optional: usize,
    pub result: Type,
    pub body: Body,
    pub doc: &'static str,
}

/// How it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `x.name(…)`
    Method,
    /// `name(x, …)`
    Call,
    /// Either.
    Both,
}

/// What a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Param {
    Text,
    Int,
    Date,
    Texts,
    /// A string or a list.
    Sized,
    /// Anything but a list.
    Scalar,
    TextOrInt,
    /// A literal regular expression.
    Pattern,
    /// A literal layout of dates.
    Layout,
    /// Any number of values of one type.
    Values,
}

/// What it does.
#[derive(Debug, Clone, Copy)]
pub(super) enum Body {
    /// Works on values; never sees null but for a parameter left out.
    Plain(for<'a> fn(&mut Work, [Val<'a>; 3]) -> Outcome<'a>),
    /// Compiled into steps of their own, because of literal parameters or null.
    Matches,
    Format,
    Coalesce,
}

pub(super) type Outcome<'a> = Result<Val<'a>, &'static str>;

impl Param {
    pub fn accepts(self, ty: Type) -> bool {
        match self {
            _ if matches!(ty, Type::Broken) => true,
            Param::Text | Param::Pattern | Param::Layout => ty == Type::Text,
            Param::Int => ty == Type::Int,
            Param::Date => ty == Type::Date,
            Param::Texts => matches!(ty, Type::List(Item::Text | Item::Any)),
            Param::Sized => matches!(ty, Type::Text | Type::List(_)),
            Param::Scalar => matches!(ty, Type::Text | Type::Int | Type::Bool | Type::Date | Type::User),
            Param::TextOrInt => matches!(ty, Type::Text | Type::Int),
            Param::Values => ty.is_value(),
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Param::Text => "string",
            Param::Int => "integer",
            Param::Date => "date",
            Param::Texts => "list of strings",
            Param::Sized => "string or list",
            Param::Scalar => "value",
            Param::TextOrInt => "string or integer",
            Param::Pattern => "pattern",
            Param::Layout => "layout",
            Param::Values => "value, …",
        }
    }
}

impl Function {
    /// `string.substring(integer[, integer]) -> string`
    pub fn signature(&self) -> String {
        let mut text = String::new();
        let mut params = self.params;
        if self.form == Form::Method
            && let [receiver, others @ ..] = params
        {
            params = others;
            text = match receiver {
                Param::Texts => "list.".to_owned(),
                receiver => format!("{}.", receiver.name()),
            };
        }
        text.push_str(self.name);
        text.push('(');
        for (index, param) in params.iter().enumerate() {
            let optional = index >= params.len() - self.optional;
            let comma = if index > 0 { ", " } else { "" };
            text.push_str(if optional { "[" } else { "" });
            text.push_str(comma);
            text.push_str(param.name());
            text.push_str(if optional { "]" } else { "" });
        }
        let result = match self.body {
            Body::Coalesce => "value".to_owned(),
            _ => self.result.to_string(),
        };
        format!("{text}) -> {result}")
    }
}

/// The function with this name, if it can be called so.
pub(super) fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

const fn method(
    name: &'static str,
    params: &'static [Param],
    result: Type,
    run: for<'a> fn(&mut Work, [Val<'a>; 3]) -> Outcome<'a>,
    doc: &'static str,
) -> Function {
    Function {
        name,
        form: Form::Method,
        params,
        optional: 0,
        result,
        body: Body::Plain(run),
        doc,
    }
}

const TEXTS: Type = Type::List(Item::Text);

/// All of them, by name.
#[rustfmt::skip]
pub(super) static FUNCTIONS: &[Function] = &[
    method("charAt", &[Param::Text, Param::Int], Type::Text, char_at,
        "the character at a position, counted from 0; empty at the end"),
    Function { name: "coalesce", form: Form::Call, params: &[Param::Values], optional: 0, result: Type::Broken,
        body: Body::Coalesce, doc: "the first value that is not null" },
    method("contains", &[Param::Text, Param::Text], Type::Bool, contains,
        "whether the one string stands in the other"),
    Function { name: "date", form: Form::Call, params: &[Param::Text], optional: 0, result: Type::Date,
        body: Body::Plain(date), doc: "the day written as `YYYY-MM-DD`" },
    method("endsWith", &[Param::Text, Param::Text], Type::Bool, ends_with, "whether it ends so"),
    Function { name: "format", form: Form::Method, params: &[Param::Date, Param::Layout], optional: 0,
        result: Type::Text, body: Body::Format, doc: "the day in a literal layout, such as `\"MM/DD/YYYY\"`" },
    method("indexOf", &[Param::Text, Param::Text], Type::Int, index_of,
        "the position of the first occurrence, counted from 0; -1 if there is none"),
    Function { name: "int", form: Form::Call, params: &[Param::TextOrInt], optional: 0, result: Type::Int,
        body: Body::Plain(int), doc: "the whole number that the string writes" },
    Function { optional: 1, ..method("join", &[Param::Texts, Param::Text], Type::Text, join,
        "all strings in one, with the other between them") },
    method("lastIndexOf", &[Param::Text, Param::Text], Type::Int, last_index_of,
        "the position of the last occurrence, counted from 0; -1 if there is none"),
    method("lower", &[Param::Text], Type::Text, lower, "in lower case, by Unicode"),
    method("lowerAscii", &[Param::Text], Type::Text, lower_ascii, "with A to Z in lower case"),
    Function { name: "matches", form: Form::Method, params: &[Param::Text, Param::Pattern], optional: 0,
        result: Type::Bool, body: Body::Matches,
        doc: "whether a literal regular expression (RE2) matches somewhere; `^` and `$` tie it to the ends" },
    method("replace", &[Param::Text, Param::Text, Param::Text], Type::Text, replace,
        "every occurrence of the first string replaced by the second"),
    Function { form: Form::Both, ..method("size", &[Param::Sized], Type::Int, size,
        "how many characters or elements; also `string.size()`, `list.size()`") },
    method("split", &[Param::Text, Param::Text], TEXTS, split,
        "the parts between the separators; every character if it is empty"),
    method("startsWith", &[Param::Text, Param::Text], Type::Bool, starts_with, "whether it begins so"),
    Function { name: "string", form: Form::Call, params: &[Param::Scalar], optional: 0, result: Type::Text,
        body: Body::Plain(string), doc: "the value as text; of a user, the id" },
    Function { optional: 1, ..method("substring", &[Param::Text, Param::Int, Param::Int], Type::Text, substring,
        "from a position, counted from 0, up to but without another, or to the end") },
    method("trim", &[Param::Text], Type::Text, trim, "without white space at both ends"),
    method("upper", &[Param::Text], Type::Text, upper, "in upper case, by Unicode"),
    method("upperAscii", &[Param::Text], Type::Text, upper_ascii, "with a to z in upper case"),
];

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

fn starts_with<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Outcome<'a> {
    let (text, part) = two_texts(work, args)?;
    Ok(Val::Bool(text.starts_with(&*part)))
}

fn ends_with<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Outcome<'a> {
    let (text, part) = two_texts(work, args)?;
    Ok(Val::Bool(text.ends_with(&*part)))
}

fn contains<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Outcome<'a> {
    let (text, part) = two_texts(work, args)?;
    Ok(Val::Bool(text.contains(&*part)))
}

/// Counted in characters, as CEL does.
fn position<'a>(text: &str, byte: Option<usize>) -> Val<'a> {
    let before = byte.and_then(|byte| text.get(..byte));
    Val::Int(before.map_or(-1, |before| before.chars().count() as i64))
}

fn index_of<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Outcome<'a> {
    let (text, part) = two_texts(work, args)?;
    Ok(position(&text, text.find(&*part)))
}

fn last_index_of<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Outcome<'a> {
    let (text, part) = two_texts(work, args)?;
    Ok(position(&text, text.rfind(&*part)))
}

fn lower_ascii<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Outcome<'a> {
    Ok(Val::owned(one_text(work, args)?.to_ascii_lowercase()))
}

fn upper_ascii<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Outcome<'a> {
    Ok(Val::owned(one_text(work, args)?.to_ascii_uppercase()))
}

fn lower<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Outcome<'a> {
    Ok(Val::owned(one_text(work, args)?.to_lowercase()))
}

fn upper<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Outcome<'a> {
    Ok(Val::owned(one_text(work, args)?.to_uppercase()))
}

fn trim<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Outcome<'a> {
    Ok(Val::Text(one_text(work, args)?.part(str::trim)))
}

fn replace<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Outcome<'a> {
    let [Val::Text(text), Val::Text(from), Val::Text(to)] = args else {
        return Err(MISMATCH);
    };
    work.read(text.len())?;
    let found = text.matches(&*from).count();
    work.write(text.len() + found.saturating_mul(to.len()))?;
    Ok(Val::owned(text.replace(&*from, &to)))
}

fn split<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Outcome<'a> {
    let (text, separator) = two_texts(work, args)?;
    if separator.is_empty() {
        work.spend(text.len())?;
        return Ok(Val::List(List::Owned(
            text.chars().map(|c| Val::owned(c.to_string())).collect(),
        )));
    }
    work.spend(text.matches(&*separator).count() + 1)?;
    let parts = match text {
        Text::Shared(text) => text
            .split(&*separator)
            .map(|part| Val::Text(Text::Plain(part)))
            .collect(),
        Text::Plain(text) => text
            .split(&*separator)
            .map(|part| Val::Text(Text::Plain(part)))
            .collect(),
        Text::Owned(text) => text
            .split(&*separator)
            .map(|part| Val::owned(part.to_owned()))
            .collect(),
    };
    Ok(Val::List(List::Owned(parts)))
}

fn join<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Outcome<'a> {
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
    text.char_indices()
        .map(|(at, _)| at)
        .chain([text.len()])
        .nth(position)
        .ok_or(OUT_OF_RANGE)
}

fn substring<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Outcome<'a> {
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
    Ok(Val::Text(
        text.part(|text| text.get(from..to).unwrap_or_default()),
    ))
}

fn char_at<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Outcome<'a> {
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

fn size<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Outcome<'a> {
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

fn string<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Outcome<'a> {
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

fn int<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Outcome<'a> {
    work.spend(1)?;
    match args {
        [Val::Int(value), ..] => Ok(Val::Int(value)),
        [Val::Text(text), ..] => text
            .parse()
            .map(Val::Int)
            .map_err(|_| "the string is not a whole number"),
        _ => Err(MISMATCH),
    }
}

fn date<'a>(work: &mut Work, args: [Val<'a>; 3]) -> Outcome<'a> {
    work.spend(1)?;
    let [Val::Text(text), ..] = args else {
        return Err(MISMATCH);
    };
    parse_date(&text)
        .map(Val::Date)
        .ok_or("the string is not a day written as YYYY-MM-DD")
}

/// Exactly `YYYY-MM-DD`.
pub(super) fn parse_date(text: &str) -> Option<Date> {
    let shape = |(at, byte): (usize, u8)| {
        if at == 4 || at == 7 {
            byte == b'-'
        } else {
            byte.is_ascii_digit()
        }
    };
    if text.len() != 10 || !text.bytes().enumerate().all(shape) {
        return None;
    }
    text.parse().ok()
}

pub(super) const OUT_OF_RANGE: &str = "the position lies outside of it";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_fits_the_evaluator() {
        assert!(FUNCTIONS.is_sorted_by_key(|function| function.name));
        assert!(FUNCTIONS.iter().all(|function| function.params.len() <= 3));
    }

    #[test]
    fn signatures_show_receiver_and_optional_parameters() {
        let signature = |name| find(name).map(Function::signature).unwrap();
        assert_eq!(
            signature("substring"),
            "string.substring(integer[, integer]) -> string"
        );
        assert_eq!(signature("join"), "list.join([string]) -> string");
        assert_eq!(signature("size"), "size(string or list) -> integer");
        assert_eq!(signature("coalesce"), "coalesce(value, …) -> value");
    }

    #[test]
    fn dates_have_one_form() {
        assert_eq!(parse_date("2026-02-28"), Some(jiff::civil::date(2026, 2, 28)));
        for bad in [
            "2026-02-29",
            "20260228",
            "2026-2-8",
            "2026-02-28T00:00",
            "",
            "-026-02-28",
            "２０２６-0",
        ] {
            assert_eq!(parse_date(bad), None, "{bad}");
        }
    }
}
