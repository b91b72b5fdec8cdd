//! `asked` and `kept` for every attribute that was written (safety.md 8).

use crate::apply::run::Apply;
use crate::apply::state::State;
use crate::catalog;
use crate::model::change::{ChangeKey, Facet, Object};
use crate::model::hash::ShortHash;
use crate::model::ledger::{Hashes, Proof};
use crate::model::op::{After, Outcome};
use crate::model::remote::ListRequest;
use crate::model::result::NotKept;
use crate::model::seen::Seen;
use crate::model::{AppId, AttributeHashes, Path, Remote, Value, Want};

/// Remembers each requested value and the value that the app made of it; `of` is the account or group.
pub(super) fn remember(
    apply: &Apply<'_>,
    state: &mut State,
    values: &mut AttributeHashes,
    request: &ListRequest,
    wanted: &[(Path, Want)],
    outcome: &Outcome,
    of: &Object,
) {
    let job = apply.job;
    for (path, want) in wanted {
        let key = path.key();
        if job.plan.work.unhashed.contains(key) {
            values.remove(key);
            continue;
        }
        let asked = match want {
            Want::Is(value) => value.clone(),
            Want::Ref(to) => Value::str(to.as_str()),
            Want::Clear => Value::Null,
            Want::Keep => continue,
        };
        let ours = |shown: &Value| match want {
            Want::Ref(_) => as_our_id(state, shown),
            Want::Is(_) | Want::Clear | Want::Keep => shown.clone(),
        };
        let place = request.paths.iter().position(|column| column == path);
        let of_path = |remote: &'_ Remote| place.and_then(|place| remote.attributes.get(place).cloned());
        let shown = outcome.after.remote().and_then(of_path);
        let kept = match &shown {
            // What cannot be read is taken to be what was asked.
            None | Some(Seen::Unread(_)) => asked.clone(),
            Some(Seen::None) => Value::Null,
            Some(Seen::Is(shown)) => ours(shown),
        };
        let schema = job.definition.schema(request.kind).attribute(path);
        let is_kept =
            catalog::same(schema.as_ref(), &asked, &kept) || (asked.is_unassigned() && kept.is_unassigned());
        let hashes = Hashes::of(job.key, key, &asked, &kept, job.at);
        let proof = match outcome.after {
            After::Read(_) => Proof::Read,
            After::Answered(_) | After::NotShown => {
                let before = match outcome.before.as_deref().and_then(of_path) {
                    Some(Seen::Is(before)) if !before.is_unassigned() => {
                        Some(job.key.value(key, &ours(&before)))
                    }
                    Some(Seen::Is(_) | Seen::None | Seen::Unread(_)) | None => None,
                };
                let last = values.get(key).filter(|last| last.asked == hashes.asked);
                let again = last.is_some_and(|last| was_not_kept(last, before));
                Proof::Answer { before, again }
            }
        };
        values.insert(key.clone(), Hashes { proof, ..hashes });
        if !is_kept {
            let text = format!("{path}: the app shows another value than it was given");
            let note = NotKept { key: change_key(&job.app.id, of, path), text };
            state.not_kept.insert((of.name(), path.to_string()), note);
        }
    }
}

/// True if the last write of the same value was answered and not kept: what stands there before this one, if anything does, stood there
/// before that one. Any other value came from another hand.
fn was_not_kept(last: Hashes, before: Option<ShortHash>) -> bool {
    matches!(last.proof, Proof::Answer { before: then, .. } if before.is_none() || before == then)
}

/// Remembers values that were not sent, because another account or group showed that the app does not keep them.
pub(super) fn remember_left_out(apply: &Apply<'_>, values: &mut AttributeHashes, left_out: &[(Path, Want)]) {
    let job = apply.job;
    for (path, want) in left_out {
        let asked = match want {
            Want::Is(value) => value.clone(),
            Want::Ref(to) => Value::str(to.as_str()),
            Want::Clear | Want::Keep => continue,
        };
        let hashes = Hashes::of(job.key, path.key(), &asked, &asked, job.at);
        values.insert(path.key().clone(), Hashes { proof: Proof::NotSent, ..hashes });
    }
}

fn change_key(app: &AppId, object: &Object, path: &Path) -> ChangeKey {
    let facet = Facet::Attribute(path.key().clone());
    ChangeKey { app: app.clone(), object: object.clone(), facet }
}

/// The id of a person if the account belongs to one, else the id of the account.
fn as_our_id(state: &State, shown: &Value) -> Value {
    let person = shown.as_str().and_then(|remote| state.person(remote));
    person.map_or_else(|| shown.clone(), |id| Value::str(id.as_str()))
}
