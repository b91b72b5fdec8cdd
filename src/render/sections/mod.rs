//! What a plan says about one app, as data: sections in reading order, each with a title, a tone and its items. A format
//! only writes them down.
//!
//! Sections are made from changes, not from a plan, so that a comparison of two revisions can have them as well. Losses
//! come first, then privileged access, people, what many share, and what guards hold back; notices stand around them.

mod fold;
mod held;
mod layout;
mod notices;

pub(crate) use fold::{Fold, Transition};
pub(crate) use held::{HeldBy, Why};
pub(crate) use layout::Block;

use std::collections::BTreeMap;

use layout::Layout;

use super::figures::{counted, number};
use super::line::Tone;
use super::subject::{Subject, effect};
use super::words::capital;
use crate::model::change::{Change, ChangeKind};
use crate::plan::{AppPlan, AppStatus, Coming, GuardReport, Notice, NoticeKind};

/// What there is to say about one app. All but the changes may be empty.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Content<'p> {
    /// Sorted by key.
    pub changes: &'p [Change],
    pub notices: &'p [Notice],
    pub guards: &'p [GuardReport],
    pub coming: &'p [Coming],
    /// A source guard stopped the whole app, so that no change waits for a decision of its own.
    pub is_stopped: bool,
}

impl<'p> From<&'p AppPlan> for Content<'p> {
    fn from(app: &'p AppPlan) -> Self {
        Self {
            changes: &app.changes,
            notices: &app.notices,
            guards: &app.guards,
            coming: &app.coming,
            is_stopped: matches!(app.status, AppStatus::Stopped { .. }),
        }
    }
}

/// A heading with what stands below it.
#[derive(Debug)]
pub(crate) struct Section<'p> {
    pub title: String,
    pub tone: Tone,
    /// Never empty.
    pub items: Items<'p>,
}

