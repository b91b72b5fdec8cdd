//! The figures of many years, and the table of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::picture::Harm;

/// An ordinary day on which a guard tripped or a change was held.
#[derive(Debug)]
pub struct Alarm {
    pub seed: u64,
    pub day: i32,
    /// What stopped or held.
    pub by: String,
    pub events: Vec<&'static str>,
    /// Everything on that day was about one person.
    pub is_single: bool,
    /// A role of power lost its last holder, or it was the first `takeover` of a group.
    pub is_meant: bool,
}

/// How the mistakes of one kind ended.
#[derive(Default)]
pub struct Ends {
    pub made: u64,
    /// The files were refused.
    pub refused: u64,
    /// The app was stopped, or something was held or reported as undecided.
    pub held: u64,
    /// Nothing was held, and there was no harm.
    pub harmless: u64,
    /// People lost access all the same, with or without something held.
    pub through: u64,
    pub lost: u64,
    pub most_lost: usize,
    pub most_overwritten: usize,
    pub most_empowered: usize,
    pub handed: usize,
    pub emptied: u64,
    /// Mistakes that emptied a role of power although the files call none of its holders out.
    pub emptied_undeclared: u64,
}

#[derive(Default)]
pub struct Tally {
    pub days: u64,
    pub runs: u64,
    pub alarms: Vec<Alarm>,
    /// Ordinary days with a subject that could not be decided (status 3), with what was said.
    pub partial: Vec<String>,
    pub mistakes: BTreeMap<&'static str, Ends>,
    /// Mistakes by which more people lost accounts, groups or roles than the guard of these had printed: seed, day, words.
    pub past_limit: Vec<String>,
    /// Mistakes that hit more people in all than the largest limit that a guard printed: several guards count apart.
    pub past_largest: u64,
    pub emptied: Vec<String>,
    /// Runs that took a mistake back and were held.
    pub undoing_held: Vec<String>,
    /// Mistakes after which people were still without access when they had been taken back.
    pub not_restored: Vec<String>,
}

impl Tally {
    pub fn add(&mut self, other: Tally) {
        self.days += other.days;
        self.runs += other.runs;
        self.alarms.extend(other.alarms);
        self.partial.extend(other.partial);
        self.past_limit.extend(other.past_limit);
        self.past_largest += other.past_largest;
        self.emptied.extend(other.emptied);
        self.undoing_held.extend(other.undoing_held);
        self.not_restored.extend(other.not_restored);
        for (name, ends) in other.mistakes {
            let sum = self.mistakes.entry(name).or_default();
            sum.made += ends.made;
            sum.refused += ends.refused;
            sum.held += ends.held;
            sum.harmless += ends.harmless;
            sum.through += ends.through;
            sum.lost += ends.lost;
            sum.most_lost = sum.most_lost.max(ends.most_lost);
            sum.most_overwritten = sum.most_overwritten.max(ends.most_overwritten);
            sum.most_empowered = sum.most_empowered.max(ends.most_empowered);
            sum.handed += ends.handed;
            sum.emptied += ends.emptied;
            sum.emptied_undeclared += ends.emptied_undeclared;
        }
    }

    /// Working years.
    pub fn years(&self) -> f64 {
        self.days as f64 / f64::from(super::events::WORKING_DAYS)
    }

    /// False alarms that nobody meant.
    pub fn false_alarms(&self) -> impl Iterator<Item = &Alarm> {
        self.alarms.iter().filter(|alarm| !alarm.is_meant)
    }

    /// False alarms on a day on which everything was about one person.
    pub fn of_one_person(&self) -> Vec<String> {
        let single = self.false_alarms().filter(|alarm| alarm.is_single);
        single.map(|alarm| format!("seed {} day {}: {}", alarm.seed, alarm.day, alarm.by)).collect()
    }

    pub fn per_year(&self) -> f64 {
        self.false_alarms().count() as f64 / self.years()
    }

    /// Accounts that were given to another person.
    pub fn handed(&self) -> usize {
        self.mistakes.values().map(|ends| ends.handed).sum()
    }

    /// Roles of power that a mistake emptied although the files call none of the holders out.
    pub fn emptied_undeclared(&self) -> u64 {
        self.mistakes.values().map(|ends| ends.emptied_undeclared).sum()
    }

