//! What would be done: desired, actual and ledger compared. PURE: pages are pushed in, look-ups are asked for.
//!
//! * [`Differ`]: [`Differ::new`], [`Differ::page`] (order-free, on any thread), [`Differ::merge`], [`Differ::finish`]
//! * [`guard::judge`] judges a [`Draft`] and makes the [`AppPlan`], which only a judge can make
//! * [`Plan`]: the plan of all apps, plain data, and its [`id`]

mod account;
mod adopt;
mod age;
mod attributes;
mod before_enabling;
mod build;
mod candidate;
mod causes;
mod compare;
pub mod conflicts;
mod create;
mod differ;
mod draft;
mod enable;
mod finish;
mod former_group;
mod found;
mod grants;
mod group;
mod group_change;
mod group_proof;
pub mod guard;
pub mod id;
mod lapse;
mod leave;
mod links;
mod matching;
mod members;
mod notice;
mod page;
mod plan_type;
mod protect;
mod reasons;
mod renamed_group;
mod revocations;
mod role_room;
mod settle;
mod source;
mod strangers;
mod summary;
mod unique;
mod unmanaged;
mod untouched;
mod work;

pub use differ::{Differ, Input};
pub use draft::{Bases, Draft};
pub use finish::{Answers, Ends, Needs};
pub use guard::{Allowance, GuardReport, Judged};
pub use notice::{Notice, NoticeKind};
pub use page::PageDiff;
pub use plan_type::{AppPlan, AppStatus, Coming, FORMAT, Inputs, Plan};
pub use protect::Protection;
pub use source::{Shrunk, Source};
pub use work::{RoleWork, Work};
