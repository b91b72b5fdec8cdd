//! How many years of which companies are lived, and from which seeds. This file, the kinds of events and the kinds of
//! mistakes were committed before the defaults of the guards were first tuned.
//!
//! Half of the seeds are for tuning; an ordinary test run takes its years from them. The other half is lived once, when the
//! tuning is over, so that the figures in `docs/safety.md` do not come from companies to which the guards were fitted.

/// A size of company.
pub struct Size {
    pub people: usize,
    /// Working days that a year has here.
    pub days: i32,
    /// Years of an ordinary test run.
    pub few: u64,
    /// Years of each half.
    pub half: u64,
    /// False alarms a year that a test run accepts: about half as many again as were measured.
    pub alarms: f64,
}

pub const SIZES: [Size; 5] = [
    Size { people: 5, days: 250, few: 40, half: 500, alarms: 0.5 },
    Size { people: 20, days: 250, few: 20, half: 500, alarms: 2.0 },
    Size { people: 60, days: 250, few: 10, half: 150, alarms: 3.5 },
    Size { people: 300, days: 250, few: 2, half: 30, alarms: 4.0 },
    Size { people: 5_000, days: 250, few: 1, half: 2, alarms: 20.0 },
];

/// The largest company lives only so many days in an ordinary test run.
pub const FEW_DAYS_OF_THE_LARGEST: i32 = 25;

/// Which seeds.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Half {
    /// For tuning, and for every test run.
    Tuning,
    /// For one run after the tuning.
    Proof,
}

impl Size {
    /// The seed of a year.
    pub fn seed(&self, half: Half, year: u64) -> u64 {
        let first = match half {
            Half::Tuning => 1,
            Half::Proof => 500_001,
        };
        self.people as u64 * 1_000_000 + first + year
    }
}
