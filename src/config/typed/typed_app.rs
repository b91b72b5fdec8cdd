//! An app once it is read.

use crate::config::merged::Merged;
use crate::model::{App, Endpoint};

/// An app, and what only the checks across apps need.
pub struct TypedApp<'a> {
    /// The app, without its assignments.
    pub app: App,
    /// Its address; `None` for a sandbox or if there is none.
    pub endpoint: Option<Endpoint>,
    /// The app as written, with the defaults below it.
    pub written: Merged<'a>,
}
