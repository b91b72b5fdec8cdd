//! Types and names in sentences.

use super::super::types::Type;

/// `a boolean`, `an integer`.
pub(super) fn with_article(ty: Type) -> String {
    let name = ty.to_string();
    match ty {
        Type::Null => name,
        _ if name.starts_with(['a', 'e', 'i', 'o']) => format!("an {name}"),
        _ => format!("a {name}"),
    }
}

/// `strings`, `lists`.
pub(super) fn plural(ty: Type) -> String {
    match ty {
        Type::Null => "null".to_owned(),
        Type::Bool => "booleans".to_owned(),
        Type::List(_) => "lists".to_owned(),
        ty => format!("{ty}s"),
    }
}

/// `a, b, c or d`
pub(super) fn either(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
