//! Optional attributes that an expression reads as if they were always there.

use super::check::Typed;
use super::code::{Code, Op};
use super::eval::Machine;
use super::facts::Facts;
use super::types::{Type, Types, Use};
use super::unknowns::{self, Reading};
use super::val::Val;
use crate::model::expr_source::ExprSource;
use crate::model::words::{count, first_ten};
use crate::model::{Diagnostic, Span};

/// An optional attribute whose absence makes a condition unknown, or a boolean of a mapping null.
#[derive(Debug, Clone)]
pub struct Unguarded {
    path: String,
    code: Code,
    usage: Use,
    span: Span,
}

/// What an attribute belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// `user`
    User,
    /// `group`
    Group,
    /// `account`: no file says what it has.
    Account,
}

/// The unguarded attributes of a condition, or of a boolean in a mapping: there an unknown value would clear the attribute
/// where `false` was meant.
pub(super) fn of(
    typed: &Typed,
    readings: &[Reading<'_>],
    types: &Types<'_>,
    usage: Use,
    source: &ExprSource,
) -> Vec<Unguarded> {
    let asks = typed.ty == Type::Bool && (usage == Use::Condition || !typed.code.children().is_empty());
    readings
        .iter()
        .filter(|reading| asks && reading.optional)
        .filter(|reading| unknowns::can_be_null(&typed.code, reading, types))
        .map(|reading| Unguarded {
            path: reading.path.clone(),
            code: reading.code.clone(),
            usage,
            span: source.span_of(reading.at.start, reading.at.end),
        })
        .collect()
}

impl Unguarded {
    /// The full name of the attribute, such as `user.title`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What it belongs to.
    pub fn subject(&self) -> Subject {
        match self.path.split('.').next() {
            Some("user") => Subject::User,
            Some("group") => Subject::Group,
            _ => Subject::Account,
        }
    }

    /// True if these facts do not have the attribute. Of the manager's title that is a manager without one: a person
    /// without a manager lacks `user.manager`.
    pub fn is_absent(&self, facts: &Facts<'_>) -> bool {
        let is_null = |code: &Code| matches!(Machine::new(Some(facts)).eval(code), Ok(Val::Null(_)));
        match &self.code.op {
            Op::Of(whose, _) if is_null(whose) => false,
            _ => is_null(&self.code),
        }
    }

    /// The warning; `without` are those who do not have the attribute.
    pub fn warning(&self, without: &[String]) -> Diagnostic {
        let path = &self.path;
        let (one, many) = match self.subject() {
            Subject::User => ("person", "people"),
            Subject::Group => ("group", "groups"),
            Subject::Account => ("account", "accounts"),
        };
        let names = match without {
            [] => String::new(),
            names => format!(": {}", first_ten(names)),
        };
        let who = match without.len() {
            0 => format!("{many} without `{path}`"),
            number => format!("{} without `{path}`", count(number, one, many)),
        };
        let (message, hint) = match self.usage {
            Use::Condition => (
                format!("unknown for {who}, whose access then stays as it is{names}"),
                format!("`has({path}) && …` leaves them out"),
            ),
            _ => (
                format!("null for {who}, which clears the attribute{names}"),
                "`coalesce(…, false)` makes it false".to_owned(),
            ),
        };
        Diagnostic::warning("expr-optional", self.span, message).with_hint(hint)
    }
}
