//! The run without a kill: its requests and its results. Every killed run has to end with the same results.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::kill::books;
use crate::kill::world::{Setting, World};
use crate::support::proxy::Recorded;
use crate::support::servers::RealServer;

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
    pub fn of(server: RealServer, setting: Setting) -> Reference {
        let world = World::prepared(server, setting);
        let before = world.proxy.count();
        world.apply().run().ends_with(0);
        let requests: Vec<String> =
            world.proxy.requests()[before..].iter().map(|recorded| kind(&world, recorded)).collect();
        world.plan().run().ends_with(0);
        let reference = Reference { requests, dump: world.server.dump(), books: books::lines(&world) };
        reference.is_worth_it();
        reference
    }

    fn is_worth_it(&self) {
        assert!(self.requests.len() >= 60, "{:#?}", self.requests);
        let count = |kind: &str| self.requests.iter().filter(|request| *request == kind).count();
        assert!(count("POST /Users") >= 10, "creates: {:#?}", self.requests);
        assert!(count("POST /Groups") >= 1, "a new group: {:#?}", self.requests);
        assert!(count("PATCH /Users/ID") >= 8, "updates: {:#?}", self.requests);
        assert!(count("PATCH /Groups/ID") >= 6, "batches: {:#?}", self.requests);
        let users = self.dump["users"].as_array().expect("users");
        let manager = |user: &Value| {
            user["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]["manager"]["value"].clone()
        };
        let of = |id: &str| users.iter().find(|user| user["externalId"] == id).expect(id);
        assert_eq!(of("fay")["active"], false, "a leaver is disabled");
        assert_eq!(of("gus")["active"], false, "a person who is not declared any more is disabled");
        assert_eq!(manager(of("new-02")), "user:new-10@acme.example", "a new reference");
        assert_eq!(manager(of("bob")), "user:new-01@acme.example", "a moved reference");
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

fn kind(world: &World, recorded: &Recorded) -> String {
    let path = recorded.request.path();
    let below = path.strip_prefix(world.server.base_path()).unwrap_or(path);
    let mut parts = below.split('/').skip(1);
    let resource = parts.next().unwrap_or_default();
    let id = if parts.next().is_some() { "/ID" } else { "" };
    format!("{} /{resource}{id}", recorded.request.method)
}
