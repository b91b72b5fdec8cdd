//! The connectors of this version: those that are code, and the documents and presets that come with the program.

use std::sync::{Arc, OnceLock};

use include_dir::Dir;

use crate::catalog::rest::Document;
use crate::catalog::{Catalog, Definition};
use crate::model::span::SourceFile;

use super::cursor::Cursor;
use super::node::node;
use super::parse::parse;
use super::typed::preset;

/// A folder for each connector: its document or preset, and its default mappings.
static DOCUMENTS: Dir<'static> = include_dir::include_dir!("$CARGO_MANIFEST_DIR/src/catalog/documents");

/// The connectors that every tree may name.
pub fn catalog() -> Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    let made = || {
        let shipped = shipped().into_iter().filter_map(|(_, definition)| definition.ok());
        Catalog::built_in().with(shipped)
    };
    CATALOG.get_or_init(made).clone()
}

/// Each document and preset that comes with the program, by the name of its folder; the error says what is wrong with it.
pub fn shipped() -> Vec<(String, Result<Definition, String>)> {
    let mut folders: Vec<_> = DOCUMENTS.dirs().collect();
    folders.sort_by_key(|folder| folder.path());
    let read = |folder: &&Dir<'static>| {
        let name = folder.path().to_string_lossy().into_owned();
        let definition = definition(&name, folder);
        (name, definition)
    };
    folders.iter().map(read).collect()
}

fn definition(name: &str, folder: &Dir<'static>) -> Result<Definition, String> {
    let text = |file: &str| {
        let path = folder.path().join(file);
        let file = folder.get_file(&path).and_then(|file| file.contents_utf8());
        file.ok_or_else(|| format!("there is no {}", path.display()))
    };
    let (document, mappings) = (text("connector.yaml")?, text("mappings.yaml")?);
    let file = SourceFile::built_in("connector.yaml", document.to_owned());
    let parsed = parse(0, &file, None);
    if let Some(finding) = parsed.found.first() {
        return Err(finding.message.clone());
    }
    let view = parsed.arena.view(0, &file.text);
    let root = Cursor::root(&view).ok_or("it is empty")?;
    let section = |section: &str| root.get(section).and_then(|all| all.get(name));
    let read = match (section("connectors"), section("presets")) {
        (Some(of), None) => Document::read(name, &node(of)).map(|read| Arc::new(read).definition()),
        (None, Some(of)) => {
            let mut found = Vec::new();
            let made = preset::definition(name, of, &Catalog::built_in(), &mut found);
            made.map(|(definition, _)| definition).ok_or(found)
        }
        _ => return Err(format!("it does not describe {name}")),
    };
    let read =
        read.map_err(|found| found.iter().map(|one| one.message.clone()).collect::<Vec<_>>().join("; "))?;
    Ok(Definition { mappings: mappings.into(), text: Some(document.into()), ..read })
}
