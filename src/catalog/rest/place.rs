//! Places in a JSON document: one grammar to read a value and to put one.
//!
//! `a.b.c`, `"odd:name"`, `emails[label eq "Email"].value`, `tags[0]`, and `.` for the whole. Unlike a
//! [`Path`](crate::model::Path), names compare with case and there are more than two levels.

use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value as Json};

/// The deepest place.
const MAX_LEVELS: usize = 8;

/// A place in a JSON document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    levels: Vec<Level>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Level {
    name: Arc<str>,
    pick: Pick,
}

/// Which entries of an array are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Pick {
    /// The value itself; of an array every entry, if a level follows.
    All,
    /// `[0]`: the only entry of an array.
    Only,
    /// `[name eq "text"]`: the one entry that has this text there.
    Where { name: Arc<str>, is: Json },
}

/// Why a text is not a place, and at which byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceError {
    /// Byte offset in the text.
    pub at: usize,
    /// What is wrong.
    pub message: String,
}

/// What stands at a place.
#[derive(Debug, Clone, PartialEq)]
pub enum Found<'j> {
    /// The place is not there: nothing is known of its value.
    Missing,
    /// It is there and empty: it, or what it is part of, is null, or no entry of the array fits.
    Nothing,
    /// One value; not null.
    One(&'j Json),
    /// The values in the entries of an array, which the place goes through.
    Each(Vec<&'j Json>),
    /// It cannot be told: why.
    Unclear(&'static str),
}

impl Place {
    /// Reads a place.
    ///
    /// # Errors
    /// It is no place, and why.
    pub fn parse(text: &str) -> Result<Self, PlaceError> {
        if text == "." {
            return Ok(Self { levels: Vec::new() });
        }
        let mut parser = Parser { text, at: 0 };
        let mut levels = vec![parser.level()?];
        while parser.eat(".") {
            levels.push(parser.level()?);
        }
        if parser.at < text.len() {
            return Err(parser.error("expected `.` or the end"));
        }
        if levels.len() > MAX_LEVELS {
            return Err(PlaceError { at: 0, message: format!("a place has at most {MAX_LEVELS} levels") });
        }
        Ok(Self { levels })
    }

    /// A key at the top of the document.
    pub fn key(name: &str) -> Self {
        Self { levels: vec![Level { name: name.into(), pick: Pick::All }] }
    }

    /// What stands there.
    pub fn get<'j>(&self, document: &'j Json) -> Found<'j> {
        match self.levels.split_first() {
            None if document.is_null() => Found::Nothing,
            None => Found::One(document),
            Some(_) => get(document, &self.levels),
        }
    }

    /// Puts a value there. Objects and arrays on the way are made; a new entry of an array gets `with` besides what picks
    /// it.
    ///
    /// # Errors
    /// Something else stands on the way.
    pub fn put(
        &self,
        document: &mut Json,
        value: Json,
        with: &Map<String, Json>,
    ) -> Result<(), &'static str> {
        put(document, &self.levels, value, with)
    }
}

impl Place {
    /// Takes away what stands there.
    pub fn remove(&self, document: &mut Json) {
        remove(document, &self.levels);
    }
}

fn remove(at: &mut Json, levels: &[Level]) {
    let Some((level, rest)) = levels.split_first() else { return };
    match at {
        Json::Array(entries) => entries.iter_mut().for_each(|entry| remove(entry, levels)),
        Json::Object(object) if rest.is_empty() && level.pick == Pick::All => {
            object.remove(&*level.name);
        }
        Json::Object(object) => {
            if let Some(child) = object.get_mut(&*level.name) {
                remove_picked(child, &level.pick, rest);
            }
        }
        _ => {}
    }
}

