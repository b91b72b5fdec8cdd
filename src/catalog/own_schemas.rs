//! What an app says of its own attributes (RFC 7643 section 7), beside what the catalog knows of its protocol.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Kind, Path};

use super::attribute::{AttributeSchema, Mutability, Returned, StoredCase, Type, Uniqueness};

/// The schemas that an app shows of itself. Nothing follows from a schema that it does not show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnSchemas {
    /// Of accounts.
    pub users: OwnSchema,
    /// Of groups.
    pub groups: OwnSchema,
}

/// The attributes that an app shows of one kind of object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnSchema {
    /// By the key of the path without brackets: `name`, `name.givenname`, `urn:x:2.0:user:level`.
    attributes: BTreeMap<String, AttributeSchema>,
    /// The app's own spelling of these keys.
    names: BTreeMap<String, String>,
    /// Keys of attributes whose parts are shown.
    with_parts: BTreeSet<String>,
    /// The core schema is shown.
    is_shown: bool,
}

/// What an app says of one attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// It does not say.
    Nothing,
    /// It has no such attribute.
    Unknown,
    /// It has it.
    Known(AttributeSchema),
}

/// Of an app that shows no schema.
static NOT_SHOWN: OwnSchemas = OwnSchemas { users: OwnSchema::NOT_SHOWN, groups: OwnSchema::NOT_SHOWN };

impl OwnSchemas {
    /// Of an app that shows no schema.
    pub fn not_shown() -> &'static Self {
        &NOT_SHOWN
    }

    /// Of one kind of object.
    pub fn of(&self, kind: Kind) -> &OwnSchema {
        match kind {
            Kind::User => &self.users,
            Kind::Group => &self.groups,
        }
    }
}

impl OwnSchema {
    const NOT_SHOWN: Self = Self {
        attributes: BTreeMap::new(),
        names: BTreeMap::new(),
        with_parts: BTreeSet::new(),
        is_shown: false,
    };

    /// States that the core schema is shown: attributes that were not added do not exist.
    pub fn show(&mut self) {
        self.is_shown = true;
    }

    /// Adds an attribute, or a part of one: `name`, `name.givenName`, with the URN of an extension before it.
    pub fn add(&mut self, name: &str, schema: AttributeSchema) {
        let key = name.to_lowercase();
        if let Some((whole, _)) = split(&key) {
            self.with_parts.insert(whole.to_owned());
        }
        self.names.insert(key.clone(), name.to_owned());
        self.attributes.insert(key, schema);
    }

    /// What the app says of the attribute at a path.
    pub fn said(&self, path: &Path) -> Said {
        let (whole, parts) = (path.whole(), path.parts());
        // These belong to every object, and to no schema (RFC 7643 section 3.1).
        let is_common = matches!(&*whole, "id" | "externalid" | "meta" | "schemas");
        let lacking = if self.is_shown && !is_common { Said::Unknown } else { Said::Nothing };
        let Some(top) = self.attributes.get(&*whole) else {
            return lacking;
        };
        let part = |name: &str| self.attributes.get(&format!("{whole}.{}", name.to_lowercase()));
        let (found, in_value) = match &parts.sub {
            None => part("value").map_or((top, false), |value| (value, true)),
            Some(name) => match part(name) {
                Some(part) => (part, false),
                None if self.with_parts.contains(&*whole) => return lacking,
                None => return Said::Nothing,
            },
        };
        Said::Known(AttributeSchema {
            multi_valued: top.multi_valued && parts.filter.is_empty(),
            in_value,
            mutability: if top.mutability == Mutability::ReadOnly {
                top.mutability
            } else {
                found.mutability
            },
            returned: if found.returned == Returned::Default { top.returned } else { found.returned },
            required: top.required && found.required,
            ..*found
        })
    }

    /// What is known of an attribute: the shape from the catalog, and what the app itself says of it.
    pub fn refined(&self, path: &Path, standard: Option<AttributeSchema>) -> Option<AttributeSchema> {
        let Said::Known(own) = self.said(path) else {
            return standard;
        };
        let Some(standard) = standard else {
            return Some(own);
        };
        let is_text = matches!(standard.of, Type::String);
        Some(AttributeSchema {
            stored_case: match standard.stored_case {
                StoredCase::Counts if is_text && !own.case_exact && !standard.case_exact => {
                    StoredCase::MayChange
                }
                known => known,
            },
            mutability: stricter(standard.mutability, own.mutability),
            returned: if standard.returned == Returned::Default { own.returned } else { standard.returned },
            required: own.required,
            uniqueness: match standard.uniqueness {
                Uniqueness::None => own.uniqueness,
                known => known,
            },
            ..standard
        })
    }

