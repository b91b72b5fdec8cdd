//! The connector against real servers, and against what goes wrong between them and us.

mod support;

#[path = "connector/faults.rs"]
mod faults;
#[path = "connector/reading.rs"]
mod reading;
#[path = "connector/rig.rs"]
mod rig;
#[path = "connector/write_faults.rs"]
mod write_faults;
#[path = "connector/writing.rs"]
mod writing;
