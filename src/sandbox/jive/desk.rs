//! What a request is answered from.

use serde_json::Value;

use super::super::asked::Asked;
use super::super::records::{Edit, Object, Records};
use super::answer::Fault;
use super::habits::Switches;
use super::row::Row;

/// The path of the API.
pub(super) const API: &str = "/api/core/v3";

/// The data, the switches as they are now, and the address of the server.
pub(super) struct Desk<'d> {
    pub records: &'d mut Records,
    pub switches: &'d Switches,
    /// `http://127.0.0.1:PORT`.
    pub origin: &'d str,
}

impl Desk<'_> {
    /// One object of a table.
    ///
    /// # Errors
    /// 404: the id is none, or nothing has it.
    pub(super) fn row(&self, table: &str, what: &str, id: &str) -> Result<(u64, Row), Fault> {
        let number = id.parse().map_err(|_| Fault::missing(what))?;
        let row = self.records.get(table, number).and_then(Row::of).ok_or_else(|| Fault::missing(what))?;
        Ok((number, row))
    }

    /// The objects of a table, by number.
    pub(super) fn rows(&self, table: &str) -> Vec<(u64, Row)> {
        self.records.all(table).filter_map(|(id, kept)| Some((id, Row::of(kept)?))).collect()
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
        _ => Err(Fault::malformed("the body is no JSON object")),
    }
}
