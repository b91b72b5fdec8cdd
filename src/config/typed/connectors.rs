//! Connectors of the tree: documents that describe the interface of an app.

use std::sync::Arc;

use crate::catalog::rest::Document;
use crate::catalog::{Catalog, Definition};
use crate::config::names::{Declared, Names};
use crate::config::node::node;
use crate::model::Diagnostic;

use super::tree::Tree;

/// The connectors that the apps of the tree may name: the built-in ones, and those below `connectors:`.
pub fn read(tree: &Tree<'_>, built_in: &Catalog, found: &mut Vec<Diagnostic>) -> Catalog {
    let names = Names::collect_with(&tree.roots, "connectors", "connector", tree.first_built_in, found);
    let own: Vec<Definition> =
        names.all().iter().filter_map(|declared| definition(declared, built_in, found)).collect();
    built_in.with(own)
}

fn definition(
    declared: &Declared<'_>,
    built_in: &Catalog,
    found: &mut Vec<Diagnostic>,
) -> Option<Definition> {
    let (id, key) = (declared.id, declared.key.span());
    if built_in.get(id).is_some() {
        found.push(
            Diagnostic::error("duplicate", key, format!("the connector `{id}` is built in"))
                .with_hint("choose another name, and write it where apps name their connector"),
        );
        return None;
    }
    match Document::read(id, &node(declared.value)) {
        Ok(document) => Some(Arc::new(document).definition()),
        Err(mut wrong) => {
            found.append(&mut wrong);
            None
        }
    }
}
