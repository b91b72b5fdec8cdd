//! The syntax tree: the text in a structure, with names not looked up yet. It is never deeper than
//! [`limits::DEPTH`](super::limits::DEPTH).

use super::problem::At;

#[derive(Debug, Clone)]
pub(super) struct Expr {
    pub node: Node,
    pub at: At,
    /// 1 for a leaf, else one more than the deepest child.
    pub depth: u32,
}

#[derive(Debug, Clone)]
pub(super) enum Node {
    Null,
    Bool(bool),
    Int(i64),
    Text(String),
    List(Vec<Expr>),
    Name(String),
    /// `base.name`
    Field(Box<Expr>, Name),
    /// `base[index]`
    Index(Box<Expr>, Box<Expr>),
    /// `name(arguments)` or `target.name(arguments)`
    Call(Option<Box<Expr>>, Name, Vec<Expr>),
    Not(Box<Expr>),
    Negate(Box<Expr>),
    /// Two or more terms.
    And(Vec<Expr>),
    /// Two or more terms.
    Or(Vec<Expr>),
    Compare(Comparison, Box<Expr>, Box<Expr>),
    In(Box<Expr>, Box<Expr>),
    /// `a + b - c`: two or more terms, each with the sign before it; the first has `+`.
    Sum(Vec<(Sign, Expr)>),
    /// `a * b / c`: two or more factors, each with the sign before it; the first has `*`.
    Product(Vec<(Factor, Expr)>),
    /// `a ? b : c ? d : e`: the conditions with their values, and the last value.
    Choose(Vec<(Expr, Expr)>, Box<Expr>),
}

/// A name after a dot or before a bracket.
#[derive(Debug, Clone)]
pub(super) struct Name {
    pub text: String,
    pub at: At,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Unequal,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

impl Comparison {
    pub(super) fn sign(self) -> &'static str {
        match self {
            Comparison::Equal => "==",
            Comparison::Unequal => "!=",
            Comparison::Less => "<",
            Comparison::LessEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterEqual => ">=",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Plus,
    Minus,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Factor {
    Times,
    Divide,
    Modulo,
}

impl Node {
    /// Depth of the deepest child, 0 for a leaf. Looks one level down only.
    pub(super) fn child_depth(&self) -> u32 {
        fn deepest<'e>(children: impl Iterator<Item = &'e Expr>) -> u32 {
            children.map(|child| child.depth).max().unwrap_or(0)
        }
        match self {
            Node::Null | Node::Bool(_) | Node::Int(_) | Node::Text(_) | Node::Name(_) => 0,
            Node::Field(base, _) | Node::Not(base) | Node::Negate(base) => base.depth,
            Node::Index(left, right) | Node::Compare(_, left, right) | Node::In(left, right) => {
                left.depth.max(right.depth)
            }
            Node::List(items) | Node::And(items) | Node::Or(items) => deepest(items.iter()),
            Node::Call(target, _, arguments) => {
                deepest(arguments.iter().chain(target.iter().map(|target| &**target)))
            }
            Node::Sum(terms) => deepest(terms.iter().map(|(_, term)| term)),
            Node::Product(factors) => deepest(factors.iter().map(|(_, factor)| factor)),
            Node::Choose(arms, last) => deepest(
                arms.iter().flat_map(|(condition, value)| [condition, value]).chain(std::iter::once(&**last)),
            ),
        }
    }
}
