//! The ground floor: the types every room shares. PURE: no I/O, no clock, no async, no randomness.
//!
//! * [`id`]: ids are not strings
//! * [`span`], [`diagnostic`]: where something was written, and what is wrong with it
//! * [`value`], [`want`], [`path`]: attribute values, what we want them to be, where they live in an app
//! * [`company`], [`name`], [`app`], [`member`], [`expr_source`]: the typed configuration
//! * [`endpoint`], [`header`]: where and how an app is asked
//! * [`capabilities`], [`remote`], [`seen`]: what an app can do, what was read from it, and what was not
//! * [`change`], [`fact`], [`op`]: what a reviewer accepts, and why; what a connector is asked to do
//! * [`guard`], [`limit`]: what each guard is called, counts and allows
//! * [`ledger`], [`intervention`], [`instants`], [`hash`]: what we know we did in an app and when, and what another hand did there
//! * [`event`]: what the rooms report while they work
//! * [`similar`]: "did you mean"
//! * [`escape`]: text from outside, made harmless for every output
//! * [`nfc`], [`folded`], [`invisible`], [`alphabet`]: spellings of one text, and texts that look like another one

pub mod alphabet;
pub mod app;
mod attempt;
mod attribute_hashes;
pub mod capabilities;
pub mod cause;
pub mod change;
pub mod company;
pub mod counted;
mod created;
pub mod diagnostic;
pub mod endpoint;
pub mod escape;
pub mod event;
pub mod expr_source;
pub mod fact;
mod fold;
pub mod folded;
mod former_role;
pub mod grant;
mod group_key;
pub mod guard;
pub mod hash;
pub mod header;
pub mod held_value;
pub mod holds;
pub mod id;
pub mod instants;
pub mod intervention;
pub mod invisible;
pub mod ledger;
pub mod limit;
pub mod losses;
pub mod member;
pub mod name;
pub mod nfc;
pub mod node;
mod object;
pub mod op;
pub mod path;
mod person_hashes;
pub mod query;
pub mod rate;
pub mod remote;
pub mod rename;
pub mod result;
pub mod secret;
pub mod seen;
pub mod similar;
pub mod span;
pub mod stored_link;
pub mod stored_text;
pub mod time;
pub mod value;
pub mod want;
pub mod words;

pub use app::App;
pub use attribute_hashes::AttributeHashes;
pub use capabilities::Capabilities;
pub use change::{Cause, Change, ChangeKey, Facet};
pub use company::{Company, Group, User};
pub use created::Created;
pub use diagnostic::{Diagnostic, Diagnostics};
pub use endpoint::Endpoint;
pub use event::Event;
pub use guard::Guard;
pub use id::{AppId, GroupId, GroupNo, MappingId, RemoteId, RoleId, RoleNo, UserId, UserNo};
pub use ledger::LedgerSnapshot;
pub use op::Op;
pub use path::Path;
pub use remote::{Kind, Page, Remote};
pub use span::{FileSet, Span};
pub use value::Value;
pub use want::Want;
