//! Every fault, one after the other, through the whole program: the message (app, object, request, status, remedy), the
//! effect in the app, and the next run, which has to end well.

// Other tests use the other servers of this module.
mod chat;
mod choice;
use crate::spine::company;
mod cut_members;
mod git;
mod ledgers;
mod listings;
mod people;
mod plans;
pub mod reaching;
mod side_effects;
pub mod writing;
