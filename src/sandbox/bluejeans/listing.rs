//! Lists in pages: `pageNumber` from 1, `pageSize`, and the number of all rows.

use axum::http::StatusCode;
use serde_json::Value;

use super::super::asked::Asked;
use super::super::records::Object;
use super::answer::{Answer, Fault};
use super::desk::Desk;
use super::habits::ListKey;
use super::person;
use super::row::Row;

/// The page that a request asks for.
///
/// # Errors
/// 400: the number or the size of the page is none.
pub(super) fn page(desk: &Desk<'_>, asked: &Asked, people: &[(u64, Row)]) -> Result<Answer, Fault> {
    let most = desk.switches.largest_page.max(1);
    let size = number(asked, "pageSize")?.unwrap_or(desk.switches.default_page).min(most);
    let before = (number(asked, "pageNumber")?.unwrap_or(1) - 1).saturating_mul(size);
    let fields: Vec<&str> = asked.parameter("fields").unwrap_or_default().split(',').collect();
    let rows = people.iter().skip(before).take(size);
    let rows = rows.map(|(id, row)| Value::Object(person::listed(desk.switches, *id, row, &fields)));
    let key = match desk.switches.list_key {
        ListKey::Users => "users",
        ListKey::User => "user",
    };
    let page = [("count".to_owned(), people.len().into()), (key.to_owned(), rows.collect())];
    Ok(Answer::Json(StatusCode::OK, Value::Object(Object::from_iter(page))))
}

fn number(asked: &Asked, name: &str) -> Result<Option<usize>, Fault> {
    let read = |text: &str| text.parse().ok().filter(|number| *number > 0);
    let wrong = || Fault::malformed(format!("{name} is no number from 1"));
    asked.parameter(name).map(|text| read(text).ok_or_else(wrong)).transpose()
}
