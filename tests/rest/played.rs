//! The emulator of Jive that comes with the program, as a server of tests: with its switches, its notes, and a client of our own.

use rolecall::sandbox::jive::Habits;
use rolecall::sandbox::{Noted, Plays, Requests, Sandbox, SandboxOptions};
use secrecy::ExposeSecret;
use serde_json::Value;

pub struct Played {
    pub habits: Habits,
    requests: Requests,
    sandbox: Sandbox,
    client: reqwest::Client,
    runtime: tokio::runtime::Runtime,
    _folder: tempfile::TempDir,
}

/// An answer: status, media type, text, and the JSON behind the prefix.
pub struct Answer {
    pub status: u16,
    pub media: String,
    pub text: String,
    pub body: Value,
}

impl Played {
    pub fn start() -> Played {
        rustls::crypto::ring::default_provider().install_default().ok();
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let (habits, requests) = (Habits::default(), Requests::default());
        let mut options = SandboxOptions::new(folder.path());
        options.plays = Plays::Jive(habits.clone());
        options.requests = Some(requests.clone());
        let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Played { habits, requests, sandbox, client, runtime, _folder: folder }
    }

    pub fn url(&self) -> &str {
        self.sandbox.base_url()
    }

    pub fn password(&self) -> &str {
        self.sandbox.token().expose_secret()
    }

    /// Asks, with the credential or without.
    pub fn ask(&self, method: &str, url: &str, body: Option<&Value>, is_known: bool) -> Answer {
        let mut request = self.client.request(method.parse().unwrap(), url);
        if is_known {
            request = request.basic_auth(self.sandbox.user().unwrap(), Some(self.password()));
        }
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        self.runtime.block_on(async {
            let answer = request.send().await.unwrap();
            let status = answer.status().as_u16();
            let media = answer.headers().get("content-type").map(|media| media.to_str().unwrap().to_owned());
            let text = answer.text().await.unwrap();
            let json = text.find('{').map(|at| &text[at..]).unwrap_or_default();
            let body = serde_json::from_str(json).unwrap_or(Value::Null);
            Answer { status, media: media.unwrap_or_default(), text, body }
        })
    }

    /// The answer to a request below the API, which has to be good.
    pub fn api(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let url = format!("{}/api/core/v3{path}", self.url());
        let answer = self.ask(method, &url, body, true);
        assert!((200..300).contains(&answer.status), "{method} {path}: {} {}", answer.status, answer.text);
        answer.body
    }

    /// The person with this login.
    pub fn person(&self, username: &str) -> Value {
        self.api("GET", &format!("/people/username/{username}"), None)
    }

    pub fn id(&self, username: &str) -> String {
        self.person(username)["id"].as_str().unwrap().to_owned()
    }

    /// The login of the manager of a person.
    pub fn manager(&self, username: &str) -> Option<String> {
        let url = format!("{}/api/core/v3/people/{}/@manager", self.url(), self.id(username));
        let answer = self.ask("GET", &url, None, true);
        answer.body["jive"]["username"].as_str().map(str::to_owned)
    }

    /// The logins of the members of a group.
    pub fn members(&self, name: &str) -> Vec<String> {
        let group = self.api("GET", &format!("/securityGroups/name/{name}"), None);
        let path = format!("/securityGroups/{}/members?fields=@all&count=100", group["id"].as_str().unwrap());
        let page = self.api("GET", &path, None);
        let rows = page["list"].as_array().unwrap();
        let login = |row: &Value| row["jive"]["username"].as_str().unwrap().to_owned();
        let mut logins: Vec<String> = rows.iter().map(login).collect();
        logins.sort();
        logins
    }

    /// What the program was heard to send, by method and a part of the target; requests of [`ask`](Self::ask) count too.
    pub fn sent(&self, method: &str, part: &str) -> Vec<Noted> {
        let all = self.requests.all();
        all.into_iter().filter(|noted| noted.method == method && noted.target.contains(part)).collect()
    }

    /// All requests that write, so far.
    pub fn writes(&self) -> usize {
        self.requests.all().iter().filter(|noted| noted.method != "GET").count()
    }
}
