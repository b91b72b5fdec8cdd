//! What tests of connectors start, for measuring.

#[path = "../../tests/rest/cloud.rs"]
pub mod cloud;
#[path = "../../tests/rest/community.rs"]
pub mod community;
#[path = "../../tests/rest/counted.rs"]
pub mod counted;
#[path = "../../tests/rest/meetings.rs"]
pub mod meetings;
#[path = "../../tests/rest/played.rs"]
pub mod played;