    /// True if the app shows its schema, and that has no such attribute.
    pub fn lacks(&self, path: &Path) -> bool {
        self.said(path) == Said::Unknown
    }

    /// The app's own spelling of a key.
    pub fn spelled<'k>(&'k self, key: &'k str) -> &'k str {
        self.names.get(key).map_or(key, String::as_str)
    }

    /// Attributes that an object cannot be created without, and that a mapping may give; in the order of their names. Status
    /// and members are no attributes of a mapping, and some belong to every object.
    pub fn required(&self) -> impl Iterator<Item = &str> {
        let is_open = |schema: &AttributeSchema| schema.required && schema.mutability != Mutability::ReadOnly;
        let top = move |(key, schema): (&'_ String, &'_ AttributeSchema)| match split(key) {
            None => is_open(schema),
            Some((whole, _)) => {
                let of_whole = self.attributes.get(whole);
                is_open(schema) && of_whole.is_some_and(|whole| is_open(whole) && !whole.multi_valued)
            }
        };
        let is_mapped = |key: &&str| !matches!(*key, "id" | "schemas" | "meta" | "active" | "members");
        let required = self.attributes.iter().filter(move |(key, schema)| top((key, schema)));
        required.map(|(key, _)| key.as_str()).filter(is_mapped)
    }

    /// Attributes at the top that are shown only if they are asked for by name.
    pub fn on_request(&self) -> impl Iterator<Item = &str> {
        let asked = |(_, schema): &(&String, &AttributeSchema)| schema.returned == Returned::Request;
        self.attributes
            .iter()
            .filter(asked)
            .map(|(key, _)| split(key).map_or(key.as_str(), |(whole, _)| whole))
    }
}

/// The attribute and its part; a URN has dots of its own, and a colon after them.
fn split(key: &str) -> Option<(&str, &str)> {
    let (whole, part) = key.rsplit_once('.')?;
    (!part.contains(':')).then_some((whole, part))
}

fn stricter(one: Mutability, other: Mutability) -> Mutability {
    let rank = |mutability| match mutability {
        Mutability::ReadWrite => 0,
        Mutability::Immutable => 1,
        Mutability::WriteOnly => 2,
        Mutability::ReadOnly => 3,
    };
    if rank(other) > rank(one) { other } else { one }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    fn own() -> OwnSchema {
        let mut own = OwnSchema::default();
        let text = AttributeSchema::of(Type::String);
        own.add("userName", AttributeSchema { required: true, ..text });
        own.add("name", AttributeSchema { required: true, ..AttributeSchema::of(Type::Complex) });
        own.add("name.givenName", AttributeSchema { required: true, ..text });
        own.add("displayName", AttributeSchema { mutability: Mutability::ReadOnly, ..text });
        own.add("nickName", AttributeSchema { returned: Returned::Request, ..text });
        own.add(&format!("{ENTERPRISE}:department"), text);
        own.show();
        own
    }

    fn said(own: &OwnSchema, path: &str) -> Said {
        own.said(&Path::parse(path).unwrap())
    }

    #[test]
    fn what_is_not_shown_is_not_denied() {
        let mut silent = own();
        silent.is_shown = false;
        assert_eq!(said(&silent, "title"), Said::Nothing);
        assert_eq!(said(&own(), "title"), Said::Unknown);
        assert_eq!(said(&own(), "externalId"), Said::Nothing);
        assert_eq!(said(&own(), "name.familyName"), Said::Unknown);
        assert_eq!(said(&own(), &format!("{ENTERPRISE}:costCenter")), Said::Unknown);
        for there in ["USERNAME", "name.givenName", &format!("{ENTERPRISE}:department")] {
            assert!(matches!(said(&own(), there), Said::Known(_)), "{there}");
        }
    }

    #[test]
    fn an_app_makes_the_standard_stricter() {
        let path = Path::parse("displayName").unwrap();
        let standard = AttributeSchema::of(Type::String);
        let refined = own().refined(&path, Some(standard)).unwrap();
        assert_eq!(refined.mutability, Mutability::ReadOnly);
        assert_eq!(refined.stored_case, StoredCase::MayChange);
        assert_eq!(own().required().collect::<Vec<_>>(), ["name", "name.givenname", "username"]);
        assert_eq!(own().on_request().collect::<Vec<_>>(), ["nickname"]);
    }
}
