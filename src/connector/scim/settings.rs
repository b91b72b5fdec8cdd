//! The settings of an app with `connector: scim`, read from their dotted names. Their schema, with what each does, is
//! `catalog/scim/settings.schema.json`.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::Value;
use crate::model::capabilities::MemberKey;

use super::dotted::{Named, Rest};

/// How objects are changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// PATCH (RFC 7644 section 3.5.2).
    Patch,
    /// PUT of the whole (section 3.5.1).
    Put,
}

impl Style {
    /// The other of the two.
    pub(super) fn other(self) -> Self {
        match self {
            Self::Patch => Self::Put,
            Self::Put => Self::Patch,
        }
    }
}

/// How members are taken out of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RemoveStyle {
    /// `remove` with path `members[value eq "…"]`.
    ValuePath,
    /// `remove` with path `members` and a list.
    ValueArray,
    /// The group is read and written whole.
    PutGroup,
}

/// Which parameters a page is asked for with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Paging {
    /// `startIndex` and `count`.
    Index,
    /// `startIndex`; the app says how large its pages are.
    Start,
    /// Neither: a list is one answer.
    None,
}

/// When `If-Match` is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Etag {
    /// Never.
    Off,
    /// If the app says it supports versions and gave one.
    IfAdvertised,
    /// Always; without a version nothing is written.
    Require,
}

/// What the app can do, where it is said by hand.
#[derive(Debug, Clone, Default)]
pub(super) struct Can {
    pub patch: Option<bool>,
    pub filter: Option<bool>,
    pub etag: Option<bool>,
    pub groups: Option<bool>,
    pub create_users: Option<bool>,
    pub update_users: Option<bool>,
    pub disable_users: Option<bool>,
    pub delete_users: Option<bool>,
    pub create_groups: Option<bool>,
    pub rename_groups: Option<bool>,
}

/// How PATCH bodies are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Patch {
    /// One operation without a path instead of one per attribute.
    pub as_object: bool,
    /// `emails[type eq "work"]` may stand in a path.
    pub value_paths: bool,
    /// Most operations in a request.
    pub ops_per_request: usize,
    /// `Replace` instead of `replace`.
    pub capitalised: bool,
    /// `"True"` instead of `true`.
    pub bool_as_string: bool,
}

/// All settings.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    pub discovery: bool,
    pub can: Can,
    /// What to do about a credential that is not accepted.
    pub sign_in_hint: Option<Arc<str>>,
    pub content_type: &'static str,
    pub user_agent: Option<Arc<str>>,
    pub headers: Named,
    pub query: Named,
    pub paging: Paging,
    /// 404 for a list means that it is empty.
    pub empty_is_404: bool,
    pub page_size: Option<u32>,
    pub trust_empty: bool,
    pub update_users: Option<Style>,
    pub update_groups: Option<Style>,
    /// Of accounts that are only enabled or disabled.
    pub update_activity: Option<Style>,
    /// The other style is tried where the app does not have the first one.
    pub update_fallback: bool,
    pub patch: Patch,
    pub members_by: MemberKey,
    pub members_read: bool,
    pub remove_style: RemoveStyle,
    pub members_batch: Option<u32>,
    /// The most members that the app shows of a group.
    pub members_cap: Option<u32>,
    pub group_put_includes_members: bool,
    pub delete_groups: bool,
    /// Names of multi-valued attributes of which the app keeps one entry.
    pub single_valued: Vec<Arc<str>>,
    /// An account that shows no `active` is active.
    pub absent_is_active: bool,
    pub gone_after_deactivate: bool,
    pub send_external_id: bool,
    pub reread: bool,
    pub etag: Etag,
}

impl Settings {
    /// Reads what the schema has checked.
    ///
    /// # Errors
    /// Which setting is not known or has a value it cannot have.
    pub(super) fn read(settings: &BTreeMap<Arc<str>, Value>) -> Result<Self, String> {
        let mut rest = Rest::new(settings);
        let read = Self::of(&mut rest)?;
        rest.none_left()?;
        read.fit_together()?;
        Ok(read)
    }

