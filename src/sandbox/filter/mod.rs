//! Filters (RFC 7644 section 3.4.2.2): `parse` reads them and checks them against the schema, `matches` evaluates them.
//! Length, depth and number of terms are bounded, so no filter can run deep or long.

mod eval;
mod parse;

use jiff::Timestamp;

use super::target::Target;

/// A checked filter: every attribute exists and every comparison suits its type.
#[derive(Debug)]
pub(super) enum Filter {
    And(Vec<Filter>),
    Or(Vec<Filter>),
    Not(Box<Filter>),
    /// `pr`: the attribute has a value.
    Present(Target),
    Compare(Comparison),
    /// `emails[type eq "work" and primary eq true]`: the whole filter matches within one value.
    Within(Target, Box<Filter>),
}

/// `userName eq "ada"`.
#[derive(Debug)]
pub(super) struct Comparison {
    pub target: Target,
    pub op: Op,
    pub operand: Operand,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Op {
    Eq,
    Ne,
    Co,
    Sw,
    Ew,
    Gt,
    Ge,
    Lt,
    Le,
}

/// The right side of a comparison, ready to compare: text is folded if the attribute ignores case.
#[derive(Debug, PartialEq)]
pub(super) enum Operand {
    Null,
    Bool(bool),
    Text(String),
    Time(Timestamp),
}

/// How text is compared where case does not count.
pub(super) fn fold(text: &str) -> String {
    text.to_lowercase()
}
