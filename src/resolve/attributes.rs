//! The desired attributes of a person or a group in one app. They are evaluated on demand, not for everybody at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::desired::{DesiredApp, DesiredGroup};
use super::place::Place;
use super::programs::{CompiledAttribute, CompiledSource};
use crate::catalog::{AttributeSchema, Meaning, Mutability, Returned};
use crate::expr::{AccountFacts, Facts, GroupFacts, RoleField, RoleUse};
use crate::model::company::ApplyWhen;
use crate::model::path::Path;
use crate::model::value::Value;
use crate::model::want::Want;
use crate::model::{Kind, RoleNo, Span, UserId, UserNo};

/// One target attribute with its wish.
#[derive(Debug, Clone, PartialEq)]
pub struct DesiredAttribute {
    /// The target attribute.
    pub path: Path,
    /// The desired value.
    pub want: Want,
    /// When it is written.
    pub apply: ApplyWhen,
    /// Must not be shown.
    pub sensitive: bool,
    /// Whether roles live here.
    pub roles: RoleStorage,
    /// What it means beyond its value.
    pub meaning: Meaning,
    /// What is known of the place.
    pub schema: Option<AttributeSchema>,
    /// The mapping line.
    pub span: Span,
}

impl DesiredAttribute {
    /// The desired text, if the attribute has this meaning.
    pub fn text_of(&self, meaning: Meaning) -> Option<&Arc<str>> {
        match &self.want {
            Want::Is(Value::Str(text)) if self.meaning == meaning => Some(text),
            _ => None,
        }
    }

    /// True if the value is the role or the roles of the person, unchanged.
    pub fn stores_roles(&self) -> bool {
        matches!(self.roles, RoleStorage::One | RoleStorage::All)
    }
}

/// Whether an attribute stores roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleStorage {
    /// No.
    None,
    /// One role: the expression is `account.role`.
    One,
    /// All roles: the expression is `account.roles`.
    All,
    /// Worked out from roles in some other way.
    Derived,
}

