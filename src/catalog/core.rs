//! The schemas of RFC 7643 as tables: core User (4.1), enterprise User (4.3), Group (4.2), common attributes (3.1).

use super::attribute::{AttributeSchema, Mutability, Returned, Type, Uniqueness};
use crate::model::Kind;
use crate::model::path::{CORE_GROUP, CORE_USER};

/// URN of the enterprise extension of User.
pub const ENTERPRISE_USER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// An attribute of a schema.
#[derive(Debug)]
pub struct Top {
    /// The schema's spelling.
    pub name: &'static str,
    /// What the schema says.
    pub schema: AttributeSchema,
    /// Sub-attributes, if it is complex.
    pub subs: &'static [Sub],
}

/// A sub-attribute.
#[derive(Debug)]
pub struct Sub {
    /// The schema's spelling.
    pub name: &'static str,
    /// What the schema says.
    pub schema: AttributeSchema,
}

impl Top {
    /// The sub-attribute of this name.
    pub fn sub(&self, name: &str) -> Option<&Sub> {
        self.subs.iter().find(|sub| sub.name.eq_ignore_ascii_case(name))
    }

    /// The sub-attribute that stands for the whole entry.
    pub fn value(&self) -> Option<&Sub> {
        self.sub("value")
    }
}

/// The attributes of a standard schema; without a URN those of the core schema. `None` for any other schema.
pub fn tops(kind: Kind, urn: Option<&str>) -> Option<&'static [Top]> {
    let is = |known: &str| urn.is_some_and(|urn| urn.eq_ignore_ascii_case(known));
    match kind {
        Kind::User if urn.is_none() || is(CORE_USER) => Some(USER),
        Kind::User if is(ENTERPRISE_USER) => Some(ENTERPRISE),
        Kind::Group if urn.is_none() || is(CORE_GROUP) => Some(GROUP),
        _ => None,
    }
}

const fn of(of: Type) -> AttributeSchema {
    AttributeSchema {
        of,
        multi_valued: false,
        in_value: false,
        case_exact: matches!(of, Type::Binary | Type::Reference),
        mutability: Mutability::ReadWrite,
        returned: Returned::Default,
        required: false,
        uniqueness: Uniqueness::None,
    }
}

const TEXT: AttributeSchema = of(Type::String);
const BOOLEAN: AttributeSchema = of(Type::Boolean);
const REFERENCE: AttributeSchema = of(Type::Reference);
const COMPLEX: AttributeSchema = of(Type::Complex);

const fn exact(schema: AttributeSchema) -> AttributeSchema {
    AttributeSchema { case_exact: true, ..schema }
}

const fn several(schema: AttributeSchema) -> AttributeSchema {
    AttributeSchema { multi_valued: true, ..schema }
}

const fn required(schema: AttributeSchema) -> AttributeSchema {
    AttributeSchema { required: true, ..schema }
}

const fn read_only(schema: AttributeSchema) -> AttributeSchema {
    AttributeSchema { mutability: Mutability::ReadOnly, ..schema }
}

const fn immutable(schema: AttributeSchema) -> AttributeSchema {
    AttributeSchema { mutability: Mutability::Immutable, ..schema }
}

const fn top(name: &'static str, schema: AttributeSchema) -> Top {
    complex(name, schema, &[])
}

const fn complex(name: &'static str, schema: AttributeSchema, subs: &'static [Sub]) -> Top {
    Top { name, schema, subs }
}

const fn sub(name: &'static str, schema: AttributeSchema) -> Sub {
    Sub { name, schema }
}

const ID: Top = top(
    "id",
    AttributeSchema { returned: Returned::Always, uniqueness: Uniqueness::Server, ..read_only(exact(TEXT)) },
);
const EXTERNAL_ID: Top = top("externalId", exact(TEXT));
const META: Top = complex(
    "meta",
    read_only(COMPLEX),
    &[
        sub("resourceType", read_only(exact(TEXT))),
        sub("created", read_only(of(Type::DateTime))),
        sub("lastModified", read_only(of(Type::DateTime))),
        sub("location", read_only(REFERENCE)),
        sub("version", read_only(exact(TEXT))),
    ],
);

/// The sub-attributes of most multi-valued attributes (RFC 7643 section 2.4).
const ENTRY: &[Sub] = &[sub("value", TEXT), sub("display", TEXT), sub("type", TEXT), sub("primary", BOOLEAN)];

const USER: &[Top] = &[
    ID,
    EXTERNAL_ID,
    META,
    top("userName", AttributeSchema { uniqueness: Uniqueness::Server, ..required(TEXT) }),
    complex(
        "name",
        COMPLEX,
        &[
            sub("formatted", TEXT),
            sub("familyName", TEXT),
            sub("givenName", TEXT),
            sub("middleName", TEXT),
            sub("honorificPrefix", TEXT),
            sub("honorificSuffix", TEXT),
        ],
    ),
    top("displayName", TEXT),
    top("nickName", TEXT),
    top("profileUrl", REFERENCE),
    top("title", TEXT),
    top("userType", TEXT),
    top("preferredLanguage", TEXT),
    top("locale", TEXT),
    top("timezone", TEXT),
    top("active", BOOLEAN),
    top(
        "password",
        AttributeSchema { mutability: Mutability::WriteOnly, returned: Returned::Never, ..exact(TEXT) },
    ),
    complex("emails", several(COMPLEX), ENTRY),
    complex("phoneNumbers", several(COMPLEX), ENTRY),
    complex("ims", several(COMPLEX), ENTRY),
    complex(
        "photos",
        several(COMPLEX),
        &[sub("value", REFERENCE), sub("display", TEXT), sub("type", TEXT), sub("primary", BOOLEAN)],
    ),
    complex(
        "addresses",
        several(COMPLEX),
        &[
            sub("formatted", TEXT),
            sub("streetAddress", TEXT),
            sub("locality", TEXT),
            sub("region", TEXT),
            sub("postalCode", TEXT),
            sub("country", TEXT),
            sub("type", TEXT),
            sub("primary", BOOLEAN),
        ],
    ),
    complex(
        "groups",
        read_only(several(COMPLEX)),
        &[
            sub("value", read_only(exact(TEXT))),
            sub("$ref", read_only(REFERENCE)),
            sub("display", read_only(TEXT)),
            sub("type", read_only(TEXT)),
        ],
    ),
    complex("entitlements", several(COMPLEX), ENTRY),
    complex("roles", several(COMPLEX), ENTRY),
    complex(
        "x509Certificates",
        several(COMPLEX),
        &[sub("value", of(Type::Binary)), sub("display", TEXT), sub("type", TEXT), sub("primary", BOOLEAN)],
    ),
];

const ENTERPRISE: &[Top] = &[
    top("employeeNumber", TEXT),
    top("costCenter", TEXT),
    top("organization", TEXT),
    top("division", TEXT),
    top("department", TEXT),
    complex(
        "manager",
        COMPLEX,
        &[sub("value", exact(TEXT)), sub("$ref", REFERENCE), sub("displayName", read_only(TEXT))],
    ),
];

/// `displayName` is required by the text of section 4.2, if not by the listing of section 8.7.1.
const GROUP: &[Top] = &[
    ID,
    EXTERNAL_ID,
    META,
    top("displayName", required(TEXT)),
    complex(
        "members",
        several(COMPLEX),
        &[
            sub("value", immutable(exact(TEXT))),
            sub("$ref", immutable(REFERENCE)),
            sub("type", immutable(TEXT)),
            sub("display", read_only(TEXT)),
        ],
    ),
];
