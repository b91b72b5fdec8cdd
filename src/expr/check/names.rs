//! Variables, fields and indexes.

use super::super::ast::{Expr, Name, Node};
use super::super::code::{Code, Op};
use super::super::functions;
use super::super::problem::{At, Problem};
use super::super::types::{
    ACCOUNT_FIELDS, Field, GROUP_FIELDS, Item, NAME_FIELDS, Type, USER_FIELDS, Use, declared_type,
};
use super::checker::Checker;
use super::operators::operand;
use super::typed::Typed;
use super::words::{either, with_article};
use crate::model::Value;
use crate::model::similar::did_you_mean;

pub(super) fn variable(checker: &mut Checker, name: &str, at: At) -> Typed {
    if let Some((_, ty)) = checker.item.as_ref().filter(|(item, _)| item == name) {
        return Typed::new(Op::Item, at, *ty);
    }
    let variables = checker.usage.variables();
    if let Some((_, ty)) = variables.iter().find(|(variable, _)| *variable == name) {
        // If a field follows, the step of the field tells whose field it is.
        return Typed::new(Op::Me, at, *ty);
    }
    let problem = Problem::new("expr-name", at, format!("there is no variable `{name}` here"));
    let elsewhere: Vec<&str> = Use::ALL
        .into_iter()
        .filter(|usage| usage.variables().iter().any(|(variable, _)| *variable == name))
        .map(Use::place)
        .collect();
    let problem = if !elsewhere.is_empty() {
        problem.hint(format!("`{name}` can be used in {} only", elsewhere.join(" and ")))
    } else if matches!(name, "role" | "grant" | "app") {
        problem.hint(format!("`{name}` is not in this version"))
    } else if variables.iter().any(|(variable, _)| *variable == "user") && is_user_field(checker, name) {
        problem.hint(format!("did you mean `{}`?", full_name(checker, name)))
    } else if functions::find(name).is_some() {
        problem.hint(format!("`{name}` is a function"))
    } else {
        let item = checker.item.as_ref().map(|(item, _)| item.as_str());
        let known: Vec<&str> = variables.iter().map(|(variable, _)| *variable).chain(item).collect();
        let named = either(&known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>());
        match did_you_mean(name, known) {
            Some(hint) => problem.hint(hint),
            None => problem.hint(format!("a string stands in quotes; names begin with {named}")),
        }
    };
    checker.report(problem);
    Typed::broken(at)
}

fn is_user_field(checker: &Checker, name: &str) -> bool {
    USER_FIELDS.iter().any(|row| row.0 == name) || checker.types.attribute(name).is_some()
}

fn full_name(checker: &Checker, name: &str) -> String {
    match checker.types.attribute(name) {
        Some(_) if !USER_FIELDS.iter().any(|row| row.0 == name) => format!("user.attributes.{name}"),
        _ => format!("user.{name}"),
    }
}

/// The names below something that has fields.
pub(super) fn fields_of<'c>(checker: &Checker<'c>, ty: Type) -> Vec<&'c str> {
    match ty {
        Type::User => USER_FIELDS.iter().map(|row| row.0).chain(["name", "attributes"]).collect(),
        Type::UserName => NAME_FIELDS.iter().map(|row| row.0).collect(),
        Type::UserAttributes => checker.types.declared.iter().map(|decl| &*decl.name).collect(),
        Type::Account => ACCOUNT_FIELDS.iter().map(|row| row.0).chain(["ref(user)"]).collect(),
        Type::Group => GROUP_FIELDS.iter().map(|row| row.0).collect(),
        _ => Vec::new(),
    }
}

pub(super) fn field(checker: &mut Checker, base: &Expr, name: &Name, at: At) -> Typed {
    let whose = checker.expr(base);
    let text = name.text.as_str();
    let found = match whose.ty {
        Type::Broken => return Typed::broken(at),
        Type::User if text == "name" => Some((whose.code.op.clone(), Type::UserName)),
        Type::User if text == "attributes" => Some((whose.code.op.clone(), Type::UserAttributes)),
        Type::User => USER_FIELDS.iter().find(|row| row.0 == text).map(|row| (of(&whose.code, row.1), row.2)),
        Type::UserName => {
            NAME_FIELDS.iter().find(|row| row.0 == text).map(|row| (of(&whose.code, row.1), row.2))
        }
        Type::UserAttributes => checker
            .types
            .attribute(text)
            .map(|(number, decl)| (of(&whose.code, Field::Attribute(number)), declared_type(decl))),
        Type::Account => {
            ACCOUNT_FIELDS.iter().find(|row| row.0 == text).map(|row| (Op::Account(row.1), row.2))
        }
        Type::Group => {
            GROUP_FIELDS.iter().find(|row| row.0 == text).map(|row| (Op::Group(row.1), Type::Text))
        }
        _ => None,
    };
    let Some((op, ty)) = found else {
        no_field(checker, base, whose.ty, name);
        return Typed::broken(at);
    };
    let mut typed = Typed::new(op, at, ty);
    if let Op::Mine(field) | Op::Of(_, field) = &typed.code.op
        && ty.is_value()
    {
        typed.allowed = field.allowed(checker.types);
    }
    typed
}

