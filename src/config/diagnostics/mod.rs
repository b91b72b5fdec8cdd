//! Findings for people ([`text()`]), for machines ([`json()`]) and as annotations of a pull request ([`github()`]).
//! Everything that comes from a file is escaped: a finding never moves the cursor or changes a colour.

mod escape;
mod github;
mod json;
mod text;
mod window;

pub use escape::escape;
pub use github::github;
pub use json::{Finding, Other, json};
pub use text::{Look, text};

/// Findings whose line is never repeated: it may hold a secret.
const UNSHOWN: [&str; 1] = ["literal-secret"];