    fn of(rest: &mut Rest) -> Result<Self, String> {
        let style = [("patch", Style::Patch), ("put", Style::Put)];
        Ok(Self {
            discovery: rest.choice("discovery", &ON_OFF)?.unwrap_or(true),
            can: Can {
                patch: rest.flag("can.patch")?,
                filter: rest.flag("can.filter")?,
                etag: rest.flag("can.etag")?,
                groups: rest.flag("can.groups")?,
                create_users: rest.flag("can.create_users")?,
                update_users: rest.flag("can.update_users")?,
                disable_users: rest.flag("can.disable_users")?,
                delete_users: rest.flag("can.delete_users")?,
                create_groups: rest.flag("can.create_groups")?,
                rename_groups: rest.flag("can.rename_groups")?,
            },
            sign_in_hint: rest.text("sign_in_hint")?,
            content_type: rest.choice("content_type", &MEDIA_TYPES)?.unwrap_or("application/scim+json"),
            user_agent: rest.text("user_agent")?,
            headers: rest.named("headers")?,
            query: rest.named("query")?,
            paging: rest
                .choice(
                    "paging",
                    &[("index", Paging::Index), ("start", Paging::Start), ("none", Paging::None)],
                )?
                .unwrap_or(Paging::Index),
            empty_is_404: rest.flag("empty_is_404")?.unwrap_or(false),
            page_size: rest.number("page_size")?,
            trust_empty: rest.flag("filter.trust_empty")?.unwrap_or(false),
            update_users: rest.choice("update.users", &style)?,
            update_groups: rest.choice("update.groups", &style)?,
            update_activity: rest.choice("update.activity", &style)?,
            update_fallback: rest.flag("update.fallback")?.unwrap_or(false),
            patch: Patch {
                as_object: rest.choice("patch.style", &[("path", false), ("object", true)])?.unwrap_or(false),
                value_paths: rest
                    .choice("patch.value_paths", &[("allowed", true), ("avoid", false)])?
                    .unwrap_or(true),
                ops_per_request: rest
                    .number("patch.ops_per_request")?
                    .map_or(usize::MAX, |most| most as usize),
                capitalised: rest
                    .choice("patch.op_case", &[("lower", false), ("capitalised", true)])?
                    .unwrap_or(false),
                bool_as_string: rest.flag("patch.bool_as_string")?.unwrap_or(false),
            },
            members_by: rest
                .choice("members.by", &[("id", MemberKey::Id), ("userName", MemberKey::Name)])?
                .unwrap_or_default(),
            members_read: rest
                .choice("members.read_from", &[("group", true), ("none", false)])?
                .unwrap_or(true),
            remove_style: rest
                .choice(
                    "members.remove_style",
                    &[
                        ("value-path", RemoveStyle::ValuePath),
                        ("value-array", RemoveStyle::ValueArray),
                        ("put-group", RemoveStyle::PutGroup),
                    ],
                )?
                .unwrap_or(RemoveStyle::ValuePath),
            members_batch: rest.number("members.batch")?,
            members_cap: rest.number("members.cap")?,
            group_put_includes_members: rest.flag("group_put_includes_members")?.unwrap_or(true),
            delete_groups: rest
                .choice("delete.groups", &[("delete", true), ("none", false)])?
                .unwrap_or(true),
            single_valued: rest.texts("single_valued")?,
            absent_is_active: rest.flag("absent_is_active")?.unwrap_or(false),
            gone_after_deactivate: rest.flag("gone_after_deactivate")?.unwrap_or(false),
            send_external_id: rest.choice("external_id", &[("send", true), ("omit", false)])?.unwrap_or(true),
            reread: rest.flag("reread_after_write")?.unwrap_or(true),
            etag: rest
                .choice(
                    "etag",
                    &[("off", Etag::Off), ("if-advertised", Etag::IfAdvertised), ("require", Etag::Require)],
                )?
                .unwrap_or(Etag::IfAdvertised),
        })
    }

    fn fit_together(&self) -> Result<(), String> {
        if self.remove_style == RemoveStyle::PutGroup && !self.members_read {
            return Err("settings.members: remove_style put-group needs members that can be read, \
                        and read_from is none"
                .to_owned());
        }
        if self.remove_style == RemoveStyle::PutGroup && !self.group_put_includes_members {
            return Err("settings: members.remove_style put-group and group_put_includes_members false \
                        contradict each other"
                .to_owned());
        }
        Ok(())
    }
}

