//! Limits of guards: the smallest of a list of terms, some of which the `guard:` section replaces (safety.md 11).

use std::fmt;

use serde::{Deserialize, Serialize};

/// One term of a limit: the largest count that passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// `250`, or `max(5, 5 %)`: a share of the base, and never less than a number. `guard:` replaces it.
    Number {
        /// It is never less.
        least: u64,
        /// Share of the base, in percent.
        percent: u64,
    },
    /// `max(1, half)`: half of the base, and never less than a number. It stays, whatever is set.
    Half {
        /// It is never less.
        least: u64,
    },
    /// All of the base but one. It stays, whatever is set.
    AllButOne,
}

impl Term {
    /// A number, whatever the base.
    pub const fn number(least: u64) -> Self {
        Term::Number { least, percent: 0 }
    }

    /// A share in percent, and never less than a number.
    pub const fn share(least: u64, percent: u64) -> Self {
        Term::Number { least, percent }
    }

    /// The largest count that passes, against this base. Numbers from settings and ledgers may be of any size.
    pub fn most(self, base: u64) -> Most {
        let (least, share, of) = match self {
            Term::Number { least, percent } => {
                let share = u128::from(percent) * u128::from(base) / 100;
                (least, u64::try_from(share).unwrap_or(u64::MAX), Share::Percent(percent))
            }
            Term::Half { least } => (least, base / 2, Share::Half),
            Term::AllButOne => (0, base.saturating_sub(1), Share::AllButOne),
        };
        Most { number: least.max(share), share: (share >= least && share > 0).then_some(of) }
    }

    /// True if `guard:` replaces it.
    fn is_number(self) -> bool {
        matches!(self, Term::Number { .. })
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Term::Number { least, percent: 0 } => write!(f, "{least}"),
            Term::Number { least, percent } => write!(f, "max({least}, {percent} %)"),
            Term::Half { least } => write!(f, "max({least}, half)"),
            Term::AllButOne => f.write_str("all but one"),
        }
    }
}

/// The largest count that passes, and the share of the base that it comes from, if it comes from one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Most {
    pub number: u64,
    pub share: Option<Share>,
}

/// A share of a base.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Share {
    Percent(u64),
    Half,
    AllButOne,
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Share::Percent(percent) => write!(f, "{percent} %"),
            Share::Half => f.write_str("half"),
            Share::AllButOne => f.write_str("all but one"),
        }
    }
}

/// A limit as set: a number, a percentage, or both; if neither is set, the guard's default holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limit {
    /// Stop above this many.
    pub count: Option<u64>,
    /// Stop above this share of the base, in percent. One person always passes.
    pub percent: Option<u64>,
}

/// A limit that holds: the smallest of its terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms(Vec<Term>);

impl Terms {
    /// Settings over a default. What is set takes the place of every number and every percentage.
    pub fn of(default: &[Term], set: Limit) -> Self {
        let number = set.count.map(Term::number);
        let percent = set.percent.map(|percent| Term::share(1, percent));
        let is_set = number.is_some() || percent.is_some();
        let kept = default.iter().copied().filter(|term| !(is_set && term.is_number()));
        Self(number.into_iter().chain(percent).chain(kept).collect())
    }

    /// The largest count that passes; `None` is no limit.
    pub fn most(&self, base: u64) -> Option<Most> {
        self.0.iter().map(|term| term.most(base)).min_by_key(|most| most.number)
    }
}

impl From<Term> for Terms {
    fn from(term: Term) -> Self {
        Self(vec![term])
    }
}

impl fmt::Display for Terms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("no limit");
        }
        let terms: Vec<_> = self.0.iter().map(Term::to_string).collect();
        match terms.len() {
            1 => f.write_str(&terms[0]),
            _ => write!(f, "the smallest of {}", terms.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Guard;

    fn most(guard: Guard, set: Limit, base: u64) -> Option<u64> {
        guard.terms(set).most(base).map(|most| most.number)
    }

    #[test]
    fn a_percentage_lets_one_person_pass() {
        let set = Limit { count: None, percent: Some(5) };
        assert_eq!(
            [5, 20, 39, 40, 100].map(|base| most(Guard::Deprovision, set, base)),
            [1, 1, 1, 2, 5].map(Some)
        );
    }

    #[test]
    fn a_setting_takes_the_place_of_all_numbers() {
        let of = |guard: Guard, count, percent| guard.terms(Limit { count, percent }).to_string();
        assert_eq!(
            of(Guard::Deprovision, None, None),
            "the smallest of max(5, 5 %), max(10, 1 %), max(1, half), 250"
        );
        assert_eq!(of(Guard::Deprovision, Some(70), None), "the smallest of 70, max(1, half)");
        assert_eq!(of(Guard::Deprovision, None, Some(9)), "the smallest of max(1, 9 %), max(1, half)");
        assert_eq!(of(Guard::Create, Some(3), Some(25)), "the smallest of 3, max(1, 25 %)");
        assert_eq!(of(Guard::MinMembers, None, None), "no limit");
    }

    #[test]
    fn a_limit_is_the_smallest_of_its_terms() {
        let of = |guard: Guard| {
            [2, 6, 20, 100, 600, 5_000, 100_000].map(|base| most(guard, Limit::default(), base).unwrap())
        };
        assert_eq!(of(Guard::Deprovision), [1, 3, 5, 5, 10, 50, 250]);
        assert_eq!(of(Guard::Membership), [2, 3, 5, 25, 30, 250, 500]);
        assert_eq!(of(Guard::Revoke), [2, 3, 5, 25, 30, 250, 500]);
        assert_eq!(of(Guard::Gain), [3, 3, 10, 10, 10, 10, 10]);
        assert_eq!(of(Guard::Update), [20, 20, 20, 25, 150, 1_250, 2_500]);
        let cleared = |base| Guard::Update.terms_of_cleared(Limit::default()).most(base).unwrap().number;
        assert_eq!([2, 20, 100, 600, 100_000].map(cleared), [3, 3, 10, 60, 100]);
        assert_eq!(of(Guard::Leavers), [1, 3, 5, 5, 30, 250, 500]);
        assert_eq!(of(Guard::Login), [1, 3, 5, 5, 12, 100, 250]);
        assert_eq!(of(Guard::Create), [20, 20, 20, 25, 150, 500, 500]);
        assert_eq!(of(Guard::Source), [3, 3, 10, 10, 30, 250, 500]);
        assert_eq!(Terms::of(&[], Limit::default()).most(7), None);
        assert_eq!(Term::share(1, u64::MAX).most(u64::MAX).number, u64::MAX);
    }

    #[test]
    fn a_limit_says_which_share_it_is() {
        let share = |base| Guard::Deprovision.terms(Limit::default()).most(base).and_then(|most| most.share);
        assert_eq!(
            [2, 20, 600, 5_000, 100_000].map(share),
            [Some(Share::Half), None, None, Some(Share::Percent(1)), None]
        );
    }
}
