//! Signing in: tokens for a username and password, and for the id and secret of an application.

use std::time::{Duration, Instant};

use axum::http::{StatusCode, header};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::super::asked::Asked;
use super::super::ground::{Ground, USER};
use super::super::key::{self, Key};
use super::answer::{Answer, Fault};
use super::caller::Caller;
use super::desk::object;
use super::habits::Switches;
use super::row::{ENTERPRISE, FIRST};

/// The tokens that are known. They are in memory: those of an earlier server are not.
#[derive(Debug, Default)]
pub(super) struct Tokens(Vec<Token>);

#[derive(Debug)]
struct Token {
    key: Key,
    caller: Caller,
    ends: Instant,
    uses: u32,
}

impl Tokens {
    /// `POST /oauth2/token`.
    ///
    /// # Errors
    /// The request is not JSON, the grant is none, or the credential is wrong.
    pub(super) fn grant(
        &mut self,
        ground: &Ground,
        switches: &Switches,
        asked: &Asked,
    ) -> Result<Answer, Fault> {
        let media = asked.headers.get(header::CONTENT_TYPE).and_then(|media| media.to_str().ok());
        let is_form = media.is_some_and(|media| media.starts_with("application/x-www-form-urlencoded"));
        let body = match (is_form, switches.form_tokens) {
            (true, false) => return Err(Fault::malformed("The body has to be JSON")),
            (true, true) => {
                asked.form().into_iter().map(|(name, value)| (name, Value::from(value))).collect()
            }
            (false, _) => object(asked)?,
        };
        let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
        let is_known = |name: &str, secret: &str| text(name) == USER && ground.key.is(text(secret));
        let (caller, scope) = match text("grant_type") {
            "password" if switches.sso => {
                return Err(Fault::malformed("The enterprise signs in through its identity provider (SSO)"));
            }
            "password" if is_known("username", "password") => (Caller::User(FIRST), json!({"user": FIRST})),
            "password" => return Err(Fault::unauthorized("The username or the password is wrong")),
            "client_credentials" if is_known("client_id", "client_secret") => {
                (Caller::App, json!({"enterprise": ENTERPRISE}))
            }
            "client_credentials" => return Err(Fault::unauthorized("The client is not known")),
            _ => return Err(Fault::malformed("The sandbox has no such grant_type")),
        };
        let (token, refresh) = (fresh()?, fresh()?);
        let now = Instant::now();
        self.0.retain(|token| token.ends > now);
        let ends = now + Duration::from_secs(switches.token_life);
        self.0.push(Token { key: Key::of(&token), caller, ends, uses: 0 });
        let mut scope = scope;
        scope["partitionName"] = "z1".into();
        scope["partition"] = json!({"id": 1, "name": "z1"});
        let mut granted = json!({
            "access_token": token.expose_secret(),
            "expires_in": switches.token_life,
            "scope": scope,
        });
        if caller != Caller::App {
            granted["refresh_token"] = refresh.expose_secret().into();
        }
        Ok(Answer::Json(StatusCode::OK, granted))
    }

    /// Whose token a request shows.
    ///
    /// # Errors
    /// 401.
    pub(super) fn caller(&mut self, switches: &Switches, asked: &Asked) -> Result<Caller, Fault> {
        let text = key::bearer(&asked.headers);
        let text = text.ok_or_else(|| Fault::unauthorized("The request has no token"))?;
        let token = self.find(text).ok_or_else(|| Fault::unauthorized("The token is not known"))?;
        token.uses = token.uses.saturating_add(1);
        match switches.requests_per_token {
            Some(most) if token.uses > most => Err(Fault::unauthorized("The token has expired")),
            _ => Ok(token.caller),
        }
    }

    /// `GET /oauth2/tokenInfo?access_token=`.
    ///
    /// # Errors
    /// 401.
    pub(super) fn about(&mut self, asked: &Asked) -> Result<Answer, Fault> {
        let token = self.find(asked.parameter("access_token").unwrap_or_default());
        let token = token.ok_or_else(|| Fault::unauthorized("The token is not known"))?;
        let about = match token.caller {
            Caller::User(id) => json!({"user": id}),
            Caller::App => json!({"enterprise": ENTERPRISE}),
        };
        Ok(Answer::Json(StatusCode::OK, about))
    }

    /// `DELETE /oauth2/token?access_token=`.
    ///
    /// # Errors
    /// 400: it is none.
    pub(super) fn revoke(&mut self, asked: &Asked) -> Result<Answer, Fault> {
        let text = asked.parameter("access_token").unwrap_or_default().to_owned();
        let before = self.0.len();
        self.0.retain(|token| !token.key.is(&text));
        match self.0.len() < before {
            true => Ok(Answer::Empty(StatusCode::NO_CONTENT)),
            false => Err(Fault::malformed("The token is not known")),
        }
    }

    fn find(&mut self, text: &str) -> Option<&mut Token> {
        let now = Instant::now();
        self.0.iter_mut().find(|token| token.key.is(text) && token.ends > now)
    }
}

fn fresh() -> Result<secrecy::SecretString, Fault> {
    key::random().map_err(|error| Fault::unsaved(error.to_string()))
}
