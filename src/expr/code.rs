//! The program: a checked expression with every name looked up.

use regex::Regex;

use super::ast::{Comparison, Factor, Sign};
use super::functions::Function;
use super::layout::Layout;
use super::problem::At;
use super::types::{AccountField, Field, GroupField};
use crate::model::Value;

/// One step, and where it was written.
#[derive(Debug, Clone)]
pub(super) struct Code {
    pub op: Op,
    pub at: At,
}

#[derive(Debug, Clone)]
pub(super) enum Op {
    Const(Value),
    Null,
    /// `user`
    Me,
    /// A field of `user`.
    Mine(Field),
    /// A field of another person.
    Of(Box<Code>, Field),
    Account(AccountField),
    Group(GroupField),
    /// The variable of `exists` or `all`.
    Item,
    Reference(Box<Code>),
    IsNull(Box<Code>),
    IsSet(Box<Code>),
    Not(Box<Code>),
    And(Vec<Code>),
    Or(Vec<Code>),
    Choose(Vec<(Code, Code)>, Box<Code>),
    Compare(Comparison, Box<Code>, Box<Code>),
    In(Box<Code>, Box<Code>),
    /// `+` of strings.
    Concat(Vec<Code>),
    /// `+` of lists.
    Chain(Vec<Code>),
    Sum(Vec<(Sign, Code)>),
    Product(Vec<(Factor, Code)>),
    Negate(Box<Code>),
    Index(Box<Code>, Box<Code>),
    List(Vec<Code>),
    /// `exists`, or `all` if true: the list and the condition.
    Quantify(bool, Box<Code>, Box<Code>),
    Coalesce(Vec<Code>),
    Call(&'static Function, Vec<Code>),
    Matches(Box<Code>, Box<Regex>),
    Format(Box<Code>, Layout),
}

impl Code {
    /// The direct parts, in the order written.
    pub(super) fn children(&self) -> Vec<&Code> {
        match &self.op {
            Op::Const(_) | Op::Null | Op::Me | Op::Mine(_) | Op::Account(_) | Op::Group(_) | Op::Item => {
                Vec::new()
            }
            Op::Of(inner, _)
            | Op::Reference(inner)
            | Op::IsNull(inner)
            | Op::IsSet(inner)
            | Op::Not(inner)
            | Op::Negate(inner)
            | Op::Matches(inner, _)
            | Op::Format(inner, _) => vec![inner],
            Op::Compare(_, left, right)
            | Op::In(left, right)
            | Op::Index(left, right)
            | Op::Quantify(_, left, right) => vec![left, right],
            Op::And(parts)
            | Op::Or(parts)
            | Op::Concat(parts)
            | Op::Chain(parts)
            | Op::List(parts)
            | Op::Coalesce(parts)
            | Op::Call(_, parts) => parts.iter().collect(),
            Op::Sum(parts) => parts.iter().map(|(_, part)| part).collect(),
            Op::Product(parts) => parts.iter().map(|(_, part)| part).collect(),
            Op::Choose(arms, last) => {
                arms.iter().flat_map(|(condition, value)| [condition, value]).chain([&**last]).collect()
            }
        }
    }

    /// True if it can be worked out once and for all: an operation, not null-aware, on constants only.
    pub(super) fn is_foldable(&self) -> bool {
        let folds = match &self.op {
            Op::Not(_)
            | Op::Compare(..)
            | Op::In(..)
            | Op::Concat(_)
            | Op::Chain(_)
            | Op::Sum(_)
            | Op::Product(_)
            | Op::Negate(_)
            | Op::Index(..)
            | Op::List(_)
            | Op::Call(..)
            | Op::Matches(..)
            | Op::Format(..) => true,
            Op::Const(_)
            | Op::Null
            | Op::Me
            | Op::Mine(_)
            | Op::Of(..)
            | Op::Account(_)
            | Op::Group(_)
            | Op::Item
            | Op::Reference(_)
            | Op::IsNull(_)
            | Op::IsSet(_)
            | Op::And(_)
            | Op::Or(_)
            | Op::Choose(..)
            | Op::Quantify(..)
            | Op::Coalesce(_) => false,
        };
        folds && self.children().iter().all(|child| matches!(child.op, Op::Const(_)))
    }
}
