//! Tokens that are good for two seconds, over ten seconds with eight requests under way.

use std::time::Duration;

use super::line;
use super::staged::{Engine, Staged};
use crate::bench::habits::Habits;

const LIFE: Duration = Duration::from_secs(2);
const OVER: Duration = Duration::from_secs(10);
const DELAY: Duration = Duration::from_millis(100);
const ROWS: usize = 5;

pub fn measure() {
    // Eight at once, ten times a second.
    let pages = 8 * OVER.as_millis() as usize / DELAY.as_millis() as usize;
    let staged = Staged::new(pages * ROWS + 1, 4, Engine::Document, "limits: {concurrency: 8}");
    let habits = Habits { page: Some(ROWS), delay: DELAY, token_life: Some(LIFE), ..Habits::default() };
    let run = staged.plan(habits);
    let log = staged.app.log();
    let begin = log.tokens.first().expect("a token was asked for");
    let within = log.tokens.iter().filter(|at| at.duration_since(*begin) < OVER).count() as u64;
    println!(
        "tokens     {} requests in {:.2} s, {} at once, {} tokens",
        log.requests(),
        run.wall.as_secs_f64(),
        log.at_once,
        log.tokens.len()
    );
    line::count("token requests in 10 s, life 2 s", within, 7, "requests");
    line::count("token requests at once", log.tokens_at_once, 1, "requests");
    line::count("requests with an ended token", log.unknown, 0, "requests");
}
