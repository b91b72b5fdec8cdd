//! Decisions about one person's account, from the declaration of the person and the findings.
//!
//! * [`undeclared`]: people the ledger knows and the repository does not
//! * [`declared`]: all others, by the account that was [`found`]; [`adopt`], [`enable`], [`leave`] and [`attributes`]
//!   decide the cases, [`refusal`] says why an account is not adopted, [`claim`] tells the account that an interrupted run created, [`standing`] tells leaving from not being assigned
//! * [`hands`]: what another hand did in the app, and whether it is held; [`hands_said`]: what the plan says of it; [`remains`]: access that stays, and since when
//! * [`interrupted`]: roles that an interrupted run took
//! * [`roles_taken`]: privileged roles that another hand took before an account was turned off
//! * [`given_up`]: an app that is given up
//! * [`beyond`]: what is kept by an account that is left alone
//! * [`former`]: accounts of people whom no file declares any more, and which the ledger does not know
//! * [`former_values`]: values that another person had, and that prove nothing of an account without a link
//! * [`taken_before`]: values that the app refused, because an account has them that no list may show
//! * [`not_linked`]: accounts without a link that are people's who are out of the scope
//! * [`vanished`] and [`renamed`]: new ids that may be those of people who vanished from the files
//! * [`create`], [`continued`] and [`references`]: later steps, which need the accounts of all people

pub(super) mod adopt;
pub(super) mod attributes;
pub(super) mod beyond;
pub(super) mod candidate;
pub(super) mod claim;
pub(super) mod collision;
pub(super) mod continued;
pub(super) mod create;
pub(super) mod declared;
pub(super) mod enable;
pub(super) mod former;
pub(super) mod former_values;
pub(super) mod found;
mod given_up;
pub(super) mod hands;
pub(super) mod hands_said;
pub(super) mod interrupted;
pub(super) mod lapse;
pub(super) mod leave;
pub(super) mod not_linked;
pub(super) mod references;
mod refusal;
pub(super) mod remains;
pub(super) mod renamed;
mod reserved;
pub(super) mod roles_taken;
pub(super) mod standing;
pub(super) mod taken_before;
pub(super) mod undeclared;
pub(super) mod untouched;
mod vanished;
