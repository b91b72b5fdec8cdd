//! A year of ordinary days, in companies of 5 to 5,000 people: how often do the guards cry over nothing, and which mistakes
//! do they let through?
//!
//! The files are edited, planned and applied on every working day. An ordinary day on which a guard trips or a change is
//! held is a *false alarm*. A mistake by which people lose access is *let through*. `year/events.rs` has what happens and how
//! often, `year/mistakes.rs` the mistakes, `year/seeds.rs` the seeds.
//!
//! ```sh
//! cargo test --test all year:: -- --nocapture                       # a few years of each size
//! YEARS=tuning cargo test --release --test all year:: -- --nocapture # 500 years of the smallest company, and so on
//! YEARS=proof …                                                     # the other half of the seeds, once
//! YEARS=full …                                                      # both halves
//! YEARS=tuning YEARS_OF=60 …                                        # one size only
//! YEAR_SEED=60000007 …                                              # one year, with all its figures
//! ```

mod company;
mod events;
mod generate;
mod life;
mod mistakes;
mod people;
mod picture;
mod power;
mod seeds;
mod structure;
mod tally;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use seeds::{FEW_DAYS_OF_THE_LARGEST, Half, SIZES, Size};
use tally::Tally;

/// The years of one size and one half of the seeds.
struct Task {
    size: &'static Size,
    half: Half,
    years: u64,
    days: i32,
    tally: Mutex<Tally>,
}

impl Task {
    fn new(size: &'static Size, half: Half, is_long: bool) -> Self {
        let is_largest = size.people == SIZES[SIZES.len() - 1].people;
        let days = if is_largest && !is_long { FEW_DAYS_OF_THE_LARGEST } else { size.days };
        let years = if is_long { size.half } else { size.few };
        Self { size, half, years, days, tally: Mutex::default() }
    }
}

/// Lives all years on all cores, the largest companies first.
fn live(tasks: &[Task]) {
    let years = |task: usize| (0..tasks[task].years).map(move |year| (task, year));
    let all: Vec<(usize, u64)> = (0..tasks.len()).rev().flat_map(years).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some((task, year)) = all.get(next.fetch_add(1, Ordering::SeqCst)) {
            let task = &tasks[*task];
            let tally = life::live(task.size.people, task.size.seed(task.half, *year), task.days);
            task.tally.lock().unwrap().add(tally);
        }
    };
    std::thread::scope(|scope| {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        (0..cores).for_each(|_| _ = scope.spawn(work));
    });
}

fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name}={text} is not a number")))
}

#[test]
fn a_year_of_ordinary_days() {
    if let Some(seed) = number("YEAR_SEED") {
        let size = SIZES.iter().find(|size| size.people as u64 == seed / 1_000_000).expect("a size");
        print!("{}", life::live(size.people, seed, size.days).text(size.people));
        return;
    }
    let wanted = std::env::var("YEARS").ok();
    let halves: &[Half] = match wanted.as_deref() {
        None | Some("tuning") => &[Half::Tuning],
        Some("proof") => &[Half::Proof],
        Some("full") => &[Half::Tuning, Half::Proof],
        Some(other) => panic!("YEARS={other}: `tuning`, `proof` or `full`"),
    };
    let only = number("YEARS_OF");
    let sizes = SIZES.iter().filter(|size| only.is_none_or(|people| people == size.people as u64));
    let tasks = sizes.flat_map(|size| halves.iter().map(|half| Task::new(size, *half, wanted.is_some())));
    let tasks: Vec<Task> = tasks.collect();
    live(&tasks);
    for Task { size, half, tally, .. } in &tasks {
        print!("{half:?}: {}", tally.lock().unwrap().text(size.people));
    }
    for Task { size, tally, .. } in &tasks {
        let (tally, people) = (tally.lock().unwrap(), size.people);
        assert!(tally.per_year() <= size.alarms, "{people} people: too many false alarms");
        assert!(tally.of_one_person().is_empty(), "{people} people: {:?}", tally.of_one_person());
        assert_eq!(tally.emptied_undeclared(), 0, "{people} people: a role of power lost all holders");
        assert!(tally.past_limit.is_empty(), "{people} people: {:?}", tally.past_limit);
        assert_eq!(tally.handed(), 0, "{people} people: an account was given to another person");
        assert!(tally.not_restored.is_empty(), "{people} people: {:?}", tally.not_restored);
        assert!(tally.partial.is_empty(), "{people} people: {:?}", tally.partial);
    }
}
