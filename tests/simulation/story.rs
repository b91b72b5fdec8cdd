//! One story from a seed: days of edits, interference and faults, then calm.

use std::collections::BTreeSet;

use rolecall::model::capabilities::MemberKey;
use rolecall::model::change::{ChangeKey, Facet, Object};
use rolecall::model::ledger::AppLedger;
use rolecall::model::op::OutcomeKind;
use rolecall::model::result::ChangeResult;
use rolecall::plan::AppStatus;

use super::app::App;
use super::blur::Blur;
use super::calm::{Calm, Excused};
use super::checks::{Check, Window};
use super::company::Company;
use super::edits::edit;
use super::generate;
use super::interfere::{break_glass, interfere, unmanaged_account};
use super::ledger::Misfortune;
use super::rng::Rng;
use super::tamper::{ANOTHER_STATE, tamper};
use super::target::{Faults, Target};
use super::truth::{Known, Truth};
use super::world::{Luck, Run, World, turned_on};

/// The most runs without faults until no change may be left.
const CALM_RUNS: usize = 12;

/// The events of many stories, counted so that a simulation without events is noticed.
#[derive(Default, Debug)]
pub struct Tally {
    pub runs: u64,
    pub deaths: u64,
    pub writes: u64,
    pub stopped: u64,
    pub held: u64,
    pub people: u64,
    pub excused: u64,
    pub conflicts: u64,
    pub calm_runs: u64,
    pub tampered: u64,
    pub blurred: u64,
    pub skewed: u64,
    pub stopped_for_good: u64,
}

impl Tally {
    /// Stories without events, or in which most is excused, prove nothing.
    pub fn has_everything(&self) {
        let events = [self.deaths, self.held, self.tampered, self.blurred, self.skewed, self.conflicts];
        assert!(!events.contains(&0), "something never happened: {self:?}");
        assert!(3 * self.excused < self.people && 20 * self.stopped_for_good < self.calm_runs, "{self:?}");
    }
}

/// Runs the story of a seed.
pub fn tell(seed: u64, tally: &mut Tally) -> Result<(), String> {
    let mut rng = Rng::new(seed);
    let company = generate::company(&mut rng);
    let app = app(&mut rng, &company);
    let batch = 1 + rng.below(6) as u32;
    let mut world = World::new(company, Target::new(app, batch));
    // Every other app shows when it created an account.
    world.target.app().clock = (seed % 2 == 1).then(|| world.now());
    if rng.chance(15) {
        world.target.capabilities.members_cap = Some(3 + rng.below(3) as u32);
    }
    let mut told = Told::default();
    let mut earlier = world.ledger.read();
    for _ in 0..4 + rng.below(8) {
        happen(&mut world, &mut rng);
        for _ in 0..1 + rng.below(2) {
            let mut luck = luck(&mut rng);
            if rng.chance(15) {
                let unedited = world.ledger.read();
                tamper_with(&mut world, &earlier, &mut rng, &mut told, tally);
                luck.decided = false;
                told.truth.declared(&world);
                told.truth.edited_away(&world, &unedited, &world.ledger.read());
                told.unedited = Some(unedited);
                told.is_edited = true;
            }
            if rng.chance(20) {
                earlier = world.ledger.read();
            }
            step(&mut world, luck, &mut told, tally)?;
        }
    }
    calm(&mut world, &mut told, tally)
}

/// What the checks know of the runs before.
#[derive(Default)]
struct Told {
    window: Window,
    truth: Truth,
    /// The ledger before it was edited by hand, for the run after it.
    unedited: Option<AppLedger>,
    /// It was edited by hand.
    is_edited: bool,
    /// An entry was edited to say that rolecall turned the account off. Where the app does not show whether an account is on, such
    /// an entry is believed (docs/status.md), so that from then on it shows it.
    says_off: bool,
}

fn tamper_with(world: &mut World, earlier: &AppLedger, rng: &mut Rng, told: &mut Told, tally: &mut Tally) {
    let now = world.now();
    let app = world.target.app().clone();
    world.ledger.edit(|ledger| {
        let done = tamper(ledger, earlier, &app, rng, now);
        told.says_off |= done == ANOTHER_STATE;
        if std::env::var_os("SIMULATION_VERBOSE").is_some() {
            eprintln!("== by hand: {done}");
        }
    });
    tally.tampered += 1;
}

