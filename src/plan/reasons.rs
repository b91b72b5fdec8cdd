//! The chains of facts behind changes, made for people when a change needs one.

use super::age;
use super::reading::differ::Input;
use crate::model::change::Reason;
use crate::model::time::Timestamp;
use crate::model::{GroupNo, RoleNo, Span, UserNo};
use crate::resolve::why::{self, Step};
use crate::resolve::{DesiredAttribute, OutReason};

impl Input<'_> {
    /// A reason with its place.
    pub(super) fn reason(&self, text: impl Into<String>, span: impl Into<Option<Span>>) -> Reason {
        Reason { text: text.into(), place: span.into().and_then(|span| self.files.place(span)) }
    }

    fn steps(&self, steps: Vec<Step>) -> Vec<Reason> {
        steps.into_iter().map(|step| self.reason(step.text, step.span)).collect()
    }

    /// Why a person has an account.
    pub(super) fn why_account(&self, user: UserNo) -> Vec<Reason> {
        match why::grant(self.resolved, self.desired, user, None) {
            Some(steps) => self.steps(steps),
            None => vec![self.reason("scope: all", self.desired.app.span)],
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
            _ => None,
        }
    }

    /// Why a person has no account.
    pub(super) fn why_out(&self, user: UserNo, out: OutReason) -> Vec<Reason> {
        let declared = &self.resolved.company.users[user.index()];
        let (text, span) = match out {
            OutReason::Left => (format!("user:{} is declared left", declared.id), declared.life_span),
            OutReason::Ended => {
                (format!("user:{} ended{}", declared.id, self.since(declared.window.end)), declared.life_span)
            }
            OutReason::NotYet => {
                (format!("the start of user:{} lies ahead", declared.id), declared.life_span)
            }
            OutReason::Filtered => {
                let filter = self.desired.app.users.filter.as_ref();
                (
                    format!("the filter leaves out user:{}", declared.id),
                    filter.map_or(declared.span, |f| f.span),
                )
            }
            OutReason::Lapsed => {
                let last = why::expired(self.resolved, self.desired, user, None);
                let since = self.since(last.map(|(end, _)| end));
                (
                    format!("what assigned user:{} expired{since}", declared.id),
                    last.map_or(declared.span, |(_, span)| span),
                )
            }
            OutReason::Removed => {
                (format!("app {} is being given up (`removed:`)", self.desired.app.id), self.desired.app.span)
            }
            OutReason::DefaultAccess | OutReason::NotAssigned => {
                (format!("user:{} is {}", declared.id, out.as_str()), declared.span)
            }
        };
        vec![self.reason(text, span)]
    }

    /// ` on 2026-01-31, 12 days ago`, or nothing.
    pub(super) fn since(&self, at: Option<Timestamp>) -> String {
        at.map(|at| format!(" {}", age::ended(at, self.resolved.at))).unwrap_or_default()
    }

    /// Why an attribute should have its value.
    pub(super) fn why_attribute(&self, user: UserNo, attribute: &DesiredAttribute) -> Vec<Reason> {
        let declared = &self.resolved.company.users[user.index()];
        vec![
            self.reason(format!("user:{}", declared.id), declared.span),
            self.reason(format!("mapped to {}", attribute.path), attribute.span),
        ]
    }
}
