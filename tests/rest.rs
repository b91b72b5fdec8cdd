//! Apps with an interface of their own, as documents describe it, through the program and against a real server.

#[path = "rest/cloud.rs"]
mod cloud;
#[path = "rest/faults.rs"]
mod faults;
#[path = "rest/life.rs"]
mod life;
