//! `secrets:` and whether a use of a secret is bound (safety.md 18).

use crate::config::cursor::Cursor;
use crate::config::merged::{Field, Merged};
use crate::config::world::Written;
use crate::model::secret::{Destination, SecretBinding, SecretSource};
use crate::model::{Diagnostic, Span};

use super::reader::Reader;

/// `{env: …}` or `{file: …}`.
pub fn source<'a>(reader: &mut Reader<'_, 'a>, of: &Merged<'a>) -> Option<(SecretSource, Span)> {
    let (env, file) = (of.get("env"), of.get("file"));
    if let (Some(env), Some(file)) = (env, file) {
        reader.found.push(
            Diagnostic::error(
                "two-sources",
                file.key.span(),
                "a secret comes from a variable or from a file, not from both",
            )
            .with_related(env.key.span(), "the variable is here")
            .with_hint("remove one of the two"),
        );
    }
    if let Some(env) = env {
        let name = reader.str(env.value.node)?;
        return Some((SecretSource::Env(name.into()), env.value.node.span()));
    }
    let node = file?.value.node;
    let name = path_of(reader, node)?;
    Some((SecretSource::File(name.into()), node.span()))
}

fn path_of<'a>(reader: &mut Reader<'_, 'a>, node: Cursor<'a>) -> Option<&'a str> {
    let name = reader.str(node)?;
    let inside = !name.starts_with(['/', '\\'])
        && !name.contains(':')
        && name.split(['/', '\\']).all(|part| !part.is_empty() && part != "." && part != "..");
    if !inside {
        reader.found.push(
            Diagnostic::error("secret-file", node.span(), format!("`{name}` leaves the folder of secrets"))
                .with_hint("write a path below the folder named by ROLECALL_SECRETS_DIR"),
        );
        return None;
    }
    Some(name)
}

/// One entry below `secrets:`.
pub fn binding<'a>(reader: &mut Reader<'_, 'a>, field: Field<'a>) -> Option<SecretBinding> {
    let Field { key, value: of } = field;
    let source =
        source(reader, &of).map_or_else(|| SecretSource::Env(key.text().into()), |(source, _)| source);
    let app = of.get("app")?;
    let app_id = reader.str(app.value.node)?;
    let host = reader.text(&of, "host")?;
    if reader.world.apps.number(app_id).is_none() {
        let world = reader.world;
        reader.found.extend(world.unknown("unknown-app", "app", app_id, app.value.node.span(), &world.apps));
    }
    Some(SecretBinding {
        name: key.text().into(),
        source,
        app: reader.id(app_id),
        host: host.to_ascii_lowercase().into(),
        token_to: reader.text(&of, "token_to").map(|host| host.to_ascii_lowercase().into()),
        span: key.span(),
    })
}

/// Demands that a secret used by an app is bound to it and to its host.
pub fn demand_binding(
    reader: &mut Reader,
    bindings: &[SecretBinding],
    source: &SecretSource,
    app: &str,
    destination: &Destination,
    span: Span,
) {
    let same: Vec<&SecretBinding> = bindings.iter().filter(|binding| binding.source == *source).collect();
    let fits = |binding: &&SecretBinding| binding.app.as_str() == app && binding.allows(destination);
    if same.iter().any(fits) {
        return;
    }
    if is_broken_binding(reader, bindings, source) {
        return;
    }
    let hosts = match &destination.token {
        None => format!("the host {}", destination.app.authority()),
        Some(token) => format!(
            "the host {}, for a token that goes to {}",
            token.authority(),
            destination.app.authority()
        ),
    };
    let written = destination.as_binding();
    let key = binding_key(source, bindings);
    let origin = match source {
        SecretSource::Env(name) if **name == *key => String::new(),
        SecretSource::Env(name) => format!("env: {name}, "),
        SecretSource::File(name) => format!("file: \"{name}\", "),
    };
    let mut diagnostic = Diagnostic::error(
        "unbound-secret",
        span,
        format!("the {source} is not bound to the app `{app}` and {hosts}"),
    );
    for binding in same {
        diagnostic = diagnostic.with_related(
            binding.span,
            format!("bound to the app `{}` and the host {}", binding.app, binding.hosts()),
        );
    }
    reader.found.push(diagnostic.with_hint(format!(
        "if it may be sent there, add below `secrets:` in rolecall.yaml: `{key}: {{{origin}app: {app}, {written}}}`"
    )));
}

/// True if a secret has an entry below `secrets:` that could not be read: that has been reported.
fn is_broken_binding(reader: &Reader, bindings: &[SecretBinding], source: &SecretSource) -> bool {
    let section = match reader.world.secrets {
        Written::Nowhere => return false,
        Written::Hidden => return true,
        Written::Here(section) => section,
    };
    section.entries().any(|(key, value)| {
        let named = match source {
            SecretSource::Env(name) => value.get("env").map_or(key.text(), |node| node.text()) == &**name,
            SecretSource::File(name) => value.get("file").is_some_and(|node| node.text() == &**name),
        };
        named && !bindings.iter().any(|binding| *binding.name == *key.text())
    })
}

/// A key for a new binding that is not taken.
fn binding_key(source: &SecretSource, bindings: &[SecretBinding]) -> String {
    let (SecretSource::Env(name) | SecretSource::File(name)) = source;
    let clean: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let taken = |key: &str| bindings.iter().any(|binding| *binding.name == *key);
    (2..100)
        .map(|number| format!("{clean}_{number}"))
        .find(|key| taken(&clean) && !taken(key))
        .unwrap_or(clean)
}
