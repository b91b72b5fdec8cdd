//! From what is declared to what is desired: who is in which group, who holds which role, who has an account, and what
//! its attributes should be. PURE: the instant is an argument.
//!
//! 1. [`Programs::compile`] checks and compiles every expression.
//! 2. [`Resolved::new`] works out memberships, roles and scope at one instant.
//! 3. [`DesiredApp::attributes`] evaluates a person's mapping on demand.
//! 4. [`PastApp`] is what another commit says, as plain data.
//! 5. [`why()`](why::grant) walks the graph backwards and gives the chain of facts behind a grant.

mod attributes;
mod compared;
mod conflicts;
mod declared_holders;
mod desired;
mod documented;
mod duplicates;
mod findings;
mod horizon;
mod lacking;
mod life;
mod membership;
mod own_lines;
mod past;
mod place;
mod policy;
mod programs;
mod resolved;
mod standing;
pub mod why;

pub use attributes::{DesiredAttribute, RoleStorage};
pub use compared::invisible_texts;
pub use conflicts::Conflict;
pub use declared_holders::DeclaredHolders;
pub use desired::{DesiredApp, DesiredGroup};
pub use findings::findings;
pub use horizon::{Edge, EdgeKind, EdgeOf};
pub use life::{Life, life};
pub use membership::{Ends, Holders, Memberships};
pub use own_lines::{own_life, own_lines};
pub use past::{PastApp, PastPerson, PastRole, ends_of, names_of};

pub use programs::{CompiledMapping, Programs};
pub use resolved::Resolved;
pub use standing::{OutReason, Standing};
