//! What would be done: desired, actual and ledger compared. PURE: pages are pushed in, look-ups are asked for.
//!
//! * [`Differ`]: [`Differ::new`], [`Differ::page`] (order-free, on any thread), [`Differ::merge`], [`Differ::finish`]
//! * [`guard::judge`] judges a [`Draft`] and makes the [`AppPlan`], which only a judge can make
//! * [`Plan`]: the plan of all apps, plain data, and its [`id`]

mod account;
mod attributes;
mod causes;
mod compare;
mod differ;
mod draft;
mod found;
mod grants;
mod group;
pub mod guard;
pub mod id;
mod links;
mod matching;
mod members;
mod notice;
mod page;
mod plan_type;
mod protect;
mod reasons;
mod settle;
mod summary;
mod unique;
mod unmanaged;
mod work;

pub use differ::{Differ, Input};
pub use draft::{Bases, Draft};
pub use guard::{Allowance, GuardReport, Judged};
pub use notice::{Notice, NoticeKind};
pub use page::PageDiff;
pub use plan_type::{AppPlan, AppStatus, Coming, FORMAT, Inputs, Plan};
pub use protect::Protection;
pub use settle::{Answers, Ends, Needs};
pub use work::{RoleWork, Work};
