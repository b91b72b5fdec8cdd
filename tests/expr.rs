//! The expression language from outside: the tables of `docs/expressions.md` are its specification and are run here.

#[path = "expr/sources.rs"]
mod sources;
#[path = "expr/world.rs"]
mod world;

#[path = "expr/documentation.rs"]
mod documentation;
#[path = "expr/hostile.rs"]
mod hostile;
#[path = "expr/messages.rs"]
mod messages;
#[path = "expr/oracle.rs"]
mod oracle;
#[path = "expr/program.rs"]
mod program;
#[path = "expr/unknown.rs"]
mod unknown;
