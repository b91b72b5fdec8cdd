//! The connector against real servers, and against what goes wrong between them and us.

mod support;

#[path = "connector/create_faults.rs"]
mod create_faults;
#[path = "connector/faults.rs"]
mod faults;
#[path = "connector/hostile.rs"]
mod hostile;
#[path = "connector/list_faults.rs"]
mod list_faults;
#[path = "connector/logins.rs"]
mod logins;
#[path = "connector/member_faults.rs"]
mod member_faults;
#[path = "connector/membership.rs"]
mod membership;
#[path = "connector/reading.rs"]
mod reading;
#[path = "connector/rig.rs"]
mod rig;
#[path = "connector/write_faults.rs"]
mod write_faults;
#[path = "connector/writing.rs"]
mod writing;
