//! The apps of the loop: each with its company, what the program asks it for, and a way to compare two of them.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::proxy::Proxy;

/// An app whose applies are killed.
pub trait App: Sized + Send + Sync {
    /// What the name of a kill begins with.
    const PREFIX: &str;
    /// Its id below `apps:`.
    const ID: &str;
    /// The variable of its secret.
    const SECRET: &str;
    /// The attributes that name accounts and groups in a dump, and in the body of a create.
    const NAMES: [(&str, &str); 2];
    /// The requests of which the ordinary test run takes a sample.
    const SAMPLE: Sample;

    /// An empty app.
    fn start() -> Self;

    /// Another empty app of this kind, as cheap as possible.
    fn fresh(&self) -> Self;

    /// A proxy before it.
    fn behind(&self) -> Proxy;

    /// The value of its secret.
    fn secret(&self) -> &str;

    /// The files of the tree before the change or after it; the root has this entry of the ledger.
    fn files(&self, at: &Place<'_>, later: bool) -> Vec<(&'static str, String)>;

    /// Everything in it, comparable between two apps of this kind.
    fn dump(&self) -> Value;

    /// The names of its accounts and groups by id, and the titles of accounts.
    fn known(&self) -> Known;

    /// The kind of a request, such as `POST /Users`, by its method and path.
    fn kind(&self, method: &str, path: &str) -> String;

    /// Checks that a run without a kill has enough requests of each kind to be worth one.
    fn is_worth_it(requests: &[String], dump: &Value);
}

/// Kinds of requests.
pub struct Sample {
    /// Killed at each edge.
    pub at_each_edge: &'static [&'static str],
    /// Of these the first is killed before it has an effect.
    pub before: &'static [&'static str],
    /// Killed between effect and answer.
    pub after: &'static [&'static str],
    /// Killed between effect and answer while other requests are in flight: with the ledger on a branch, and in a folder.
    pub in_flight: Option<[&'static str; 2]>,
}

/// Where the program finds the app and the ledger.
pub struct Place<'p> {
    /// The entry of the ledger.
    pub ledger: &'p str,
    pub url: &'p str,
    pub host: &'p str,
    /// Requests at the same time.
    pub width: usize,
}

#[derive(Default)]
pub struct Known {
    pub names: BTreeMap<String, String>,
    pub titles: BTreeMap<String, String>,
}

/// The number of requests of a kind.
pub fn count(requests: &[String], kind: &str) -> usize {
    requests.iter().filter(|request| *request == kind).count()
}
