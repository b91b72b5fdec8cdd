//! Why a value differs: the repository changed, the app changed, or the app never kept it (safety.md 8).

use crate::model::change::Cause;
use crate::model::hash::HashKey;
use crate::model::ledger::{Hashes, Proof};
use crate::model::time::Timestamp;
use crate::model::value::Value;

/// The judgement on a difference between the desired and the actual value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Difference {
    /// The value is to change, for this cause.
    Change(Cause),
    /// The app answered that it has the value, and the first read does not show it. It is sent once more.
    Again { since: Timestamp },
    /// The app shows the same value as after our own write of this value, or did not keep it twice. It is not sent again.
    NotKept { since: Timestamp },
}

/// Judges a difference between desired and actual.
pub(super) fn judge(
    key: &HashKey,
    path: &str,
    desired: &Value,
    actual: &Value,
    known: Option<Hashes>,
) -> Difference {
    let Some(known) = known else {
        return Difference::Change(Cause::Config);
    };
    if key.value(path, desired) != known.asked {
        return Difference::Change(Cause::Config);
    }
    let shown = key.value(path, actual);
    let since = known.at;
    if shown == known.kept {
        return Difference::NotKept { since };
    }
    match known.proof {
        // Nobody has changed anything: the value was never there.
        Proof::Answer { before, again } if actual.is_unassigned() || before == Some(shown) => match again {
            false => Difference::Again { since },
            true => Difference::NotKept { since },
        },
        Proof::NotSent => Difference::NotKept { since },
        Proof::Answer { .. } | Proof::Read => Difference::Change(Cause::Drift),
    }
}

/// What is to be remembered after a read of a value of which so far only the answer to a write told; none if that value is to
/// be sent once more, or if it was changed.
pub(super) fn confirmed(
    key: &HashKey,
    path: &str,
    (desired, actual): (&Value, &Value),
    known: Option<Hashes>,
    difference: Option<Difference>,
) -> Option<Hashes> {
    let is_of_today = |known: &Hashes| known.asked == key.value(path, desired);
    let known = known.filter(|known| known.proof != Proof::Read).filter(is_of_today)?;
    match difference {
        None | Some(Difference::NotKept { .. }) => {
            Some(Hashes { kept: key.value(path, actual), proof: Proof::Read, ..known })
        }
        Some(Difference::Change(_) | Difference::Again { .. }) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn config_drift_and_not_kept_are_told_apart() {
        let key = HashKey::new([3; 32]);
        let hash = |text: &str| key.value("title", &text.into());
        let at = Timestamp::UNIX_EPOCH;
        let known = Hashes { asked: hash("Analyst"), kept: hash("Analyst "), at, proof: Proof::Read };
        let judge =
            |desired: &str, actual: &str| judge(&key, "title", &desired.into(), &actual.into(), Some(known));
        assert_eq!(judge("Engineer", "Analyst "), Difference::Change(Cause::Config));
        assert_eq!(judge("Analyst", "Boss"), Difference::Change(Cause::Drift));
        assert_eq!(judge("Analyst", "Analyst "), Difference::NotKept { since: at });
        let unknown = super::judge(&key, "title", &"a".into(), &"b".into(), None);
        assert_eq!(unknown, Difference::Change(Cause::Config));
    }

    #[test]
    fn an_answer_is_not_a_read() {
        let key = HashKey::new([3; 32]);
        let hash = |text: &str| key.value("title", &text.into());
        let at = Timestamp::UNIX_EPOCH;
        let answered = |before: Option<&str>, again| {
            let proof = Proof::Answer { before: before.map(hash), again };
            Hashes { asked: hash("Analyst"), kept: hash("Analyst"), at, proof }
        };
        let judge = |actual: Value, known| judge(&key, "title", &"Analyst".into(), &actual, Some(known));
        for nothing in [Value::Null, "".into(), "Intern".into()] {
            let first = judge(nothing.clone(), answered(Some("Intern"), false));
            assert_eq!(first, Difference::Again { since: at });
            let second = judge(nothing, answered(Some("Intern"), true));
            assert_eq!(second, Difference::NotKept { since: at });
        }
        assert_eq!(judge("Boss".into(), answered(Some("Intern"), false)), Difference::Change(Cause::Drift));
        assert_eq!(judge("Intern".into(), answered(None, false)), Difference::Change(Cause::Drift));
        let not_sent = Hashes { proof: Proof::NotSent, ..answered(None, false) };
        assert_eq!(judge("Boss".into(), not_sent), Difference::NotKept { since: at });
    }
}
