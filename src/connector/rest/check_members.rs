//! The test of the members of groups: a place of the account that is wrong is found before anybody is made a member twice.

use serde_json::Value as Json;

use crate::catalog::rest::{MembersAt, Membership, Objects};
use crate::connector::{Finding, Level};
use crate::model::remote::Members;
use crate::model::seen::Unread;

use super::decode::{self, In};
use super::get;
use super::session::Session;

/// Groups of which a list of their own is asked for, at most, until one has members.
const MOST: usize = 5;

/// The groups that a test looks at.
pub(super) struct Groups<'d> {
    objects: &'d Objects,
    rows: Vec<Json>,
}

impl<'d> Groups<'d> {
    pub(super) fn of(objects: &'d Objects) -> Self {
        Self { objects, rows: Vec::new() }
    }

    /// Takes a row of the list of groups.
    pub(super) fn add(&mut self, row: &Json) {
        if self.rows.len() < MOST && self.objects.members.is_some() {
            self.rows.push(row.clone());
        }
    }

    /// What the groups show of their members.
    pub(super) async fn finding(&self, session: &Session) -> Option<Finding> {
        let of = self.objects.members.as_ref()?;
        let mut shown = None;
        for row in &self.rows {
            match self.members(session, of, row).await? {
                Members::Shown(members) | Members::Mixed(members) if members.is_empty() => {}
                Members::Shown(members) | Members::Mixed(members) => {
                    shown.get_or_insert(members.len());
                }
                Members::Unread(Unread::LeftOut | Unread::NotAsked | Unread::NotShown) => {}
                Members::Unread(why) => return Some(unread(of, self.objects, row, &why)),
            }
        }
        shown.map(|number| Finding {
            level: Level::Good,
            text: format!("members can be read: {number} in one group, by `{}`", of.account),
            hint: None,
        })
    }

    async fn members(&self, session: &Session, of: &Membership, group: &Json) -> Option<Members> {
        match &of.list {
            MembersAt::InGroup(place) => Some(decode::members(place, of, group)),
            MembersAt::Listed(_) => {
                let id = decode::id(self.objects, group, In::List)?;
                match get::members(session, self.objects, &id).await {
                    Ok(members) => members,
                    Err(error) => Some(Members::Unread(Unread::NoAnswer(error.to_string().into()))),
                }
            }
        }
    }
}

fn unread(of: &Membership, objects: &Objects, group: &Json, why: &Unread) -> Finding {
    let id = decode::id(objects, group, In::List);
    let id = id.map(|id| format!(" of group {id}")).unwrap_or_default();
    let (level, hint) = match why {
        Unread::Form(_) => (
            Level::Bad,
            format!("correct `account: {}` of `members`, or the place of the members", of.account),
        ),
        Unread::Cut(_) => (Level::Note, "nobody is taken out of such a group".to_owned()),
        _ => (Level::Bad, "see whether the credential may read the members of groups".to_owned()),
    };
    Finding { level, text: format!("the members{id} cannot be read: {why}"), hint: Some(hint) }
}
