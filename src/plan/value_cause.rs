//! Why a value differs: the repository changed, the app changed, or the app never kept it (safety.md 8).

use crate::model::change::Cause;
use crate::model::hash::HashKey;
use crate::model::ledger::Hashes;
use crate::model::time::Timestamp;
use crate::model::value::Value;

/// The judgement on a difference between the desired and the actual value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Difference {
    /// The value is to change, for this cause.
    Change(Cause),
    /// The app shows the same value as after our own write of this value. It is not sent again.
    NotKept { since: Timestamp },
}

/// Judges a difference between desired and actual.
pub(super) fn judge(
    key: &HashKey,
    path: &str,
    desired: &Value,
    actual: &Value,
    known: Option<&Hashes>,
) -> Difference {
    let Some(known) = known else {
        return Difference::Change(Cause::Config);
    };
    if key.value(path, desired) != known.asked {
        Difference::Change(Cause::Config)
    } else if key.value(path, actual) != known.kept {
        Difference::Change(Cause::Drift)
    } else {
        Difference::NotKept { since: known.at }
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
        let known = Hashes { asked: hash("Analyst"), kept: hash("Analyst "), at };
        let judge =
            |desired: &str, actual: &str| judge(&key, "title", &desired.into(), &actual.into(), Some(&known));
        assert_eq!(judge("Engineer", "Analyst "), Difference::Change(Cause::Config));
        assert_eq!(judge("Analyst", "Boss"), Difference::Change(Cause::Drift));
        assert_eq!(judge("Analyst", "Analyst "), Difference::NotKept { since: at });
        let unknown = super::judge(&key, "title", &"a".into(), &"b".into(), None);
        assert_eq!(unknown, Difference::Change(Cause::Config));
    }
}
