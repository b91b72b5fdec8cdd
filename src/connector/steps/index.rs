//! Who has which value of an attribute, from one complete reading of the list and our own writes since.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Mutex;

use crate::catalog::{self, AttributeSchema};
use crate::connector::error::ConnectorError;
use crate::model::{Kind, Path, RemoteId, Value};

/// The values that were looked up, by attribute.
#[derive(Debug, Default)]
pub struct Index {
    by_attribute: Mutex<HashMap<(Kind, Arc<str>), Read>>,
    /// Counts readings and the moments after which one is asked for.
    moments: AtomicU64,
}

/// One reading of a list.
#[derive(Debug)]
struct Read {
    /// When it began.
    began: u64,
    holders: Holders,
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
            let began = self.moment();
            let holders = read.await?;
            indexes.insert(key.clone(), Read { began, holders });
        }
        Ok(match (indexes.get(&key), value) {
            (Some(read), Some(value)) => read.holders.get(&value).cloned().unwrap_or_default(),
            _ => Vec::new(),
        })
    }

    /// Makes the next look-up by this attribute a fresh one.
    pub async fn forget(&self, kind: Kind, attribute: &Path) {
        let mut indexes = self.by_attribute.lock().await;
        indexes.remove(&(kind, attribute.key().clone()));
    }

    /// This moment, for [`Index::forget_before`].
    pub fn moment(&self) -> u64 {
        self.moments.fetch_add(1, Ordering::SeqCst)
    }

    /// Makes the next look-up by this attribute one that has begun after a moment: a reading since then serves all.
    pub async fn forget_before(&self, kind: Kind, attribute: &Path, moment: u64) {
        let mut indexes = self.by_attribute.lock().await;
        let key = (kind, attribute.key().clone());
        if indexes.get(&key).is_some_and(|read| read.began < moment) {
            indexes.remove(&key);
        }
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
            if let Some(read) = indexes.get_mut(&(kind, path.key().clone()))
                && let Some(key) = catalog::match_key(schema.as_ref(), value)
            {
                let ids = read.holders.entry(key).or_default();
                if !ids.contains(id) {
                    ids.push(id.clone());
                }
            }
        }
    }
}
