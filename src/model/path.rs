//! Paths of target attributes: the part of the SCIM path grammar (RFC 7644 section 3.5.2) that names one place.
//!
//! `userName`, `name.givenName`, `emails[type eq "work"].value`,
//! `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value`. The URN of a core schema adds nothing
//! (RFC 7644 section 3.10) and is dropped, so that one place has one path.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// One place in an object. Names compare without case (RFC 7643 section 2.1), filter values with it.
#[derive(Clone)]
pub struct Path(Arc<Spelled>);

struct Spelled {
    text: String,
    key: Arc<str>,
    parts: Parts,
}

/// What a path is made of, in the spelling it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    /// Schema URN of an extension, never of a core schema.
    pub urn: Option<Arc<str>>,
    /// The attribute.
    pub attribute: Arc<str>,
    /// Conditions that pick entries of a multi-valued attribute: all of them `sub-attribute eq value`.
    pub filter: Vec<Condition>,
    /// The sub-attribute.
    pub sub: Option<Arc<str>>,
}

/// `name eq value` inside brackets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// Sub-attribute of the entry.
    pub name: Arc<str>,
    /// Text, or a boolean such as `primary eq true`.
    pub value: ConditionValue,
}

/// The right side of a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConditionValue {
    /// A quoted string.
    Text(Arc<str>),
    /// `true` or `false`.
    Bool(bool),
}

/// Why a text is not a path, and at which byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathError {
    /// Byte offset in the text.
    pub at: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (character {})", self.message, self.at + 1)
    }
}

impl std::error::Error for PathError {}

/// URN of the core User schema (RFC 7643 section 4.1).
pub const CORE_USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
/// URN of the core Group schema (RFC 7643 section 4.2).
pub const CORE_GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";

/// True for the schemas whose attributes stand at the top of an object.
pub fn is_core(urn: &str) -> bool {
    urn.eq_ignore_ascii_case(CORE_USER) || urn.eq_ignore_ascii_case(CORE_GROUP)
}

/// Longest text taken as a path, in bytes.
pub const MAX_LENGTH: usize = 512;

impl Path {
    /// Reads a path.
    ///
    /// # Errors
    /// It is no path, and why.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        if text.len() > MAX_LENGTH {
            return Err(PathError {
                at: MAX_LENGTH,
                message: format!("a path has at most {MAX_LENGTH} bytes"),
            });
        }
        let parts = Parser { text, at: 0 }.path()?;
        Ok(Self(Arc::new(Spelled { text: render(&parts, false), key: render(&parts, true).into(), parts })))
    }

    /// The path of a whole attribute at the top of an object. The name has to be one that [`Path::parse`] takes.
    pub fn top(name: &str) -> Self {
        let parts = Parts { urn: None, attribute: name.into(), filter: Vec::new(), sub: None };
        Self(Arc::new(Spelled { text: render(&parts, false), key: render(&parts, true).into(), parts }))
    }

    /// The attribute as a whole, in lower case, with its URN: `emails` of `emails[type eq "work"].value`.
    pub fn whole(&self) -> Arc<str> {
        self.spelled_whole().to_lowercase().into()
    }

    /// The same, as it is spelled.
    pub fn spelled_whole(&self) -> String {
        let parts = self.parts();
        match &parts.urn {
            Some(urn) => format!("{urn}:{}", parts.attribute),
            None => parts.attribute.to_string(),
        }
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        &self.0.text
    }

    /// The text by which paths compare: names in lower case.
    pub fn key(&self) -> &Arc<str> {
        &self.0.key
    }

    /// What it is made of.
    pub fn parts(&self) -> &Parts {
        &self.0.parts
    }
}

fn render(parts: &Parts, fold: bool) -> String {
    let name = |text: &str| {
        if fold { text.to_ascii_lowercase() } else { text.to_owned() }
    };
    let mut out = String::new();
    if let Some(urn) = &parts.urn {
        out.push_str(&name(urn));
        out.push(':');
    }
    out.push_str(&name(&parts.attribute));
    if !parts.filter.is_empty() {
        let conditions: Vec<_> = parts
            .filter
            .iter()
            .map(|condition| match &condition.value {
                ConditionValue::Bool(value) => format!("{} eq {value}", name(&condition.name)),
                ConditionValue::Text(value) => format!("{} eq {}", name(&condition.name), quoted(value)),
            })
            .collect();
        out.push('[');
        out.push_str(&conditions.join(" and "));
        out.push(']');
    }
    if let Some(sub) = &parts.sub {
        out.push('.');
        out.push_str(&name(sub));
    }
    out
}

/// A JSON string, as filters want it (RFC 7644 section 3.4.2.2).
pub fn quoted(text: &str) -> String {
    serde_json::Value::String(text.to_owned()).to_string()
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
}

