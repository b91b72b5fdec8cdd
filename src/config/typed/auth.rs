//! How an app is signed in to.

use crate::config::merged::{Field, Merged};
use crate::model::Diagnostic;
use crate::model::app::{Auth, Credential, OwnAccount};

use super::reader::Reader;
use super::secret;

/// Reads `auth:`: one credential, or one for reading and one for writing.
pub fn read<'a>(reader: &mut Reader<'_, 'a>, field: Field<'a>) -> Option<Auth> {
    let of = field.value;
    match (of.get("read"), of.get("write")) {
        (None, None) => {
            let both = credential(reader, &field)?;
            Some(Auth { read: both.clone(), write: both, account: account(reader, &[of]) })
        }
        (read, write) => {
            let (read, write) = (read?, write?);
            let account = account(reader, &[read.value, write.value]);
            Some(Auth { read: credential(reader, &read)?, write: credential(reader, &write)?, account })
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

fn credential<'a>(reader: &mut Reader<'_, 'a>, field: &Field<'a>) -> Option<Credential> {
    let of: Merged<'a> = field.value;
    if let (Some(bearer), Some(basic)) = (of.get("bearer"), of.get("basic")) {
        reader.found.push(
            Diagnostic::error(
                "two-credentials",
                basic.key.span(),
                "`bearer` and `basic` cannot both be used",
            )
            .with_related(bearer.key.span(), "`bearer` is here")
            .with_hint("remove one of the two"),
        );
    }
    if let Some(bearer) = of.get("bearer") {
        let (token, span) = secret::source(reader, &bearer.value)?;
        return Some(Credential::Bearer { token, span });
    }
    let Some(basic) = of.get("basic") else {
        // Without any key the schema says so.
        of.get("account")?;
        reader.found.push(
            Diagnostic::error("no-credential", field.key.span(), "there is no credential")
                .with_hint("add `bearer` or `basic`"),
        );
        return None;
    };
    let basic = basic.value;
    let username = reader.shared(&basic, "username")?;
    let (password, span) = secret::source(reader, &basic.get("password")?.value)?;
    Some(Credential::Basic { username, password, span })
}
