//! How much two descriptions of a person have in common: an id is not a person (safety.md 1).

/// What is the same in two descriptions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) enum Likeness {
    None,
    /// The given name or the family name, and nothing else.
    OneName,
    /// The address, another value that tells accounts apart, or the whole name.
    Same,
}

impl Likeness {
    /// Of given name, family name and address, in any form that can be compared.
    pub(in crate::plan) fn of<T: PartialEq>(
        now: &[Option<T>; 3],
        then: &[Option<T>; 3],
        same_value: impl FnOnce() -> bool,
    ) -> Self {
        let is_same = |place: usize| now[place].is_some() && now[place] == then[place];
        let has_one_name = is_same(0) || is_same(1);
        let has_whole_name = has_one_name && now[..2] == then[..2];
        match is_same(2) || has_whole_name || same_value() {
            true => Self::Same,
            false if has_one_name => Self::OneName,
            false => Self::None,
        }
    }

    /// True if this is the same person: of an id that comes back, one equal name is not enough, because families share one.
    pub(in crate::plan) fn is_enough(self, is_back: bool) -> bool {
        match self {
            Self::Same => true,
            Self::OneName => !is_back,
            Self::None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(now: [&str; 3], then: [&str; 3], same_value: bool) -> Likeness {
        let [now, then] = [now, then].map(|names| names.map(|text| (!text.is_empty()).then_some(text)));
        Likeness::of(&now, &then, || same_value)
    }

    #[test]
    fn one_name_is_less_than_the_whole_name() {
        let anna = ["anna", "smith", "anna@x"];
        assert_eq!(of(anna, ["adam", "smith", "adam@x"], false), Likeness::OneName);
        assert_eq!(of(anna, ["anna", "smith", "new@x"], false), Likeness::Same);
        assert_eq!(of(anna, ["adam", "jones", "anna@x"], false), Likeness::Same);
        assert_eq!(of(anna, ["adam", "smith", "adam@x"], true), Likeness::Same);
        assert_eq!(of(anna, ["eve", "moss", "eve@x"], false), Likeness::None);
        assert_eq!(of(["cher", "", ""], ["cher", "", ""], false), Likeness::Same);
        assert_eq!(of(["cher", "", ""], ["cher", "moss", ""], false), Likeness::OneName);
        assert_eq!(of(["", "", ""], ["", "", ""], false), Likeness::None);
    }
}
