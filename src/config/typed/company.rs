//! From parsed files to the company: names first, then everything that refers to them.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use rayon::prelude::*;

use crate::catalog::Catalog;
use crate::config::arena::View;
use crate::config::cursor::Cursor;
use crate::config::merged::Merged;
use crate::config::names::{Declared, Names};
use crate::config::parse::{self, Parsed};
use crate::config::world::{SettingsCheck, World, Written};
use crate::model::app::App;
use crate::model::company::{AttributeDecl, Mapping, Policy, Settings};
use crate::model::id::{MappingId, UserNo};
use crate::model::invisible::InvisibleText;
use crate::model::{Company, Diagnostic, FileSet, Group, User};

use super::reader::Reader;
use super::tree::Tree;
use super::{
    app, app_checks, assignment, attribute, connectors, cycle, group, mapping, policy, power, previously,
    required, settings, unique, user,
};

/// Types everything. The first `own` files are the tree's, the rest is built in. The catalog has the connectors of the tree
/// besides those of `catalog`.
pub(in crate::config) fn build(
    files: &FileSet,
    mut parsed: Vec<Parsed>,
    own: usize,
    catalog: &Catalog,
    found: &mut Vec<Diagnostic>,
) -> (Company, Catalog) {
    for parsed in &mut parsed {
        found.append(&mut parsed.found);
    }
    let mut typed = Vec::new();
    let (company, catalog) = {
        let views: Vec<View<'_>> = files
            .iter()
            .zip(&parsed)
            .map(|((number, file), parsed)| parsed.arena.view(number, &file.text))
            .collect();
        let tree = Tree::new(files, &views, &parsed, own);
        let (catalog, own) = connectors::read(&tree, catalog, &mut typed);
        (type_all(&tree, &catalog, own, &mut typed), catalog)
    };
    typed.retain(|diagnostic| {
        let ranges = diagnostic.span.and_then(|span| parsed.get(span.file as usize));
        !ranges.is_some_and(|parsed| parse::inside(diagnostic, &parsed.refused))
    });
    found.append(&mut typed);
    drop_in_background(parsed);
    (company, catalog)
}

/// Arenas of a large tree take a while to give back.
fn drop_in_background(parsed: Vec<Parsed>) {
    rayon::spawn(move || drop(parsed));
}

fn type_all<'a>(
    tree: &'a Tree<'a>,
    catalog: &'a Catalog,
    own_connectors: [Names<'a>; 2],
    found: &mut Vec<Diagnostic>,
) -> Company {
    let mut world = names(tree, catalog, own_connectors, found);
    world.mapped_by = mapping::connectors(&world.apps, app_defaults(tree.settings), catalog);
    let mut invisible = Vec::new();
    world.attributes = declarations(tree, &world, &mut invisible, found);
    let settings = settings(tree, &world, found);
    let users = users(&world, &mut invisible, found);
    let groups = groups(&world, found);
    let mappings = mappings(&world, found);
    let apps = apps(tree, &world, &settings, &groups, &mappings, found);
    let policies = policies(tree, &world, &apps, found);
    Company {
        settings,
        users_per_file: users_per_file(tree.files, &world),
        attributes: world.attributes,
        users,
        groups,
        apps,
        mappings,
        policies,
        invisible,
    }
}

