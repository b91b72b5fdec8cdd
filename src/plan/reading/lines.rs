//! Lines of `links:` that have no effect, because another account of their person was seen (safety.md 2).

use super::differ::Differ;
use crate::model::app::ManualLink;
use crate::model::{RemoteId, UserId};

/// Sets the lines of `links:` apart that have no effect, once the accounts were seen.
pub(in crate::plan) fn set_idle_apart(differ: &mut Differ) {
    let has_another = |user: &UserId, remote: &RemoteId| {
        let own = differ.links.of_id(user).filter(|own| differ.seen.link(*own).is_some());
        own.map(|own| differ.links.row(own))
            .is_some_and(|own| own.link.remote != *remote && !own.is_tombstone())
    };
    let lines = differ.input.desired.app.links.iter().filter_map(|(user, line)| match line {
        ManualLink::To { remote, .. } => Some((remote.clone(), user.clone())),
        ManualLink::Ignore { .. } => None,
    });
    let (idle, manual): (Vec<_>, Vec<_>) = lines.partition(|(remote, user)| has_another(user, remote));
    differ.manual = manual.into_iter().collect();
    differ.idle = idle.into_iter().collect();
}
