//! Calls: the table of functions, and the few forms that are no functions: `has`, `exists`, `all`, `account.ref`.

use regex::RegexBuilder;

use super::super::ast::{Expr, Name, Node};
use super::super::code::{Code, Op};
use super::super::functions::{Body, FUNCTIONS, Form, Function, Param, find};
use super::super::layout::Layout;
use super::super::limits;
use super::super::problem::{At, Problem};
use super::super::types::Type;
use super::chains::branch;
use super::checker::Checker;
use super::operators::{boolean, id_of};
use super::typed::Typed;
use super::words::with_article;
use crate::model::Value;
use crate::model::similar::did_you_mean;

/// The forms that are no functions, as they are written.
pub(in super::super) const MACROS: [(&str, &str); 4] = [
    ("has(field) -> boolean", "whether a field is there; always known"),
    (
        "list.exists(x, condition) -> boolean",
        "whether the condition, which may name `x`, is true of some element",
    ),
    ("list.all(x, condition) -> boolean", "whether it is true of every element"),
    ("account.ref(user) -> reference to an account", "that person's account in the app; mappings only"),
];

/// CEL's forms over elements, of which this language has two.
const ELEMENTWISE: [&str; 5] = ["exists", "all", "map", "filter", "exists_one"];

pub(super) fn call(
    checker: &mut Checker,
    target: Option<&Expr>,
    name: &Name,
    arguments: &[Expr],
    at: At,
) -> Typed {
    match (target, name.text.as_str()) {
        (None, "has") => return has(checker, name, arguments, at),
        (Some(list), "exists" | "all") => return quantify(checker, list, name, arguments, at),
        (Some(target), "ref") if matches!(&target.node, Node::Name(base) if base == "account") => {
            return reference(checker, target, name, arguments, at);
        }
        _ => {}
    }
    let form = if target.is_some() { Form::Method } else { Form::Call };
    let function = find(&name.text).filter(|found| found.form == form || found.form == Form::Both);
    let Some(function) = function else {
        no_function(checker, target, name);
        // The arguments may have mistakes of their own, unless the call would name an element.
        let inside = if ELEMENTWISE.contains(&name.text.as_str()) { &[] } else { arguments };
        for expr in target.into_iter().chain(inside) {
            checker.expr(expr);
        }
        return Typed::broken(at);
    };
    let parts: Vec<&Expr> = target.into_iter().chain(arguments).collect();
    let most = if function.body_is_variadic() { usize::MAX } else { function.params.len() };
    let least = function.params.len() - function.optional;
    if parts.len() < least || parts.len() > most {
        let receiver = usize::from(form == Form::Method);
        let counts = (least - receiver, function.params.len() - receiver);
        let given = parts.len() - receiver;
        let message = if function.body_is_variadic() {
            format!("`{}` needs at least one argument", name.text)
        } else {
            format!("`{}` takes {}, not {given}", name.text, arguments_of(counts))
        };
        checker.report(Problem::new("expr-function", name.at, message).hint(function.signature()));
        for part in parts {
            checker.expr(part);
        }
        return Typed::broken(at);
    }
    match function.body {
        Body::Plain(_) => plain(checker, function, &parts, at),
        Body::Matches | Body::Format => with_literal(checker, function, &parts, at),
        Body::Coalesce => {
            let mut ty = Type::Null;
            let values = parts.iter().map(|part| branch(checker, part, &mut ty)).collect();
            Typed::new(Op::Coalesce(values), at, ty)
        }
    }
}

/// An argument of the type that its parameter takes.
fn argument(checker: &mut Checker, function: &Function, param: Param, expr: &Expr) -> Code {
    let typed = checker.value(expr);
    if !param.accepts(typed.ty) {
        let message =
            format!("`{}` needs a {} here, this is {}", function.name, param.name(), with_article(typed.ty));
        let message = message.replace("a integer", "an integer");
        checker.report(Problem::new("expr-type", expr.at, message).hint(function.signature()));
    }
    if param == Param::Scalar && typed.ty == Type::User { id_of(typed).code } else { typed.code }
}

