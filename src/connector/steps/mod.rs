//! Every protocol needs these steps around its requests: whether the pages of a list add up, how a write request ended, the
//! rounds of "look, write, look again", and several requests sent in turn.

mod in_turn;
mod look;
mod outcome;
mod rounds;
mod sent;
mod tally;

pub use look::Found;
pub use outcome::{already, answered, not_sent, read, refused, told, unknown, written};
pub use rounds::{Next, Rounds, Write, turned_away};
pub use sent::{Request, Sent, may_pass, send};
pub use tally::{PageFacts, Paging, Step, Tally};
