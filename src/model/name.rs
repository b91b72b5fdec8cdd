//! What a person is called.

use std::borrow::Cow;
use std::sync::Arc;

/// The names of a person. At least one of the three is there: many people have one name only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonName {
    given: Option<Arc<str>>,
    family: Option<Arc<str>>,
    display: Option<Arc<str>>,
}

impl PersonName {
    /// The names that are there; `None` if there is none.
    pub fn new(given: Option<Arc<str>>, family: Option<Arc<str>>, display: Option<Arc<str>>) -> Option<Self> {
        (given.is_some() || family.is_some() || display.is_some()).then_some(Self { given, family, display })
    }

    /// One name, to be shown as it is.
    pub fn single(display: impl Into<Arc<str>>) -> Self {
        Self { given: None, family: None, display: Some(display.into()) }
    }

    /// The given name.
    pub fn given(&self) -> Option<&Arc<str>> {
        self.given.as_ref()
    }

    /// The family name.
    pub fn family(&self) -> Option<&Arc<str>> {
        self.family.as_ref()
    }

    /// True if the name to show is made from the parts.
    pub fn is_made_from_parts(&self) -> bool {
        self.display.is_none()
    }

    /// The name to show, if it need not be put together: the display name, or the only part that there is.
    pub fn whole(&self) -> Option<&Arc<str>> {
        match (&self.display, &self.given, &self.family) {
            (Some(name), _, _) | (None, Some(name), None) | (None, None, Some(name)) => Some(name),
            (None, _, _) => None,
        }
    }

    /// The name to show: the display name, else the parts that there are.
    pub fn shown(&self) -> Cow<'_, str> {
        match (self.whole(), &self.given, &self.family) {
            (Some(name), _, _) => Cow::Borrowed(name),
            (None, given, family) => {
                let parts: Vec<&str> = [given, family].into_iter().flatten().map(AsRef::as_ref).collect();
                Cow::Owned(parts.join(" "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(given: &str, family: &str, display: &str) -> Option<PersonName> {
        let part = |text: &str| (!text.is_empty()).then(|| Arc::from(text));
        PersonName::new(part(given), part(family), part(display))
    }

    #[test]
    fn a_name_is_shown_from_what_there_is() {
        for (given, family, display, shown) in [
            ("Ada", "Lovelace", "", "Ada Lovelace"),
            ("Ada", "Lovelace", "Ada King", "Ada King"),
            ("Suharto", "", "", "Suharto"),
            ("", "Suharto", "", "Suharto"),
            ("", "", "Suharto", "Suharto"),
            ("Ada", "", "Countess", "Countess"),
        ] {
            assert_eq!(name(given, family, display).unwrap().shown(), shown);
        }
        assert_eq!(name("", "", ""), None);
        assert_eq!(Some(PersonName::single("Suharto")), name("", "", "Suharto"));
    }
}
