//! What is known while an expression is checked, and the problems so far.

use super::super::problem::{At, Problem};
use super::super::types::{Type, Types, Use};

/// The state of a check.
pub(super) struct Checker<'t> {
    pub types: &'t Types<'t>,
    pub usage: Use,
    pub text: &'t str,
    pub problems: Vec<Problem>,
    /// The variable of the `exists` or `all` around, and its type.
    pub item: Option<(String, Type)>,
}

impl Checker<'_> {
    pub(super) fn report(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    pub(super) fn snippet(&self, at: At) -> String {
        at.snippet(self.text)
    }

    pub(super) fn wrong_type(&mut self, at: At, message: String, hint: Option<String>) {
        self.report(Problem::new("expr-type", at, message).maybe_hint(hint));
    }
}
