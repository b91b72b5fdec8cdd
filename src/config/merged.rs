//! Defaults merged under a node, without copying: every value keeps the place where it is written.

use super::cursor::Cursor;

/// A node and the defaults below it. Where both are mappings they are read as one; else the node wins.
#[derive(Debug, Clone, Copy)]
pub struct Merged<'a> {
    /// What is written at the place itself, or the default if nothing is.
    pub node: Cursor<'a>,
    /// Defaults, if both are mappings.
    under: Option<Cursor<'a>>,
    /// The node itself is a default.
    pub inherited: bool,
}

/// An entry of a merged mapping.
#[derive(Debug, Clone, Copy)]
pub struct Field<'a> {
    /// The key.
    pub key: Cursor<'a>,
    /// The value.
    pub value: Merged<'a>,
}

impl<'a> From<Cursor<'a>> for Merged<'a> {
    fn from(node: Cursor<'a>) -> Self {
        Self {
            node,
            under: None,
            inherited: false,
        }
    }
}

/// Keys whose value is one decision and is never mixed with the defaults' (credentials).
const WHOLE: [&str; 1] = ["auth"];

impl<'a> Merged<'a> {
    /// A node with defaults below it.
    pub fn over(node: Cursor<'a>, under: Option<Cursor<'a>>) -> Self {
        Self {
            node,
            under: under.filter(|under| under.is_map() && node.is_map()),
            inherited: false,
        }
    }

    fn inherited(node: Cursor<'a>) -> Self {
        Self {
            node,
            under: None,
            inherited: true,
        }
    }

    /// The node, and the defaults below it if there are any.
    pub fn layers(&self) -> impl Iterator<Item = Cursor<'a>> + use<'a> {
        std::iter::once(self.node).chain(self.under)
    }

    /// The entry with this key.
    pub fn get(&self, key: &str) -> Option<Field<'a>> {
        let below = self.under.and_then(|under| under.entry(key));
        if let Some((key, value)) = self.node.entry(key) {
            return Some(self.joined(key, value, below));
        }
        below.map(|(key, value)| Field {
            key,
            value: Self::inherited(value),
        })
    }

    fn joined(
        &self,
        key: Cursor<'a>,
        value: Cursor<'a>,
        below: Option<(Cursor<'a>, Cursor<'a>)>,
    ) -> Field<'a> {
        let below = below.filter(|_| !WHOLE.contains(&key.text()));
        let mut value = Self::over(value, below.map(|(_, value)| value));
        value.inherited = self.inherited;
        Field { key, value }
    }

    /// All entries but the `x-` ones: those of the node in its order, then the defaults that it does not name.
    pub fn fields(&self) -> Vec<Field<'a>> {
        let ours = |(key, _): &(Cursor<'a>, Cursor<'a>)| !key.text().starts_with("x-");
        let mut fields: Vec<Field<'a>> = self
            .node
            .entries()
            .filter(ours)
            .map(|(key, value)| self.joined(key, value, self.under.and_then(|under| under.entry(key.text()))))
            .collect();
        if let Some(under) = self.under {
            let more = under
                .entries()
                .filter(ours)
                .filter(|(key, _)| self.node.get(key.text()).is_none());
            fields.extend(more.map(|(key, value)| Field {
                key,
                value: Self::inherited(value),
            }));
        }
        fields
    }
}
