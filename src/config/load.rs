//! From a source to a company: the recipe.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::catalog::Catalog;
use crate::model::diagnostic::Diagnostics;
use crate::model::span::SourceFile;
use crate::model::{Diagnostic, FileSet};

use super::arena;
use super::cursor::Cursor;
use super::include::{Include, ROOT_FILE};
use super::loaded::{Inputs, Loaded};
use super::parse::{self, Parsed};
use super::root;
use super::schema;
use super::source::Source;
use super::source::file::{Problem, RawFile, State};
use super::typed::company;

/// Loads a tree:
///
/// 1. rolecall.yaml says which program it needs; if this program does not fit, that is the only finding;
/// 2. it says which files there are;
/// 3. each file is parsed and validated, in parallel;
/// 4. names are collected, references resolved, values typed;
/// 5. the arenas are dropped, the texts kept for messages.
///
/// Findings are collected; a file with a syntax error does not stop the others.
pub fn load(source: &Source, catalog: &Catalog) -> Loaded {
    // The schema compiles in the background while the files are looked for.
    rayon::spawn(schema::prepare);
    let mut found = Vec::new();
    let include = match first_look(source, &mut found) {
        Ok(include) => include,
        Err(stopped) => return *stopped,
    };
    let raw = match source.files(&include) {
        Ok(raw) => raw,
        Err(error) => return failed(*error),
    };
    let inputs = inputs(source, &include, &raw, &mut found);
    let (mut files, problems) = file_set(raw, catalog);
    files.set_root(source.root());
    let own = inputs.files.len();
    let parsed: Vec<Parsed> = files
        .iter()
        .collect::<Vec<_>>()
        .into_par_iter()
        .map(|(number, file)| parse::parse(number, file, problems.get(&number)))
        .collect();
    let (company, catalog) = company::build(&files, parsed, own, catalog, &mut found);
    let mut diagnostics = Diagnostics::new();
    diagnostics.extend(found);
    Loaded { files, company: Some(company), catalog, diagnostics, inputs }
}

/// True if both are commits with the same files. If rolecall.yaml is the same, so is `include:`.
pub fn is_same(one: &Source, other: &Source) -> bool {
    match first_look(one, &mut Vec::new()) {
        Ok(include) => one.has_files_of(other, &include),
        Err(_) => false,
    }
}

/// The files of the tree that differ from the last commit, sorted; also of a tree with errors. Of a rolecall.yaml that cannot
/// be used this one name.
///
/// # Errors
/// git refuses.
pub fn changed(source: &Source) -> Result<Vec<String>, Box<Diagnostic>> {
    let Ok(include) = first_look(source, &mut Vec::new()) else {
        return Ok(vec![ROOT_FILE.to_owned()]);
    };
    Ok(source.state(&include)?.changed)
}

/// A result with this one finding.
fn failed(diagnostic: Diagnostic) -> Loaded {
    let mut diagnostics = Diagnostics::new();
    diagnostics.push(diagnostic);
    let catalog = Catalog::default();
    Loaded { files: FileSet::new(), company: None, catalog, diagnostics, inputs: Inputs::default() }
}

/// Steps 1 and 2.
fn first_look(source: &Source, found: &mut Vec<Diagnostic>) -> Result<Include, Box<Loaded>> {
    let raw = source.root_file().map_err(|error| Box::new(failed(*error)))?;
    let standard = || Include::new(super::include::DEFAULT);
    let text = raw.text;
    // Findings of this look are repeated, with the right file number, when the file is parsed with all others.
    let arena = match raw.problem {
        None => arena::build(0, &text, &mut Vec::new()),
        Some(_) => None,
    };
    let view = arena.as_ref().map(|arena| arena.view(0, &text));
    let node = view.as_ref().and_then(Cursor::root);
    let stop = |diagnostic: Diagnostic, text: String| {
        let mut files = FileSet::new();
        files.set_root(source.root());
        files.add(SourceFile::new(ROOT_FILE, text));
        Box::new(Loaded { files, ..failed(diagnostic) })
    };
    if let Some(diagnostic) = node.and_then(root::usable) {
        return Err(stop(diagnostic, text));
    }
    let mut broken = Vec::new();
    let include = root::includes(node, &mut broken);
    if let Some(diagnostic) = broken.pop() {
        return Err(stop(diagnostic, text));
    }
    match include.map_or_else(standard, Ok) {
        Ok(include) => Ok(include),
        Err((_, why)) => {
            found.push(Diagnostic::error("include", None, why.clone()));
            Err(Box::new(failed(Diagnostic::error("include", None, why))))
        }
    }
}

/// All files with their numbers, built-in ones last, and what is wrong with some as files.
fn file_set(raw: Vec<RawFile>, catalog: &Catalog) -> (FileSet, BTreeMap<u32, Problem>) {
    let mut files = FileSet::new();
    let mut problems = BTreeMap::new();
    for file in raw {
        let number = files.add(SourceFile::new(file.name, file.text));
        problems.extend(file.problem.map(|problem| (number, problem)));
    }
    for connector in catalog.connectors() {
        let name = format!("{}.yaml", connector.name);
        files.add(SourceFile::built_in(&name, connector.mappings.to_string()));
    }
    (files, problems)
}

fn inputs(source: &Source, include: &Include, raw: &[RawFile], found: &mut Vec<Diagnostic>) -> Inputs {
    let state = match source.state(include) {
        Ok(state) => state,
        Err(error) => {
            found.push(*error);
            State::default()
        }
    };
    let mut hasher = blake3::Hasher::new();
    for file in raw {
        for part in [&file.name, &file.text] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
    }
    Inputs {
        tree_hash: hasher.finalize().to_hex().to_string(),
        dirty: state.commit.is_none() || !state.changed.is_empty(),
        commit: state.commit,
        branch: state.branch,
        changed: state.changed,
        files: raw.iter().map(|file| Arc::from(file.name.as_str())).collect(),
    }
}
