//! Settings by their dotted names. Each one is read once; those left over are not known. Why not serde: see
//! docs/decisions/0022.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::Value;

/// Names of headers, or of parameters, and their values.
pub(super) type Named = Vec<(Arc<str>, Arc<str>)>;

/// Settings not read yet.
pub(super) struct Rest {
    left: BTreeMap<Arc<str>, Value>,
    /// Every name that was asked for.
    #[cfg(test)]
    pub asked: Vec<String>,
}

impl Rest {
    /// All of them.
    pub(super) fn new(settings: &BTreeMap<Arc<str>, Value>) -> Self {
        Self {
            left: settings.clone(),
            #[cfg(test)]
            asked: Vec::new(),
        }
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        #[cfg(test)]
        self.asked.push(name.to_owned());
        self.left.remove(name).filter(|value| !value.is_null())
    }

    pub(super) fn flag(&mut self, name: &str) -> Result<Option<bool>, String> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(flag)),
            Some(other) => Err(wrong(name, &other, "true or false")),
        }
    }

    pub(super) fn number(&mut self, name: &str) -> Result<Option<u32>, String> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Int(number)) if number > 0 && u32::try_from(number).is_ok() => {
                Ok(u32::try_from(number).ok())
            }
            Some(other) => Err(wrong(name, &other, "a number above 0")),
        }
    }

    pub(super) fn text(&mut self, name: &str) -> Result<Option<Arc<str>>, String> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Str(text)) => Ok(Some(text)),
            Some(other) => Err(wrong(name, &other, "text")),
        }
    }

    pub(super) fn texts(&mut self, name: &str) -> Result<Vec<Arc<str>>, String> {
        let items = match self.take(name) {
            None => return Ok(Vec::new()),
            Some(Value::List(items)) => items,
            Some(single) => vec![single],
        };
        let text = |item: Value| match item {
            Value::Str(text) => Ok(text),
            other => Err(wrong(name, &other, "text")),
        };
        items.into_iter().map(text).collect()
    }

    pub(super) fn choice<T: Copy>(&mut self, name: &str, choices: &[(&str, T)]) -> Result<Option<T>, String> {
        let Some(value) = self.take(name) else {
            return Ok(None);
        };
        let found = choices.iter().find(|(word, _)| value.as_str() == Some(word));
        match found {
            Some((_, chosen)) => Ok(Some(*chosen)),
            None => {
                let words: Vec<_> = choices.iter().map(|(word, _)| *word).collect();
                Err(wrong(name, &value, &words.join(" or ")))
            }
        }
    }

    /// Texts below a setting whose keys are free.
    pub(super) fn named(&mut self, setting: &str) -> Result<Named, String> {
        let prefix = format!("{setting}.");
        let names: Vec<_> = self.left.keys().filter(|name| name.starts_with(&prefix)).cloned().collect();
        let mut named = Vec::new();
        for name in names {
            if let Some(text) = self.text(&name)? {
                named.push((name[prefix.len()..].into(), text));
            }
        }
        Ok(named)
    }

    pub(super) fn none_left(&self) -> Result<(), String> {
        match self.left.keys().find(|name| !name.starts_with("x-") && !name.contains(".x-")) {
            Some(name) => Err(format!("settings.{name} is not a setting of connector scim")),
            None => Ok(()),
        }
    }
}

fn wrong(name: &str, value: &Value, expected: &str) -> String {
    format!("settings.{name}: expected {expected}, not {value}")
}
