//! Apps.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::merged::{Field, Merged};
use crate::config::names::Declared;
use crate::config::world::World;
use crate::model::app::{Adopt, App, Drift, ManualLink, Protected, Removed, Unmanaged};
use crate::model::id::{RemoteId, UserId};
use crate::model::ledger::GroupKey;
use crate::model::secret::SecretBinding;
use crate::model::{Diagnostic, Endpoint, Span};

use super::principal;
use super::reader::Reader;
use super::typed_app::TypedApp;
use super::{app_checks, app_policies, auth, guard, role, settings};

const ADOPT: [(&str, Adopt); 3] =
    [("never", Adopt::Never), ("listed", Adopt::Listed), ("matched", Adopt::Matched)];
const UNMANAGED: [(&str, Unmanaged); 4] = [
    ("ignore", Unmanaged::Ignore),
    ("report", Unmanaged::Report),
    ("disable", Unmanaged::Disable),
    ("delete", Unmanaged::Delete),
];
const DRIFT: [(&str, Drift); 2] = [("revert", Drift::Revert), ("report", Drift::Report)];
const REMOVED: [(&str, Removed); 2] = [("keep", Removed::Keep), ("disable", Removed::Disable)];
const ACCESS: [(&str, bool); 2] = [("skip", false), ("provision", true)];

/// `drift: revert`, `report`, or `{activity: report}` for the activity of accounts alone.
fn drift<'a>(reader: &mut Reader<'_, 'a>, of: &Merged<'a>) -> (Drift, bool) {
    match of.get("drift") {
        Some(field) if field.value.node.is_map() => {
            let activity = reader.word_field(&field.value, "activity", &DRIFT);
            (Drift::Revert, matches!(activity, Some((Drift::Report, _))))
        }
        _ => (reader.word(of, "drift", &DRIFT), false),
    }
}

/// Connectors that are planned and not built in yet.
const LATER: [&str; 2] = ["ldap", "rest"];

/// Reads one app over the defaults.
pub fn read<'a>(
    reader: &mut Reader<'_, 'a>,
    declared: Declared<'a>,
    of: Merged<'a>,
    bindings: &[SecretBinding],
) -> TypedApp<'a> {
    let id = declared.id;
    let key = declared.key.span();
    let connector = connector(reader, &of, key);
    let (url, url_span, endpoint) = address(reader, &of, &connector, key);
    let sandbox = &*url == "sandbox:";
    let auth = of.get("auth").and_then(|field| auth::read(reader, field, &connector));
    if let Some(endpoint) = &endpoint {
        app_checks::credentials(reader, id, &of, auth.as_ref(), endpoint, bindings, key);
    }
    let known = reader.world.catalog.get(&connector).cloned();
    app_policies::can_delete(reader, of.get("unmanaged"), known.as_deref());
    let roles = role::read(reader, &of, known.as_deref());
    let (drift, idle_accounts_stay_off) = drift(reader, &of);
    let (accounts, group_links) = links(reader, &of);
    let app = App {
        id: reader.id(id),
        previously: reader.ids(&of, "previously"),
        url,
        auth: auth.filter(|_| !sandbox),
        settings: settings::of_connector(reader, &of, &connector),
        enabled: reader.bool(&of, "enabled", true),
        labels: labels(reader, &of),
        owners: principal::principals(reader, &of, "owners"),
        users: app_policies::users(reader, &of, &connector, key),
        groups: app_policies::groups(reader, &of, &connector, key),
        adopt: reader.word(&of, "adopt", &ADOPT),
        links: accounts,
        group_links,
        unmanaged: reader.word(&of, "unmanaged", &UNMANAGED),
        drift,
        idle_accounts_stay_off,
        protect: protect(reader, &of),
        guard: guard::guard(reader, id, &of, &roles),
        limits: guard::limits(reader, &of),
        moved_from: moved_from(reader, &of, endpoint.as_ref()),
        removed: of
            .get("removed")
            .and_then(|removed| reader.word_field(&removed.value, "accounts", &REMOVED))
            .map(|(removed, _)| removed),
        delete_adopted: reader.bool(&of, "delete_adopted", false),
        provision_default_access: reader.word(&of, "default_access", &ACCESS),
        assignments: Vec::new(),
        connector,
        roles,
        span: key,
        url_span,
    };
    TypedApp { app, endpoint, written: of }
}