fn no_field(checker: &mut Checker, base: &Expr, ty: Type, name: &Name) {
    let (snippet, text) = (checker.snippet(base.at), name.text.as_str());
    let problem = Problem::new("expr-name", name.at, format!("`{snippet}` has no field `{text}`"));
    let is_function = functions::find(text).is_some();
    let problem = if ty == Type::User && checker.types.attribute(text).is_some() {
        problem.hint(format!("declared attributes stand below `attributes`: `{snippet}.attributes.{text}`"))
    } else if ty == Type::User && NAME_FIELDS.iter().any(|row| row.0 == text) {
        problem.hint(format!("did you mean `{snippet}.name.{text}`?"))
    } else if ty == Type::UserAttributes && USER_FIELDS.iter().any(|row| row.0 == text) {
        problem.hint(format!("`{text}` is built in: `user.{text}`"))
    } else if ty == Type::Account && text == "ref" {
        problem.hint("`ref` is called: `account.ref(user.manager)`")
    } else if !ty.is_value() || ty == Type::User {
        let known = fields_of(checker, ty);
        match did_you_mean(text, known.iter().copied()) {
            Some(hint) => problem.hint(hint),
            None if ty == Type::UserAttributes => {
                problem.hint(format!("declare it under `attributes:`, as in `{text}: {{type: string}}`"))
            }
            None => problem.hint(format!("fields: {}", known.join(", "))),
        }
    } else if is_function {
        problem.hint(format!("`{text}` is called: `{snippet}.{text}(…)`"))
    } else {
        problem.hint(format!("it is {}, which has no fields", with_article(ty)))
    };
    checker.report(problem.label("unknown"));
}

pub(super) fn index(checker: &mut Checker, base: &Expr, index: &Expr, at: At) -> Typed {
    let list = checker.expr(base);
    if let (Type::UserAttributes, Node::Text(text)) = (list.ty, &index.node) {
        // `user.attributes["cost-center"]`, for names that are no words.
        let name = Name { text: text.clone(), at: index.at };
        return field(checker, base, &name, at);
    }
    let position = operand(checker, index, Type::Int, "[]");
    match list.ty {
        Type::Broken => Typed::broken(at),
        Type::List(item) => {
            Typed::new(Op::Index(Box::new(list.code), Box::new(position)), at, item.as_type())
        }
        ty => {
            let hint = (ty == Type::Text).then(|| {
                format!(
                    "`{}.charAt({})` is a character of a string",
                    checker.snippet(base.at),
                    checker.snippet(index.at)
                )
            });
            let message = format!("`[]` takes an element of a list, this is {}", with_article(ty));
            checker.wrong_type(base.at, message, hint);
            Typed::broken(at)
        }
    }
}

pub(super) fn list(checker: &mut Checker, items: &[Expr], at: At) -> Typed {
    let mut item = Type::Null;
    let mut codes = Vec::new();
    for expr in items {
        let typed = checker.value(expr);
        codes.push(typed.code);
        match (item.join(typed.ty), typed.ty) {
            (_, Type::Broken) => {}
            (_, Type::Null | Type::List(_) | Type::Reference) => {
                let message = format!("{} cannot stand in a list", with_article(typed.ty));
                let hint = (typed.ty == Type::Null)
                    .then(|| "`x == null` asks whether something is absent".to_owned());
                checker.wrong_type(expr.at, message, hint);
            }
            (Some(joined), _) => item = joined,
            (None, ty) => {
                let message = format!(
                    "a list holds values of one type: this is {}, not {}",
                    with_article(ty),
                    with_article(item)
                );
                checker.wrong_type(expr.at, message, None);
            }
        }
    }
    let constants: Option<Vec<Value>> = codes
        .iter()
        .map(|code| match &code.op {
            Op::Const(value) => Some(value.clone()),
            _ => None,
        })
        .collect();
    let item = item.as_item().unwrap_or(Item::Any);
    let op = constants.map_or_else(|| Op::List(codes), |values| Op::Const(Value::List(values)));
    Typed::new(op, at, Type::List(item))
}

/// A field of the person that `whose` evaluates to.
fn of(whose: &Code, field: Field) -> Op {
    match whose.op {
        Op::Me => Op::Mine(field),
        _ => Op::Of(Box::new(whose.clone()), field),
    }
}
