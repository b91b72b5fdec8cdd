//! The sandbox: servers on the loopback interface that play an app and keep its data in a folder.
//!
//! `url: "sandbox:"` points an app at one, so that a first plan, a demo or a rehearsal needs no account anywhere. The
//! ordinary connector talks to it over ordinary HTTP. It may use `model/` only, never `connector/`: the same mistake is not
//! made in both.
//!
//! [`Plays`] says which app. All of them share [`Sandbox`] (start, stop), `ground` (what a server stands on), `key` (the
//! secret), and `disk` (a locked folder in which a change is kept before it is answered).
//!
//! SCIM 2.0 (RFC 7643, RFC 7644), strict where the standard is: `http` (routes, status codes) -> `service` (what each request
//! means) -> `store` (rules between resources) -> `state` (memory) and `files` (disk). `schemas` says which attributes there
//! are; `shape` checks bodies against them, `filter`, `patch` and `projection` read the three small languages of the
//! protocol, `render` writes resources.
//!
//! Apps with an interface of their own are emulators, written from public documentation: a folder each, [`jive`] and [`bluejeans`], over
//! `asked` (a request, taken apart), `records` (tables of objects) and `requests` (notes for tests).

mod answer;
mod asked;
mod attr;
pub mod bluejeans;
mod discovery;
mod disk;
mod draft;
mod error;
mod fault;
mod files;
mod filter;
mod ground;
mod http;
mod id;
pub mod jive;
mod key;
mod kind;
mod patch;
mod plays;
mod projection;
mod query;
mod records;
mod render;
mod reply;
mod requests;
mod schemas;
mod server;
mod service;
mod shape;
mod state;
mod store;
mod target;

pub use error::SandboxError;
pub use ground::USER;
pub use plays::Plays;
pub use requests::{Noted, Requests};
pub use server::{Sandbox, SandboxOptions};

#[cfg(test)]
mod hostile;
