//! Runs a program. Recursion is as deep as the syntax tree at most; work is counted.
//!
//! Null and errors: an operation on a null operand gives null, on a failed one fails; if both, it fails. `&&` and `||`
//! are decided by one operand that decides, whatever the others are.

mod facts;
mod operators;

use super::ast::{Factor, Sign};
use super::code::{Code, Op};
use super::facts::Facts;
use super::limits::Work;
use super::problem::At;
use super::val::{MISMATCH, Val};

/// Why there is no value, with the place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fault {
    pub at: At,
    pub what: &'static str,
}

pub(super) type Evaluated<'a> = Result<Val<'a>, Fault>;

const OVERFLOW: &str = "the number is too large";
const DIVISION: &str = "division by zero";
const NO_FACTS: &str = "nothing is known about it here";

pub(super) struct Machine<'a> {
    facts: Option<&'a Facts<'a>>,
    item: Option<Val<'a>>,
    work: Work,
}

impl<'a> Machine<'a> {
    /// An evaluation over these facts; without facts it computes constants.
    pub(super) fn new(facts: Option<&'a Facts<'a>>) -> Self {
        Self { facts, item: None, work: Work::new() }
    }

    /// Each arm is one line, and the work is done in other functions, because the stack of this function is needed once
    /// for every level of the tree.
    pub(super) fn eval(&mut self, code: &'a Code) -> Evaluated<'a> {
        let at = code.at;
        if let Err(what) = self.work.spend(1) {
            return Err(Fault { at, what });
        }
        match &code.op {
            Op::Const(value) => Ok(Val::of(value, at)),
            Op::Null => Ok(Val::Null(at)),
            Op::Me => self.me(at),
            Op::Mine(field) => self.mine(*field, at),
            Op::Of(whose, field) => self.of(whose, *field, at),
            Op::Account(field) => self.account(*field, at),
            Op::Group(field) => self.group(*field, at),
            Op::Item => self.item(at),
            Op::Reference(whose) => self.reference(whose, at),
            Op::IsNull(inner) => self.is_null(inner).map(Val::Bool),
            Op::IsSet(inner) => self.is_null(inner).map(|null| Val::Bool(!null)),
            Op::Not(inner) => self.not(inner, at),
            Op::And(terms) => {
                self.logic(terms.len(), false, at, |machine, index| machine.eval(&terms[index]))
            }
            Op::Or(terms) => self.logic(terms.len(), true, at, |machine, index| machine.eval(&terms[index])),
            Op::Choose(arms, last) => self.choose(arms, last, at),
            Op::Compare(comparison, left, right) => self.compare(*comparison, left, right, at),
            Op::In(item, list) => self.is_in(item, list, at),
            Op::Concat(terms) => self.concat(terms, at),
            Op::Chain(terms) => self.chain(terms, at),
            Op::Sum(terms) => self.arithmetic(terms, 0, at, |sign, sum, term| match sign {
                Sign::Plus => sum.checked_add(term).ok_or(OVERFLOW),
                Sign::Minus => sum.checked_sub(term).ok_or(OVERFLOW),
            }),
            Op::Product(factors) => self.arithmetic(factors, 1, at, |sign, product, factor| match sign {
                Factor::Times => product.checked_mul(factor).ok_or(OVERFLOW),
                _ if factor == 0 => Err(DIVISION),
                Factor::Divide => product.checked_div(factor).ok_or(OVERFLOW),
                Factor::Modulo => product.checked_rem(factor).ok_or(OVERFLOW),
            }),
            Op::Negate(inner) => self.negate(inner, at),
            Op::Index(list, index) => self.index(list, index, at),
            Op::List(items) => self.list(items),
            Op::Quantify(all, list, holds) => self.quantify(*all, list, holds, at),
            Op::Coalesce(values) => self.coalesce(values, at),
            Op::Call(function, args) => self.call(function, args, at),
            Op::Matches(text, regex) => self.matches(text, regex, at),
            Op::Format(date, layout) => self.format(date, layout, at),
        }
    }
}

/// The value has another type than the checker was told.
fn mismatch<'a>(at: At) -> Evaluated<'a> {
    Err(Fault { at, what: MISMATCH })
}
