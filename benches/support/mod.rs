//! A generated company, as YAML and as an app; floors to measure against; and the measuring.

pub mod app;
pub mod company;
pub mod floor;
pub mod measure;
pub mod pairs;
pub mod random;
pub mod resources;
pub mod tree;