fn connector<'a>(reader: &mut Reader<'_, 'a>, of: &Merged<'a>, key: Span) -> Arc<str> {
    let catalog = reader.world.catalog;
    let Some(field) = of.get("connector") else {
        let example =
            catalog.connectors().next().map(|first| format!(", such as `connector: {}`,", first.name));
        let hint = format!("add it{} here or below `defaults: {{apps: …}}`", example.unwrap_or_default());
        reader
            .found
            .push(Diagnostic::error("missing-key", key, "the app has no `connector`").with_hint(hint));
        return "".into();
    };
    let node = field.value.node;
    let Some(name) = reader.str(node) else {
        return "".into();
    };
    if catalog.get(name).is_none() {
        let finding = unknown_connector(reader.world, name, node.span());
        reader.found.extend(finding);
    }
    name.into()
}

/// The finding about a connector that there is not; none if something else is wrong with it, or if a hidden file may have it.
fn unknown_connector(world: &World<'_>, name: &str, span: Span) -> Option<Diagnostic> {
    let is_wrong = world.own_connectors.iter().any(|names| names.number(name).is_some());
    if is_wrong || world.hidden.may_declare(name) {
        return None;
    }
    if LATER.contains(&name) {
        let message = format!("the connector `{name}` is not in this version");
        return Some(with_known(world, name, Diagnostic::error("not-in-this-version", span, message)));
    }
    let code = "unknown-connector";
    let mut notes =
        world.own_connectors.iter().filter_map(|names| names.is_a_note(code, "connector", name, span));
    if let Some(ignored) = notes.next() {
        return Some(ignored.with_hint("give the connector another name"));
    }
    Some(with_known(world, name, Diagnostic::error(code, span, format!("there is no connector `{name}`"))))
}

fn with_known(world: &World<'_>, name: &str, finding: Diagnostic) -> Diagnostic {
    let known = world.catalog.connectors().map(|connector| &*connector.name);
    let hint = crate::model::similar::hint(name, known, "this version knows");
    finding.with_hint(hint.unwrap_or_else(|| "`rolecall connectors` lists what there is".into()))
}

fn address<'a>(
    reader: &mut Reader<'_, 'a>,
    of: &Merged<'a>,
    connector: &str,
    key: Span,
) -> (Arc<str>, Span, Option<Endpoint>) {
    let Some(field) = of.get("url") else {
        let catalog = reader.world.catalog;
        let known = catalog.get(connector).or_else(|| catalog.connectors().next());
        let example = known.map_or("https://app.example/", |connector| &*connector.example_url);
        reader.found.push(Diagnostic::error("missing-key", key, "the app has no `url`").with_hint(format!(
            "add the base URL of its interface, such as `url: {example}`, or `url: \"sandbox:\"`",
        )));
        return ("".into(), key, None);
    };
    let span = field.value.node.span();
    let Some(text) = reader.str(field.value.node) else {
        return ("".into(), span, None);
    };
    let endpoint = (text != "sandbox:").then(|| Endpoint::parse(text));
    match endpoint {
        None => (text.into(), span, None),
        Some(Ok(endpoint)) => match no_base(reader, connector, &endpoint, span) {
            None => (text.into(), span, Some(endpoint)),
            Some(finding) => {
                reader.found.push(finding);
                (text.into(), span, None)
            }
        },
        Some(Err(error)) => {
            reader.found.push(Diagnostic::error(error.code, span, error.message).with_hint(error.hint));
            (text.into(), span, None)
        }
    }
}

/// The address of a list, or of a document, in place of the base.
fn no_base(reader: &Reader<'_, '_>, connector: &str, endpoint: &Endpoint, span: Span) -> Option<Diagnostic> {
    let last = endpoint.last_part()?;
    let definition = reader.world.catalog.get(connector)?;
    let known = definition.not_bases.iter().any(|part| part.eq_ignore_ascii_case(last));
    let whole = endpoint.canonical();
    known.then(|| {
        let base = &whole[..whole.len() - last.len() - 1];
        Diagnostic::error("wrong-url", span, format!("`{last}` is below the base URL, not part of it"))
            .with_hint(format!("write {base}"))
    })
}

