//! The connector with real servers, and with faults between it and them.

mod ahead;
mod busy;
mod create_faults;
mod faults;
mod hostile;
mod list_faults;
mod logins;
mod look_ups;
mod member_cut;
mod member_faults;
mod membership;
mod odd;
mod reading;
pub mod rig;
mod schemas;
mod write_faults;
mod writing;
