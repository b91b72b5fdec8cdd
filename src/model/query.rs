//! Which parameters a configuration may add to the addresses of requests.

use super::header::Refusal;

/// Ends of the names of parameters whose values are secrets.
const SECRET_ENDS: [&str; 13] = [
    "token",
    "key",
    "secret",
    "password",
    "passwd",
    "pwd",
    "credential",
    "credentials",
    "session",
    "auth",
    "authorization",
    "signature",
    "sig",
];

/// Beginnings of keys and tokens of well-known makers.
const SECRET_STARTS: [&str; 9] =
    ["sk-", "sk_", "eyJ", "ghp_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "AKIA"];

/// Parameters of lists and objects in SCIM (RFC 7644 sections 3.4.2 and 3.9, RFC 9865), and of other interfaces.
const OURS: [&str; 8] =
    ["filter", "startindex", "count", "cursor", "attributes", "excludedattributes", "sortby", "sortorder"];

/// True if a parameter looks like a secret, by its name or by its value.
pub fn is_secret(name: &str, value: &str) -> bool {
    let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let name = name.to_ascii_lowercase();
    // Functions of a large cloud take their key as `code`.
    name == "code"
        || SECRET_ENDS.iter().any(|end| name.ends_with(end))
        || SECRET_STARTS.iter().any(|start| value.starts_with(start))
}

/// Why a parameter may not be added; `None` if it may.
pub fn refusal(name: &str, value: &str) -> Option<Refusal> {
    if is_secret(name, value) {
        Some(Refusal::Secret)
    } else if OURS.contains(&name.to_ascii_lowercase().as_str()) {
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
        for name in ["token", "api_key", "apiKey", "ACCESS-TOKEN", "sig", "code", "password"] {
            assert_eq!(refusal(name, "x"), Some(Refusal::Secret), "{name}");
        }
        for value in ["sk-abc123", "eyJhbGciOi", "glpat-x"] {
            assert_eq!(refusal("t", value), Some(Refusal::Secret), "{value}");
        }
        for name in ["filter", "startIndex", "COUNT", "attributes", "excludedAttributes"] {
            assert_eq!(refusal(name, "x"), Some(Refusal::Ours), "{name}");
        }
        for name in ["tenant", "api-version", "keyspace", "aadOptscim062020", "country_code", "region"] {
            assert_eq!(refusal(name, "8f7d6a5b-4c3d-2e1f-0a9b-8c7d6e5f4a3b"), None, "{name}");
        }
    }
}
