//! Reading: the pages of an app's listings, each compared with the desired state.
//!
//! * [`differ`]: the comparison under way; [`page`] judges one page
//! * [`answers`]: the app's answers about single objects that its listings did not show
//! * [`links`]: the ledger's links with today's ids; [`matching`]: the person of an account without a link
//! * [`protect`]: accounts that nothing may touch

pub mod answers;
pub mod differ;
pub mod links;
pub mod matching;
pub mod page;
pub mod protect;
