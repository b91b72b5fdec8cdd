//! What a role is on, in an app whose grants are roles on something: such as the role `admin` in the project `web`.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// The names of the parts of a target. Above the connector a grant is a group that nobody can make, rename or delete.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target(BTreeMap<Arc<str>, Arc<str>>);

impl Target {
    /// Of these parts, each with its name.
    pub fn new(parts: BTreeMap<Arc<str>, Arc<str>>) -> Self {
        Self(parts)
    }

    /// The parts, in the order of their keys.
    pub fn parts(&self) -> impl Iterator<Item = (&Arc<str>, &Arc<str>)> {
        self.0.iter()
    }

    /// The name of a part.
    pub fn get(&self, part: &str) -> Option<&Arc<str>> {
        self.0.get(part)
    }

    /// True if its parts are these.
    pub fn has_parts(&self, keys: &[Arc<str>]) -> bool {
        self.0.len() == keys.len() && keys.iter().all(|key| self.0.contains_key(key))
    }
}

impl fmt::Display for Target {
    /// The name of the group that stands for it: `grant (project: web, role: admin)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<String> = self.0.iter().map(|(key, name)| format!("{key}: {name}")).collect();
        write!(f, "grant ({})", parts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_named_in_the_order_of_its_keys() {
        let target = Target::new([("role".into(), "admin".into()), ("project".into(), "web".into())].into());
        assert_eq!(target.to_string(), "grant (project: web, role: admin)");
        assert!(target.has_parts(&["role".into(), "project".into()]) && !target.has_parts(&["role".into()]));
    }
}