fn plain(checker: &mut Checker, function: &'static Function, parts: &[&Expr], at: At) -> Typed {
    let args = function
        .params
        .iter()
        .zip(parts)
        .map(|(param, part)| argument(checker, function, *param, part))
        .collect();
    Typed::new(Op::Call(function, args), at, function.result)
}

/// `matches` and `format`: the second part is a literal, which is compiled now.
fn with_literal(checker: &mut Checker, function: &'static Function, parts: &[&Expr], at: At) -> Typed {
    let [subject, literal] = parts else {
        return Typed::broken(at);
    };
    let subject = argument(checker, function, function.params[0], subject);
    let literal_code = argument(checker, function, function.params[1], literal);
    let text = match &literal_code.op {
        Op::Const(Value::Str(text)) => text.clone(),
        Op::Null => return Typed::broken(at),
        _ => {
            let message = format!(
                "the {} of `{}` has to be a literal string",
                function.params[1].name(),
                function.name
            );
            checker.report(Problem::new("expr-function", literal.at, message));
            return Typed::broken(at);
        }
    };
    let subject = Box::new(subject);
    let made = if function.params[1] == Param::Layout {
        Layout::parse(&text).map(|layout| Op::Format(subject, layout))
    } else {
        regex(&text).map(|regex| Op::Matches(subject, Box::new(regex)))
    };
    match made {
        Ok(op) => Typed::new(op, at, function.result),
        Err(message) => {
            let hint = (function.params[1] == Param::Layout)
                .then_some("parts: YYYY, YY, MM, M, DD, D; letters for themselves stand in '…'");
            checker.report(Problem::new("expr-function", literal.at, message).maybe_hint(hint));
            Typed::broken(at)
        }
    }
}

fn has(checker: &mut Checker, name: &Name, arguments: &[Expr], at: At) -> Typed {
    let [field] = arguments else {
        let message = format!("`has` takes one field, not {}", arguments.len());
        checker.report(Problem::new("expr-function", name.at, message).hint("has(user.title)"));
        return Typed::broken(at);
    };
    let typed = checker.value(field);
    if !matches!(field.node, Node::Field(..) | Node::Index(..)) && typed.ty != Type::Broken {
        let snippet = checker.snippet(field.at);
        let hint = match field.node {
            Node::Name(_) => "has(user.title)".to_owned(),
            _ => format!("`{snippet} != null` asks whether there is a value"),
        };
        checker.report(Problem::new("expr-function", field.at, "`has` asks for a field").hint(hint));
    }
    Typed::new(Op::IsSet(Box::new(typed.code)), at, Type::Bool)
}

fn quantify(checker: &mut Checker, list: &Expr, name: &Name, arguments: &[Expr], at: At) -> Typed {
    let over = checker.value(list);
    let [variable, condition] = arguments else {
        let message = format!("`{}` takes a name and a condition", name.text);
        let problem = Problem::new("expr-function", name.at, message);
        checker.report(problem.hint("user.attributes.x.exists(v, v == \"a\")"));
        return Typed::broken(at);
    };
    let item = match over.ty {
        Type::List(item) => item.as_type(),
        Type::Broken => Type::Broken,
        ty => {
            let message = format!("`{}` goes over a list, this is {}", name.text, with_article(ty));
            checker.wrong_type(list.at, message, None);
            Type::Broken
        }
    };
    let Node::Name(variable_name) = &variable.node else {
        let message = format!("the first argument of `{}` is a name for the element", name.text);
        checker.report(Problem::new("expr-function", variable.at, message));
        return Typed::broken(at);
    };
    if checker.usage.variables().iter().any(|(taken, _)| taken == variable_name) {
        let message = format!("`{variable_name}` is taken, the element needs another name");
        checker.report(Problem::new("expr-name", variable.at, message));
        return Typed::broken(at);
    }
    if checker.item.is_some() {
        let message = "`exists` and `all` cannot stand inside one another";
        checker.report(Problem::new("expr-limit", name.at, message));
        return Typed::broken(at);
    }
    checker.item = Some((variable_name.clone(), item));
    let holds = boolean(checker, condition, &name.text);
    checker.item = None;
    let op = Op::Quantify(name.text == "all", Box::new(over.code), Box::new(holds));
    Typed::new(op, at, Type::Bool)
}

