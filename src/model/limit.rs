//! Limits of guards: the smallest of a list of terms, some of which the `guard:` section replaces (safety.md 11).

use std::fmt;

/// Below this a share never stops anything: in a small app one person is many percent.
pub const FLOOR: u64 = 3;

/// One term of a limit: the largest count that passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// `10`, or `max(10, 1 %)`: a number that may grow with the base. The key `GUARD` takes its place.
    Number {
        /// It is never less.
        least: u64,
        /// Share of the base, in percent.
        percent: u64,
    },
    /// `5 %`, and never less than [`FLOOR`]. The key `GUARD_percent` takes its place.
    Percent(u64),
    /// `20 and 25 %`: both have to be passed. Each key takes the place of its side.
    Both {
        /// The number.
        number: u64,
        /// The percentage.
        percent: u64,
    },
}

impl Term {
    /// The largest count that passes, against this base. Numbers from settings and ledgers may be of any size.
    pub fn most(self, base: u64) -> u64 {
        let (least, percent) = match self {
            Term::Number { least, percent } | Term::Both { number: least, percent } => (least, percent),
            Term::Percent(percent) => (FLOOR, percent),
        };
        let share = u128::from(percent) * u128::from(base) / 100;
        least.max(u64::try_from(share).unwrap_or(u64::MAX))
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Term::Number { least, percent: 0 } => write!(f, "{least}"),
            Term::Number { least, percent } => write!(f, "max({least}, {percent} %)"),
            Term::Percent(percent) => write!(f, "{percent} %"),
            Term::Both { number, percent } => write!(f, "{number} and {percent} %"),
        }
    }
}

/// A limit as set: a number, a percentage, or both; `None` keeps the guard's default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limit {
    /// Stop above this many.
    pub count: Option<u64>,
    /// Stop above this share of the base, in percent.
    pub percent: Option<u64>,
}

/// A limit that holds: the smallest of its terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms(Vec<Term>);

impl Terms {
    /// Settings over a default. A number that is set takes the place of every number, a percentage of every percentage.
    pub fn of(default: &[Term], set: Limit) -> Self {
        if let [Term::Both { number, percent }] = *default {
            let (number, percent) = (set.count.unwrap_or(number), set.percent.unwrap_or(percent));
            return Self(vec![Term::Both { number, percent }]);
        }
        let number = set.count.map(|least| Term::Number { least, percent: 0 });
        let percent = set.percent.map(Term::Percent);
        let kept = default.iter().copied().filter(|term| match term {
            Term::Number { .. } => number.is_none(),
            Term::Percent(_) => percent.is_none(),
            Term::Both { .. } => true,
        });
        Self(number.into_iter().chain(kept).chain(percent).collect())
    }

    /// The largest count that passes; `None` is no limit.
    pub fn most(&self, base: u64) -> Option<u64> {
        self.0.iter().map(|term| term.most(base)).min()
    }

    /// The number to name in a message.
    pub fn number(&self, base: u64) -> Option<u64> {
        let number = |term: &Term| match *term {
            Term::Number { .. } => Some(term.most(base)),
            Term::Both { number, .. } => Some(number),
            Term::Percent(_) => None,
        };
        self.0.iter().filter_map(number).min()
    }

    /// The percentage to name in a message.
    pub fn percent(&self) -> Option<u64> {
        let percent = |term: &Term| match *term {
            Term::Percent(percent) | Term::Both { percent, .. } => Some(percent),
            Term::Number { .. } => None,
        };
        self.0.iter().filter_map(percent).min()
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
        f.write_str(&terms.join(", or "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Guard;

    #[test]
    fn a_percentage_does_not_bite_below_the_floor() {
        let set = Limit { count: Some(10), percent: Some(5) };
        let is_over = |count, base| Guard::Leavers.terms(set).most(base).is_some_and(|most| count > most);
        assert!(!is_over(3, 5));
        assert!(is_over(4, 5));
        assert!(!is_over(4, 80));
        assert!(is_over(11, 100_000));
    }

    #[test]
    fn the_default_count_grows_with_the_base_until_it_is_set() {
        let number = |set| Guard::Deprovision.terms(set).number(5_000);
        assert_eq!(number(Limit::default()), Some(50));
        assert_eq!(number(Limit { count: Some(7), percent: None }), Some(7));
    }

    #[test]
    fn a_setting_takes_the_place_of_its_own_term() {
        let of = |guard: Guard, count, percent| guard.terms(Limit { count, percent }).to_string();
        assert_eq!(of(Guard::Deprovision, None, None), "max(10, 1 %), or 5 %");
        assert_eq!(of(Guard::Deprovision, Some(7), None), "7, or 5 %");
        assert_eq!(of(Guard::Deprovision, None, Some(9)), "max(10, 1 %), or 9 %");
        assert_eq!(of(Guard::Create, Some(3), None), "3 and 25 %");
        assert_eq!(of(Guard::Source, None, Some(20)), "max(10, 5 %), or 20 %");
        assert_eq!(of(Guard::Leavers, None, None), "no limit");
    }

    #[test]
    fn a_limit_is_the_smallest_of_its_terms() {
        let number = |least, percent| Term::Number { least, percent };
        let terms = [number(5, 5), number(10, 1), number(1, 50), number(250, 0)];
        let most = |base| Terms::of(&terms, Limit::default()).most(base);
        assert_eq!([6, 100, 600, 5_000, 100_000].map(most), [3, 5, 10, 50, 250].map(Some));
        assert_eq!(Terms::of(&[], Limit::default()).most(7), None);
        assert_eq!(number(1, u64::MAX).most(u64::MAX), u64::MAX);
    }
}
