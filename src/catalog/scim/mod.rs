//! SCIM 2.0 as data. The tables are those of RFC 7643.

mod tables;

use crate::model::Path;
use crate::model::capabilities::{Capabilities, MemberKey};
use crate::model::remote::HeldKind;

use super::definition::{Definition, Deletion};
use super::schema::{Extension, Others, Schema};

/// URN of the enterprise extension of User.
pub const ENTERPRISE_USER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// The attributes of an account that show what it has (RFC 7643 section 4.1.2). Roles and entitlements give access by themselves.
pub const HELD: [(&str, HeldKind); 3] =
    [("roles", HeldKind::Role), ("entitlements", HeldKind::Entitlement), ("groups", HeldKind::Group)];

/// The connector `scim`.
pub fn definition() -> Definition {
    Definition {
        name: "scim".into(),
        protocol: "scim".into(),
        description: "Any app that speaks SCIM 2.0 (RFC 7643, RFC 7644)".into(),
        settings_schema: include_str!("settings.schema.json").into(),
        mappings: include_str!("mappings.yaml").into(),
        user_mapping: "scim-users".into(),
        group_mapping: "scim-groups".into(),
        capabilities: Capabilities {
            create_users: true,
            create_steps: Vec::new(),
            update_users: true,
            disable_users: true,
            delete_users: true,
            groups: true,
            create_groups: true,
            rename_groups: true,
            delete_groups: true,
            members_by: MemberKey::Id,
            filter: true,
            page_size: 100,
            members_batch: 100,
            members_cap: None,
            members_mixed: false,
            reads_back: true,
        },
        users: Schema {
            attributes: tables::user(),
            extensions: vec![Extension {
                urn: ENTERPRISE_USER.into(),
                attributes: tables::enterprise(),
                has_others: false,
            }],
            others: Others::InExtensions,
            name: Path::top("userName"),
            our_id: Some(Path::top("externalId")),
            access: HELD
                .iter()
                .filter(|(_, what)| *what != HeldKind::Group)
                .map(|(attribute, _)| Path::top(attribute))
                .collect(),
            activity: Some(Path::top("active")),
        },
        groups: Schema {
            attributes: tables::group(),
            extensions: Vec::new(),
            others: Others::InExtensions,
            name: Path::top("displayName"),
            our_id: Some(Path::top("externalId")),
            access: Vec::new(),
            activity: None,
        },
        not_bases: ["Users", "Groups", "Me", "Bulk", "Schemas", "ResourceTypes", "ServiceProviderConfig"]
            .map(Into::into)
            .into(),
        example_url: "https://app.example/scim/v2".into(),
        example_targets: "userName, name.givenName or emails[type eq \"work\"].value".into(),
        text: None,
        proven: ["scim2-server", "scimmy", "django-scim2"].map(Into::into).into(),
        grants: Vec::new(),
        deletion: Deletion::default(),
        power: Vec::new(),
        document: None,
        preset: None,
    }
}
