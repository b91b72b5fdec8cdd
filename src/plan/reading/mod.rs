//! Reading: the pages of an app's listings, each compared with the desired state.
//!
//! * [`differ`]: the comparison under way; [`page`] judges one page
//! * [`answers`]: what the app said of single objects that its listings lacked
//! * [`links`]: the ledger's links with today's ids; [`matching`]: whose an account is that has no link
//! * [`protect`]: accounts that nothing may touch

pub mod answers;
pub mod differ;
pub mod links;
pub mod matching;
pub mod page;
pub mod protect;
