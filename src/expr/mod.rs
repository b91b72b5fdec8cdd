//! The expression language: CEL's syntax, a typed subset, `docs/expressions.md`. PURE; uses `model` only.
//!
//! ```text
//! text -> lexer -> parser -> ast -> check -> code -> eval -> Truth or Want
//! ```
//!
//! [`compile`] finds every mistake that can be found without facts; a [`Program`] then runs over [`Facts`] and cannot
//! panic, loop or read a clock. Absent is null, and a null or failing condition is unknown (safety.md 9).

mod ast;
mod check;
mod code;
mod eval;
mod facts;
mod functions;
mod layout;
mod lexer;
pub mod limits;
mod parser;
mod problem;
mod program;
mod types;
mod unguarded;
mod unknowns;
mod val;

pub use facts::{AccountFacts, Facts, GroupFacts};
pub use layout::LAYOUT_PARTS;
pub use program::{AttributeUse, EvalError, Program, RoleField, RoleUse, Truth};
pub use types::{Types, Use};
pub use unguarded::{Subject, Unguarded};

use crate::model::Diagnostic;
use crate::model::expr_source::ExprSource;

#[derive(Debug, Clone)]
pub struct Compiled {
    pub program: Program,
    /// Optional attributes that leave the result open for people without them.
    pub unguarded: Vec<Unguarded>,
}

/// Parses and checks an expression.
///
/// # Errors
/// All that is wrong: of the class tree, and with places in the expression.
pub fn compile(source: &ExprSource, types: &Types<'_>, usage: Use) -> Result<Compiled, Vec<Diagnostic>> {
    let expr = parser::parse(&source.text).map_err(|problem| vec![problem.error(source)])?;
    let (typed, problems) = check::check(&expr, &source.text, types, usage);
    if !problems.is_empty() {
        return Err(problems.into_iter().map(|problem| problem.error(source)).collect());
    }
    let readings = unknowns::readings(&typed.code, types);
    let unguarded = unguarded::of(&typed, &readings, types, usage, source);
    let attributes = readings
        .iter()
        .filter_map(|reading| {
            let name = reading.path.strip_prefix("user.")?;
            Some(AttributeUse { name: name.into(), sensitive: reading.sensitive, compared: reading.compared })
        })
        .collect();
    let roles = readings.iter().find(|reading| reading.path.starts_with("account."));
    let program = Program {
        source: source.clone(),
        roles_at: roles.map_or(source.span, |reading| source.span_of(reading.at.start, reading.at.end)),
        roles: program::role_use(&typed.code, &readings),
        attributes,
        code: typed.code,
    };
    Ok(Compiled { program, unguarded })
}

/// Every function and form of the language: its signature and its description.
pub fn functions() -> impl Iterator<Item = (String, &'static str)> {
    let table = functions::FUNCTIONS.iter().map(|function| (function.signature(), function.doc));
    table.chain(check::MACROS.iter().map(|(signature, doc)| ((*signature).to_owned(), *doc)))
}
