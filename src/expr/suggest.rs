//! "Did you mean".

/// The candidate nearest to what was written, if it is near enough to be worth saying.
pub(super) fn nearest<'c>(written: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let lower = written.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| {
            (
                strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()),
                candidate,
            )
        })
        .filter(|(distance, candidate)| *distance <= (written.len().max(candidate.len()) / 3).max(1))
        .min()
        .map(|(_, candidate)| candidate)
}

/// `did you mean ...?` for the nearest candidate.
pub(super) fn did_you_mean<'c>(
    written: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<String> {
    nearest(written, candidates).map(|name| format!("did you mean `{name}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_suggested_and_far_ones_are_not() {
        let names = ["department", "title", "email"];
        assert_eq!(nearest("departmnet", names), Some("department"));
        assert_eq!(nearest("Title", names), Some("title"));
        assert_eq!(nearest("salary", names), None);
        assert_eq!(nearest("", names), None);
    }
}
