//! A real scim2-server.

use serde_json::Value;

use crate::kill::app::{App, Known, Place, Sample, count};
use crate::kill::company;
use crate::support::proxy::Proxy;
use crate::support::servers::RealServer;

impl App for RealServer {
    const PREFIX: &str = "";
    const ID: &str = "chat";
    const SECRET: &str = "CHAT_TOKEN";
    const NAMES: [(&str, &str); 2] = [("users", "userName"), ("groups", "displayName")];
    const SAMPLE: Sample = Sample {
        at_each_edge: &["POST /Users"],
        before: &["PATCH /Users/ID"],
        after: &["PATCH /Users/ID", "POST /Groups", "PATCH /Groups/ID"],
        in_flight: Some(["POST /Users", "PATCH /Groups/ID"]),
    };

    fn start() -> RealServer {
        RealServer::scim2_server()
    }

    fn fresh(&self) -> RealServer {
        RealServer::fresh(self)
    }

    fn behind(&self) -> Proxy {
        Proxy::before(self)
    }

    fn secret(&self) -> &str {
        &self.token
    }

    fn files(&self, at: &Place<'_>, later: bool) -> Vec<(&'static str, String)> {
        let mut files = company::people(later);
        files.push(("rolecall.yaml", company::root(at, later)));
        files
    }

    fn dump(&self) -> Value {
        RealServer::dump(self)
    }

    fn known(&self) -> Known {
        let dump = self.raw_dump();
        let rows = |kind: &str| dump[kind].as_array().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let users = rows("users").into_iter().map(|row| (text(&row["id"]), text(&row["userName"])));
        let groups = rows("groups").into_iter().map(|row| (text(&row["id"]), text(&row["displayName"])));
        Known {
            names: users.chain(groups).collect(),
            titles: rows("users").iter().map(|user| (text(&user["id"]), text(&user["title"]))).collect(),
        }
    }

    fn kind(&self, method: &str, path: &str) -> String {
        let below = path.strip_prefix(self.base_path()).unwrap_or(path);
        let mut parts = below.split('/').skip(1);
        let resource = parts.next().unwrap_or_default();
        let id = if parts.next().is_some() { "/ID" } else { "" };
        format!("{method} /{resource}{id}")
    }

    fn is_worth_it(requests: &[String], dump: &Value) {
        assert!(requests.len() >= 60, "{requests:#?}");
        let count = |kind: &str| count(requests, kind);
        assert!(count("POST /Users") >= 10, "creates: {requests:#?}");
        assert!(count("POST /Groups") >= 1, "a new group: {requests:#?}");
        assert!(count("PATCH /Users/ID") >= 8, "updates: {requests:#?}");
        assert!(count("PATCH /Groups/ID") >= 6, "batches: {requests:#?}");
        let users = dump["users"].as_array().expect("users");
        let manager = |user: &Value| {
            user["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]["manager"]["value"].clone()
        };
        let of = |id: &str| users.iter().find(|user| user["externalId"] == id).expect(id);
        assert_eq!(of("fay")["active"], false, "a leaver is disabled");
        assert_eq!(of("gus")["active"], false, "a person who is not declared any more is disabled");
        assert_eq!(manager(of("new-02")), "user:new-10@acme.example", "a new reference");
        assert_eq!(manager(of("bob")), "user:new-01@acme.example", "a moved reference");
    }
}