/// What stands in a section.
#[derive(Debug)]
pub(crate) enum Items<'p> {
    /// Notices of one kind.
    Notices(NoticeKind, Vec<&'p Notice>),
    /// Held changes that wait for a person, each with what holds it.
    Decisions(Vec<&'p Change>),
    /// People, accounts and groups, each with everything that happens to it.
    Blocks(Vec<Block<'p>>),
    /// The same, after those whose block stands under "Losing access".
    Privileged {
        above: Vec<Subject<'p>>,
        blocks: Vec<Block<'p>>,
    },
    /// The same change on many people.
    Folds(Vec<Fold<'p>>),
    /// Changes of the ledger, for which nothing is sent.
    Ledger(Vec<&'p Change>),
    Held(Vec<HeldBy<'p>>),
    Guards(Vec<Counted<'p>>),
    Coming(&'p [Coming]),
}

/// A guard with what it counted.
#[derive(Debug)]
pub(crate) struct Counted<'p> {
    pub guard: &'p GuardReport,
    /// The people it counted are to be named: no other section does.
    pub names_people: bool,
}

/// The sections of one app in reading order. With `unfold` every change stands alone.
pub(crate) fn sections(content: Content<'_>, unfold: bool) -> Vec<Section<'_>> {
    let layout = Layout::of(content.changes, content.is_stopped, unfold);
    let guards = guards(content.guards, &layout, unfold);
    let privileged = privileged(layout.privileged, &layout.losing);
    let changes = [
        decisions(layout.to_decide),
        decisions_together(layout.to_decide_together, content, unfold),
        losing(layout.losing),
        privileged,
        groups(layout.groups),
        people(layout.people),
        folds(layout.folds),
        adoptions(layout.adoptions),
        ledger(layout.ledger),
        held(layout.held, content, unfold),
        guards,
        coming(content.coming),
    ];
    let (urgent, others): (Vec<_>, Vec<_>) =
        notices::by_kind(content.notices).into_iter().partition(|(kind, _)| notices::is_urgent(*kind));
    let notices = |kinds: Vec<_>| kinds.into_iter().map(|(kind, list)| notices_of(kind, list));
    notices(urgent).chain(changes.into_iter().flatten()).chain(notices(others)).collect()
}

fn notices_of(kind: NoticeKind, notices: Vec<&Notice>) -> Section<'_> {
    let title = format!("{} ({})", capital(kind.heading()), number(notices.len() as u64));
    Section { title, tone: notices::tone(kind), items: Items::Notices(kind, notices) }
}

fn decisions(changes: Vec<&Change>) -> Option<Section<'_>> {
    let title = "Held for you to decide, not done by apply".to_owned();
    (!changes.is_empty()).then_some(Section { title, tone: Tone::Alarm, items: Items::Decisions(changes) })
}

fn decisions_together<'p>(
    held: BTreeMap<(&'p str, &'p str), Vec<&'p Change>>,
    content: Content<'p>,
    unfold: bool,
) -> Option<Section<'p>> {
    let count = held.values().map(Vec::len).sum::<usize>() as u64;
    let title = format!(
        "Held for you to decide together, not done by apply: {}",
        counted(count, "change", "changes")
    );
    let by = |((by, _), changes)| HeldBy::new(by, changes, content.guards, content.is_stopped, unfold);
    let items = Items::Held(held.into_iter().map(by).collect());
    (count > 0).then_some(Section { title, tone: Tone::Alarm, items })
}

fn losing(blocks: Vec<Block<'_>>) -> Option<Section<'_>> {
    let losses = || blocks.iter().flat_map(|block| &block.changes).filter(|change| change.kind.is_loss());
    let count = |wanted: ChangeKind| {
        losses().filter(|change| effect(change.kind, &change.key) == wanted).count() as u64
    };
    let parts: Vec<_> = [
        (ChangeKind::Delete, "account deleted", "accounts deleted"),
        (ChangeKind::Disable, "account disabled", "accounts disabled"),
        (ChangeKind::GroupDelete, "group deleted", "groups deleted"),
        (ChangeKind::RoleRevoke, "role revoked", "roles revoked"),
        (ChangeKind::MemberRemove, "membership removed", "memberships removed"),
    ]
    .into_iter()
    .filter(|(kind, ..)| count(*kind) > 0)
    .map(|(kind, one, many)| counted(count(kind), one, many))
    .collect();
    let title = format!("Losing access: {}", parts.join(", "));
    (!blocks.is_empty()).then_some(Section { title, tone: Tone::Alarm, items: Items::Blocks(blocks) })
}

/// Everybody who gains privilege. A person who also loses something is named, and shown whole among the losses.
fn privileged<'p>(blocks: Vec<Block<'p>>, losing: &[Block<'p>]) -> Option<Section<'p>> {
    let gains =
        |block: &&Block| block.changes.iter().any(|change| change.privileged && !change.kind.is_loss());
    let above: Vec<_> = losing.iter().filter(gains).map(|block| block.subject).collect();
    let count = above.len() + blocks.len();
    let title = format!("Gaining privileged access ({})", number(count as u64));
    let items = Items::Privileged { above, blocks };
    (count > 0).then_some(Section { title, tone: Tone::Alarm, items })
}

fn groups(blocks: Vec<Block<'_>>) -> Option<Section<'_>> {
    let title = "Groups".to_owned();
    (!blocks.is_empty()).then_some(Section { title, tone: Tone::Strong, items: Items::Blocks(blocks) })
}

fn people(blocks: Vec<Block<'_>>) -> Option<Section<'_>> {
    let title = format!("People ({})", number(blocks.len() as u64));
    (!blocks.is_empty()).then_some(Section { title, tone: Tone::Strong, items: Items::Blocks(blocks) })
}

fn folds(folds: Vec<Fold<'_>>) -> Option<Section<'_>> {
    let title = "The same for many people".to_owned();
    (!folds.is_empty()).then_some(Section { title, tone: Tone::Strong, items: Items::Folds(folds) })
}

fn adoptions(changes: Vec<&Change>) -> Option<Section<'_>> {
    let count = number(changes.len() as u64);
    let title = format!("Adopting existing accounts and groups, nothing is sent ({count})");
    (!changes.is_empty()).then_some(Section { title, tone: Tone::Strong, items: Items::Ledger(changes) })
}

fn ledger(changes: Vec<&Change>) -> Option<Section<'_>> {
    let title = "In the ledger only, nothing is sent".to_owned();
    (!changes.is_empty()).then_some(Section { title, tone: Tone::Strong, items: Items::Ledger(changes) })
}

fn held<'p>(
    held: BTreeMap<&'p str, Vec<&'p Change>>,
    content: Content<'p>,
    unfold: bool,
) -> Option<Section<'p>> {
    let count = held.values().map(Vec::len).sum::<usize>() as u64;
    let title = format!("Held back, not done by apply: {}", counted(count, "change", "changes"));
    let by = |(by, changes)| HeldBy::new(by, changes, content.guards, content.is_stopped, unfold);
    let items = Items::Held(held.into_iter().map(by).collect());
    (count > 0).then_some(Section { title, tone: Tone::Change, items })
}

fn guards<'p>(reports: &'p [GuardReport], layout: &Layout, unfold: bool) -> Option<Section<'p>> {
    let counted = |guard: &'p GuardReport| {
        let is_listed = layout.held.contains_key(guard.guard.short_name().as_str());
        Counted { guard, names_people: guard.tripped && (unfold || !is_listed) }
    };
    let items = Items::Guards(reports.iter().map(counted).collect());
    let title = "Guards".to_owned();
    (!reports.is_empty()).then_some(Section { title, tone: Tone::Strong, items })
}

fn coming(coming: &[Coming]) -> Option<Section<'_>> {
    let title = "Coming by itself".to_owned();
    (!coming.is_empty()).then_some(Section { title, tone: Tone::Strong, items: Items::Coming(coming) })
}
