//! Lists and numbers for people.

/// The first ten of them, and how many more there are.
pub fn first_ten(names: &[String]) -> String {
    let shown = &names[..names.len().min(10)];
    match names.len() - shown.len() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// `1 thing` or `n things`.
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
