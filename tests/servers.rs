//! Tests of the test support: that the real servers start, behave as the other tests rely on, and end; that the proxy
//! counts and breaks; that programs run as in a clean account.

mod support;

#[path = "servers/behaviour.rs"]
mod behaviour;
#[path = "servers/life.rs"]
mod life;
#[path = "servers/program.rs"]
mod program;
#[path = "servers/proxy.rs"]
mod proxy;
