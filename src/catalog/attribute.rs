//! One attribute of a schema. The words are those of RFC 7643 (sections 2 and 7), which most apps can be described by.

use std::sync::Arc;

use crate::model::Path;

/// The type of each value (RFC 7643 section 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// Text.
    String,
    /// `true` or `false`, not the words.
    Boolean,
    /// A number with a fraction.
    Decimal,
    /// A whole number.
    Integer,
    /// An XSD dateTime with a `T`.
    DateTime,
    /// Base64.
    Binary,
    /// A URI, or the id of a resource.
    Reference,
    /// Sub-attributes, and none of them is `value`: cannot hold one value.
    Complex,
}

/// Who may write it, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mutability {
    /// Anybody, any time.
    ReadWrite,
    /// The app only.
    ReadOnly,
    /// Once.
    Immutable,
    /// Never shown, so never compared.
    WriteOnly,
}

/// When the app shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Returned {
    /// Always.
    Always,
    /// Unless left out on request.
    Default,
    /// Only if asked for by name.
    Request,
    /// Never.
    Never,
}

/// Where a value may occur once only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Uniqueness {
    /// Nowhere.
    None,
    /// In this app.
    Server,
    /// In the world.
    Global,
}

/// Whether the case of a stored text tells anything, apart from look-ups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoredCase {
    /// Text is meant as it was written: `title` from `analyst` to `Analyst` is a change.
    Counts,
    /// The app may store another case, and has kept the value then. A declared change of case is still written.
    MayChange,
    /// Of an identifier or an address: it means nothing.
    Ignored,
}

/// What is known about the place a [`Path`] names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttributeSchema {
    /// The type of each value. A complex attribute with a `value` has the type of that.
    pub of: Type,
    /// The path names several values at once.
    pub multi_valued: bool,
    /// The app holds objects and the value is their `value` (RFC 7643 section 2.4).
    pub in_value: bool,
    /// Case matters in look-ups.
    pub case_exact: bool,
    /// Whether it matters in what is stored.
    pub stored_case: StoredCase,
    /// Who may write it.
    pub mutability: Mutability,
    /// When it is shown.
    pub returned: Returned,
    /// It has to have a value.
    pub required: bool,
    /// Where a value may occur once only.
    pub uniqueness: Uniqueness,
}

/// An attribute, with its parts.
#[derive(Debug, Clone)]
pub struct Attribute {
    /// In the app's spelling; compares without case.
    pub name: Arc<str>,
    /// Of the attribute as a whole.
    pub schema: AttributeSchema,
    /// Sub-attributes, if it is complex.
    pub subs: Vec<SubAttribute>,
}

/// A sub-attribute.
#[derive(Debug, Clone)]
pub struct SubAttribute {
    /// In the app's spelling; compares without case.
    pub name: Arc<str>,
    /// Of this part.
    pub schema: AttributeSchema,
}

impl AttributeSchema {
    /// One optional value of this type that anybody may read and write, and whose case does not count.
    pub const fn of(of: Type) -> Self {
        Self {
            of,
            multi_valued: false,
            in_value: false,
            case_exact: matches!(of, Type::Binary | Type::Reference),
            stored_case: StoredCase::Counts,
            mutability: Mutability::ReadWrite,
            returned: Returned::Default,
            required: false,
            uniqueness: Uniqueness::None,
        }
    }
}

impl AttributeSchema {
    /// True if no answer ever has it.
    pub fn is_never_shown(&self) -> bool {
        self.mutability == Mutability::WriteOnly || self.returned == Returned::Never
    }
}

impl Attribute {
    /// An attribute without parts.
    pub fn simple(name: &str, schema: AttributeSchema) -> Self {
        Self { name: name.into(), schema, subs: Vec::new() }
    }

    /// The sub-attribute of this name.
    pub fn sub(&self, name: &str) -> Option<&SubAttribute> {
        self.subs.iter().find(|sub| sub.name.eq_ignore_ascii_case(name))
    }

    /// The sub-attribute that stands for the whole entry.
    pub fn value(&self) -> Option<&SubAttribute> {
        self.sub("value")
    }
}

/// What a schema's attributes say about a path; `None` if there is no such attribute, or brackets stand behind one
/// that has a single value.
pub(super) fn look_up(attributes: &[Attribute], path: &Path) -> Option<AttributeSchema> {
    let parts = path.parts();
    let top = attributes.iter().find(|top| top.name.eq_ignore_ascii_case(&parts.attribute))?;
    if !parts.filter.is_empty() && !top.schema.multi_valued {
        return None;
    }
    for condition in &parts.filter {
        top.sub(&condition.name)?;
    }
    let several = top.schema.multi_valued && parts.filter.is_empty();
    let (schema, in_value) = match (&parts.sub, top.value()) {
        (Some(sub), _) => (top.sub(sub)?.schema, false),
        (None, Some(value)) => (value.schema, true),
        (None, None) => (top.schema, false),
    };
    Some(AttributeSchema {
        multi_valued: several,
        in_value,
        mutability: stricter(top.schema.mutability, schema.mutability),
        required: top.schema.required && schema.required,
        ..schema
    })
}

fn stricter(top: Mutability, sub: Mutability) -> Mutability {
    if top == Mutability::ReadOnly { top } else { sub }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::scim;

    fn user(text: &str) -> Option<AttributeSchema> {
        scim::definition().users.attribute(&Path::parse(text).unwrap())
    }

    #[test]
    fn names_are_found_without_case() {
        assert_eq!(user("USERNAME"), user("userName"));
        assert!(user("userName").unwrap().required);
        assert!(!user("userName").unwrap().case_exact);
        assert!(user("externalId").unwrap().case_exact);
        assert!(user("userNam").is_none());
    }

    #[test]
    fn brackets_pick_one_value_of_several() {
        assert!(!user(r#"emails[type eq "work"].value"#).unwrap().multi_valued);
        assert!(user("emails.value").unwrap().multi_valued);
        let emails = user("emails").unwrap();
        assert!(emails.multi_valued && emails.in_value && emails.of == Type::String);
        assert!(user(r#"name[type eq "x"]"#).is_none());
        assert!(user(r#"emails[colour eq "x"].value"#).is_none());
    }

    #[test]
    fn complex_without_a_value_stays_complex() {
        assert_eq!(user("name").unwrap().of, Type::Complex);
        let manager = user("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager").unwrap();
        assert!(manager.in_value && manager.of == Type::String);
        assert_eq!(user("groups.value").unwrap().mutability, Mutability::ReadOnly);
        assert!(user("urn:x:2.0:User:a").is_none());
        assert!(user("urn:ietf:params:scim:schemas:core:2.0:User:userName").is_some());
    }
}
