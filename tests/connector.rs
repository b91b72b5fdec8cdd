//! The connector against real servers, and against what goes wrong between them and us.

mod create_faults;
mod faults;
mod hostile;
mod list_faults;
mod logins;
mod member_faults;
mod membership;
mod reading;
mod rig;
mod write_faults;
mod writing;
