//! Personal rooms: each account has one or none.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::super::asked::Asked;
use super::super::records::{Edit, Object};
use super::answer::{Answer, Fault};
use super::desk::{Desk, object};
use super::habits::RoomFault;
use super::person;
use super::row::ROOMS;

/// `GET /v1/user/{id}/room`.
pub(super) fn get(desk: &Desk<'_>, id: &str) -> Result<Answer, Fault> {
    let (id, _) = desk.person(id)?;
    let room = desk.records.get(ROOMS, id).ok_or_else(|| Fault::missing("room of the user"))?;
    Ok(Answer::Json(StatusCode::OK, shown(id, room)))
}

/// `POST /v1/user/{id}/room`.
pub(super) fn create(desk: &mut Desk<'_>, asked: &Asked, id: &str) -> Result<Answer, Fault> {
    let (id, _) = desk.person(id)?;
    let mut body = object(asked)?;
    body.retain(|name, _| {
        ["numericId", "moderatorPasscode", "participantPasscode", "name"].contains(&name.as_str())
    });
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    for name in ["numericId", "moderatorPasscode"] {
        if !is_number(person::text(&body, name)) {
            return Err(Fault::malformed(format!("{name} has to be digits")));
        }
    }
    if desk.switches.room_fault == Some(RoomFault::Refused) {
        return Err(Fault::malformed("No room can be made"));
    }
    let number = person::text(&body, "numericId");
    let is_taken = desk.records.all(ROOMS).any(|(_, room)| person::text(room, "numericId") == number);
    if is_taken || desk.records.get(ROOMS, id).is_some() {
        return Err(Fault::malformed("The user has a room, or the number is already taken"));
    }
    desk.keep(vec![Edit::Put { table: ROOMS.to_owned(), id, object: body.clone() }])?;
    match desk.switches.room_fault {
        Some(RoomFault::Lost) => Ok(Answer::Empty(StatusCode::INTERNAL_SERVER_ERROR)),
        Some(RoomFault::Refused) | None => Ok(Answer::Json(StatusCode::CREATED, shown(id, &body))),
    }
}

fn shown(id: u64, room: &Object) -> Value {
    let mut shown =
        json!({"id": id, "isLargeMeeting": false, "isModeratorLess": false, "disallowChat": false});
    for (name, value) in room {
        shown[name] = value.clone();
    }
    shown
}
