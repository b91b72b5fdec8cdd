//! The org chart: who reports to whom.

use axum::http::StatusCode;
use serde_json::json;

use super::super::asked::Asked;
use super::super::records::{Edit, Object};
use super::answer::{Answer, Fault};
use super::desk::Desk;
use super::people;
use super::row::{MANAGERS, PEOPLE};

/// Fails if there is no org chart.
fn there(desk: &Desk<'_>) -> Result<(), Fault> {
    match desk.switches.org_chart {
        true => Ok(()),
        false => Err(Fault::off("the org chart")),
    }
}

fn manager_of(desk: &Desk<'_>, id: u64) -> Option<u64> {
    desk.records.get(MANAGERS, id)?.get("manager")?.as_u64()
}

/// The manager of a person.
pub(super) fn manager(desk: &mut Desk<'_>, asked: &Asked, id: &str) -> Result<Answer, Fault> {
    there(desk)?;
    let (id, _) = desk.row(PEOPLE, "person", id)?;
    let manager = manager_of(desk, id).ok_or_else(|| Fault::missing("manager"))?;
    people::get(desk, asked, &manager.to_string())
}

/// The people who report to a person.
pub(super) fn reports(desk: &Desk<'_>, asked: &Asked, id: &str) -> Result<Answer, Fault> {
    there(desk)?;
    let (id, _) = desk.row(PEOPLE, "person", id)?;
    let mut rows = desk.rows(PEOPLE);
    rows.retain(|(report, _)| manager_of(desk, *report) == Some(id));
    people::page(desk, asked, rows)
}

/// PUT: a person reports to another one from now on.
pub(super) fn set(desk: &mut Desk<'_>, manager: &str, report: &str) -> Result<Answer, Fault> {
    there(desk)?;
    let (manager, _) = desk.row(PEOPLE, "manager", manager)?;
    let (report, _) = desk.row(PEOPLE, "person", report)?;
    let mut above = Some(manager);
    while let Some(id) = above {
        if id == report {
            return Err(Fault::rule("nobody reports to themselves, also not over others"));
        }
        above = manager_of(desk, id);
    }
    let object = Object::from_iter([("manager".to_owned(), json!(manager))]);
    desk.keep(vec![Edit::Put { table: MANAGERS.to_owned(), id: report, object }])?;
    Ok(Answer::Empty(StatusCode::NO_CONTENT))
}

/// DELETE: a person does not report to another one any more.
pub(super) fn clear(desk: &mut Desk<'_>, manager: &str, report: &str) -> Result<Answer, Fault> {
    there(desk)?;
    let (manager, _) = desk.row(PEOPLE, "manager", manager)?;
    let (report, _) = desk.row(PEOPLE, "person", report)?;
    if manager_of(desk, report) != Some(manager) {
        return Err(Fault::rule("the person does not report to this manager"));
    }
    desk.keep(vec![Edit::Drop { table: MANAGERS.to_owned(), id: report }])?;
    Ok(Answer::Empty(StatusCode::NO_CONTENT))
}
