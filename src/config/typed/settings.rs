//! Settings of the repository, and settings of a connector.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::config::arena::Kind;
use crate::config::cursor::Cursor;
use crate::config::merged::{Field, Merged};
use crate::config::schema;
use crate::git::is_ref_name;
use crate::model::company::{DEFAULT_LEASE, LedgerSettings, LedgerStore, Settings};
use crate::model::header::Refusal;
use crate::model::{Diagnostic, Value, header, query};

use super::reader::Reader;
use super::secret;

/// Reads what rolecall.yaml says about the repository itself.
pub fn read<'a>(reader: &mut Reader<'_, 'a>, root: &Merged<'a>) -> Settings {
    let default = Settings::default();
    let secrets = reader.map(root, "secrets");
    let branch = reader.shared(root, "branch").unwrap_or(default.branch);
    Settings {
        ledger: root.get("ledger").and_then(|field| ledger(reader, field, &branch)),
        branch,
        timezone: reader.shared(root, "timezone").unwrap_or(default.timezone),
        secrets: secrets.into_iter().filter_map(|field| secret::binding(reader, field)).collect(),
    }
}

/// Reads `timezone:` ahead of everything that has dates.
pub fn zone(root: Option<Cursor<'_>>, found: &mut Vec<Diagnostic>) -> TimeZone {
    let Some(node) = root.and_then(|root| root.get("timezone")) else {
        return TimeZone::UTC;
    };
    let Some(name) = node.as_str() else {
        return TimeZone::UTC;
    };
    TimeZone::get(name).unwrap_or_else(|_| {
        found.push(
            Diagnostic::error("timezone", node.span(), format!("there is no time zone `{name}`"))
                .with_hint("write an IANA name, such as Europe/Berlin or UTC")
                .with_hint("if the name is right, the system lacks its time zone files (package tzdata)"),
        );
        TimeZone::UTC
    })
}

fn ledger<'a>(reader: &mut Reader<'_, 'a>, field: Field<'a>, branch: &str) -> Option<LedgerSettings> {
    let of = field.value;
    let id = reader.shared(&of, "id")?;
    usable(reader, &of, branch);
    let lease = reader.duration(&of, "lease");
    let store = match (of.get("git"), of.get("path")) {
        (Some(git), None) => LedgerStore::Git {
            reference: reader
                .shared(&git.value, "ref")
                .unwrap_or_else(|| "refs/heads/rolecall/ledger".into()),
            remote: reader.shared(&git.value, "remote"),
        },
        (None, Some(path)) => LedgerStore::Path(reader.str(path.value.node)?.into()),
        (git, path) => {
            let both = git.is_some() && path.is_some();
            let (message, hint) = if both {
                ("a ledger is kept on a branch or in a folder, not both", "remove `git` or `path`")
            } else {
                (
                    "the ledger has no place",
                    "add `git: {ref: refs/heads/rolecall/ledger, remote: origin}` or `path: .rolecall/ledger`",
                )
            };
            reader.found.push(Diagnostic::error("ledger-store", field.key.span(), message).with_hint(hint));
            return None;
        }
    };
    Some(LedgerSettings { id, store, lease: lease.unwrap_or(DEFAULT_LEASE), span: field.key.span() })
}

/// What no ledger can have: said here, before anything is asked of git.
fn usable<'a>(reader: &mut Reader<'_, 'a>, of: &Merged<'a>, branch: &str) {
    const ID: &str = "write the id that `rolecall ledger init` made";
    const REF: &str = "write a branch of its own, such as refs/heads/rolecall/ledger";
    let is_id = |id: &str| id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let own = format!("refs/heads/{branch}");
    let mut wrong = |field: Option<Field<'a>>, is_wrong: &dyn Fn(&str) -> bool, why: &str, hint: &str| {
        let node = field.map(|field| field.value.node);
        if let Some((node, text)) = node.and_then(|node| Some((node, node.as_str()?)))
            && is_wrong(text)
        {
            let message = format!("`{text}` {why}");
            reader.found.push(Diagnostic::error("ledger-store", node.span(), message).with_hint(hint));
        }
    };
    let reference = || of.get("git").and_then(|git| git.value.get("ref"));
    wrong(of.get("id"), &|id| !is_id(id), "is not the id of a ledger", ID);
    wrong(
        of.get("path"),
        &|path| path.contains(char::is_control),
        "is not a path: it holds control characters",
        "write a folder below this one, such as .rolecall/ledger",
    );
    wrong(
        reference(),
        &|name| name.starts_with("refs/") && !is_ref_name(name),
        "is not a name that git gives a ref",
        REF,
    );
    wrong(
        reference(),
        &|name| name == own,
        "is the branch that is applied: the ledger would be written into it",
        REF,
    );
}

