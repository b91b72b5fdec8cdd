//! An open connection, with the requests that read its objects.

use super::open::Opened;
use crate::model::remote::ListRequest;

pub(super) struct Connection {
    pub opened: Opened,
    pub users: ListRequest,
    pub groups: ListRequest,
}