/// The app before the first run.
fn app(rng: &mut Rng, company: &Company) -> App {
    let mut app = App::new(if rng.chance(25) { MemberKey::Name } else { MemberKey::Id });
    for person in &company.people {
        if rng.chance(30) {
            unmanaged_account(&mut app, rng, Some(&person.email));
        }
    }
    for _ in 0..rng.below(5) {
        unmanaged_account(&mut app, rng, None);
    }
    break_glass(&mut app);
    if rng.chance(20) {
        app.dropped.insert("title".into());
    }
    if rng.chance(20) {
        app.shouted.insert("displayname".into());
    }
    app.keeps_deleted = rng.chance(20);
    app
}

fn happen(world: &mut World, rng: &mut Rng) {
    world.today += rng.below(3) as i32;
    for _ in 0..rng.below(4) {
        let today = world.today;
        edit(&mut world.company, rng, today);
    }
    if rng.chance(4) {
        // Half of the people are deleted from the files.
        for _ in 0..world.company.people.len() / 2 {
            let today = world.today;
            edit(&mut world.company, rng, today);
        }
    }
    for _ in 0..rng.below(3) {
        interfere(&mut world.target.app(), &world.company, rng);
    }
}

fn luck(rng: &mut Rng) -> Luck {
    let mut faults = Faults::none();
    faults.rng = Rng::new(rng.next());
    let mut ledger = Misfortune::default();
    if rng.chance(60) {
        faults.refused = rng.next() % 15;
        faults.lost_before = rng.next() % 10;
        faults.lost_after = rng.next() % 10;
    }
    match rng.below(8) {
        0 | 1 => faults.die_at = Some((rng.next() % 25, rng.chance(60))),
        2 => ledger.die_at = Some(1 + rng.next() % 20),
        3 => ledger.full_at = Some(1 + rng.next() % 20),
        4 => ledger.lease = Some(rng.next() % 20),
        _ => {}
    }
    if rng.chance(6) {
        let days = if rng.chance(50) { 365 } else { -1 - rng.below(100) as i64 };
        faults.skew = days * 24 * 60;
    }
    if rng.chance(30) {
        faults.blur = Blur::random(rng);
    }
    if rng.chance(15) {
        faults.short = 30;
        faults.forgetful = 50;
    }
    Luck { faults, ledger, decided: rng.chance(5) }
}

fn step(world: &mut World, mut luck: Luck, told: &mut Told, tally: &mut Tally) -> Result<Run, String> {
    let before = world.ledger.read();
    if told.says_off && !super::plays_open_faults() {
        luck.faults.blur.unsaid = 0;
    }
    let decided = luck.decided;
    let is_skewed = luck.faults.skew != 0;
    tally.skewed += u64::from(is_skewed);
    let is_sharp = luck.faults.short == 0;
    tally.blurred += u64::from(luck.faults.blur != Blur::NONE);
    let blur = luck.faults.blur;
    world.target.start(luck.faults.clone());
    let may_turn_on = told.unedited.take().map(|unedited| world.would_turn_on(&unedited));
    told.truth.declared(world);
    let run = world.run(luck);
    tally.runs += 1;
    tally.deaths += u64::from(run.result.is_none());
    tally.writes += world.target.log.lock().expect("log").len() as u64;
    tally.stopped += u64::from(run.plan.status != AppStatus::Planned);
    tally.held += run.plan.held().count() as u64;
    let check = Check { world, run: &run, before: &before, decided, is_skewed };
    if std::env::var_os("SIMULATION_VERBOSE").is_some() {
        tell_run(world, &run);
    }
    let why = |why: String| format!("run {} on day {}: {why}", tally.runs, world.today);
    check.all(&mut told.window).map_err(why)?;
    let log = world.target.log.lock().expect("log").clone();
    told.truth.written(world, &log).map_err(why)?;
    told.truth.linked(&before, &world.ledger.read()).map_err(why)?;
    if is_sharp && !is_skewed {
        let known = Known { before: &before, is_edited: told.is_edited, blur };
        told.truth.named(world, &run, &known).map_err(why)?;
    }
    if let Some(may) = may_turn_on {
        let more: Vec<_> = turned_on(&run.plan).difference(&may).cloned().collect();
        if !more.is_empty() {
            return Err(why(format!("the edited ledger turns on {more:?}, the unedited one would not")));
        }
    }
    Ok(run)
}

