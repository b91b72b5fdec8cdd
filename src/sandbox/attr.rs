//! The definition of an attribute, as `/Schemas` shows it and as values are checked against it.

use serde_json::{Value, json};

/// The type of an attribute's values (RFC 7643 section 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    String,
    Boolean,
    DateTime,
    Reference,
    Binary,
    Complex,
}

/// Who may write an attribute (RFC 7643 section 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mutability {
    ReadWrite,
    ReadOnly,
    Immutable,
    WriteOnly,
}

/// When an answer contains an attribute (RFC 7643 section 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Returned {
    Default,
    Always,
    Never,
}

/// An attribute's definition (RFC 7643 section 7). It is made in constants only, with the defaults of the RFC.
#[derive(Debug)]
pub struct Attr {
    pub name: &'static str,
    pub description: &'static str,
    pub of: Type,
    pub multi: bool,
    pub required: bool,
    pub case_exact: bool,
    pub mutability: Mutability,
    pub returned: Returned,
    pub unique: bool,
    pub canonical: &'static [&'static str],
    pub references: &'static [&'static str],
    pub subs: &'static [Attr],
}

impl Attr {
    const fn new(of: Type, name: &'static str, description: &'static str) -> Self {
        Self {
            name,
            description,
            of,
            multi: false,
            required: false,
            case_exact: false,
            mutability: Mutability::ReadWrite,
            returned: Returned::Default,
            unique: false,
            canonical: &[],
            references: &[],
            subs: &[],
        }
    }

    pub const fn string(name: &'static str, description: &'static str) -> Self {
        Self::new(Type::String, name, description)
    }

    pub const fn boolean(name: &'static str, description: &'static str) -> Self {
        Self::new(Type::Boolean, name, description)
    }

    pub const fn date(name: &'static str, description: &'static str) -> Self {
        Self::new(Type::DateTime, name, description)
    }

    pub const fn binary(name: &'static str, description: &'static str) -> Self {
        Self::new(Type::Binary, name, description).case_exact()
    }

    pub const fn reference(
        name: &'static str,
        references: &'static [&'static str],
        description: &'static str,
    ) -> Self {
        let mut attr = Self::new(Type::Reference, name, description).case_exact();
        attr.references = references;
        attr
    }

    pub const fn complex(name: &'static str, subs: &'static [Attr], description: &'static str) -> Self {
        let mut attr = Self::new(Type::Complex, name, description);
        attr.subs = subs;
        attr
    }

    /// A multi-valued complex attribute.
    pub const fn list(name: &'static str, subs: &'static [Attr], description: &'static str) -> Self {
        let mut attr = Self::complex(name, subs, description);
        attr.multi = true;
        attr
    }

    /// A multi-valued attribute of plain references.
    pub const fn references(
        name: &'static str,
        references: &'static [&'static str],
        description: &'static str,
    ) -> Self {
        let mut attr = Self::reference(name, references, description);
        attr.multi = true;
        attr
    }

    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub const fn case_exact(mut self) -> Self {
        self.case_exact = true;
        self
    }

    pub const fn unique(mut self) -> Self {
        self.unique = true;
        self
    }

    pub const fn mutability(mut self, mutability: Mutability) -> Self {
        self.mutability = mutability;
        self
    }

    pub const fn read_only(self) -> Self {
        self.mutability(Mutability::ReadOnly)
    }

    pub const fn immutable(self) -> Self {
        self.mutability(Mutability::Immutable)
    }

    pub const fn returned(mut self, returned: Returned) -> Self {
        self.returned = returned;
        self
    }

    pub const fn canonical(mut self, canonical: &'static [&'static str]) -> Self {
        self.canonical = canonical;
        self
    }

    /// The sub-attribute with this name; names ignore case (RFC 7643 section 2.1).
    pub fn sub(&self, name: &str) -> Option<&'static Attr> {
        self.subs.iter().find(|sub| sub.name.eq_ignore_ascii_case(name))
    }

    /// True if values of this attribute are told apart by their `value` alone, which nobody can edit: group members.
    pub fn by_value(&self) -> bool {
        self.sub("value").is_some_and(|sub| sub.mutability == Mutability::Immutable)
    }

    /// The definition as `/Schemas` shows it (RFC 7643 section 7).
    pub fn describe(&self) -> Value {
        let mut shown = json!({
            "name": self.name,
            "type": match self.of {
                Type::String => "string",
                Type::Boolean => "boolean",
                Type::DateTime => "dateTime",
                Type::Reference => "reference",
                Type::Binary => "binary",
                Type::Complex => "complex",
            },
            "multiValued": self.multi,
            "description": self.description,
            "required": self.required,
            "caseExact": self.case_exact,
            "mutability": match self.mutability {
                Mutability::ReadWrite => "readWrite",
                Mutability::ReadOnly => "readOnly",
                Mutability::Immutable => "immutable",
                Mutability::WriteOnly => "writeOnly",
            },
            "returned": match self.returned {
                Returned::Default => "default",
                Returned::Always => "always",
                Returned::Never => "never",
            },
            "uniqueness": if self.unique { "server" } else { "none" },
        });
        if !self.canonical.is_empty() {
            shown["canonicalValues"] = self.canonical.into();
        }
        if !self.references.is_empty() {
            shown["referenceTypes"] = self.references.into();
        }
        if !self.subs.is_empty() {
            shown["subAttributes"] = self.subs.iter().map(Attr::describe).collect();
        }
        shown
    }
}
