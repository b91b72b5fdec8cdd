//! Requests of a plan without a change, by connector.

use super::line;
use super::rest::counted::{Counted, bluejeans, jive, keystone, scim};

/// A full last page, with the connection's own account where the app lists it.
const FULL: usize = 200;
/// Where the server takes long to make an account.
const FEW: usize = 3;

/// Counts the requests of a plan for so many people.
type Count = fn(usize) -> Counted;

pub fn measure() {
    let connectors: [(Count, usize); 4] =
        [(scim, FULL), (jive, FULL - 1), (bluejeans, FULL - 1), (keystone, FEW)];
    for (count, people) in connectors {
        let counted = count(people);
        let Counted { connector, pages, full, .. } = counted;
        let name = format!("{connector}, {pages} pages, {full} full");
        line::count(&name, counted.plain() as u64, counted.most() as u64, "requests");
        println!("{:<34} all: {counted}", "");
    }
}
