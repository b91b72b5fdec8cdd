//! The threads of the proxy: one accepts connections, and each connection has one that forwards its requests in turn.

use std::io::BufReader;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;

use super::then::{Act, Afterwards, Then};
use super::when::When;
use super::{Edge, Request, Response, Shared};
use crate::support::wire;

/// Accepts connections until the proxy ends.
pub fn accept(shared: &Arc<Shared>, listener: &TcpListener) {
    for stream in listener.incoming() {
        if shared.state().over {
            return;
        }
        let Ok(stream) = stream else { continue };
        let shared = shared.clone();
        std::thread::spawn(move || connection(&shared, stream));
    }
}

fn connection(shared: &Shared, mut stream: TcpStream) {
    let (Ok(mut requests), Ok(handle)) = (wire::patient(&stream), stream.try_clone()) else {
        return;
    };
    let id = {
        let mut state = shared.state();
        if state.over {
            return;
        }
        state.next_connection += 1;
        let id = state.next_connection;
        state.connections.insert(id, handle);
        id
    };
    while one(shared, &mut requests, &mut stream) {}
    let _ = stream.shutdown(Shutdown::Both);
    shared.state().connections.remove(&id);
}

/// Serves the next request; false if the connection ends with it.
fn one(shared: &Shared, requests: &mut BufReader<TcpStream>, client: &mut TcpStream) -> bool {
    let Ok(Some(mut request)) = wire::read_request(requests) else {
        return false;
    };
    let faults = shared.arrive(&mut request);
    let number = request.number;

    let before = Passage::default().pass(shared, Edge::BeforeServer, &faults, &request);
    let Some(before) = before else { return false };
    let from_server = before.answer.is_none();
    let answer = match before.answer {
        Some(answer) => answer,
        None => match wire::exchange(shared.server, &request) {
            Ok(answer) => answer,
            // The server is gone or does not answer in HTTP: the client gets a broken connection.
            Err(_) => return false,
        },
    };
    if from_server {
        shared.note(number, |it| it.server_status = Some(answer.status));
    }
    let passage = Passage { answer: Some(answer), ..before };
    let Some(after) = passage.pass(shared, Edge::AfterEffect, &faults, &request) else {
        return false;
    };
    let Some(mut answer) = after.answer else {
        return false;
    };

    answer.headers.set("Connection", if request.keeps_alive() { "keep-alive" } else { "close" });
    // The answer is recorded first, so that a client that has read it finds it in the record.
    shared.note(number, |it| it.client_status = Some(answer.status));
    if wire::write_response(client, &answer, after.at_most).is_err() {
        shared.note(number, |it| it.client_status = None);
        return false;
    }
    let whole = after.at_most >= answer.body.len();
    let done = Passage::default().pass(shared, Edge::AfterAnswer, &faults, &request);
    whole && done.is_some() && request.keeps_alive()
}

/// A request and its answer after the faults of an edge.
struct Passage {
    answer: Option<Response>,
    /// The number of bytes of the body that the client gets.
    at_most: usize,
}

impl Default for Passage {
    fn default() -> Passage {
        Passage { answer: None, at_most: usize::MAX }
    }
}

impl Passage {
    /// Applies the faults of this edge; none if the connection has to end.
    fn pass(
        mut self,
        shared: &Shared,
        edge: Edge,
        faults: &[Arc<(When, Then)>],
        request: &Request,
    ) -> Option<Passage> {
        for fault in faults.iter().filter(|fault| fault.1.edge == edge) {
            match &fault.1.act {
                Act::Answer(make) => self.answer = Some(make(request, self.answer.take())),
                Act::Wait(time) => shared.sleep(*time),
                Act::Truncate(bytes) => self.at_most = *bytes,
                Act::Run(hook) if hook(request) == Afterwards::Cut => return None,
                Act::Run(_) => {}
            }
        }
        Some(self)
    }
}
