use crate::sandbox::attr::Type;
use crate::sandbox::fault::{Fault, quote};
use crate::sandbox::filter::Filter;
use crate::sandbox::kind::Kind;
use crate::sandbox::schemas::Schema;
use crate::sandbox::target::{Target, strip_urn};

/// The target of an operation: `PATH = attrPath / valuePath [subAttr]` (RFC 7644 section 3.5.2), or a whole extension.
#[derive(Debug)]
pub(super) enum Path {
    Extension(&'static Schema),
    Attribute { target: Target, filter: Option<Filter> },
}

impl Path {
    pub(super) fn parse(kind: Kind, text: &str) -> Result<Self, Fault> {
        if let Some(schema) = kind.extension(text) {
            return Ok(Self::Extension(schema));
        }
        let unknown = || Fault::path(format!("there is nothing at {}", quote(text)));
        let (_, local) = strip_urn(kind, text);
        let Some(bracket) = local.find('[') else {
            let target = Target::parse(kind, text).ok_or_else(unknown)?;
            return Ok(Self::Attribute { target, filter: None });
        };
        let bracket = text.len() - local.len() + bracket;
        let mut target = Target::parse(kind, &text[..bracket]).ok_or_else(unknown)?;
        if target.sub.is_some() || !target.attr.multi || target.attr.of != Type::Complex {
            return Err(Fault::path(format!(
                "{} does not have several values to filter",
                quote(&text[..bracket])
            )));
        }
        let (filter, rest) = Filter::parse_inside(target.attr, &text[bracket + 1..])?;
        if let Some(name) = rest.strip_prefix('.') {
            target.sub = Some(target.attr.sub(name).ok_or_else(unknown)?);
        } else if !rest.is_empty() {
            return Err(Fault::path(format!("the path should end before {}", quote(rest))));
        }
        Ok(Self::Attribute { target, filter: Some(filter) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_path() {
        let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        let parse = |text: &str| Path::parse(Kind::User, text);
        assert!(matches!(parse(enterprise), Ok(Path::Extension(_))));
        for text in [
            "userName",
            "name.givenName",
            "emails[type eq \"work\"]",
            "emails[type eq \"wo]rk\"].value",
            &format!("{enterprise}:manager.value"),
            "urn:ietf:params:scim:schemas:core:2.0:User:emails[type eq \"work\"].value",
        ] {
            assert!(matches!(parse(text), Ok(Path::Attribute { .. })), "{text}");
        }
    }

    #[test]
    fn mistakes_are_named() {
        for (text, scim_type) in [
            ("", "invalidPath"),
            ("shoeSize", "invalidPath"),
            ("name[givenName pr]", "invalidPath"),
            ("schemas[value pr]", "invalidPath"),
            ("emails.value[type pr]", "invalidPath"),
            ("emails[type eq \"work\"].nope", "invalidPath"),
            ("emails[type eq \"work\"]value", "invalidPath"),
            ("emails[type eq \"work\"", "invalidFilter"),
            ("emails[]", "invalidFilter"),
            ("emails[nope pr]", "invalidFilter"),
        ] {
            let found = Path::parse(Kind::User, text).err().and_then(|fault| fault.scim_type);
            assert_eq!(found, Some(scim_type), "{text}");
        }
    }
}
