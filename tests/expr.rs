//! The expression language from outside: the tables of `docs/expressions.md` are its specification, and these tests run
//! them.

mod sources;
mod world;

mod documentation;
mod hostile;
mod messages;
mod oracle;
mod program;
mod unknown;