fn names<'a>(
    tree: &Tree<'a>,
    catalog: &'a Catalog,
    own_connectors: [Names<'a>; 2],
    found: &mut Vec<Diagnostic>,
) -> World<'a> {
    let world = World {
        users: Names::collect(tree.own(), "users", "user", found),
        groups: Names::collect(tree.own(), "groups", "group", found),
        apps: Names::collect(tree.own(), "apps", "app", found),
        mappings: Names::collect_with(&tree.roots, "mappings", "mapping", tree.first_built_in, found),
        first_built_in: tree.first_built_in,
        attributes: Vec::new(),
        zone: settings::zone(tree.settings, found),
        attributes_hidden: matches!(tree.section("attributes"), Written::Hidden),
        secrets: tree.section("secrets"),
        hidden: tree.hidden.clone(),
        catalog,
        own_connectors,
        mapped_by: HashMap::new(),
        settings: checks(catalog, found),
        near_left: AtomicUsize::new(100),
    };
    for (what, names) in [("user", &world.users), ("group", &world.groups), ("app", &world.apps)] {
        let things = names.all().iter().map(|declared| (declared.id, declared.value));
        previously::check(what, things, |id| names.place(id), found);
    }
    for app in world.apps.all() {
        let Some(roles) = app.value.get("roles") else {
            continue;
        };
        let things = roles.entries().map(|(key, value)| (key.text(), value));
        let place = |id: &str| roles.entry(id).map(|(key, _)| key.span());
        previously::check("role", things, place, found);
    }
    world
}

fn checks<'a>(catalog: &'a Catalog, found: &mut Vec<Diagnostic>) -> HashMap<&'a str, SettingsCheck> {
    let mut checks = HashMap::new();
    for connector in catalog.connectors() {
        match SettingsCheck::new(&connector.settings_schema) {
            Ok(check) => {
                checks.insert(&*connector.name, check);
            }
            Err(why) => found.push(Diagnostic::error(
                "internal",
                None,
                format!("the settings schema of the connector `{}` is not usable: {why}", connector.name),
            )),
        }
    }
    checks
}

fn declarations<'a>(
    tree: &Tree<'a>,
    world: &World<'a>,
    invisible: &mut Vec<InvisibleText>,
    found: &mut Vec<Diagnostic>,
) -> Vec<AttributeDecl> {
    let mut reader = Reader::new(world);
    let declarations = match tree.settings {
        Some(root) => attribute::declarations(&mut reader, &Merged::from(root), invisible),
        None => Vec::new(),
    };
    found.append(&mut reader.found);
    declarations
}

fn settings<'a>(tree: &Tree<'a>, world: &World<'a>, found: &mut Vec<Diagnostic>) -> Settings {
    let Some(root) = tree.settings else {
        return Settings::default();
    };
    let mut reader = Reader::new(world);
    let settings = settings::read(&mut reader, &Merged::from(root));
    found.append(&mut reader.found);
    settings
}

/// Reads many things of one kind in parallel, in order; each thing beside what only later checks need.
fn read_both<'a, T: Send, U: Send>(
    world: &World<'a>,
    names: &Names<'a>,
    found: &mut Vec<Diagnostic>,
    read: impl Fn(&mut Reader<'_, 'a>, Declared<'a>) -> (T, U) + Sync,
) -> (Vec<T>, Vec<U>) {
    // Things go to their place at once: a second copy of 100,000 users would be felt.
    let (things, rest): (Vec<T>, Vec<(U, Vec<Diagnostic>)>) = names
        .all()
        .par_iter()
        .with_min_len(64)
        .map(|declared| {
            let mut reader = Reader::new(world);
            let (thing, rest) = read(&mut reader, *declared);
            (thing, (rest, reader.found))
        })
        .unzip();
    let rest = rest
        .into_iter()
        .map(|(rest, mut diagnostics)| {
            found.append(&mut diagnostics);
            rest
        })
        .collect();
    (things, rest)
}

/// The same without the rest.
fn read_all<'a, T: Send>(
    world: &World<'a>,
    names: &Names<'a>,
    found: &mut Vec<Diagnostic>,
    read: impl Fn(&mut Reader<'_, 'a>, Declared<'a>) -> T + Sync,
) -> Vec<T> {
    read_both(world, names, found, |reader, declared| (read(reader, declared), ())).0
}

