//! Lists in pages: `startIndex` from 0, `count`, and links to the page before and the next. There is no total.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::super::asked::Asked;
use super::super::records::Object;
use super::answer::{Answer, Fault};
use super::desk::Desk;
use super::fields;

/// The page of some rows that a request asks for. `is_hidden` says which rows the caller may not see; they are taken out
/// of the page after it was cut.
pub(super) fn page(
    desk: &Desk<'_>,
    asked: &Asked,
    rows: Vec<Object>,
    is_hidden: &dyn Fn(&Object) -> bool,
) -> Result<Answer, Fault> {
    let start = number(asked, "startIndex")?.unwrap_or(0);
    let count = number(asked, "count")?.unwrap_or(desk.switches.default_page);
    let count = count.clamp(1, desk.switches.largest_page.max(1));
    let total = rows.len();
    let cut = rows.into_iter().skip(start).take(count);
    let shown: Vec<Value> = cut
        .filter(|row| !is_hidden(row))
        .map(|row| Value::Object(fields::select(row, asked.parameter("fields"), true)))
        .collect();
    let path = asked.path.join("/");
    let query = asked.query_without(&["startIndex", "count"]);
    let link = |start: usize| {
        let more = if query.is_empty() { String::new() } else { format!("&{query}") };
        format!("{}/{path}?startIndex={start}&count={count}{more}", desk.origin)
    };
    let mut links = Object::new();
    if start > 0 {
        links.insert("previous".to_owned(), link(start.saturating_sub(count)).into());
    }
    if start.saturating_add(count) < total {
        links.insert("next".to_owned(), link(start + count).into());
    }
    let page = json!({"list": shown, "startIndex": start, "itemsPerPage": shown.len(), "links": links});
    Ok(Answer::Json(StatusCode::OK, page))
}

fn number(asked: &Asked, name: &str) -> Result<Option<usize>, Fault> {
    let read = |text: &str| text.parse().map_err(|_| Fault::malformed(format!("{name} is no number from 0")));
    asked.parameter(name).map(read).transpose()
}
