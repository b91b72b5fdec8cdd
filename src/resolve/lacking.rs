//! Who lacks an attribute that an expression reads as if it were always there: the hint names them, and there is none if
//! everybody has it (safety.md 9).

use std::collections::HashMap;

use rayon::prelude::*;

use crate::expr::{Facts, GroupFacts, Subject, Unguarded};
use crate::model::company::{Company, Status};
use crate::model::{Diagnostic, UserNo};

/// The people and groups of a company without an attribute, by attribute: many rules read the same ones.
pub(super) struct Lacking<'c> {
    company: &'c Company,
    known: HashMap<String, Vec<String>>,
}

impl<'c> Lacking<'c> {
    pub(super) fn of(company: &'c Company) -> Self {
        Self { company, known: HashMap::new() }
    }

    /// The warning about an attribute, if it is absent from anything.
    pub(super) fn warning(&mut self, read: &Unguarded) -> Option<Diagnostic> {
        if read.subject() == Subject::Account {
            return Some(read.warning(&[]));
        }
        if !self.known.contains_key(read.path()) {
            self.known.insert(read.path().to_owned(), without(self.company, read));
        }
        let without = self.known.get(read.path()).filter(|names| !names.is_empty())?;
        Some(read.warning(without))
    }
}

/// Ids of those without it. Nothing is asked about people who have left.
fn without(company: &Company, read: &Unguarded) -> Vec<String> {
    if read.subject() == Subject::Group {
        let groups = company.groups.iter();
        let lacks = groups.filter(|group| read.is_absent(&Facts::group(company, GroupFacts::from(*group))));
        return lacks.map(|group| group.id.to_string()).collect();
    }
    let users = company.users.par_iter().enumerate().filter(|(_, user)| user.status != Status::Left);
    let lacks = users.filter(|(number, _)| read.is_absent(&Facts::user(company, UserNo::from(*number))));
    lacks.map(|(_, user)| user.id.to_string()).collect()
}
