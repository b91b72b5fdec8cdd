//! Texts with placeholders: `/people/{id}/@manager`.
//!
//! A placeholder fills one segment of a path, one value of a query, form or header, or one scalar of a body, and the
//! engine encodes it there. Which placeholders there are depends on the operation: a closed set.

use std::fmt;
use std::sync::Arc;

/// The longest text with placeholders, in bytes.
const MAX_LENGTH: usize = 512;

/// A text with placeholders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    pub parts: Vec<Part>,
}

/// A piece of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Text as it is.
    Text(Arc<str>),
    /// A value that is known when the request is sent.
    Hole(Hole),
}

/// A placeholder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hole {
    pub name: Placeholder,
    /// `{value:json}`: a JSON string, quotes included, inside a longer text.
    pub is_quoted: bool,
    /// Byte offset and length in the text, braces included.
    pub at: (usize, usize),
}

/// What a placeholder stands for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Placeholder {
    /// `{settings.x}`: a setting of the app.
    Setting(Arc<str>),
    /// `{once.x}`: a value that is asked for once a run.
    Once(Arc<str>),
    /// `{token.x}`: what the answer to the token request says besides the token.
    OfToken(Arc<str>),
    /// `{token}`: the token itself.
    Token,
    /// `{key}`: the credential of a key, or what stands in paths instead of the id.
    Key,
    /// `{id}`: the id of the object.
    Id,
    /// `{value}`: the value that is written, or looked for.
    Value,
    /// `{old}`: the value that is there.
    Old,
    /// `{group}`: the id of the group.
    Group,
    /// `{account}`: the id of the account.
    Account,
    /// `{account.key}`: what stands in paths instead of the id of the account.
    AccountKey,
    /// `{target.x}`: the id of a part of the target of a grant.
    Target(Arc<str>),
    /// `{target.x.name}`: the name of that part.
    TargetName(Arc<str>),
    /// `{base}`: the address of the app with its base path, in bodies.
    Base,
    /// `{FIELD}`: a part of the credential, in a token request.
    Need(Arc<str>),
}

/// Why a text is no template, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError {
    /// Byte offset and length in the text.
    pub at: (usize, usize),
    /// What is wrong.
    pub message: String,
}

impl Template {
    /// Reads a text with placeholders.
    ///
    /// # Errors
    /// It is too long, or a brace is not closed.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        if text.len() > MAX_LENGTH {
            let message = format!("it has more than {MAX_LENGTH} bytes");
            return Err(TemplateError { at: (0, text.len()), message });
        }
        let mut parts = Vec::new();
        let mut at = 0;
        while let Some(found) = text[at..].find(['{', '}']) {
            let open = at + found;
            let close =
                text[open..].find('}').filter(|_| text[open..].starts_with('{')).map(|end| open + end);
            let Some(close) = close else {
                let message = "a brace stands for itself nowhere: `{NAME}` is a placeholder".to_owned();
                return Err(TemplateError { at: (open, 1), message });
            };
            if open > at {
                parts.push(Part::Text(text[at..open].into()));
            }
            parts.push(Part::Hole(hole(text, open, close)?));
            at = close + 1;
        }
        if at < text.len() {
            parts.push(Part::Text(text[at..].into()));
        }
        Ok(Self { parts })
    }

    /// The placeholders, in order.
    pub fn holes(&self) -> impl Iterator<Item = &Hole> {
        self.parts.iter().filter_map(|part| match part {
            Part::Hole(hole) => Some(hole),
            Part::Text(_) => None,
        })
    }

    /// The text, if it has no placeholder.
    pub fn literal(&self) -> Option<String> {
        self.parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => Some(&**text),
                Part::Hole(_) => None,
            })
            .collect()
    }

    /// The placeholder, if the text is nothing else.
    pub fn single(&self) -> Option<&Hole> {
        match self.parts.as_slice() {
            [Part::Hole(hole)] => Some(hole),
            _ => None,
        }
    }
}

/// The placeholder between two braces.
fn hole(text: &str, open: usize, close: usize) -> Result<Hole, TemplateError> {
    let at = (open, close + 1 - open);
    let inside = &text[open + 1..close];
    let (name, quoting) =
        inside.split_once(':').map_or((inside, None), |(name, quoting)| (name, Some(quoting)));
    let refused = |message: String| TemplateError { at, message };
    let is_quoted = match quoting {
        None => false,
        Some("json") => true,
        Some("odata" | "backslash") => {
            return Err(refused("this way of quoting is not in this version: `{NAME:json}` is".to_owned()));
        }
        Some(_) => return Err(refused("the only way of quoting is `{NAME:json}`".to_owned())),
    };
    let name =
        Placeholder::parse(name).ok_or_else(|| refused(format!("`{{{inside}}}` is no placeholder")))?;
    Ok(Hole { name, is_quoted, at })
}

