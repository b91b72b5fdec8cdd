//! The base URL of an app: checked once, one spelling, joined safely.

use url::{Host, Url};

use super::escape::is_hidden;
use super::query;

/// A base URL that requests may go to: https, or http on loopback (safety.md 18); no user, query or fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    base: Url,
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
    error_of("wrong-url", message, hint)
}

fn error_of(code: &'static str, message: impl Into<String>, hint: &'static str) -> EndpointError {
    EndpointError { code, message: message.into(), hint }
}

const IN_THE_HISTORY: &str =
    "remove it, name the secret below `auth:`, and replace the secret itself: it is in the history now";

fn with_credentials() -> EndpointError {
    error_of(
        "literal-secret",
        "a URL never carries credentials",
        "move them to `auth:`, and replace the secret if it stood here: it is in the history now",
    )
}

/// Host and port, and what stands before them.
fn authority(text: &str) -> &str {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    rest.split(['/', '?', '#', '\\']).next().unwrap_or_default()
}

/// The error that a query is. Values may be secrets, so that names alone are repeated.
fn of_query(parameters: &str) -> EndpointError {
    let pairs: Vec<_> = url::form_urlencoded::parse(parameters.as_bytes()).collect();
    if let Some((name, _)) = pairs.iter().find(|(name, value)| query::is_secret(name, value)) {
        return error_of(
            "literal-secret",
            format!("the base URL has a secret in its query: {name}"),
            IN_THE_HISTORY,
        );
    }
    let names: Vec<_> = pairs.iter().map(|(name, _)| &**name).collect();
    error_of(
        "url-query",
        format!("the base URL has a query: {}", names.join(", ")),
        "end the URL before `?`, and write what every request needs as `settings: {query: {NAME: VALUE}}`",
    )
}

impl Endpoint {
    /// Reads `https://host[:port]/path`.
    ///
    /// # Errors
    /// What is wrong with it, and what to write instead.
    pub fn parse(text: &str) -> Result<Self, EndpointError> {
        const WRITE: &str = "write the base URL of the interface, such as https://app.example/scim/v2";
        // The parts that may carry a secret are never repeated.
        if authority(text).contains('@') {
            return Err(with_credentials());
        }
        let (before, fragment) = text.split_once('#').unzip();
        if let Some(fragment) = fragment {
            let message = "the base URL has a fragment";
            return Err(match query::is_secret("", fragment) {
                true => error_of("literal-secret", message, IN_THE_HISTORY),
                false => {
                    error_of("url-query", message, "remove everything from `#` on: an app never sees it")
                }
            });
        }
        if let Some((_, parameters)) = before.unwrap_or(text).split_once('?') {
            return Err(of_query(parameters));
        }
        if text.chars().any(|c| c.is_whitespace() || is_hidden(c)) {
            return Err(error(
                "the base URL holds a blank or a hidden character",
                "remove it, also at either end",
            ));
        }
        let mut base =
            Url::parse(text).map_err(|why| error(format!("`{text}` is not a URL: {why}"), WRITE))?;
        if !base.username().is_empty() || base.password().is_some() {
            return Err(with_credentials());
        }
        if base.host_str().is_none_or(str::is_empty) {
            return Err(error(format!("`{text}` names no host"), WRITE));
        }
        match base.scheme() {
            "https" => {}
            "http" if is_loopback(&base) => {}
            "http" => {
                return Err(error(
                    "http would send the credential in the clear",
                    "write https; http is for loopback only",
                ));
            }
            scheme => return Err(error(format!("`{scheme}:` is not a way to reach an app"), WRITE)),
        }
        let path = base.path().trim_end_matches('/').to_owned();
        if path.contains("//") {
            return Err(error(
                "the path of the base URL has an empty part",
                "write one `/` where there are several",
            ));
        }
        base.set_path(&path);
        Ok(Self { base })
    }

    /// A host alone, such as `login.example` or `127.0.0.1:8080`: https, or http on loopback.
    ///
    /// # Errors
    /// It is not a host, or more than that.
    pub fn of_host(host: &str) -> Result<Self, EndpointError> {
        let secure = Self::parse(&format!("https://{host}"))?;
        if !secure.base.path().trim_matches('/').is_empty() {
            return Err(error(format!("`{host}` is more than a host"), "write host or host:port"));
        }
        match secure.is_loopback() {
            true => Self::parse(&format!("http://{host}")),
            false => Ok(secure),
        }
    }

    /// The one spelling of this endpoint, for the ledger: lower-case host, no default port, no slash at the end. Equal
    /// text means the same interface.
    pub fn canonical(&self) -> String {
        self.base.as_str().trim_end_matches('/').to_owned()
    }

    /// True if it is this machine.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.base)
    }

    /// `host` in lower case, with brackets if it is IPv6.
    pub fn host(&self) -> &str {
        self.base.host_str().unwrap_or_default()
    }

    /// The last part of the path, if it has one.
    pub fn last_part(&self) -> Option<&str> {
        self.base.path_segments()?.next_back().filter(|part| !part.is_empty())
    }

    /// The port, by default the scheme's.
    pub fn port(&self) -> u16 {
        self.base.port_or_known_default().unwrap_or(443)
    }

    /// As a binding names it: the host, and the port where it is not the scheme's; none on loopback, where any will do.
    pub fn authority(&self) -> String {
        match self.base.port().filter(|_| !self.is_loopback()) {
            Some(port) => format!("{}:{port}", self.host()),
            None => self.host().to_owned(),
        }
    }

    /// True if a binding to `host` or `host:port` covers this address: exact, but any port on loopback if it names none.
    pub fn is_bound_by(&self, binding: &str) -> bool {
        let (host, port) = match binding.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
            _ => (binding, None),
        };
        host.eq_ignore_ascii_case(self.host())
            && match port {
                Some(port) => port.parse() == Ok(self.port()),
                None => self.base.port().is_none() || self.is_loopback(),
            }
    }

    /// The URL of a collection, such as `/Users`; each segment is encoded.
    pub fn collection(&self, endpoint: &str) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty();
            segments.extend(endpoint.split('/').filter(|part| !part.is_empty()));
        }
        url
    }

    /// The URL of one object. `None` for an id that a URL cannot hold as one segment: it would address something
    /// else, in the worst case the whole collection.
    pub fn object(&self, endpoint: &str, id: &str) -> Option<Url> {
        let dots = id.replace("%2e", ".").replace("%2E", ".");
        if dots.is_empty() || dots == "." || dots == ".." || id.chars().any(char::is_control) {
            return None;
        }
        let mut url = self.collection(endpoint);
        url.path_segments_mut().ok()?.push(id);
        Some(url)
    }
}

