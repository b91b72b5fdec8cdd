//! A second connector. It lives here alone, for an invented app that shares no name with the first: people have a `login`
//! and a `label` and are `on` or `off`, pages have tokens, each team lists its crew by login, there is no place for an
//! id of ours, and one attribute has a name that is drawn in each run. It is registered as any connector is, and nothing
//! between the files and the connector knows of it.

mod connector;
mod definition;
mod server;
mod story;
