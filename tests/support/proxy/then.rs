//! The faults: what happens to a request.

use std::time::Duration;

use super::Edge;
use crate::support::program::Victim;
use crate::support::wire::{Request, Response};

/// A fault, with its edge.
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

/// Answers with this; the server never sees the request.
pub fn answer(response: Response) -> Then {
    at(Edge::BeforeServer, Act::Answer(Box::new(move |_, _| response.clone())))
}

/// Answers with this status and a SCIM error; the server never sees the request.
pub fn status(status: u16) -> Then {
    answer(scim_error(status))
}

/// Answers with 429 and this `Retry-After`: seconds or a date.
pub fn too_many(retry_after: &str) -> Then {
    answer(scim_error(429).header("Retry-After", retry_after))
}

/// Answers with this status and a page of HTML, as gateways do.
pub fn html(status: u16) -> Then {
    let page = format!("<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>");
    answer(Response::new(status).body("text/html", page))
}

/// The server handles the request, but the client gets this answer.
pub fn status_after_effect(status: u16) -> Then {
    rewrite(move |_, _| scim_error(status))
}

/// Changes the answer of the server.
pub fn rewrite(change: impl Fn(&Request, Response) -> Response + Send + Sync + 'static) -> Then {
    let make = move |request: &Request, answer: Option<Response>| change(request, answer.unwrap_or_default());
    at(Edge::AfterEffect, Act::Answer(Box::new(make)))
}

/// Changes the JSON of the answer of the server.
pub fn rewrite_json(change: impl Fn(&Request, &mut serde_json::Value) + Send + Sync + 'static) -> Then {
    rewrite(move |request, mut answer| {
        let mut json = answer.json();
        change(request, &mut json);
        answer.body = json.to_string().into_bytes();
        answer
    })
}

/// Waits before the request goes to the server.
pub fn delay(time: Duration) -> Then {
    at(Edge::BeforeServer, Act::Wait(time))
}

/// The server answers at once, and the client gets the answer later.
pub fn delay_answer(time: Duration) -> Then {
    at(Edge::AfterEffect, Act::Wait(time))
}

/// Neither the server gets the request nor the client an answer while the proxy lives.
pub fn hang() -> Then {
    delay(Duration::from_secs(24 * 60 * 60))
}

/// The client gets a head for the whole body and this many bytes of it; then the connection ends.
pub fn truncate(bytes: usize) -> Then {
    at(Edge::AfterEffect, Act::Truncate(bytes))
}

/// The connection ends, and the server never sees the request.
pub fn cut_before_server() -> Then {
    cut(Edge::BeforeServer)
}

/// The server handles the request, and the connection ends without an answer.
pub fn cut_after_effect() -> Then {
    cut(Edge::AfterEffect)
}

/// The connection ends at this edge.
pub fn cut(edge: Edge) -> Then {
    at(edge, Act::Run(Box::new(|_| Afterwards::Cut)))
}

/// Calls a function at this edge; then the request goes on.
pub fn run(edge: Edge, hook: impl Fn(&Request) + Send + Sync + 'static) -> Then {
    let hook = move |request: &Request| {
        hook(request);
        Afterwards::GoOn
    };
    at(edge, Act::Run(Box::new(hook)))
}

/// Kills the program at this edge, then ends the connection, so that the program does not see the end. Requests that it had
/// sent on other connections still reach the server, as they would without the proxy.
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
