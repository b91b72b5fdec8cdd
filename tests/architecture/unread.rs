//! What was read from an app is seen, seen to be none, or unread (safety.md 22). The types keep the three apart; this finds the
//! places where the third one is dropped. Each of them has a reason.

use std::collections::BTreeMap;

use super::strip::strip;

/// Folders and files whose code meets what was read.
const READERS: [&str; 23] = [
    "src/plan/",
    "src/apply/",
    "src/engine/maintenance/",
    "src/connector/rest/decode.rs",
    "src/connector/rest/find.rs",
    "src/connector/rest/get.rs",
    "src/connector/rest/look_up.rs",
    "src/connector/rest/members.rs",
    "src/connector/rest/names.rs",
    "src/connector/rest/proof.rs",
    "src/connector/rest/update.rs",
    "src/connector/steps/index.rs",
    "src/connector/scim/decode.rs",
    "src/connector/scim/extract.rs",
    "src/connector/scim/find.rs",
    "src/connector/scim/get.rs",
    "src/connector/scim/holdings.rs",
    "src/connector/scim/json.rs",
    "src/connector/scim/look_up.rs",
    "src/connector/scim/member_list.rs",
    "src/connector/scim/members.rs",
    "src/connector/scim/proof.rs",
    "src/connector/scim/update.rs",
];

/// A value that was shown as an option, and an unread fact whose reason nobody looks at.
const DROPPED: [&str; 5] = [".shown()", "Seen::shown", "Unread(_)", ".everybody()", "::everybody"];

/// What a person is called is no fact of an app.
const PERSON: &str = "name.shown()";

/// The same where answers are decoded: what cannot be understood becomes nothing.
const REPLACED: [&str; 3] = ["unwrap_or", ".ok()", "filter_map("];

/// What was read, by the names that it has where it is compared.
const READ: [&str; 9] =
    ["shown()", "Seen::", "our_id", "emails", ".activity", ".holds", ".seen(", "findings", "answers."];

/// What a person or a group is called, in words.
const CALLED: &str = "name.as_deref()";

/// The first part of a path whose files decode.
const DECODING: &str = "src/connector/";

