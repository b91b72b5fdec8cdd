//! The preset `15five` as a whole, against the server library of 15Five.

mod company;
mod faults;
mod life;
mod offline;
mod preset;
