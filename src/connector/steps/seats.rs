//! Whether an app refuses an account because no licence or seat is free (safety.md 14). There is no standard answer, so the
//! app's status decides, then its keyword, and its sentence only where there is no keyword.
//!
//! A sentence has to say that a number of seats is used up. One that is missed costs a refusal for each account. One that is
//! found by mistake makes people wait who could have an account.

use crate::connector::error::ConnectorError;

/// Words for what an account takes up.
const SEAT: [&str; 3] = ["seat", "license", "licence"];
const SEATS: [&str; 3] = ["seats", "licenses", "licences"];

/// Words for who is counted, where an app limits accounts and not licences.
const PERSON: [&str; 3] = ["user", "account", "member"];
const PEOPLE: [&str; 4] = ["users", "accounts", "members", "people"];

/// Words for a number that may not be passed.
const LIMIT: [&str; 7] = ["limit", "limits", "maximum", "max", "quota", "number", "allowance"];

/// Words that say that such a number is reached.
const REACHED: [&str; 7] = ["exceeded", "exceeds", "exceed", "reached", "exhausted", "hit", "full"];

/// Words for seats that can still be taken.
const LEFT: [&str; 8] = ["more", "free", "left", "available", "remaining", "unused", "spare", "vacant"];

/// Words for seats that are taken.
const TAKEN: [&str; 7] = ["used", "taken", "assigned", "allocated", "consumed", "occupied", "exhausted"];

/// Words for other things that have a limit.
const OTHER: [&str; 16] = [
    "length",
    "long",
    "longer",
    "character",
    "characters",
    "chars",
    "size",
    "bytes",
    "requests",
    "rate",
    "attempts",
    "password",
    "email",
    "mail",
    "address",
    "phone",
];

/// True if the refusal of a new account, or of one that is turned on, says that no licence or seat is free.
pub fn are_full(error: &ConnectorError) -> bool {
    let said = || error.code.as_deref().or(error.detail.as_deref());
    match error.status {
        Some(402) => true,
        Some(400 | 403 | 409 | 422) => said().is_some_and(|said| Said::of(said).are_used_up()),
        _ => false,
    }
}

/// The words of an app, in lower case.
struct Said(Vec<String>);

impl Said {
    fn of(text: &str) -> Self {
        Self(words(text))
    }

    /// True if a number of seats, or of accounts, is used up.
    fn are_used_up(&self) -> bool {
        !self.has(&OTHER) && (self.none_is_left() || self.all_are_taken() || self.limit_is_reached())
    }

    /// `no seats left`, `not enough licences`, `out of seats`.
    fn none_is_left(&self) -> bool {
        let none = |next: &[String]| has(next, &LEFT) && (has(next, &SEAT) || has(next, &SEATS));
        let few = |next: &[String]| has(next, &SEATS);
        self.after(&["no", "zero", "0"], 5).any(none)
            || self.after(&["enough", "insufficient"], 4).any(few)
            || self.after(&["out"], 2).any(|next| next.first().is_some_and(|word| word == "of") && few(next))
    }

    /// `all licences are in use`, `the seats are exhausted`.
    fn all_are_taken(&self) -> bool {
        let taken = |next: &[String]| has(next, &TAKEN) || has(next, &["use"]);
        let all = self.after(&["all"], 8).any(|next| has(next, &SEATS) && taken(next));
        all || self.after(&SEATS, 3).any(|next| has(next, &["exhausted", "full"]))
    }

    /// `seat limit exceeded`, `the maximum number of users is reached`.
    fn limit_is_reached(&self) -> bool {
        let of_seats = self.after(&SEAT, 1).chain(self.after(&SEATS, 1)).any(|next| has(next, &LIMIT))
            || self.after(&LIMIT, 4).any(|next| has(next, &SEATS));
        let of_people = self.after(&PERSON, 1).chain(self.after(&PEOPLE, 1)).any(|next| has(next, &LIMIT))
            || self.after(&LIMIT, 4).any(|next| has(next, &PEOPLE));
        self.has(&REACHED) && (of_seats || of_people)
    }

    fn has(&self, wanted: &[&str]) -> bool {
        has(&self.0, wanted)
    }

    /// For each of these words, the next words, at most so many.
    fn after(&self, wanted: &'static [&str], number: usize) -> impl Iterator<Item = &[String]> {
        let found = self.0.iter().enumerate().filter(|(_, word)| wanted.contains(&word.as_str()));
        found.map(move |(at, _)| &self.0[at + 1..self.0.len().min(at + 1 + number)])
    }
}

fn has(words: &[String], wanted: &[&str]) -> bool {
    words.iter().any(|word| wanted.contains(&word.as_str()))
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
            (403, None, "You cannot have more than the maximum of 50 users: limit reached"),
            (422, None, "not enough licenses"),
            (403, None, "There are no free user licenses."),
            (403, None, "All of your 25 purchased seats are in use"),
            (400, None, "The workspace has run out of seats"),
            (409, None, "seatLimitExceeded"),
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
            // About one value of the account.
            (400, None, "userName exceeds maximum length"),
            (400, None, "user name exceeds the maximum number of characters"),
            (400, None, "The maximum number of members of a user is exceeded by this address"),
            // About one person.
            (403, None, "license not available for this user"),
            (403, None, "Insufficient license"),
            (403, None, "the user has no license"),
            (400, None, "the license of this user is already used"),
            (403, None, "upgrade your license to set this attribute"),
            (403, None, "user exceeds the maximum number of groups"),
            // The keyword says what it is about, whatever the sentence is.
            (409, Some("uniqueness"), "No seats left for this userName"),
            (400, Some("invalidValue"), "license limit exceeded"),
        ] {
            assert!(!full(status, code, detail), "{status} {code:?} {detail}");
        }
    }
}
