//! The chains of facts behind changes. A chain is made when a change needs one.

use super::reading::input::Input;
use crate::model::change::Reason;
use crate::model::fact::{Fact, Standing};
use crate::model::time::{Ago, Timestamp};
use crate::model::{GroupNo, RoleNo, Span, UserNo};
use crate::resolve::why::{self, Step};
use crate::resolve::{DesiredAttribute, OutReason};

impl Input<'_> {
    /// A reason with its place.
    pub(super) fn reason(&self, fact: Fact, span: impl Into<Option<Span>>) -> Reason {
        Reason { fact, place: span.into().and_then(|span| self.files.place(span)) }
    }

    fn steps(&self, steps: Vec<Step>) -> Vec<Reason> {
        steps.into_iter().map(|step| self.reason(step.fact, step.span)).collect()
    }

    /// Why a person has an account.
    pub(super) fn why_account(&self, user: UserNo) -> Vec<Reason> {
        match why::grant(self.resolved, self.desired, user, None) {
            Some(steps) => self.steps(steps),
            None => vec![self.reason(Fact::ScopeAll, self.desired.app.span)],
        }
    }

    /// Why a person holds a role.
    pub(super) fn why_role(&self, user: UserNo, role: RoleNo) -> Vec<Reason> {
        why::grant(self.resolved, self.desired, user, Some(role))
            .map(|steps| self.steps(steps))
            .unwrap_or_default()
    }

    /// Why a person is in a pushed group.
    pub(super) fn why_member(&self, user: UserNo, group: GroupNo) -> Vec<Reason> {
        why::membership(self.resolved, group, user).map(|steps| self.steps(steps)).unwrap_or_default()
    }

    /// When the declared end of an account came: `end`, or the last `expires` of an assignment.
    pub(super) fn ended(&self, user: UserNo, out: OutReason) -> Option<Timestamp> {
        match out {
            OutReason::Ended => self.resolved.company.users[user.index()].window.end,
            OutReason::Lapsed => why::expired(self.resolved, self.desired, user, None).map(|(end, _)| end),
            OutReason::Left | OutReason::NotYet | OutReason::Filtered | OutReason::NotEntitled => None,
            OutReason::NotAssigned | OutReason::AppGivenUp => None,
        }
    }

    /// Why a person has no account.
    pub(super) fn why_out(&self, user: UserNo, out: OutReason) -> Vec<Reason> {
        let declared = &self.resolved.company.users[user.index()];
        let user_id = declared.id.clone();
        let standing = |standing| Fact::Standing { user: declared.id.clone(), standing };
        let (fact, span) = match out {
            OutReason::Left => (standing(Standing::Left), declared.life_span),
            OutReason::Ended => {
                (Fact::Ended { user: user_id, at: self.ago(declared.window.end) }, declared.life_span)
            }
            OutReason::NotYet => (Fact::NotYet(user_id), declared.life_span),
            OutReason::Filtered => {
                let filter = self.desired.app.users.filter.as_ref();
                (Fact::Filtered(user_id), filter.map_or(declared.span, |filter| filter.span))
            }
            OutReason::Lapsed => {
                let last = why::expired(self.resolved, self.desired, user, None);
                let at = self.ago(last.map(|(end, _)| end));
                (Fact::AccessExpired { user: user_id, at }, last.map_or(declared.span, |(_, span)| span))
            }
            OutReason::AppGivenUp => return vec![self.given_up()],
            OutReason::NotEntitled => (standing(Standing::NotEntitled), declared.span),
            OutReason::NotAssigned => (standing(Standing::NotAssigned), declared.span),
        };
        vec![self.reason(fact, span)]
    }

    /// The app has a `removed:`.
    pub(super) fn given_up(&self) -> Reason {
        self.reason(Fact::GivenUp(self.desired.app.id.clone()), self.desired.app.span)
    }

    /// How long ago a validity ended.
    pub(super) fn ago(&self, end: Option<Timestamp>) -> Option<Ago> {
        end.map(|end| Ago::ended(end, self.resolved.at))
    }

    /// Why an attribute should have its value.
    pub(super) fn why_attribute(&self, user: UserNo, attribute: &DesiredAttribute) -> Vec<Reason> {
        let declared = &self.resolved.company.users[user.index()];
        vec![
            self.reason(Fact::Person(declared.id.clone()), declared.span),
            self.reason(Fact::Mapped(attribute.path.clone()), attribute.span),
        ]
    }
}
