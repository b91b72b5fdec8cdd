//! Operators: the types that they take, and comparisons that can never be true.

use super::super::ast::{Comparison, Expr, Node};
use super::super::code::{Code, Op};
use super::super::functions::parse_date;
use super::super::problem::{At, Problem};
use super::super::types::{Field, Item, Type};
use super::checker::Checker;
use super::typed::Typed;
use super::words::{either, plural, with_article};
use crate::model::Value;
use crate::model::similar::nearest;

/// Checks an operand that has to have one type.
pub(super) fn operand(checker: &mut Checker, expr: &Expr, wanted: Type, operator: &str) -> Code {
    let typed = checker.value(expr);
    if typed.ty != wanted && typed.ty != Type::Broken {
        let hint = (wanted == Type::Int && typed.ty == Type::Text)
            .then(|| format!("`int({})` reads a number", checker.snippet(expr.at)));
        let message =
            format!("{operator} needs {}, this is {}", with_article(wanted), with_article(typed.ty));
        checker.wrong_type(expr.at, quoted(operator, &message), hint);
    }
    typed.code
}

pub(super) fn boolean(checker: &mut Checker, expr: &Expr, operator: &str) -> Code {
    operand(checker, expr, Type::Bool, operator)
}

pub(super) fn compare(
    checker: &mut Checker,
    comparison: Comparison,
    left: &Expr,
    right: &Expr,
    at: At,
) -> Typed {
    let (mut first, mut second) = (checker.value(left), checker.value(right));
    let equality = matches!(comparison, Comparison::Equal | Comparison::Unequal);
    if equality && (first.is_null() || second.is_null()) {
        let inner = Box::new(if second.is_null() { first.code } else { second.code });
        let op = if comparison == Comparison::Equal { Op::IsNull(inner) } else { Op::IsSet(inner) };
        return Typed::new(op, at, Type::Bool);
    }
    people_by_id(&mut first, &mut second);
    let sign = comparison.sign();
    match first.ty.join(second.ty) {
        Some(Type::Broken) => {}
        Some(Type::Reference) => {
            checker.wrong_type(at, "a reference to an account cannot be compared".to_owned(), None);
        }
        Some(ty) if first.is_null() || second.is_null() => {
            let null = if first.is_null() { left } else { right };
            checker.wrong_type(
                null.at,
                format!("`{sign}` cannot compare {} with null", with_article(ty)),
                None,
            );
        }
        Some(Type::Int | Type::Text | Type::Date) => {}
        Some(_) if equality => {}
        Some(ty) => checker.wrong_type(at, format!("`{sign}` has no meaning for {}", plural(ty)), None),
        None => unlike(checker, sign, &first, left, &second, right),
    }
    if equality {
        never(checker, &first, &second, comparison == Comparison::Equal);
        never(checker, &second, &first, comparison == Comparison::Equal);
    }
    Typed::new(Op::Compare(comparison, Box::new(first.code), Box::new(second.code)), at, Type::Bool)
}

/// Reports two operands of different types. The problem points at the second one, with a hint if there is a
/// conversion.
fn unlike(checker: &mut Checker, sign: &str, first: &Typed, left: &Expr, second: &Typed, right: &Expr) {
    let message = format!("`{sign}` compares {} with {}", with_article(first.ty), with_article(second.ty));
    let (at, hint) = match (first.ty, second.ty) {
        (Type::Date, Type::Text) => (right.at, Some(date_hint(checker, second, right))),
        (Type::Text, Type::Date) => (left.at, Some(date_hint(checker, first, left))),
        (Type::Int, Type::Text) if number(second) => (right.at, Some("write it without quotes".to_owned())),
        (Type::Int, Type::Text) => {
            (right.at, Some(format!("`int({})` reads a number", checker.snippet(right.at))))
        }
        (Type::Text, Type::Int) => match second.code.op {
            Op::Const(_) => (right.at, Some(format!("write \"{}\", in quotes", checker.snippet(right.at)))),
            _ => (left.at, Some(format!("`int({})` reads a number", checker.snippet(left.at)))),
        },
        (Type::List(_), _) => (left.at, Some(element_hint(checker, left, right))),
        (_, Type::List(_)) => (right.at, Some(element_hint(checker, right, left))),
        (Type::Bool, Type::Text) => (right.at, Some("write true or false, without quotes".to_owned())),
        _ => (right.at, None),
    };
    checker.wrong_type(at, message, hint);
}

fn element_hint(checker: &Checker, list: &Expr, element: &Expr) -> String {
    format!("`{} in {}` asks for one element", checker.snippet(element.at), checker.snippet(list.at))
}

fn date_hint(checker: &Checker, text: &Typed, expr: &Expr) -> String {
    let snippet = checker.snippet(expr.at);
    match &text.code.op {
        Op::Const(Value::Str(text)) if parse_date(text).is_none() => {
            "a day is written date(\"YYYY-MM-DD\")".to_owned()
        }
        _ => format!("write date({snippet})"),
    }
}

