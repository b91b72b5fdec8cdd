//! Notices: the messages of a plan besides its changes.

use serde::{Deserialize, Serialize};

use crate::model::change::Object;
use crate::model::span::Place;

/// One message for people.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Notice {
    /// The kind; notices are shown in the order of their kinds.
    pub kind: NoticeKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Object>,
    /// The message, in one line.
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The place in the files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

/// The kinds of notice, most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeKind {
    /// The clock of this machine is in doubt, and what a date decides is held.
    Clock,
    /// Everybody who holds a role of power is typed as out, or a role with `min_members` loses its last holders.
    NobodyHolds,
    /// A listing that did not show everything.
    ShortListing,
    /// An account that is turned on after it was held, or after its person had left.
    TurnedOn,
    /// A privileged role that is given again after it was held.
    GivenAgain,
    /// A leaver's account that is on again after we had disabled it.
    OnAgain,
    /// An account that may belong to a person who is out or to one who is in.
    Contested,
    /// A person who is to have no access, or less, and who may keep it after this plan: with the reason.
    StillHasAccess,
    /// A group of the app that is taken over with members, or under another name.
    TakesOver,
    /// A group or role that has more than twice as many people after this plan.
    Widened,
    /// Access with power that no line gives, and that stays.
    UndeclaredPower,
    /// A leaver in an app that is not contacted.
    Owed,
    /// A link does not hold any more: the account looks like another person's.
    LinkConflict,
    /// Two people or two accounts match each other.
    Ambiguous,
    /// A person or group that cannot be decided or mapped.
    Undecided,
    /// An id vanished and another would match its account.
    RenameSuspected,
    /// An account could not be adopted.
    NotAdopted,
    /// `APP=N` of `--enable` or `--recreate`, or `APP:GUARD=N` of `--allow`, is another number than that of the people who
    /// are held.
    NotReleased,
    /// The app or its settings do not allow the desired change.
    NotPossible,
    /// Removals that no guard counts, because they take back what a run gave.
    TakenBack,
    /// An end or expiry that passed while access remains.
    Overdue,
    /// What another hand did in the app, and the ledger knows.
    Intervened,
    /// Access or a value changed in the app, and `drift: report` leaves it.
    Drift,
    /// Grants that rolecall gave and that no mapping manages any more, and what accounts keep that are left alone.
    LeftInApp,
    /// The app does not keep what we wrote.
    NotKept,
    /// Accounts that nobody declared.
    Unmanaged,
    /// Members of groups and holders of roles that nobody declared.
    #[serde(rename = "strangers")]
    UnmanagedMembers,
    /// Assigned, but not effectively entitled.
    NotEntitled,
    /// A `protect:` entry that protects nothing, and other things to look at.
    Advice,
}

impl NoticeKind {
    /// True if the plan is only partly done because of it (exit status 3).
    pub fn is_partial(self) -> bool {
        match self {
            NoticeKind::Clock | NoticeKind::ShortListing | NoticeKind::OnAgain => true,
            NoticeKind::Contested => true,
            NoticeKind::TurnedOn | NoticeKind::GivenAgain | NoticeKind::Intervened => false,
            NoticeKind::StillHasAccess | NoticeKind::LinkConflict | NoticeKind::Ambiguous => true,
            NoticeKind::Undecided | NoticeKind::RenameSuspected => true,
            NoticeKind::NotAdopted | NoticeKind::NotReleased | NoticeKind::NotPossible => true,
            NoticeKind::NobodyHolds | NoticeKind::TakenBack => false,
            NoticeKind::TakesOver | NoticeKind::Widened | NoticeKind::LeftInApp => false,
            NoticeKind::UndeclaredPower => false,
            NoticeKind::Owed | NoticeKind::Overdue | NoticeKind::Drift | NoticeKind::NotKept => false,
            NoticeKind::Unmanaged | NoticeKind::UnmanagedMembers => false,
            NoticeKind::NotEntitled | NoticeKind::Advice => false,
        }
    }

    /// The heading for people.
    pub fn heading(self) -> &'static str {
        match self {
            NoticeKind::Clock => "the clock is in doubt",
            NoticeKind::NobodyHolds => "nobody holds a role now",
            NoticeKind::ShortListing => "not all was shown",
            NoticeKind::TurnedOn => "turned on again",
            NoticeKind::GivenAgain => "given again",
            NoticeKind::OnAgain => "on again",
            NoticeKind::Contested => "contested account",
            NoticeKind::StillHasAccess => "still has access",
            NoticeKind::TakesOver => "groups taken over",
            NoticeKind::Widened => "more than doubled",
            NoticeKind::UndeclaredPower => "privileged access that no line gives",
            NoticeKind::LeftInApp => "left in the app",
            NoticeKind::Owed => "leavers this app still owes",
            NoticeKind::LinkConflict => "link conflict",
            NoticeKind::Ambiguous => "ambiguous match",
            NoticeKind::Undecided => "undecided",
            NoticeKind::RenameSuspected => "renamed?",
            NoticeKind::NotAdopted => "not adopted",
            NoticeKind::NotReleased => "not released",
            NoticeKind::NotPossible => "not possible",
            NoticeKind::TakenBack => "taken back",
            NoticeKind::Overdue => "overdue",
            NoticeKind::Intervened => "left as another hand left it",
            NoticeKind::Drift => "drift, left as it is",
            NoticeKind::NotKept => "not kept by the app",
            NoticeKind::Unmanaged => "unmanaged accounts",
            NoticeKind::UnmanagedMembers => "members nobody declared",
            NoticeKind::NotEntitled => "not effectively entitled",
            NoticeKind::Advice => "advice",
        }
    }
}
