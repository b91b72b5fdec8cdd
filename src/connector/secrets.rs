//! Credentials: where they are read from, and the check that they go nowhere but where they are bound to
//! (safety.md 18).

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};

use crate::model::AppId;
use crate::model::secret::{Destination, SecretBinding, SecretSource};

use super::error::{ConnectorError, ErrorKind};

/// The folder below which `file:` secrets are read.
pub const SECRETS_DIR: &str = "ROLECALL_SECRETS_DIR";

/// Largest secret, in bytes.
const MAX_SECRET: u64 = 16 * 1024;

/// A secret that was read. It cannot be printed.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Takes the text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// The text, for a header and for taking it out of messages; nothing else.
    pub(super) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl From<SecretString> for Secret {
    fn from(text: SecretString) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Where secrets are read from.
#[derive(Debug, Clone)]
pub struct SecretStore {
    fixed: Option<Arc<BTreeMap<String, Secret>>>,
    folder: Option<PathBuf>,
}

impl SecretStore {
    /// The environment, and the folder it names in [`SECRETS_DIR`].
    pub fn from_environment() -> Self {
        Self {
            fixed: None,
            folder: std::env::var_os(SECRETS_DIR).filter(|folder| !folder.is_empty()).map(PathBuf::from),
        }
    }

    /// Given values instead of the environment, for tests.
    pub fn fixed<'t>(values: impl IntoIterator<Item = (&'t str, &'t str)>, folder: Option<PathBuf>) -> Self {
        let values = values.into_iter().map(|(name, value)| (name.to_owned(), Secret::new(value))).collect();
        Self { fixed: Some(Arc::new(values)), folder }
    }

    fn read(&self, source: &SecretSource) -> Result<Secret, String> {
        let secret = match source {
            SecretSource::Env(name) => self.variable(name)?,
            SecretSource::File(name) => self.file(name)?,
        };
        let text = secret.expose();
        if text.is_empty() {
            return Err(format!("{source} is empty"));
        }
        if text.chars().any(char::is_control) {
            return Err(format!("{source} holds a line break or control character inside"));
        }
        Ok(secret)
    }

    fn variable(&self, name: &str) -> Result<Secret, String> {
        let value = match &self.fixed {
            Some(values) => values.get(name).map(|secret| secret.expose().to_owned()),
            None => match std::env::var(name) {
                Ok(value) => Some(value),
                Err(std::env::VarError::NotPresent) => None,
                Err(std::env::VarError::NotUnicode(_)) => {
                    return Err(format!("environment variable {name} is not UTF-8"));
                }
            },
        };
        match value {
            Some(value) => Ok(Secret::new(without_line_end(&value))),
            None => Err(format!("environment variable {name} is not set")),
        }
    }

    fn file(&self, name: &str) -> Result<Secret, String> {
        let folder =
            self.folder.as_deref().ok_or_else(|| format!("secret file {name}: {SECRETS_DIR} is not set"))?;
        let relative = Path::new(name);
        let plain = relative.components().all(|part| matches!(part, Component::Normal(_)));
        if !plain || name.is_empty() {
            return Err(format!("secret file {name} does not lie below {SECRETS_DIR}"));
        }
        let told = |error: std::io::Error| format!("secret file {name}: {error}");
        let folder = folder.canonicalize().map_err(|error| format!("{SECRETS_DIR}: {error}"))?;
        let path = folder.join(relative).canonicalize().map_err(told)?;
        if !path.starts_with(&folder) {
            return Err(format!("secret file {name} is a link out of {SECRETS_DIR}"));
        }
        let meta = path.metadata().map_err(told)?;
        if !meta.is_file() || meta.len() > MAX_SECRET {
            return Err(format!("secret file {name} is not a file of at most {MAX_SECRET} bytes"));
        }
        let text = std::fs::read_to_string(&path).map_err(told)?;
        Ok(Secret::new(without_line_end(&text)))
    }
}

fn without_line_end(text: &str) -> &str {
    text.trim_end_matches(['\r', '\n'])
}

/// Reads a secret for one use: only if it is bound to this app and host. Nothing is read before the check.
pub(super) fn resolve(
    store: &SecretStore,
    bindings: &[SecretBinding],
    source: &SecretSource,
    app: &AppId,
    destination: &Destination,
) -> Result<Secret, ConnectorError> {
    let is_same = |binding: &SecretBinding| binding.source == *source && binding.app == *app;
    let bound = bindings.iter().any(|binding| is_same(binding) && binding.allows(destination));
    if !bound {
        let others: Vec<_> = bindings
            .iter()
            .filter(|binding| binding.source == *source)
            .map(|binding| format!("app {} on {}", binding.app, binding.hosts()))
            .collect();
        let what = if others.is_empty() {
            format!("{source} is not bound to any app; nothing was sent")
        } else {
            format!(
                "{source} is bound to {}, not to app {app} on {}; nothing was sent",
                others.join(", "),
                hosts(destination)
            )
        };
        return Err(ConnectorError::new(app, ErrorKind::SecretUnbound, what).with_hint(line_to_add(
            source,
            app,
            destination,
        )));
    }
    store.read(source).map_err(|what| {
        let hint = match source {
            SecretSource::Env(name) => format!("set {name} where rolecall runs, for example in the CI job"),
            SecretSource::File(_) => format!("put it below the folder that {SECRETS_DIR} names"),
        };
        ConnectorError::new(app, ErrorKind::SecretMissing, what).with_hint(hint)
    })
}