impl DesiredApp<'_> {
    /// The attributes of a person's account, in order of their paths.
    ///
    /// # Errors
    /// Why the mapping cannot be evaluated for this person, who then keeps what they have (safety.md 9).
    pub fn attributes(&self, user: UserNo) -> Result<Vec<DesiredAttribute>, String> {
        let Some(mapping) = self.mapping else {
            return Err("its mapping does not compile".to_owned());
        };
        let roles = self.role_values(user);
        let account = AccountFacts { role: roles.first().map(AsRef::as_ref), roles: &roles };
        let facts = Facts::user(self.company, user).with_account(account);
        let undecided = self.roles_undecided(user);
        mapping
            .attributes
            .iter()
            .zip(&self.places)
            .map(|(attribute, place)| self.attribute(attribute, *place, &facts, undecided))
            .collect()
    }

    /// True if an attribute of the mapping holds roles, or is worked out from them.
    pub fn maps_roles(&self) -> bool {
        self.role_paths().next().is_some()
    }

    /// The attributes of the mapping that hold roles, or are worked out from them.
    pub fn role_paths(&self) -> impl Iterator<Item = &Path> {
        let attributes = self.mapping.map_or(&[][..], |mapping| &mapping.attributes);
        let of_roles = attributes.iter().filter(|attribute| match &attribute.source {
            CompiledSource::Constant(_) => false,
            CompiledSource::Program(program) => program.uses_roles() != RoleUse::None,
        });
        of_roles.map(|attribute| &attribute.path)
    }

    /// The attribute that keeps roles as they are.
    pub fn role_path(&self) -> Option<&Path> {
        let attributes = self.mapping.map_or(&[][..], |mapping| &mapping.attributes);
        let keeps = attributes.iter().find(|attribute| match &attribute.source {
            CompiledSource::Constant(_) => false,
            CompiledSource::Program(program) => matches!(program.uses_roles(), RoleUse::Whole(_)),
        });
        keeps.map(|attribute| &attribute.path)
    }

    /// The attribute at a place of the mapping with a reference to this person as its value.
    pub fn reference(&self, place: usize, to: &UserId) -> Option<DesiredAttribute> {
        let attribute = self.mapping?.attributes.get(place)?;
        let place = self.places.get(place)?;
        Some(DesiredAttribute {
            path: attribute.path.clone(),
            want: Want::Ref(to.clone()),
            apply: attribute.apply,
            sensitive: attribute.is_sensitive(),
            roles: RoleStorage::None,
            schema: place.schema,
            meaning: place.meaning,
            span: attribute.span,
        })
    }

    /// True if the value of this attribute may be a reference to an account.
    pub fn refers(&self, path: &Path) -> bool {
        let attributes = self.mapping.map_or(&[][..], |mapping| &mapping.attributes);
        attributes.iter().any(|attribute| match &attribute.source {
            CompiledSource::Program(program) => attribute.path == *path && program.refers(),
            CompiledSource::Constant(_) => false,
        })
    }

    /// Keys of target attributes that are worked out from sensitive ones.
    pub fn sensitive_paths(&self) -> BTreeSet<Arc<str>> {
        let attributes = self.mapping.map_or(&[][..], |mapping| &mapping.attributes);
        let keys = attributes
            .iter()
            .filter(|attribute| attribute.is_sensitive())
            .map(|attribute| attribute.path.key().clone());
        keys.collect()
    }

    /// Keys of target attributes whose values are never hashed (safety.md 8): worked out from sensitive ones, written
    /// at creation only, or never shown by the app.
    pub fn unhashed_paths(&self) -> BTreeSet<Arc<str>> {
        let attributes = self.mapping.map_or(&[][..], |mapping| &mapping.attributes);
        let unhashed = |attribute: &&CompiledAttribute| {
            let schema = self.definition.users.attribute(&attribute.path);
            let unreadable = schema.is_some_and(|schema| {
                schema.mutability == Mutability::WriteOnly || schema.returned == Returned::Never
            });
            attribute.is_sensitive() || unreadable || attribute.apply == ApplyWhen::Create
        };
        attributes.iter().filter(unhashed).map(|attribute| attribute.path.key().clone()).collect()
    }

    /// The matching attributes of a person's account that have a value, in order of precedence.
    pub fn matching(&self, user: UserNo) -> Vec<(Path, Value)> {
        let paths = self.mapping.map_or(&[][..], |mapping| &mapping.matching);
        self.values_of(user, paths.iter())
    }

    /// The text that the mapping gives in the place of our id.
    pub fn our_id(&self, user: UserNo) -> Option<Arc<str>> {
        let place = self.definition.users.our_id.as_ref()?;
        match self.values_of(user, std::iter::once(place)).pop()?.1 {
            Value::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The values that tell the account of a person apart from others: matching and unique ones.
    pub fn identifying(&self, user: UserNo) -> Vec<(Path, Value)> {
        self.values_of(user, self.identifying_paths().into_iter())
    }

    /// Attributes that tell accounts of this app apart: those it matches by, and those its schema calls unique.
    pub fn identifying_paths(&self) -> Vec<&Path> {
        self.mapping.map(|mapping| mapping.identifying_paths(&self.definition.users)).unwrap_or_default()
    }

    /// Values of these attributes, as far as they have one.
    pub fn values_of<'p>(&self, user: UserNo, paths: impl Iterator<Item = &'p Path>) -> Vec<(Path, Value)> {
        let Some(mapping) = self.mapping else {
            return Vec::new();
        };
        let roles = self.role_values(user);
        let account = AccountFacts { role: roles.first().map(AsRef::as_ref), roles: &roles };
        let facts = Facts::user(self.company, user).with_account(account);
        let value = |path: &Path| {
            let mut attributes = mapping.attributes.iter().zip(&self.places);
            let (attribute, place) = attributes.find(|(attribute, _)| attribute.path == *path)?;
            match self.attribute(attribute, *place, &facts, false).ok()?.want {
                Want::Is(value) if !value.is_null() => Some((path.clone(), value)),
                _ => None,
            }
        };
        paths.filter_map(value).collect()
    }

    /// The attributes of a group, in order of their paths.
    ///
    /// # Errors
    /// Why the mapping cannot be evaluated for this group.
    pub fn group_attributes(&self, group: &DesiredGroup) -> Result<Vec<DesiredAttribute>, String> {
        if let Some(name) = &group.name {
            let path = self.definition.groups.name.clone();
            let place = self.group_place(&path);
            let want = Want::Is(Value::Str(name.clone()));
            let (apply, roles) = (ApplyWhen::Always, RoleStorage::None);
            return Ok(vec![DesiredAttribute {
                want,
                apply,
                sensitive: false,
                roles,
                schema: place.schema,
                meaning: place.meaning,
                path,
                span: group.span,
            }]);
        }
        let Some(number) = group.group else {
            return Ok(Vec::new());
        };
        let Some(mapping) = self.group_mapping else {
            return Err("its mapping does not compile".to_owned());
        };
        let declared = &self.company.groups[number.index()];
        let facts = Facts::group(
            self.company,
            GroupFacts {
                id: declared.id.as_str(),
                name: &declared.name,
                description: declared.description.as_deref(),
            },
        );
        mapping
            .attributes
            .iter()
            .map(|attribute| self.attribute(attribute, self.group_place(&attribute.path), &facts, false))
            .collect()
    }

    fn group_place(&self, path: &Path) -> Place {
        Place::of(self.definition, Kind::Group, path, &[])
    }

    /// Values of the person's value roles by precedence, then id.
    pub fn role_values(&self, user: UserNo) -> Vec<Arc<str>> {
        self.roles_of(user).filter_map(|role| self.role_value(role).cloned()).collect()
    }

    /// How a role is stored, if as a value.
    pub fn role_value(&self, role: RoleNo) -> Option<&Arc<str>> {
        self.app.roles[role.index()].kind.value().filter(|_| self.writes_roles)
    }

    fn attribute(
        &self,
        attribute: &CompiledAttribute,
        place: Place,
        facts: &Facts,
        roles_undecided: bool,
    ) -> Result<DesiredAttribute, String> {
        let (want, sensitive, roles) = match &attribute.source {
            CompiledSource::Constant(value) => (Want::Is(value.clone()), false, RoleStorage::None),
            CompiledSource::Program(program) => {
                let roles = match program.uses_roles() {
                    RoleUse::None => RoleStorage::None,
                    RoleUse::Whole(RoleField::Role) => RoleStorage::One,
                    RoleUse::Whole(RoleField::Roles) => RoleStorage::All,
                    RoleUse::Part => RoleStorage::Derived,
                };
                let want = if roles != RoleStorage::None && roles_undecided {
                    Want::Keep
                } else {
                    program.want(facts).map_err(|error| format!("{}: {}", attribute.path, error.message))?
                };
                (want, program.is_sensitive(), roles)
            }
        };
        let want = match want {
            Want::Is(value) => {
                Some(value.normalised()).filter(|value| !value.is_null()).map_or(Want::Clear, Want::Is)
            }
            other => other,
        };
        let want = match (&want, &attribute.default) {
            (Want::Clear, Some(default)) => Want::Is(default.clone().normalised()),
            _ => want,
        };
        // Empty text is none, too: an app that requires a value takes neither.
        let is_empty = match &want {
            Want::Is(value) => value.is_unassigned(),
            other => *other == Want::Clear,
        };
        if is_empty && place.is_required {
            return Err(format!("{} is required and has no value", attribute.path));
        }
        let path = attribute.path.clone();
        Ok(DesiredAttribute {
            path,
            want,
            apply: attribute.apply,
            sensitive,
            roles,
            schema: place.schema,
            meaning: place.meaning,
            span: attribute.span,
        })
    }
}
