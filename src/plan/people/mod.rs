//! Decisions about one person's account, from the declaration of the person and the findings.
//!
//! * [`undeclared`]: people the ledger knows and the repository does not
//! * [`declared`]: all others, by the account that was [`found`]; [`adopt`], [`enable`], [`leave`] and [`attributes`]
//!   decide the cases, [`standing`] tells leaving from not being assigned
//! * [`create`] and [`references`]: later steps, which need the accounts of all people

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
