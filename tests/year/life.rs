//! One company through one year: every working day the files are edited, planned and applied; once a month something is
//! edited by mistake, stands for two runs, and is taken back.

use std::collections::{BTreeMap, BTreeSet};

use rolecall::model::capabilities::MemberKey;
use rolecall::model::change::Verdict;
use rolecall::model::{Guard, RoleId};
use rolecall::plan::{AppStatus, GuardReport};

use super::company::{Company, Line, POWER, Project, member};
use super::events::{self, Happened};
use super::generate;
use super::mistakes::{self, Scene};
use super::picture::{Access, Groups, Picture};
use super::tally::{Alarm, Tally};
use crate::simulation::app::App;
use crate::simulation::company::Day;
use crate::simulation::ledger::Misfortune;
use crate::simulation::rng::Rng;
use crate::simulation::target::{Faults, Target};
use crate::simulation::world::{Luck, Run, World};

/// Working days between two mistakes, and the first of them.
const MONTH: i32 = 21;
const FIRST: i32 = 12;

/// Runs with releases until nothing may be left to do or held.
const SETTLING: usize = 8;

pub struct Life {
    world: World<Company>,
    seed: u64,
    rng: Rng,
    /// Mistakes have random numbers of their own, so that a new kind of event does not change them.
    slips: Rng,
    /// The last day with a run.
    last: Day,
    tally: Tally,
}

/// Lives so many working days of a company.
pub fn live(people: usize, seed: u64, days: i32) -> Tally {
    let mut rng = Rng::new(seed);
    let company = generate::company(&mut rng, people);
    let mut target = Target::new(App::new(MemberKey::Id), 100);
    target.keeps_log = false;
    let slips = Rng::new(seed ^ 0x51_1b5);
    let world = World::new(company, target);
    let mut life = Life { world, seed, rng, slips, last: 0, tally: Tally::default() };
    life.settle("the first days");
    for day in 1..=days {
        life.day(day);
    }
    life.tally.days = days as u64;
    life.tally
}

fn luck(decided: bool) -> Luck {
    Luck { faults: Faults::none(), ledger: Misfortune::default(), decided }
}

/// The calendar day of a working day; the first is a Monday.
fn calendar(day: i32) -> Day {
    day / 5 * 7 + day % 5
}

impl Life {
    fn run(&mut self, decided: bool) -> Run {
        self.tally.runs += 1;
        let run = self.world.try_run(luck(decided));
        self.last = self.world.today;
        run.unwrap_or_else(|found| panic!("seed {}, day {}: {found:?}", self.seed, self.world.today))
    }

    fn picture(&self, groups: Groups) -> Picture {
        Picture::of(&self.world.target.app(), &self.world.ledger.read(), groups)
    }

    fn day(&mut self, day: i32) {
        let today = calendar(day).max(self.world.today);
        if today > self.world.today {
            (self.world.today, self.world.minute) = (today, 0);
        }
        let mut happened = events::day(&mut self.world.company, &mut self.rng, today);
        let due = due(&self.world.company, self.last, today);
        if !due.is_empty() {
            happened.events.push("a date comes");
            happened.is_single = happened.events.len() == 1 && due.len() == 1;
        }
        // On a day without edits and dates the plan is that of the day before, which left nothing to do.
        if !happened.events.is_empty() {
            self.ordinary(day, happened);
        }
        if day % MONTH == FIRST {
            self.mistake(day);
        }
    }

    fn ordinary(&mut self, day: i32, happened: Happened) {
        let before = self.picture(Groups::ById);
        let run = self.run(false);
        let by = stops(&run);
        let partial = partial(&run);
        if !partial.is_empty() {
            self.tally.partial.push(format!(
                "seed {} day {day}: {partial} ({})",
                self.seed,
                happened.events.join("; ")
            ));
        }
        if by.is_empty() {
            return;
        }
        self.settle(&by);
        let is_emptied =
            !before.emptied(&self.picture(Groups::ById)).is_empty() || would_empty(&run, &before);
        let is_meant = is_emptied || by == "guard:takeover";
        let Happened { events, is_single } = happened;
        self.tally.alarms.push(Alarm { seed: self.seed, day, by, events, is_single, is_meant });
    }

