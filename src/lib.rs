//! rolecall: access as code.

pub mod sandbox;
