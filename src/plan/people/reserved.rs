//! Values that the app keeps for accounts that were deleted: no other account can have them (safety.md 16).

use crate::model::ledger::Hashes;
use crate::model::{UserId, UserNo, Want};
use crate::plan::decide::context::Context;
use crate::plan::notice::{Notice, NoticeKind};

/// Why no account is created: a deleted one keeps a value that the new one is to have. Nothing is sent.
pub(super) fn by_deleted(cx: &Context, user: UserNo, id: &UserId) -> Option<Notice> {
    let reserves = &cx.input.desired.definition.deletion.reserves;
    if reserves.is_empty() {
        return None;
    }
    let attributes = cx.differ.attributes(user).ok()?;
    let reserved = attributes.iter().filter(|attribute| reserves.contains(&attribute.path));
    let mut wanted = reserved.filter_map(|attribute| match &attribute.want {
        Want::Is(value) => Some((&attribute.path, cx.input.key.value(attribute.path.key(), value))),
        _ => None,
    });
    let (path, row) = wanted.find_map(|(path, hash)| {
        let mut gone = cx.links().numbers().map(|link| cx.row(link)).filter(|row| row.is_tombstone());
        let has = |values: Option<Hashes>| values.is_some_and(|of| of.asked == hash || of.kept == hash);
        Some((path, gone.find(|row| has(row.link.values.get(path.key())))?))
    })?;
    let (account, of) = (&row.link.remote, &row.user);
    let whose = if of == id { String::new() } else { format!(" of {of}") };
    let text = format!("no account is created: the deleted account {account}{whose} keeps the {path}");
    let hint = format!(
        "give {id} another {path}; or bring account {account} back in the app by hand, and name it below `links: {{{id}: \"{account}\"}}`"
    );
    Some(cx.notice(NoticeKind::NotPossible, id, text, Some(&hint)))
}
