//! Security groups, their members and their administrators.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::super::asked::Asked;
use super::super::records::{Edit, Object};
use super::answer::{Answer, Fault};
use super::desk::{API, Desk, object};
use super::membership::{In, Part};
use super::row::{FIRST, GROUPS, MEMBERS, PEOPLE, Row};
use super::{fields, listing, people};

/// The most people of one request.
const BATCH: usize = 200;
/// Keys that the app computes; in a request they are ignored.
const READ_ONLY: [&str; 7] =
    ["id", "type", "memberCount", "administratorCount", "published", "updated", "resources"];

/// A page of groups, by name.
pub(super) fn list(desk: &Desk<'_>, asked: &Asked) -> Result<Answer, Fault> {
    page(desk, asked, desk.rows(GROUPS))
}

/// The groups of a person.
pub(super) fn of_person(desk: &Desk<'_>, asked: &Asked, id: &str) -> Result<Answer, Fault> {
    let (id, _) = desk.row(PEOPLE, "person", id)?;
    let mut rows = desk.rows(GROUPS);
    rows.retain(|(group, _)| In::of(desk.records.get(MEMBERS, *group)).has(Part::Members, id));
    page(desk, asked, rows)
}

fn page(desk: &Desk<'_>, asked: &Asked, mut rows: Vec<(u64, Row)>) -> Result<Answer, Fault> {
    rows.sort_by_key(|(_, row)| name(&row.body).to_lowercase());
    let shown = rows.iter().map(|(id, row)| shown(desk, *id, row)).collect();
    listing::page(desk, asked, shown, &|_| false)
}

/// One group, by id.
pub(super) fn get(desk: &Desk<'_>, asked: &Asked, id: &str) -> Result<Answer, Fault> {
    let (id, row) = desk.row(GROUPS, "security group", id)?;
    Ok(one(desk, asked, StatusCode::OK, id, &row))
}

/// One group, by its exact name.
pub(super) fn by_name(desk: &Desk<'_>, asked: &Asked, wanted: &str) -> Result<Answer, Fault> {
    let found = desk.rows(GROUPS).into_iter().find(|(_, row)| name(&row.body) == wanted);
    let (id, row) = found.ok_or_else(|| Fault::missing("security group"))?;
    Ok(one(desk, asked, StatusCode::OK, id, &row))
}

/// POST: a new group.
pub(super) fn create(desk: &mut Desk<'_>, asked: &Asked) -> Result<Answer, Fault> {
    let body = written(desk, object(asked)?, None)?;
    let id = desk.records.next_id(FIRST);
    let row = Row::new(body);
    desk.keep(vec![row.put(GROUPS, id)])?;
    Ok(one(desk, asked, StatusCode::CREATED, id, &row))
}

/// PUT: the group as it is to be.
pub(super) fn update(desk: &mut Desk<'_>, asked: &Asked, id: &str) -> Result<Answer, Fault> {
    let (id, before) = desk.row(GROUPS, "security group", id)?;
    let row = before.with(written(desk, object(asked)?, Some(id))?);
    desk.keep(vec![row.put(GROUPS, id)])?;
    Ok(one(desk, asked, StatusCode::OK, id, &row))
}

/// DELETE.
pub(super) fn delete(desk: &mut Desk<'_>, id: &str) -> Result<Answer, Fault> {
    let (id, _) = desk.row(GROUPS, "security group", id)?;
    let dropped = |table: &str| Edit::Drop { table: table.to_owned(), id };
    desk.keep(vec![dropped(GROUPS), dropped(MEMBERS)])?;
    Ok(Answer::Empty(StatusCode::NO_CONTENT))
}

/// A page of the people in a group.
pub(super) fn people_in(desk: &Desk<'_>, asked: &Asked, part: Part, id: &str) -> Result<Answer, Fault> {
    let (id, _) = desk.row(GROUPS, "security group", id)?;
    let in_it = In::of(desk.records.get(MEMBERS, id));
    let mut rows = desk.rows(PEOPLE);
    rows.retain(|(person, _)| in_it.has(part, *person));
    people::page(desk, asked, rows)
}