/// Reports a comparison of an attribute with a value that it can never have.
fn never(checker: &mut Checker, attribute: &Typed, other: &Typed, equal: bool) {
    let Op::Const(value) = &other.code.op else {
        return;
    };
    let is_list = matches!(value, Value::List(_));
    let fits = attribute.ty.join(other.ty).is_some();
    if attribute.allowed.is_empty() || attribute.allowed.contains(value) || is_list || !fits {
        return;
    }
    let always = if equal { "never" } else { "always" };
    let name = checker.snippet(attribute.code.at);
    let allowed = either(&attribute.allowed.iter().map(shown).collect::<Vec<_>>());
    let names = attribute.allowed.iter().filter_map(Value::as_str);
    let meant = value.as_str().and_then(|text| nearest(text, names));
    let message = format!("this is {always} true: `{name}` cannot be {}", shown(value));
    checker.report(
        Problem::new("expr-never", other.code.at, message)
            .maybe_hint(meant.map(|name| format!("did you mean \"{name}\"?")))
            .hint(format!("allowed: {allowed}")),
    );
}

pub(super) fn is_in(checker: &mut Checker, item: &Expr, list: &Expr, at: At) -> Typed {
    let (mut needle, mut haystack) = (checker.value(item), checker.value(list));
    match (needle.ty, haystack.ty) {
        (Type::Broken, _) | (_, Type::Broken) => {}
        (Type::Null, _) => {
            let message = "null is in no list".to_owned();
            checker.wrong_type(
                item.at,
                message,
                Some("`x == null` asks whether something is absent".to_owned()),
            );
        }
        (needle_ty, Type::List(of)) => {
            match (needle_ty, of) {
                (Type::User, Item::Text) => needle = id_of(needle),
                (Type::Text, Item::User) => {
                    haystack.ty = Type::List(Item::Text);
                    haystack.code = ids_of(haystack.code);
                }
                _ if needle_ty.join(of.as_type()).is_none() || needle_ty.as_item().is_none() => {
                    let message = format!("{} is never in a {}", with_article(needle_ty), haystack.ty);
                    checker.wrong_type(item.at, message, None);
                }
                _ => {}
            }
            if let Node::List(elements) = &list.node {
                for element in elements {
                    let constant = match &element.node {
                        Node::Text(text) => Value::str(text.as_str()),
                        Node::Int(value) => Value::Int(*value),
                        _ => continue,
                    };
                    let element = Typed::new(Op::Const(constant), element.at, needle.ty);
                    never(checker, &needle, &element, true);
                }
            }
            let of_list = Typed {
                ty: of.as_type(),
                code: haystack.code.clone(),
                allowed: std::mem::take(&mut haystack.allowed),
            };
            never(checker, &of_list, &needle, true);
        }
        (_, ty) => {
            let hint = (ty == Type::Text).then(|| {
                format!(
                    "`{}.contains({})` looks into a string",
                    checker.snippet(list.at),
                    checker.snippet(item.at)
                )
            });
            checker.wrong_type(
                list.at,
                format!("`in` needs a list on its right, this is {}", with_article(ty)),
                hint,
            );
        }
    }
    Typed::new(Op::In(Box::new(needle.code), Box::new(haystack.code)), at, Type::Bool)
}

/// People are compared with strings by their ids.
fn people_by_id(first: &mut Typed, second: &mut Typed) {
    match (first.ty, second.ty) {
        (Type::User, Type::Text) => become_id(first),
        (Type::Text, Type::User) => become_id(second),
        _ => {}
    }
}

fn become_id(typed: &mut Typed) {
    let at = typed.code.at;
    let person = std::mem::replace(typed, Typed::broken(at));
    *typed = id_of(person);
}

pub(super) fn id_of(person: Typed) -> Typed {
    let at = person.code.at;
    let op = match person.code.op {
        Op::Me => Op::Mine(Field::Id),
        _ => Op::Of(Box::new(person.code), Field::Id),
    };
    Typed::new(op, at, Type::Text)
}

/// The ids of a list of people, which can only be a literal one.
fn ids_of(list: Code) -> Code {
    let at = list.at;
    let op = match list.op {
        Op::List(people) => Op::List(
            people
                .into_iter()
                .map(|person| id_of(Typed { ty: Type::User, code: person, allowed: Vec::new() }).code)
                .collect(),
        ),
        other => other,
    };
    Code { op, at }
}

fn quoted(operator: &str, message: &str) -> String {
    match message.strip_prefix(operator) {
        Some(rest) if operator != "arithmetic" => format!("`{operator}`{rest}"),
        _ => message.to_owned(),
    }
}

/// True for a literal string that writes a number.
fn number(typed: &Typed) -> bool {
    matches!(&typed.code.op, Op::Const(Value::Str(text)) if text.parse::<i64>().is_ok())
}

fn shown(value: &Value) -> String {
    match value {
        Value::Str(text) => format!("\"{text}\""),
        other => other.to_string(),
    }
}
