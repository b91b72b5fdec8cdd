//! What a look-up by one value says of an object that a create sent.

use std::sync::Arc;

use crate::model::{Kind, Path, Remote, Value};

/// What was looked for.
pub struct LookedFor<'l> {
    pub kind: Kind,
    /// The attribute.
    pub path: &'l Path,
    /// Our id as it was sent, if it was.
    pub ours: Option<&'l Value>,
    /// What the app calls our id.
    pub our_id: &'l str,
}

/// The object, if one was found and it has no other id of ours; `None` if none was found.
///
/// # Errors
/// It is another one, or there are several.
pub fn the_only(of: &LookedFor<'_>, mut found: Vec<Remote>) -> Result<Option<Remote>, String> {
    let LookedFor { kind, path, ours, our_id } = of;
    if found.len() > 1 {
        return Err(format!("{} {kind}s have that {path}", found.len()));
    }
    let Some(remote) = found.pop() else { return Ok(None) };
    let is_anothers = |theirs: &Arc<str>| ours.is_some_and(|ours| ours.as_str() != Some(&**theirs));
    match remote.our_id.as_ref().is_some_and(is_anothers) {
        true => Err(format!("the {kind} found with that {path} has another {our_id}")),
        false => Ok(Some(remote)),
    }
}
