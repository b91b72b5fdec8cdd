//! Which headers a configuration may add to requests.

/// Why a header is none of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Its name says that the value is a secret.
    Secret,
    /// It is set for every request, or decides where one goes.
    Ours,
}

impl Refusal {
    /// In words, to follow the name.
    pub fn words(self) -> &'static str {
        match self {
            Refusal::Secret => "looks like a secret: credentials belong below `auth`",
            Refusal::Ours => "is set by rolecall itself",
        }
    }
}

/// Parts of header names that say that the value is a secret.
const SECRET_WORDS: [&str; 8] =
    ["authorization", "token", "key", "secret", "password", "cookie", "credential", "session"];

const OURS: [&str; 9] = [
    "accept",
    "content-type",
    "content-length",
    "host",
    "if-match",
    "user-agent",
    "connection",
    "transfer-encoding",
    "te",
];

/// Why a header may not be added; `None` if it may.
pub fn refusal(name: &str) -> Option<Refusal> {
    let lower = name.to_ascii_lowercase();
    if SECRET_WORDS.iter().any(|word| lower.contains(word)) {
        Some(Refusal::Secret)
    } else if OURS.contains(&lower.as_str()) {
        Some(Refusal::Ours)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_secret_or_is_ours_is_refused() {
        for secret in ["Authorization", "X-Api-Key", "x-auth-TOKEN", "Cookie"] {
            assert_eq!(refusal(secret), Some(Refusal::Secret), "{secret}");
        }
        for ours in ["Host", "content-LENGTH"] {
            assert_eq!(refusal(ours), Some(Refusal::Ours), "{ours}");
        }
        assert_eq!(refusal("X-Tenant"), None);
    }
}
