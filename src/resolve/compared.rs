//! Invisible characters, in texts that something compares: a person would silently be outside a rule, or get a second
//! account (safety.md 22).

use std::collections::BTreeMap;

use super::programs::{CompiledAttribute, CompiledSource, Programs};
use crate::catalog::Uniqueness;
use crate::expr::{AccountFacts, Facts, Program};
use crate::model::company::Company;
use crate::model::invisible::{Invisible, InvisibleText, Joiners};
use crate::model::name::PersonName;
use crate::model::{App, Diagnostic, Span, UserNo, Value, Want};

/// What compares an attribute, in words, and where that is written.
type Comparer = (Span, String);

/// The errors about invisible characters in texts that a rule, a filter, or a matching or unique attribute of an app
/// compares.
pub fn invisible_texts(company: &Company, programs: &Programs) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut conditions: BTreeMap<&str, Comparer> = BTreeMap::new();
    for (program, name) in conditions_of(company, programs) {
        found.extend(in_source(program, &name));
        for attribute in program.attributes().iter().filter(|attribute| attribute.compared) {
            let field = attribute.name.trim_start_matches("manager.");
            conditions.entry(field).or_insert_with(|| (program.source().span, format!("{name} compares it")));
        }
    }
    if company.invisible.is_empty() {
        return found;
    }
    let identifying: Vec<_> =
        company.apps.iter().enumerate().flat_map(|app| identifying(programs, app)).collect();
    for text in &company.invisible {
        let field = &*text.field;
        let names = read_as(company, text);
        let of_account = || {
            let mut reading = identifying.iter().filter(|reading| reads(reading.program, &names));
            let reading = reading.find(|reading| keeps(company, reading.program, text))?;
            let (app, path) = (&reading.app.id, &reading.attribute.path);
            Some((
                reading.attribute.span,
                format!("{path} of app {app} is made from it, and tells accounts apart"),
            ))
        };
        let of_condition = names.iter().find_map(|name| conditions.get(name)).cloned();
        if let Some((span, words)) = of_condition.or_else(of_account) {
            let whose = match text.user {
                Some(user) => format!("`{field}` of {}", company.users[user.index()].id),
                None => format!("a value that `{field}` may have"),
            };
            found.push(text.invisible.error(text.span, &whose).with_related(span, words));
        }
    }
    found
}

/// Every rule and filter, and how to speak of it.
fn conditions_of<'p>(company: &Company, programs: &'p Programs) -> Vec<(&'p Program, String)> {
    let rules = company.groups.iter().zip(&programs.rules);
    let rules =
        rules.filter_map(|(group, rule)| Some((rule.as_ref()?, format!("the rule of group {}", group.id))));
    let filters = company.apps.iter().zip(&programs.filters);
    let filters =
        filters.filter_map(|(app, filter)| Some((filter.as_ref()?, format!("the filter of app {}", app.id))));
    rules.chain(filters).collect()
}

/// A text in a condition is compared with texts that hold no such character, so it would equal none of them.
fn in_source(program: &Program, name: &str) -> Option<Diagnostic> {
    let source = program.source();
    let invisible = Invisible::in_expression(&source.text)?;
    let at = invisible.at as u32;
    let span = source.span_of(at, at + invisible.character.len_utf8() as u32);
    let escape =
        format!("if it is meant, write the escape: a backslash and u{:04x}", u32::from(invisible.character));
    Some(invisible.error(span, name).with_hint(escape))
}

/// An attribute that tells the accounts of an app apart.
struct Identifying<'p> {
    app: &'p App,
    attribute: &'p CompiledAttribute,
    program: &'p Program,
}

fn identifying<'p>(programs: &'p Programs, (number, app): (usize, &'p App)) -> Vec<Identifying<'p>> {
    let Some(mapping) = programs.users.get(&app.users.mapping) else {
        return Vec::new();
    };
    let tells_apart = |attribute: &&CompiledAttribute| {
        let schema = programs.definitions.get(number).and_then(|of| of.users.attribute(&attribute.path));
        let unique = schema.is_some_and(|schema| schema.uniqueness != Uniqueness::None);
        unique || mapping.matching.contains(&attribute.path)
    };
    let of = mapping.attributes.iter().filter(tells_apart).filter_map(|attribute| match &attribute.source {
        CompiledSource::Program(program) => Some(Identifying { app, attribute, program }),
        CompiledSource::Constant(_) => None,
    });
    of.collect()
}

/// The names under which expressions read a text: a part of a name also stands in a display name that is made of parts.
fn read_as<'t>(company: &Company, text: &'t InvisibleText) -> Vec<&'t str> {
    let name = text.user.map(|user| &company.users[user.index()].name);
    let is_part = matches!(&*text.field, "name.given" | "name.family");
    let display = (is_part && name.is_some_and(PersonName::is_made_from_parts)).then_some("name.display");
    std::iter::once(&*text.field).chain(display).collect()
}

fn reads(program: &Program, names: &[&str]) -> bool {
    program.attributes().iter().any(|attribute| names.contains(&&*attribute.name))
}

/// True if the character is still in the value: a mapping may trim it.
fn keeps(company: &Company, program: &Program, text: &InvisibleText) -> bool {
    let Some(user) = text.user else {
        return true;
    };
    let joiners = if text.field.starts_with("name.") { Joiners::BetweenLetters } else { Joiners::Nowhere };
    let held = |value: &Value| value.as_str().is_some_and(|value| Invisible::find(value, joiners).is_some());
    match want(company, program, user) {
        Some(Want::Is(Value::List(values))) => values.iter().any(held),
        Some(Want::Is(value)) => held(&value),
        _ => false,
    }
}

fn want(company: &Company, program: &Program, user: UserNo) -> Option<Want> {
    let account = AccountFacts { role: None, roles: &[] };
    program.want(&Facts::user(company, user).with_account(account)).ok()
}
