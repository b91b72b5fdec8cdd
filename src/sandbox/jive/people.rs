//! People: lists, look-ups, create, update, delete.

use axum::http::StatusCode;
use serde_json::Value;

use super::super::asked::Asked;
use super::super::records::{Edit, Object};
use super::answer::{Answer, Fault};
use super::desk::{Desk, object};
use super::habits::UsernameChange;
use super::membership::In;
use super::row::{GROUPS, MANAGERS, MEMBERS, PEOPLE, Row};
use super::{fields, listing, person};

/// Which list of people is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// `/people`, by the first name.
    Search,
    /// `/people/@all`, by number.
    All,
}

/// A page of people.
pub(super) fn list(desk: &Desk<'_>, asked: &Asked, which: Which) -> Result<Answer, Fault> {
    let (mut disabled, mut external) = (!desk.switches.hides_disabled, false);
    for filter in asked.parameters("filter") {
        match filter {
            "include-disabled(true)" => disabled = true,
            "include-external(true)" => external = true,
            "include-disabled(false)" | "include-external(false)" | "include-partner(true)" => {}
            other => return Err(Fault::malformed(format!("the sandbox has no filter {other}"))),
        }
    }
    let ids: Option<Vec<u64>> =
        asked.parameter("ids").map(|ids| ids.split(',').filter_map(|id| id.parse().ok()).collect());
    let mut rows = desk.rows(PEOPLE);
    rows.retain(|(id, row)| {
        (disabled || person::is_enabled(&row.body))
            && (external || !person::is_external(&row.body))
            && ids.as_ref().is_none_or(|ids| ids.contains(id))
    });
    let name = |row: &Row, part: &str| row.body.get("name").map(|name| name[part].to_string().to_lowercase());
    match (which, asked.parameter("sort")) {
        (Which::All, None) | (_, Some("dateJoinedAsc")) => {}
        (Which::Search, None) | (_, Some("firstNameAsc")) => {
            rows.sort_by_key(|(_, row)| name(row, "givenName"));
        }
        (_, Some("lastNameAsc")) => rows.sort_by_key(|(_, row)| name(row, "familyName")),
        (_, Some(other)) => return Err(Fault::malformed(format!("the sandbox does not sort by {other}"))),
    }
    page(desk, asked, rows)
}

/// A page of these people.
pub(super) fn page(desk: &Desk<'_>, asked: &Asked, rows: Vec<(u64, Row)>) -> Result<Answer, Fault> {
    let shown = rows.iter().map(|(id, row)| person::shown(desk.origin, *id, row)).collect();
    listing::page(desk, asked, shown, &|row| desk.switches.hidden.contains(person::username(row)))
}

/// One person, by id.
pub(super) fn get(desk: &mut Desk<'_>, asked: &Asked, id: &str) -> Result<Answer, Fault> {
    let (id, row) = desk.row(PEOPLE, "person", id)?;
    match row.deleting {
        Some(0) => {
            remove(desk, id)?;
            return Err(Fault::missing("person"));
        }
        Some(looks) => {
            desk.keep(vec![row.leaving(looks - 1).put(PEOPLE, id)])?;
        }
        None => {}
    }
    Ok(one(desk, asked, StatusCode::OK, id, &row))
}

/// One person, by the login.
pub(super) fn by_username(desk: &Desk<'_>, asked: &Asked, username: &str) -> Result<Answer, Fault> {
    found(desk, asked, holder(desk, |person| Some(person::username(person)), username))
}

/// One person, by the main address.
pub(super) fn by_email(desk: &Desk<'_>, asked: &Asked, email: &str) -> Result<Answer, Fault> {
    found(desk, asked, holder(desk, person::email, email))
}

fn found(desk: &Desk<'_>, asked: &Asked, holder: Option<(u64, Row)>) -> Result<Answer, Fault> {
    let (id, row) = holder.ok_or_else(|| Fault::missing("person"))?;
    Ok(one(desk, asked, StatusCode::OK, id, &row))
}

