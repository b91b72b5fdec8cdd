//! Syntax tree to program: names are looked up, types are checked, constants are computed. All problems are collected.

mod calls;
mod chains;
mod checker;
mod names;
mod operators;
mod typed;
mod words;

pub(super) use calls::MACROS;
pub(super) use typed::Typed;

use super::ast::{Expr, Node};
use super::code::{Code, Op};
use super::eval::Machine;
use super::problem::Problem;
use super::types::{Item, Type, Types, Use};
use crate::model::Value;
use checker::Checker;
use words::with_article;

/// Checks an expression for its use. The program is whole only if there are no problems.
pub(super) fn check(expr: &Expr, text: &str, types: &Types<'_>, usage: Use) -> (Typed, Vec<Problem>) {
    let mut checker = Checker { types, usage, text, problems: Vec::new(), item: None };
    let typed = checker.value(expr);
    checker.result(&typed);
    (typed, checker.problems)
}

impl Checker<'_> {
    /// Checks that the whole expression gives the type that its use needs.
    fn result(&mut self, typed: &Typed) {
        let (at, ty) = (typed.code.at, typed.ty);
        match (self.usage, ty) {
            (_, Type::Broken) | (Use::Condition, Type::Bool) => {}
            (Use::Condition, _) => {
                let hint = match ty {
                    Type::Text | Type::Int | Type::Date | Type::User => {
                        Some("compare it with something, as in `==`")
                    }
                    Type::List(_) => {
                        Some("ask for one of its elements: `\"x\" in list` or `list.exists(x, …)`")
                    }
                    _ => None,
                };
                let message = format!("a condition has to be a boolean, this is {}", with_article(ty));
                self.wrong_type(at, message, hint.map(str::to_owned));
            }
            (_, Type::User) => {
                let snippet = self.snippet(at);
                self.report(
                    Problem::new("expr-type", at, "a user is not a value that an app can hold")
                        .hint(format!("`account.ref({snippet})` is the person's account in the app"))
                        .hint(format!("`{snippet}.id` is the id, `{snippet}.email` the e-mail address")),
                );
            }
            (_, Type::List(Item::User)) => {
                self.wrong_type(at, "a list of users is not a value that an app can hold".to_owned(), None);
            }
            (_, Type::Null) => {
                let hint = Some("leave the attribute out of the mapping to leave it alone".to_owned());
                self.wrong_type(at, "the expression is always null".to_owned(), hint);
            }
            _ => {}
        }
    }

    /// Checks a part that has to be a value, and not an object with fields only.
    fn value(&mut self, expr: &Expr) -> Typed {
        let typed = self.expr(expr);
        if typed.ty.is_value() {
            return typed;
        }
        let fields = names::fields_of(self, typed.ty).join(", ");
        let message = format!("`{}` is no value by itself, only its fields are", self.snippet(expr.at));
        self.wrong_type(expr.at, message, Some(format!("fields: {fields}")));
        Typed::broken(expr.at)
    }

    fn expr(&mut self, expr: &Expr) -> Typed {
        let at = expr.at;
        let typed = match &expr.node {
            Node::Null => Typed::new(Op::Null, at, Type::Null),
            Node::Bool(value) => Typed::new(Op::Const(Value::Bool(*value)), at, Type::Bool),
            Node::Int(value) => Typed::new(Op::Const(Value::Int(*value)), at, Type::Int),
            Node::Text(text) => Typed::new(Op::Const(Value::str(text.as_str())), at, Type::Text),
            Node::List(items) => names::list(self, items, at),
            Node::Name(name) => names::variable(self, name, at),
            Node::Field(base, name) => names::field(self, base, name, at),
            Node::Index(base, index) => names::index(self, base, index, at),
            Node::Call(target, name, arguments) => calls::call(self, target.as_deref(), name, arguments, at),
            Node::Not(inner) => {
                let inner = operators::boolean(self, inner, "!");
                Typed::new(Op::Not(Box::new(inner)), at, Type::Bool)
            }
            Node::Negate(inner) => {
                let inner = operators::operand(self, inner, Type::Int, "-");
                Typed::new(Op::Negate(Box::new(inner)), at, Type::Int)
            }
            Node::And(terms) => {
                let terms = terms.iter().map(|term| operators::boolean(self, term, "&&")).collect();
                Typed::new(Op::And(terms), at, Type::Bool)
            }
            Node::Or(terms) => {
                let terms = terms.iter().map(|term| operators::boolean(self, term, "||")).collect();
                Typed::new(Op::Or(terms), at, Type::Bool)
            }
            Node::Compare(comparison, left, right) => operators::compare(self, *comparison, left, right, at),
            Node::In(item, list) => operators::is_in(self, item, list, at),
            Node::Sum(terms) => chains::sum(self, terms, at),
            Node::Product(factors) => {
                let factors = factors
                    .iter()
                    .map(|(sign, factor)| (*sign, operators::operand(self, factor, Type::Int, "arithmetic")))
                    .collect();
                Typed::new(Op::Product(factors), at, Type::Int)
            }
            Node::Choose(arms, last) => chains::choose(self, arms, last, at),
        };
        self.fold(typed)
    }

    /// Computes a part that has no variables, so that its mistakes are found now.
    fn fold(&mut self, typed: Typed) -> Typed {
        if !self.problems.is_empty() || !typed.code.is_foldable() {
            return typed;
        }
        let outcome = Machine::new(None).eval(&typed.code).map(|value| value.to_value(&|_| None));
        match outcome {
            Ok(Value::Null) => typed,
            Ok(value) => {
                let code = Code { op: Op::Const(value), at: typed.code.at };
                Typed { code, ..typed }
            }
            Err(fault) => {
                let message = format!("`{}`: {}", self.snippet(fault.at), fault.what);
                self.report(Problem::new("expr-fails", fault.at, message));
                Typed::broken(typed.code.at)
            }
        }
    }
}
