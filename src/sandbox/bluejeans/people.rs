//! The people of an enterprise: lists, one account, create, update, and detaching.

use axum::http::StatusCode;
use serde_json::Value;

use super::super::asked::Asked;
use super::super::records::Object;
use super::answer::{Answer, Fault};
use super::desk::{Desk, object};
use super::row::{FIRST, Row};
use super::{listing, person};

/// The parameters of a list; others are refused, so that nobody takes the whole for a part.
const PARAMETERS: [&str; 7] =
    ["pageSize", "pageNumber", "fields", "sortBy", "order", "emailId", "textSearch"];

/// `GET /v1/enterprise/{eid}/users`.
pub(super) fn list(desk: &Desk<'_>, asked: &Asked, enterprise: u64) -> Result<Answer, Fault> {
    if let Some(other) = asked.names().find(|name| !PARAMETERS.contains(name)) {
        return Err(Fault::malformed(format!("The sandbox has no parameter {other}")));
    }
    let email = asked.parameter("emailId").map(str::to_lowercase);
    let search = asked.parameter("textSearch").map(str::to_lowercase);
    let low = |row: &Row, name: &str| person::text(&row.body, name).to_lowercase();
    let mut people = desk.people();
    people.retain(|(_, row)| {
        let has = |part: &String| {
            let mut names = ["emailId", "username", "firstName", "lastName"].into_iter();
            names.any(|name| low(row, name).contains(part))
        };
        row.enterprise == Some(enterprise)
            && email.as_ref().is_none_or(|email| low(row, "emailId") == *email)
            && search.as_ref().is_none_or(has)
    });
    if let Some(by) = asked.parameter("sortBy") {
        let by = if by == "email" { "emailId" } else { by };
        people.sort_by_key(|(id, row)| (low(row, by), *id));
    }
    if asked.parameter("order") == Some("desc") {
        people.reverse();
    }
    listing::page(desk, asked, &people)
}

/// `GET /v1/user/{id}`.
pub(super) fn get(desk: &Desk<'_>, id: &str) -> Result<Answer, Fault> {
    let (id, row) = desk.person(id)?;
    Ok(Answer::Json(StatusCode::OK, Value::Object(person::shown(id, &row))))
}

/// `GET /v1/user/{id}/enterprise_profile`.
pub(super) fn profile(desk: &Desk<'_>, id: &str) -> Result<Answer, Fault> {
    let (id, row) = desk.person(id)?;
    let is_admin = row.is_admin && (id != FIRST || desk.switches.is_admin);
    Ok(Answer::Json(StatusCode::OK, person::profile(id, &row, is_admin)))
}

/// `POST /v1/enterprise/{eid}/users`.
pub(super) fn create(desk: &mut Desk<'_>, asked: &Asked, enterprise: u64) -> Result<Answer, Fault> {
    let body = person::new(object(asked)?)?;
    taken(desk, &body, None)?;
    let id = desk.records.next_id(FIRST);
    let is_admin = asked.parameter("isAdmin") == Some("true");
    let row = Row { is_admin, ..Row::new(body, enterprise) };
    desk.keep(vec![row.put(id)])?;
    Ok(Answer::Json(StatusCode::CREATED, serde_json::json!({"id": id})))
}

/// `PUT /v1/user/{id}`.
pub(super) fn update(desk: &mut Desk<'_>, asked: &Asked, id: &str) -> Result<Answer, Fault> {
    let (id, before) = desk.person(id)?;
    let body = person::changed(desk.switches, &before.body, object(asked)?)?;
    taken(desk, &body, Some(id))?;
    let row = Row { body, ..before };
    desk.keep(vec![row.put(id)])?;
    match desk.switches.put_status {
        200 => Ok(Answer::Json(StatusCode::OK, Value::Object(person::shown(id, &row)))),
        other => Ok(Answer::Empty(StatusCode::from_u16(other).unwrap_or(StatusCode::NO_CONTENT))),
    }
}

/// `DELETE /v1/enterprise/{eid}/users/{id}`: the account lives on, outside of the enterprise.
pub(super) fn detach(desk: &mut Desk<'_>, enterprise: u64, id: &str) -> Result<Answer, Fault> {
    let (id, row) = desk.person(id)?;
    if row.enterprise != Some(enterprise) {
        return Err(Fault::missing("such user in the enterprise"));
    }
    desk.keep(vec![Row { enterprise: None, ..row }.put(id)])?;
    Ok(Answer::Empty(StatusCode::NO_CONTENT))
}

/// Fails if another account has the address or the username; upper and lower case make no difference.
fn taken(desk: &Desk<'_>, body: &Object, own: Option<u64>) -> Result<(), Fault> {
    let low = |body: &Object, name: &str| person::text(body, name).to_lowercase();
    let mut others = desk.people();
    others.retain(|(id, row)| Some(*id) != own && (desk.switches.reserves || row.enterprise.is_some()));
    let has = |name: &str| others.iter().any(|(_, row)| low(&row.body, name) == low(body, name));
    for (name, what) in [("emailId", "Email address"), ("username", "Username")] {
        if has(name) {
            return Err(Fault::of(desk.switches.taken_status, format!("{what} is already taken")));
        }
    }
    Ok(())
}
