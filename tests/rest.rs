//! Apps with an interface of their own, as documents describe it, through the program and against a real server.

#[path = "rest/ahead.rs"]
mod ahead;
#[path = "rest/bluejeans.rs"]
mod bluejeans;
#[path = "rest/checks.rs"]
mod checks;
#[path = "rest/cloud.rs"]
mod cloud;
#[path = "rest/community.rs"]
mod community;
#[path = "rest/company.rs"]
pub mod company;
#[path = "rest/counted.rs"]
mod counted;
#[path = "rest/exchanges.rs"]
mod exchanges;
#[path = "rest/faults.rs"]
mod faults;
#[path = "rest/grants.rs"]
mod grants;
#[path = "rest/habits.rs"]
mod habits;
#[path = "rest/hub.rs"]
mod hub;
#[path = "rest/inherited.rs"]
mod inherited;
#[path = "rest/jive.rs"]
mod jive;
#[path = "rest/keys.rs"]
mod keys;
#[path = "rest/life.rs"]
mod life;
#[path = "rest/limits.rs"]
mod limits;
#[path = "rest/lists.rs"]
mod lists;
#[path = "rest/look_ups.rs"]
mod look_ups;
#[path = "rest/meetings.rs"]
mod meetings;
#[path = "rest/no_off.rs"]
mod no_off;
#[path = "rest/office.rs"]
pub mod office;
#[path = "rest/played.rs"]
mod played;
#[path = "rest/power.rs"]
mod power;
#[path = "rest/reaching.rs"]
mod reaching;
#[path = "rest/requests.rs"]
mod requests;
#[path = "rest/rights.rs"]
mod rights;
#[path = "rest/served.rs"]
mod served;
#[path = "rest/sign_in.rs"]
mod sign_in;
#[path = "rest/steps.rs"]
pub mod steps;
#[path = "rest/understood.rs"]
mod understood;
#[path = "rest/unkept.rs"]
mod unkept;
#[path = "rest/writing.rs"]
mod writing;