    /// Runs with everything released, until nothing is left to do. Returns who had to become an administrator for it.
    fn settle(&mut self, why: &str) -> BTreeSet<String> {
        let mut made = BTreeSet::new();
        for _ in 0..SETTLING {
            let run = self.run(true);
            if run.plan.to_do().count() == 0
                && run.plan.held().count() == 0
                && run.plan.status == AppStatus::Planned
            {
                return made;
            }
            let min_members = |change: &&rolecall::model::Change| matches!(&change.verdict, Verdict::Held { by, .. } if &**by == "guard:min_members");
            if run.plan.held().any(|change| min_members(&change)) {
                made.extend(self.another_admin());
            }
        }
        let run = self.run(true);
        let left: Vec<_> = run
            .plan
            .changes
            .iter()
            .map(|change| format!("{} {} {:?}", change.kind.as_str(), change.key, change.verdict))
            .collect();
        panic!(
            "seed {}, day {}: not settled after {why}: {:?} {left:#?}",
            self.seed, self.world.today, run.plan.status
        );
    }

    /// Where the last holder cannot go, somebody else becomes one: the founder, or the next who is here.
    fn another_admin(&mut self) -> Option<String> {
        let (company, today) = (&mut self.world.company, self.world.today);
        let holders = company.holders("admin");
        let people = company.people.iter();
        let mut next = people.filter(|person| person.is_here(today) && !holders.contains(&person.id));
        let id = next.next()?.id.clone();
        let next = member(format!("user:{id}"));
        match company.line("admin") {
            Some(line) => line.members.push(next),
            None => company.lines.push(Line { role: "admin".to_owned(), members: vec![next] }),
        }
        Some(id)
    }

    fn mistake(&mut self, day: i32) {
        let today = self.world.today;
        let good = self.world.company.clone();
        let before = self.picture(Groups::ById);
        let names = self.picture(Groups::ByName);
        let scene = Scene { today, accounts: &before.accounts() };
        let name = mistakes::make(&mut self.world.company, &mut self.slips, scene);
        // The mistake is applied, and once more on the next day, when the losses of the first run are out of the window.
        let mut stopped = false;
        let (mut limit, mut limits) = (0, BTreeMap::new());
        let mut refused = false;
        for night in 0..2 {
            self.world.today = today + night;
            self.tally.runs += 1;
            match self.world.try_run(luck(false)) {
                Err(_) => refused = true,
                Ok(run) => {
                    told(&run);
                    stopped |= !stops(&run).is_empty() || !partial(&run).is_empty();
                    limit = run.plan.guards.iter().filter_map(most).max().unwrap_or(0).max(limit);
                    for (access, guard, most) in run.plan.guards.iter().filter_map(of_access) {
                        let of_guards: &mut BTreeMap<Guard, u64> = limits.entry(access).or_default();
                        let known = of_guards.entry(guard).or_default();
                        *known = most.max(*known);
                    }
                }
            }
        }
        let besides = due(&good, self.last, self.world.today);
        let harm = before.harm(&self.picture(Groups::ById), &besides);
        let place = format!("seed {} day {day}: {name}", self.seed);
        let (wrong, holders) = (&self.world.company, |role: &&str| before.holders(role));
        // Whom the files call out goes, even the last holder (safety.md 14); all others are kept by the guards.
        // Somebody whom no file declares any more is called out by nothing.
        let is_called_out =
            |id: &String| wrong.place(id).is_some_and(|place| !wrong.people[place].is_here(today));
        let undeclared = harm.emptied.iter().flat_map(holders).any(|id| !is_called_out(&id));
        let ends = self.tally.mistakes.entry(name).or_default();
        ends.made += 1;
        ends.emptied_undeclared += u64::from(undeclared);
        ends.refused += u64::from(refused);
        ends.held += u64::from(stopped);
        ends.harmless += u64::from(!refused && !stopped && harm.lost.is_empty());
        ends.count(&harm);
        if !harm.emptied.is_empty() {
            self.tally.emptied.push(format!("{place}: {:?}", harm.emptied));
        }
        for (access, lost) in &harm.lost_of {
            let limit: u64 = limits.get(access).into_iter().flat_map(BTreeMap::values).sum();
            let hit = lost.len() as u64;
            if hit > limit {
                self.tally.past_limit.push(format!("{place}: {hit} people lost {access:?}, limit {limit}"));
            }
        }
        // Several guards together: each person once, against the largest limit that was printed.
        self.tally.past_largest += u64::from(harm.lost.len().max(harm.empowered.len()) as u64 > limit);
        self.take_back(good, &names, &besides, &place);
    }

