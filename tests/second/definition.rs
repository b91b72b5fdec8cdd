//! The definition of the invented app in the catalog.

use rolecall::catalog::{Attribute, AttributeSchema, Definition, Others, Schema, Type, Uniqueness};
use rolecall::model::Path;
use rolecall::model::capabilities::{Capabilities, MemberKey};

/// The name of the connector and of its protocol.
pub const NAME: &str = "roster";

/// The definition; `drawn` is the random name of the attribute for the job title.
pub fn definition(drawn: &str) -> Definition {
    Definition {
        name: NAME.into(),
        protocol: NAME.into(),
        description: "An invented app".into(),
        settings_schema: r#"{"type": "object", "additionalProperties": false}"#.into(),
        mappings: format!(
            "mappings:\n  roster-people: {{match: [login], attributes: {{login: user.email, label: user.name.display, {drawn}: user.title}}}}\n  roster-teams: {{match: [label], attributes: {{label: group.name}}}}\n"
        )
        .into(),
        user_mapping: "roster-people".into(),
        group_mapping: "roster-teams".into(),
        capabilities: Capabilities {
            create_steps: Vec::new(),
            create_users: true,
            update_users: true,
            disable_users: true,
            delete_users: false,
            groups: true,
            create_groups: true,
            rename_groups: true,
            delete_groups: true,
            members_by: MemberKey::Name,
            filter: false,
            page_size: 2,
            members_batch: 10,
            members_cap: None,
            members_mixed: false,
            reads_back: true,
        },
        users: Schema {
            attributes: vec![
                Attribute::simple("login", named()),
                Attribute::simple("label", AttributeSchema::of(Type::String)),
                Attribute::simple("state", AttributeSchema::of(Type::String)),
                Attribute::simple(drawn, AttributeSchema::of(Type::String)),
            ],
            extensions: Vec::new(),
            others: Others::Nowhere,
            name: Path::top("login"),
            our_id: None,
            access: Vec::new(),
            activity: Some(Path::top("state")),
        },
        groups: Schema {
            attributes: vec![Attribute::simple("label", named())],
            extensions: Vec::new(),
            others: Others::Nowhere,
            name: Path::top("label"),
            our_id: None,
            access: Vec::new(),
            activity: None,
        },
        not_bases: Vec::new(),
        example_url: "https://roster.example/".into(),
        example_targets: "login or label".into(),
        text: None,
        proven: Vec::new(),
        grants: Vec::new(),
        deletion: Default::default(),
        power: Vec::new(),
        document: None,
        preset: None,
    }
}

fn named() -> AttributeSchema {
    AttributeSchema { required: true, uniqueness: Uniqueness::Server, ..AttributeSchema::of(Type::String) }
}
