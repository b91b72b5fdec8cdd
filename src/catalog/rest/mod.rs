//! Apps with an interface of their own, as documents: where things stand, what answers mean, what is not shown. A document
//! is data; what is done with it is the same for all.
//!
//! * [`Document`]: a connector, read from YAML and checked before any request
//! * [`Place`], [`Template`], [`Filling`]: where a value stands, and texts and bodies that are filled in
//! * [`Get`], [`Send`]: requests that read, and requests that change something

mod answers;
mod attribute;
mod auth;
mod definition;
mod document;
mod expected;
mod filling;
mod grants;
mod identity;
mod listing;
mod members;
mod named;
mod naming;
mod objects;
mod operation;
mod page;
mod place;
mod reading;
mod request;
mod source;
mod template;

pub use answers::{Answers, GoneBy, Meaning, WORDS, Word};
pub use attribute::{Attribute, Calls, DATE_FORMATS, DateFormat, Required, Special, ValueType};
pub use auth::{Expires, Form, Need, TokenForm};
pub use definition::PROTOCOL;
pub use document::{Document, Limits, MAX_LENGTH, Names, NotShown, Once, Own, Setting};
pub use expected::Expected;
pub use filling::{Filling, Fresh, Letters};
pub use grants::{Grant, Per};
pub use listing::{Listing, Only};
pub use members::{Change, MembersAt, Membership};
pub use objects::{Active, Create, Delete, Find, LaterStep, Objects, Sent, Update};
pub use operation::{OPERATIONS, Operation};
pub use page::{Paging, Step, Total, Walk};
pub use place::{Found, Place, PlaceError};
pub use request::{Address, Body, Get, METHODS, Method, Root, Send};
pub use source::{Places, Source};
pub use template::{Hole, Part, Placeholder, Template, TemplateError};
