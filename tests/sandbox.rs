//! The sandbox over HTTP, as a SCIM client sees it.

use reqwest::{Client, Method, header::HeaderMap};
use rolecall::sandbox::{Sandbox, SandboxOptions};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tempfile::TempDir;

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const SEARCH: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

/// A running sandbox in a fresh folder, and a client for it.
struct World {
    dir: TempDir,
    sandbox: Sandbox,
    client: Client,
}

/// Status, headers and body of an answer; a missing body is null.
struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Value,
}

impl World {
    async fn new() -> Self {
        rustls::crypto::ring::default_provider().install_default().ok();
        let dir = tempfile::tempdir().expect("a folder");
        let sandbox = Sandbox::start(SandboxOptions::new(dir.path())).await.expect("started");
        Self { dir, sandbox, client: Client::new() }
    }

    async fn restart(self) -> Self {
        self.sandbox.stop().await.expect("stopped");
        let sandbox = Sandbox::start(SandboxOptions::new(self.dir.path())).await.expect("started");
        Self { sandbox, ..self }
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let url = format!("{}{path}", self.sandbox.base_url());
        self.client.request(method, url).bearer_auth(self.sandbox.token().expose_secret())
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.expect("a body");
        let body = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).expect("JSON") };
        if status >= 400 {
            assert_eq!(body["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:Error"]), "{text}");
            assert_eq!(body["status"], json!(status.to_string()), "{text}");
            assert!(body["detail"].is_string(), "{text}");
        }
        Answer { status, headers, body }
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    async fn with_body(&self, method: Method, path: &str, body: &Value) -> Answer {
        let request = self.request(method, path).header("content-type", "application/scim+json");
        self.send(request.body(body.to_string())).await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.with_body(Method::POST, path, &body).await
    }

    async fn put(&self, path: &str, body: Value) -> Answer {
        self.with_body(Method::PUT, path, &body).await
    }

    async fn patch(&self, path: &str, operations: Value) -> Answer {
        self.with_body(Method::PATCH, path, &json!({"schemas": [PATCH], "Operations": operations})).await
    }

    async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path)).await
    }

    /// Adds a user of that name, and gives its path.
    async fn user(&self, name: &str) -> String {
        let answer = self.post("/Users", json!({"schemas": [USER], "userName": name})).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        format!("/Users/{}", answer.text("/id"))
    }

    /// Adds a group of those members, given as paths or ids, and gives its path.
    async fn group(&self, name: &str, members: &[&str]) -> String {
        let members: Vec<_> = members.iter().map(|path| json!({"value": id(path)})).collect();
        let body = json!({"schemas": [GROUP], "displayName": name, "members": members});
        let answer = self.post("/Groups", body).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        format!("/Groups/{}", answer.text("/id"))
    }

    /// The ids of all members, in one line.
    async fn members(&self, group: &str) -> String {
        self.get(group).await.each("/members", "value")
    }

    async fn find(&self, endpoint: &str, filter: &str) -> Answer {
        let request = self.request(Method::GET, endpoint).query(&[("filter", filter)]);
        self.send(request).await
    }
}

impl Answer {
    fn text(&self, pointer: &str) -> &str {
        self.body.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }

    fn each(&self, pointer: &str, name: &str) -> String {
        let all = self.body.pointer(pointer).and_then(Value::as_array).cloned().unwrap_or_default();
        all.iter().filter_map(|entry| entry[name].as_str()).collect::<Vec<_>>().join(" ")
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    #[track_caller]
    fn refused(&self, status: u16, scim_type: &str) {
        assert_eq!((self.status, self.text("/scimType")), (status, scim_type), "{}", self.body);
    }
}

fn id(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

mod faults;
mod groups;
mod lists;
mod restarts;
mod users;
