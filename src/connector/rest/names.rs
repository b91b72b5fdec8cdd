//! Tables of names: each is asked for once a run.

use std::ops::ControlFlow;
use std::sync::Arc;

use serde_json::Value as Json;

use crate::catalog::rest::{Found, Objects, Operation};
use crate::connector::error::{ConnectorError, ErrorKind};
use crate::model::remote::Walk;

use super::reply::scalar;
use super::session::Session;
use super::tables::Table;
use super::walk::{self, List, Sink};

/// Asks for the tables of the attributes of these objects.
///
/// # Errors
/// A table could not be read.
pub(super) async fn load(session: &Session, objects: &Objects) -> Result<(), ConnectorError> {
    for name in objects.attributes.iter().filter_map(|attribute| attribute.names.as_ref()) {
        table(session, name).await?;
    }
    Ok(())
}

/// Asks for a table, once.
///
/// # Errors
/// It could not be read.
pub(super) async fn table(session: &Session, name: &Arc<str>) -> Result<(), ConnectorError> {
    if session.tables.read().has(name) {
        return Ok(());
    }
    let Some(names) = session.document.names.get(name) else { return Ok(()) };
    let list = List {
        listing: &names.list,
        operation: Operation::Names,
        values: session.values.clone(),
        kind: None,
        id: Some(&names.id),
    };
    let mut table = Table::default();
    let mut each = |row: &Json| {
        if let (Found::One(id), Found::One(called)) = (names.id.get(row), names.name.get(row))
            && let (Some(text), Some(called)) = (scalar(id), scalar(called))
        {
            table.insert(id.clone(), &text, &called);
        }
        ControlFlow::Continue(())
    };
    let walk = walk::pages(session, &list, Sink::Each(&mut each)).await.map_err(|error| {
        let what = format!("the names of {name} cannot be read: {error}");
        session.http.error(ErrorKind::Incomplete, what)
    })?;
    if let Walk::Incomplete { why } = walk {
        table.is_short = Some(why);
    }
    session.tables.add(name, table);
    Ok(())
}
