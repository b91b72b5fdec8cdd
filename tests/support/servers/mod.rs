//! SCIM servers of other projects, each installed once into the build folder and started on loopback.
//!
//! | start | what it is |
//! | --- | --- |
//! | [`RealServer::scim2_server`] | strict SCIM 2.0, in memory |
//! | [`RealServer::scimmy`] | SCIM 2.0 with habits of its own, in memory; keep to about 1,000 objects |
//! | [`RealServer::django_scim2`] | a partial SCIM 2.0 over SQLite |
//! | [`RealServer::fifteen`] | the same with the attributes that 15Five adds to its library |
//! | [`RealServer::keystone`] | OpenStack Keystone over SQLite: an interface of its own |
//!
//! A server ends when its value is dropped, also in a panic; if the test itself is killed, it ends because its standard
//! input does. Python 3 with venv and Node.js with npm have to be there; a test without them fails and says so.

mod dump;
mod install;
mod kinds;
mod process;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};

use self::kinds::Kind;
use self::process::Process;
use super::wire::{self, Request, Response};

/// A running server, or one tenant of it.
pub struct RealServer {
    /// The base address of SCIM, without a slash at the end.
    pub base_url: String,
    /// The bearer token that it accepts; no other server accepts it.
    pub token: String,
    base_path: String,
    process: Arc<Process>,
}

impl RealServer {
    /// An empty scim2-server.
    pub fn scim2_server() -> RealServer {
        RealServer::start(&kinds::SCIM2_SERVER)
    }

    /// An empty scimmy.
    pub fn scimmy() -> RealServer {
        RealServer::start(&kinds::SCIMMY)
    }

    /// An empty django-scim2.
    pub fn django_scim2() -> RealServer {
        RealServer::start(&kinds::DJANGO_SCIM2)
    }

    /// An empty django-scim2 with a title, an employee number, a manager, and the extension of 15Five. These are wiring of
    /// ours.
    pub fn fifteen() -> RealServer {
        RealServer::start(&kinds::FIFTEEN)
    }

    /// A Keystone with its administrator, `admin` of the domain `Default`.
    pub fn keystone() -> RealServer {
        RealServer::start(&kinds::KEYSTONE)
    }

    fn start(kind: &'static Kind) -> RealServer {
        let installed = install::once(kind);
        let process = Process::start(kind, &installed);
        let base_path = match (kind.tenants, kind.name) {
            (true, _) => "/t0/v2",
            (false, "keystone") => "",
            (false, _) => "/scim/v2",
        };
        RealServer::at(Arc::new(process), base_path.to_string())
    }

    fn at(process: Arc<Process>, base_path: String) -> RealServer {
        let base_url = format!("http://{}{base_path}", process.address);
        RealServer { base_url, token: process.token.clone(), base_path, process }
    }

    /// An empty server of the same kind with the same token. With scim2-server this is a tenant of the same process and
    /// costs nothing; the others start anew and have another token.
    pub fn fresh(&self) -> RealServer {
        if !self.process.kind.tenants {
            return RealServer::start(self.process.kind);
        }
        let base_path = format!("/t{}/v2", self.process.next_tenant());
        RealServer::at(self.process.clone(), base_path)
    }

    /// The process that answers.
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// Ends the process now, for all handles: the app is down.
    pub fn stop(&self) {
        self.process.stop();
    }

    /// Closes the input pipe of the server, as the end of the test process does.
    pub fn close_input(&self) {
        self.process.close_input();
    }

    /// Installs scimmy below a given folder, and returns the installation.
    pub fn install_scimmy_below(parent: &Path) -> PathBuf {
        install::once_below(parent, &kinds::SCIMMY).folder
    }

    /// The address on which it listens.
    pub fn address(&self) -> SocketAddr {
        self.process.address
    }

    /// The path in front of every resource, without a slash at the end.
    pub fn base_path(&self) -> &str {
        &self.base_path
    }

