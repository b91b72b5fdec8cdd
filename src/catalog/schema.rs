//! The attributes that the accounts, or the groups, of an app have, and which of them have a meaning to us.

use std::sync::Arc;

use crate::model::Path;

use super::attribute::{Attribute, AttributeSchema, look_up};

/// Attributes of one kind of object.
#[derive(Debug, Clone)]
pub struct Schema {
    /// Attributes at the top of an object.
    pub attributes: Vec<Attribute>,
    /// Further attributes, which a path names with the URN before them.
    pub extensions: Vec<Extension>,
    /// Where attributes may exist that are not listed here.
    pub others: Others,
    /// The name that people know: the login of an account, the name of a group.
    pub name: Path,
    /// The place that the app has for an id of ours, if it has one.
    pub our_id: Option<Path>,
    /// Attributes whose values give access, such as roles.
    pub access: Vec<Path>,
    /// Says whether an account is active. Status, dates and assignments decide that, never a mapping.
    pub activity: Option<Path>,
}

/// The attributes of an extension.
#[derive(Debug, Clone)]
pub struct Extension {
    /// Compares without case.
    pub urn: Arc<str>,
    /// Those that are known.
    pub attributes: Vec<Attribute>,
    /// The app may have others in it.
    pub has_others: bool,
}

/// Where attributes may exist that no schema lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Others {
    /// Nowhere: the schema is all there is.
    Nowhere,
    /// In extensions that are not listed.
    InExtensions,
    /// Anywhere.
    Anywhere,
}

/// The meaning of an attribute to us, which decides how it is treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// The name that people know.
    Name,
    /// The place of our id.
    OurId,
    /// None beyond its value.
    Plain,
}

impl Schema {
    /// What is known of an attribute; `None` if nothing is (see [`must_be_known`](Self::must_be_known)).
    pub fn attribute(&self, path: &Path) -> Option<AttributeSchema> {
        look_up(self.attributes_of(path)?, path)
    }

    /// True if an attribute that [`attribute`](Self::attribute) does not know cannot exist.
    pub fn must_be_known(&self, path: &Path) -> bool {
        match self.others {
            Others::Nowhere => true,
            Others::InExtensions => self.attributes_of(path).is_some() && !self.has_others(path),
            Others::Anywhere => false,
        }
    }

    /// Every target path, for "did you mean".
    pub fn names(&self) -> Vec<String> {
        let top = (String::new(), &self.attributes);
        let further = self.extensions.iter().map(|of| (format!("{}:", of.urn), &of.attributes));
        let mut names = Vec::new();
        for (prefix, attributes) in std::iter::once(top).chain(further) {
            for attribute in attributes {
                let name = &attribute.name;
                if attribute.subs.is_empty() || attribute.value().is_some() {
                    names.push(format!("{prefix}{name}"));
                }
                names.extend(attribute.subs.iter().map(|sub| format!("{prefix}{name}.{}", sub.name)));
            }
        }
        names
    }

    /// The meaning of an attribute.
    pub fn meaning(&self, path: &Path) -> Meaning {
        if *path == self.name {
            Meaning::Name
        } else if self.our_id.as_ref() == Some(path) {
            Meaning::OurId
        } else {
            Meaning::Plain
        }
    }

    /// True if the path names an extension in which the app may have attributes that are not listed.
    fn has_others(&self, path: &Path) -> bool {
        self.extension(path).is_some_and(|extension| extension.has_others)
    }

    fn attributes_of(&self, path: &Path) -> Option<&[Attribute]> {
        match path.parts().urn {
            None => Some(&self.attributes),
            Some(_) => Some(&self.extension(path)?.attributes),
        }
    }

    fn extension(&self, path: &Path) -> Option<&Extension> {
        let urn = path.parts().urn.as_ref()?;
        self.extensions.iter().find(|extension| extension.urn.eq_ignore_ascii_case(urn))
    }
}