    fn take_back(&mut self, good: Company, before: &Picture, besides: &BTreeSet<String>, place: &str) {
        self.world.company = good;
        let run = self.run(false);
        let by = stops(&run);
        if !by.is_empty() {
            self.tally.undoing_held.push(format!("{place}: {by}"));
        }
        let made = self.settle(place);
        let mut left = before.harm(&self.picture(Groups::ByName), besides);
        left.empowered.retain(|person| !made.contains(person));
        if !left.lost.is_empty() || !left.empowered.is_empty() {
            self.tally.not_restored.push(format!("{place}: {left:?}"));
        }
    }
}

/// What stops or holds something in a run, each once.
fn stops(run: &Run) -> String {
    let tripped =
        run.plan.guards.iter().filter(|report| report.tripped).map(|report| report.guard.short_name());
    let held = run.plan.held().filter_map(|change| match &change.verdict {
        Verdict::Held { by, .. } => Some(by.to_string()),
        Verdict::Do => None,
    });
    let stopped = match &run.plan.status {
        AppStatus::Planned => None,
        AppStatus::Stopped { by, .. } => Some(format!("stopped by {by}")),
        other => Some(format!("{other:?}")),
    };
    let all: BTreeSet<_> = tripped.chain(held).chain(stopped).collect();
    all.into_iter().collect::<Vec<_>>().join(", ")
}

/// Prints a run of a mistake, if `YEAR_VERBOSE` is set.
fn told(run: &Run) {
    if std::env::var_os("YEAR_VERBOSE").is_none() {
        return;
    }
    println!("== {} {:?}", run.at, run.plan.status);
    for change in &run.plan.changes {
        let held = match &change.verdict {
            Verdict::Held { by, .. } => format!("held by {by}"),
            Verdict::Do => "do".to_owned(),
        };
        println!("   {held}: {} {} ({})", change.kind.as_str(), change.key, change.cause.as_str());
    }
    for report in &run.plan.guards {
        println!("   {}{}", report.sentence(), if report.tripped { ": tripped" } else { "" });
    }
}

/// The headings of notices that make a plan partial, with their number.
fn partial(run: &Run) -> String {
    let notices: Vec<_> = run.plan.notices.iter().filter(|notice| notice.kind.is_partial()).collect();
    notices
        .first()
        .map(|notice| format!("{} x {}: {}", notices.len(), notice.kind.heading(), notice.text))
        .unwrap_or_default()
}

/// True if what a run held, and what it did, would leave a role of power without a holder.
fn would_empty(run: &Run, before: &Picture) -> bool {
    POWER.iter().any(|role| {
        let of: RoleId = role.parse().expect("an id");
        let losses = run.plan.changes.iter().filter(|change| change.takes(&of));
        let losers: BTreeSet<String> =
            losses.filter_map(|change| Some(change.loser()?.to_string())).collect();
        let holders = before.holders(role);
        !holders.is_empty() && holders.iter().all(|id| losers.contains(id))
    })
}

/// What a guard counts, and the largest count that passes it. Accounts have two guards: one counts the people whom the files call out,
/// the other one all others.
fn of_access(report: &GuardReport) -> Option<(Access, Guard, u64)> {
    let access = match report.guard {
        Guard::Deprovision | Guard::Leavers => Access::Account,
        Guard::Membership => Access::Group,
        Guard::Revoke => Access::Role,
        _ => return None,
    };
    Some((access, report.guard, report.limit.filter(|_| report.of.is_none())?))
}

/// The largest count that passes a guard.
fn most(report: &GuardReport) -> Option<u64> {
    report.limit
}

/// The people for whom a date of the files comes after the last run and until today.
fn due(company: &Company, last: Day, today: Day) -> BTreeSet<String> {
    let comes = |day: Day| last < day && day <= today;
    let ends = |day: Day| comes(day + 1);
    let of = |principal: &str| principal.strip_prefix("user:").map(str::to_owned);
    let mut ids = BTreeSet::new();
    for person in &company.people {
        if person.start.is_some_and(comes) || person.end.is_some_and(ends) {
            ids.insert(person.id.clone());
        }
    }
    let everybody =
        |project: &Project| project.members.iter().filter_map(|one| of(&one.principal)).collect::<Vec<_>>();
    for member in company.projects.iter().flat_map(|project| &project.members) {
        ids.extend(of(&member.principal).filter(|_| member.expires.is_some_and(ends)));
    }
    for member in
        company.lines.iter().flat_map(|line| &line.members).filter(|one| one.expires.is_some_and(ends))
    {
        let group = member.principal.strip_prefix("group:").unwrap_or_default();
        let project = company.projects.iter().find(|project| project.id == group);
        ids.extend(project.map(everybody).unwrap_or_default());
        ids.extend(of(&member.principal));
    }
    ids
}
