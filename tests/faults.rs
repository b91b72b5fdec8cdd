//! Everything that goes wrong, one fault after the other, through the whole program: what it says (as a stranger reads it:
//! app, object, request, status, what to do), what it leaves in the app, and that the next run finds its way.

// Its other servers are for others.
mod chat;
mod choice;
use crate::spine::company;
mod ledgers;
mod listings;
mod people;
mod plans;
mod reaching;
mod writing;
