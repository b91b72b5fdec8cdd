//! Carrying out ops, each with one call. A refused batch is halved until the refused member stands alone.

use futures_util::Stream;

use super::run::Apply;
use super::task::{Done, Lane, Task};
use crate::model::op::{Action, Outcome, OutcomeState};

/// Carries out the ops of a lane, one after the other; each result is given at once. It uses a queue instead of
/// recursion: the halves of a refused batch go back to its front.
pub(super) fn lane<'a>(apply: &'a Apply<'a>, mut tasks: Lane) -> impl Stream<Item = Done> + 'a {
    tasks.reverse();
    futures_util::stream::unfold(tasks, move |mut open| async move {
        loop {
            let task = open.pop()?;
            let outcome = one(apply, &task).await;
            match (&outcome.state, task.halves()) {
                (OutcomeState::Refused { divisible: true, .. }, Some((first, second))) => {
                    open.extend([second, first]);
                }
                _ => return Some((Done { task, outcome }, open)),
            }
        }
    })
}

async fn one(apply: &Apply<'_>, task: &Task) -> Outcome {
    if let Some(why) = apply.stopped() {
        return ended(OutcomeState::NotSent { why });
    }
    let job = apply.job;
    let request = match &task.op.action {
        Action::CreateUser { .. } | Action::UpdateUser { .. } | Action::DeleteUser { .. } => &job.users,
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
    if is_create && outcome.state.is_done() && outcome.after.is_none() {
        // Without an id there is nothing to link: the next plan has to find the object.
        let why = "the app accepted it, and did not show its id".to_owned();
        return ended(OutcomeState::Unknown { why });
    }
    outcome
}

fn ended(state: OutcomeState) -> Outcome {
    Outcome { state, after: None }
}
