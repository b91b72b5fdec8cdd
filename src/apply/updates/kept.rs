//! `asked` and `kept` for every attribute that was written (safety.md 8).

use crate::apply::run::Apply;
use crate::apply::state::State;
use crate::catalog;
use crate::model::change::{ChangeKey, Facet, Object};
use crate::model::ledger::Hashes;
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
    after: Option<&Remote>,
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
        let place = request.paths.iter().position(|column| column == path);
        let shown = after.and_then(|after| after.attributes.get(place?));
        let kept = match (shown, want) {
            // What cannot be read is taken to be what was asked.
            (None | Some(Seen::Unread(_)), _) => asked.clone(),
            (Some(Seen::None), _) => Value::Null,
            (Some(Seen::Is(shown)), Want::Ref(_)) => as_our_id(state, shown),
            (Some(Seen::Is(shown)), _) => shown.clone(),
        };
        let schema = job.definition.schema(request.kind).attribute(path);
        let unassigned = |value: &Value| value.is_null() || value.as_str() == Some("");
        let is_kept =
            catalog::same(schema.as_ref(), &asked, &kept) || (unassigned(&asked) && unassigned(&kept));
        if !is_kept {
            let who = match of {
                Object::User(id) => id.to_string(),
                group => group.to_string(),
            };
            state.not_kept.insert((who, path.to_string()), not_kept(&job.app.id, of, path));
        }
        let hashes = Hashes::of(job.key, key, &asked, &kept, job.at);
        values.insert(key.clone(), hashes);
    }
}

fn not_kept(app: &AppId, object: &Object, path: &Path) -> NotKept {
    let facet = Facet::Attribute(path.key().clone());
    NotKept {
        key: ChangeKey { app: app.clone(), object: object.clone(), facet },
        text: format!("{path}: the app shows another value than it was given"),
    }
}

/// The id of a person if the account belongs to one, else the id of the account.
fn as_our_id(state: &State, shown: &Value) -> Value {
    let person = shown.as_str().and_then(|remote| state.person(remote));
    person.map_or_else(|| shown.clone(), |id| Value::str(id.as_str()))
}
