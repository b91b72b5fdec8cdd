//! What would be done: desired, actual and ledger compared. PURE: pages are pushed in, look-ups are asked for.

mod draft;
pub mod guard;
pub mod id;
mod notice;
mod plan_type;

pub use draft::{Bases, Draft};
pub use guard::{Allowance, GuardReport, Judged};
pub use notice::{Notice, NoticeKind};
pub use plan_type::{AppPlan, AppStatus, Coming, FORMAT, Inputs, Plan};
