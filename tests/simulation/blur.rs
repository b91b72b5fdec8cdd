//! What the app's answers leave out or write in another way, while what it holds stays the same (safety.md 22).

use std::sync::Arc;

use rolecall::model::remote::{Kind, Members};
use rolecall::model::seen::{Activity, Unread};
use rolecall::model::{Remote, RemoteId};

use super::rng::Rng;

/// How the members of groups are shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MembersShown {
    Whole,
    /// A list leaves them out, the group itself shows them.
    NotInLists,
    Nowhere,
    /// In a form that is not understood.
    Odd,
    /// So many at most.
    Cut(usize),
}

/// How the answers of one run differ from what the app holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Blur {
    pub members: MembersShown,
    /// The percentage of accounts whose activity is not said.
    pub unsaid: usize,
    /// Members are spelt in capital letters.
    pub shouts: bool,
}

impl Blur {
    pub const NONE: Self = Self { members: MembersShown::Whole, unsaid: 0, shouts: false };

    pub fn random(rng: &mut Rng) -> Self {
        let members = match rng.below(12) {
            0 | 1 => MembersShown::NotInLists,
            2 => MembersShown::Nowhere,
            3 => MembersShown::Odd,
            _ => MembersShown::Whole,
        };
        let unsaid = match rng.below(8) {
            0 => 100,
            1 => 30,
            _ => 0,
        };
        Self { members, unsaid, shouts: rng.chance(15) }
    }

    /// True if answers say whether this account is on.
    pub fn says_activity(&self, id: &RemoteId) -> bool {
        let number = id.as_str().bytes().map(usize::from).sum::<usize>();
        number * 7 % 100 >= self.unsaid
    }

    /// The object as this answer shows it.
    pub fn over(&self, mut remote: Remote, in_list: bool) -> Remote {
        if remote.kind == Kind::User && !self.says_activity(&remote.id) {
            remote.activity = Activity::Unread(Unread::LeftOut);
        }
        if let Members::Shown(members) = &mut remote.members {
            for member in members.iter_mut().filter(|_| self.shouts) {
                member.name = Arc::from(member.name.to_uppercase());
            }
            let unread = match self.members {
                MembersShown::Whole => None,
                MembersShown::NotInLists => in_list.then_some(Unread::LeftOut),
                MembersShown::Nowhere => Some(Unread::LeftOut),
                MembersShown::Odd => Some(Unread::Form("\"none\"".into())),
                MembersShown::Cut(most) => {
                    members.truncate(most);
                    None
                }
            };
            if let Some(why) = unread {
                remote.members = Members::Unread(why);
            }
        }
        remote
    }
}