fn users(world: &World<'_>, invisible: &mut Vec<InvisibleText>, found: &mut Vec<Diagnostic>) -> Vec<User> {
    let (users, rest): (_, Vec<_>) = read_both(world, &world.users, found, |reader, declared| {
        let typed = user::read(reader, declared);
        (typed.user, (typed.unique, typed.invisible))
    });
    let (unique, texts): (Vec<_>, Vec<_>) = rest.into_iter().unzip();
    for (number, texts) in texts.into_iter().enumerate() {
        let user = Some(UserNo::from(number));
        invisible.extend(texts.into_iter().map(|text| InvisibleText { user, ..text }));
    }
    unique::check(&world.attributes, unique, found);
    users
}

fn groups(world: &World<'_>, found: &mut Vec<Diagnostic>) -> Vec<Group> {
    let groups = read_all(world, &world.groups, found, group::read);
    cycle::check(&groups, found);
    groups
}

fn mappings(world: &World<'_>, found: &mut Vec<Diagnostic>) -> BTreeMap<MappingId, Mapping> {
    let mappings = read_all(world, &world.mappings, found, mapping::read);
    mappings.into_iter().map(|mapping| (mapping.id.clone(), mapping)).collect()
}

fn apps<'a>(
    tree: &Tree<'a>,
    world: &World<'a>,
    settings: &Settings,
    groups: &[Group],
    mappings: &BTreeMap<MappingId, Mapping>,
    found: &mut Vec<Diagnostic>,
) -> Vec<App> {
    let defaults = app_defaults(tree.settings);
    if let Some(defaults) = defaults {
        app_checks::defaults(defaults, found);
    }
    let typed = read_all(world, &world.apps, found, |reader, declared| {
        let of = Merged::over(declared.value, defaults);
        app::read(reader, declared, of, &settings.secrets)
    });
    app_checks::endpoints(&typed, world.catalog, found);
    let typed = typed.into_iter().map(|mut typed| {
        power::mark(&mut typed, world.catalog, mappings, found);
        typed.app
    });
    let mut apps: Vec<App> = typed.collect();
    for app in &apps {
        app_checks::remote_groups(app, world.catalog, groups, mappings, found);
        required::check(app, world.catalog, mappings, found);
    }
    assign(tree, world, &mut apps, found);
    apps
}

/// `defaults: {apps: …}` of rolecall.yaml.
pub fn app_defaults(root: Option<Cursor<'_>>) -> Option<Cursor<'_>> {
    root.and_then(|root| root.get("defaults")).and_then(|defaults| defaults.get("apps"))
}

fn assign<'a>(tree: &Tree<'a>, world: &World<'a>, apps: &mut [App], found: &mut Vec<Diagnostic>) {
    let nodes: Vec<Cursor<'a>> = tree
        .own()
        .iter()
        .filter_map(|root| root.get("assignments"))
        .flat_map(|section| section.items())
        .collect();
    let read: Vec<_> = {
        let apps = &*apps;
        nodes
            .into_par_iter()
            .map(|node| {
                let mut reader = Reader::new(world);
                let assignments = assignment::read(&mut reader, node, apps);
                (assignments, reader.found)
            })
            .collect()
    };
    for (assignments, mut diagnostics) in read {
        found.append(&mut diagnostics);
        for (app, assignment) in assignments {
            apps[app].assignments.push(assignment);
        }
    }
}

fn policies<'a>(
    tree: &Tree<'a>,
    world: &World<'a>,
    apps: &[App],
    found: &mut Vec<Diagnostic>,
) -> Vec<Policy> {
    let names = Names::collect(tree.own(), "policies", "policy", found);
    read_all(world, &names, found, |reader, declared| policy::read(reader, declared, apps))
}

fn users_per_file(files: &FileSet, world: &World<'_>) -> BTreeMap<Arc<str>, u64> {
    let mut counts: BTreeMap<u32, u64> = BTreeMap::new();
    for declared in world.users.all() {
        *counts.entry(declared.key.span().file).or_default() += 1;
    }
    counts.into_iter().filter_map(|(number, count)| Some((files.get(number)?.name.clone(), count))).collect()
}
