//! An open connection with the requests its objects are read by.

use super::open::Opened;
use crate::model::remote::ListRequest;

pub(super) struct Connection {
    pub opened: Opened,
    pub users: ListRequest,
    pub groups: ListRequest,
}