    /// The figures, with each kind of alarm and of mistake.
    pub fn text(&self, people: usize) -> String {
        let mut text = String::new();
        let alarms = self.false_alarms().count();
        let single = self.of_one_person().len();
        let mistakes: u64 = self.mistakes.values().map(|ends| ends.made).sum();
        let sum = |of: fn(&Ends) -> u64| self.mistakes.values().map(of).sum::<u64>();
        let most = self.mistakes.values().map(|ends| ends.most_lost).max().unwrap_or_default();
        let _ = writeln!(
            text,
            "{people} people, {:.1} years, {} runs: {alarms} false alarms, {} a year; {single} for one person, {} a year; \
             {} meant; {mistakes} mistakes: {} refused, {} held, {} harmless, {} let through, {} a mistake, \
             {} people hit, at most {most} at once; {} mistakes emptied a role of power, {} a mistake, {} of them undeclared; {} past the limit of a guard, {} a mistake; {} past the largest of several; {} accounts handed over; \
             {} undoings held; {} not restored; {} days of status 3",
            self.years(),
            self.runs,
            rate(alarms as u64, self.years()),
            rate(single as u64, self.years()),
            self.alarms.len() - alarms,
            sum(|ends| ends.refused),
            sum(|ends| ends.held),
            sum(|ends| ends.harmless),
            sum(|ends| ends.through),
            rate(sum(|ends| ends.through), mistakes as f64),
            sum(|ends| ends.lost),
            self.emptied.len(),
            rate(self.emptied.len() as u64, mistakes as f64),
            self.emptied_undeclared(),
            self.past_limit.len(),
            rate(self.past_limit.len() as u64, mistakes as f64),
            self.past_largest,
            self.handed(),
            self.undoing_held.len(),
            self.not_restored.len(),
            self.partial.len(),
        );
        self.details(&mut text);
        text
    }

    fn details(&self, text: &mut String) {
        let mut kinds: BTreeMap<String, (u64, &Alarm)> = BTreeMap::new();
        for alarm in &self.alarms {
            let single = if alarm.is_single { "one person" } else { "several" };
            let meant = if alarm.is_meant { ", meant" } else { "" };
            let key = format!("{} ({single}{meant})", alarm.by);
            kinds.entry(key).or_insert((0, alarm)).0 += 1;
        }
        for (kind, (count, alarm)) in kinds {
            let _ = writeln!(
                text,
                "  alarm {count} x {kind}; for example seed {} day {}: {}",
                alarm.seed,
                alarm.day,
                alarm.events.join("; ")
            );
        }
        for (name, ends) in &self.mistakes {
            let _ = writeln!(
                text,
                "  mistake {name}: {} made, {} refused, {} held, {} harmless, {} let through, {} people (at most {}), \
                 overwritten at most {}, empowered at most {}, handed {}, emptied {}",
                ends.made,
                ends.refused,
                ends.held,
                ends.harmless,
                ends.through,
                ends.lost,
                ends.most_lost,
                ends.most_overwritten,
                ends.most_empowered,
                ends.handed,
                ends.emptied
            );
        }
        let lists = [
            ("emptied", &self.emptied),
            ("past a limit", &self.past_limit),
            ("undoing held", &self.undoing_held),
            ("not restored", &self.not_restored),
            ("status 3", &self.partial),
        ];
        for (name, list) in lists {
            for line in list.iter().take(12) {
                let _ = writeln!(text, "  {name}: {line}");
            }
        }
    }
}

impl Ends {
    /// Counts the harm of one mistake.
    pub fn count(&mut self, harm: &Harm) {
        self.through += u64::from(!harm.lost.is_empty());
        self.lost += harm.lost.len() as u64;
        self.most_lost = self.most_lost.max(harm.lost.len());
        self.most_overwritten = self.most_overwritten.max(harm.overwritten.len());
        self.most_empowered = self.most_empowered.max(harm.empowered.len());
        self.handed += harm.handed.len();
        self.emptied += harm.emptied.len() as u64;
    }
}

/// A rate; where nothing was seen, the bound that holds with 95 % confidence.
fn rate(seen: u64, of: f64) -> String {
    if seen > 0 { format!("{:.3}", seen as f64 / of) } else { format!("under {:.4}", 3.0 / of) }
}