/// True for this machine by name or address.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Endpoint {
        Endpoint::parse(text).unwrap()
    }

    #[test]
    fn one_interface_has_one_spelling() {
        let canonical = |text| parse(text).canonical();
        for (written, spelling) in [
            ("HTTPS://My.App.example:443/scim/v2/", "https://my.app.example/scim/v2"),
            ("https://a.example", "https://a.example"),
            ("http://127.0.0.1:8080/v2//", "http://127.0.0.1:8080/v2"),
        ] {
            assert_eq!(canonical(written), spelling);
        }
        assert_ne!(canonical("https://a.example/v1"), canonical("https://a.example/v2"));
    }

    #[test]
    fn credentials_go_nowhere_unencrypted() {
        for text in ["http://127.0.0.1:8080/", "http://localhost/", "http://[::1]:9/x", "https://a.example"] {
            assert!(Endpoint::parse(text).is_ok(), "{text}");
        }
        for text in [
            "http://a.example",
            "ftp://a.example",
            "a.example",
            "https://u:p@a.example",
            "https://a.example?x=1",
            "https://a.example#x",
            "http://127.0.0.1.evil.example",
            "file:///etc",
            "",
        ] {
            assert!(Endpoint::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn secrets_in_a_url_are_not_repeated() {
        for text in [
            "https://u:sk-1@a.example",
            "https://u:sk-1@a.example/x?y=1",
            "https://a.example/scim?token=sk-1",
            "https://a.example/scim?tenant=acme&t=sk-1",
            "https://a.example/scim#sk-1",
            "https://u:sk-1@:99999",
            "u:sk-1@a.example",
            "https:/u:sk-1@a.example",
        ] {
            let error = Endpoint::parse(text).unwrap_err();
            assert_eq!(error.code, "literal-secret", "{text}");
            assert!(!error.message.contains("sk-1"), "{text}");
        }
    }

    #[test]
    fn what_no_base_url_has_is_named() {
        let error = |text| {
            let error = Endpoint::parse(text).unwrap_err();
            assert!(!error.message.contains("acme"), "{text}: values are not repeated");
            (error.code, error.message)
        };
        let query = |names: &str| ("url-query", format!("the base URL has a query: {names}"));
        assert_eq!(error("https://a.example/v2?tenant=acme"), query("tenant"));
        assert_eq!(error("https://a.example/v2?a=acme&b%20c=acme#x").1, "the base URL has a fragment");
        assert_eq!(error("https://a.example/v2?a=acme&b%20c=acme"), query("a, b c"));
        assert_eq!(
            error("https://a.example/v2#acme"),
            ("url-query", "the base URL has a fragment".to_owned())
        );
        for text in [
            " https://a.example",
            "https://a.example ",
            "https://a.example/\u{a0}",
            "https://a.example/\u{200b}v2",
        ] {
            assert_eq!(error(text).1, "the base URL holds a blank or a hidden character", "{text:?}");
        }
        for text in ["https://a.example//scim", "https://a.example/scim//v2"] {
            assert_eq!(error(text).1, "the path of the base URL has an empty part", "{text}");
        }
        assert!(Endpoint::parse("https://a.example/acme@corp/v2").is_ok());
        assert_eq!(parse("https://a.example/scim/v2/Users/").last_part(), Some("Users"));
        assert_eq!(parse("https://a.example").last_part(), None);
    }

    #[test]
    fn bindings_are_exact() {
        let own = parse("https://a.example:8443/x");
        assert!(own.is_bound_by("a.example:8443") && !own.is_bound_by("a.example"));
        let plain = parse("https://a.example/x");
        assert!(plain.is_bound_by("A.example") && plain.is_bound_by("a.example:443"));
        assert!(!plain.is_bound_by("b.example") && !plain.is_bound_by("example"));
        assert!(!plain.is_bound_by("a.example:") && !plain.is_bound_by("a.example:x"));
        let here = parse("http://127.0.0.1:8080");
        assert!(here.is_bound_by("127.0.0.1") && !here.is_bound_by("127.0.0.1:9"));
        assert!(parse("http://[::1]:8080").is_bound_by("[::1]"));
        for endpoint in [own, plain, here] {
            assert!(endpoint.is_bound_by(&endpoint.authority()));
        }
    }

    #[test]
    fn ids_are_one_segment() {
        let endpoint = parse("https://a.example/scim/v2/");
        let url = |id| endpoint.object("/Users", id).map(|url| url.to_string());
        assert_eq!(url("a b/c?d#%").unwrap(), "https://a.example/scim/v2/Users/a%20b%2Fc%3Fd%23%25");
        for id in ["", ".", "..", "%2e%2E", "a\nb"] {
            assert_eq!(url(id), None, "{id}");
        }
        assert_eq!(endpoint.collection("Groups").as_str(), "https://a.example/scim/v2/Groups");
    }
}