/// Reads `settings:` of an app, with nested names joined by dots, checked against the connector's schema.
pub fn of_connector<'a>(
    reader: &mut Reader<'_, 'a>,
    app: &Merged<'a>,
    connector: &str,
) -> BTreeMap<Arc<str>, Value> {
    let mut settings = defaults(reader, connector);
    let Some(field) = app.get("settings") else {
        return settings;
    };
    if let Some(checker) = reader.world.settings.get(connector) {
        for layer in field.value.layers() {
            let mut refused = Vec::new();
            schema::check_with(
                &checker.validator,
                &checker.schema,
                (layer, "`settings`"),
                &mut reader.found,
                &mut refused,
            );
        }
    }
    no_secrets(&field.value, &mut reader.found);
    flatten("", &field.value, &mut settings);
    settings
}

/// What an app of this connector has unless it says otherwise.
fn defaults(reader: &Reader<'_, '_>, connector: &str) -> BTreeMap<Arc<str>, Value> {
    let connector = reader.world.catalog.get(connector);
    let settings = connector.map(|connector| connector.settings()).unwrap_or_default();
    settings.iter().map(|setting| (setting.name.clone(), setting.value.clone())).collect()
}

/// Finds headers and parameters that carry a secret, or that rolecall sets itself.
pub fn no_secrets(settings: &Merged<'_>, found: &mut Vec<Diagnostic>) {
    named(settings, found, HEADERS, |name, _| header::refusal(name));
    named(settings, found, QUERY, query::refusal);
}

/// The setting whose keys are names of headers, in every connector that has it, and what one key is called.
const HEADERS: (&str, &str) = ("headers", "header");
/// The same for parameters of every address.
const QUERY: (&str, &str) = ("query", "parameter");

/// The connector would refuse the same, but only when it is opened.
fn named(
    settings: &Merged<'_>,
    found: &mut Vec<Diagnostic>,
    (setting, what): (&str, &str),
    refusal: impl Fn(&str, &str) -> Option<Refusal>,
) {
    let fields = settings.fields().into_iter();
    let named = fields.filter(|field| field.key.text() == setting);
    for Field { key, value } in named.flat_map(|field| field.value.fields()) {
        let Some(refusal) = refusal(key.text(), value.node.text()) else {
            continue;
        };
        let (code, hint) = match refusal {
            Refusal::Secret => (
                "literal-secret",
                "remove it, and replace the secret if one stood here: it is in the history now",
            ),
            Refusal::Ours => ("wrong-value", "remove it"),
        };
        let message = format!("the {what} `{}` {}", key.text(), refusal.words());
        found.push(Diagnostic::error(code, key.span(), message).with_hint(hint));
    }
}

fn flatten(prefix: &str, of: &Merged<'_>, settings: &mut BTreeMap<Arc<str>, Value>) {
    for Field { key, value } in of.fields() {
        let name = format!("{prefix}{}", key.text());
        if value.node.is_map() {
            flatten(&format!("{name}."), &value, settings);
        } else {
            settings.insert(name.into(), constant(value.node));
        }
    }
}

/// A constant as written. Decimals stay text, as the app's own are.
pub fn constant(node: Cursor<'_>) -> Value {
    match node.kind() {
        Kind::Null => Value::Null,
        Kind::True => Value::Bool(true),
        Kind::False => Value::Bool(false),
        Kind::Int => node.as_int().map_or(Value::Null, Value::Int),
        Kind::Float | Kind::Str | Kind::OwnedStr | Kind::Map => Value::str(node.text()),
        Kind::Seq => Value::List(node.items().map(constant).collect()),
    }
}
