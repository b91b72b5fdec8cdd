//! Signing in as a document says: keys in headers, and credentials that are exchanged for a token.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use futures_util::future::{BoxFuture, FutureExt};
use jiff::{SignedDuration, Timestamp};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde_json::Value as Json;

use crate::catalog::rest::{Body, Document, Expires, Form, Operation, Placeholder, Source, TokenForm, Word};
use crate::connector::error::{ConnectorError, ErrorKind};
use crate::connector::http::{Call, Granted, Http, Login, Repeat, TokenLogin, TokenSource, percent};
use crate::connector::registry::Part;
use crate::connector::{Open, Secret};
use crate::model::secret::Destination;

use super::address;
use super::meaning::{self, Sense};
use super::method::method;
use super::reply::{text_at, value_at};
use super::values::{Unfilled, Values};

/// The ways to sign in of a document.
pub(super) struct Forms<'s> {
    pub document: &'s Arc<Document>,
    /// Settings of the app.
    pub values: &'s Values,
    pub dialect: &'s crate::connector::http::Dialect,
    /// Set if the credential is exchanged for a token.
    pub tokens: &'s std::cell::RefCell<Option<Arc<TokenLogin>>>,
}

impl crate::connector::registry::Forms for Forms<'_> {
    fn login(
        &self,
        open: &Open<'_>,
        destination: &Destination,
        form: &str,
        parts: BTreeMap<Arc<str>, Part>,
    ) -> Result<Login, ConnectorError> {
        let refused = |Unfilled(why): Unfilled| open.refused(why);
        let found = self.document.auth.iter().find(|(name, _)| &**name == form);
        let header = |name: &str| {
            HeaderName::from_bytes(name.as_bytes())
                .map_err(|_| open.refused(format!("'{name}' is not the name of a header")))
        };
        match found.map(|(_, form)| form) {
            Some(Form::Key { header: name, value }) => {
                let key = parts.values().find_map(|part| match part {
                    Part::Secret(secret, _) => Some(Json::from(secret.expose())),
                    Part::Text(_) => None,
                });
                let values = self.values.with(key.map(|key| (Placeholder::Key, key)));
                let text = values.text(value).map_err(refused)?;
                Ok(Login::Header(header(name)?, Secret::new(text)))
            }
            Some(Form::Token(token)) => {
                let endpoint = destination.first().clone();
                let http = open.token_http(endpoint, self.dialect.clone())?;
                let secrets = parts.values().filter_map(|part| match part {
                    Part::Secret(secret, _) => Some(secret.clone()),
                    Part::Text(_) => None,
                });
                let secrets: Vec<Secret> = secrets.collect();
                let own = parts.iter().map(|(name, part)| {
                    let value = match part {
                        Part::Text(text) => Json::from(&**text),
                        Part::Secret(secret, _) => Json::from(secret.expose()),
                    };
                    (Placeholder::of_need(name), value)
                });
                let source = AskingForTokens {
                    http,
                    document: self.document.clone(),
                    form: TokenForm::clone(token),
                    values: self.values.with(own),
                    basic: token.basic.then(|| basic(token, &parts)).flatten(),
                    secrets: secrets.clone(),
                    sources: parts
                        .values()
                        .filter_map(|part| match part {
                            Part::Secret(_, source) => source.clone(),
                            Part::Text(_) => None,
                        })
                        .collect(),
                };
                let login = Arc::new(TokenLogin::new(Arc::new(source), header(&token.header)?, secrets));
                self.tokens.borrow_mut().get_or_insert_with(|| login.clone());
                Ok(Login::Token(login))
            }
            _ => Err(open.refused(format!("the connector has no way to sign in that is called '{form}'"))),
        }
    }
}

/// The first two parts as name and password (RFC 6749 section 2.3.1).
fn basic(form: &TokenForm, parts: &BTreeMap<Arc<str>, Part>) -> Option<Secret> {
    let text = |at: usize| match parts.get(&form.needs.get(at)?.0)? {
        Part::Text(text) => Some(text.to_string()),
        Part::Secret(secret, _) => Some(secret.expose().to_owned()),
    };
    let encoded = |text: String| percent::encoded(&text);
    let joined = format!("{}:{}", encoded(text(0)?), encoded(text(1)?));
    Some(Secret::new(format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(joined))))
}

/// A credential that is exchanged for a token.
struct AskingForTokens {
    http: Http,
    document: Arc<Document>,
    form: TokenForm,
    values: Values,
    /// A header with the credential, besides the body.
    basic: Option<Secret>,
    secrets: Vec<Secret>,
    /// Where the secrets come from, in words.
    sources: Vec<Arc<str>>,
}

