//! Mappings.

use std::collections::HashMap;

use crate::catalog::{Catalog, Definition, declared_attributes_read};
use crate::config::arena::Kind;
use crate::config::cursor::Cursor;
use crate::config::expr_source::expr_source;
use crate::config::merged::{Field, Merged};
use crate::config::names::{Declared, Names};
use crate::config::world::World;
use crate::model::company::{ApplyWhen, AttributeMapping, Mapping, MappingSource};
use crate::model::id::MappingId;
use crate::model::similar::did_you_mean;
use crate::model::{Diagnostic, Kind as ObjectKind, Path, Span};

use super::reader::Reader;
use super::settings::constant;

/// The connectors of the apps that use a mapping, by mapping.
pub fn connectors<'a>(
    apps: &Names<'a>,
    defaults: Option<Cursor<'a>>,
    catalog: &'a Catalog,
) -> HashMap<&'a str, Vec<&'a Definition>> {
    let mut found: HashMap<&str, Vec<&Definition>> = HashMap::new();
    for app in apps.all() {
        let of = Merged::over(app.value, defaults);
        let connector = of.get("connector").and_then(|field| catalog.get(field.value.node.text()));
        let Some(connector) = connector else { continue };
        for (section, kind) in [("users", ObjectKind::User), ("groups", ObjectKind::Group)] {
            let named = of.get(section).and_then(|section| section.value.get("mapping"));
            let mapping = named.map_or(&**connector.mapping(kind), |field| field.value.node.text());
            found.entry(mapping).or_default().push(connector);
        }
    }
    found
}

/// The attribute that says whether an account is active, if it is this one, in the apps that use the mapping; of a
/// mapping that no app uses, in any app there could be.
fn activity<'a>(world: &World<'a>, mapping: &str, path: &Path) -> Option<&'a Path> {
    let known: Vec<&Definition> = match world.mapped_by.get(mapping) {
        Some(connectors) => connectors.clone(),
        None => world.catalog.connectors().map(|connector| &**connector).collect(),
    };
    let mut activities = known.into_iter().filter_map(|connector| connector.users.activity.as_ref());
    activities.find(|activity| *activity == path)
}

const APPLY: [(&str, ApplyWhen); 2] = [("always", ApplyWhen::Always), ("create", ApplyWhen::Create)];

/// Reads one mapping.
pub fn read<'a>(reader: &mut Reader<'_, 'a>, declared: Declared<'a>) -> Mapping {
    let of = Merged::from(declared.value);
    let mut attributes: Vec<AttributeMapping> = Vec::new();
    for field in reader.map(&of, "attributes") {
        if lacks_its_source(reader.world, &field) {
            continue;
        }
        let Some(attribute) = attribute(reader, declared.id, field) else {
            continue;
        };
        if let Some(first) = attributes.iter().find(|other| other.path == attribute.path) {
            reader.found.push(
                Diagnostic::error(
                    "path-twice",
                    attribute.span,
                    format!("`{}` is mapped twice", attribute.path),
                )
                .with_related(first.span, "first here")
                .with_hint("keep one of the two; upper and lower case, and the URN of a core schema, make no difference"),
            );
            continue;
        }
        attributes.push(attribute);
    }
    attributes.sort_by(|a, b| a.path.cmp(&b.path));
    Mapping {
        id: MappingId::new(declared.id),
        matching: matching(reader, &of, &attributes),
        attributes,
        span: declared.key.span(),
    }
}

/// True for a line of a mapping that comes with the program, if it reads an attribute that the tree does not declare.
fn lacks_its_source(world: &World<'_>, field: &Field<'_>) -> bool {
    if field.key.span().file < world.first_built_in {
        return false;
    }
    let of = &field.value;
    let source = if of.node.is_map() { of.get("expr").map(|expr| expr.value.node) } else { Some(of.node) };
    let text = source.map(|source| source.text()).unwrap_or_default();
    let is_declared = |name: &str| world.attributes.iter().any(|declared| &*declared.name == name);
    declared_attributes_read(text).any(|name| !is_declared(name))
}

