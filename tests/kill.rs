//! The kill loop: if the program is killed at any point, the same command from a fresh clone ends like a run without a
//! kill.
//!
//! A proxy in front of an app kills the program (SIGKILL) at one request of an apply: before the server sees
//! it, after its effect and before the answer, or after the answer. Then the same command runs from another clone, with the
//! ledger on a branch of a bare remote, and with one in a folder. The apps are a real scim2-server, and one of ours that a document
//! describes and whose accounts are made by two requests. The ordinary test run takes a sample; everything is
//!
//! ```sh
//! ROLECALL_KILL=all cargo test --test all kill::
//! ```
//!
//! and one kill, as a failure names it, is `ROLECALL_KILL=git:1:37:AfterEffect cargo test --test all kill::`: ledger, requests at
//! the same time, number of the request, edge. Those of the second app begin with `steps-`.

mod app;
mod blow;
mod books;
mod chat;
mod company;
mod reference;
mod rounds;
mod steps;
mod world;

use crate::rest::office::Office;
use crate::support::servers::RealServer;
use world::Ledger;

#[test]
fn with_the_ledger_on_a_branch_no_kill_does_harm() {
    rounds::all::<RealServer>(Ledger::Git);
}

#[test]
fn with_the_ledger_in_a_folder_no_kill_does_harm() {
    rounds::all::<RealServer>(Ledger::Path);
}

#[test]
#[ignore = "the undisturbed run that the others are compared with leaves one manager out: docs/status.md"]
fn with_creates_of_two_steps_and_the_ledger_on_a_branch_no_kill_does_harm() {
    rounds::all::<Office>(Ledger::Git);
}

#[test]
fn with_creates_of_two_steps_and_the_ledger_in_a_folder_no_kill_does_harm() {
    rounds::all::<Office>(Ledger::Path);
}
