//! How many requests a plan without a change sends, by connector, as the server of the app counts them: one for each page, one more for
//! a list whose last page is full, and what the document declares.

use super::counted::{Counted, bluejeans, jive, keystone, scim};

fn are(counted: &Counted, requests: &str) {
    assert_eq!(counted.to_string(), requests, "{}", counted.connector);
    assert!(counted.plain() <= counted.most(), "{}: {counted}", counted.connector);
}

#[test]
fn of_scim() {
    are(&scim(3), "list 2, other 4");
}

#[test]
fn of_jive() {
    are(&jive(3), "check 1, details 1, list 4, members 2, self 1");
}

#[test]
fn of_bluejeans() {
    are(&bluejeans(3), "check 1, list 1, once 1, token 1");
}

#[test]
fn of_keystone() {
    are(&keystone(3), "check 2, details 1, list 2, members 1, token 1");
}
