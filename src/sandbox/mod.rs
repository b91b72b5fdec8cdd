//! The sandbox: a SCIM 2.0 server (RFC 7643, RFC 7644) on the loopback interface that keeps its data in a folder.
//!
//! `url: "sandbox:"` points an app at it, so that a first plan, a demo or a rehearsal needs no account anywhere. The
//! ordinary connector talks to it over ordinary HTTP. It is strict where the standard is, and has a separate
//! implementation of filters and paths. So it may use `model/` only, never `connector/`: the same mistake is not made
//! in both.
//!
//! From the outside in: [`Sandbox`] (start, stop) -> `http` (routes, tokens, status codes) -> `service` (what each
//! request means) -> `store` (rules between resources) -> `state` (memory) and `files` (disk). `schemas` says
//! which attributes there are; `shape` checks bodies against them, `filter`, `patch` and `projection` read the
//! three small languages of the protocol, `render` writes resources.

mod answer;
mod attr;
mod discovery;
mod draft;
mod error;
mod fault;
mod files;
mod filter;
mod http;
mod id;
mod kind;
mod patch;
mod projection;
mod query;
mod render;
mod schemas;
mod server;
mod service;
mod shape;
mod state;
mod store;
mod target;

pub use error::SandboxError;
pub use server::{Sandbox, SandboxOptions};

#[cfg(test)]
mod hostile;
