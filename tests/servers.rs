//! Tests of the test support: that the real servers start, behave as the other tests rely on, and end; that the proxy
//! counts and breaks; that programs run as in a clean account.

mod behaviour;
mod life;
mod program;
mod proxy;
