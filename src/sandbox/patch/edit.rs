use serde_json::Value;

use super::action::Action;
use super::value;
use crate::sandbox::attr::{Attr, Mutability, Type};
use crate::sandbox::fault::Fault;
use crate::sandbox::filter::Filter;
use crate::sandbox::shape;
use crate::sandbox::target::{Object, Target};

/// One change of one attribute.
pub(super) struct Edit<'a> {
    pub action: Action,
    pub target: Target,
    pub filter: Option<&'a Filter>,
}

impl Edit<'_> {
    pub(super) fn apply(&self, resource: &mut Object, value: &Value) -> Result<(), Fault> {
        let attr = self.target.attr;
        // The list of schemas follows from the attributes; clients may repeat it.
        if attr.name == "schemas" {
            return Ok(());
        }
        self.check_writable()?;
        let holder = self.holder(resource)?;
        match (self.filter, self.target.sub) {
            (Some(filter), sub) => self.matching(holder, filter, sub, value)?,
            (None, Some(sub)) => self.part(holder, sub, value)?,
            (None, None) if self.action == Action::Remove => {
                holder.remove(attr.name);
            }
            (None, None) if attr.multi => self.list(holder, value)?,
            (None, None) => self.single(holder, value)?,
        }
        if holder.get(attr.name).is_some_and(is_empty) {
            holder.remove(attr.name);
        }
        if attr.required && !holder.contains_key(attr.name) {
            return Err(Fault::mutability(format!("{} is required and cannot be removed", attr.name)));
        }
        Ok(())
    }

    fn check_writable(&self) -> Result<(), Fault> {
        for attr in [Some(self.target.attr), self.target.sub].into_iter().flatten() {
            if attr.mutability == Mutability::ReadOnly {
                return Err(Fault::mutability(format!("{} is read-only", attr.name)));
            }
        }
        Ok(())
    }

    fn holder<'r>(&self, resource: &'r mut Object) -> Result<&'r mut Object, Fault> {
        let Some(schema) = self.target.extension else {
            return Ok(resource);
        };
        let holder = resource.entry(schema.urn).or_insert_with(|| Object::new().into());
        holder.as_object_mut().ok_or_else(|| Fault::internal(format!("{} is not an object", schema.name)))
    }

    fn single(&self, holder: &mut Object, value: &Value) -> Result<(), Fault> {
        let attr = self.target.attr;
        if attr.of == Type::Complex && !value.is_null() {
            return value::merge(attr, complex(holder, attr)?, value);
        }
        match shape::single(attr, value)? {
            Some(value) => {
                holder.insert(attr.name.to_owned(), value);
            }
            None if self.action == Action::Replace => {
                holder.remove(attr.name);
            }
            None => {}
        }
        Ok(())
    }

    fn list(&self, holder: &mut Object, value: &Value) -> Result<(), Fault> {
        let attr = self.target.attr;
        let given = value::several(attr, value)?;
        let entries = entries(holder, attr)?;
        if self.action == Action::Replace {
            entries.clear();
        }
        let first = value::append(attr, entries, given);
        value::one_primary(attr, entries, |at| at >= first)
    }

    /// `name.givenName`.
    fn part(&self, holder: &mut Object, sub: &'static Attr, value: &Value) -> Result<(), Fault> {
        let attr = self.target.attr;
        if attr.multi {
            return Err(Fault::path(format!(
                "{} has several values; say which, as {}[type eq \"work\"].{}",
                attr.name, attr.name, sub.name
            )));
        }
        value::set_part(attr, sub, complex(holder, attr)?, self.action, value)
    }

    /// `emails[type eq "work"]`, `emails[type eq "work"].value`.
    fn matching(
        &self,
        holder: &mut Object,
        filter: &Filter,
        sub: Option<&'static Attr>,
        value: &Value,
    ) -> Result<(), Fault> {
        let attr = self.target.attr;
        let entries = entries(holder, attr)?;
        let fits = |entry: &Value| entry.as_object().is_some_and(|entry| filter.matches(entry));
        let matched: Vec<bool> = entries.iter().map(fits).collect();
        if !matched.contains(&true) {
            return Err(Fault::no_target(format!("no value of {} fits the filter", attr.name)));
        }
        if self.action == Action::Remove && sub.is_none() {
            let mut keep = matched.iter().map(|matched| !matched);
            entries.retain(|_| keep.next().unwrap_or(true));
            return Ok(());
        }
        for (entry, _) in entries.iter_mut().zip(&matched).filter(|(_, matched)| **matched) {
            let parts = entry.as_object_mut().ok_or_else(|| not_an_object(attr))?;
            match sub {
                Some(sub) => value::set_part(attr, sub, parts, self.action, value)?,
                None if self.action == Action::Replace && !attr.by_value() => {
                    *entry = shape::single(attr, value)?.unwrap_or(Value::Null);
                }
                None => value::merge(attr, parts, value)?,
            }
        }
        value::one_primary(attr, entries, |at| matched.get(at) == Some(&true))?;
        entries.retain(|entry| !is_empty(entry));
        Ok(())
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(entries) => entries.is_empty(),
        Value::Object(parts) => parts.is_empty(),
        _ => false,
    }
}

fn complex<'a>(holder: &'a mut Object, attr: &Attr) -> Result<&'a mut Object, Fault> {
    let value = holder.entry(attr.name).or_insert_with(|| Object::new().into());
    value.as_object_mut().ok_or_else(|| not_an_object(attr))
}

fn entries<'a>(holder: &'a mut Object, attr: &Attr) -> Result<&'a mut Vec<Value>, Fault> {
    let value = holder.entry(attr.name).or_insert_with(|| Value::Array(Vec::new()));
    value.as_array_mut().ok_or_else(|| Fault::internal(format!("{} is not an array", attr.name)))
}

fn not_an_object(attr: &Attr) -> Fault {
    Fault::internal(format!("{} is not an object", attr.name))
}
