//! Addresses and signing in.

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::Response;
use serde_json::json;

use super::super::SandboxError;
use super::super::asked::Asked;
use super::super::ground::{Ground, Kept, USER};
use super::super::records::Records;
use super::answer::{self, Answer, Fault};
use super::desk::Desk;
use super::habits::{Anonymous, Habits};
use super::membership::Part;
use super::people::Which;
use super::{groups, org, people, person};

/// The server. Files are written under the lock, in the handler: they are local and small.
pub(super) struct Jive {
    ground: Ground,
    habits: Habits,
    records: Mutex<Records>,
}

impl Jive {
    pub(super) fn new(ground: Ground, habits: Habits, records: Records) -> Self {
        Self { ground, habits, records: Mutex::new(records) }
    }
}

impl Kept for Jive {
    fn close(&self) -> Result<(), SandboxError> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner).close()
    }
}

/// Answers every address.
pub(super) fn router(jive: Arc<Jive>) -> Router {
    Router::new().fallback(handle).with_state(jive)
}

async fn handle(State(jive): State<Arc<Jive>>, request: Request) -> Response {
    let switches = jive.habits.now();
    let asked = Asked::read(&jive.ground, request).await;
    if let Some(outage) = switches.outage {
        return answer::outage(outage);
    }
    if switches.login_page {
        return answer::login_page();
    }
    let asked = match asked {
        Ok(asked) => asked,
        Err(why) => return answer::response(&switches, Err(Fault::too_long(why))),
    };
    let mut records = jive.records.lock().unwrap_or_else(PoisonError::into_inner);
    let origin = switches.behind.as_deref().unwrap_or(&jive.ground.origin);
    let mut desk = Desk { records: &mut records, switches: &switches, origin };
    let answer = answered(&jive.ground, &mut desk, &asked);
    answer::response(&switches, answer)
}

fn answered(ground: &Ground, desk: &mut Desk<'_>, asked: &Asked) -> Result<Answer, Fault> {
    let path = asked.segments();
    if path == ["api", "version"] && asked.method == Method::GET {
        return Ok(version(desk.origin));
    }
    let ["api", "core", "v3", rest @ ..] = path.as_slice() else {
        return Err(Fault::missing("such address"));
    };
    // A session of a cookie goes before the password.
    let is_known = ground.key.is_basic(&asked.headers, USER) && !asked.headers.contains_key(header::COOKIE);
    if !is_known {
        return match (rest, desk.switches.anonymous) {
            (["people", "@me"], Anonymous::Nobody) => Ok(Answer::Json(StatusCode::OK, person::nobody())),
            _ => Err(Fault::unauthorized()),
        };
    }
    match rest {
        ["people", rest @ ..] => of_people(desk, asked, rest),
        ["securityGroups", rest @ ..] => of_groups(desk, asked, rest),
        _ => Err(Fault::missing("such address")),
    }
}

fn of_people(desk: &mut Desk<'_>, asked: &Asked, rest: &[&str]) -> Result<Answer, Fault> {
    match (asked.method.as_str(), rest) {
        ("GET", []) => people::list(desk, asked, Which::Search),
        ("POST", []) => people::create(desk, asked),
        ("GET", ["@all"]) => people::list(desk, asked, Which::All),
        ("GET", ["@me"]) => people::by_username(desk, asked, USER),
        ("GET", ["username", username]) => people::by_username(desk, asked, username),
        ("GET", ["email", email]) => people::by_email(desk, asked, email),
        ("GET", [id]) => people::get(desk, asked, id),
        ("PUT", [id]) => people::update(desk, asked, id),
        ("DELETE", [id]) => people::delete(desk, id),
        ("GET", [id, "@manager"]) => org::manager(desk, asked, id),
        ("GET", [id, "@reports"]) => org::reports(desk, asked, id),
        ("PUT", [manager, "@reports", id]) => org::set(desk, manager, id),
        ("DELETE", [manager, "@reports", id]) => org::clear(desk, manager, id),
        ("GET", [id, "securityGroups"]) => groups::of_person(desk, asked, id),
        (_, [] | [_] | [_, "@manager" | "@reports" | "securityGroups"] | [_, "@reports", _]) => {
            Err(Fault::method())
        }
        _ => Err(Fault::missing("such address")),
    }
}

fn of_groups(desk: &mut Desk<'_>, asked: &Asked, rest: &[&str]) -> Result<Answer, Fault> {
    let part = |word: &str| match word {
        "members" => Some(Part::Members),
        "administrators" => Some(Part::Administrators),
        _ => None,
    };
    match (asked.method.as_str(), rest) {
        ("GET", []) => groups::list(desk, asked),
        ("POST", []) => groups::create(desk, asked),
        ("GET", ["name", name]) => groups::by_name(desk, asked, name),
        ("GET", [id]) => groups::get(desk, asked, id),
        ("PUT", [id]) => groups::update(desk, asked, id),
        ("DELETE", [id]) => groups::delete(desk, id),
        (_, [] | [_]) => Err(Fault::method()),
        (method, [id, word]) => match (part(word), method) {
            (Some(part), "GET") => groups::people_in(desk, asked, part, id),
            (Some(part), "POST") => groups::add(desk, asked, part, id),
            (Some(_), _) => Err(Fault::method()),
            (None, _) => Err(Fault::missing("such address")),
        },
        (method, [id, word, person]) => match (part(word), method) {
            (Some(part), "DELETE") => groups::remove(desk, part, id, person),
            (Some(_), _) => Err(Fault::method()),
            (None, _) => Err(Fault::missing("such address")),
        },
        _ => Err(Fault::missing("such address")),
    }
}

/// `/api/version`, which everybody may ask for.
fn version(origin: &str) -> Answer {
    let of = |version: u32, revision: u32| json!({"version": version, "revision": revision, "uri": format!("/api/core/v{version}"), "documentation": origin});
    let body = json!({
        "jiveVersion": "2016.3.8.1",
        "jiveCoreVersions": [of(2, 3), of(3, 15)],
        "instanceURL": origin,
        "jiveEdition": {"product": "cloud", "tier": 999},
    });
    Answer::Json(StatusCode::OK, body)
}
