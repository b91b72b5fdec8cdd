//! What is decided about one person's account, given what is declared about the person and what was found.
//!
//! * [`undeclared`]: people the ledger knows and the repository does not
//! * [`declared`]: everybody else, by what was [`found`]; [`adopt`], [`enable`], [`leave`] and [`attributes`] decide the cases,
//!   [`standing`] tells leaving from not being assigned
//! * [`create`] and [`references`]: later steps, which have to know who has which account

pub mod adopt;
pub mod attributes;
pub mod candidate;
pub mod create;
pub mod declared;
pub mod enable;
pub mod found;
pub mod lapse;
pub mod leave;
pub mod references;
pub mod standing;
pub mod undeclared;
pub mod untouched;
