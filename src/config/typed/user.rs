//! People.

use std::sync::Arc;

use crate::config::cursor::Cursor;
use crate::config::merged::Merged;
use crate::config::names::Declared;
use crate::model::company::{Status, User, UserDates};
use crate::model::folded::folded;
use crate::model::id::{AttributeNo, UserNo};
use crate::model::invisible::{InvisibleText, Joiners};
use crate::model::name::PersonName;
use crate::model::{Diagnostic, Span, Value};

use super::attribute;
use super::invisible;
use super::principal;
use super::reader::Reader;

/// A user, and what only the checks across users need.
pub struct Typed {
    /// The user.
    pub user: User,
    /// Values of unique attributes, case-folded, with their places.
    pub unique: Vec<(AttributeNo, String, Span)>,
    /// Texts with invisible characters.
    pub invisible: Vec<InvisibleText>,
}

/// Reads one user. What is missing is left empty: the schema has reported it.
pub fn read<'a>(reader: &mut Reader<'_, 'a>, declared: Declared<'a>) -> Typed {
    let of = Merged::from(declared.value);
    let mut noted = Vec::new();
    let name = name(reader, &of, &mut noted);
    for key in ["title", "department"] {
        let text = of
            .get(key)
            .and_then(|field| invisible::note(field.value.node, None, Joiners::Nowhere, || key.to_owned()));
        noted.extend(text);
    }
    let words = Status::ALL.map(|status| (status.as_str(), status));
    let status = reader.word_field(&of, "status", &words);
    let validity = reader.window(&of, "start", "end");
    let (attributes, unique) = attributes(reader, &of, declared, &mut noted);
    let life_span = [
        status.filter(|(status, _)| *status != Status::Active).map(|(_, field)| field),
        validity.end.map(|(_, field)| field),
        validity.start.map(|(_, field)| field),
    ]
    .into_iter()
    .flatten()
    .next()
    .map_or(declared.key.span(), |field| field.key.span());
    let user = User {
        id: reader.id(declared.id),
        previously: reader.ids(&of, "previously"),
        name,
        email: email(reader, &of),
        title: reader.shared(&of, "title"),
        department: reader.shared(&of, "department"),
        manager: manager(reader, &of),
        dates: UserDates {
            start: validity.start.map(|(moment, _)| moment.day),
            end: validity.end.map(|(moment, _)| moment.day),
        },
        window: validity.window,
        status: status.map_or(Status::Active, |(status, _)| status),
        attributes,
        span: declared.key.span(),
        life_span,
    };
    Typed { user, unique, invisible: noted }
}

/// One name is enough; the short form is a display name.
fn name<'a>(reader: &mut Reader<'_, 'a>, of: &Merged<'a>, noted: &mut Vec<InvisibleText>) -> PersonName {
    let field = of.get("name").map(|field| field.value);
    let mut part = |node: Cursor<'a>, key: &str, part: &str| {
        let text = reader.str(node)?;
        invisible::demand_some(reader, node, key);
        noted.extend(invisible::note(node, None, Joiners::BetweenLetters, || format!("name.{part}")));
        Some(Arc::<str>::from(text))
    };
    let name = match field {
        Some(field) if field.node.is_map() => {
            let [given, family, display] =
                ["given", "family", "display"].map(|key| part(field.get(key)?.value.node, key, key));
            PersonName::new(given, family, display)
        }
        Some(field) => part(field.node, "name", "display").map(PersonName::single),
        None => None,
    };
    name.unwrap_or_else(|| PersonName::single(""))
}

fn email<'a>(reader: &mut Reader<'_, 'a>, of: &Merged<'a>) -> Arc<str> {
    let Some(field) = of.get("email") else {
        return "".into();
    };
    let node = field.value.node;
    invisible::demand(reader, node, None, || "`email`".to_owned(), Joiners::Nowhere);
    invisible::warn_of_mixed(reader, node, "email");
    reader.str(node).unwrap_or_default().into()
}

fn manager<'a>(reader: &mut Reader<'_, 'a>, of: &Merged<'a>) -> Option<UserNo> {
    let field = of.get("manager")?;
    let node = field.value.node;
    let text = reader.str(node)?;
    principal::user(reader, text, node.span())
}

type Values = (Vec<(AttributeNo, Value)>, Vec<(AttributeNo, String, Span)>);

fn attributes<'a>(
    reader: &mut Reader<'_, 'a>,
    of: &Merged<'a>,
    declared: Declared<'a>,
    noted: &mut Vec<InvisibleText>,
) -> Values {
    let world = reader.world;
    let mut values: Vec<(AttributeNo, Value)> = Vec::new();
    let mut unique = Vec::new();
    for field in reader.map(of, "attributes") {
        let name = field.key.text();
        let Ok(at) = world.attributes.binary_search_by(|decl| (*decl.name).cmp(name)) else {
            unknown(reader, name, field.key.span());
            continue;
        };
        let decl = &world.attributes[at];
        let number = AttributeNo::from(at);
        let node = field.value.node;
        let Some(value) = attribute::value(reader, decl, node, Some(declared.key), &decl.allowed) else {
            continue;
        };
        let owner = decl.sensitive.then(|| declared.key.span());
        for node in attribute::texts(node) {
            if decl.unique {
                let whose = || format!("the value of the unique attribute `{}`", decl.name);
                invisible::demand(reader, node, owner, whose, Joiners::Nowhere);
            } else {
                let field = || format!("attributes.{}", decl.name);
                noted.extend(invisible::note(node, owner, Joiners::Nowhere, field));
            }
        }
        if decl.unique {
            let span = if decl.sensitive { declared.key.span() } else { node.span() };
            let one = |value: &Value| (number, folded(&value.to_string()), span);
            match &value {
                Value::Null => {}
                Value::List(items) => unique.extend(items.iter().map(one)),
                value => unique.push(one(value)),
            }
        }
        values.push((number, value));
    }
    for (at, decl) in world.attributes.iter().enumerate() {
        let number = AttributeNo::from(at);
        if let Some(default) = &decl.default
            && !values.iter().any(|(no, _)| *no == number)
        {
            values.push((number, default.clone()));
        }
    }
    values.retain(|(_, value)| !value.is_null());
    values.sort_by_key(|(number, _)| *number);
    values.dedup_by_key(|(number, _)| *number);
    (values, unique)
}

fn unknown(reader: &mut Reader<'_, '_>, name: &str, span: Span) {
    let world = reader.world;
    if world.attributes_hidden {
        return;
    }
    let mut diagnostic =
        Diagnostic::error("unknown-attribute", span, format!("the attribute `{name}` is not declared"));
    diagnostic = match world.near(name, world.attributes.iter().map(|decl| &*decl.name)) {
        Some(near) => diagnostic.with_hint(format!("did you mean `{near}`?")),
        None => diagnostic
            .with_hint(format!("declare it in rolecall.yaml: `attributes: {{{name}: {{type: string}}}}`")),
    };
    reader.found.push(diagnostic);
}
