//! Values of attributes as JSON: in the types and formats that the document says.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value as Json;

use crate::catalog::rest::{Attribute, DateFormat, Objects, ValueType};
use crate::model::{Kind, RemoteId, Value};

use super::session::Session;

/// A value of an attribute as JSON.
///
/// # Errors
/// It cannot be written so, and why.
pub(super) fn of(session: &Session, attribute: &Attribute, value: &Value) -> Result<Json, String> {
    let value = value.clone().normalised();
    match value {
        Value::Null if attribute.many => Ok(Json::Array(Vec::new())),
        Value::Null => Ok(Json::Null),
        Value::List(values) if attribute.many => values
            .iter()
            .map(|value| one(session, attribute, value))
            .collect::<Result<_, _>>()
            .map(Json::Array),
        Value::List(values) => match values.as_slice() {
            [value] => one(session, attribute, value),
            _ => Err(format!("{} takes one value, and there are {}", attribute.name, values.len())),
        },
        value if attribute.many => Ok(Json::Array(vec![one(session, attribute, &value)?])),
        value => one(session, attribute, &value),
    }
}

/// The value of an attribute by which objects are named, in the JSON type of the attribute.
pub(super) fn named_by(session: &Session, objects: &Objects, attribute: &str, text: &str) -> Json {
    let attribute = objects.attributes.iter().find(|one| *one.name == *attribute);
    let json = attribute.and_then(|attribute| one(session, attribute, &Value::str(text)).ok());
    json.unwrap_or_else(|| Json::from(text))
}

/// What stands in requests instead of the id of an object, if this run knows it.
pub(super) fn key(session: &Session, objects: &Objects, kind: Kind, id: &RemoteId) -> Option<Json> {
    let text = session.keys.of(kind, id)?;
    Some(named_by(session, objects, objects.key.as_ref()?, &text))
}

fn one(session: &Session, attribute: &Attribute, value: &Value) -> Result<Json, String> {
    let json = converted(session, attribute, value)?;
    match attribute.values.is_empty() || attribute.values.contains(&json) {
        true => Ok(json),
        false => {
            let all: Vec<_> = attribute.values.iter().map(Json::to_string).collect();
            Err(format!("{} cannot be {json}: the app takes {}", attribute.name, all.join(", ")))
        }
    }
}

fn converted(session: &Session, attribute: &Attribute, value: &Value) -> Result<Json, String> {
    if let Some(table) = &attribute.names {
        return session.tables.read().id(table, &value.to_string());
    }
    let unfit = |what: &str| format!("{}: {value} is {what}", attribute.name);
    match attribute.of {
        ValueType::Text => Ok(Json::from(value.to_string())),
        ValueType::Account => Ok(session.id(Kind::User, &value.to_string())),
        ValueType::Boolean => match value {
            Value::Bool(value) => Ok(Json::Bool(*value)),
            other => match &*other.to_string().to_ascii_lowercase() {
                "true" => Ok(Json::Bool(true)),
                "false" => Ok(Json::Bool(false)),
                _ => Err(unfit("neither true nor false")),
            },
        },
        ValueType::Integer => match value {
            Value::Int(value) => Ok(Json::from(*value)),
            other => other.to_string().parse::<i64>().map(Json::from).map_err(|_| unfit("no whole number")),
        },
        ValueType::Date(format) => {
            let text = value.to_string();
            let day: Date =
                text.get(..10).and_then(|day| day.parse().ok()).ok_or_else(|| unfit("no date"))?;
            date(format, day).ok_or_else(|| unfit("no date that can be written"))
        }
    }
}

fn date(format: DateFormat, day: Date) -> Option<Json> {
    let instant = || day.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    Some(match format {
        DateFormat::Iso => Json::from(day.to_string()),
        DateFormat::MonthDayYear => Json::from(day.strftime("%m/%d/%Y").to_string()),
        DateFormat::DayMonthYear => Json::from(day.strftime("%d/%m/%Y").to_string()),
        DateFormat::EpochSeconds => Json::from(instant()?.as_second()),
        DateFormat::EpochMillis => Json::from(instant()?.as_millisecond()),
    })
}
