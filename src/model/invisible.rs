//! Invisible characters in a text that is compared: it looks like another one and is not the same (safety.md 22).

use std::sync::Arc;

use super::alphabet::Alphabet;
use super::diagnostic::Diagnostic;
use super::escape::is_hidden;
use super::id::UserNo;
use super::span::Span;

/// Whether the two zero-width joiners may stand in a text. Several scripts cannot be written without them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joiners {
    /// Nowhere: logins, addresses, values that are compared.
    Nowhere,
    /// Between letters of scripts that are written with them: names of groups.
    WhereTheyShow,
    /// Between any letters: names of people.
    BetweenLetters,
}

/// An invisible character, and its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invisible {
    /// The character.
    pub character: char,
    /// Its byte in the text.
    pub at: usize,
    place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    End,
    /// The number of the character, from 1.
    Inside(usize),
}

/// A text of a person, or a value that a declared attribute may have, with such a character. It is an error only if
/// something compares the text.
#[derive(Debug, Clone)]
pub struct InvisibleText {
    /// The person; `None` for a value in the declaration of an attribute.
    pub user: Option<UserNo>,
    /// The attribute as expressions name it, after `user.`.
    pub field: Arc<str>,
    /// The character.
    pub invisible: Invisible,
    /// Where the character stands, or whose it is, if the attribute is sensitive.
    pub span: Span,
}

impl Invisible {
    /// The first invisible character: a blank at either end, or a hidden character anywhere. One pass over the bytes
    /// of a text that holds nothing but ASCII.
    pub fn find(text: &str, joiners: Joiners) -> Option<Self> {
        let bytes = text.as_bytes();
        let is_blank = |byte: Option<&u8>| byte == Some(&b' ');
        let plain = bytes.iter().all(|byte| matches!(byte, b' '..=b'~'));
        if plain && !is_blank(bytes.first()) && !is_blank(bytes.last()) {
            return None;
        }
        Self::first(text, joiners, |character, place| {
            is_hidden(character) || (!matches!(place, Place::Inside(_)) && character.is_whitespace())
        })
    }

    /// The first such character in the source of an expression, where lines and blanks have a use.
    pub fn in_expression(text: &str) -> Option<Self> {
        if text.is_ascii() {
            return None;
        }
        Self::first(text, Joiners::BetweenLetters, |character, _| {
            !character.is_ascii() && is_hidden(character)
        })
    }

    fn first(text: &str, joiners: Joiners, is_invisible: impl Fn(char, Place) -> bool) -> Option<Self> {
        let last = text.char_indices().next_back().map_or(0, |(at, _)| at);
        let mut before = None;
        let mut characters = text.char_indices().zip(1..).peekable();
        while let Some(((at, character), number)) = characters.next() {
            let after = characters.peek().map(|((_, next), _)| *next);
            let place = match at {
                0 => Place::Start,
                at if at == last => Place::End,
                _ => Place::Inside(number),
            };
            if is_invisible(character, place) && !(is_joiner(character) && joiners.allow(before, after)) {
                return Some(Self { character, at, place });
            }
            before = Some(character);
        }
        None
    }

    /// The error about a text that is compared; `whose` names the text.
    pub fn error(&self, span: Span, whose: &str) -> Diagnostic {
        let message = format!("{whose} {}", self.what());
        Diagnostic::error("invisible-character", span, message).with_hint(self.hint())
    }

    /// What is wrong with the text, to follow its name: `ends with a blank`.
    fn what(&self) -> String {
        let kind = if self.character.is_whitespace() { "a blank" } else { "an invisible character" };
        match self.place {
            Place::Start => format!("begins with {kind}"),
            Place::End => format!("ends with {kind}"),
            Place::Inside(_) if self.character.is_whitespace() => {
                "holds a character that only looks like a blank".to_owned()
            }
            Place::Inside(_) => format!("holds {kind}"),
        }
    }

    /// What to do about it. The text is not repeated.
    pub fn hint(&self) -> String {
        let code = code_point(self.character);
        match self.place {
            Place::Start => format!("the first character is {code}: delete it"),
            Place::End => format!("the last character is {code}: delete it"),
            Place::Inside(number) if self.character.is_whitespace() => {
                format!("character {number} is {code}: write a plain blank in its place, or delete it")
            }
            Place::Inside(number) => format!("character {number} is {code}: delete it"),
        }
    }
}

