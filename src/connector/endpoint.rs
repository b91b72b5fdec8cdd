//! The base URL of an app: checked once, joined safely.

use reqwest::Url;

/// A base URL that requests may go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    base: Url,
}

impl Endpoint {
    /// Checks a base URL: https, or http on loopback; no user, query or fragment.
    ///
    /// # Errors
    /// What is wrong with it, and what to write instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut base = Url::parse(text.trim()).map_err(|error| format!("'{text}' is not a URL: {error}"))?;
        let loopback = is_loopback(&base);
        match base.scheme() {
            "https" => {}
            "http" if loopback => {}
            "http" => {
                return Err(format!(
                    "'{text}' would send the credential unencrypted: use https"
                ));
            }
            other => return Err(format!("'{text}' is not https but {other}")),
        }
        if base.host_str().is_none_or(str::is_empty) {
            return Err(format!("'{text}' names no host"));
        }
        if !base.username().is_empty() || base.password().is_some() {
            return Err("a URL may not hold credentials: use `auth`".to_owned());
        }
        if base.query().is_some() || base.fragment().is_some() {
            return Err(format!("'{text}' may have neither ? nor #"));
        }
        let path = base.path().trim_end_matches('/').to_owned();
        base.set_path(&path);
        Ok(Self { base })
    }

    /// The one spelling of this endpoint, for the ledger: lower-case host, no default port, no slash at the end.
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

    /// The port, by default the scheme's.
    pub fn port(&self) -> u16 {
        self.base.port_or_known_default().unwrap_or(443)
    }

    /// `host`, and the port where it is not the scheme's.
    pub fn authority(&self) -> String {
        match self.base.port() {
            Some(port) => format!("{}:{port}", self.host()),
            None => self.host().to_owned(),
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

fn is_loopback(url: &Url) -> bool {
    match url.host_str() {
        Some("localhost") => true,
        Some(host) => host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .parse::<std::net::IpAddr>()
            .is_ok_and(|ip| ip.is_loopback()),
        None => false,
    }
}

/// The one spelling of an app's URL, for the ledger and for "two apps on one endpoint".
///
/// # Errors
/// What is wrong with the URL.
pub fn canonical(url: &str) -> Result<String, String> {
    Endpoint::parse(url).map(|endpoint| endpoint.canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(text: &str) -> Endpoint {
        Endpoint::parse(text).unwrap()
    }

    #[test]
    fn spellings_of_one_endpoint_are_one() {
        assert_eq!(
            canonical("HTTPS://My.App.example:443/scim/v2/").unwrap(),
            "https://my.app.example/scim/v2"
        );
        assert_eq!(canonical("https://a.example").unwrap(), "https://a.example");
        assert_eq!(
            canonical("http://127.0.0.1:8080/v2//").unwrap(),
            "http://127.0.0.1:8080/v2"
        );
    }

    #[test]
    fn credentials_go_nowhere_unencrypted() {
        for bad in [
            "http://a.example",
            "ftp://a.example",
            "https://u:p@a.example",
            "https://a.example?x",
            "https://a.example#x",
            "a.example",
            "http://127.0.0.1.evil.example",
        ] {
            assert!(Endpoint::parse(bad).is_err(), "{bad}");
        }
        assert!(base("http://[::1]:8080/v2").is_loopback());
        assert!(base("http://localhost/v2").is_loopback());
    }

    #[test]
    fn ids_are_one_segment() {
        let endpoint = base("https://a.example/scim/v2/");
        let url = |id| endpoint.object("/Users", id).map(|url| url.to_string());
        assert_eq!(
            url("a b/c?d#%").unwrap(),
            "https://a.example/scim/v2/Users/a%20b%2Fc%3Fd%23%25"
        );
        for id in ["", ".", "..", "%2e%2E", "a\nb"] {
            assert_eq!(url(id), None, "{id}");
        }
        assert_eq!(
            endpoint.collection("Groups").as_str(),
            "https://a.example/scim/v2/Groups"
        );
    }
}