impl TokenSource for AskingForTokens {
    fn ask(&self) -> BoxFuture<'_, Result<Granted, ConnectorError>> {
        async move {
            let call = self.call()?;
            let answer = self.http.send(&call).await?;
            let meant =
                meaning::read(&self.document.answers, Operation::Token, &self.form.request.means, &answer);
            let (Sense::Says(Word::Done), Some(body)) = (meant.word, &meant.body) else {
                return Err(self.with_sources(self.without_secrets(meant.fault(&self.http, &answer))));
            };
            let text = |source: &Source| text_at(source, &answer.headers, body);
            let Some(token) = text(&self.form.token).filter(|token| !token.is_empty()) else {
                let what = "answered without a token";
                return Err(self.http.error_of(&answer, ErrorKind::NotTheProtocol, what));
            };
            let values = self.values.with([(Placeholder::Token, Json::from(token))]);
            let header = values
                .text(&self.form.value)
                .map_err(|Unfilled(why)| self.http.error(ErrorKind::Config, why))?;
            let facts =
                self.form.others.iter().filter_map(|(name, source)| {
                    Some((name.clone(), value_at(source, &answer.headers, body)?))
                });
            Ok(Granted {
                header: Secret::new(header),
                life: self.form.expires.as_ref().and_then(|expires| life(expires, &text, self.http.clock())),
                facts: facts.collect(),
            })
        }
        .boxed()
    }
}

impl AskingForTokens {
    fn call(&self) -> Result<Call<'static>, ConnectorError> {
        let request = &self.form.request;
        let config = |Unfilled(why)| self.http.error(ErrorKind::Config, why);
        let target = address::target(&self.http, &self.document, &request.address, &self.values, &[])?;
        let mut headers: HeaderMap = target.headers;
        if let Some(basic) = &self.basic {
            let value = HeaderValue::from_str(basic.expose());
            let mut value =
                value.map_err(|_| self.http.error(ErrorKind::Config, "the credential cannot be sent"))?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        let body = match &request.body {
            Body::Nothing | Body::Attributes(_) => None,
            Body::Json(json) => Some(self.values.json(json, &[]).map_err(config)?.to_string()),
            Body::Form(fields) => {
                headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
                let fields = fields.iter().map(|(name, value)| Ok((name, self.values.text(value)?)));
                let fields = fields.collect::<Result<Vec<_>, _>>().map_err(config)?;
                let mut form = url::form_urlencoded::Serializer::new(String::new());
                fields.iter().for_each(|(name, value)| _ = form.append_pair(name, value));
                Some(form.finish())
            }
        };
        Ok(Call {
            method: method(request.method),
            body: body.map(String::into_bytes),
            headers,
            // A second token does no harm.
            repeat: Repeat::Safe,
            ..Call::get(target.url)
        })
    }

    /// Names the secrets that the server did not accept.
    fn with_sources(&self, error: ConnectorError) -> ConnectorError {
        let is_no = matches!(error.kind(), ErrorKind::Auth | ErrorKind::Forbidden | ErrorKind::Refused);
        if self.sources.is_empty() || !is_no {
            return error;
        }
        let hint = format!(
            "check the credential ({}), and the address that gives tokens for it",
            self.sources.join(", ")
        );
        error.with_hint(hint)
    }

    /// The words of the server, which may repeat what it was sent.
    fn without_secrets(&self, error: ConnectorError) -> ConnectorError {
        let Some(detail) = error.detail.clone() else { return error };
        let detail =
            self.secrets.iter().fold(detail, |text, secret| text.replace(secret.expose(), "(secret)"));
        error.with_detail(&detail)
    }
}

/// How long a token is good. `ahead` is the difference between the clock of the server and that of this machine: an instant is
/// one of the server's clock.
fn life(
    expires: &Expires,
    text: &dyn Fn(&Source) -> Option<String>,
    ahead: Option<SignedDuration>,
) -> Option<Duration> {
    match expires {
        Expires::After(seconds) => Some(Duration::from_secs(*seconds)),
        Expires::In(source) => Some(Duration::from_secs(text(source)?.parse().ok()?)),
        Expires::At(source) => {
            let at: Timestamp = text(source)?.parse().ok()?;
            let now = Timestamp::now().checked_add(ahead.unwrap_or_default()).ok()?;
            Some(at.duration_since(now).try_into().unwrap_or_default())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::rest::Place;

    #[test]
    fn the_end_of_a_token_is_an_instant_of_the_servers_clock() {
        let hour = SignedDuration::from_hours(1);
        let place = || Source::Body(Place::parse("at").unwrap());
        let left = |ahead: Option<SignedDuration>| {
            let at = Timestamp::now().checked_add(hour).unwrap().to_string();
            life(&Expires::At(place()), &|_| Some(at.clone()), ahead).unwrap().as_secs().div_ceil(60)
        };
        assert_eq!((left(None), left(Some(hour / 2)), left(Some(hour * 2))), (60, 30, 0));
        let seconds = life(&Expires::In(place()), &|_| Some("90".to_owned()), Some(hour));
        assert_eq!(seconds, Some(Duration::from_secs(90)));
    }
}
