//! Runs a program. Recursion is as deep as the syntax tree at most; work is counted.
//!
//! Null and errors: an operation on a null operand gives null, on a failed one fails; if both, it fails. `&&` and `||`
//! are decided by one operand that decides, whatever the others are.

use std::cmp::Ordering;

use super::ast::{Comparison, Factor, Sign};
use super::code::{Code, Op};
use super::facts::Facts;
use super::functions::{Body, OUT_OF_RANGE};
use super::limits::Work;
use super::problem::At;
use super::types::{AccountField, Field, GroupField};
use super::val::{List, MISMATCH, Text, Val};
use crate::model::company::User;

/// Why there is no value, and where.
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
    /// Over these facts; over none, to work out constants.
    pub fn new(facts: Option<&'a Facts<'a>>) -> Self {
        Self {
            facts,
            item: None,
            work: Work::new(),
        }
    }

    pub fn eval(&mut self, code: &'a Code) -> Evaluated<'a> {
        let at = code.at;
        let blame = |what| Fault { at, what };
        self.work.spend(1).map_err(blame)?;
        match &code.op {
            Op::Const(value) => Ok(Val::of(value, at)),
            Op::Null => Ok(Val::Null(at)),
            Op::Me => self
                .facts
                .and_then(|facts| facts.user)
                .map(Val::User)
                .ok_or(blame(NO_FACTS)),
            Op::Mine(field) => {
                let facts = self.facts.ok_or(blame(NO_FACTS))?;
                let user = facts.user.and_then(|user| facts.company.users.get(user.index()));
                Ok(field_of(user.ok_or(blame(NO_FACTS))?, *field, at))
            }
            Op::Of(whose, field) => match self.eval(whose)? {
                Val::User(user) => {
                    let users = self.facts.map(|facts| &facts.company.users);
                    let user = users.and_then(|users| users.get(user.index()));
                    Ok(field_of(user.ok_or(blame(NO_FACTS))?, *field, at))
                }
                null @ Val::Null(_) => Ok(null),
                _ => Err(blame(MISMATCH)),
            },
            Op::Account(field) => {
                let account = self
                    .facts
                    .and_then(|facts| facts.account)
                    .ok_or(blame(NO_FACTS))?;
                Ok(match field {
                    AccountField::Role => optional(account.role, at),
                    AccountField::Roles => Val::List(List::Names(account.roles)),
                })
            }
            Op::Group(field) => {
                let group = self.facts.and_then(|facts| facts.group).ok_or(blame(NO_FACTS))?;
                Ok(match field {
                    GroupField::Id => optional(Some(group.id), at),
                    GroupField::Name => optional(Some(group.name), at),
                    GroupField::Description => optional(group.description, at),
                })
            }
            Op::Item => Ok(match &self.item {
                Some(Val::Null(_)) => Val::Null(at),
                Some(item) => item.clone(),
                None => return Err(blame(NO_FACTS)),
            }),
            Op::Reference(whose) => match self.eval(whose)? {
                Val::User(user) => Ok(Val::Reference(user)),
                null @ Val::Null(_) => Ok(null),
                _ => Err(blame(MISMATCH)),
            },
            Op::IsNull(inner) => Ok(Val::Bool(self.eval(inner)?.is_null())),
            Op::IsSet(inner) => Ok(Val::Bool(!self.eval(inner)?.is_null())),
            Op::Not(inner) => match self.eval(inner)? {
                Val::Bool(value) => Ok(Val::Bool(!value)),
                null @ Val::Null(_) => Ok(null),
                _ => Err(blame(MISMATCH)),
            },
            Op::And(terms) => self.logic(terms.len(), false, at, |machine, index| {
                machine.eval(&terms[index])
            }),
            Op::Or(terms) => self.logic(terms.len(), true, at, |machine, index| {
                machine.eval(&terms[index])
            }),
            Op::Choose(arms, last) => {
                for (condition, value) in arms {
                    match self.eval(condition)? {
                        Val::Bool(true) => return self.eval(value),
                        Val::Bool(false) => {}
                        null @ Val::Null(_) => return Ok(null),
                        _ => return Err(blame(MISMATCH)),
                    }
                }
                self.eval(last)
            }
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
            Op::Negate(inner) => match self.eval(inner)? {
                Val::Int(value) => value.checked_neg().map(Val::Int).ok_or(blame(OVERFLOW)),
                null @ Val::Null(_) => Ok(null),
                _ => Err(blame(MISMATCH)),
            },
            Op::Index(list, index) => match self.operands(list, index)? {
                (Val::List(list), Val::Int(index)) => usize::try_from(index)
                    .ok()
                    .and_then(|index| list.get(index, at))
                    .ok_or(blame(OUT_OF_RANGE)),
                (null @ Val::Null(_), _) | (_, null @ Val::Null(_)) => Ok(null),
                _ => Err(blame(MISMATCH)),
            },
            Op::List(items) => {
                let items: Result<_, _> = items.iter().map(|item| self.eval(item)).collect();
                Ok(Val::List(List::Owned(items?)))
            }
            Op::Quantify(all, list, holds) => self.quantify(*all, list, holds, at),
            Op::Coalesce(values) => {
                for value in values {
                    let value = self.eval(value)?;
                    if !value.is_null() {
                        return Ok(value);
                    }
                }
                Ok(Val::Null(at))
            }
            Op::Call(function, args) => {
                let Body::Plain(run) = function.body else {
                    return Err(blame(MISMATCH));
                };
                let mut values = [Val::Null(at), Val::Null(at), Val::Null(at)];
                let mut absent = None;
                for (value, arg) in values.iter_mut().zip(args) {
                    *value = self.eval(arg)?;
                    if let Val::Null(at) = value {
                        absent = absent.or(Some(*at));
                    }
                }
                match absent {
                    Some(at) => Ok(Val::Null(at)),
                    None => match run(&mut self.work, values).map_err(blame)? {
                        // An element of a list was null.
                        Val::Null(origin) if origin == At::default() => Ok(Val::Null(at)),
                        value => Ok(value),
                    },
                }
            }
            Op::Matches(text, regex) => match self.eval(text)? {
                Val::Text(text) => {
                    self.work.spend(text.len().saturating_mul(16)).map_err(blame)?;
                    Ok(Val::Bool(regex.is_match(&text)))
                }
                null @ Val::Null(_) => Ok(null),
                _ => Err(blame(MISMATCH)),
            },
            Op::Format(date, layout) => match self.eval(date)? {
                Val::Date(date) => Ok(Val::owned(layout.write(date))),
                null @ Val::Null(_) => Ok(null),
                _ => Err(blame(MISMATCH)),
            },
        }
    }

    /// Both operands: if one fails it is that, even if the other is null.
    fn operands(&mut self, left: &'a Code, right: &'a Code) -> Result<(Val<'a>, Val<'a>), Fault> {
        Ok((self.eval(left)?, self.eval(right)?))
    }

    /// Three-valued logic over `count` terms: one that is `decisive` decides; else a failed one, else a null one.
    fn logic(
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

    fn compare(&mut self, comparison: Comparison, left: &'a Code, right: &'a Code, at: At) -> Evaluated<'a> {
        let (left, right) = match self.operands(left, right)? {
            (null @ Val::Null(_), _) | (_, null @ Val::Null(_)) => return Ok(null),
            both => both,
        };
        let blame = |what| Fault { at, what };
        let answer = match comparison {
            Comparison::Equal => left.equals(&right, &mut self.work).map_err(blame)?,
            Comparison::Unequal => left
                .equals(&right, &mut self.work)
                .map_err(blame)?
                .map(|same| !same),
            _ => left
                .order(&right, &mut self.work)
                .map_err(blame)?
                .map(|order| match comparison {
                    Comparison::Less => order == Ordering::Less,
                    Comparison::LessEqual => order != Ordering::Greater,
                    Comparison::Greater => order == Ordering::Greater,
                    _ => order != Ordering::Less,
                }),
        };
        Ok(answer.map_or(Val::Null(at), Val::Bool))
    }

    /// True if an element is equal; null if none is but one is null.
    fn is_in(&mut self, item: &'a Code, list: &'a Code, at: At) -> Evaluated<'a> {
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
                (None, Val::Null(at)) => absent = absent.or(Some(at)),
                (None, _) => absent = absent.or(Some(at)),
            }
        }
        Ok(absent.map_or(Val::Bool(false), Val::Null))
    }

    fn concat(&mut self, terms: &'a [Code], at: At) -> Evaluated<'a> {
        let blame = |what| Fault { at, what };
        let mut whole = String::new();
        let mut absent = None;
        for term in terms {
            match self.eval(term)? {
                Val::Text(text) if absent.is_none() => {
                    self.work.write(text.len()).map_err(blame)?;
                    super::limits::fits(whole.len() + text.len()).map_err(blame)?;
                    whole.push_str(&text);
                }
                Val::Text(_) => {}
                Val::Null(at) => absent = absent.or(Some(at)),
                _ => return Err(blame(MISMATCH)),
            }
        }
        Ok(absent.map_or_else(|| Val::Text(Text::Owned(whole)), Val::Null))
    }

    fn chain(&mut self, terms: &'a [Code], at: At) -> Evaluated<'a> {
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

    fn arithmetic<S: Copy>(
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

    fn quantify(&mut self, all: bool, list: &'a Code, holds: &'a Code, at: At) -> Evaluated<'a> {
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
}

fn optional(text: Option<&str>, at: At) -> Val<'_> {
    text.map_or(Val::Null(at), |text| Val::Text(Text::Plain(text)))
}

fn field_of<'a>(user: &'a User, field: Field, at: At) -> Val<'a> {
    match field {
        Field::Id => Val::Text(Text::Plain(user.id.as_str())),
        Field::Given => Val::Text(Text::Shared(&user.given)),
        Field::Family => Val::Text(Text::Shared(&user.family)),
        Field::Display => match &user.display {
            Some(display) => Val::Text(Text::Shared(display)),
            None => Val::owned(format!("{} {}", user.given, user.family)),
        },
        Field::Email => Val::Text(Text::Shared(&user.email)),
        Field::Title => Val::optional(user.title.as_ref(), at),
        Field::Department => Val::optional(user.department.as_ref(), at),
        Field::Manager => user.manager.map_or(Val::Null(at), Val::User),
        Field::Status => Val::Text(Text::Plain(user.status.as_str())),
        Field::Start => user.dates.start.map_or(Val::Null(at), Val::Date),
        Field::End => user.dates.end.map_or(Val::Null(at), Val::Date),
        Field::Attribute(number) => Val::of(user.attribute(number), at),
    }
}
