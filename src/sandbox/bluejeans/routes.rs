//! Addresses.

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;

use super::super::SandboxError;
use super::super::asked::Asked;
use super::super::ground::{Ground, Kept};
use super::super::records::Records;
use super::answer::{self, Answer, Fault};
use super::desk::Desk;
use super::habits::{Habits, Switches};
use super::tokens::Tokens;
use super::{people, rooms};

/// The server. Files are written under the lock, in the handler: they are local and small.
pub(super) struct BlueJeans {
    ground: Ground,
    habits: Habits,
    data: Mutex<Data>,
}

struct Data {
    records: Records,
    tokens: Tokens,
}

impl BlueJeans {
    pub(super) fn new(ground: Ground, habits: Habits, records: Records) -> Self {
        Self { ground, habits, data: Mutex::new(Data { records, tokens: Tokens::default() }) }
    }
}

impl Kept for BlueJeans {
    fn close(&self) -> Result<(), SandboxError> {
        self.data.lock().unwrap_or_else(PoisonError::into_inner).records.close()
    }
}

/// Answers every address.
pub(super) fn router(played: Arc<BlueJeans>) -> Router {
    Router::new().fallback(handle).with_state(played)
}

async fn handle(State(played): State<Arc<BlueJeans>>, request: Request) -> Response {
    let switches = played.habits.now();
    let asked = Asked::read(&played.ground, request).await;
    if let Some(outage) = switches.outage {
        return answer::outage(outage);
    }
    let asked = match asked {
        Ok(asked) => asked,
        Err(why) => return answer::response(Err(Fault::of(413, why))),
    };
    let mut data = played.data.lock().unwrap_or_else(PoisonError::into_inner);
    answer::response(answered(&played.ground, &switches, &mut data, &asked))
}

fn answered(ground: &Ground, switches: &Switches, data: &mut Data, asked: &Asked) -> Result<Answer, Fault> {
    let path = asked.segments();
    let tokens = &mut data.tokens;
    let rest = match (asked.method.as_str(), path.as_slice()) {
        ("POST", ["oauth2", "token"]) => return tokens.grant(ground, switches, asked),
        ("DELETE", ["oauth2", "token"]) => return tokens.revoke(asked),
        ("GET", ["oauth2", "tokenInfo"]) => return tokens.about(asked),
        (_, ["v1", rest @ ..]) => rest,
        _ => return Err(Fault::missing("such address")),
    };
    let caller = tokens.caller(switches, asked)?;
    let mut desk = Desk { records: &mut data.records, switches, caller };
    match rest {
        ["enterprise", enterprise, "users", rest @ ..] => {
            let enterprise = enterprise.parse().map_err(|_| Fault::missing("such enterprise"))?;
            caller.manages(switches)?;
            of_enterprise(&mut desk, asked, enterprise, rest)
        }
        ["user", id, rest @ ..] => of_user(&mut desk, asked, id, rest),
        _ => Err(Fault::missing("such address")),
    }
}

fn of_enterprise(
    desk: &mut Desk<'_>,
    asked: &Asked,
    enterprise: u64,
    rest: &[&str],
) -> Result<Answer, Fault> {
    match (asked.method.as_str(), rest) {
        ("GET", []) => people::list(desk, asked, enterprise),
        ("POST", []) => people::create(desk, asked, enterprise),
        // It is a file of comma-separated values, whatever is asked for.
        ("GET", ["export"]) => Err(Fault::of(406, "The list is exported as CSV")),
        ("DELETE", [id]) => people::detach(desk, enterprise, id),
        (_, [] | [_]) => Err(Fault::of(405, "This cannot be done here")),
        _ => Err(Fault::missing("such address")),
    }
}

fn of_user(desk: &mut Desk<'_>, asked: &Asked, id: &str, rest: &[&str]) -> Result<Answer, Fault> {
    match (asked.method.as_str(), rest) {
        ("GET", []) => people::get(desk, id),
        ("PUT", []) => people::update(desk, asked, id),
        ("GET", ["enterprise_profile"]) => people::profile(desk, id),
        ("GET", ["room"]) => rooms::get(desk, id),
        ("POST", ["room"]) => rooms::create(desk, asked, id),
        (_, [] | ["enterprise_profile" | "room"]) => Err(Fault::of(405, "This cannot be done here")),
        _ => Err(Fault::missing("such address")),
    }
}
