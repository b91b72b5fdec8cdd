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
        Self { node, under: None, inherited: false }
    }
}

/// Keys whose value is one decision and is never mixed with the defaults' (credentials).
const WHOLE: [&str; 1] = ["auth"];

impl<'a> Merged<'a> {
    /// A node with defaults below it.
    pub fn over(node: Cursor<'a>, under: Option<Cursor<'a>>) -> Self {
        Self { node, under: under.filter(|under| under.is_map() && node.is_map()), inherited: false }
    }

    fn inherited(node: Cursor<'a>) -> Self {
        Self { node, under: None, inherited: true }
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
        below.map(|(key, value)| Field { key, value: Self::inherited(value) })
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
            let more = under.entries().filter(ours).filter(|(key, _)| self.node.get(key.text()).is_none());
            fields.extend(more.map(|(key, value)| Field { key, value: Self::inherited(value) }));
        }
        fields
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::arena::build;

    /// The merged mapping as `key=value` with `*` for what is inherited; nested ones in brackets.
    fn shown(of: &Merged<'_>) -> String {
        let one = |field: &Field<'_>| {
            let value = if field.value.node.is_map() {
                format!("({})", shown(&field.value))
            } else {
                field.value.node.text().to_owned()
            };
            format!("{}={value}{}", field.key.text(), if field.value.inherited { "*" } else { "" })
        };
        of.fields().iter().map(one).collect::<Vec<_>>().join(" ")
    }

    fn merge(node: &str, under: &str) -> String {
        let (mut found, mut other) = (Vec::new(), Vec::new());
        let (node_arena, under_arena) =
            (build(0, node, &mut found).unwrap(), build(1, under, &mut other).unwrap());
        let (node_view, under_view) = (node_arena.view(0, node), under_arena.view(1, under));
        let merged = Merged::over(Cursor::at(&node_view, 0), Cursor::root(&under_view));
        shown(&merged)
    }

    #[test]
    fn mappings_are_merged_and_everything_else_is_replaced() {
        assert_eq!(merge("{a: 1, b: {c: 2}}", "{b: {c: 3, d: 4}, e: 5}"), "a=1 b=(c=2 d=4*) e=5*");
        assert_eq!(merge("{a: [1]}", "{a: [2, 3]}"), "a=[1]");
        assert_eq!(merge("{a: {b: 1}}", "{a: 2}"), "a=(b=1)");
        assert_eq!(merge("{a: 1}", "{a: {b: 2}}"), "a=1");
        assert_eq!(merge("{a: 1}", "[]"), "a=1");
        assert_eq!(merge("{}", "{a: {b: {c: 1}}}"), "a=(b=(c=1*)*)*");
    }

    #[test]
    fn a_credential_is_one_decision() {
        let mixed = merge("{auth: {basic: 1}}", "{auth: {bearer: 2}}");
        assert_eq!(mixed, "auth=(basic=1)");
        assert_eq!(merge("{a: 1}", "{auth: {bearer: 2}}"), "a=1 auth=(bearer=2*)*");
    }

    #[test]
    fn notes_are_left_out() {
        assert_eq!(merge("{x-a: 1, b: 2}", "{x-c: 3}"), "b=2");
    }
}
