//! Alphabets whose letters look like each other's: a Cyrillic letter in a Latin word makes another word of the same look.

use std::fmt;

/// An alphabet with letters that look like those of another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alphabet {
    Latin,
    Greek,
    Cyrillic,
    Armenian,
    Cherokee,
    Coptic,
    Lisu,
}

impl Alphabet {
    /// The alphabet of a letter, by the blocks of Unicode; `None` for everything that is no letter of one of these.
    pub fn of(c: char) -> Option<Self> {
        if !c.is_alphabetic() {
            return None;
        }
        Some(match u32::from(c) {
            0x41..=0x24f | 0x1e00..=0x1eff | 0x2c60..=0x2c7f | 0xa722..=0xa7ff | 0xff21..=0xff5a => {
                Self::Latin
            }
            0x370..=0x3e1 | 0x3f0..=0x3ff | 0x1f00..=0x1fff => Self::Greek,
            0x400..=0x52f | 0x1c80..=0x1c8f | 0xa640..=0xa69f => Self::Cyrillic,
            0x531..=0x58f => Self::Armenian,
            0x13a0..=0x13ff | 0xab70..=0xabbf => Self::Cherokee,
            0x3e2..=0x3ef | 0x2c80..=0x2cff => Self::Coptic,
            0xa4d0..=0xa4ff => Self::Lisu,
            _ => return None,
        })
    }
}

impl fmt::Display for Alphabet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// Two letters of one word, of different alphabets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mixed {
    /// A letter of the alphabet that the word begins with.
    pub first: (char, Alphabet),
    /// The first letter of another alphabet, and its byte in the text.
    pub other: (char, Alphabet),
    pub at: usize,
}

/// The first word that mixes alphabets. Words end at everything that is no letter, because `иван@acme.example` is an
/// honest address.
pub fn mixed(text: &str) -> Option<Mixed> {
    if text.is_ascii() {
        return None;
    }
    let mut first: Option<(char, Alphabet)> = None;
    for (at, c) in text.char_indices() {
        match (first, Alphabet::of(c)) {
            (Some(first), Some(other)) if first.1 != other => {
                return Some(Mixed { first, other: (c, other), at });
            }
            (None, Some(alphabet)) => first = Some((c, alphabet)),
            (_, None) if !c.is_alphabetic() => first = None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_foreign_letter_in_a_word_is_found() {
        for (text, at, alphabets) in [
            ("\u{441}yd@acme.example", 2, (Alphabet::Cyrillic, Alphabet::Latin)),
            ("ada@acm\u{435}.example", 7, (Alphabet::Latin, Alphabet::Cyrillic)),
            ("ad\u{3b1}@acme.example", 2, (Alphabet::Latin, Alphabet::Greek)),
            ("ada@\u{561}cme.example", 6, (Alphabet::Armenian, Alphabet::Latin)),
        ] {
            let found = mixed(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((found.at, (found.first.1, found.other.1)), (at, alphabets), "{text}");
        }
    }

    #[test]
    fn words_of_one_alphabet_are_not_mixed() {
        for text in [
            "ada@acme.example",
            "zoë.müller@acme.example",
            "иван.петров@acme.example",
            "иван@пример.рф",
            "γιώργος7@acme.example",
            "山田taro@例え.jp",
            "민수@acme.example",
            "",
        ] {
            assert_eq!(mixed(text), None, "{text}");
        }
    }
}
