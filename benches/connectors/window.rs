//! An app that lets 25 requests a second through: all get through, each once, in hardly more time than that takes.

use super::line::Line;
use super::staged::{Engine, Staged};
use crate::bench::habits::Habits;

const PER_SECOND: u64 = 25;
const REQUESTS: usize = 1000;
const ROWS: usize = 5;
/// Groups, all on one page that is not full.
const GROUPS: usize = 4;

pub fn measure() {
    for engine in Engine::BOTH {
        for (lines, aim) in [("limits: {rate: 25/s}", 1.05), ("", 1.5)] {
            // One page is of groups.
            let staged = Staged::new((REQUESTS - 1) * ROWS, GROUPS, engine, lines);
            let habits = Habits { page: Some(ROWS), per_second: Some(PER_SECOND), ..Habits::default() };
            // What the plan takes besides; of a rate it would only show the rate.
            let at_once = lines.is_empty().then(|| {
                let free = Habits { per_second: None, ..habits };
                staged.plan(free).wall.as_secs_f64()
            });
            let run = staged.plan(habits);
            let log = staged.app.log();
            let how = if lines.is_empty() { "only 429 says it" } else { "rate: 25/s" };
            let name = format!("{}, {how}", engine.name());
            Line {
                name: &name,
                figure: run.wall.as_secs_f64(),
                unit: "s",
                beside: "arithmetic",
                other: log.requests() as f64 / PER_SECOND as f64,
                aim,
            }
            .print();
            println!(
                "{name:<34} {:>9} answered, {} turned away, {} answered twice",
                log.requests(),
                log.turned_away,
                log.doubled()
            );
            if let Some(at_once) = at_once {
                println!("{:<34} {at_once:>9.2} s        without a limit", "");
            }
            assert_eq!(log.doubled(), 0, "nothing is asked for again after it was answered");
        }
    }
}
