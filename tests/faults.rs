//! Everything that goes wrong, one fault after the other, through the whole program: what it says (as a stranger reads it:
//! app, object, request, status, what to do), what it leaves in the app, and that the next run finds its way.

// Its other servers are for others.
#[path = "faults/chat.rs"]
mod chat;
#[path = "faults/choice.rs"]
mod choice;
#[allow(dead_code)]
#[path = "spine/company.rs"]
mod company;
#[path = "faults/ledgers.rs"]
mod ledgers;
#[path = "faults/listings.rs"]
mod listings;
#[path = "faults/people.rs"]
mod people;
#[path = "faults/plans.rs"]
mod plans;
#[path = "faults/reaching.rs"]
mod reaching;
mod support;
#[path = "faults/writing.rs"]
mod writing;
