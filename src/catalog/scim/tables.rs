//! The schemas of RFC 7643 as tables: core User (4.1), enterprise User (4.3), Group (4.2), common attributes (3.1).

use crate::catalog::attribute::{
    Attribute, AttributeSchema, Mutability, Returned, StoredCase, SubAttribute, Type, Uniqueness,
};

const fn of(of: Type) -> AttributeSchema {
    AttributeSchema::of(of)
}

const TEXT: AttributeSchema = of(Type::String);
const BOOLEAN: AttributeSchema = of(Type::Boolean);
const REFERENCE: AttributeSchema = of(Type::Reference);
const COMPLEX: AttributeSchema = of(Type::Complex);

const fn exact(schema: AttributeSchema) -> AttributeSchema {
    AttributeSchema { case_exact: true, ..schema }
}

/// Of an identifier or an address: servers store them in the case they like.
const fn caseless(schema: AttributeSchema) -> AttributeSchema {
    AttributeSchema { stored_case: StoredCase::Ignored, ..schema }
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

fn top(name: &str, schema: AttributeSchema) -> Attribute {
    complex(name, schema, Vec::new())
}

fn complex(name: &str, schema: AttributeSchema, subs: Vec<SubAttribute>) -> Attribute {
    Attribute { name: name.into(), schema, subs }
}

fn sub(name: &str, schema: AttributeSchema) -> SubAttribute {
    SubAttribute { name: name.into(), schema }
}

/// The attributes that every object has.
fn common() -> Vec<Attribute> {
    vec![
        top(
            "id",
            AttributeSchema {
                returned: Returned::Always,
                uniqueness: Uniqueness::Server,
                ..read_only(exact(TEXT))
            },
        ),
        top("externalId", exact(TEXT)),
        complex(
            "meta",
            read_only(COMPLEX),
            vec![
                sub("resourceType", read_only(exact(TEXT))),
                sub("created", read_only(of(Type::DateTime))),
                sub("lastModified", read_only(of(Type::DateTime))),
                sub("location", read_only(REFERENCE)),
                sub("version", read_only(exact(TEXT))),
            ],
        ),
    ]
}

/// The sub-attributes of most multi-valued attributes (RFC 7643 section 2.4).
fn entry() -> Vec<SubAttribute> {
    vec![sub("value", TEXT), sub("display", TEXT), sub("type", TEXT), sub("primary", BOOLEAN)]
}

/// Core User.
pub(super) fn user() -> Vec<Attribute> {
    let own = vec![
        top("userName", caseless(AttributeSchema { uniqueness: Uniqueness::Server, ..required(TEXT) })),
        complex(
            "name",
            COMPLEX,
            vec![
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
        complex(
            "emails",
            several(COMPLEX),
            vec![
                sub("value", caseless(TEXT)),
                sub("display", TEXT),
                sub("type", TEXT),
                sub("primary", BOOLEAN),
            ],
        ),
        complex("phoneNumbers", several(COMPLEX), entry()),
        complex("ims", several(COMPLEX), entry()),
        complex(
            "photos",
            several(COMPLEX),
            vec![sub("value", REFERENCE), sub("display", TEXT), sub("type", TEXT), sub("primary", BOOLEAN)],
        ),
        complex(
            "addresses",
            several(COMPLEX),
            vec![
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
            vec![
                sub("value", read_only(exact(TEXT))),
                sub("$ref", read_only(REFERENCE)),
                sub("display", read_only(TEXT)),
                sub("type", read_only(TEXT)),
            ],
        ),
        complex("entitlements", several(COMPLEX), entry()),
        complex("roles", several(COMPLEX), entry()),
        complex(
            "x509Certificates",
            several(COMPLEX),
            vec![
                sub("value", of(Type::Binary)),
                sub("display", TEXT),
                sub("type", TEXT),
                sub("primary", BOOLEAN),
            ],
        ),
    ];
    common().into_iter().chain(own).collect()
}

/// The enterprise extension of User.
pub(super) fn enterprise() -> Vec<Attribute> {
    vec![
        top("employeeNumber", TEXT),
        top("costCenter", TEXT),
        top("organization", TEXT),
        top("division", TEXT),
        top("department", TEXT),
        complex(
            "manager",
            COMPLEX,
            vec![sub("value", exact(TEXT)), sub("$ref", REFERENCE), sub("displayName", read_only(TEXT))],
        ),
    ]
}

/// `displayName` is required by the text of section 4.2, if not by the listing of section 8.7.1.
pub(super) fn group() -> Vec<Attribute> {
    let own = vec![
        top("displayName", required(TEXT)),
        complex(
            "members",
            several(COMPLEX),
            vec![
                sub("value", immutable(exact(TEXT))),
                sub("$ref", immutable(REFERENCE)),
                sub("type", immutable(TEXT)),
                sub("display", read_only(TEXT)),
            ],
        ),
    ];
    common().into_iter().chain(own).collect()
}
