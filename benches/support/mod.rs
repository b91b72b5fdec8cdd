//! A generated company, as YAML and as an app; floors to measure against; and the measuring.

// Every bench compiles this module for itself and uses its own part of it.
#![allow(dead_code)]

pub mod app;
pub mod company;
pub mod floor;
pub mod habits;
pub mod measure;
pub mod pairs;
pub mod random;
pub mod repo;
pub mod resources;
pub mod tree;
