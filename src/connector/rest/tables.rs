//! Names and ids of what accounts have, such as roles, as the app lists them.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use serde_json::Value as Json;

use crate::catalog::rest::Attribute;
use crate::model::Value;
use crate::model::seen::Unread;

/// The tables that were asked for.
#[derive(Debug, Default)]
pub(super) struct AllTables(RwLock<Tables>);

/// Tables by name.
#[derive(Debug, Clone, Default)]
pub(super) struct Tables(BTreeMap<Arc<str>, Arc<Table>>);

/// Names by id, and ids by name.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// An id as text, with what the app writes and the name.
    rows: BTreeMap<Arc<str>, (Json, Arc<str>)>,
    ids: BTreeMap<Arc<str>, Vec<Json>>,
    /// Why it may be incomplete.
    pub is_short: Option<Arc<str>>,
}

impl Table {
    /// A row: its id as the app writes it, the same as text, and its name.
    pub(super) fn insert(&mut self, id: Json, text: &str, name: &str) {
        self.rows.insert(text.into(), (id.clone(), name.into()));
        self.ids.entry(name.into()).or_default().push(id);
    }
}

impl AllTables {
    /// The tables so far.
    pub(super) fn read(&self) -> Tables {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A table that was read.
    pub(super) fn add(&self, name: &Arc<str>, table: Table) {
        let mut tables = self.0.write().unwrap_or_else(PoisonError::into_inner);
        tables.0.entry(name.clone()).or_insert_with(|| Arc::new(table));
    }
}

impl Tables {
    /// True if the table was asked for.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The value with its name in place of the id, if its attribute has names.
    pub(super) fn named(&self, attribute: &Attribute, value: Value) -> Result<Value, Unread> {
        let Some(table) = attribute.names.as_ref().and_then(|name| self.0.get(name)) else {
            return Ok(value);
        };
        let row = value.as_str().and_then(|id| table.rows.get(id));
        match row {
            Some((_, name)) => Ok(Value::Str(name.clone())),
            None => Err(Unread::Form(format!("no name is known for the id {value}").into())),
        }
    }

    /// An id with its name, in the JSON type in which it came.
    pub(super) fn row(&self, table: &str, id: &str) -> Option<(Json, Arc<str>)> {
        self.0.get(table)?.rows.get(id).cloned()
    }

    /// The id of a name, in the JSON type in which it came; none if the app has none.
    ///
    /// # Errors
    /// It cannot be said, or several have it.
    pub(super) fn id_or_none(&self, table: &str, name: &str) -> Result<Option<Json>, String> {
        let is_none = self
            .0
            .get(table)
            .is_some_and(|found| found.is_short.is_none() && found.ids.get(name).is_none_or(Vec::is_empty));
        if is_none { Ok(None) } else { self.id(table, name).map(Some) }
    }

    /// The id of a name, in the JSON type in which it came.
    ///
    /// # Errors
    /// There is none, or several have it.
    pub(super) fn id(&self, table: &str, name: &str) -> Result<Json, String> {
        let found = self.0.get(table);
        let ids = found.and_then(|table| table.ids.get(name)).map(Vec::as_slice).unwrap_or_default();
        match ids {
            [id] => Ok(id.clone()),
            [] => Err(match found.and_then(|table| table.is_short.as_ref()) {
                Some(why) => format!("no {table} is called {name} in what the app shows of them: {why}"),
                None => format!("no {table} of the app is called {name}"),
            }),
            _ => Err(format!("{} {table}s of the app are called {name}", ids.len())),
        }
    }
}
