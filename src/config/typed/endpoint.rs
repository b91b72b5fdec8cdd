//! Addresses of apps.

use std::net::{Ipv4Addr, Ipv6Addr};

use reqwest::Url;

/// An address that may be contacted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Scheme, host, port and path in one spelling: equal text means the same interface.
    pub canonical: String,
    /// Host in lower case; IPv6 in brackets.
    pub host: String,
    /// Port, the scheme's if none is written.
    pub port: u16,
    /// The port is not the scheme's.
    pub own_port: bool,
    /// This machine.
    pub loopback: bool,
}

/// Why a text is no address, and what to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointError {
    /// Stable short name.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: &'static str,
}

fn error(message: impl Into<String>, hint: &'static str) -> EndpointError {
    EndpointError {
        code: "wrong-url",
        message: message.into(),
        hint,
    }
}

/// Reads `https://host[:port]/path`; http only on loopback (safety.md 18).
pub fn parse(text: &str) -> Result<Endpoint, EndpointError> {
    const WRITE: &str = "write the base URL of the interface, such as https://app.example/scim/v2";
    let url = Url::parse(text).map_err(|why| error(format!("`{text}` is not a URL: {why}"), WRITE))?;
    let Some(host) = url.host_str().filter(|host| !host.is_empty()) else {
        return Err(error(format!("`{text}` names no host"), WRITE));
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(EndpointError {
            code: "literal-secret",
            ..error(
                "a URL never carries credentials",
                "move them to `auth:`, and replace the secret if it stood here: it is in the history now",
            )
        });
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(error(
            "the base URL has a query or a fragment",
            "remove everything from `?` or `#` on",
        ));
    }
    let loopback = is_loopback(host);
    match url.scheme() {
        "https" => {}
        "http" if loopback => {}
        "http" => {
            return Err(error(
                "http would send the credential in the clear",
                "write https; http is for loopback only",
            ));
        }
        scheme => return Err(error(format!("`{scheme}:` is not a way to reach an app"), WRITE)),
    }
    let port = url.port_or_known_default().unwrap_or(443);
    Ok(Endpoint {
        canonical: format!(
            "{}://{host}:{port}{}",
            url.scheme(),
            url.path().trim_end_matches('/')
        ),
        host: host.to_owned(),
        port,
        own_port: url.port().is_some(),
        loopback,
    })
}

/// True for this machine by name or address.
pub fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || bare
            .parse::<Ipv4Addr>()
            .is_ok_and(|address| address.is_loopback())
        || bare
            .parse::<Ipv6Addr>()
            .is_ok_and(|address| address.is_loopback())
}

impl Endpoint {
    /// As a binding names it: the host, with its port if it is not the scheme's.
    pub fn authority(&self) -> String {
        if self.own_port && !self.loopback {
            format!("{}:{}", self.host, self.port)
        } else {
            self.host.clone()
        }
    }

    /// True if a binding to `host` or `host:port` covers this address: exact, but any port on loopback if it names none.
    pub fn is_bound_by(&self, binding: &str) -> bool {
        let (host, port) = match binding.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port.parse::<u16>().ok()),
            _ => (binding, None),
        };
        host.eq_ignore_ascii_case(&self.host)
            && match port {
                Some(port) => port == self.port,
                None => !self.own_port || self.loopback,
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_interface_has_one_spelling() {
        let canonical = |text| parse(text).unwrap().canonical;
        assert_eq!(
            canonical("https://A.example/scim/v2/"),
            canonical("https://a.example:443/scim/v2")
        );
        assert_ne!(
            canonical("https://a.example/v1"),
            canonical("https://a.example/v2")
        );
    }

    #[test]
    fn only_safe_addresses_are_taken() {
        for text in [
            "http://127.0.0.1:8080/",
            "http://localhost/",
            "http://[::1]:9/x",
            "https://a.example",
        ] {
            assert!(parse(text).is_ok(), "{text}");
        }
        for text in [
            "http://a.example",
            "ftp://a.example",
            "a.example",
            "https://u:p@a.example",
            "https://a.example?x=1",
            "http://127.0.0.1.evil.example",
            "file:///etc",
            "",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn bindings_are_exact() {
        let own = parse("https://a.example:8443/x").unwrap();
        assert!(own.is_bound_by("a.example:8443") && !own.is_bound_by("a.example"));
        let plain = parse("https://a.example/x").unwrap();
        assert!(plain.is_bound_by("A.example") && plain.is_bound_by("a.example:443"));
        assert!(!plain.is_bound_by("b.example") && !plain.is_bound_by("example"));
        let here = parse("http://127.0.0.1:8080").unwrap();
        assert!(here.is_bound_by("127.0.0.1") && !here.is_bound_by("127.0.0.1:9"));
        assert!(parse("http://[::1]:8080").unwrap().is_bound_by("[::1]"));
    }
}
