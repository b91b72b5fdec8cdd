//! Whether an app refuses an account because no licence or seat is free (safety.md 14). There is no standard answer, so the
//! app's words decide.

use crate::connector::error::ConnectorError;

/// Words for what an account takes up.
const SEATS: [&str; 6] = ["seat", "seats", "license", "licenses", "licence", "licences"];

/// Who is counted, where an app limits accounts and not licences.
const PEOPLE: [&str; 6] = ["user", "users", "account", "accounts", "member", "members"];

/// Words that say that there is no more of something.
const NO_MORE: [&str; 21] = [
    "limit",
    "limits",
    "exceeded",
    "exceeds",
    "exceed",
    "reached",
    "maximum",
    "max",
    "quota",
    "available",
    "remaining",
    "left",
    "free",
    "enough",
    "insufficient",
    "exhausted",
    "full",
    "used",
    "taken",
    "purchase",
    "upgrade",
];

/// The same for accounts, of which such a sentence says many other things.
const LIMITED: [&str; 4] = ["limit", "maximum", "max", "quota"];

/// True if the refusal of a new account, or of one that is turned on, says that no licence or seat is free.
pub fn are_full(error: &ConnectorError) -> bool {
    let says_so = || {
        let said = [error.code.as_deref(), error.detail.as_deref()];
        let words: Vec<String> = said.into_iter().flatten().flat_map(words).collect();
        let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(&word.as_str()));
        let ends = has(&["exceeded", "exceeds", "exceed", "reached"]);
        has(&SEATS) && (has(&NO_MORE) || none_of(&words)) || has(&PEOPLE) && has(&LIMITED) && ends
    };
    match error.status {
        Some(402) => true,
        Some(400 | 403 | 409 | 422) => says_so(),
        _ => false,
    }
}

/// `no seats`, `no more licences`.
fn none_of(words: &[String]) -> bool {
    words.iter().enumerate().any(|(at, word)| {
        let next = words.iter().skip(at + 1).take(2);
        word == "no" && next.into_iter().any(|word| SEATS.contains(&word.as_str()))
    })
}

/// The words of a text in lower case; `LicenseLimitExceeded` has three.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for c in text.chars() {
        if !c.is_alphanumeric() || (was_small && c.is_uppercase()) {
            words.push(String::new());
        }
        if let (true, Some(word)) = (c.is_alphanumeric(), words.last_mut()) {
            word.extend(c.to_lowercase());
        }
        was_small = c.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connector::error::ErrorKind;

    fn full(status: u16, code: Option<&str>, detail: &str) -> bool {
        let error = ConnectorError::new(&"a".into(), ErrorKind::Refused, "answered")
            .with_request("POST", "/Users", Some(status))
            .with_code(code)
            .with_detail(detail);
        are_full(&error)
    }

    #[test]
    fn seats_that_are_used_up_are_told_in_many_ways() {
        for (status, code, detail) in [
            (402, None, ""),
            (403, None, "No seats available"),
            (400, None, "There are no more licences."),
            (403, None, "You have reached your plan's seat limit. Upgrade to add more people."),
            (409, Some("LicenseLimitExceeded"), ""),
            (400, Some("SEAT_LIMIT_REACHED"), "cannot add"),
            (403, None, "All licenses are used"),
            (400, None, "Maximum number of users exceeded"),
            (403, None, "User limit reached for this workspace"),
            (422, None, "not enough licenses"),
        ] {
            assert!(full(status, code, detail), "{status} {code:?} {detail}");
        }
    }

    #[test]
    fn other_refusals_are_not_about_seats() {
        for (status, code, detail) in [
            (409, Some("uniqueness"), "userName is taken"),
            (400, Some("invalidValue"), "unknown license type"),
            (403, None, "you may not add users"),
            (400, None, "the maximum length of the user name is 64"),
            (400, None, "the account is full of dots"),
            (429, None, "no seats"),
            (500, None, "license limit exceeded"),
            (404, None, ""),
        ] {
            assert!(!full(status, code, detail), "{status} {code:?} {detail}");
        }
    }
}
