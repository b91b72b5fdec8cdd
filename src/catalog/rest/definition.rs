//! A document as a connector: what the rest of the program knows of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use crate::catalog::{
    Attribute as Described, AttributeSchema, Definition, Deletion, Mutability, Others, Returned, Schema,
    StoredCase, Type, Uniqueness,
};
use crate::model::capabilities::{Capabilities, MemberKey};
use crate::model::{Path, Value};

use super::attribute::{Attribute, Required, Special, ValueType};
use super::document::{Document, Setting};
use super::grants::Per;
use super::objects::{Delete, Objects};

/// The protocol of all documents.
pub const PROTOCOL: &str = "rest";

impl Document {
    /// What it says that this version does not do, in the words of documents.
    pub fn not_in_this_version(&self) -> Vec<&'static str> {
        let per_account = self.grants.iter().any(|grant| grant.per == Some(Per::Account));
        let without_groups = !self.grants.is_empty() && self.groups.is_none();
        let all = [("grants per account", per_account), ("grants without groups", without_groups)];
        all.into_iter().filter(|(_, is_there)| *is_there).map(|(what, _)| what).collect()
    }

    /// The connector that the document describes.
    pub fn definition(self: &Arc<Self>) -> Definition {
        let nobody = || Schema {
            attributes: Vec::new(),
            extensions: Vec::new(),
            others: Others::Nowhere,
            name: Path::top("name"),
            our_id: None,
            access: Vec::new(),
            activity: None,
        };
        let names = self.users.attributes.iter().map(|attribute| &*attribute.name).take(3);
        Definition {
            name: self.name.clone(),
            protocol: PROTOCOL.into(),
            description: self.title.clone(),
            settings_schema: settings_schema(&self.title, &self.settings).into(),
            mappings: "".into(),
            user_mapping: format!("{}-users", self.name).into(),
            group_mapping: format!("{}-groups", self.name).into(),
            capabilities: self.capabilities(),
            users: schema(&self.users, Special::Login),
            groups: self.groups.as_ref().map_or_else(nobody, |groups| schema(groups, Special::Name)),
            not_bases: Vec::new(),
            example_url: "https://app.example".into(),
            example_targets: names.collect::<Vec<_>>().join(", ").into(),
            text: None,
            proven: self.proven.clone(),
            grants: self
                .grants
                .iter()
                .map(|grant| grant.target.iter().map(|(key, _)| key.clone()).collect())
                .collect(),
            deletion: self.users.delete.as_ref().map(deletion).unwrap_or_default(),
            power: self.users.attributes.iter().filter_map(power).collect(),
            document: Some(self.clone()),
            preset: None,
        }
    }

    fn capabilities(&self) -> Capabilities {
        let users = &self.users;
        let groups = self.groups.as_ref();
        let members = groups.and_then(|groups| groups.members.as_ref());
        let is_named = |groups: &&Objects| {
            let name = groups.attributes.iter().find(|attribute| attribute.is == Some(Special::Name));
            name.is_some_and(|name| !name.fixed)
        };
        let batch = members.and_then(|members| members.add.as_ref()).map_or(1, |add| add.batch);
        let is_whole = members.is_some_and(|members| members.set.is_some());
        let later = users.create.iter().flat_map(|create| &create.later);
        Capabilities {
            create_users: users.create.is_some(),
            create_steps: later.map(|step| step.name.clone()).collect(),
            update_users: users.update.is_some(),
            disable_users: users.disable.is_some() || (users.active.is_some() && users.update.is_some()),
            delete_users: users.delete.is_some(),
            groups: groups.is_some() || !self.grants.is_empty(),
            create_groups: groups.is_some_and(|groups| groups.create.is_some()),
            rename_groups: groups.filter(is_named).is_some_and(|groups| groups.update.is_some()),
            delete_groups: groups.is_some_and(|groups| groups.delete.is_some()),
            members_by: match members.and_then(|members| members.by.as_ref()) {
                Some(_) => MemberKey::Name,
                None => MemberKey::Id,
            },
            filter: !users.find.is_empty(),
            page_size: number(users.list.page.max),
            members_batch: if is_whole { Capabilities::ALL } else { number(batch) },
            members_cap: members.and_then(|members| members.cap).map(number),
            members_mixed: members.is_some_and(|members| members.inherited),
            reads_back: users.get.is_some(),
        }
    }
}