fn reference(checker: &mut Checker, account: &Expr, name: &Name, arguments: &[Expr], at: At) -> Typed {
    let account = checker.expr(account);
    let [person] = arguments else {
        let message = format!("`account.ref` takes one user, not {}", arguments.len());
        checker.report(Problem::new("expr-function", name.at, message).hint("account.ref(user.manager)"));
        return Typed::broken(at);
    };
    let person_at = person.at;
    let person = checker.value(person);
    match person.ty {
        _ if account.ty == Type::Broken => return Typed::broken(at),
        Type::User | Type::Broken => {}
        ty => {
            let message = format!("`account.ref` needs a user, this is {}", with_article(ty));
            checker.wrong_type(person_at, message, Some("users: `user`, `user.manager`".to_owned()));
        }
    }
    Typed::new(Op::Reference(Box::new(person.code)), at, Type::Reference)
}

fn no_function(checker: &mut Checker, target: Option<&Expr>, name: &Name) {
    let text = name.text.as_str();
    let problem = Problem::new("expr-function", name.at, format!("there is no function `{text}`"));
    let problem = match (find(text), text) {
        (Some(function), _) if function.form == Form::Method => {
            problem.hint(format!("it is called on its subject: `{}`", function.signature()))
        }
        (Some(function), _) => problem.hint(format!("it is called by itself: `{}`", function.signature())),
        (None, "map" | "filter" | "exists_one") => problem.hint(format!("`{text}` is not in this version")),
        (None, "now" | "today" | "timestamp" | "duration") => problem
            .hint("expressions know no clock: write `start`, `end` or `expires` beside people and members"),
        (None, "exists" | "all") => {
            problem.hint(format!("`{text}` is called on a list: `list.{text}(x, …)`"))
        }
        (None, "has") => problem.hint("`has` is called by itself: `has(user.title)`"),
        (None, _) => {
            let macros: &[&str] = if target.is_some() { &["exists", "all"] } else { &["has"] };
            let form = if target.is_some() { Form::Method } else { Form::Call };
            let fitting =
                FUNCTIONS.iter().filter(|function| function.form == form || function.form == Form::Both);
            let names: Vec<&str> =
                fitting.map(|function| function.name).chain(macros.iter().copied()).collect();
            problem.hint(
                did_you_mean(text, names.iter().copied())
                    .unwrap_or_else(|| format!("functions: {}", names.join(", "))),
            )
        }
    };
    checker.report(problem.label("unknown"));
}

impl Function {
    fn body_is_variadic(&self) -> bool {
        matches!(self.body, Body::Coalesce)
    }
}

/// Compiles a pattern within the limits. The engine runs in linear time (RE2 syntax, no backreferences).
fn regex(pattern: &str) -> Result<regex::Regex, String> {
    RegexBuilder::new(pattern)
        .size_limit(limits::REGEX_BYTES)
        .dfa_size_limit(limits::REGEX_BYTES)
        .nest_limit(limits::DEPTH)
        .build()
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => "the pattern is too large".to_owned(),
            error => {
                // The last line says what is wrong; the other lines draw the pattern.
                let text = error.to_string();
                let last = text.lines().last().unwrap_or_default();
                format!("the pattern is not valid: {}", last.trim_start_matches("error: "))
            }
        })
}

fn arguments_of(counts: (usize, usize)) -> String {
    match counts {
        (0, 0) => "no arguments".to_owned(),
        (1, 1) => "one argument".to_owned(),
        (least, most) if least == most => format!("{most} arguments"),
        (least, most) => format!("{least} or {most} arguments"),
    }
}
