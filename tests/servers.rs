//! Tests of the test support: the real servers start, behave as the other tests expect, and end; the proxy counts and
//! breaks requests; programs run as in a clean account.

mod behaviour;
mod life;
mod program;
mod proxy;
