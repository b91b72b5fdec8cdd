//! What is known of a part of an expression once it is checked.

use super::super::code::{Code, Op};
use super::super::problem::At;
use super::super::types::Type;
use crate::model::Value;

/// A checked expression.
pub(in super::super) struct Typed {
    pub code: Code,
    pub ty: Type,
    /// The only values it can have, if it is an attribute with such a list; else empty.
    pub allowed: Vec<Value>,
}

impl Typed {
    pub(super) fn new(op: Op, at: At, ty: Type) -> Self {
        Self { code: Code { op, at }, ty, allowed: Vec::new() }
    }

    /// A placeholder for a part with a reported problem.
    pub(super) fn broken(at: At) -> Self {
        Self::new(Op::Null, at, Type::Broken)
    }

    pub(super) fn is_null(&self) -> bool {
        self.ty == Type::Null
    }
}
