//! Carrying out ops, each with one call. A refused batch is halved until the refused member stands alone.

use futures_util::Stream;

use super::run::Apply;
use super::seats::Seat;
use super::task::{Done, Lane, Task};
use super::write_kind::WriteKind;
use crate::model::op::{Action, After, Outcome, OutcomeState};
use crate::model::remote::Presence;

/// Carries out the ops of a lane, one after the other; each result is given at once. It uses a queue instead of
/// recursion: the halves of a refused batch go back to its front. With `is_compared` the object is read after each write.
pub(super) fn lane<'a>(
    apply: &'a Apply<'a>,
    mut tasks: Lane,
    is_compared: bool,
) -> impl Stream<Item = Done> + 'a {
    tasks.reverse();
    let open = (tasks, Vec::new());
    futures_util::stream::unfold(open, move |(mut open, mut held)| async move {
        loop {
            if let Some((task, why)) = held.pop() {
                return Some((Done::held(task, why), (open, held)));
            }
            let cut = apply.kinds.cut(apply.job, &apply.index, open.pop()?);
            held.extend(cut.held);
            let Some(task) = cut.rest else { continue };
            match apply.seats.before(&task) {
                Seat::Tried => {}
                Seat::Later => return Some((Done::waiting(task), (open, held))),
                Seat::None(why) => return Some((Done::held(task, why), (open, held))),
            }
            let mut outcome = one(apply, &task).await;
            match &outcome.state {
                OutcomeState::Written if is_compared => compare(apply, &task, &mut outcome).await,
                OutcomeState::Unknown { .. } if is_compared => {
                    apply.kinds.count_unread(WriteKind::of_op(&task.op));
                }
                // The app took it, and the connector saw that it did something else.
                OutcomeState::Refused { .. } if is_compared => {
                    if let After::Read(remote) = &outcome.after {
                        apply.kinds.compare_life(&task, Some(&Presence::Here(remote.clone())));
                    }
                }
                _ => {}
            }
            if outcome.state.is_done() {
                apply.kinds.count(apply.job, &apply.index, &task);
            }
            apply.kinds.learn(apply.job, &task, &outcome.side_effects);
            if let Seat::Later = apply.seats.after(&task, &outcome) {
                return Some((Done::waiting(task), (open, held)));
            }
            match (&outcome.state, task.halves()) {
                (OutcomeState::Refused { divisible: true, .. }, Some((first, second))) => {
                    open.extend([second, first]);
                }
                _ => return Some((Done::sent(task, outcome), (open, held))),
            }
        }
    })
}

/// Reads the object after a write: an answer to a write is not a read.
async fn compare(apply: &Apply<'_>, task: &Task, outcome: &mut Outcome) {
    let job = apply.job;
    let (request, known) = match &task.op.action {
        Action::CreateUser { .. } => (&job.users, None),
        Action::CreateGroup { .. } => (&job.groups, None),
        Action::UpdateUser { remote, .. } | Action::DeleteUser { remote } => (&job.users, Some(remote)),
        Action::UpdateGroup { remote, .. } | Action::DeleteGroup { remote } => (&job.groups, Some(remote)),
        // The connector reads a group before and after it changes its members.
        Action::Members { .. } => return apply.kinds.compare(job, task, outcome),
        Action::ContinueUser { .. } => return,
    };
    let id = known.or_else(|| outcome.after.remote().map(|remote| &remote.id)).cloned();
    let is_open = !matches!(outcome.after, After::Read(_)) && job.connector.capabilities().reads_back;
    let mut seen = None;
    if let (Some(id), true) = (id, is_open) {
        seen = job.connector.get(request, &id).await.ok();
    }
    if let Some(Presence::Here(remote)) = &seen {
        outcome.after = After::Read(remote.clone());
    } else if let After::Read(remote) = &outcome.after {
        seen = Some(Presence::Here(remote.clone()));
    }
    apply.kinds.compare_life(task, seen.as_ref());
    match outcome.after {
        After::Read(_) => apply.kinds.compare(job, task, outcome),
        After::Answered(_) | After::NotShown => apply.kinds.count_unread(WriteKind::of_attributes(&task.op)),
    }
}

async fn one(apply: &Apply<'_>, task: &Task) -> Outcome {
    if let Some(why) = apply.stopped() {
        return Outcome::bare(OutcomeState::NotSent { why });
    }
    let job = apply.job;
    let request = match &task.op.action {
        Action::CreateUser { .. }
        | Action::ContinueUser { .. }
        | Action::UpdateUser { .. }
        | Action::DeleteUser { .. } => &job.users,
        Action::CreateGroup { .. }
        | Action::UpdateGroup { .. }
        | Action::DeleteGroup { .. }
        | Action::Members { .. } => &job.groups,
    };
    let gate = |timeout| match apply.stopped() {
        Some(why) => Err(why),
        // A lease that is too short for one request is too short for all that follow.
        None => job.recorder.may_send(timeout).inspect_err(|why| {
            apply.halt.get_or_init(|| why.clone());
        }),
    };
    let outcome = job.connector.write(&task.op, request, &gate).await;
    let is_create = matches!(task.op.action, Action::CreateUser { .. } | Action::CreateGroup { .. });
    if is_create && outcome.state.is_done() && outcome.after == After::NotShown {
        // Without an id there is nothing to link: the next plan has to find the object.
        let why = "the app accepted it, and did not show its id".to_owned();
        return Outcome::bare(OutcomeState::Unknown { why });
    }
    outcome
}