    /// Its error output so far.
    pub fn log(&self) -> String {
        self.process.log()
    }

    /// The folder with its data and its log, removed with the server.
    pub fn folder(&self) -> &Path {
        self.process.folder()
    }

    /// One request; `path` starts below the base, as in `/Users?count=1`.
    pub fn request(&self, method: &str, path: &str, body: Option<&Value>) -> Response {
        let mut request = Request::new(method, &format!("{}{path}", self.base_path));
        request.headers.set("Host", self.address());
        request.headers.set("Authorization", format!("Bearer {}", self.token));
        request.headers.set("Accept", "application/scim+json");
        if let Some(body) = body {
            request.headers.set("Content-Type", "application/scim+json");
            request.body = body.to_string().into_bytes();
        }
        match wire::exchange(self.address(), &request) {
            Ok(response) => response,
            Err(error) => panic!("{method} {path} on {}: {error}\n{}", self.base_url, self.log()),
        }
    }

    pub fn get(&self, path: &str) -> Response {
        self.request("GET", path, None)
    }

    /// PATCH with these operations, wrapped as the standard says.
    pub fn patch(&self, path: &str, operations: Value) -> Response {
        let body =
            json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations});
        self.request("PATCH", path, Some(&body))
    }

    pub fn put(&self, path: &str, body: &Value) -> Response {
        self.request("PUT", path, Some(body))
    }

    pub fn delete(&self, path: &str) -> Response {
        self.request("DELETE", path, None)
    }

    /// Creates a user and returns its id; `schemas` is added if missing.
    pub fn create_user(&self, user: Value) -> String {
        self.create("/Users", "urn:ietf:params:scim:schemas:core:2.0:User", user)
    }

    /// Creates a group and returns its id; `schemas` is added if missing.
    pub fn create_group(&self, group: Value) -> String {
        self.create("/Groups", "urn:ietf:params:scim:schemas:core:2.0:Group", group)
    }

    fn create(&self, path: &str, schema: &str, mut body: Value) -> String {
        if body.get("schemas").is_none() {
            body["schemas"] = json!([schema]);
        }
        let answer = self.request("POST", path, Some(&body));
        let text = String::from_utf8_lossy(&answer.body);
        assert_eq!(answer.status, 201, "POST {path} on {}: {text}", self.base_url);
        answer.json()["id"].as_str().expect("an id in the answer").to_string()
    }

    /// Puts a user into a group, one PATCH.
    pub fn add_member(&self, group: &str, user: &str) -> Response {
        let add = json!([{"op": "add", "path": "members", "value": [{"value": user}]}]);
        self.patch(&format!("/Groups/{group}"), add)
    }

    /// The only user with exactly this name. The whole listing is searched, because the tests are about filters.
    pub fn find_user(&self, user_name: &str) -> Option<Value> {
        only(dump::list(self, "/Users"), "userName", user_name)
    }

    /// The only group with exactly this name.
    pub fn find_group(&self, display_name: &str) -> Option<Value> {
        only(dump::list(self, "/Groups"), "displayName", display_name)
    }

    /// Everything in it, comparable between two servers: sorted, each id replaced by the name, without what changes from
    /// run to run. `{"users": […], "groups": […]}`.
    pub fn dump(&self) -> Value {
        dump::normalised(dump::list(self, "/Users"), dump::list(self, "/Groups"))
    }

    /// All its users and groups, as the server answered them.
    pub fn raw_dump(&self) -> Value {
        json!({"users": dump::list(self, "/Users"), "groups": dump::list(self, "/Groups")})
    }
}

fn only(all: Vec<Value>, attribute: &str, value: &str) -> Option<Value> {
    let mut found = all.into_iter().filter(|object| object[attribute] == value);
    let first = found.next();
    assert!(found.next().is_none(), "more than one object with {attribute} {value:?}");
    first
}
