//! The whole way of the data against real servers: plan, apply, an empty second plan, drift, leavers.

pub mod company;
mod converge;
mod others;
