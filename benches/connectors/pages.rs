//! A list of 200 pages, each of which the app answers after 100 ms: a plan takes hardly more than what it has to wait for, or than it
//! takes without waiting.

use std::time::Duration;

use super::line::Line;
use super::staged::{Engine, Staged};
use crate::bench::habits::Habits;

const DELAY: Duration = Duration::from_millis(100);
const PAGES: usize = 200;
const ROWS: usize = 100;
/// Of the app, as it is where nothing is said.
const CONCURRENCY: f64 = 8.0;
/// Groups, all on one page that is not full.
const GROUPS: usize = 40;

pub fn measure() {
    for engine in Engine::BOTH {
        let staged = Staged::new(PAGES * ROWS, GROUPS, engine, "");
        let habits = Habits { page: Some(ROWS), ..Habits::default() };
        staged.plan(habits);
        let at_once = staged.plan(habits).wall.as_secs_f64();
        let run = staged.plan(Habits { delay: DELAY, ..habits });
        let log = staged.app.log();
        // Whatever is no page behind a first one is waited for alone: what goes before the lists, the first page of each, and the one
        // beyond the full last page.
        let others = (PAGES - 1) as f64;
        let alone = log.requests() as f64 - others;
        let critical = (alone + others / CONCURRENCY) * DELAY.as_secs_f64();
        let name = engine.name();
        println!(
            "{name:<10} {} requests, {alone} of them waited for alone; at most {} at once",
            log.requests(),
            log.at_once
        );
        println!("{name:<10} critical path {critical:.2} s, the same plan at delay 0 {at_once:.2} s");
        Line {
            name: &format!("{name}, {PAGES} pages of 100 ms"),
            figure: run.wall.as_secs_f64(),
            unit: "s",
            beside: "the larger",
            other: critical.max(at_once),
            aim: 1.15,
        }
        .print();
    }
}
