//! How an app is signed in to.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalog::SignIn;
use crate::catalog::rest::Need;
use crate::config::merged::{Field, Merged};
use crate::config::schema::literal_secret;
use crate::model::app::{Auth, Credential, CredentialPart, OwnAccount};
use crate::model::{Diagnostic, similar};

use super::reader::Reader;
use super::secret;

/// The ways to sign in that a connector has, by name; none if there is no such connector.
type SignIns = Option<Vec<(Arc<str>, SignIn)>>;

/// Reads `auth:`: one credential, or one for reading and one for writing.
pub fn read<'a>(reader: &mut Reader<'_, 'a>, field: Field<'a>, connector: &str) -> Option<Auth> {
    let of = field.value;
    let sign_ins = reader.world.catalog.get(connector).map(|definition| definition.sign_ins());
    match (of.get("read"), of.get("write")) {
        (None, None) => {
            let both = credential(reader, &field, &sign_ins)?;
            Some(Auth { read: both.clone(), write: both, account: account(reader, &[of]) })
        }
        (read, write) => {
            let (read, write) = (read?, write?);
            let account = account(reader, &[read.value, write.value]);
            let (read, write) = (credential(reader, &read, &sign_ins), credential(reader, &write, &sign_ins));
            Some(Auth { read: read?, write: write?, account })
        }
    }
}

/// The accounts of credentials, if each says its own.
fn account<'a>(reader: &mut Reader<'_, 'a>, credentials: &[Merged<'a>]) -> Option<OwnAccount> {
    let said: Vec<_> = credentials.iter().filter_map(|of| reader.shared(of, "account")).collect();
    if said.len() < credentials.len() {
        return None;
    }
    let named: Vec<_> = said.into_iter().filter(|name| &**name != "none").collect();
    Some(if named.is_empty() { OwnAccount::None } else { OwnAccount::Named(named) })
}

fn credential<'a>(reader: &mut Reader<'_, 'a>, field: &Field<'a>, sign_ins: &SignIns) -> Option<Credential> {
    let forms: Vec<Field<'a>> =
        field.value.fields().into_iter().filter(|form| form.key.text() != "account").collect();
    let Some(form) = forms.first() else {
        // Without any key the schema says so.
        field.value.get("account")?;
        let hint = format!("add {}", names(sign_ins).join(" or "));
        let finding = Diagnostic::error("no-credential", field.key.span(), "there is no credential");
        reader.found.push(finding.with_hint(hint));
        return None;
    };
    if let Some(second) = forms.get(1) {
        let (first, other) = (form.key.text(), second.key.text());
        let message = format!("`{first}` and `{other}` cannot both be used");
        let finding = Diagnostic::error("two-credentials", second.key.span(), message);
        let finding = finding.with_related(form.key.span(), format!("`{first}` is here"));
        reader.found.push(finding.with_hint("remove one of the two"));
    }
    let name = form.key.text();
    let sign_in = match sign_ins {
        None => plain(name)?,
        Some(sign_ins) => match sign_ins.iter().find(|(known, _)| **known == *name) {
            Some((_, sign_in)) => sign_in.clone(),
            None => {
                reader.found.push(unknown(form, sign_ins));
                return None;
            }
        },
    };
    let of = form.value;
    match sign_in {
        SignIn::Bearer => {
            let (token, span) = secret::source(reader, &of)?;
            Some(Credential::Bearer { token, span })
        }
        SignIn::Basic => {
            let username = reader.shared(&of, "username")?;
            let (password, span) = secret::source(reader, &of.get("password")?.value)?;
            Some(Credential::Basic { username, password, span })
        }
        SignIn::Key => {
            let (key, span) = secret::source(reader, &of)?;
            let parts = [(name.into(), CredentialPart::Secret(key, span))].into();
            Some(Credential::Form { form: name.into(), parts })
        }
        SignIn::Parts { parts: needed, .. } => {
            let parts = parts(reader, form, &needed)?;
            Some(Credential::Form { form: name.into(), parts })
        }
    }
}

/// The form of a connector that is not known.
fn plain(name: &str) -> Option<SignIn> {
    match name {
        "bearer" => Some(SignIn::Bearer),
        "basic" => Some(SignIn::Basic),
        _ => None,
    }
}

fn names(sign_ins: &SignIns) -> Vec<String> {
    let names = sign_ins.iter().flatten().map(|(name, _)| format!("`{name}`"));
    let names: Vec<_> = names.collect();
    if names.is_empty() { vec!["`bearer`".to_owned(), "`basic`".to_owned()] } else { names }
}

fn unknown(form: &Field<'_>, sign_ins: &[(Arc<str>, SignIn)]) -> Diagnostic {
    let name = form.key.text();
    let message = format!("the connector has no way to sign in that is called `{name}`");
    let known = sign_ins.iter().map(|(known, _)| &**known);
    let hint = similar::hint(name, known, "there are");
    let finding = Diagnostic::error("unknown-key", form.key.span(), message);
    finding.with_hint(hint.unwrap_or_else(|| "`rolecall connectors show NAME --app` prints one".to_owned()))
}

/// The parts of a credential, each as the connector needs it.
fn parts<'a>(
    reader: &mut Reader<'_, 'a>,
    form: &Field<'a>,
    needed: &[(Arc<str>, Need)],
) -> Option<BTreeMap<Arc<str>, CredentialPart>> {
    let of = form.value;
    for field in of.fields() {
        let name = field.key.text();
        if !needed.iter().any(|(known, _)| **known == *name) {
            let message = format!("`{}` needs no `{name}`", form.key.text());
            let hint = similar::hint(name, needed.iter().map(|(known, _)| &**known), "it needs");
            let finding = Diagnostic::error("unknown-key", field.key.span(), message);
            reader.found.push(finding.with_hint(hint.unwrap_or_else(|| "remove it".to_owned())));
        }
    }
    let mut parts = BTreeMap::new();
    for (name, need) in needed {
        let Some(field) = of.get(name) else {
            let example = match need {
                Need::Text => format!("{name}: TEXT"),
                Need::Secret => format!("{name}: {{env: NAME}}"),
            };
            let message = format!("`{}` has no `{name}`", form.key.text());
            let finding = Diagnostic::error("missing-key", form.key.span(), message);
            reader.found.push(finding.with_hint(format!("add `{example}`")));
            continue;
        };
        let part = match need {
            Need::Text => reader.str(field.value.node).map(|text| CredentialPart::Text(text.into())),
            Need::Secret if !field.value.node.is_map() => {
                reader.found.push(literal_secret(field.value.node.span()));
                None
            }
            Need::Secret => {
                let source = secret::source(reader, &field.value);
                source.map(|(source, span)| CredentialPart::Secret(source, span))
            }
        };
        parts.extend(part.map(|part| (name.clone(), part)));
    }
    (parts.len() == needed.len()).then_some(parts)
}
