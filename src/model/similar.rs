//! "Did you mean": the nearest of some names, if one is near enough.

/// The known name nearest to a misspelt one. Far names are no help and are not offered.
pub fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let folded = name.to_lowercase();
    let length = name.chars().count();
    let limit = match length {
        0..=2 => 1,
        3..=5 => 2,
        _ => 3,
    };
    let letters = letters(&folded);
    known
        .into_iter()
        // The distance itself is slow; most names are out by their length or their letters.
        .filter(|candidate| candidate.len().abs_diff(name.len()) <= 4 * limit)
        .filter(|candidate| (self::letters(candidate) ^ letters).count_ones() as usize <= 2 * limit)
        .filter_map(|candidate| {
            let distance = strsim::osa_distance(&folded, &candidate.to_lowercase());
            (distance <= limit && distance < length).then_some((distance, candidate))
        })
        .min()
        .map(|(_, candidate)| candidate)
}

/// True if two names differ by one slip at most, the case of letters aside.
pub fn is_slip(name: &str, known: &str) -> bool {
    strsim::osa_distance(&name.to_lowercase(), &known.to_lowercase()) <= 1
}

/// Which letters and digits a text has, without case; one edit changes at most two.
fn letters(text: &str) -> u64 {
    let bits = text.bytes().map(|byte| match byte.to_ascii_lowercase() {
        byte @ b'a'..=b'z' => byte - b'a',
        byte @ b'0'..=b'9' => byte - b'0' + 26,
        byte => 36 + byte % 28,
    });
    bits.fold(0, |all, bit| all | 1 << bit)
}

/// ``did you mean `…`?`` for the nearest name.
pub fn did_you_mean<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<String> {
    nearest(name, known).map(|near| format!("did you mean `{near}`?"))
}

/// A hint for a misspelt name: the nearest one, or, if there are few, all of them.
pub fn hint<'n>(name: &str, known: impl IntoIterator<Item = &'n str> + Clone, what: &str) -> Option<String> {
    if let Some(hint) = did_you_mean(name, known.clone()) {
        return Some(hint);
    }
    let mut all: Vec<_> = known.into_iter().take(13).collect();
    all.sort_unstable();
    match all.len() {
        0 => None,
        1..=12 => Some(format!("{what}: {}", all.join(", "))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_near_names_are_offered() {
        assert_eq!(nearest("emial", ["email", "title"]), Some("email"));
        assert_eq!(nearest("Email", ["email", "title"]), Some("email"));
        assert_eq!(nearest("xyzzy", ["email", "title"]), None);
        assert_eq!(nearest("ad", ["ada", "bob"]), Some("ada"));
        assert_eq!(nearest("a", ["b"]), None);
        let attributes = ["department", "title", "email"];
        assert_eq!(nearest("departmnet", attributes), Some("department"));
        assert_eq!(nearest("Title", attributes), Some("title"));
        assert_eq!(nearest("salary", attributes), None);
        assert_eq!(nearest("", attributes), None);
    }
}
