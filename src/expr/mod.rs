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
mod unknowns;
mod val;

pub use facts::{AccountFacts, Facts, GroupFacts};
pub use layout::LAYOUT_PARTS;
pub use program::{AttributeUse, EvalError, Program, RoleField, RoleUse, Truth};
pub use types::{Types, Use};

use crate::model::Diagnostic;
use crate::model::expr_source::ExprSource;

#[derive(Debug, Clone)]
pub struct Compiled {
    pub program: Program,
    /// Findings that stop nothing.
    pub warnings: Vec<Diagnostic>,
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
    let warnings =
        unguarded(&typed, &readings, types, usage).map(|problem| problem.warning(source)).collect();
    let attributes = readings
        .iter()
        .filter_map(|reading| {
            let name = reading.path.strip_prefix("user.")?;
            Some(AttributeUse { name: name.into(), sensitive: reading.sensitive })
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
    Ok(Compiled { program, warnings })
}

/// Warns about optional attributes that make a condition unknown if they are absent.
fn unguarded<'a>(
    typed: &'a check::Typed,
    readings: &'a [unknowns::Reading],
    types: &'a Types<'a>,
    usage: Use,
) -> impl Iterator<Item = problem::Problem> + 'a {
    // Also a boolean in a mapping: an unknown value would clear the attribute where `false` was meant.
    let asks =
        typed.ty == types::Type::Bool && (usage == Use::Condition || !typed.code.children().is_empty());
    readings
        .iter()
        .filter(move |reading| asks && reading.optional)
        .filter(|reading| unknowns::can_be_null(&typed.code, reading, types))
        .map(move |reading| {
            let path = &reading.path;
            let (message, hint) = match usage {
                Use::Condition => (
                    format!("unknown for everybody without `{path}`, whose access then stays as it is"),
                    format!("`has({path}) && …` leaves them out"),
                ),
                _ => (
                    format!("null where `{path}` is absent, which clears the attribute"),
                    "`coalesce(…, false)` makes it false".to_owned(),
                ),
            };
            problem::Problem::new("expr-optional", reading.at, message).hint(hint)
        })
}

/// Every function and form of the language: its signature and its description.
pub fn functions() -> impl Iterator<Item = (String, &'static str)> {
    let table = functions::FUNCTIONS.iter().map(|function| (function.signature(), function.doc));
    table.chain(check::MACROS.iter().map(|(signature, doc)| ((*signature).to_owned(), *doc)))
}