/// The values of an attribute that give more than others.
fn power(attribute: &Attribute) -> Option<(Path, Vec<Value>)> {
    let value = |json: &Json| match json {
        Json::Bool(value) => Some(Value::Bool(*value)),
        Json::String(text) => Some(Value::str(text.as_str())),
        Json::Number(number) => match number.as_i64().filter(|_| attribute.of == ValueType::Integer) {
            Some(number) => Some(Value::Int(number)),
            None => Some(Value::str(number.to_string())),
        },
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    };
    let values: Vec<Value> = attribute.power.iter().filter_map(value).collect();
    (!values.is_empty()).then(|| (Path::top(&attribute.name), values))
}

fn deletion(delete: &Delete) -> Deletion {
    Deletion {
        effect: delete.request.effect.clone(),
        irreversible: delete.irreversible,
        reserves: delete.reserves.iter().map(|name| Path::top(name)).collect(),
    }
}

fn number(of: u64) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}

/// JSON Schema of `settings:` of an app.
fn settings_schema(title: &str, settings: &BTreeMap<Arc<str>, Setting>) -> String {
    let properties: Map<String, Json> =
        settings.iter().map(|(name, setting)| (name.to_string(), setting.schema.clone())).collect();
    let required = settings.iter().filter(|(_, setting)| setting.required);
    let required: Vec<&str> = required.map(|(name, _)| &**name).collect();
    let schema = serde_json::json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("Settings of {title}"),
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
        "required": required,
    });
    schema.to_string()
}

fn schema(objects: &Objects, known_by: Special) -> Schema {
    let all = &objects.attributes;
    let special = |special: Special| all.iter().find(|attribute| attribute.is == Some(special));
    let path = |attribute: &Attribute| Path::top(&attribute.name);
    let name = special(known_by).or_else(|| special(Special::Email)).or_else(|| all.first());
    let access = all.iter().filter(|attribute| !attribute.power.is_empty());
    Schema {
        attributes: all.iter().map(described).collect(),
        extensions: Vec::new(),
        others: Others::Nowhere,
        name: name.map_or_else(|| Path::top("name"), path),
        our_id: special(Special::Ours).map(path),
        access: access.map(path).collect(),
        activity: None,
    }
}

fn described(attribute: &Attribute) -> Described {
    let is_changed =
        attribute.at.write.is_some() || attribute.calls.as_ref().is_some_and(|calls| calls.set.is_some());
    let is_written = is_changed || attribute.is_in_path;
    let of = match attribute.of {
        ValueType::Text | ValueType::Date(_) => Type::String,
        ValueType::Boolean => Type::Boolean,
        ValueType::Integer => Type::Integer,
        ValueType::Account => Type::Reference,
    };
    let names_somebody = matches!(attribute.is, Some(Special::Login | Special::Email));
    let schema = AttributeSchema {
        multi_valued: attribute.many,
        case_exact: !attribute.ignores_case,
        stored_case: match (attribute.ignores_case, names_somebody) {
            (true, true) => StoredCase::Ignored,
            (true, false) => StoredCase::MayChange,
            (false, _) => StoredCase::Counts,
        },
        mutability: match () {
            () if attribute.secret => Mutability::WriteOnly,
            () if !is_written => Mutability::ReadOnly,
            () if attribute.fixed || !is_changed => Mutability::Immutable,
            () => Mutability::ReadWrite,
        },
        returned: if attribute.secret { Returned::Never } else { Returned::Default },
        required: attribute.required != Required::No,
        uniqueness: if attribute.unique { Uniqueness::Server } else { Uniqueness::None },
        ..AttributeSchema::of(of)
    };
    Described::simple(&attribute.name, schema)
}
