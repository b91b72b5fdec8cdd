//! Reading: the pages of an app's listings, each compared with the desired state.
//!
//! * [`differ`]: the comparison under way; [`page`] judges one page; [`rows`] are what it keeps of one
//! * [`answers`]: the app's answers about single objects that its listings did not show
//! * [`links`]: the ledger's links with today's ids; [`matching`]: the person of an account without a link
//! * [`protect`]: accounts that nothing may touch

pub(super) mod answers;
pub(super) mod differ;
pub(super) mod links;
pub(super) mod matching;
pub(super) mod page;
pub(super) mod protect;
pub(super) mod rows;
