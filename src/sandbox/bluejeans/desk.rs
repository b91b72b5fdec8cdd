//! What a request is answered from.

use serde_json::Value;

use super::super::asked::Asked;
use super::super::records::{Edit, Object, Records};
use super::answer::Fault;
use super::caller::Caller;
use super::habits::Switches;
use super::row::{PEOPLE, Row};

/// The data, the switches as they are now, and who asks.
pub(super) struct Desk<'d> {
    pub records: &'d mut Records,
    pub switches: &'d Switches,
    pub caller: Caller,
}

impl Desk<'_> {
    /// An account that the caller may see. A detached one is answered as the switch says.
    ///
    /// # Errors
    /// The id is none, nothing has it, or the caller may not see it.
    pub(super) fn person(&self, id: &str) -> Result<(u64, Row), Fault> {
        let missing = || Fault::missing("such user");
        let id: u64 = id.parse().map_err(|_| missing())?;
        let row = self.records.get(PEOPLE, id).and_then(Row::of).ok_or_else(missing)?;
        if self.caller != Caller::User(id) {
            self.caller.manages(self.switches)?;
        }
        match row.enterprise {
            Some(_) => Ok((id, row)),
            None => Err(Fault::of(self.switches.detached_status, "The user is in no enterprise of yours")),
        }
    }

    /// All accounts, by number.
    pub(super) fn people(&self) -> Vec<(u64, Row)> {
        self.records.all(PEOPLE).filter_map(|(id, kept)| Some((id, Row::of(kept)?))).collect()
    }

    /// Makes a change.
    ///
    /// # Errors
    /// 500: it could not be saved.
    pub(super) fn keep(&mut self, edits: Vec<Edit>) -> Result<(), Fault> {
        self.records.commit(edits).map_err(Fault::unsaved)
    }
}

/// The body, which has to be an object.
pub(super) fn object(asked: &Asked) -> Result<Object, Fault> {
    match asked.json().map_err(Fault::malformed)? {
        Value::Object(object) => Ok(object),
        _ => Err(Fault::malformed("The body is no JSON object")),
    }
}
