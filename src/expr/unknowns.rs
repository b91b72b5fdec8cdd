//! The possible results of a program if one attribute is absent. The hint at unguarded optional attributes is based on
//! it.
//!
//! Every step is computed over sets of outcomes instead of values. So `has(x) && x == 1` and `x == null || x == 1` are
//! found to be guarded, without a list of guarding forms.

use super::code::{Code, Op};
use super::problem::At;
use super::types::{AccountField, GroupField, Types};

/// The possible outcomes. For a value that is no boolean, "known" is both true and false.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Can(u8);

const TRUE: Can = Can(1);
const FALSE: Can = Can(2);
const NULL: Can = Can(4);
const KNOWN: Can = Can(3);
const NEVER: Can = Can(0);

impl Can {
    fn or(self, other: Can) -> Can {
        Can(self.0 | other.0)
    }

    fn has(self, other: Can) -> bool {
        self.0 & other.0 != 0
    }

    /// `other` if `condition`.
    fn or_if(self, condition: bool, other: Can) -> Can {
        if condition { self.or(other) } else { self }
    }
}

/// A name that an expression reads.
#[derive(Debug, Clone)]
pub(super) struct Reading<'c> {
    /// The full name, such as `user.attributes.type`.
    pub path: String,
    /// The place where it is read first.
    pub at: At,
    pub optional: bool,
    pub sensitive: bool,
    /// Its value is used, not only whether it is there.
    pub compared: bool,
    /// The step that reads it.
    pub code: &'c Code,
}

/// All names that a program reads, in the order of first reading, without repeats.
pub(super) fn readings<'c>(root: &'c Code, types: &Types<'_>) -> Vec<Reading<'c>> {
    let mut found: Vec<Reading<'_>> = Vec::new();
    let mut left = vec![(root, true)];
    while let Some((code, compared)) = left.pop() {
        let asks = matches!(code.op, Op::IsNull(_) | Op::IsSet(_));
        left.extend(code.children().into_iter().rev().map(|child| (child, !asks)));
        let Some(path) = path(code, types) else { continue };
        if let Some(known) = found.iter_mut().find(|reading| reading.path == path) {
            known.compared |= compared;
            continue;
        }
        let (optional, sensitive) = match &code.op {
            Op::Mine(field) | Op::Of(_, field) => (field.is_optional(types), field.is_sensitive(types)),
            Op::Account(field) => (*field == AccountField::Role, false),
            Op::Group(field) => (*field == GroupField::Description, false),
            _ => (false, false),
        };
        found.push(Reading { path, at: code.at, optional, sensitive, compared, code });
    }
    found.sort_by_key(|reading| reading.at);
    found
}

/// The full name that this step reads, if it reads one.
fn path(code: &Code, types: &Types<'_>) -> Option<String> {
    Some(match &code.op {
        Op::Me => "user".to_owned(),
        Op::Mine(field) => format!("user.{}", field.path(types)),
        Op::Of(whose, field) => format!("{}.{}", path(whose, types)?, field.path(types)),
        Op::Account(AccountField::Role) => "account.role".to_owned(),
        Op::Account(AccountField::Roles) => "account.roles".to_owned(),
        Op::Group(GroupField::Id) => "group.id".to_owned(),
        Op::Group(GroupField::Name) => "group.name".to_owned(),
        Op::Group(GroupField::Description) => "group.description".to_owned(),
        _ => return None,
    })
}

/// True if the program can be null although only `reading` is absent.
pub(super) fn can_be_null(root: &Code, reading: &Reading<'_>, types: &Types<'_>) -> bool {
    outcomes(root, &|code| path(code, types).is_some_and(|path| path == reading.path)).has(NULL)
}

fn outcomes(code: &Code, absent: &dyn Fn(&Code) -> bool) -> Can {
    let of = |code: &Code| outcomes(code, absent);
    // The outcomes of an operation that is null if an operand is null.
    let strict = |parts: &[&Code]| {
        parts.iter().fold(KNOWN, |so_far, part| {
            let can = of(part);
            so_far.or_if(can.has(NULL), NULL)
        })
    };
    match &code.op {
        _ if absent(code) => NULL,
        Op::Const(crate::model::Value::Bool(value)) => {
            if *value {
                TRUE
            } else {
                FALSE
            }
        }
        Op::Null => NULL,
        Op::Const(_) | Op::Me | Op::Mine(_) | Op::Account(_) | Op::Group(_) | Op::Item => KNOWN,
        Op::IsNull(inner) => {
            let can = of(inner);
            NEVER.or_if(can.has(NULL), TRUE).or_if(can.has(KNOWN), FALSE)
        }
        Op::IsSet(inner) => {
            let can = of(inner);
            NEVER.or_if(can.has(NULL), FALSE).or_if(can.has(KNOWN), TRUE)
        }
        Op::Not(inner) => {
            let can = of(inner);
            Can(can.0 & NULL.0).or_if(can.has(TRUE), FALSE).or_if(can.has(FALSE), TRUE)
        }
        Op::And(terms) => terms.iter().map(of).fold(TRUE, |left, right| logic(left, right, FALSE, TRUE)),
        Op::Or(terms) => terms.iter().map(of).fold(FALSE, |left, right| logic(left, right, TRUE, FALSE)),
        Op::Choose(arms, last) => {
            let mut can = NEVER;
            for (condition, value) in arms {
                let condition = of(condition);
                can = can.or_if(condition.has(NULL), NULL);
                if condition.has(TRUE) {
                    can = can.or(of(value));
                }
                if !condition.has(FALSE) {
                    return can;
                }
            }
            can.or(of(last))
        }
        Op::Coalesce(values) => {
            let mut can = NEVER;
            for value in values {
                let value = of(value);
                can = can.or(Can(value.0 & KNOWN.0));
                if !value.has(NULL) {
                    return can;
                }
            }
            can.or(NULL)
        }
        Op::Of(inner, _) | Op::Reference(inner) => {
            let can = of(inner);
            NEVER.or_if(can.has(NULL), NULL).or_if(can.has(KNOWN), KNOWN)
        }
        Op::Quantify(..)
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
        | Op::Format(..) => strict(&code.children()),
    }
}

/// `&&` with `decisive` false and `neutral` true, `||` with the two exchanged, over every pair of outcomes.
fn logic(left: Can, right: Can, decisive: Can, neutral: Can) -> Can {
    let both = |outcome: Can| left.has(outcome) && right.has(outcome);
    let null_beside = |a: Can, b: Can| a.has(NULL) && (b.has(neutral) || b.has(NULL));
    NEVER
        .or_if(left.has(decisive) || right.has(decisive), decisive)
        .or_if(both(neutral), neutral)
        .or_if(null_beside(left, right) || null_beside(right, left), NULL)
}
