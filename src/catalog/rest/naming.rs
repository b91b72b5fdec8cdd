//! What names an object in addresses: the attribute at the place of its key or its id. In a create it is the value that we choose.

use crate::model::node::Node;

use super::attribute::{Attribute, Required};
use super::reading::Reading;
use super::request::Send;
use super::source::Places;
use super::template::Placeholder;

/// The attribute whose value stands in the addresses of an object: that of `key`, or of `id` where there is no `key`.
pub(super) fn named_by<'a>(
    key: Option<&str>,
    id: &Places,
    attributes: &'a [Attribute],
) -> Option<&'a Attribute> {
    attributes.iter().find(|attribute| match key {
        Some(key) => *attribute.name == *key,
        None => is_at(attribute, id),
    })
}

/// True if an attribute stands at the place of the id.
fn is_at(attribute: &Attribute, id: &Places) -> bool {
    let shown = [(&attribute.at.list, &id.list), (&attribute.at.one, &id.one)];
    shown.iter().any(|(of, id)| of.is_some() && of == id)
}

/// True if a request has `{key}`.
pub(super) fn takes_key(request: &Send) -> bool {
    let mut takes = false;
    request.each_hole(&mut |hole| takes |= hole.name == Placeholder::Key);
    takes
}

/// Marks the attribute that fills `{key}` of a create, and finds a `{key}` that nothing fills.
pub(super) fn check_create(
    reading: &mut Reading,
    (what, node): (&str, &Node),
    request: &Send,
    id: &Places,
    attributes: &mut [Attribute],
) {
    if !takes_key(request) {
        return;
    }
    let key = node.get("key").and_then(Node::text).cloned();
    let name = named_by(key.as_deref(), id, attributes).map(|attribute| attribute.name.clone());
    match attributes.iter_mut().find(|attribute| Some(&attribute.name) == name.as_ref()) {
        Some(attribute) => {
            attribute.is_in_path = true;
            if attribute.required == Required::No {
                attribute.required = Required::Create;
            }
        }
        // A `key` that names no attribute has a finding of its own.
        None if key.is_some() => {}
        None => {
            let place = id.list.as_ref().or(id.one.as_ref()).map(ToString::to_string).unwrap_or_default();
            let message = format!("{what}.create has `{{key}}`, and nothing gives a new object its name");
            let hint = format!(
                "add an attribute at `{place}`, the place of `id`, such as `name: {{at: {place}, fixed: true}}`; or name one with `key: ATTRIBUTE`"
            );
            reading.error("placeholder", request.address.span, message, &hint);
        }
    }
}

/// Finds an attribute that stands at the place of the id and can change: the object would be another one afterwards.
pub(super) fn check_id(reading: &mut Reading, id: &Places, attributes: &[Attribute], has_update: bool) {
    for attribute in attributes.iter().filter(|attribute| is_at(attribute, id) && !attribute.fixed) {
        let is_sent = attribute.at.write.is_some() && has_update;
        let has_call = attribute.calls.as_ref().is_some_and(|calls| calls.set.is_some());
        if is_sent || has_call {
            let name = &attribute.name;
            let message = format!(
                "`{name}` is the id, and can change: whoever gets another one is somebody else to rolecall"
            );
            let hint = format!(
                "add `fixed: true` to `{name}`; or, if the app has an id that stays, name its place as `id:`, and add `key: {name}` for the paths"
            );
            reading.error("id", attribute.span, message, &hint);
        }
    }
}
