//! Whether look-ups by an attribute prove an absence (safety.md 22). Some apps ignore a filter and answer with all objects, and some
//! with none. So the app is asked for a value that an object of its own list shows, and for one that nobody has.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use tokio::sync::Mutex;

use crate::catalog::{self, AttributeSchema};
use crate::connector::error::ConnectorError;
use crate::model::{Kind, Path, RemoteId, Value};

/// What look-ups by one attribute prove.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LookUps {
    /// The app finds exactly the object that has a value, and nothing for a value that nobody has.
    Proven,
    /// It could not be tried: no object of the list shows a value.
    Untried,
    /// Nothing follows if a look-up finds nothing: why.
    Unproven(Arc<str>),
}

/// An object of the list, and its value.
pub struct Sample {
    pub id: RemoteId,
    pub value: Arc<str>,
    /// How values of the attribute are compared.
    pub schema: Option<AttributeSchema>,
}

/// What the app answered to one look-up.
pub enum Answered {
    /// These objects, which have the value.
    With(Vec<RemoteId>),
    /// Also objects that do not have it.
    Others,
    /// Nothing that says who has it: why.
    Nothing(Arc<str>),
}

/// Asks for a value that one object has, for the same one in another case where that is the same, and for one that nobody has.
///
/// # Errors
/// The app could not be asked.
pub async fn prove<'a>(
    sample: Option<Sample>,
    ask: impl Fn(Value) -> BoxFuture<'a, Result<Answered, ConnectorError>> + Send,
) -> Result<LookUps, ConnectorError> {
    let Some(Sample { id, value, schema }) = sample else { return Ok(LookUps::Untried) };
    let nobodys = format!("rolecall-finds-nobody-{value}");
    let other_case = other_case(&value);
    let is_same = catalog::matches(schema.as_ref(), &Value::Str(value.clone()), &Value::str(&*other_case));
    let is_asked = is_same && other_case != *value;
    let own = [(value.to_string(), "its own value")].into_iter();
    let own = own.chain(is_asked.then_some((other_case, "its own value in another case")));
    for (value, what) in own {
        let why = match ask(Value::str(&*value)).await? {
            Answered::With(found) if found == [id.clone()] => continue,
            Answered::With(found) if found.is_empty() => format!("the app does not find {id} by {what}"),
            Answered::With(_) => format!("the app finds others beside {id} by {what}"),
            Answered::Others => format!("asked for {id} by {what}, the app answers with others, too"),
            Answered::Nothing(why) => format!("the app cannot be asked so: {why}"),
        };
        return Ok(LookUps::Unproven(why.into()));
    }
    Ok(match ask(Value::str(&*nobodys)).await? {
        Answered::With(found) if found.is_empty() => LookUps::Proven,
        Answered::With(_) | Answered::Others => LookUps::Unproven(
            "the app answers with somebody if it is asked for a value that nobody has".into(),
        ),
        Answered::Nothing(why) => LookUps::Unproven(
            format!("the app does not answer if it is asked for a value that nobody has: {why}").into(),
        ),
    })
}

fn other_case(text: &str) -> String {
    let swap = |c: char| if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
    text.chars().map(swap).collect()
}

/// What was found out of look-ups, by attribute: it is tried once.
#[derive(Debug, Default)]
pub struct Tried {
    by_attribute: Mutex<HashMap<(Kind, Arc<str>), LookUps>>,
}

impl Tried {
    /// What look-ups by an attribute prove, if that was tried.
    pub async fn known(&self, kind: Kind, attribute: &Path) -> Option<LookUps> {
        self.by_attribute.lock().await.get(&(kind, attribute.key().clone())).cloned()
    }

    /// What look-ups by an attribute prove; `proof` is awaited the first time only.
    ///
    /// # Errors
    /// It could not be tried.
    pub async fn or_try(
        &self,
        kind: Kind,
        attribute: &Path,
        proof: impl Future<Output = Result<LookUps, ConnectorError>>,
    ) -> Result<LookUps, ConnectorError> {
        let key = (kind, attribute.key().clone());
        let mut known = self.by_attribute.lock().await;
        if let Some(known) = known.get(&key) {
            return Ok(known.clone());
        }
        let found = proof.await?;
        known.insert(key, found.clone());
        Ok(found)
    }
}
