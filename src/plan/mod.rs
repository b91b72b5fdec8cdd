//! The plan: the comparison of the desired state, the actual state and the ledger. PURE: pages are pushed in, look-ups
//! are asked for.
//!
//! * [`Differ`]: [`Differ::new`], [`Differ::page`] (order-free, on any thread), [`Differ::merge`], [`Differ::finish`]
//! * `reading` holds it; `decide` is the recipe that turns what was read into a [`Draft`], with `people`, `roles` and
//!   `groups` as its steps
//! * [`guard::judge`] judges a [`Draft`] and makes the [`AppPlan`], which only a judge can make
//! * [`Plan`]: the plan of all apps, plain data, and its [`id`]

mod clock;
pub(crate) mod command;
mod compare;
pub mod conflicts;
mod decide;
mod draft;
mod finish;
mod groups;
pub mod guard;
mod held;
pub mod id;
mod lost_links;
mod notice;
mod own_schema;
mod people;
mod plan_type;
pub mod protect_in_all;
mod reading;
mod reasons;
mod release;
mod releases;
mod role_values;
mod roles;
mod shrunk;
mod value_cause;
mod value_table;
mod widened;
mod work;

pub use draft::{Bases, Draft};
pub use finish::{Ends, Needs};
pub use guard::{Allowance, GuardReport, Judged};
pub use held::HeldWork;
pub use notice::{Notice, NoticeKind};
pub use own_schema::OwnSchemaCheck;
pub use plan_type::{AppPlan, AppStatus, Coming, FORMAT, Inputs, Plan};
pub use reading::answers::{Answers, Holders, Past, Question};
pub use reading::course::Course;
pub use reading::differ::Differ;
pub use reading::input::Input;
pub use reading::protect::Protection;
pub use reading::rows::PageDiff;
pub use releases::Releases;
pub use shrunk::{Part, Shrunk};
pub use widened::{Line, Widening};
pub use work::{RoleWork, Work};