impl Placeholder {
    /// That of a part of a credential. Some names have a meaning elsewhere.
    pub fn of_need(name: &Arc<str>) -> Self {
        Self::parse(name).unwrap_or_else(|| Self::Need(name.clone()))
    }

    fn parse(name: &str) -> Option<Self> {
        let is_name = |part: &str| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
        };
        let parts: Vec<&str> = name.split('.').collect();
        if !parts.iter().all(|part| is_name(part)) {
            return None;
        }
        Some(match parts.as_slice() {
            ["token"] => Self::Token,
            ["key"] => Self::Key,
            ["id"] => Self::Id,
            ["value"] => Self::Value,
            ["old"] => Self::Old,
            ["group"] => Self::Group,
            ["account"] => Self::Account,
            ["base"] => Self::Base,
            [need] => Self::Need((*need).into()),
            ["settings", name] => Self::Setting((*name).into()),
            ["once", name] => Self::Once((*name).into()),
            ["token", name] => Self::OfToken((*name).into()),
            ["account", "key"] => Self::AccountKey,
            ["target", name] => Self::Target((*name).into()),
            ["target", name, "name"] => Self::TargetName((*name).into()),
            _ => return None,
        })
    }
}

impl fmt::Display for Placeholder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Setting(name) => write!(f, "{{settings.{name}}}"),
            Self::Once(name) => write!(f, "{{once.{name}}}"),
            Self::OfToken(name) => write!(f, "{{token.{name}}}"),
            Self::Token => f.write_str("{token}"),
            Self::Key => f.write_str("{key}"),
            Self::Id => f.write_str("{id}"),
            Self::Value => f.write_str("{value}"),
            Self::Old => f.write_str("{old}"),
            Self::Group => f.write_str("{group}"),
            Self::Account => f.write_str("{account}"),
            Self::AccountKey => f.write_str("{account.key}"),
            Self::Target(name) => write!(f, "{{target.{name}}}"),
            Self::TargetName(name) => write!(f, "{{target.{name}.name}}"),
            Self::Base => f.write_str("{base}"),
            Self::Need(name) => write!(f, "{{{name}}}"),
        }
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.parts {
            match part {
                Part::Text(text) => f.write_str(text)?,
                Part::Hole(Hole { name, is_quoted: false, .. }) => write!(f, "{name}")?,
                Part::Hole(Hole { name, .. }) => {
                    let name = name.to_string();
                    write!(f, "{}:json}}", name.trim_end_matches('}'))?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_written_as_it_is_read() {
        for text in [
            "",
            "/people/{id}/@manager",
            "login eq {value:json}",
            "{base}/x/{target.role.name}",
            "{once.org}{token.user}{username}",
        ] {
            assert_eq!(Template::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_none_says_where() {
        let error = |text: &str| {
            let error = Template::parse(text).unwrap_err();
            (error.at, error.message)
        };
        assert_eq!(error("a{b").0, (1, 1));
        assert_eq!(error("a}b").0, (1, 1));
        assert_eq!(error("x{}y"), ((1, 2), "`{}` is no placeholder".to_owned()));
        assert_eq!(error("{a b}").1, "`{a b}` is no placeholder");
        assert_eq!(error("{env.HOME}").1, "`{env.HOME}` is no placeholder");
        assert_eq!(error("{value:shell}").1, "the only way of quoting is `{NAME:json}`");
        assert!(error("{value:odata}").1.contains("not in this version"));
        assert_eq!(error(&"x".repeat(513)).1, "it has more than 512 bytes");
    }

    #[test]
    fn a_template_may_be_one_placeholder_or_none() {
        let single = Template::parse("{id}").unwrap();
        assert_eq!(single.single().map(|hole| &hole.name), Some(&Placeholder::Id));
        assert_eq!(
            (single.literal(), Template::parse("/a/b").unwrap().literal()),
            (None, Some("/a/b".to_owned()))
        );
        assert!(Template::parse("x{id}").unwrap().single().is_none());
    }
}
