//! `guard:` and `limits:` of an app.

use crate::config::merged::Merged;
use crate::model::app::{ClockCheck, Limits, Role};
use crate::model::guard::GuardLimits;
use crate::model::limit::Limit;
use crate::model::{Diagnostic, Guard};

use super::reader::Reader;

/// Reads `guard:`.
pub fn guard<'a>(reader: &mut Reader<'_, 'a>, id: &str, app: &Merged<'a>, roles: &[Role]) -> GuardLimits {
    let name = id;
    let Some(field) = app.get("guard") else {
        return GuardLimits::default();
    };
    let of = field.value;
    let mut limits = GuardLimits::default();
    for guard in Guard::limited() {
        let count = reader.count(&of, guard.name());
        let percent = reader.count(&of, &format!("{guard}_percent"));
        if count.is_some() || percent.is_some() {
            limits.limits.insert(guard, Limit { count, percent });
        }
    }
    for field in reader.map(&of, "min_members") {
        let id = field.key.text();
        // A default for all apps may name a role that only some of them have.
        let Some(role) = roles.iter().find(|role| role.id.as_str() == id) else {
            if !field.value.inherited {
                unknown_role(reader, name, id, field.key.span(), roles);
            }
            continue;
        };
        let least = reader.int(field.value.node).and_then(|least| u64::try_from(least).ok());
        limits.min_members.extend(least.map(|least| (role.id.clone(), least)));
    }
    limits
}

/// Reports a role that an app does not have.
pub fn unknown_role(
    reader: &mut Reader<'_, '_>,
    app: &str,
    id: &str,
    span: crate::model::Span,
    roles: &[Role],
) {
    let names = roles.iter().map(|role| role.id.as_str());
    let diagnostic = Diagnostic::error("unknown-role", span, format!("the app `{app}` has no role `{id}`"));
    reader.found.push(match crate::model::similar::hint(id, names, "its roles") {
        _ if id.starts_with("x-") => diagnostic
            .with_hint("a key that begins with `x-` is a note for people: give the role another name"),
        Some(hint) => diagnostic.with_hint(hint),
        None => diagnostic.with_hint("declare it below `roles:` of the app"),
    });
}

/// Reads `limits:`.
pub fn limits<'a>(reader: &mut Reader<'_, 'a>, app: &Merged<'a>) -> Limits {
    let default = Limits::default();
    let Some(field) = app.get("limits") else {
        return default;
    };
    let of = field.value;
    let concurrency = reader.count(&of, "concurrency");
    Limits {
        rate: reader.rate(&of, "rate"),
        concurrency: concurrency.and_then(|count| u32::try_from(count).ok()).unwrap_or(default.concurrency),
        timeout: reader.duration(&of, "timeout").unwrap_or(default.timeout),
        wait: reader.duration(&of, "wait").unwrap_or(default.wait),
        clock: reader.word(&of, "clock", &[("check", ClockCheck::Check), ("ignore", ClockCheck::Ignore)]),
    }
}
