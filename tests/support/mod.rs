//! What whole-program tests stand on: real servers ([`servers`]), a proxy that counts and breaks things ([`proxy`]) and a
//! hermetic folder to run the program in ([`program`]).
//!
//! A test binary takes it in with `mod support;`.

// Every test binary compiles this module for itself and uses its own part of it.
#![allow(dead_code, unused_imports)]

pub mod commands;
pub mod program;
pub mod proxy;
pub mod servers;
pub mod wire;
