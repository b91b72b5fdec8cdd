//! The whole way of the data with real servers: plan, apply, an empty second plan, drift, leavers.

pub mod company;
mod converge;
mod others;