const ON_OFF: [(&str, bool); 2] = [("on", true), ("off", false)];
const MEDIA_TYPES: [(&str, &str); 2] = [("scim+json", "application/scim+json"), ("json", "application/json")];

#[cfg(test)]
mod tests {
    use super::*;

    fn read(settings: &[(&str, Value)]) -> Result<Settings, String> {
        Settings::read(&settings.iter().map(|(name, value)| ((*name).into(), value.clone())).collect())
    }

    #[test]
    fn dotted_names_are_read() {
        let settings = read(&[
            ("members.batch", Value::Int(7)),
            ("members.remove_style", "value-array".into()),
            ("headers.X-Tenant", "acme".into()),
            ("update.users", "put".into()),
            ("x-note", "anything".into()),
        ])
        .unwrap();
        assert_eq!(settings.members_batch, Some(7));
        assert_eq!(settings.remove_style, RemoveStyle::ValueArray);
        assert_eq!(settings.update_users, Some(Style::Put));
        assert_eq!(settings.headers, [("X-Tenant".into(), "acme".into())]);
    }

    #[test]
    fn what_is_not_known_is_an_error() {
        let error = |settings: &[(&str, Value)]| read(settings).unwrap_err();
        assert_eq!(
            error(&[("members.btach", Value::Int(1))]),
            "settings.members.btach is not a setting of connector scim"
        );
        assert_eq!(
            error(&[("etag", "maybe".into())]),
            "settings.etag: expected off or if-advertised or require, not maybe"
        );
        assert!(error(&[("members.batch", Value::Int(0))]).contains("above 0"));
        assert!(
            error(&[("members.remove_style", "put-group".into()), ("members.read_from", "none".into())])
                .contains("can be read")
        );
    }

    /// The settings of the schema, by their dotted names, each with an example.
    fn of_schema() -> BTreeMap<String, serde_json::Value> {
        fn collect(prefix: &str, schema: &serde_json::Value, out: &mut BTreeMap<String, serde_json::Value>) {
            for (name, property) in schema["properties"].as_object().into_iter().flatten() {
                let name = format!("{prefix}{name}");
                if property["properties"].is_object() {
                    collect(&format!("{name}."), property, out);
                } else {
                    out.insert(name, property["examples"][0].clone());
                }
            }
        }
        let mut found = BTreeMap::new();
        let schema = crate::catalog::scim::definition().settings_schema;
        collect("", &serde_json::from_str(&schema).unwrap(), &mut found);
        found
    }

    #[test]
    fn schema_and_reader_name_the_same_settings() {
        let named = ["headers", "query"];
        let mut rest = Rest::new(&named.map(|setting| (format!("{setting}.x").into(), "acme".into())).into());
        Settings::of(&mut rest).unwrap();
        let setting = |name: String| match name.split_once('.') {
            Some((setting, "x")) if named.contains(&setting) => setting.to_owned(),
            _ => name,
        };
        let mut asked: Vec<String> = rest.asked.into_iter().map(setting).collect();
        asked.sort();
        assert_eq!(asked, of_schema().into_keys().collect::<Vec<_>>());
    }

    #[test]
    fn every_example_of_the_schema_is_read() {
        for (name, example) in of_schema() {
            let (name, value) = match example {
                serde_json::Value::Bool(flag) => (name, Value::Bool(flag)),
                serde_json::Value::Number(number) => (name, Value::Int(number.as_i64().unwrap())),
                serde_json::Value::String(text) => (name, Value::str(text)),
                serde_json::Value::Object(map) => {
                    let (key, text) = map.into_iter().next().unwrap();
                    (format!("{name}.{key}"), Value::str(text.as_str().unwrap()))
                }
                serde_json::Value::Array(items) => {
                    let items = items.iter().map(|item| Value::str(item.as_str().unwrap()));
                    (name, Value::List(items.collect()))
                }
                other @ serde_json::Value::Null => panic!("{name}: {other}"),
            };
            read(&[(name.as_str(), value)]).unwrap();
        }
    }
}