/// POST: an array of addresses of people, all of whom are added, or none.
pub(super) fn add(desk: &mut Desk<'_>, asked: &Asked, part: Part, id: &str) -> Result<Answer, Fault> {
    let (id, _) = desk.row(GROUPS, "security group", id)?;
    let Value::Array(addresses) = asked.json().map_err(Fault::malformed)? else {
        return Err(Fault::malformed("the body is no JSON array"));
    };
    if addresses.len() > BATCH {
        return Err(Fault::malformed(format!("{} people, and at most {BATCH} at once", addresses.len())));
    }
    let mut in_it = In::of(desk.records.get(MEMBERS, id));
    let mut ids = Vec::new();
    for address in &addresses {
        let person = address.as_str().and_then(|address| person_at(desk, address));
        let person =
            person.ok_or_else(|| Fault::malformed(format!("{address} is no address of a person")))?;
        let other = match part {
            Part::Members => Part::Administrators,
            Part::Administrators => Part::Members,
        };
        if in_it.has(other, person) {
            return Err(Fault::rule("nobody is member and administrator of one group"));
        }
        ids.push(person);
    }
    in_it.add(part, &ids);
    desk.keep(vec![in_it.put(id)])?;
    Ok(Answer::Empty(StatusCode::from_u16(desk.switches.members_status).unwrap_or(StatusCode::NO_CONTENT)))
}

/// The person whom an absolute address names.
fn person_at(desk: &Desk<'_>, address: &str) -> Option<u64> {
    let id = address.strip_prefix(desk.origin)?.strip_prefix(API)?.strip_prefix("/people/")?;
    let id = id.parse().ok()?;
    desk.records.get(PEOPLE, id).map(|_| id)
}

/// DELETE: a person is in the group no more.
pub(super) fn remove(desk: &mut Desk<'_>, part: Part, id: &str, person: &str) -> Result<Answer, Fault> {
    if !desk.switches.removes_members {
        return Err(Fault::method());
    }
    let (id, _) = desk.row(GROUPS, "security group", id)?;
    let in_it = In::of(desk.records.get(MEMBERS, id));
    let person = person.parse().ok().filter(|person| in_it.has(part, *person));
    let rest =
        person.and_then(|person| in_it.without(person)).ok_or_else(|| Fault::missing("such member"))?;
    desk.keep(vec![rest.put(id)])?;
    Ok(Answer::Empty(StatusCode::NO_CONTENT))
}

/// What of a body is written.
fn written(desk: &Desk<'_>, mut body: Object, own: Option<u64>) -> Result<Object, Fault> {
    body.retain(|key, value| !READ_ONLY.contains(&key.as_str()) && !value.is_null());
    if name(&body).is_empty() {
        return Err(Fault::malformed("name is required"));
    }
    let mut others = desk.rows(GROUPS).into_iter().filter(|(id, _)| Some(*id) != own);
    if others.any(|(_, row)| name(&row.body).eq_ignore_ascii_case(name(&body))) {
        return Err(Fault::rule("the name is taken"));
    }
    Ok(body)
}

fn name(group: &Object) -> &str {
    group.get("name").and_then(Value::as_str).unwrap_or_default()
}

/// A group as the app shows one.
fn shown(desk: &Desk<'_>, id: u64, row: &Row) -> Object {
    let in_it = In::of(desk.records.get(MEMBERS, id));
    let mut group = row.body.clone();
    group.entry("federated").or_insert(json!(false));
    let address = format!("{}{API}/securityGroups/{id}", desk.origin);
    let verbs = |address: &str, verbs: &[&str]| json!({"ref": address, "allowed": verbs});
    let resources = json!({
        "self": verbs(&address, &["GET", "PUT", "DELETE"]),
        "members": verbs(&format!("{address}/members"), &["GET", "POST"]),
        "administrators": verbs(&format!("{address}/administrators"), &["GET", "POST"]),
    });
    let computed = [
        ("id", json!(id.to_string())),
        ("type", json!("securityGroup")),
        ("memberCount", json!(in_it.members.len())),
        ("administratorCount", json!(in_it.administrators.len())),
        ("resources", resources),
    ];
    group.extend(computed.map(|(key, value)| (key.to_owned(), value)));
    group.extend(row.times().map(|(key, value)| (key.to_owned(), value.into())));
    group
}

fn one(desk: &Desk<'_>, asked: &Asked, status: StatusCode, id: u64, row: &Row) -> Answer {
    let shown = shown(desk, id, row);
    Answer::Json(status, Value::Object(fields::select(shown, asked.parameter("fields"), false)))
}
