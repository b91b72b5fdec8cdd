//! From nodes to the typed model. The schema has spoken by now: these readers check what it cannot say (references,
//! dates, addresses, what contradicts what) and are silent about values that it refused.

pub mod app;
pub mod app_checks;
pub mod app_policies;
pub mod assignment;
pub mod attribute;
pub mod auth;
pub mod company;
pub mod connectors;
pub mod cycle;
pub mod date;
pub mod duration;
pub mod group;
pub mod guard;
mod invisible;
pub mod mapping;
pub mod policy;
pub mod power;
pub mod preset;
pub mod previously;
pub mod principal;
pub mod reader;
pub mod required;
pub mod role;
pub mod secret;
pub mod settings;
pub mod tree;
pub mod typed_app;
pub mod unique;
pub mod user;