/// The person who has a value; upper and lower case make no difference.
fn holder(desk: &Desk<'_>, value: impl Fn(&Object) -> Option<&str>, wanted: &str) -> Option<(u64, Row)> {
    let wanted = wanted.to_lowercase();
    let has = |row: &Row| value(&row.body).is_some_and(|value| value.to_lowercase() == wanted);
    desk.rows(PEOPLE).into_iter().find(|(_, row)| has(row))
}

/// POST: a new person.
pub(super) fn create(desk: &mut Desk<'_>, asked: &Asked) -> Result<Answer, Fault> {
    if !desk.switches.creates {
        return Err(Fault::not_here("people are created by another system"));
    }
    let body = person::new(desk.switches, object(asked)?)?;
    taken(desk, &body, None)?;
    let id = desk.records.next_id(super::row::FIRST);
    let row = Row::new(body);
    desk.keep(vec![row.put(PEOPLE, id)])?;
    Ok(one(desk, asked, StatusCode::CREATED, id, &row))
}

/// PUT: the person as it is to be.
pub(super) fn update(desk: &mut Desk<'_>, asked: &Asked, id: &str) -> Result<Answer, Fault> {
    let (id, before) = desk.row(PEOPLE, "person", id)?;
    let mut body = person::changed(desk.switches, &before.body, object(asked)?)?;
    if person::username(&body) != person::username(&before.body) {
        match desk.switches.username_change {
            UsernameChange::Refused => return Err(Fault::rule("the username cannot change")),
            UsernameChange::Ignored => {
                body = person::with_username(body, person::username(&before.body));
            }
        }
    }
    taken(desk, &body, Some(id))?;
    let row = before.with(body);
    desk.keep(vec![row.put(PEOPLE, id)])?;
    Ok(one(desk, asked, StatusCode::OK, id, &row))
}

/// DELETE: answered at once, done later.
pub(super) fn delete(desk: &mut Desk<'_>, id: &str) -> Result<Answer, Fault> {
    let (id, row) = desk.row(PEOPLE, "person", id)?;
    match desk.switches.looks_after_delete {
        0 => remove(desk, id)?,
        looks => desk.keep(vec![row.leaving(looks).put(PEOPLE, id)])?,
    }
    Ok(Answer::Empty(StatusCode::ACCEPTED))
}

/// Takes a person out of everything.
fn remove(desk: &mut Desk<'_>, id: u64) -> Result<(), Fault> {
    let dropped = |table: &str, id: u64| Edit::Drop { table: table.to_owned(), id };
    let mut edits = vec![dropped(PEOPLE, id), dropped(MANAGERS, id)];
    let reports = desk.records.all(MANAGERS).filter(|(_, kept)| kept["manager"] == id);
    edits.extend(reports.map(|(report, _)| dropped(MANAGERS, report)));
    for (group, _) in desk.records.all(GROUPS) {
        let in_it = In::of(desk.records.get(MEMBERS, group));
        edits.extend(in_it.without(id).map(|rest| rest.put(group)));
    }
    desk.keep(edits)
}

/// Fails if somebody else has the login or the address.
fn taken(desk: &Desk<'_>, body: &Object, own: Option<u64>) -> Result<(), Fault> {
    let is_other = |found: Option<(u64, Row)>| found.is_some_and(|(id, _)| Some(id) != own);
    if is_other(holder(desk, |person| Some(person::username(person)), person::username(body))) {
        return Err(Fault::rule("the username is taken"));
    }
    match person::email(body) {
        Some(email) if is_other(holder(desk, person::email, email)) => {
            Err(Fault::rule("the address is taken"))
        }
        _ => Ok(()),
    }
}

fn one(desk: &Desk<'_>, asked: &Asked, status: StatusCode, id: u64, row: &Row) -> Answer {
    let shown = person::shown(desk.origin, id, row);
    Answer::Json(status, Value::Object(fields::select(shown, asked.parameter("fields"), false)))
}
