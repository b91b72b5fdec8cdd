use std::cmp::Ordering;

use jiff::Timestamp;
use serde_json::Value;

use super::{Comparison, Filter, Op, Operand, fold};
use crate::sandbox::kind::Kind;
use crate::sandbox::target::{Object, Target};

impl Filter {
    /// True if the resource matches, or the one value inside brackets.
    pub(crate) fn matches(&self, object: &Object) -> bool {
        match self {
            Self::And(terms) => terms.iter().all(|term| term.matches(object)),
            Self::Or(terms) => terms.iter().any(|term| term.matches(object)),
            Self::Not(inner) => !inner.matches(object),
            Self::Present(target) => present(target, object),
            Self::Compare(comparison) => comparison.matches(object),
            Self::Within(target, inner) => within(target, inner, object),
        }
    }

    /// The folded value, if the filter compares only the type's unique attribute with a string by `eq`: there is an
    /// index for it.
    pub(crate) fn unique_key(&self, kind: Kind) -> Option<&str> {
        let Self::Compare(Comparison { target, op: Op::Eq, operand: Operand::Text(text) }) = self else {
            return None;
        };
        let plain = target.extension.is_none() && target.sub.is_none();
        (plain && target.attr.name == kind.unique_attr()).then_some(text)
    }
}

fn present(target: &Target, object: &Object) -> bool {
    match target.sub {
        Some(_) => !target.values(object).is_empty(),
        None => target.holder(object).is_some_and(|holder| holder.contains_key(target.attr.name)),
    }
}

fn within(target: &Target, inner: &Filter, object: &Object) -> bool {
    let value = target.holder(object).and_then(|holder| holder.get(target.attr.name));
    let fits = |entry: &Value| entry.as_object().is_some_and(|entry| inner.matches(entry));
    match value {
        Some(Value::Array(entries)) => entries.iter().any(fits),
        Some(single) => fits(single),
        None => false,
    }
}

impl Comparison {
    /// One of several values has to match. An attribute without a value is "not equal" to everything but null.
    fn matches(&self, object: &Object) -> bool {
        let values = self.target.values(object);
        match (&self.operand, self.op) {
            (Operand::Null, Op::Ne) => !values.is_empty(),
            (Operand::Null, _) => values.is_empty(),
            (_, Op::Ne) if values.is_empty() => true,
            _ => values.into_iter().any(|value| self.holds(value)),
        }
    }

    fn holds(&self, value: &Value) -> bool {
        match (&self.operand, value) {
            (Operand::Bool(wanted), Value::Bool(actual)) => ordered(self.op, actual.cmp(wanted)),
            (Operand::Time(wanted), Value::String(actual)) => {
                actual.parse::<Timestamp>().is_ok_and(|actual| ordered(self.op, actual.cmp(wanted)))
            }
            (Operand::Text(wanted), Value::String(actual)) if self.target.leaf().case_exact => {
                compare(self.op, actual, wanted)
            }
            (Operand::Text(wanted), Value::String(actual)) => compare(self.op, &fold(actual), wanted),
            _ => false,
        }
    }
}

fn compare(op: Op, actual: &str, wanted: &str) -> bool {
    match op {
        Op::Co => actual.contains(wanted),
        Op::Sw => actual.starts_with(wanted),
        Op::Ew => actual.ends_with(wanted),
        _ => ordered(op, actual.cmp(wanted)),
    }
}

fn ordered(op: Op, order: Ordering) -> bool {
    match op {
        Op::Eq => order.is_eq(),
        Op::Ne => order.is_ne(),
        Op::Gt => order.is_gt(),
        Op::Ge => order.is_ge(),
        Op::Lt => order.is_lt(),
        Op::Le => order.is_le(),
        Op::Co | Op::Sw | Op::Ew => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fits(filter: &str) -> bool {
        let user = json!({
            "id": "u-0001",
            "userName": "Ada@acme.example",
            "externalId": "Ada",
            "name": {"givenName": "Ada", "familyName": "O\"Brien\\"},
            "active": true,
            "emails": [
                {"value": "ada@acme.example", "type": "work", "primary": true},
                {"value": "ada@home.example", "type": "home"},
            ],
            "meta": {"created": "2026-01-31T12:00:00.5Z"},
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":
                {"department": "Engineering", "manager": {"value": "u-0009"}},
        });
        let filter = Filter::parse(Kind::User, filter).unwrap_or_else(|fault| panic!("{filter}: {fault:?}"));
        filter.matches(user.as_object().expect("an object"))
    }

    #[test]
    fn every_operator() {
        for (filter, expected) in [
            ("userName eq \"ADA@acme.example\"", true),
            ("USERNAME EQ \"ada@acme.example\"", true),
            ("externalId eq \"ada\"", false),
            ("externalId eq \"Ada\"", true),
            ("id eq \"U-0001\"", false),
            ("name.familyName eq \"o\\\"brien\\\\\"", true),
            ("userName ne \"x\"", true),
            ("userName co \"@ACME\"", true),
            ("userName sw \"ada\"", true),
            ("userName ew \"example\"", true),
            ("userName gt \"aaa\" and userName lt \"b\"", true),
            ("userName ge \"ada@acme.example\" and userName le \"ada@acme.example\"", true),
            ("active eq true", true),
            ("active ne true", false),
            ("title pr", false),
            ("title eq null", true),
            ("title ne \"x\"", true),
            ("userName ne null", true),
            ("name pr", true),
            ("meta.created gt \"2026-01-31T13:00:00+02:00\"", true),
            ("meta.created eq \"2026-01-31T12:00:00.500Z\"", true),
        ] {
            assert_eq!(fits(filter), expected, "{filter}");
        }
    }

    #[test]
    fn values_of_lists_and_extensions() {
        for (filter, expected) in [
            ("emails eq \"ada@home.example\"", true),
            ("emails.type eq \"other\"", false),
            ("emails[type eq \"work\" and value ew \"acme.example\"]", true),
            ("emails[type eq \"home\" and value ew \"acme.example\"]", false),
            ("emails.type eq \"home\" and emails.value ew \"acme.example\"", true),
            ("emails[not (primary eq true)]", true),
            ("emails[type eq \"work\"] and active eq true", true),
            ("name[givenName eq \"ada\"]", true),
            (
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq \"engineering\"",
                true,
            ),
            ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager eq \"u-0009\"", true),
            ("urn:ietf:params:scim:schemas:core:2.0:User:title pr", false),
        ] {
            assert_eq!(fits(filter), expected, "{filter}");
        }
    }

    #[test]
    fn and_binds_tighter_than_or_and_not_tightest() {
        for (filter, expected) in [
            ("title pr and title pr or active eq true", true),
            ("title pr and (title pr or active eq true)", false),
            ("active eq true or title pr and title pr", true),
            ("not (title pr) and active eq true", true),
            ("not (title pr or active eq true)", false),
            ("not(title pr)and(active eq true)", true),
        ] {
            assert_eq!(fits(filter), expected, "{filter}");
        }
    }
}
