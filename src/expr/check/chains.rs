//! `+`, `-` and `?:`: many operands of one type.

use super::super::ast::{Expr, Sign};
use super::super::code::{Code, Op};
use super::super::problem::At;
use super::super::types::{Item, Type};
use super::checker::Checker;
use super::operators::boolean;
use super::typed::Typed;
use super::words::{plural, with_article};

/// `+` and `-`: the type of the first operand decides between the meanings of `+`.
pub(super) fn sum(checker: &mut Checker, terms: &[(Sign, Expr)], at: At) -> Typed {
    let typed: Vec<(Sign, &Expr, Typed)> =
        terms.iter().map(|(sign, term)| (*sign, term, checker.value(term))).collect();
    let minus = terms.iter().any(|(sign, _)| *sign == Sign::Minus);
    let first = typed.iter().map(|(_, _, term)| term.ty).find(|ty| match ty {
        Type::Int | Type::Text => true,
        Type::List(_) => *ty != Type::List(Item::Any),
        _ => false,
    });
    let any_list = typed.iter().any(|(_, _, term)| term.ty == Type::List(Item::Any));
    let kind = match first {
        _ if minus => Type::Int,
        Some(kind) => kind,
        None if any_list => Type::List(Item::Any),
        None => Type::Int,
    };
    let sign = if minus { "`-`" } else { "`+`" };
    let problems = checker.problems.len();
    for (_, expr, term) in &typed {
        if term.is_null() || kind.join(term.ty).is_none() {
            let snippet = checker.snippet(expr.at);
            let hint = match (kind, term.ty) {
                (_, Type::Null) => Some("anything added to null is null".to_owned()),
                (Type::Text, Type::Int | Type::Date | Type::Bool | Type::User) => {
                    Some(format!("`string({snippet})` is its text"))
                }
                (Type::Int, Type::Text) => Some(format!("`int({snippet})` reads a number")),
                (Type::List(_), ty) if ty.as_item().is_some() => {
                    Some(format!("`[{snippet}]` is a list of it"))
                }
                (Type::Text, Type::List(_)) => {
                    Some(format!("`{snippet}.join(\", \")` makes one string of it"))
                }
                _ => None,
            };
            let message = match first {
                Some(_) => {
                    format!("{sign} needs {} here, this is {}", with_article(kind), with_article(term.ty))
                }
                None => format!("{sign} has no meaning for {}", plural(term.ty)),
            };
            checker.wrong_type(expr.at, message, hint);
        }
    }
    let op = match kind {
        Type::Text => Op::Concat(typed.into_iter().map(|(_, _, term)| term.code).collect()),
        Type::List(_) => Op::Chain(typed.into_iter().map(|(_, _, term)| term.code).collect()),
        _ => Op::Sum(typed.into_iter().map(|(sign, _, term)| (sign, term.code)).collect()),
    };
    let ty = if checker.problems.len() > problems { Type::Broken } else { kind };
    Typed::new(op, at, ty)
}

pub(super) fn choose(checker: &mut Checker, arms: &[(Expr, Expr)], last: &Expr, at: At) -> Typed {
    let mut ty = Type::Null;
    let mut checked = Vec::new();
    for (condition, value) in arms {
        let condition = boolean(checker, condition, "?:");
        let value = branch(checker, value, &mut ty);
        checked.push((condition, value));
    }
    let last = branch(checker, last, &mut ty);
    Typed::new(Op::Choose(checked, Box::new(last)), at, ty)
}

/// Checks a value that has to have the same type as its siblings so far.
pub(super) fn branch(checker: &mut Checker, expr: &Expr, ty: &mut Type) -> Code {
    let typed = checker.value(expr);
    match ty.join(typed.ty) {
        Some(joined) => *ty = joined,
        None => {
            let hint =
                (*ty == Type::Text).then(|| format!("`string({})` is its text", checker.snippet(expr.at)));
            let message = format!("the values are of different types: {} and {}", ty, typed.ty);
            let hint = hint.filter(|_| typed.ty.as_item().is_some());
            checker.wrong_type(expr.at, message, hint);
            *ty = Type::Broken;
        }
    }
    typed.code
}
