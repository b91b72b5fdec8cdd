//! Files become a typed [`Company`](crate::model::Company), or findings that say what is wrong, where, and what to do.
//!
//! [`load`] is the way in. Files ([`source`]) become node arenas ([`arena`]) that keep the place of every value; JSON
//! Schema runs over them in place ([`schema`]), defaults are merged as nodes ([`merged`]), and [`typed`] readers settle
//! references and check what a schema cannot say. [`diagnostics`] renders findings. May use `git` and `model`.

pub mod arena;
pub mod cursor;
pub mod cursor_json;
pub mod diagnostics;
pub mod effective;
pub mod expr_source;
pub mod hidden;
pub mod include;
pub mod load;
pub mod loaded;
pub mod merged;
pub mod names;
pub mod node;
pub mod parse;
pub mod root;
pub mod scalar;
pub mod schema;
pub mod shipped;
pub mod source;
pub mod typed;
pub mod world;

pub use effective::{Origin, Row, effective_app};
pub use load::{changed, is_same, load};
pub use loaded::{Inputs, Loaded};
pub use shipped::catalog;
pub use source::Source;