fn remove_picked(at: &mut Json, pick: &Pick, rest: &[Level]) {
    let is_meant = |entry: &Json| match pick {
        Pick::Where { name, is } => entry.get(&**name) == Some(is),
        _ => true,
    };
    match at {
        Json::Array(entries) if rest.is_empty() => entries.retain(|entry| !is_meant(entry)),
        Json::Array(entries) => {
            entries.iter_mut().filter(|entry| is_meant(entry)).for_each(|entry| remove(entry, rest));
        }
        other => remove(other, rest),
    }
}

fn get<'j>(at: &'j Json, levels: &[Level]) -> Found<'j> {
    let Some((level, rest)) = levels.split_first() else {
        return if at.is_null() { Found::Nothing } else { Found::One(at) };
    };
    match at {
        Json::Null => Found::Nothing,
        Json::Array(entries) => each(entries, levels),
        Json::Object(object) => match object.get(&*level.name) {
            None => Found::Missing,
            Some(value) => picked(value, &level.pick, rest),
        },
        _ => Found::Unclear("it is below a value that has no parts"),
    }
}

/// The values in all entries; what an entry does not have is no value.
fn each<'j>(entries: &'j [Json], levels: &[Level]) -> Found<'j> {
    let mut all = Vec::new();
    for entry in entries {
        match get(entry, levels) {
            Found::Missing | Found::Nothing => {}
            Found::One(value) => all.push(value),
            Found::Each(values) => all.extend(values),
            unclear @ Found::Unclear(_) => return unclear,
        }
    }
    Found::Each(all)
}

fn picked<'j>(value: &'j Json, pick: &Pick, rest: &[Level]) -> Found<'j> {
    let entries = match (pick, value) {
        (Pick::All, value) => return get(value, rest),
        (_, Json::Null) => return Found::Nothing,
        (_, Json::Array(entries)) => entries,
        _ => return Found::Unclear("it is no array"),
    };
    let fits = |entry: &&Json| match pick {
        Pick::Where { name, is } => entry.get(&**name) == Some(is),
        _ => true,
    };
    let mut fitting = entries.iter().filter(fits);
    match (fitting.next(), fitting.next()) {
        (None, _) => Found::Nothing,
        (Some(entry), None) => get(entry, rest),
        (Some(_), Some(_)) => Found::Unclear("several entries fit"),
    }
}

fn put(at: &mut Json, levels: &[Level], value: Json, with: &Map<String, Json>) -> Result<(), &'static str> {
    let Some((level, rest)) = levels.split_first() else {
        *at = value;
        return Ok(());
    };
    if at.is_null() {
        *at = Json::Object(Map::new());
    }
    let Json::Object(object) = at else {
        return Err("a value that has no parts, or an array, stands on the way");
    };
    let child = object.entry(&*level.name).or_insert(Json::Null);
    if level.pick == Pick::All {
        return put(child, rest, value, with);
    }
    if child.is_null() {
        *child = Json::Array(Vec::new());
    }
    let Json::Array(entries) = child else {
        return Err("what should be an array is none");
    };
    put(entry_of(entries, &level.pick, with)?, rest, value, with)
}

/// The entry that is picked; a new one if none fits.
fn entry_of<'e>(
    entries: &'e mut Vec<Json>,
    pick: &Pick,
    with: &Map<String, Json>,
) -> Result<&'e mut Json, &'static str> {
    let fits = |entry: &Json| match pick {
        Pick::Where { name, is } => entry.get(&**name) == Some(is),
        _ => true,
    };
    let mut fitting = entries.iter().enumerate().filter(|(_, entry)| fits(entry)).map(|(place, _)| place);
    let place = match (fitting.next(), fitting.next()) {
        (Some(place), None) => place,
        (Some(_), Some(_)) => return Err("several entries fit"),
        (None, _) => {
            entries.push(match pick {
                Pick::Where { name, is } => {
                    let mut entry = with.clone();
                    entry.insert(name.to_string(), is.clone());
                    Json::Object(entry)
                }
                _ => Json::Null,
            });
            entries.len() - 1
        }
    };
    entries.get_mut(place).ok_or("the entry is gone")
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.levels.is_empty() {
            return f.write_str(".");
        }
        for (number, level) in self.levels.iter().enumerate() {
            if number > 0 {
                f.write_str(".")?;
            }
            match is_bare(&level.name) {
                true => f.write_str(&level.name)?,
                false => write!(f, "{}", Json::from(&*level.name))?,
            }
            match &level.pick {
                Pick::All => {}
                Pick::Only => f.write_str("[0]")?,
                Pick::Where { name, is } if is_bare(name) => write!(f, "[{name} eq {is}]")?,
                Pick::Where { name, is } => write!(f, "[{} eq {is}]", Json::from(&**name))?,
            }
        }
        Ok(())
    }
}

