//! The conditions of faults: which requests they hit.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::wire::Request;

type Predicate = Box<dyn Fn(&Request) -> bool + Send + Sync>;

/// A condition on a request.
pub struct When(Predicate);

/// The request with this number, counted from 1.
pub fn nth(number: usize) -> When {
    requests(move |request| request.number == number)
}

pub fn every() -> When {
    requests(|_| true)
}

/// Requests with this method.
pub fn method(method: &str) -> When {
    let method = method.to_string();
    requests(move |request| request.method == method)
}

/// Requests that are not GET or HEAD.
pub fn write() -> When {
    requests(|request| request.method != "GET" && request.method != "HEAD")
}

/// Requests whose path and query contain this text, as sent.
pub fn target(part: &str) -> When {
    let part = part.to_string();
    requests(move |request| request.target.contains(&part))
}

/// Requests whose body contains this text.
pub fn body(part: &str) -> When {
    let part = part.to_string();
    requests(move |request| String::from_utf8_lossy(&request.body).contains(&part))
}

/// Requests for which the closure returns true. It runs while the proxy is locked, so it must not use the proxy.
pub fn requests(fits: impl Fn(&Request) -> bool + Send + Sync + 'static) -> When {
    When(Box::new(fits))
}

impl When {
    pub fn and(self, other: When) -> When {
        requests(move |request| self.fits(request) && other.fits(request))
    }

    pub fn or(self, other: When) -> When {
        requests(move |request| self.fits(request) || other.fits(request))
    }

    /// Only the first `count` of them.
    pub fn first(self, count: usize) -> When {
        self.counted(move |position| position <= count)
    }

    /// Only the one with this number among them, from 1.
    pub fn at(self, wanted: usize) -> When {
        self.counted(move |position| position == wanted)
    }

    /// All of them except the first `count`.
    pub fn after(self, count: usize) -> When {
        self.counted(move |position| position > count)
    }

    fn counted(self, wanted: impl Fn(usize) -> bool + Send + Sync + 'static) -> When {
        let seen = AtomicUsize::new(0);
        requests(move |request| self.fits(request) && wanted(seen.fetch_add(1, Ordering::SeqCst) + 1))
    }

    pub fn fits(&self, request: &Request) -> bool {
        (self.0)(request)
    }
}
