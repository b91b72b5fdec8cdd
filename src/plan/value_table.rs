//! Values of roles by all forms in which an app may show them: what an account shows is found without a comparison with each.

use std::collections::HashMap;
use std::sync::Arc;

use crate::catalog::{self, AttributeSchema};
use crate::model::Value;

/// Values of one attribute, each with what it stands for.
pub(super) struct ValueTable<T> {
    schema: Option<AttributeSchema>,
    all: Vec<T>,
    /// Places in `all`; the first one, if a value is there twice.
    exact: HashMap<Arc<str>, usize>,
    /// Places of the values that are one value by the schema.
    alike: HashMap<Value, Vec<usize>>,
}

impl<T> ValueTable<T> {
    pub(super) fn of(
        schema: Option<&AttributeSchema>,
        values: impl IntoIterator<Item = (Arc<str>, T)>,
    ) -> Self {
        let (exact, alike) = (HashMap::new(), HashMap::new());
        let mut table = Self { schema: schema.copied(), all: Vec::new(), exact, alike };
        for (value, what) in values {
            let place = table.all.len();
            let form = catalog::stored_form(schema, &Value::Str(value.clone()));
            table.alike.entry(form).or_default().push(place);
            table.exact.entry(value).or_insert(place);
            table.all.push(what);
        }
        table
    }

    pub(super) fn all(&self) -> &[T] {
        &self.all
    }

    /// The place of what has exactly this value.
    pub(super) fn exactly(&self, value: &Value) -> Option<usize> {
        self.exact.get(value.to_string().as_str()).copied()
    }

    /// The places of what may be shown so.
    pub(super) fn alike(&self, value: &Value) -> &[usize] {
        self.alike.get(&catalog::stored_form(self.schema.as_ref(), value)).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{StoredCase, Type};

    #[test]
    fn a_value_is_found_in_each_form_that_the_schema_lets_it_have() {
        let schema =
            AttributeSchema { stored_case: StoredCase::Ignored, ..AttributeSchema::of(Type::String) };
        let values = ["ADMIN", "jose\u{301}", "admin", "7"].map(Arc::from).into_iter().enumerate();
        let table = ValueTable::of(Some(&schema), values.map(|(place, value)| (value, place)));
        let found = |value: Value| (table.exactly(&value), table.alike(&value).to_vec());
        assert_eq!(found("admin".into()), (Some(2), vec![0, 2]));
        assert_eq!(found("Admin".into()), (None, vec![0, 2]));
        assert_eq!(found("JOS\u{c9}".into()), (None, vec![1]));
        assert_eq!(found(Value::Int(7)), (Some(3), vec![3]));
        assert_eq!(found("boss".into()), (None, vec![]));
        // Without a schema, case counts.
        let table = ValueTable::of(None, [(Arc::from("ADMIN"), 0)]);
        assert_eq!(table.alike(&"admin".into()), &[] as &[usize]);
    }
}
