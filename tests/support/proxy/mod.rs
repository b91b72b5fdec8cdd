//! A proxy that counts requests and makes faults.
//!
//! ```ignore
//! let proxy = Proxy::before(&server)
//!     .fault(when::nth(7), then::cut_after_effect())
//!     .fault(when::method("POST").first(2), then::status(503));
//! ```
//!
//! Requests of all connections are numbered from 1, in the order in which they are complete. Each one passes three
//! [`Edge`]s; every fault whose condition fits acts at its edge, in the order in which the faults were added. A fault
//! before the server that answers or ends the connection keeps the request from the server.

mod serve;
pub mod then;
pub mod when;

use std::collections::{BTreeMap, HashMap};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use self::then::Then;
use self::when::When;
use super::servers::RealServer;
use super::wire::{Request, Response};

/// A point in the life of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// The proxy has the request; the server has not.
    BeforeServer,
    /// The server has answered; the client has got nothing.
    AfterEffect,
    /// The machine of the client has all bytes of the answer; the client may not have read them yet.
    AfterAnswer,
}

impl Edge {
    pub const ALL: [Edge; 3] = [Edge::BeforeServer, Edge::AfterEffect, Edge::AfterAnswer];
}

/// One request that passed the proxy.
#[derive(Clone, Debug)]
pub struct Recorded {
    pub request: Request,
    /// The answer of the server; none if it never saw the request or never answered.
    pub server_status: Option<u16>,
    /// The answer that the client got; none if it got none.
    pub client_status: Option<u16>,
}

/// A running proxy. It ends with its value, and so do its connections.
pub struct Proxy {
    address: SocketAddr,
    base_path: String,
    shared: Arc<Shared>,
}

struct Shared {
    server: SocketAddr,
    state: Mutex<State>,
    /// Signalled when the proxy ends, so that waiting threads end too.
    ended: Condvar,
}

#[derive(Default)]
struct State {
    requests: Vec<Recorded>,
    faults: Vec<Arc<(When, Then)>>,
    connections: HashMap<u64, TcpStream>,
    next_connection: u64,
    over: bool,
}

impl Proxy {
    /// Starts a proxy in front of a real server.
    pub fn before(server: &RealServer) -> Proxy {
        Proxy::to(server.address(), server.base_path())
    }

    /// Starts a proxy in front of any HTTP/1.1 server; `base_path` has no slash at the end.
    pub fn to(server: SocketAddr, base_path: &str) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on loopback");
        let address = listener.local_addr().expect("the address of a listener");
        let shared = Arc::new(Shared { server, state: Mutex::default(), ended: Condvar::new() });
        let acceptor = shared.clone();
        std::thread::spawn(move || serve::accept(&acceptor, &listener));
        Proxy { address, base_path: base_path.to_string(), shared }
    }

    /// Adds a fault for requests that fit the condition.
    pub fn fault(self, when: When, then: Then) -> Proxy {
        self.arm(when, then);
        self
    }

    /// Like [`Proxy::fault`], while the proxy is in use.
    pub fn arm(&self, when: When, then: Then) {
        self.shared.state().faults.push(Arc::new((when, then)));
    }

    /// Removes all faults. A request that waits in one stays there.
    pub fn heal(&self) {
        self.shared.state().faults.clear();
    }

    /// The URL to give to the program instead of the server's.
    pub fn base_url(&self) -> String {
        format!("http://{}{}", self.address, self.base_path)
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// All requests so far, in order of arrival.
    pub fn requests(&self) -> Vec<Recorded> {
        self.shared.state().requests.clone()
    }

    /// The number of requests so far.
    pub fn count(&self) -> usize {
        self.shared.state().requests.len()
    }

    /// The requests that are not GET or HEAD.
    pub fn writes(&self) -> Vec<Recorded> {
        let reads = ["GET", "HEAD"];
        self.requests().into_iter().filter(|it| !reads.contains(&it.request.method.as_str())).collect()
    }

    /// The number of requests of each kind: `GET /Users`, `PATCH /Groups/ID`.
    pub fn tally(&self) -> BTreeMap<String, usize> {
        let mut tally = BTreeMap::new();
        for recorded in self.requests() {
            let path = recorded.request.path();
            let mut below = path.strip_prefix(&self.base_path).unwrap_or(path).split('/').skip(1);
            let resource = below.next().unwrap_or_default();
            let id = if below.next().is_some() { "/ID" } else { "" };
            *tally.entry(format!("{} /{resource}{id}", recorded.request.method)).or_insert(0) += 1;
        }
        tally
    }

    /// How often the server created an object with this value of `attribute`, even if the client got no answer.
    pub fn created(&self, attribute: &str, value: &str) -> usize {
        let created = |it: &&Recorded| it.request.method == "POST" && it.server_status == Some(201);
        let named = |it: &&Recorded| it.request.json()[attribute] == value;
        self.requests().iter().filter(created).filter(named).count()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let mut state = self.shared.state();
        state.over = true;
        for connection in state.connections.values() {
            let _ = connection.shutdown(std::net::Shutdown::Both);
        }
        drop(state);
        self.shared.ended.notify_all();
        // Wakes the thread that accepts connections, which then ends.
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Numbers a request, records it and finds the faults that fit. All in one step, so that conditions which count see
    /// the requests in their order.
    fn arrive(&self, request: &mut Request) -> Vec<Arc<(When, Then)>> {
        let mut state = self.state();
        request.number = state.requests.len() + 1;
        state.requests.push(Recorded { request: request.clone(), server_status: None, client_status: None });
        state.faults.iter().filter(|fault| fault.0.fits(request)).cloned().collect()
    }

    fn note(&self, number: usize, note: impl FnOnce(&mut Recorded)) {
        if let Some(recorded) = self.state().requests.get_mut(number - 1) {
            note(recorded);
        }
    }

    /// Waits, at most until the proxy ends.
    fn sleep(&self, time: Duration) {
        let end = Instant::now() + time;
        let mut state = self.state();
        while !state.over {
            let Some(left) = end.checked_duration_since(Instant::now()) else {
                return;
            };
            let woken = self.ended.wait_timeout(state, left);
            state = woken.unwrap_or_else(std::sync::PoisonError::into_inner).0;
        }
    }
}