fn moved_from<'a>(
    reader: &mut Reader<'_, 'a>,
    of: &Merged<'a>,
    endpoint: Option<&Endpoint>,
) -> Option<Arc<str>> {
    let node = of.get("moved_from")?.value.node;
    let text = reader.str(node)?;
    // Values besides the address, as `ledger show` prints them.
    let (address, values) = match text.split_once('?') {
        Some((address, values)) if is_identity(values) => (address, format!("?{values}")),
        _ => (text, String::new()),
    };
    match Endpoint::parse(address) {
        Err(error) => {
            reader
                .found
                .push(Diagnostic::error(error.code, node.span(), error.message).with_hint(error.hint));
        }
        Ok(old) if values.is_empty() && endpoint.is_some_and(|endpoint| *endpoint == old) => {
            let finding =
                Diagnostic::error("moved-nowhere", node.span(), "`moved_from` is the present `url`");
            reader.found.push(finding.with_hint("write the URL the app had before, or remove it"));
        }
        // The ledger holds one spelling.
        Ok(old) => return Some(format!("{}{values}", old.canonical()).into()),
    }
    None
}

/// True for the values that an endpoint in the ledger has behind its address.
fn is_identity(values: &str) -> bool {
    let is_value = |value: &str| value.starts_with("settings.") || value.starts_with("once.");
    values.split('&').all(is_value)
}

fn labels<'a>(reader: &mut Reader<'_, 'a>, of: &Merged<'a>) -> BTreeMap<Arc<str>, Arc<str>> {
    let fields = reader.map(of, "labels");
    let mut labels = BTreeMap::new();
    for Field { key, value } in fields {
        labels.extend(reader.str(value.node).map(|text| (key.text().into(), text.into())));
    }
    labels
}

/// Accounts and groups that are matched by hand.
type Links = (BTreeMap<UserId, ManualLink>, BTreeMap<GroupKey, (RemoteId, Span)>);

fn links<'a>(reader: &mut Reader<'_, 'a>, of: &Merged<'a>) -> Links {
    let fields = reader.map(of, "links");
    let (mut links, mut groups) = (BTreeMap::new(), BTreeMap::new());
    let mut taken: BTreeMap<(bool, &str), Span> = BTreeMap::new();
    for Field { key, value } in fields {
        let group = key.text().contains(':').then(|| group_key(reader, key.text(), key.span()));
        let known = group.is_some() || principal::user(reader, key.text(), key.span()).is_some();
        let span = value.node.span();
        let Some(text) = reader.str(value.node) else {
            continue;
        };
        if text == "ignore" && group.is_none() {
            if let (true, Ok(id)) = (known, key.text().parse()) {
                links.insert(id, ManualLink::Ignore { span });
            }
            continue;
        }
        if let Some(first) = taken.insert((group.is_some(), text), span) {
            let (what, two, hint) = match group {
                Some(_) => ("group", "two groups", "a group of the app has one source"),
                None => ("account", "two people", "an account belongs to one person"),
            };
            reader.found.push(
                Diagnostic::error("link-twice", span, format!("the {what} `{text}` is linked to {two}"))
                    .with_related(first, "first here")
                    .with_hint(format!("{hint}: correct one of the two lines")),
            );
        }
        let remote: RemoteId = match text.parse() {
            Ok(remote) => remote,
            Err(error) => {
                let message = format!("`{text}` cannot be the id of an account or a group: {error}");
                reader.found.push(
                    Diagnostic::error("wrong-value", span, message)
                        .with_hint("write the id as the app shows it, or `ignore`"),
                );
                continue;
            }
        };
        match group {
            Some(group) => groups.extend(group.map(|group| (group, (remote, span)))),
            None => {
                if let (true, Ok(id)) = (known, key.text().parse()) {
                    links.insert(id, ManualLink::To { remote, span });
                }
            }
        }
    }
    (links, groups)
}

/// `group:ID` of a group that is declared, or `role:ID`.
fn group_key(reader: &mut Reader<'_, '_>, text: &str, span: Span) -> Option<GroupKey> {
    match text.parse::<GroupKey>() {
        Ok(GroupKey::Group(id)) => {
            principal::group(reader, id.as_str(), span).map(|_| GroupKey::Group(id.clone()))
        }
        Ok(role @ GroupKey::Role(_)) => Some(role),
        Err(error) => {
            let message = format!("`{text}` names neither a person nor a group: {error}");
            let hint = "write the id of a person, or `group:ID` or `role:ID`";
            reader.found.push(Diagnostic::error("wrong-value", span, message).with_hint(hint));
            None
        }
    }
}

fn protect<'a>(reader: &mut Reader<'_, 'a>, of: &Merged<'a>) -> Vec<Protected> {
    let inherited = of.get("protect").is_some_and(|field| field.value.inherited);
    let nodes = reader.list(of, "protect");
    nodes
        .into_iter()
        .filter_map(|node| Some(Protected { text: reader.str(node)?.into(), inherited, span: node.span() }))
        .collect()
}
