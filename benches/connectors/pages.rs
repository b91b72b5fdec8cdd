//! A list of 200 pages, each of which the app answers after 100 ms: a plan takes hardly more than what it has to wait for, or than it
//! takes without waiting.

use std::time::Duration;

use super::line::Line;
use super::staged::{Engine, Staged};
use crate::bench::habits::Habits;

const DELAY: Duration = Duration::from_millis(100);
const PAGES: usize = 200;
/// Rows of a page. With few of them there is hardly more to do than to wait.
const ROWS: [usize; 2] = [10, 100];
/// The shortest of so many runs counts: others may use the machine, too.
const RUNS: usize = 3;
/// Of the app, as it is where nothing is said.
const CONCURRENCY: f64 = 8.0;
/// Groups, all on one page that is not full.
const GROUPS: usize = 40;

pub fn measure() {
    for engine in Engine::BOTH {
        for rows in ROWS {
            of(engine, rows);
        }
    }
}

fn of(engine: Engine, rows: usize) {
    let staged = Staged::new(PAGES * rows, GROUPS.min(rows - 1), engine, "");
    let shortest = |habits: Habits| {
        let walls = (0..RUNS).map(|_| staged.plan(habits).wall.as_secs_f64());
        walls.fold(f64::INFINITY, f64::min)
    };
    let habits = Habits { page: Some(rows), ..Habits::default() };
    let at_once = shortest(habits);
    let waiting = shortest(Habits { delay: DELAY, ..habits });
    let log = staged.app.log();
    // Whatever is no page behind a first one is waited for alone: what goes before the lists, the first page of each, and the one
    // beyond the full last page.
    let others = (PAGES - 1) as f64;
    let alone = log.requests() as f64 - others;
    let critical = (alone + others / CONCURRENCY) * DELAY.as_secs_f64();
    let name = format!("{}, 200 pages of {rows} rows", engine.name());
    Line {
        name: &name,
        figure: waiting,
        unit: "s",
        beside: "the larger below",
        other: critical.max(at_once),
        aim: 1.15,
    }
    .print();
    println!(
        "{:<34} critical path {critical:.2} s ({alone} requests alone), the same plan at delay 0 {at_once:.2} s; {} at once",
        "", log.at_once
    );
}
