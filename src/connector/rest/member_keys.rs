//! What stands in the addresses of members in place of their ids.

use std::ops::ControlFlow;
use std::sync::Arc;

use serde_json::Value as Json;

use crate::catalog::rest::{Membership, Placeholder};
use crate::model::{Kind, RemoteId};

use super::decode::{self, In};
use super::session::Session;
use super::walk::{self, Sink};

/// Reads the list of accounts, if requests about these members need keys that nothing has shown yet.
pub(super) async fn learn(session: &Session, of: &Membership, members: impl Iterator<Item = &Arc<str>>) {
    let mut takes_key = false;
    let changes = of.add.iter().chain(&of.remove).map(|change| &change.request);
    changes
        .chain(&of.set)
        .for_each(|request| request.each_hole(&mut |hole| takes_key |= hole.name == Placeholder::AccountKey));
    let is_unknown = |id: RemoteId| session.keys.of(Kind::User, &id).is_none();
    if !takes_key || !members.filter_map(|member| member.parse().ok()).any(is_unknown) {
        return;
    }
    let (Ok(objects), Ok(list)) = (session.objects(Kind::User), walk::of_objects(session, Kind::User)) else {
        return;
    };
    let mut each = |row: &Json| {
        if let Some(id) = decode::id(objects, row, In::List) {
            decode::note_key(session, objects, Kind::User, &id, row, In::List, &session.tables.read());
        }
        ControlFlow::Continue(())
    };
    // Who is in no list has no key: the request about them says so.
    _ = walk::pages(session, &list, Sink::Each(&mut each)).await;
}
