//! How an app is signed in to.

use crate::config::merged::{Field, Merged};
use crate::model::Diagnostic;
use crate::model::app::{Auth, Credential};

use super::reader::Reader;
use super::secret;

/// Reads `auth:`: one credential, or one for reading and one for writing.
pub fn read<'a>(reader: &mut Reader<'_, 'a>, field: Field<'a>) -> Option<Auth> {
    let of = field.value;
    match (of.get("read"), of.get("write")) {
        (None, None) => {
            let both = credential(reader, &field)?;
            Some(Auth { read: both.clone(), write: both })
        }
        (read, write) => {
            Some(Auth { read: credential(reader, &read?)?, write: credential(reader, &write?)? })
        }
    }
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
    let basic = of.get("basic")?.value;
    let username = reader.shared(&basic, "username")?;
    let (password, span) = secret::source(reader, &basic.get("password")?.value)?;
    Some(Credential::Basic { username, password, span })
}
