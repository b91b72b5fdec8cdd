//! Files whose content is not known: what they may declare is not reported as missing.

/// Texts that could not be read as YAML, or not at all.
#[derive(Debug, Clone, Default)]
pub struct Hidden<'a> {
    texts: Vec<&'a str>,
    everything: bool,
}

impl<'a> Hidden<'a> {
    /// A file with a syntax error.
    pub fn add_text(&mut self, text: &'a str) {
        self.texts.push(text);
    }

    /// A file whose text is not known either.
    pub fn add_unread(&mut self) {
        self.everything = true;
    }

    /// True if nothing is hidden.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty() && !self.everything
    }

    /// True if the name could be declared in a hidden file: it stands there as a word.
    pub fn may_declare(&self, name: &str) -> bool {
        self.everything || self.texts.iter().any(|text| has_word(text, name))
    }
}

fn has_word(text: &str, word: &str) -> bool {
    let part =
        |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '@' | '+'));
    text.match_indices(word)
        .any(|(at, _)| !part(text[..at].chars().next_back()) && !part(text[at + word.len()..].chars().next()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_words_count() {
        let mut hidden = Hidden::default();
        assert!(!hidden.may_declare("ada"));
        hidden.add_text("users:\n  ada-l: [\n  bob: {");
        assert!(!hidden.may_declare("ada"));
        assert!(hidden.may_declare("ada-l") && hidden.may_declare("bob"));
        hidden.add_unread();
        assert!(hidden.may_declare("anybody"));
    }
}
