//! Parameters that every address of an app needs.

use std::sync::Arc;

use reqwest::Url;

use crate::model::query;

/// Names and values, in the order in which they are written.
pub(crate) struct Query(Vec<(Arc<str>, Arc<str>)>);

/// The parameters that the app's settings add.
///
/// # Errors
/// One of them cannot be sent; the text says which one, and why.
pub(crate) fn query_of(parameters: &[(Arc<str>, Arc<str>)]) -> Result<Query, String> {
    for (name, value) in parameters {
        if let Some(refusal) = query::refusal(name, value) {
            return Err(format!("parameter {name} {}", refusal.words()));
        }
    }
    Ok(Query(parameters.to_vec()))
}

impl Query {
    /// The address with the parameters behind those that it has. A space is `%20`: `+` is a space in forms only, and not
    /// every app reads queries as forms.
    pub(super) fn added_to(&self, mut url: Url) -> Url {
        if !self.0.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.0);
        }
        if let Some(query) = url.query()
            && query.contains('+')
        {
            let query = query.replace('+', "%20");
            url.set_query(Some(&query));
        }
        url
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn added(parameters: &[(&str, &str)], url: &str) -> String {
        let parameters: Vec<_> =
            parameters.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        query_of(&parameters).unwrap_or_else(|why| panic!("{why}")).added_to(url.parse().unwrap()).into()
    }

    #[test]
    fn parameters_stand_behind_those_of_the_request() {
        let own = [("tenant", "a b&c+d"), ("api-version", "2026/1")];
        let told = "tenant=a%20b%26c%2Bd&api-version=2026%2F1";
        assert_eq!(added(&own, "https://a.example/Users"), format!("https://a.example/Users?{told}"));
        assert_eq!(
            added(&own, "https://a.example/Users?count=1"),
            format!("https://a.example/Users?count=1&{told}")
        );
        assert_eq!(added(&[], "https://a.example/Users"), "https://a.example/Users");
    }

    #[test]
    fn filters_survive_the_url() {
        let mut url = Url::parse("https://a.example/Users").unwrap();
        url.query_pairs_mut().append_pair("filter", r#"userName eq "a+b\"%&c@x.example""#);
        assert_eq!(
            added(&[], url.as_str()),
            "https://a.example/Users?filter=userName%20eq%20%22a%2Bb%5C%22%25%26c%40x.example%22"
        );
    }

    #[test]
    fn parameters_that_are_ours_or_secret_are_refused() {
        for name in ["filter", "COUNT", "api_key"] {
            assert!(query_of(&[(name.into(), "x".into())]).is_err(), "{name}");
        }
    }
}