fn matching<'a>(reader: &mut Reader<'_, 'a>, of: &Merged<'a>, attributes: &[AttributeMapping]) -> Vec<Path> {
    let nodes = reader.list(of, "match");
    let mut paths = Vec::new();
    for node in nodes {
        let Some(path) = path(reader, node) else { continue };
        // A broken entry below `attributes` is reported there and may be the one.
        let written = of.get("attributes").is_some_and(|field| {
            let mut keys = field.value.node.entries().map(|(key, _)| key.text());
            keys.any(|key| Path::parse(key).is_ok_and(|other| other == path))
        });
        if !written {
            let names = attributes.iter().map(|attribute| attribute.path.as_str());
            let diagnostic = Diagnostic::error(
                "match-unmapped",
                node.span(),
                format!("the matching attribute `{path}` is not mapped"),
            );
            let hint = did_you_mean(path.as_str(), names)
                .unwrap_or_else(|| format!("add it below `attributes:`, such as `{path}: user.email`"));
            reader.found.push(diagnostic.with_hint(hint));
        }
        paths.push(path);
    }
    paths
}

/// A target path; an error points into the text.
fn path<'a>(reader: &mut Reader<'_, 'a>, node: Cursor<'a>) -> Option<Path> {
    let text = node.text();
    match Path::parse(text) {
        Ok(path) => Some(path),
        Err(error) => {
            let mut span = node.span();
            if node.kind() == Kind::Str {
                let at = (span.start + error.at as u32).min(span.end);
                let next =
                    text.get(error.at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
                span = Span::new(span.file, at, at + next as u32);
            }
            let finding = Diagnostic::error("target-path", span, not_a_path(text)).with_label(error.message);
            reader.found.push(match reader.world.catalog.connectors().next() {
                Some(connector) => finding.with_hint(format!("such as {}", connector.example_targets)),
                None => finding,
            });
            None
        }
    }
}

fn attribute<'a>(reader: &mut Reader<'_, 'a>, mapping: &str, field: Field<'a>) -> Option<AttributeMapping> {
    let Field { key, value: of } = field;
    let path = path(reader, key)?;
    if let Some(activity) = activity(reader.world, mapping, &path) {
        reader.found.push(
            Diagnostic::error("active-mapped", key.span(), format!("`{activity}` cannot be mapped"))
                .with_hint("remove it: rolecall turns accounts on and off by status, dates and assignments"),
        );
        return None;
    }
    let span = key.span();
    if !of.node.is_map() {
        reader.str(of.node)?;
        return Some(AttributeMapping {
            path,
            source: MappingSource::Expr(expr_source(of.node)),
            default: None,
            apply: ApplyWhen::Always,
            span,
        });
    }
    let (expr, value, default) = (of.get("expr"), of.get("value"), of.get("default"));
    let source = match (expr, value) {
        (Some(_), None) => MappingSource::Expr(reader.expression(&of, "expr")?),
        (None, Some(value)) => MappingSource::Constant(constant(value.value.node)),
        (None, None) if reader.has_other_keys(&of, &["expr", "value", "default", "apply"]) => return None,
        (expr, _) => {
            let (message, hint) = match expr {
                Some(_) => ("`expr` and `value` cannot both give the value", "remove one of the two"),
                None => ("nothing gives the value", "add `expr:` or `value:`"),
            };
            reader.found.push(
                Diagnostic::error("mapping-source", span, format!("`{path}`: {message}")).with_hint(hint),
            );
            return None;
        }
    };
    if let (Some(default), MappingSource::Constant(_)) = (default, &source) {
        reader.found.push(
            Diagnostic::error(
                "mapping-source",
                default.key.span(),
                format!("`{path}`: a constant needs no default"),
            )
            .with_hint("remove `default`"),
        );
    }
    Some(AttributeMapping {
        path,
        source,
        default: default.map(|field| constant(field.value.node)),
        apply: reader.word(&of, "apply", &APPLY),
        span,
    })
}

fn not_a_path(text: &str) -> String {
    match text {
        "" => "an empty text is not a target attribute".to_owned(),
        text => format!("`{text}` is not a target attribute"),
    }
}