fn hosts(destination: &Destination) -> String {
    match &destination.token {
        None => destination.app.authority(),
        Some(token) => format!("{}, its token to {}", token.authority(), destination.app.authority()),
    }
}

fn line_to_add(source: &SecretSource, app: &AppId, destination: &Destination) -> String {
    let bound = destination.as_binding();
    match source {
        SecretSource::Env(name) => {
            format!(
                "if that is meant, add below `secrets:` in rolecall.yaml:  {name}: {{app: {app}, {bound}}}"
            )
        }
        SecretSource::File(name) => format!(
            "if that is meant, add below `secrets:` in rolecall.yaml:  {app}-token: {{file: {name}, app: {app}, \
             {bound}}}"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Endpoint, Span};

    fn binding(source: SecretSource, host: &str) -> SecretBinding {
        SecretBinding {
            name: "T".into(),
            source,
            app: "hr".into(),
            host: host.into(),
            token_to: None,
            span: Span::default(),
        }
    }

    fn at(url: &str) -> Destination {
        Destination::of_app(Endpoint::parse(url).unwrap())
    }

    fn env() -> SecretSource {
        SecretSource::Env("T".into())
    }

    fn read(bound: &str, app: &str, url: &str) -> Result<Secret, ConnectorError> {
        let store = SecretStore::fixed([("T", "hush")], None);
        resolve(&store, &[binding(env(), bound)], &env(), &app.parse().unwrap(), &at(url))
    }

    #[test]
    fn a_secret_goes_to_its_app_and_host_only() {
        assert!(read("a.example", "hr", "https://A.example/v2").is_ok());
        assert!(read("a.example:8443", "hr", "https://a.example:8443").is_ok());
        assert!(read("a.example:443", "hr", "https://a.example").is_ok());
        assert!(read("127.0.0.1", "hr", "http://127.0.0.1:4711").is_ok());
        assert!(read("[::1]", "hr", "http://[::1]:4711").is_ok());
        for (bound, app, url) in [
            ("a.example", "hr", "https://a.example:8443"),
            ("a.example", "hr", "https://b.a.example"),
            ("a.example", "payroll", "https://a.example"),
            ("127.0.0.1:1", "hr", "http://127.0.0.1:4711"),
        ] {
            let error = read(bound, app, url).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::SecretUnbound, "{bound} {app} {url}");
        }
    }

    #[test]
    fn the_error_shows_the_line_to_add() {
        let error = read("a.example", "hr", "https://b.example:8443/v2").unwrap_err();
        assert_eq!(
            error.to_string(),
            "hr: environment variable T is bound to app hr on a.example, not to app hr on b.example:8443; nothing was sent"
        );
        assert!(error.hint.as_deref().unwrap().ends_with(r#"T: {app: hr, host: "b.example:8443"}"#));
    }

    /// A secret that is exchanged for a token is bound to both hosts.
    #[test]
    fn a_token_goes_to_its_host_only() {
        let to = |token_to: Option<&str>, url: &str| {
            let store = SecretStore::fixed([("T", "hush")], None);
            let bound =
                SecretBinding { token_to: token_to.map(Into::into), ..binding(env(), "login.example") };
            let token = Some(Endpoint::of_host("login.example").unwrap());
            let destination = Destination { token, ..at(url) };
            resolve(&store, &[bound], &env(), &"hr".into(), &destination)
        };
        assert!(to(Some("a.example"), "https://a.example/api").is_ok());
        for (token_to, url) in [
            (None, "https://a.example"),
            (Some("a.example"), "https://b.example"),
            (Some("b.example"), "https://a.example"),
        ] {
            let error = to(token_to, url).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::SecretUnbound, "{token_to:?} {url}");
        }
        let error = to(None, "https://a.example").unwrap_err();
        let hint = error.hint.as_deref().unwrap();
        assert!(hint.ends_with("T: {app: hr, host: login.example, token_to: a.example}"), "{hint}");
    }

    #[test]
    fn a_missing_secret_is_named() {
        let store = SecretStore::fixed([], None);
        let endpoint = at("https://a.example");
        let error =
            resolve(&store, &[binding(env(), "a.example")], &env(), &"hr".into(), &endpoint).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::SecretMissing);
        assert_eq!(error.to_string(), "hr: environment variable T is not set");
    }

    #[test]
    fn files_stay_below_their_folder() {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("secrets");
        std::fs::create_dir(&inside).unwrap();
        std::fs::write(inside.join("token"), "hush\n").unwrap();
        std::fs::write(folder.path().join("other"), "no").unwrap();
        std::os::unix::fs::symlink(folder.path().join("other"), inside.join("link")).unwrap();
        let store = SecretStore::fixed([], Some(inside.clone()));
        let read = |name: &str| store.read(&SecretSource::File(name.into()));
        assert_eq!(read("token").unwrap().expose(), "hush");
        let absolute = inside.join("token");
        for bad in ["../other", "link", "", "nothing", ".", absolute.to_str().unwrap()] {
            assert!(read(bad).is_err(), "{bad}");
        }
        let none = SecretStore::fixed([], None);
        assert!(none.read(&SecretSource::File("token".into())).is_err());
    }

    #[test]
    fn a_secret_is_not_printed() {
        assert_eq!(format!("{:?}", Secret::new("hush")), "Secret(…)");
    }
}
