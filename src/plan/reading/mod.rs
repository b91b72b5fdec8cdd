//! Reading: the pages of an app's listings, each compared with the desired state.
//!
//! * [`differ`]: the comparison under way, of an [`input`]; [`page`] judges one page; [`rows`] are what it keeps of one
//! * [`questions`]: what the app is asked because its listings did not show it; [`answers`]: what it answered
//! * [`evidence`]: whether a linked account is the person's own; [`identity`] has the types; [`creation`]: whether it is the same
//!   account as before; [`likeness`]: whether an id is still the same person; [`commits`]: what git is asked; [`was_out`]: whether git says that it was us who turned an account off
//! * [`course`]: how the files stand to the commit that was applied last
//! * [`lag`]: what a listing may not show yet
//! * [`links`]: the ledger's links with today's ids; [`lines`]: lines of `links:` without effect; [`matching`]: the person of an account without a link; [`former`]: whether it may be a former person's
//! * [`taken`]: values that another account has; [`owners`]: the people to whom values belong
//! * [`own_attributes`]: what the app's own schema lets be written
//! * [`protect`]: accounts that nothing may touch; [`shown`], [`shown_facts`] and [`role_list`]: what follows where an
//!   answer leaves something out

pub(super) mod answers;
pub(super) mod commits;
pub(super) mod course;
pub(super) mod creation;
pub(super) mod differ;
pub(super) mod evidence;
pub(super) mod former;
pub(super) mod identity;
pub(super) mod input;
pub(super) mod lag;
pub(super) mod likeness;
pub(super) mod lines;
pub(super) mod links;
mod listed_power;
pub(super) mod matching;
pub(super) mod namesakes;
pub(super) mod own_attributes;
pub(super) mod owners;
pub(super) mod page;
pub(super) mod protect;
pub(super) mod questions;
pub(super) mod role_list;
pub(super) mod rows;
pub(super) mod shown;
pub(super) mod shown_facts;
pub(super) mod taken;
pub(super) mod was_out;
