//! The emulators that come with the program, as servers of tests: with their switches, their notes, and a client of our own.

use reqwest::RequestBuilder;
use rolecall::sandbox::{Noted, Plays, Requests, Sandbox, SandboxOptions, bluejeans, jive};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::support::proxy::Proxy;

/// An app that is played, by the type of its switches.
pub trait App: Clone + Default {
    /// The path of its API.
    const API: &str;

    fn plays(self) -> Plays;

    /// A request with the credential of the connection.
    fn signed(played: &Emulator<Self>, request: RequestBuilder) -> RequestBuilder;
}

impl App for jive::Habits {
    const API: &str = "/api/core/v3";

    fn plays(self) -> Plays {
        Plays::Jive(self)
    }

    fn signed(played: &Emulator<Self>, request: RequestBuilder) -> RequestBuilder {
        request.basic_auth(played.sandbox.user().unwrap(), Some(played.password()))
    }
}

impl App for bluejeans::Habits {
    const API: &str = "/v1";

    fn plays(self) -> Plays {
        Plays::BlueJeans(self)
    }

    fn signed(played: &Emulator<Self>, request: RequestBuilder) -> RequestBuilder {
        request.bearer_auth(played.token())
    }
}

/// The embedded server of SCIM, which has no switches.
#[derive(Clone, Default)]
pub struct Scim;

impl App for Scim {
    const API: &str = "";

    fn plays(self) -> Plays {
        Plays::Scim
    }

    fn signed(played: &Emulator<Self>, request: RequestBuilder) -> RequestBuilder {
        request.bearer_auth(played.password())
    }
}

pub struct Emulator<H> {
    pub habits: H,
    requests: Requests,
    sandbox: Sandbox,
    client: reqwest::Client,
    runtime: tokio::runtime::Runtime,
    _folder: tempfile::TempDir,
}

pub type Played = Emulator<jive::Habits>;
pub type Meetings = Emulator<bluejeans::Habits>;

/// Who asks.
#[derive(Clone, Copy)]
pub enum As<'a> {
    Nobody,
    Own,
    Token(&'a str),
}

/// What a request carries.
#[derive(Clone, Copy)]
pub enum Carried<'a> {
    Nothing,
    Json(&'a Value),
    Form(&'a str),
}

/// An answer: status, media type, text, and the JSON behind the prefix.
pub struct Answer {
    pub status: u16,
    pub media: String,
    pub text: String,
    pub body: Value,
}

impl<H: App> Emulator<H> {
    pub fn start() -> Self {
        rustls::crypto::ring::default_provider().install_default().ok();
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let (habits, requests) = (H::default(), Requests::default());
        let mut options = SandboxOptions::new(folder.path());
        options.plays = habits.clone().plays();
        options.requests = Some(requests.clone());
        let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { habits, requests, sandbox, client, runtime, _folder: folder }
    }

    pub fn url(&self) -> &str {
        self.sandbox.base_url()
    }

    /// A proxy before it.
    pub fn behind(&self) -> Proxy {
        Proxy::to(self.url().trim_start_matches("http://").parse().unwrap(), "")
    }

    pub fn password(&self) -> &str {
        self.sandbox.token().expose_secret()
    }

    /// Asks as somebody.
    pub fn ask(&self, method: &str, url: &str, carried: Carried<'_>, who: As<'_>) -> Answer {
        let mut request = self.client.request(method.parse().unwrap(), url);
        request = match who {
            As::Nobody => request,
            As::Own => H::signed(self, request),
            As::Token(token) => request.bearer_auth(token),
        };
        request = match carried {
            Carried::Nothing => request,
            Carried::Json(body) => request.header("content-type", "application/json").body(body.to_string()),
            Carried::Form(form) => {
                request.header("content-type", "application/x-www-form-urlencoded").body(form.to_owned())
            }
        };
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
        let url = format!("{}{}{path}", self.url(), H::API);
        let answer = self.ask(method, &url, body.map_or(Carried::Nothing, Carried::Json), As::Own);
        assert!((200..300).contains(&answer.status), "{method} {path}: {} {}", answer.status, answer.text);
        answer.body
    }

    /// All requests so far, where the emulator notes them.
    pub fn noted(&self) -> Vec<Noted> {
        self.requests.all()
    }

    /// What the program was heard to send, by method and a part of the target; requests of [`ask`](Self::ask) count too.
    pub fn sent(&self, method: &str, part: &str) -> Vec<Noted> {
        let all = self.requests.all();
        all.into_iter().filter(|noted| noted.method == method && noted.target.contains(part)).collect()
    }

    /// All requests that write, so far; those for a token do not.
    pub fn writes(&self) -> usize {
        let all = self.requests.all();
        all.iter().filter(|noted| noted.method != "GET" && !noted.target.starts_with("/oauth2/")).count()
    }
}

impl Played {
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
        let answer = self.ask("GET", &url, Carried::Nothing, As::Own);
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
}

impl Meetings {
    /// A new token of the connection's account.
    pub fn token(&self) -> String {
        let body = json!({"grant_type": "password", "username": "sandbox", "password": self.password()});
        let url = format!("{}/oauth2/token", self.url());
        let answer = self.ask("POST", &url, Carried::Json(&body), As::Nobody);
        answer.body["access_token"].as_str().expect(&answer.text).to_owned()
    }

    /// The accounts of an enterprise, by login.
    pub fn people(&self, enterprise: u64) -> Vec<String> {
        let fields = "fields=username&sortBy=username&pageSize=100";
        let page = self.api("GET", &format!("/enterprise/{enterprise}/users?{fields}"), None);
        let rows = page["users"].as_array().unwrap();
        rows.iter().map(|row| row["username"].as_str().unwrap().to_owned()).collect()
    }

    /// The number of an account of the connection's enterprise.
    pub fn id(&self, username: &str) -> u64 {
        let fields = "fields=username&pageSize=100";
        let page = self.api("GET", &format!("/enterprise/4001/users?{fields}"), None);
        let rows = page["users"].as_array().unwrap();
        let row = rows.iter().find(|row| row["username"] == username);
        row.unwrap_or_else(|| panic!("nobody is called {username}: {page}"))["id"].as_u64().unwrap()
    }

    pub fn person(&self, username: &str) -> Value {
        self.api("GET", &format!("/user/{}", self.id(username)), None)
    }

    /// The room of an account, if it has one.
    pub fn room(&self, username: &str) -> Option<Value> {
        let url = format!("{}/v1/user/{}/room", self.url(), self.id(username));
        let answer = self.ask("GET", &url, Carried::Nothing, As::Own);
        (answer.status == 200).then_some(answer.body)
    }
}
