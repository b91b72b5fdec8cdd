//! Every protocol needs these steps around its requests: whether the pages of a list add up, how a write request ended, the
//! rounds of "look, write, look again", whether look-ups prove an absence, several requests sent in turn, and whether a refusal says that no seat is free.

mod can;
mod deleted;
mod in_turn;
mod index;
mod look;
mod look_ups;
mod looked_up;
mod outcome;
mod rounds;
mod rows_seen;
mod seats;
mod sent;
mod tally;

pub use can::cannot;
pub use deleted::deleted;
pub use in_turn::partly;
pub use index::{Holders, Index};
pub use look::Found;
pub use look_ups::{Answered, LookUps, Sample, Tried, prove};
pub use looked_up::{LookedFor, the_only};
pub use outcome::{already, answered, not_sent, read, refused, refused_by, told, unknown, written};
pub use rounds::{Next, Rounds, Write, turned_away};
pub use rows_seen::{RowsSeen, Taken};
pub use seats::are_full;
pub use sent::{Request, Sent, may_pass, send};
pub use tally::{PageFacts, Paging, Step, Tally};