/// Prints a run, to find the fault of a failing seed.
fn tell_run(world: &World, run: &Run) {
    eprintln!("== {} plan {} {:?}", run.at, run.id, run.plan.status);
    for change in &run.plan.changes {
        let ended = run.result.as_ref().and_then(|result| {
            let same = result.changes.iter().find(|one| one.key == change.key);
            same.map(|one| format!("{:?} {:?}", one.outcome, one.why))
        });
        let verdict = if change.verdict.is_do() { "do" } else { "held" };
        eprintln!(
            "   {verdict} {} {} ({}) {:?} -> {:?}: {}",
            change.kind.as_str(),
            change.key,
            change.cause.as_str(),
            change.old.text,
            change.new.text,
            ended.unwrap_or_default()
        );
    }
    for guard in &run.plan.guards {
        eprintln!("   guard {}: {}", guard.sentence(), guard.tripped);
    }
    for notice in &run.plan.notices {
        let subject = notice.subject.as_ref().map(ToString::to_string);
        eprintln!("   note {:?} {} {}", notice.kind, subject.unwrap_or_default(), notice.text);
    }
    if let Some(result) = &run.result {
        eprintln!("   stopped {:?}, halted {:?}, open {}", result.stopped, result.halted, result.open);
    }
    let intents = world.ledger.read().intents.len();
    eprintln!("   {intents} intents left");
    let ledger = world.ledger.read();
    for (id, account) in &world.target.app().accounts {
        let of =
            ledger.users.iter().find(|(_, link)| link.remote.as_str() == id).map(|(user, _)| user.as_str());
        let text = |name: &str| App::text(&account.values, name).unwrap_or_default().to_owned();
        let [login, ours] = ["username", "externalid"].map(text);
        eprintln!(
            "   has {id} {login} ({ours}), active {}, linked to {}",
            account.active,
            of.unwrap_or("nobody")
        );
    }
}

/// Runs without faults, in which held changes are released.
fn calm(world: &mut World, told: &mut Told, tally: &mut Tally) -> Result<(), String> {
    let quiet = || Luck { faults: Faults::none(), ledger: Misfortune::default(), decided: true };
    let mut before: Option<String> = None;
    for _ in 0..CALM_RUNS {
        let run = step(world, quiet(), told, tally)?;
        tally.calm_runs += 1;
        if run.plan.notices.iter().any(|notice| notice.text.contains("are gone at once")) {
            // Somebody deleted all groups, and a person says so: `ledger unlink`, as the hint names it.
            let there: BTreeSet<String> = world.target.app().teams.keys().cloned().collect();
            world.ledger.edit(|ledger| ledger.groups.retain(|_, link| there.contains(link.remote.as_str())));
            before = None;
            continue;
        }
        let excused = Excused::of(&run);
        // A value that another account has is refused by the app and tried again in each run.
        let left = run.plan.to_do().filter(|change| match (&change.key.object, &change.key.facet) {
            (_, Facet::Member(id)) | (Object::User(id), _) => !excused.conflicts.contains(id.as_str()),
            _ => true,
        });
        let waits = |key: &ChangeKey| {
            let results = run.result.iter().flat_map(|result| &result.changes);
            let mut not_sent = results.filter(|one| one.outcome == OutcomeKind::NotSent && one.key == *key);
            // A group's entry that was edited by hand names somebody who has no entry.
            let is_open = |one: &ChangeResult| {
                told.is_edited
                    && one.why.as_ref().is_some_and(|why| why.ends_with("has no account in the app"))
            };
            not_sent.any(|one| !excused.conflicts.is_empty() || is_open(one))
        };
        let left: Vec<_> = left.filter(|change| !waits(&change.key)).collect();
        let same = before.as_ref() == Some(&run.id);
        let is_stopped = run.plan.status != AppStatus::Planned;
        if is_stopped && same {
            // Many entries of the ledger are wrong, which only people can put right.
            tally.stopped_for_good += 1;
            // So are accounts that were deleted in the app, if they are all of a few.
            let status = format!("{:?}", run.plan.status);
            let is_reset = status.contains("have vanished from the app");
            let is_of_links = status.contains("link-conflicts");
            return match is_reset || (told.is_edited && is_of_links) {
                true => Ok(()),
                false => Err(format!("stopped for good: {status}")),
            };
        }
        if left.is_empty() && same {
            tally.people += world.company.people.len() as u64;
            tally.excused += excused.people.len() as u64;
            tally.conflicts += excused.conflicts.len() as u64;
            let ledger = world.ledger.read();
            let truth = told.is_edited.then_some(&told.truth);
            let calm = Calm { world, ledger, excused, truth };
            return calm.judge().map_err(|why| format!("in the end, {why}"));
        }
        before = Some(run.id);
    }
    Err(format!("still not done after {CALM_RUNS} runs without faults"))
}
