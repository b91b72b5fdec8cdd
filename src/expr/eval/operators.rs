//! Operators, functions, and the forms over lists.

use std::cmp::Ordering;

use regex::Regex;

use super::super::ast::Comparison;
use super::super::code::{Code, Op};
use super::super::functions::{Body, Function, OUT_OF_RANGE};
use super::super::layout::Layout;
use super::super::limits::fits;
use super::super::problem::At;
use super::super::val::{List, MISMATCH, Text, Val};
use super::{Evaluated, Fault, Machine, OVERFLOW, mismatch};
use crate::model::Value;

impl<'a> Machine<'a> {
    /// Evaluates both operands. If one fails, the result is its failure, even if the other one is null.
    fn operands(&mut self, left: &'a Code, right: &'a Code) -> Result<(Val<'a>, Val<'a>), Fault> {
        Ok((self.eval(left)?, self.eval(right)?))
    }

    /// Three-valued logic over `count` terms: a term that is `decisive` decides; else a failed one; else a null one.
    pub(super) fn logic(
        &mut self,
        count: usize,
        decisive: bool,
        at: At,
        mut term: impl FnMut(&mut Self, usize) -> Evaluated<'a>,
    ) -> Evaluated<'a> {
        let mut failed = None;
        let mut absent = None;
        for index in 0..count {
            match term(self, index) {
                Ok(Val::Bool(value)) if value == decisive => return Ok(Val::Bool(decisive)),
                Ok(Val::Bool(_)) => {}
                Ok(Val::Null(at)) => absent = absent.or(Some(at)),
                Ok(_) => failed = failed.or(Some(Fault { at, what: MISMATCH })),
                Err(fault) => failed = failed.or(Some(fault)),
            }
        }
        match (failed, absent) {
            (Some(fault), _) => Err(fault),
            (None, Some(at)) => Ok(Val::Null(at)),
            (None, None) => Ok(Val::Bool(!decisive)),
        }
    }

    pub(super) fn compare(
        &mut self,
        comparison: Comparison,
        left: &'a Code,
        right: &'a Code,
        at: At,
    ) -> Evaluated<'a> {
        let blame = |what| Fault { at, what };
        if let (Some(left), Some(right)) = (self.plain_text(left), self.plain_text(right)) {
            self.work.read(left.len().min(right.len())).map_err(blame)?;
            return Ok(Val::Bool(match comparison {
                Comparison::Equal => left == right,
                Comparison::Unequal => left != right,
                _ => agrees(comparison, left.cmp(right)),
            }));
        }
        let (left, right) = match self.operands(left, right)? {
            (null @ Val::Null(_), _) | (_, null @ Val::Null(_)) => return Ok(null),
            both => both,
        };
        let work = &mut self.work;
        let answer = match comparison {
            Comparison::Equal => left.equals(&right, work).map_err(blame)?,
            Comparison::Unequal => left.equals(&right, work).map_err(blame)?.map(|same| !same),
            _ => left.order(&right, work).map_err(blame)?.map(|order| agrees(comparison, order)),
        };
        Ok(answer.map_or(Val::Null(at), Val::Bool))
    }

    /// True if an element is equal; null if none is but one is null.
    pub(super) fn is_in(&mut self, item: &'a Code, list: &'a Code, at: At) -> Evaluated<'a> {
        if let (Some(text), Op::Const(Value::List(values))) = (self.plain_text(item), &list.op) {
            self.work.spend(values.len()).map_err(|what| Fault { at, what })?;
            return Ok(Val::Bool(values.iter().any(|value| value.as_str() == Some(text))));
        }
        let (item, list) = match self.operands(item, list)? {
            (null @ Val::Null(_), _) | (_, null @ Val::Null(_)) => return Ok(null),
            (item, Val::List(list)) => (item, list),
            _ => return Err(Fault { at, what: MISMATCH }),
        };
        let mut absent = None;
        for element in list.iter(at) {
            let same = self
                .work
                .spend(1)
                .and_then(|()| item.equals(&element, &mut self.work))
                .map_err(|what| Fault { at, what })?;
            match (same, element) {
                (Some(true), _) => return Ok(Val::Bool(true)),
                (Some(false), _) => {}
                (None, Val::Null(origin)) => absent = absent.or(Some(origin)),
                (None, _) => absent = absent.or(Some(at)),
            }
        }
        Ok(absent.map_or(Val::Bool(false), Val::Null))
    }

    pub(super) fn concat(&mut self, terms: &'a [Code], at: At) -> Evaluated<'a> {
        let blame = |what| Fault { at, what };
        let mut whole = String::new();
        let mut absent = None;
        for term in terms {
            match self.eval(term)? {
                Val::Text(text) if absent.is_none() => {
                    self.work.write(text.len()).map_err(blame)?;
                    fits(whole.len() + text.len()).map_err(blame)?;
                    whole.push_str(&text);
                }
                Val::Text(_) => {}
                Val::Null(at) => absent = absent.or(Some(at)),
                _ => return Err(blame(MISMATCH)),
            }
        }
        Ok(absent.map_or_else(|| Val::Text(Text::Owned(whole)), Val::Null))
    }

    pub(super) fn chain(&mut self, terms: &'a [Code], at: At) -> Evaluated<'a> {
        let blame = |what| Fault { at, what };
        let mut whole = Vec::new();
        let mut absent = None;
        for term in terms {
            match self.eval(term)? {
                Val::List(list) => {
                    self.work.spend(list.len()).map_err(blame)?;
                    whole.extend(list.iter(term.at));
                }
                Val::Null(at) => absent = absent.or(Some(at)),
                _ => return Err(blame(MISMATCH)),
            }
        }
        Ok(absent.map_or_else(|| Val::List(List::Owned(whole)), Val::Null))
    }

    pub(super) fn arithmetic<S: Copy>(
        &mut self,
        parts: &'a [(S, Code)],
        neutral: i64,
        at: At,
        step: impl Fn(S, i64, i64) -> Result<i64, &'static str>,
    ) -> Evaluated<'a> {
        let mut result = Ok(neutral);
        let mut absent = None;
        for (sign, part) in parts {
            match self.eval(part)? {
                Val::Int(value) => result = result.and_then(|so_far| step(*sign, so_far, value)),
                Val::Null(at) => absent = absent.or(Some(at)),
                _ => return Err(Fault { at, what: MISMATCH }),
            }
        }
        match (absent, result) {
            (Some(at), _) => Ok(Val::Null(at)),
            (None, Ok(value)) => Ok(Val::Int(value)),
            (None, Err(what)) => Err(Fault { at, what }),
        }
    }

    pub(super) fn quantify(&mut self, all: bool, list: &'a Code, holds: &'a Code, at: At) -> Evaluated<'a> {
        let list = match self.eval(list)? {
            Val::List(list) => list,
            null @ Val::Null(_) => return Ok(null),
            _ => return Err(Fault { at, what: MISMATCH }),
        };
        let answer = self.logic(list.len(), !all, at, |machine, index| {
            machine.item = list.get(index, at);
            machine.eval(holds)
        });
        self.item = None;
        answer
    }

    pub(super) fn is_null(&mut self, inner: &'a Code) -> Result<bool, Fault> {
        Ok(self.eval(inner)?.is_null())
    }

    pub(super) fn not(&mut self, inner: &'a Code, at: At) -> Evaluated<'a> {
        match self.eval(inner)? {
            Val::Bool(value) => Ok(Val::Bool(!value)),
            null @ Val::Null(_) => Ok(null),
            _ => mismatch(at),
        }
    }

    pub(super) fn negate(&mut self, inner: &'a Code, at: At) -> Evaluated<'a> {
        match self.eval(inner)? {
            Val::Int(value) => value.checked_neg().map(Val::Int).ok_or(Fault { at, what: OVERFLOW }),
            null @ Val::Null(_) => Ok(null),
            _ => mismatch(at),
        }
    }

    pub(super) fn choose(&mut self, arms: &'a [(Code, Code)], last: &'a Code, at: At) -> Evaluated<'a> {
        for (condition, value) in arms {
            match self.eval(condition)? {
                Val::Bool(true) => return self.eval(value),
                Val::Bool(false) => {}
                null @ Val::Null(_) => return Ok(null),
                _ => return mismatch(at),
            }
        }
        self.eval(last)
    }

    pub(super) fn coalesce(&mut self, values: &'a [Code], at: At) -> Evaluated<'a> {
        for value in values {
            let value = self.eval(value)?;
            if !value.is_null() {
                return Ok(value);
            }
        }
        Ok(Val::Null(at))
    }

    pub(super) fn index(&mut self, list: &'a Code, index: &'a Code, at: At) -> Evaluated<'a> {
        match self.operands(list, index)? {
            (Val::List(list), Val::Int(index)) => usize::try_from(index)
                .ok()
                .and_then(|index| list.get(index, at))
                .ok_or(Fault { at, what: OUT_OF_RANGE }),
            (null @ Val::Null(_), _) | (_, null @ Val::Null(_)) => Ok(null),
            _ => mismatch(at),
        }
    }

    pub(super) fn list(&mut self, items: &'a [Code]) -> Evaluated<'a> {
        let items: Result<_, _> = items.iter().map(|item| self.eval(item)).collect();
        Ok(Val::List(List::Owned(items?)))
    }

    pub(super) fn call(&mut self, function: &Function, args: &'a [Code], at: At) -> Evaluated<'a> {
        let Body::Plain(run) = function.body else {
            return mismatch(at);
        };
        let mut values = [Val::Null(at), Val::Null(at), Val::Null(at)];
        let mut absent = None;
        for (value, arg) in values.iter_mut().zip(args) {
            *value = self.eval(arg)?;
            if let Val::Null(origin) = value {
                absent = absent.or(Some(*origin));
            }
        }
        if let Some(origin) = absent {
            return Ok(Val::Null(origin));
        }
        match run(&mut self.work, values) {
            // An element of a list was null.
            Ok(Val::Null(origin)) if origin == At::default() => Ok(Val::Null(at)),
            Ok(value) => Ok(value),
            Err(what) => Err(Fault { at, what }),
        }
    }

    pub(super) fn matches(&mut self, text: &'a Code, regex: &Regex, at: At) -> Evaluated<'a> {
        match self.eval(text)? {
            Val::Text(text) => match self.work.spend(text.len().saturating_mul(16)) {
                Ok(()) => Ok(Val::Bool(regex.is_match(&text))),
                Err(what) => Err(Fault { at, what }),
            },
            null @ Val::Null(_) => Ok(null),
            _ => mismatch(at),
        }
    }

    pub(super) fn format(&mut self, date: &'a Code, layout: &Layout, at: At) -> Evaluated<'a> {
        match self.eval(date)? {
            Val::Date(date) => Ok(Val::owned(layout.write(date))),
            null @ Val::Null(_) => Ok(null),
            _ => mismatch(at),
        }
    }
}

/// True if the order fits the comparison.
fn agrees(comparison: Comparison, order: Ordering) -> bool {
    match comparison {
        Comparison::Equal => order.is_eq(),
        Comparison::Unequal => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterEqual => order.is_ge(),
    }
}