impl Joiners {
    fn allow(self, before: Option<char>, after: Option<char>) -> bool {
        // The signs that kill a vowel or change a letter are no letters to Unicode, and stand before most joiners.
        let is_letter = |c: char| {
            let sign = !c.is_ascii() && !c.is_numeric() && !c.is_whitespace() && !is_hidden(c);
            c.is_alphabetic() || sign
        };
        let fits = |c: Option<char>| {
            c.is_some_and(|c| is_letter(c) && (self == Self::BetweenLetters || Alphabet::of(c).is_none()))
        };
        self != Self::Nowhere && fits(before) && fits(after)
    }
}

fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// True if nothing in the text can be seen.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_hidden(c))
}

/// A character as Unicode writes it: `U+200B`.
pub fn code_point(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint(text: &str, joiners: Joiners) -> Option<String> {
        Invisible::find(text, joiners).map(|invisible| invisible.hint())
    }

    #[test]
    fn an_invisible_character_is_named() {
        for (text, what, hint) in [
            (" ada", "begins with a blank", "the first character is U+0020: delete it"),
            ("ada ", "ends with a blank", "the last character is U+0020: delete it"),
            ("ada\u{a0}", "ends with a blank", "the last character is U+00A0: delete it"),
            ("ada\u{3000}", "ends with a blank", "the last character is U+3000: delete it"),
            ("\u{2003}ada", "begins with a blank", "the first character is U+2003: delete it"),
            ("\u{feff}ada", "begins with an invisible character", "the first character is U+FEFF: delete it"),
            ("ada\u{200b}", "ends with an invisible character", "the last character is U+200B: delete it"),
            ("a\u{ad}da", "holds an invisible character", "character 2 is U+00AD: delete it"),
            ("ad\u{202e}a", "holds an invisible character", "character 3 is U+202E: delete it"),
            ("ad\u{e0041}a", "holds an invisible character", "character 3 is U+E0041: delete it"),
            (
                "a\tb",
                "holds a character that only looks like a blank",
                "character 2 is U+0009: write a plain blank in its place, or delete it",
            ),
            (
                "zo\u{eb}\u{a0}m",
                "holds a character that only looks like a blank",
                "character 4 is U+00A0: write a plain blank in its place, or delete it",
            ),
        ] {
            let found = Invisible::find(text, Joiners::BetweenLetters).unwrap_or_else(|| panic!("{text:?}"));
            assert_eq!((found.what().as_str(), found.hint().as_str()), (what, hint), "{text:?}");
            assert!(text[found.at..].starts_with(found.character), "{text:?}");
        }
    }

    #[test]
    fn what_can_be_seen_is_left_alone() {
        for text in ["", "ada", "Ada Lovelace", "Zoë Müller", "山田\u{3000}太郎", "Ада", "a~b", "🙂"]
        {
            assert_eq!(Invisible::find(text, Joiners::Nowhere), None, "{text:?}");
        }
    }

    #[test]
    fn an_expression_may_have_lines() {
        assert_eq!(Invisible::in_expression(" has(user.title)\n  && user.title == 'Zoë' \n"), None);
        let found = Invisible::in_expression("user.title == 'Zo\u{eb}\u{a0}'").unwrap();
        assert_eq!((found.character, found.at), ('\u{a0}', 19));
    }

    #[test]
    fn joiners_stand_between_letters_of_names() {
        let (sri, persian, latin) =
            ("\u{dc1}\u{dca}\u{200d}\u{dbb}\u{dd3}", "می\u{200c}خواهم", "An\u{200d}na");
        for text in [sri, persian, latin] {
            assert_eq!(hint(text, Joiners::BetweenLetters), None, "{text:?}");
            assert!(hint(text, Joiners::Nowhere).is_some(), "{text:?}");
        }
        assert_eq!(hint(sri, Joiners::WhereTheyShow), None);
        assert_eq!(hint(persian, Joiners::WhereTheyShow), None);
        assert!(hint(latin, Joiners::WhereTheyShow).is_some());
        for text in ["\u{200d}Anna", "Anna\u{200d}", "An \u{200d}na", "An\u{200d}\u{200d}na", "An\u{200d}1"] {
            assert!(hint(text, Joiners::BetweenLetters).is_some(), "{text:?}");
        }
    }

    #[test]
    fn a_text_without_a_visible_character_is_blank() {
        for text in ["", " ", "\u{200b}", "\u{a0}\u{3000}", "\u{2800}\u{200d}", "\t\n"] {
            assert!(is_blank(text), "{text:?}");
        }
        assert!(!is_blank(" x ") && !is_blank("山"));
    }
}