fn is_bare(name: &str) -> bool {
    !name.is_empty() && name.chars().all(is_bare_char)
}

fn is_bare_char(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '$' | '@')
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
}

impl Parser<'_> {
    fn level(&mut self) -> Result<Level, PlaceError> {
        let name = self.name("a name")?;
        let pick = if self.eat("[") { self.pick()? } else { Pick::All };
        Ok(Level { name, pick })
    }

    fn pick(&mut self) -> Result<Pick, PlaceError> {
        if self.eat("0]") {
            return Ok(Pick::Only);
        }
        if self.rest().starts_with(|c: char| c.is_ascii_digit()) {
            return Err(self.error("only `[0]` can be written, the only entry of an array of one"));
        }
        let name = self.name("`0`, or a name and what it is, such as `label eq \"Email\"`")?;
        self.blanks();
        if !self.eat("eq ") {
            return Err(self.error("expected `eq`"));
        }
        self.blanks();
        let mut values = serde_json::Deserializer::from_str(self.rest()).into_iter::<Json>();
        let Some(Ok(is @ (Json::String(_) | Json::Bool(_) | Json::Number(_)))) = values.next() else {
            return Err(self.error("expected a text in double quotes, a number, true or false"));
        };
        self.at += values.byte_offset();
        self.blanks();
        if !self.eat("]") {
            return Err(self.error("expected `]`"));
        }
        Ok(Pick::Where { name, is })
    }

    fn name(&mut self, what: &str) -> Result<Arc<str>, PlaceError> {
        if self.rest().starts_with('"') {
            let mut texts = serde_json::Deserializer::from_str(self.rest()).into_iter::<String>();
            let Some(Ok(name)) = texts.next() else {
                return Err(self.error("the quotes are not closed"));
            };
            self.at += texts.byte_offset();
            return Ok(name.into());
        }
        let end = self.rest().find(|c: char| !is_bare_char(c)).unwrap_or(self.rest().len());
        if end == 0 {
            return Err(
                self.error(&format!("expected {what}; a name with other characters stands in quotes"))
            );
        }
        let name = self.rest()[..end].into();
        self.at += end;
        Ok(name)
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn blanks(&mut self) {
        while self.eat(" ") {}
    }

    fn eat(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    fn error(&self, message: &str) -> PlaceError {
        PlaceError { at: self.at, message: message.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn place(text: &str) -> Place {
        Place::parse(text).unwrap()
    }

    #[test]
    fn a_place_is_written_as_it_is_read() {
        for text in [
            ".",
            "a",
            "a.b.c",
            "\"odd:name\".x",
            "emails[label eq \"Email\"].value",
            "a[0].b",
            "list[ok eq true]",
            "@id.$ref",
            "a[\"x.y\" eq 7]",
        ] {
            assert_eq!(place(text).to_string(), text);
        }
    }

    #[test]
    fn what_is_no_place_says_where() {
        let error = |text: &str| {
            let error = Place::parse(text).unwrap_err();
            (error.at, error.message)
        };
        assert_eq!(error("").0, 0);
        assert_eq!(error("a..b").0, 2);
        assert_eq!(error("a b"), (1, "expected `.` or the end".to_owned()));
        assert_eq!(error("a[1]").1, "only `[0]` can be written, the only entry of an array of one");
        assert_eq!(error("a[b eq {}]").0, 7);
        assert_eq!(error("a[b is 1]"), (4, "expected `eq`".to_owned()));
        assert_eq!(error("\"a").1, "the quotes are not closed");
        assert_eq!(error("a.b.c.d.e.f.g.h.i").1, "a place has at most 8 levels");
    }

    #[test]
    fn what_is_missing_is_not_nothing() {
        let document = json!({"a": {"b": 1, "n": null}, "many": [{"x": 1}, {}, {"x": 2}], "one": [{"x": 3}], "none": []});
        let get = |text: &str| place(text).get(&document);
        assert_eq!(get("a.b"), Found::One(&json!(1)));
        assert_eq!(get("A.b"), Found::Missing, "case counts");
        assert_eq!(get("a.c"), Found::Missing);
        assert_eq!((get("a.n"), get("a.n.deeper")), (Found::Nothing, Found::Nothing));
        assert_eq!(get("a.b.c"), Found::Unclear("it is below a value that has no parts"));
        assert_eq!(get("many.x"), Found::Each(vec![&json!(1), &json!(2)]));
        assert_eq!(get("none.x"), Found::Each(Vec::new()));
        assert_eq!(get("many[0].x"), Found::Unclear("several entries fit"));
        assert_eq!(get("one[0].x"), Found::One(&json!(3)));
        assert_eq!(get("none[0].x"), Found::Nothing);
        assert_eq!(get("many[x eq 2].x"), Found::One(&json!(2)));
        assert_eq!(get("many[x eq 9].x"), Found::Nothing);
        assert_eq!(get("a[0]"), Found::Unclear("it is no array"));
        assert_eq!(get("."), Found::One(&document));
    }

    #[test]
    fn a_value_is_put_where_it_is_read() {
        for text in ["a", "a.b", "a[0].b", "emails[label eq \"Email\"].value", "\"o:n\".x[k eq true].y"] {
            let mut document = Json::Null;
            place(text).put(&mut document, json!("v"), &Map::new()).unwrap();
            assert_eq!(place(text).get(&document), Found::One(&json!("v")), "{text}: {document}");
        }
    }

    #[test]
    fn what_is_taken_away_leaves_the_rest() {
        let mut document = json!({"a": {"b": 1, "c": 2}, "emails": [{"label": "x", "v": 1}, {"label": "y", "v": 2}], "n": 3});
        for text in ["a.b", "emails[label eq \"x\"]", "emails.v", "n.deeper", "gone"] {
            place(text).remove(&mut document);
        }
        assert_eq!(document, json!({"a": {"c": 2}, "emails": [{"label": "y"}], "n": 3}));
    }

    #[test]
    fn entries_beside_it_stay() {
        let mut document =
            json!({"emails": [{"label": "Home", "value": "h"}, {"label": "Email", "value": "old", "id": 4}]});
        let with = Map::from_iter([("type".to_owned(), json!("work"))]);
        place("emails[label eq \"Email\"].value").put(&mut document, json!("new"), &with).unwrap();
        place("emails[label eq \"Other\"].value").put(&mut document, json!("o"), &with).unwrap();
        let entries = json!([
            {"label": "Home", "value": "h"},
            {"label": "Email", "value": "new", "id": 4},
            {"type": "work", "label": "Other", "value": "o"}
        ]);
        assert_eq!(document["emails"], entries);
        let refused = place("emails[0].value").put(&mut document, json!("x"), &with);
        assert_eq!(refused, Err("several entries fit"));
        assert_eq!(
            place("emails.value").put(&mut document, json!("x"), &with),
            Err("a value that has no parts, or an array, stands on the way")
        );
    }
}
