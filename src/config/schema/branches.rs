//! A value that may have one of several forms and has none of them: the finding is about the form that it nearly has.

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, ValidationError};
use serde_json::Value;

use crate::model::Diagnostic;
use crate::model::similar;

use super::keys;
use super::location::Location;
use super::value::type_name;

/// What is wrong with a value in each of the forms that it may have, those of a form that has several again included; none if the
/// error is of another kind.
fn forms<'e>(error: &'e ValidationError<'_>) -> Option<Vec<&'e [ValidationError<'static>]>> {
    let (ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context }) =
        error.kind()
    else {
        return None;
    };
    let mut all = Vec::new();
    for form in context {
        let inner = match form.as_slice() {
            [inner] if inner.instance_path() == error.instance_path() => forms(inner),
            _ => None,
        };
        all.extend(inner.unwrap_or_else(|| vec![form.as_slice()]));
    }
    Some(all)
}

/// True for an error that says that the value as a whole is something else, such as a text in place of a mapping.
fn is_about_the_whole(error: &ValidationError<'_>, inner: &ValidationError<'_>) -> bool {
    let says_so = matches!(
        inner.kind(),
        ValidationErrorKind::Type { .. }
            | ValidationErrorKind::Constant { .. }
            | ValidationErrorKind::Enum { .. }
    );
    says_so && inner.instance_path() == error.instance_path()
}

/// The errors in the form that was meant; none if it has none of them.
pub(super) fn meant<'e>(error: &'e ValidationError<'_>) -> Option<&'e [ValidationError<'static>]> {
    let nearly = forms(error)?.into_iter();
    let nearly = nearly.filter(|form| !form.iter().any(|inner| is_about_the_whole(error, inner)));
    nearly.min_by_key(|form| form.len())
}

/// The finding about a value that has none of its forms, not even nearly.
pub(super) fn diagnostic(
    at: &Location<'_>,
    error: &ValidationError<'_>,
    schema: &Value,
    place: &str,
) -> Option<Diagnostic> {
    let (mut kinds, mut words): (Vec<JsonType>, Vec<String>) = (Vec::new(), Vec::new());
    for inner in forms(error)?.into_iter().flatten().filter(|inner| is_about_the_whole(error, inner)) {
        match inner.kind() {
            ValidationErrorKind::Type { kind: TypeKind::Single(one) } => kinds.push(*one),
            ValidationErrorKind::Type { kind: TypeKind::Multiple(several) } => kinds.extend(several.iter()),
            ValidationErrorKind::Constant { expected_value } => {
                words.extend(expected_value.as_str().map(str::to_owned));
            }
            ValidationErrorKind::Enum { options } => {
                let options = options.as_array().into_iter().flatten();
                words.extend(options.filter_map(Value::as_str).map(str::to_owned));
            }
            _ => {}
        }
    }
    if keys::is_credential(place) {
        return Some(keys::literal_secret(at.key_span()));
    }
    let name = at.called();
    let mut allowed: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    for kind in kinds.into_iter().map(type_name) {
        if !allowed.iter().any(|known| known == kind) {
            allowed.push(kind.to_owned());
        }
    }
    let allowed = allowed.join(" or ");
    let diagnostic = match () {
        () if at.node.is_null() => {
            Diagnostic::error("wrong-type", at.key_span(), format!("{name} has no value"))
        }
        () if at.node.is_map() || at.node.is_seq() => Diagnostic::error(
            "wrong-type",
            at.key_span(),
            format!("{name}: expected {allowed}, found {}", at.node.kind_name()),
        ),
        () => {
            Diagnostic::error("wrong-value", at.node.span(), format!("{name} cannot be `{}`", at.node.text()))
        }
    };
    let near = similar::did_you_mean(at.node.text(), words.iter().map(String::as_str));
    let diagnostic = near.into_iter().fold(diagnostic, Diagnostic::with_hint);
    let example = schema.pointer(&format!("{place}/examples/0"));
    let example = example.filter(|example| !words.iter().any(|word| *example == word));
    Some(diagnostic.with_hint(match example {
        Some(example) => format!("write {allowed}, such as {}", keys::flow(example)),
        None => format!("write {allowed}"),
    }))
}
