//! Faults: what happens to a request.

use std::time::Duration;

use super::Edge;
use crate::support::program::Victim;
use crate::support::wire::{Request, Response};

/// What happens, and where.
pub struct Then {
    pub(super) edge: Edge,
    pub(super) act: Act,
}

type Make = Box<dyn Fn(&Request, Option<Response>) -> Response + Send + Sync>;
type Hook = Box<dyn Fn(&Request) -> Afterwards + Send + Sync>;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Afterwards {
    GoOn,
    Cut,
}

pub(super) enum Act {
    Answer(Make),
    Wait(Duration),
    Truncate(usize),
    /// Calls the hook, and cuts the connection if it says so.
    Run(Hook),
}

/// This answer; the server never sees the request.
pub fn answer(response: Response) -> Then {
    at(Edge::BeforeServer, Act::Answer(Box::new(move |_, _| response.clone())))
}

/// This status with a SCIM error as the body; the server never sees the request.
pub fn status(status: u16) -> Then {
    answer(scim_error(status))
}

/// 429 with `Retry-After` as given: seconds or a date.
pub fn too_many(retry_after: &str) -> Then {
    answer(scim_error(429).header("Retry-After", retry_after))
}

/// This status with a page of HTML, as gateways and proxies answer.
pub fn html(status: u16) -> Then {
    let page = format!("<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>");
    answer(Response::new(status).body("text/html", page))
}

/// The server does its work, and the client is told this instead.
pub fn status_after_effect(status: u16) -> Then {
    rewrite(move |_, _| scim_error(status))
}

/// The server's answer, changed.
pub fn rewrite(change: impl Fn(&Request, Response) -> Response + Send + Sync + 'static) -> Then {
    let make = move |request: &Request, answer: Option<Response>| change(request, answer.unwrap_or_default());
    at(Edge::AfterEffect, Act::Answer(Box::new(make)))
}

/// The JSON of the server's answer, changed in place.
pub fn rewrite_json(change: impl Fn(&Request, &mut serde_json::Value) + Send + Sync + 'static) -> Then {
    rewrite(move |request, mut answer| {
        let mut json = answer.json();
        change(request, &mut json);
        answer.body = json.to_string().into_bytes();
        answer
    })
}

/// Waits, then goes on to the server.
pub fn delay(time: Duration) -> Then {
    at(Edge::BeforeServer, Act::Wait(time))
}

/// The server answers at once, the client gets it later.
pub fn delay_answer(time: Duration) -> Then {
    at(Edge::AfterEffect, Act::Wait(time))
}

/// No answer as long as the proxy lives, and nothing reaches the server until then.
pub fn hang() -> Then {
    delay(Duration::from_secs(24 * 60 * 60))
}

/// The client gets a head that promises the whole body, this many bytes of it, and the end of the connection.
pub fn truncate(bytes: usize) -> Then {
    at(Edge::AfterEffect, Act::Truncate(bytes))
}

/// The connection ends, the server never sees the request.
pub fn cut_before_server() -> Then {
    cut(Edge::BeforeServer)
}

/// The server does its work, and the connection ends without an answer.
pub fn cut_after_effect() -> Then {
    cut(Edge::AfterEffect)
}

/// The connection ends at this edge.
pub fn cut(edge: Edge) -> Then {
    at(edge, Act::Run(Box::new(|_| Afterwards::Cut)))
}

/// Something is done at this edge, then it goes on.
pub fn run(edge: Edge, hook: impl Fn(&Request) + Send + Sync + 'static) -> Then {
    let hook = move |request: &Request| {
        hook(request);
        Afterwards::GoOn
    };
    at(edge, Act::Run(Box::new(hook)))
}

/// The program is killed at this edge, then the connection ends: it is dead before it could notice. What it had already
/// sent on another connection still reaches the server, as in life.
pub fn kill(edge: Edge, victim: &Victim) -> Then {
    let victim = victim.clone();
    let hook = move |_: &Request| {
        victim.strike();
        Afterwards::Cut
    };
    at(edge, Act::Run(Box::new(hook)))
}

fn at(edge: Edge, act: Act) -> Then {
    Then { edge, act }
}

fn scim_error(status: u16) -> Response {
    Response::new(status).json_body(&serde_json::json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": status.to_string(),
        "detail": "as the test wants it",
    }))
}
