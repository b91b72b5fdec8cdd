//! Connectors of the tree: documents that describe the interface of an app, and presets of other connectors.

use std::sync::Arc;

use crate::catalog::rest::Document;
use crate::catalog::{Catalog, Definition};
use crate::config::names::{Declared, Names};
use crate::config::node::node;
use crate::model::Diagnostic;

use super::preset;
use super::tree::Tree;

/// The connectors that the apps of the tree may name: the built-in ones, and those below `connectors:` and `presets:`.
pub fn read(tree: &Tree<'_>, built_in: &Catalog, found: &mut Vec<Diagnostic>) -> Catalog {
    let names = |section, kind, found: &mut _| {
        Names::collect_with(&tree.roots, section, kind, tree.first_built_in, found)
    };
    let documents = names("connectors", "connector", found);
    let presets = names("presets", "preset", found);
    let has_mapping = |name: &str| {
        tree.roots.iter().filter_map(|root| root.get("mappings")).any(|all| all.get(name).is_some())
    };
    let mut own: Vec<Definition> = Vec::new();
    for declared in documents.all() {
        if is_free(declared, built_in, found) {
            own.extend(document(declared, found));
        }
    }
    for declared in presets.all() {
        if !is_free(declared, built_in, found) {
            continue;
        }
        if let Some(first) = documents.place(declared.id) {
            let message = format!("`{}` is a connector and a preset", declared.id);
            let finding = Diagnostic::error("duplicate", declared.key.span(), message);
            found.push(finding.with_related(first, "the connector").with_hint("rename one of the two"));
            continue;
        }
        own.extend(
            preset::definition(declared.id, declared.value, built_in, found)
                .map(|(definition, base)| preset::with_mappings(definition, &base, has_mapping)),
        );
    }
    built_in.with(own)
}

/// True unless the name is one of those that come with the program.
fn is_free(declared: &Declared<'_>, built_in: &Catalog, found: &mut Vec<Diagnostic>) -> bool {
    let is_taken = built_in.get(declared.id).is_some();
    if is_taken {
        let message = format!("the connector `{}` is built in", declared.id);
        found.push(
            Diagnostic::error("duplicate", declared.key.span(), message)
                .with_hint("choose another name, and write it where apps name their connector"),
        );
    }
    !is_taken
}

fn document(declared: &Declared<'_>, found: &mut Vec<Diagnostic>) -> Option<Definition> {
    match Document::read(declared.id, &node(declared.value)) {
        Ok(document) => Some(Arc::new(document).definition()),
        Err(mut wrong) => {
            found.append(&mut wrong);
            None
        }
    }
}
