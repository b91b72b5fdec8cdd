//! The run without a kill: its requests and its results. Every killed run has to end with the same results.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::kill::app::App;
use crate::kill::books;
use crate::kill::world::{Setting, World};
use crate::support::proxy::Recorded;

pub struct Reference {
    /// `POST /Users`, `PATCH /Groups/ID` …, in order of arrival.
    pub requests: Vec<String>,
    /// The content of the app at its end.
    pub dump: Value,
    /// The content of the ledger at its end.
    pub books: Vec<String>,
}

impl Reference {
    /// Runs the apply, and checks that it has enough requests of each kind to be worth a kill.
    pub fn of<A: App>(server: A, setting: Setting) -> Reference {
        let world = World::prepared(server, setting);
        let before = world.proxy.count();
        world.apply().run().ends_with(0);
        let requests: Vec<String> =
            world.proxy.requests()[before..].iter().map(|recorded| kind(&world.app, recorded)).collect();
        world.plan().run().ends_with(0);
        let reference = Reference { requests, dump: world.app.dump(), books: books::lines(&world) };
        A::is_worth_it(&reference.requests, &reference.dump);
        reference
    }

    /// The number of requests of each kind.
    pub fn tally(&self) -> String {
        let mut tally: BTreeMap<&str, usize> = BTreeMap::new();
        for request in &self.requests {
            *tally.entry(request).or_default() += 1;
        }
        let entries = tally.iter().map(|(kind, count)| format!("{count} {kind}"));
        entries.collect::<Vec<_>>().join(", ")
    }

    /// The number of the first request that writes.
    pub fn first_write(&self) -> usize {
        let writes = self.requests.iter().position(|request| !request.starts_with("GET"));
        writes.expect("a write") + 1
    }
}

fn kind<A: App>(app: &A, recorded: &Recorded) -> String {
    app.kind(&recorded.request.method, recorded.request.path())
}
