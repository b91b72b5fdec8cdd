//! The people of `docs/expressions.md`, read from the page itself.

use std::sync::Arc;

use rolecall::expr::{AccountFacts, Compiled, Facts, GroupFacts, Types, Use, compile};
use rolecall::model::company::{AttributeDecl, AttributeType, Status, UserDates};
use rolecall::model::expr_source::ExprSource;
use rolecall::model::id::AttributeNo;
use rolecall::model::name::PersonName;
use rolecall::model::span::Span;
use rolecall::model::time::Window;
use rolecall::model::{Company, Diagnostic, User, Value};
use serde_yaml::Value as Yaml;

pub const PAGE: &str = include_str!("../../docs/expressions.md");

/// An expression at offset 1000 of its file.
pub fn source(text: &str) -> ExprSource {
    ExprSource {
        text: text.into(),
        span: Span::new(0, 1000, 1000 + text.len() as u32),
        segments: vec![(0, 1000)].into(),
    }
}

pub fn compiled(company: &Company, text: &str, usage: Use) -> Result<Compiled, Vec<Diagnostic>> {
    compile(&source(text), &Types::new(&company.attributes), usage)
}

pub struct World {
    pub company: Company,
    pub roles: Vec<Arc<str>>,
}

impl World {
    /// The world of the YAML in the page.
    pub fn of_page() -> Self {
        let yaml = PAGE
            .split("```yaml\n")
            .nth(1)
            .and_then(|rest| rest.split("```").next())
            .expect("the page shows its people");
        let yaml: Yaml = serde_yaml::from_str(yaml).expect("the page's people are YAML");
        let mut company = Company::default();
        for (name, decl) in entries(&yaml["attributes"]) {
            company.attributes.push(declaration(&name, decl));
        }
        let users = entries(&yaml["users"]);
        for (id, user) in &users {
            let manager = text(&user["manager"]).map(|manager| {
                let place = users.iter().position(|(id, _)| **id == *manager);
                rolecall::model::UserNo::from(place.expect("the manager is declared"))
            });
            let mut user = person(id, user, &company.attributes);
            user.manager = manager;
            company.users.push(user);
        }
        Self { company, roles: vec!["ADMIN".into(), "AUDITOR".into()] }
    }

    /// Ada, her account, and a group.
    pub fn facts(&self) -> Facts<'_> {
        Facts {
            company: &self.company,
            user: self.company.user("ada"),
            account: Some(AccountFacts { role: Some("ADMIN"), roles: &self.roles }),
            group: Some(GroupFacts { id: "platform", name: "Platform Engineering", description: None }),
        }
    }
}

fn entries(map: &Yaml) -> Vec<(String, &Yaml)> {
    let map = map.as_mapping().expect("a mapping");
    let mut found: Vec<_> =
        map.iter().map(|(key, value)| (key.as_str().expect("a name").to_owned(), value)).collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

fn text(yaml: &Yaml) -> Option<Arc<str>> {
    yaml.as_str().map(Into::into)
}

fn declaration(name: &str, yaml: &Yaml) -> AttributeDecl {
    let kind = match yaml["type"].as_str() {
        Some("integer") => AttributeType::Integer,
        Some("boolean") => AttributeType::Boolean,
        Some("date") => AttributeType::Date,
        _ => AttributeType::String,
    };
    let allowed = yaml["enum"].as_sequence().cloned().unwrap_or_default();
    AttributeDecl {
        name: name.into(),
        kind,
        multi_valued: yaml["multi_valued"].as_bool() == Some(true),
        allowed: allowed.iter().map(|item| value(item, kind)).collect(),
        default: (!yaml["default"].is_null()).then(|| value(&yaml["default"], kind)),
        unique: false,
        sensitive: yaml["sensitive"].as_bool() == Some(true),
        span: Span::default(),
    }
}

fn value(yaml: &Yaml, kind: AttributeType) -> Value {
    match yaml {
        Yaml::Sequence(items) => Value::List(items.iter().map(|item| value(item, kind)).collect()),
        Yaml::Bool(value) => Value::Bool(*value),
        Yaml::Number(number) => Value::Int(number.as_i64().expect("a whole number")),
        Yaml::String(text) if kind == AttributeType::Date => Value::Date(text.parse().expect("a day")),
        Yaml::String(text) => Value::str(text.as_str()),
        other => panic!("{other:?} is not a value"),
    }
}

fn person(id: &str, yaml: &Yaml, declared: &[AttributeDecl]) -> User {
    let day = |key: &str| yaml[key].as_str().map(|day| day.parse().expect("a day"));
    let attributes = declared.iter().enumerate().filter_map(|(number, decl)| {
        let given = &yaml["attributes"][&*decl.name];
        let value = if given.is_null() { decl.default.clone()? } else { value(given, decl.kind) };
        Some((AttributeNo::from(number), value))
    });
    User {
        id: id.parse().unwrap(),
        previously: Vec::new(),
        name: match &yaml["name"] {
            Yaml::String(name) => PersonName::single(name.as_str()),
            parts => PersonName::new(text(&parts["given"]), text(&parts["family"]), text(&parts["display"]))
                .expect("a name"),
        },
        email: text(&yaml["email"]).expect("an e-mail address"),
        title: text(&yaml["title"]),
        department: text(&yaml["department"]),
        manager: None,
        dates: UserDates { start: day("start"), end: day("end") },
        window: Window::ALWAYS,
        status: Status::Active,
        attributes: attributes.collect(),
        span: Span::default(),
        life_span: Span::default(),
    }
}
