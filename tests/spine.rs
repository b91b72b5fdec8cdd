//! The whole way of the data against real servers: plan, apply, an empty second plan, drift, leavers.

#[path = "spine/company.rs"]
mod company;
#[path = "spine/converge.rs"]
mod converge;
#[path = "spine/others.rs"]
mod others;
mod support;
