//! The kill loop: if the program is killed at any point, the same command from a fresh clone ends like a run without a
//! kill.
//!
//! A proxy in front of a real scim2-server kills the program (SIGKILL) at one request of an apply: before the server sees
//! it, after its effect and before the answer, or after the answer. Then the same command runs from another clone, with the
//! ledger on a branch of a bare remote, and with one in a folder. The ordinary test run takes a sample; everything is
//!
//! ```sh
//! ROLECALL_KILL=all cargo test --test all kill::
//! ```
//!
//! and one kill, as a failure names it, is `ROLECALL_KILL=git:1:37:AfterEffect cargo test --test all kill::`: ledger, requests at
//! the same time, number of the request, edge.

mod blow;
mod books;
mod company;
mod reference;
mod rounds;
mod world;

use world::Ledger;

#[test]
fn with_the_ledger_on_a_branch_no_kill_does_harm() {
    rounds::all(Ledger::Git);
}

#[test]
fn with_the_ledger_in_a_folder_no_kill_does_harm() {
    rounds::all(Ledger::Path);
}