impl Parser<'_> {
    fn path(mut self) -> Result<Parts, PathError> {
        let urn = self.urn().filter(|urn| !is_core(urn));
        let attribute = self.name("an attribute name")?;
        let filter = if self.eat("[") { self.conditions()? } else { Vec::new() };
        let sub = if self.eat(".") { Some(self.name("a sub-attribute name")?) } else { None };
        if self.at < self.text.len() {
            return Err(self.error("nothing may follow here"));
        }
        Ok(Parts { urn, attribute, filter, sub })
    }

    /// A URN ends at the last colon before any bracket.
    fn urn(&mut self) -> Option<Arc<str>> {
        let head = self.text.split('[').next().unwrap_or("");
        if !head.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("urn:")) {
            return None;
        }
        let end = head.rfind(':')?;
        self.at = end + 1;
        Some(self.text[..end].into())
    }

    fn name(&mut self, what: &str) -> Result<Arc<str>, PathError> {
        let rest = &self.text[self.at..];
        let end = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '$')))
            .unwrap_or(rest.len());
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '$') {
            return Err(self.error(&format!("expected {what}")));
        }
        self.at += end;
        Ok(rest[..end].into())
    }

    fn conditions(&mut self) -> Result<Vec<Condition>, PathError> {
        let mut conditions = Vec::new();
        loop {
            self.spaces();
            let name = self.name("a sub-attribute name")?;
            self.word("eq")?;
            conditions.push(Condition { name, value: self.condition_value()? });
            self.spaces();
            if self.eat("]") {
                return Ok(conditions);
            }
            self.word("and").map_err(|error| PathError { message: "expected ] or and".into(), ..error })?;
        }
    }

    fn condition_value(&mut self) -> Result<ConditionValue, PathError> {
        self.spaces();
        for (word, value) in [("true", true), ("false", false)] {
            if self.eat(word) {
                return Ok(ConditionValue::Bool(value));
            }
        }
        let mut strings = serde_json::Deserializer::from_str(&self.text[self.at..]).into_iter::<String>();
        match strings.next() {
            Some(Ok(text)) => {
                self.at += strings.byte_offset();
                Ok(ConditionValue::Text(text.into()))
            }
            _ => Err(self.error("expected a string in double quotes, true or false")),
        }
    }

    fn word(&mut self, word: &str) -> Result<(), PathError> {
        self.spaces();
        let rest = &self.text[self.at..];
        let found = rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        if !found || !rest[word.len()..].starts_with(' ') {
            return Err(self.error(&format!("expected {word}: only `name eq \"value\"` can pick an entry")));
        }
        self.at += word.len();
        Ok(())
    }

    fn spaces(&mut self) {
        while self.eat(" ") {}
    }

    fn eat(&mut self, text: &str) -> bool {
        let found = self.text[self.at..].starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    fn error(&self, message: &str) -> PathError {
        PathError { at: self.at, message: message.to_owned() }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Path({self})")
    }
}

impl PartialEq for Path {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.key() == other.key()
    }
}

impl Eq for Path {}

impl PartialOrd for Path {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Path {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(other.key())
    }
}

impl Hash for Path {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(text: &str) -> String {
        Path::parse(text).unwrap().as_str().to_owned()
    }

    #[test]
    fn paths_read_back() {
        for text in [
            "userName",
            "name.givenName",
            r#"emails[type eq "work"].value"#,
            r#"emails[type eq "work" and primary eq true].value"#,
            r#"addresses[type eq "a\"]b"]"#,
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value",
            r#"urn:x:2.0:User:phones[type eq "a:b"].value"#,
        ] {
            assert_eq!(canonical(text), text);
        }
        assert_eq!(canonical(r#"emails[ type EQ "work" ].value"#), r#"emails[type eq "work"].value"#);
    }

    #[test]
    fn names_compare_without_case_and_values_with_it() {
        let path = |text| Path::parse(text).unwrap();
        assert_eq!(path("UserName"), path("userName"));
        assert_eq!(path("URN:x:2.0:user:A"), path("urn:x:2.0:User:a"));
        assert_ne!(path(r#"emails[type eq "Work"]"#), path(r#"emails[type eq "work"]"#));
    }

    #[test]
    fn the_urn_of_a_core_schema_adds_nothing() {
        for (long, short) in [
            ("urn:ietf:params:scim:schemas:core:2.0:User:active", "active"),
            ("URN:IETF:params:scim:schemas:CORE:2.0:user:externalId", "externalId"),
            ("urn:ietf:params:scim:schemas:core:2.0:Group:displayName", "displayName"),
            (
                r#"urn:ietf:params:scim:schemas:core:2.0:User:emails[type eq "a:b"].value"#,
                r#"emails[type eq "a:b"].value"#,
            ),
        ] {
            let path = Path::parse(long).unwrap();
            assert_eq!((path.as_str(), path.parts().urn.as_ref()), (short, None));
            assert_eq!(path, Path::parse(short).unwrap());
        }
        let extension = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:active";
        assert_eq!(canonical(extension), extension);
    }

    #[test]
    fn what_is_not_a_path_says_where() {
        let error = |text| Path::parse(text).unwrap_err().to_string();
        assert_eq!(error(""), "expected an attribute name (character 1)");
        assert_eq!(error("name."), "expected a sub-attribute name (character 6)");
        assert_eq!(error("a b"), "nothing may follow here (character 2)");
        assert!(error(r#"emails[type ne "x"]"#).starts_with("expected eq"));
        assert!(error(r"emails[type eq work]").starts_with("expected a string"));
        assert!(error(r#"emails[type eq "x""#).starts_with("expected ] or and"));
        assert!(error("urn:").starts_with("expected an attribute name"));
        assert!(Path::parse(&"a".repeat(600)).is_err());
    }
}