/// Allowed uses: the file, their number, and why nothing is concluded from what is unread there.
const ALLOWED: &[(&str, usize, &str)] = &[
    ("src/apply/kinds.rs", 1, "an attribute that is not shown after a write is not called lost"),
    ("src/apply/updates/accounts.rs", 1, "what the plan remembers of a person stands beside what was read"),
    (
        "src/apply/updates/kept.rs",
        2,
        "what cannot be read is taken to be what was asked; what stood there before proves nothing",
    ),
    (
        "src/connector/rest/decode.rs",
        15,
        "what cannot be converted is unread with its form; an odd id of ours is kept as text; a login that is not shown names nobody; addresses are for `protect`; an odd time of creation says nothing",
    ),
    (
        "src/connector/rest/find.rs",
        2,
        "one object that does not show the value stays as it was found; look-ups that could not be tried prove nothing",
    ),
    (
        "src/connector/rest/look_up.rs",
        4,
        "one odd value must not stop every look-up; the others are keys of values, and a value as it is sent",
    ),
    (
        "src/connector/rest/members.rs",
        5,
        "members that are unread are all sent once, in two places; a login that an account alone does not show is not compared; the others are names of ours",
    ),
    ("src/connector/rest/names.rs", 1, "an attribute without names"),
    ("src/connector/rest/update.rs", 1, "a value that cannot be read is written"),
    (
        "src/connector/scim/decode.rs",
        4,
        "a row without an id is left out, and its list is short; an odd id of ours is kept as text; addresses are for `protect`",
    ),
    (
        "src/connector/scim/find.rs",
        2,
        "one odd value must not stop every look-up; look-ups that could not be tried prove nothing",
    ),
    ("src/connector/scim/look_up.rs", 3, "parts of paths, and values that nobody can have"),
    ("src/connector/scim/holdings.rs", 1, "an entry in an odd form is shown as it came"),
    ("src/connector/steps/index.rs", 1, "a value that the whole list does not have"),
    (
        "src/connector/scim/json.rs",
        1,
        "a total that is no number is none, and a list without a total is read to its end",
    ),
    ("src/connector/scim/member_list.rs", 1, "a list that is not understood is unread"),
    (
        "src/connector/scim/members.rs",
        6,
        "unread members are neither added to, nor compared, nor left out; the others are words for a message, and a key",
    ),
    ("src/connector/scim/update.rs", 2, "a value that cannot be read is written; the other is a setting"),
    ("src/engine/maintenance/evidence.rs", 1, "what is unread proves no link"),
    ("src/plan/compare.rs", 1, "what the app was last told is what counts"),
    ("src/plan/decide/before_enabling.rs", 1, "the members whom the ledger knows"),
    ("src/plan/decide/build.rs", 1, "says that it cannot be read"),
    ("src/plan/decide/bases.rs", 1, "an account that may be on counts as on"),
    ("src/plan/decide/context.rs", 2, "what rolecall did last counts, of somebody who is out as git says"),
    ("src/plan/decide/held.rs", 1, "what is not read stays held"),
    (
        "src/plan/decide/holdings.rs",
        4,
        "says that no account shows what it has; an account that shows nothing is no proof that the listing shows all",
    ),
    (
        "src/plan/decide/power.rs",
        6,
        "what is unread was not held before, so that more counts as gained, and nothing as lost; groups inside an unread group are not known",
    ),
    ("src/plan/decide/summaries.rs", 1, "counts what is unread"),
    ("src/plan/finish.rs", 3, "members that are unread so far are news once they are read"),
    (
        "src/plan/groups/mod.rs",
        2,
        "the connector reads the list again before it writes; a function of that name that counts those who are shown",
    ),
    (
        "src/plan/groups/find.rs",
        2,
        "a member who is not shown is no reason to refuse an adoption; of a role, the holders whom the ledger knows",
    ),
    (
        "src/plan/groups/former.rs",
        2,
        "a group whose members are unread is not deleted; of those who gain by it, the members that are shown are counted",
    ),
    (
        "src/plan/people/adopt.rs",
        3,
        "an account that may be active counts as active; an unread value is not remembered",
    ),
    ("src/plan/people/refusal.rs", 1, "an unread value proves nothing"),
    ("src/plan/people/former_values.rs", 1, "an unread value proves nothing, and casts no doubt"),
    ("src/plan/people/attributes.rs", 1, "a reference that is not shown goes to nobody who could be counted"),
    (
        "src/plan/people/claim.rs",
        2,
        "what is not shown is neither a value of another person nor power: the account has to be new besides, or the only one",
    ),
    (
        "src/plan/people/references.rs",
        5,
        "what the app was last told is what counts; what it was never told is not taken away",
    ),
    ("src/plan/people/roles_taken.rs", 1, "a role that cannot be seen was taken by nobody"),
    (
        "src/plan/reading/listed_power.rs",
        1,
        "power that no row shows is not named, and nothing is taken by it",
    ),
    ("src/plan/reading/differ.rs", 1, "members that are unread name nobody"),
    ("src/plan/reading/evidence.rs", 2, "what is unread proves no link"),
    ("src/plan/reading/former.rs", 1, "what is unread says not whose an account was"),
    ("src/plan/reading/matching.rs", 1, "an account without one readable value makes the list short"),
    (
        "src/plan/reading/page.rs",
        2,
        "a guard counts the values that are shown, and fewer make it stricter; whether the app shows members is the question",
    ),
    (
        "src/plan/reading/questions.rs",
        2,
        "groups inside a group whose members are unread are not known; a group that stays unread did not help",
    ),
    (
        "src/plan/reading/rows.rs",
        2,
        "an account of which the listing shows nothing is looked at; whoever asks for everybody says what follows from none",
    ),
    ("src/plan/reading/shown_facts.rs", 1, "an unread activity shows neither on nor off"),
    ("src/plan/reading/taken.rs", 1, "a value that is not shown is found by the app's refusal"),
    ("src/plan/groups/nested.rs", 1, "people who are not shown are said to be unknown"),
    ("src/plan/reading/shown.rs", 1, "what is unread goes on to the cases below"),
    ("src/apply/unkept.rs", 1, "a look that does not show the roles is no word against the write"),
];

