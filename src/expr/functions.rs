//! The table of functions. `docs/expressions.md` holds the same rows, and a test compares them.

mod bodies;

use super::limits::Work;
use super::types::{Item, Type};
use super::val::Val;
pub(super) use bodies::{OUT_OF_RANGE, parse_date};
use bodies::{
    Outcome, char_at, contains, date, ends_with, index_of, int, join, last_index_of, lower, lower_ascii,
    replace, size, split, starts_with, string, substring, trim, upper, upper_ascii,
};

#[derive(Debug)]
pub(super) struct Function {
    pub name: &'static str,
    pub form: Form,
    /// The parameters; the receiver of a method is the first.
    pub params: &'static [Param],
    /// How many of the last parameters may be left out.
    pub optional: usize,
    pub result: Type,
    pub body: Body,
    pub doc: &'static str,
}

/// How a function is called.
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

/// The implementation of a function.
#[derive(Debug, Clone, Copy)]
pub(super) enum Body {
    /// Works on values; never sees null but for a parameter left out.
    Plain(for<'a> fn(&mut Work, [Val<'a>; 3]) -> Outcome<'a>),
    /// Compiled into steps of their own, because of literal parameters or null.
    Matches,
    Format,
    Coalesce,
}

impl Param {
    pub(super) fn accepts(self, ty: Type) -> bool {
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

    pub(super) fn name(self) -> &'static str {
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
    /// The signature, such as `string.substring(integer[, integer]) -> string`.
    pub(super) fn signature(&self) -> String {
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

/// The function with this name, if it can be called.
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
    Function { name, form: Form::Method, params, optional: 0, result, body: Body::Plain(run), doc }
}

const TEXTS: Type = Type::List(Item::Text);

/// All functions, by name.
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
        assert_eq!(signature("substring"), "string.substring(integer[, integer]) -> string");
        assert_eq!(signature("join"), "list.join([string]) -> string");
        assert_eq!(signature("size"), "size(string or list) -> integer");
        assert_eq!(signature("coalesce"), "coalesce(value, …) -> value");
    }
}
