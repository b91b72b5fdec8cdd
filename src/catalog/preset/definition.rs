//! A preset as a connector: its base, with what the preset says.

use std::sync::Arc;

use serde_json::Value as Json;

use crate::catalog::attribute::{Attribute, AttributeSchema, Type};
use crate::catalog::definition::Definition;
use crate::catalog::schema::{Extension, Schema};
use crate::model::capabilities::Capabilities;

use super::document::{ExtensionAttributes, Preset};

impl Preset {
    /// The connector that the preset makes of its base. It speaks the protocol of the base.
    pub fn definition(self: &Arc<Self>, base: &Definition) -> Definition {
        Definition {
            name: self.name.clone(),
            description: self.title.clone(),
            settings_schema: self.settings_schema(&base.settings_schema).into(),
            mappings: "".into(),
            user_mapping: format!("{}-users", self.name).into(),
            group_mapping: format!("{}-groups", self.name).into(),
            capabilities: Capabilities {
                delete_users: base.capabilities.delete_users && self.never_deletes.is_none(),
                ..base.capabilities.clone()
            },
            users: self.schema(&base.users),
            example_url: self.example_url.clone().unwrap_or_else(|| base.example_url.clone()),
            proven: self.proven.clone(),
            text: None,
            preset: Some(self.clone()),
            ..base.clone()
        }
    }

    /// The schema of the base with the title and the defaults of the preset.
    fn settings_schema(&self, base: &str) -> String {
        let Ok(mut schema) = serde_json::from_str::<Json>(base) else { return base.to_owned() };
        schema["title"] = format!("Settings of {}", self.title).into();
        for setting in &self.settings {
            let place = format!("/properties/{}", setting.name.replace('.', "/properties/"));
            if let Some(property) = schema.pointer_mut(&place) {
                property["default"] = serde_json::to_value(&setting.value).unwrap_or_default();
            }
        }
        format!("{schema:#}\n")
    }

    fn schema(&self, base: &Schema) -> Schema {
        let own = self.extensions.iter().map(extension);
        Schema { extensions: base.extensions.iter().cloned().chain(own).collect(), ..base.clone() }
    }
}

fn extension(of: &ExtensionAttributes) -> Extension {
    let text = AttributeSchema::of(Type::String);
    Extension {
        urn: of.urn.clone(),
        attributes: of.attributes.iter().map(|name| Attribute::simple(name, text)).collect(),
        has_others: of.has_others,
    }
}
