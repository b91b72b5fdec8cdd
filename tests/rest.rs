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
mod company;
#[path = "rest/exchanges.rs"]
mod exchanges;
#[path = "rest/faults.rs"]
mod faults;
#[path = "rest/grants.rs"]
mod grants;
#[path = "rest/habits.rs"]
mod habits;
mod inherited;
#[path = "rest/jive.rs"]
mod jive;
#[path = "rest/life.rs"]
mod life;
#[path = "rest/meetings.rs"]
mod meetings;
#[path = "rest/no_off.rs"]
mod no_off;
#[path = "rest/office.rs"]
mod office;
#[path = "rest/played.rs"]
mod played;
#[path = "rest/served.rs"]
mod served;
#[path = "rest/sign_in.rs"]
mod sign_in;
#[path = "rest/steps.rs"]
mod steps;
