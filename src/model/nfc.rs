//! One spelling for letters that Unicode can write in two ways, such as `é`: NFC (Unicode Standard Annex 15).

use std::borrow::Cow;

/// The text in NFC.
pub fn nfc(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    icu_normalizer::ComposingNormalizerBorrowed::new_nfc().normalize(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_and_its_accent_are_one_letter() {
        assert_eq!(nfc("Jose\u{301}"), "José");
        assert!(matches!(nfc("José"), Cow::Borrowed(_)));
        assert!(matches!(nfc("Jose"), Cow::Borrowed(_)));
    }
}
