//! Every expression of a company, checked and compiled.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::documented;
use super::lacking::Lacking;
use crate::catalog::{Catalog, Definition, Mutability, Schema, Uniqueness};
use crate::expr::{self, Program, RoleUse, Types, Use};
use crate::model::app::{Role, RoleKind};
use crate::model::company::{ApplyWhen, Company, Mapping, MappingSource, PolicyRule};
use crate::model::expr_source::ExprSource;
use crate::model::id::MappingId;
use crate::model::path::Path;
use crate::model::similar::did_you_mean;
use crate::model::value::Value;
use crate::model::{App, Diagnostic, Diagnostics, Kind, Span};

/// Compiled expressions, in the shape of the company they come from.
#[derive(Default)]
pub struct Programs {
    /// By group number.
    pub rules: Vec<Option<Program>>,
    /// The connector of each app, by app number.
    pub definitions: Vec<Arc<Definition>>,
    /// By app number.
    pub filters: Vec<Option<Program>>,
    /// Mappings used for accounts.
    pub users: BTreeMap<MappingId, CompiledMapping>,
    /// Mappings used for groups.
    pub groups: BTreeMap<MappingId, CompiledMapping>,
}

/// A mapping ready to be evaluated.
pub struct CompiledMapping {
    /// Matching attributes in order of precedence.
    pub matching: Vec<Path>,
    /// Target attributes in order of their paths.
    pub attributes: Vec<CompiledAttribute>,
}

impl CompiledMapping {
    /// Attributes that tell objects apart: those the mapping matches by, and those the schema calls unique.
    pub fn identifying_paths(&self, schema: &Schema) -> Vec<&Path> {
        let is_unique = |path: &&Path| {
            schema.attribute(path).is_some_and(|attribute| attribute.uniqueness != Uniqueness::None)
        };
        let others = self.attributes.iter().map(|attribute| &attribute.path);
        let others = others.filter(|path| !self.matching.contains(path));
        self.matching.iter().chain(others.filter(is_unique)).collect()
    }
}

/// One target attribute ready to be evaluated.
pub struct CompiledAttribute {
    /// Where in the app.
    pub path: Path,
    /// What.
    pub source: CompiledSource,
    /// Used when the expression gives null.
    pub default: Option<Value>,
    /// When it is written.
    pub apply: ApplyWhen,
    /// Where it is written down.
    pub span: Span,
}

impl CompiledMapping {
    /// True if it writes roles.
    pub fn writes_roles(&self) -> bool {
        self.attributes.iter().any(|attribute| match &attribute.source {
            CompiledSource::Program(program) => program.uses_roles() != RoleUse::None,
            CompiledSource::Constant(_) => false,
        })
    }
}

impl CompiledAttribute {
    /// True if it is worked out from what must not be shown.
    pub fn is_sensitive(&self) -> bool {
        match &self.source {
            CompiledSource::Program(program) => program.is_sensitive(),
            CompiledSource::Constant(_) => false,
        }
    }
}

/// Where a compiled attribute's value comes from.
pub enum CompiledSource {
    /// An expression.
    Program(Box<Program>),
    /// A constant.
    Constant(Value),
}

impl Programs {
    /// Compiles everything and reports all that is wrong.
    pub fn compile(company: &Company, catalog: &Catalog) -> (Self, Diagnostics) {
        let types = Types::new(&company.attributes);
        let mut compiler = Compiler { types, lacking: Lacking::of(company), found: Diagnostics::new() };
        let rules = company.groups.iter().map(|group| compiler.condition(group.rule.as_ref())).collect();
        let filters = company.apps.iter().map(|app| compiler.condition(app.users.filter.as_ref())).collect();
        let definition = |app: &App| match catalog.get(&app.connector) {
            Some(definition) => definition.clone(),
            None => Arc::new(Definition::unknown(&app.connector)),
        };
        let definitions: Vec<_> = company.apps.iter().map(definition).collect();
        let mut programs = Self { rules, filters, ..Self::default() };
        for (app, definition) in company.apps.iter().zip(&definitions) {
            let target = (app, &**definition);
            compiler.mapping(company, target, Kind::User, &mut programs.users);
            if !app.groups.push.is_empty() {
                compiler.mapping(company, target, Kind::Group, &mut programs.groups);
            }
            compiler.roles_are_written(company, target, &programs);
        }
        (Self { definitions, ..programs }, compiler.found)
    }

