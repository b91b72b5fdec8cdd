//! The names of attributes to ask for, where the app shows one of the wanted ones only if it is named (RFC 7643 section 7,
//! `returned`). All that are needed are named then, because the others are left out (RFC 7644 section 3.9).

use std::sync::Arc;

use reqwest::Url;

use crate::catalog::scim::HELD;
use crate::connector::error::ConnectorError;
use crate::connector::http::{Answer, Call};
use crate::model::remote::ListRequest;
use crate::model::{Kind, Path};

use super::decode;
use super::session::Session;

/// The parameter that names what is to be shown.
pub(super) const PARAMETER: &str = "attributes";

/// The names for a list, or for an object that is to be written.
pub(super) fn of(session: &Session, want: &ListRequest) -> Option<String> {
    let places = HELD.map(|(attribute, _)| attribute);
    with(session, want, if want.holds { &places } else { &[] })
}

/// The names for one object that is looked at: what an account has is wanted too.
pub(super) fn of_one(session: &Session, want: &ListRequest) -> Option<String> {
    of(session, &ListRequest { holds: want.kind == Kind::User, ..want.clone() })
}

/// `further` names what is wanted beside the attributes of every object and the paths. What the app's schema does not have is
/// not named.
fn with(session: &Session, want: &ListRequest, further: &[&str]) -> Option<String> {
    if !session.learned.takes_names() {
        return None;
    }
    let own = session.schemas.own.of(want.kind);
    let is_there = |name: &&str| !own.lacks(&Path::top(name));
    let always = decode::always(want.kind).iter().copied().filter(is_there);
    let members = want.members.then_some("members");
    let further = members.into_iter().chain(further.iter().copied().filter(is_there));
    let top = |name: &str| (Arc::from(name.to_lowercase()), name.to_owned());
    let paths = want.paths.iter().map(|path| (path.whole(), path.spelled_whole()));
    let wanted: Vec<(Arc<str>, String)> = always.map(top).chain(paths).chain(further.map(top)).collect();
    if !own.on_request().any(|asked| wanted.iter().any(|(whole, _)| &**whole == asked)) {
        return None;
    }
    let mut names: Vec<String> = Vec::new();
    for (_, name) in wanted {
        if !names.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
            names.push(name);
        }
    }
    Some(names.join(","))
}

/// Whether the app refused names, and answered without them.
pub(super) struct Lesson {
    are_refused: bool,
}

impl Lesson {
    /// The answer has turned out to be what was asked for. Only now is it believed that the app refuses names: it may refuse a
    /// request in the same way for many other reasons.
    pub(super) fn learn(&self, session: &Session) {
        if self.are_refused {
            session.learned.refuse_names();
        }
    }
}

/// Sends a request with names, and without them if it is refused. "Not found" is a refusal too: only what is answered to a
/// request without names proves that an object is gone.
///
/// # Errors
/// There is no answer.
pub(super) async fn ask(
    session: &Session,
    named: Option<&str>,
    url: impl Fn(Option<&str>) -> Url + Send + Sync,
) -> Result<(Answer, Lesson), ConnectorError> {
    let answer = session.http.send(&Call::get(url(named))).await?;
    if named.is_none() || !matches!(answer.status, 400 | 403 | 404 | 410 | 501) {
        return Ok((answer, Lesson { are_refused: false }));
    }
    let answer = session.http.send(&Call::get(url(None))).await?;
    let are_refused = answer.is_success();
    Ok((answer, Lesson { are_refused }))
}
