//! What placeholders stand for, and texts that are filled with it.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use crate::catalog::rest::{Filling, Hole, Part, Placeholder, Template};

/// The values of placeholders.
#[derive(Debug, Clone, Default)]
pub(super) struct Values {
    known: BTreeMap<Placeholder, Json>,
}

/// Why a text cannot be filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unfilled(pub String);

impl Values {
    pub(super) fn of(known: impl IntoIterator<Item = (Placeholder, Json)>) -> Self {
        Self { known: known.into_iter().collect() }
    }

    /// These, and more.
    pub(super) fn with(&self, more: impl IntoIterator<Item = (Placeholder, Json)>) -> Self {
        let mut known = self.known.clone();
        known.extend(more);
        Self { known }
    }

    /// The value of a placeholder, if it has one.
    pub(super) fn find(&self, name: &Placeholder) -> Option<&Json> {
        self.known.get(name)
    }

    fn get(&self, name: &Placeholder) -> Result<&Json, Unfilled> {
        self.find(name).ok_or_else(|| Unfilled(format!("{name} has no value")))
    }

    fn scalar(&self, name: &Placeholder) -> Result<String, Unfilled> {
        match self.get(name)? {
            Json::String(text) => Ok(text.clone()),
            Json::Number(number) => Ok(number.to_string()),
            Json::Bool(value) => Ok(value.to_string()),
            _ => Err(Unfilled(format!("{name} is no text, number, true or false"))),
        }
    }

    /// The text with its placeholders filled in, as it is; the caller encodes the whole.
    ///
    /// # Errors
    /// A placeholder has no value.
    pub(super) fn text(&self, template: &Template) -> Result<String, Unfilled> {
        self.joined(template, |text| text)
    }

    /// A segment of a path.
    ///
    /// # Errors
    /// It would address something else: it is empty, or dots, or has control characters.
    pub(super) fn segment(&self, template: &Template) -> Result<String, Unfilled> {
        let text = self.text(template)?;
        let dots = text.replace("%2e", ".").replace("%2E", ".");
        if dots.is_empty() || dots == "." || dots == ".." || text.chars().any(char::is_control) {
            return Err(Unfilled(format!(
                "{text:?} cannot stand in an address: it would address something else"
            )));
        }
        Ok(text)
    }

    /// A body with its placeholders filled in. A text that is one placeholder is the value in its own type; in a longer text
    /// each is encoded as a segment of a path. `batch` are the values of `{each: …}`.
    ///
    /// # Errors
    /// A placeholder has no value, or chance has none.
    pub(super) fn json(&self, filling: &Filling, batch: &[Self]) -> Result<Json, Unfilled> {
        Ok(match filling {
            Filling::Value(value) => value.clone(),
            Filling::Text(template) => self.json_text(template)?,
            Filling::Fresh(fresh) => Json::String(super::fresh::draw(*fresh).map_err(Unfilled)?),
            Filling::Each(template) => {
                let all = batch.iter().map(|one| one.json_text(template));
                Json::Array(all.collect::<Result<_, _>>()?)
            }
            Filling::List(items) => {
                let items = items.iter().map(|item| self.json(item, batch));
                Json::Array(items.collect::<Result<_, _>>()?)
            }
            Filling::Map(entries) => {
                let entries =
                    entries.iter().map(|(key, value)| Ok((key.to_string(), self.json(value, batch)?)));
                Json::Object(entries.collect::<Result<Map<_, _>, _>>()?)
            }
        })
    }

    fn json_text(&self, template: &Template) -> Result<Json, Unfilled> {
        if let Some(Hole { name, is_quoted: false, .. }) = template.single() {
            return self.get(name).cloned();
        }
        self.joined(template, encoded).map(Json::String)
    }

    fn joined(&self, template: &Template, encode: impl Fn(String) -> String) -> Result<String, Unfilled> {
        let part = |part: &Part| {
            Ok(match part {
                Part::Text(text) => text.to_string(),
                Part::Hole(Hole { name, is_quoted: true, .. }) => {
                    Json::String(self.scalar(name)?).to_string()
                }
                // The address of the app is encoded as it is.
                Part::Hole(Hole { name: Placeholder::Base, .. }) => self.scalar(&Placeholder::Base)?,
                Part::Hole(Hole { name, .. }) => encode(self.scalar(name)?),
            })
        };
        template.parts.iter().map(part).collect()
    }
}

/// As one segment of a path.
fn encoded(text: String) -> String {
    let mut url = reqwest::Url::parse("http://x/").ok();
    if let Some(mut segments) = url.as_mut().and_then(|url| url.path_segments_mut().ok()) {
        segments.pop_if_empty().push(&text);
    }
    url.map_or(text, |url| url.path().trim_start_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn values() -> Values {
        Values::of([
            (Placeholder::Id, json!(7)),
            (Placeholder::Value, json!("a\"b/c d")),
            (Placeholder::Base, json!("https://a.example/api")),
            (Placeholder::Account, json!("x/y")),
        ])
    }

    fn template(text: &str) -> Template {
        Template::parse(text).unwrap()
    }

    #[test]
    fn a_value_cannot_leave_its_place() {
        let text = |of: &str| values().text(&template(of)).unwrap();
        assert_eq!(text("{id}"), "7");
        assert_eq!(text("login eq {value:json}"), r#"login eq "a\"b/c d""#);
        let json = |of: &str| values().json(&Filling::Text(template(of)), &[]).unwrap();
        assert_eq!(json("{id}"), json!(7), "a number stays one");
        assert_eq!(json("{base}/people/{account}"), json!("https://a.example/api/people/x%2Fy"));
        assert!(values().text(&template("{group}")).is_err());
    }

    #[test]
    fn what_would_address_something_else_is_no_segment() {
        for bad in ["", ".", "..", "%2e%2E", "a\nb"] {
            let values = Values::of([(Placeholder::Id, json!(bad))]);
            assert!(values.segment(&template("{id}")).is_err(), "{bad:?}");
        }
        assert_eq!(values().segment(&template("{account}")).unwrap(), "x/y");
    }

    #[test]
    fn a_batch_is_an_array() {
        let batch: Vec<_> =
            ["a", "b"].into_iter().map(|id| Values::of([(Placeholder::Account, json!(id))])).collect();
        let body = Filling::Map(vec![("users".into(), Filling::Each(template("{account}")))]);
        assert_eq!(values().json(&body, &batch).unwrap(), json!({"users": ["a", "b"]}));
    }
}