    /// The roles of an app that the mapping writes as values, and their values.
    pub fn values_of_roles<'a>(&self, app: &'a App) -> impl Iterator<Item = (&'a Role, &'a Arc<str>)> {
        let writes = self.users.get(&app.users.mapping).is_some_and(CompiledMapping::writes_roles);
        app.roles.iter().filter(move |_| writes).filter_map(|role| Some((role, role.kind.value()?)))
    }
}

struct Compiler<'c> {
    types: Types<'c>,
    lacking: Lacking<'c>,
    found: Diagnostics,
}

impl Compiler<'_> {
    fn condition(&mut self, source: Option<&ExprSource>) -> Option<Program> {
        self.program(source?, Use::Condition)
    }

    fn program(&mut self, source: &ExprSource, usage: Use) -> Option<Program> {
        match expr::compile(source, &self.types, usage) {
            Ok(compiled) => {
                let warnings = compiled.unguarded.iter().filter_map(|read| self.lacking.warning(read));
                self.found.extend(warnings);
                Some(compiled.program)
            }
            Err(errors) => {
                self.found.extend(errors);
                None
            }
        }
    }

    /// Compiles the mapping an app names; once for all apps that share it, checked against each app's catalog.
    fn mapping(
        &mut self,
        company: &Company,
        (app, definition): (&App, &Definition),
        kind: Kind,
        into: &mut BTreeMap<MappingId, CompiledMapping>,
    ) {
        let id = match kind {
            Kind::User => &app.users.mapping,
            Kind::Group => &app.groups.mapping,
        };
        let Some(mapping) = company.mappings.get(id) else {
            return;
        };
        self.targets_exist(app, definition, kind, mapping);
        self.found.extend(documented::shared_secrets(app, definition, kind, mapping));
        if into.contains_key(id) {
            return;
        }
        let usage = if kind == Kind::User { Use::UserMapping } else { Use::GroupMapping };
        let attributes = mapping
            .attributes
            .iter()
            .filter_map(|attribute| {
                let source = match &attribute.source {
                    MappingSource::Expr(source) => {
                        CompiledSource::Program(Box::new(self.program(source, usage)?))
                    }
                    MappingSource::Constant(value) => CompiledSource::Constant(value.clone()),
                };
                Some(CompiledAttribute {
                    path: attribute.path.clone(),
                    source,
                    default: attribute.default.clone(),
                    apply: attribute.apply,
                    span: attribute.span,
                })
            })
            .collect();
        self.matching_is_mapped(mapping);
        into.insert(id.clone(), CompiledMapping { matching: mapping.matching.clone(), attributes });
    }

    /// A matching attribute that the mapping does not write could never find anybody.
    fn matching_is_mapped(&mut self, mapping: &Mapping) {
        for path in &mapping.matching {
            let written = mapping.attributes.iter().find(|attribute| attribute.path == *path);
            if written.is_none() {
                let message = format!("mapping {} matches by {path}, but does not map it", mapping.id);
                self.found.push(
                    Diagnostic::error("unmapped-match", mapping.span, message)
                        .with_hint(format!("add `{path}:` below `attributes:` or take it out of `match:`")),
                );
            }
        }
    }

    /// Targets the app's schema knows and lets us write.
    fn targets_exist(&mut self, app: &App, definition: &Definition, kind: Kind, mapping: &Mapping) {
        let schema = definition.schema(kind);
        for attribute in &mapping.attributes {
            match schema.attribute(&attribute.path) {
                Some(found) if found.mutability == Mutability::ReadOnly => {
                    let message = format!("{} is read-only in {}", attribute.path, app.id);
                    self.found.push(Diagnostic::error("read-only-target", attribute.span, message));
                }
                None if schema.must_be_known(&attribute.path) => {
                    let message =
                        format!("{} has no attribute {} for a {kind}", app.connector, attribute.path);
                    let mut finding = Diagnostic::error("unknown-target", attribute.span, message);
                    let names = schema.names();
                    let names = names.iter().map(String::as_str);
                    if let Some(hint) = did_you_mean(attribute.path.as_str(), names) {
                        finding = finding.with_hint(hint);
                    }
                    self.found.push(finding);
                }
                _ => {}
            }
        }
    }

    /// A role that is to be a value in the app goes nowhere unless the mapping uses it. A role that says no value may mean
    /// an account and nothing more, unless something counts on seeing who holds it.
    fn roles_are_written(
        &mut self,
        company: &Company,
        (app, definition): (&App, &Definition),
        programs: &Programs,
    ) {
        let Some(role) = app.roles.iter().find(|role| role.kind.value().is_some()) else {
            return;
        };
        let Some(mapping) = programs.users.get(&app.users.mapping) else {
            return;
        };
        let uses = mapping.attributes.iter().filter_map(|attribute| match &attribute.source {
            CompiledSource::Program(program) => Some((attribute, &**program, program.uses_roles())),
            CompiledSource::Constant(_) => None,
        });
        let uses: Vec<_> = uses.filter(|(.., usage)| *usage != RoleUse::None).collect();
        let needs = app.roles.iter().find_map(|role| Some((role, why_written(company, app, role)?)));
        if let (true, Some((role, (why, remove)))) = (uses.is_empty(), needs) {
            let message = format!(
                "app {} has the role {}, but its mapping {} writes no role",
                app.id, role.id, app.users.mapping
            );
            self.found.push(
                Diagnostic::error("unwritten-role", app.users.mapping_span, message)
                    .with_related(role.span, why)
                    .with_hint("map `account.role` (one) or `account.roles` (all) to the attribute that holds roles, or give the role a `group:`")
                    .with_hint(format!("if the role only means that its holders have an account, {remove}")),
            );
        }
        let mut wholes = 0;
        for (attribute, program, usage) in uses {
            wholes += usize::from(usage != RoleUse::Part);
            let (what, hint) = match usage {
                RoleUse::Part => (
                    "is worked out from roles: nobody could see a grant, or take one back",
                    "map `account.role` or `account.roles` itself, and give each role the `value:` it has in the app",
                ),
                _ if attribute.apply == ApplyWhen::Create => (
                    "holds roles and is written once only: nobody could take one back",
                    "take `apply: create` away: roles are always kept as declared",
                ),
                _ if wholes > 1 => (
                    "is a second attribute that holds roles: only one of them could be kept as declared",
                    "map `account.role` or `account.roles`, once",
                ),
                RoleUse::Whole(field) => {
                    self.found.extend(documented::roles(
                        app,
                        definition,
                        (&attribute.path, attribute.span),
                        field,
                    ));
                    continue;
                }
                RoleUse::None => continue,
            };
            let message = format!("{} of app {} {what}", attribute.path, app.id);
            self.found.push(
                Diagnostic::error("derived-role", program.roles_span(), message)
                    .with_related(role.span, "this role is kept as a value")
                    .with_hint(hint),
            );
        }
    }
}

/// Why the app has to hold a role as a value, and how to give that up; `None` if it need not.
fn why_written(company: &Company, app: &App, role: &Role) -> Option<(&'static str, &'static str)> {
    let in_policy = || {
        company.policies.iter().any(|policy| {
            let PolicyRule::Conflict(roles) = &policy.rule;
            roles.iter().any(|named| named.app == app.id && named.role == role.id)
        })
    };
    match &role.kind {
        RoleKind::Group(_) => None,
        RoleKind::Value(_) => Some(("this role is kept as a value", "remove its `value`")),
        RoleKind::Id(_) if role.privileged => {
            Some(("a privileged role has to be seen in the app", "remove `privileged`"))
        }
        RoleKind::Id(_) if app.guard.min_members.contains_key(&role.id) => {
            Some(("`min_members` counts its holders in the app", "take it out of `min_members`"))
        }
        RoleKind::Id(_) if in_policy() => {
            Some(("a role that a policy names has to be seen in the app", "take it out of the policy"))
        }
        RoleKind::Id(_) => None,
    }
}
