//! The facts that the listings as a whole show, whatever their order.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::seen::{Activity, Seen, Unread};
use crate::model::{RemoteId, Value};

/// True if a row of a list shows a value, or that there is none. What the connector says that lists never show is not missed there.
pub(in crate::plan) fn is_shown(value: &Seen<Value>) -> bool {
    !matches!(value, Seen::Unread(Unread::LeftOut))
}

/// The facts that rows showed, whatever their order.
#[derive(Default)]
pub(in crate::plan) struct ShownFacts {
    /// An account was shown as active.
    on: bool,
    /// An account was shown as inactive.
    off: bool,
    /// A group was shown with a list of members, perhaps an empty one.
    pub(in crate::plan) members: bool,
    /// A listing showed the attribute that keeps roles on an account, perhaps without a value.
    pub(in crate::plan) roles: bool,
    /// The number of accounts that show an attribute, perhaps without a value, by column.
    pub(in crate::plan) attributes: Vec<u64>,
    /// The names of all groups, by their ids: a group may be a member of another one.
    groups: BTreeMap<RemoteId, Option<Arc<str>>>,
}

impl ShownFacts {
    pub(super) fn add_account(&mut self, activity: &Activity) {
        match activity {
            Activity::On => self.on = true,
            Activity::Off => self.off = true,
            Activity::Unread(_) => {}
        }
    }

    pub(super) fn add_attributes(&mut self, shows: &[u64]) {
        self.attributes.resize(self.attributes.len().max(shows.len()), 0);
        self.attributes.iter_mut().zip(shows).for_each(|(sum, more)| *sum += more);
    }

    pub(super) fn add_group(&mut self, id: RemoteId, name: Option<Arc<str>>, shows_members: bool) {
        self.groups.insert(id, name);
        self.members |= shows_members;
    }

    /// The activity of an account. Left out means active only if other accounts show it, and all of them are inactive.
    pub(in crate::plan) fn activity(&self, shown: &Activity) -> Activity {
        match shown {
            Activity::Unread(Unread::LeftOut) if self.off && !self.on => Activity::On,
            other => other.clone(),
        }
    }

    /// The name of a group, if this is the id of one.
    pub(in crate::plan) fn group(&self, id: &str) -> Option<&Option<Arc<str>>> {
        self.groups.get(id)
    }
}