/// Uses in one file.
pub fn uses(path: &str, text: &str) -> usize {
    if !READERS.iter().any(|reader| path.starts_with(reader)) {
        return 0;
    }
    let code = strip(super::protocol::without_tests(text));
    let count = |words: &[&str]| words.iter().map(|word| code.matches(word).count()).sum::<usize>();
    let replaced = if path.starts_with(DECODING) { count(&REPLACED) } else { replaced(&code) };
    count(&DROPPED) + replaced - code.matches(PERSON).count()
}

/// Statements of a comparison in which something takes the place of what was read.
fn replaced(code: &str) -> usize {
    let places = code.match_indices("unwrap_or").map(|(place, _)| &code[..place]);
    let statements = places.map(|before| before.rsplit([';', '{', '}']).next().unwrap_or_default());
    let is_word = |statement: &str| statement.trim_end_matches(['.', '\n', ' ']).ends_with(CALLED);
    statements
        .filter(|statement| READ.iter().any(|read| statement.contains(read)) && !is_word(statement))
        .count()
}

/// Files with more or fewer uses than are allowed.
pub fn unexplained<'t>(sources: impl Iterator<Item = (&'t str, &'t str)>) -> Vec<String> {
    let mut found: BTreeMap<&str, usize> = sources.map(|(path, text)| (path, uses(path, text))).collect();
    found.retain(|_, uses| *uses > 0);
    let allowed: BTreeMap<&str, usize> = ALLOWED.iter().map(|(file, uses, _)| (*file, *uses)).collect();
    let files: std::collections::BTreeSet<&str> = found.keys().chain(allowed.keys()).copied().collect();
    let number = |of: &BTreeMap<&str, usize>, file: &str| of.get(file).copied().unwrap_or(0);
    let differs = files.into_iter().filter(|file| number(&found, file) != number(&allowed, file));
    differs
        .map(|file| {
            format!(
                "{file}: {} places where an unread fact may be taken for none, {} have a reason in ALLOWED",
                number(&found, file),
                number(&allowed, file)
            )
        })
        .collect()
}

#[test]
fn what_is_dropped_is_found() {
    let drops =
        "fn f(a: &Seen<u8>) -> Option<&u8> { a.shown() }\nfn g() { match x { Seen::Unread(_) => {} } }";
    assert_eq!(uses("src/plan/new.rs", drops), 2);
    assert_eq!(uses("src/render/new.rs", drops), 0);
    assert_eq!(uses("src/connector/scim/get.rs", "let id = text.parse().ok().unwrap_or_default();"), 2);
    assert_eq!(uses("src/plan/new.rs", "// a.shown()\nSeen::Unread(why) => why.clone(),"), 0);
    // Where it is compared, what takes the place of what was read counts, and nothing else does.
    assert_eq!(uses("src/plan/new.rs", "let is_off = cx.seen(link).map(is_off).unwrap_or(true);"), 1);
    assert_eq!(uses("src/plan/new.rs", "let id = remote.our_id.clone().unwrap_or_default();"), 1);
    assert_eq!(uses("src/plan/new.rs", "let a = cx.seen(link)?; let limit = limits.get(0).unwrap_or(1);"), 0);
    assert_eq!(uses("src/plan/new.rs", "let name = seen.name.as_deref().unwrap_or(\"no name\");"), 0);
    let told = unexplained([("src/plan/new.rs", drops)].into_iter());
    assert!(told.iter().any(|line| line.starts_with("src/plan/new.rs: 2 places")), "{told:?}");
}
