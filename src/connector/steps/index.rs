//! Who has which value of an attribute, from one complete reading of the list and our own writes since.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::Mutex;

use crate::catalog::{self, AttributeSchema};
use crate::connector::error::ConnectorError;
use crate::model::{Kind, Path, RemoteId, Value};

/// The values that were looked up, by attribute.
#[derive(Debug, Default)]
pub struct Index {
    by_attribute: Mutex<HashMap<(Kind, Arc<str>), Holders>>,
}

/// The ids that have a value, by the value in the form that comparisons use.
pub type Holders = HashMap<Value, Vec<RemoteId>>;

impl Index {
    /// The ids that have a value in the form that comparisons use; none without a value. `read` reads the whole list; it is awaited the first time only.
    ///
    /// # Errors
    /// The list could not be read.
    pub async fn ids(
        &self,
        kind: Kind,
        attribute: &Path,
        value: Option<Value>,
        read: impl Future<Output = Result<Holders, ConnectorError>>,
    ) -> Result<Vec<RemoteId>, ConnectorError> {
        let key = (kind, attribute.key().clone());
        // Other look-ups wait for this lock, so that many at once read the list once.
        let mut indexes = self.by_attribute.lock().await;
        if !indexes.contains_key(&key) {
            let holders = read.await?;
            indexes.insert(key.clone(), holders);
        }
        Ok(match (indexes.get(&key), value) {
            (Some(holders), Some(value)) => holders.get(&value).cloned().unwrap_or_default(),
            _ => Vec::new(),
        })
    }

    /// Makes the next look-up by this attribute a fresh one.
    pub async fn forget(&self, kind: Kind, attribute: &Path) {
        let mut indexes = self.by_attribute.lock().await;
        indexes.remove(&(kind, attribute.key().clone()));
    }

    /// Keeps the index true after one of our own writes.
    pub async fn note_written(
        &self,
        schema: impl Fn(&Path) -> Option<AttributeSchema> + Send,
        kind: Kind,
        id: &RemoteId,
        attributes: &[(Path, Value)],
    ) {
        let mut indexes = self.by_attribute.lock().await;
        for (path, value) in attributes {
            let schema = schema(path);
            if let Some(holders) = indexes.get_mut(&(kind, path.key().clone()))
                && let Some(key) = catalog::match_key(schema.as_ref(), value)
            {
                let ids = holders.entry(key).or_default();
                if !ids.contains(id) {
                    ids.push(id.clone());
                }
            }
        }
    }
}
