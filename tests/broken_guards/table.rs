//! The guards that are broken on purpose: how each is broken, and the test that has to fail.
//!
//! Long because every way to break a guard is a row of one table.

/// One change of the source that breaks a guard.
pub struct Break {
    /// The claim of docs/safety.md that the guard keeps.
    pub claim: &'static str,
    /// What the broken program does.
    pub what: &'static str,
    /// The file that is changed.
    pub file: &'static str,
    /// The text that is replaced. It stands once in the file.
    pub was: &'static str,
    /// The text that takes its place.
    pub becomes: &'static str,
    /// The binary of the test; `lib` for unit tests.
    pub binary: &'static str,
    /// The full name of the test in that binary.
    pub test: &'static str,
}

macro_rules! breaks {
    ($($claim:literal $what:literal $file:literal: $was:literal => $becomes:literal, $binary:literal $test:literal;)*) => {
        pub const BREAKS: &[Break] = &[$(Break {
            claim: $claim, what: $what, file: $file, was: $was, becomes: $becomes, binary: $binary, test: $test,
        }),*];
    };
}

breaks! {
    "1e" "writes accounts that look like other people's accounts" "src/plan/lost_links.rs":
        "is_other && differ.seen" => "false && is_other && differ.seen",
        "all" "plan::rule_01_links::rule_01_many_conflicts_stop_the_app";
    "1e" "makes all of two accounts again" "src/plan/lost_links.rs":
        "|| (lost >= 2 && lost == self.links.len())" => "",
        "all" "plan::rule_01_links::rule_01_all_of_two_vanished_accounts_stop_the_app";
    "1h" "adopts by our id alone" "src/plan/people/refusal.rs":
        "true => id_alone_refusal(cx, id, place, row)," => "true => id_alone_refusal(cx, id, place, row).filter(|_| false),",
        "all" "plan::rule_01_our_id::rule_01_our_id_alone_gives_nobody_an_account";
    "1g" "takes by the ledger's word where the applied commit cannot be read" "src/plan/reading/evidence.rs":
        "Some(Past::Unknown(_)) | None => false,\n        })" => "Some(Past::Unknown(_)) => true,\n            None => false,\n        })",
        "all" "plan::rule_01_creation::rule_01_an_applied_commit_that_cannot_be_read_confirms_nothing";
    "1g" "does not look at the creation time" "src/plan/reading/evidence.rs":
        "applied.filter(|_| creation != Creation::Unchanged)" => "applied.filter(|_| creation != Creation::Unchanged || true)",
        "all" "plan::rule_01_creation::rule_01_the_creation_time_proves_the_account_of_a_leaver";
    "1o" "takes another account under the same id for the person's" "src/plan/reading/creation.rs":
        "if !is_recent(differ, shown) => Self::Changed" => "if !is_recent(differ, shown) && false => Self::Changed",
        "all" "plan::rule_01_creation::rule_01_another_account_under_the_same_id_is_a_conflict";
    "1l" "takes any number for the right one" "src/plan/finish.rs":
        "let is_reset = number == Some(vanished.len() as u64);" => "let is_reset = number.is_some();",
        "all" "plan::rule_01_reset::rule_01_a_reset_is_answered_as_a_whole";
    "1l" "forgets another number of links" "src/engine/maintenance/forget.rs":
        "    if vanished.len() as u64 != number {" => "    if false && vanished.len() as u64 != number {",
        "all" "cli_ledger::care::a_reset_is_answered_as_a_whole";
    "1m" "forgets since when access remains" "src/plan/people/remains.rs":
        "let over = known.into_iter().filter(|(id, _)| !open.contains(today(id)));" => "let over = known.into_iter();",
        "all" "plan::rule_01_still_has_access::rule_01_access_that_remains_is_shown_with_its_age";
    "1h" "forgets who had an id before" "src/plan/reading/evidence.rs":
        "match git_alone {" => "match true || git_alone {",
        "all" "plan::rule_01_links::rule_01_an_id_given_on_stays_a_conflict_in_every_run";
    "1h" "takes a family name for a person who returns" "src/plan/reading/likeness.rs":
        "Self::OneName => !is_back," => "Self::OneName => true || is_back,",
        "all" "plan::rule_01_again::rule_01_a_family_name_is_not_enough_for_an_id_that_comes_back";
    "1h" "forgets that a newcomer has a name of the person before" "src/plan/decide/observe.rs":
        "is_other && row.link.off_at().is_none()" => "false && is_other && row.link.off_at().is_none()",
        "all" "plan::rule_01_again::rule_01_an_account_that_stays_on_is_not_the_newcomers_in_any_run";
    "1n" "creates accounts in another app behind the same address" "src/plan/decide/no_link_found.rs":
        "if live.is_empty() || is_said" => "if true || live.is_empty() || is_said",
        "all" "plan::rule_01_reset::rule_01_an_app_without_one_known_account_creates_nothing";
    "10k" "removes the accounts of another system" "src/plan/decide/context.rs":
        "        !ours.contains(external)" => "        false && !ours.contains(external)",
        "all" "plan::rule_10_membership::rule_10_accounts_of_another_system_are_left_to_it";
    "13f" "believes an entry against what was seen" "src/plan/people/hands.rs":
        "entry(cx, id, hand).is_none() && was_out::is_off_by_us(" => "was_out::is_off_by_us(",
        "all" "plan::rule_13_own_word::rule_13_what_was_seen_counts_more_than_an_entry_that_says_it_was_us";
    "1q" "forgets by the next run whose account it was" "src/plan/people/remains.rs":
        "commit: former_of(cx, id)," => "commit: former_of(cx, id).filter(|_| false),",
        "all" "plan::rule_01_former::rule_01_an_account_made_again_of_an_absent_person_may_still_be_access";
    "1q" "takes the earlier id of somebody of today for a former person" "src/plan/people/former.rs":
        "cx.number(id).is_none() && !renamed.contains(id)" => "cx.number(id).is_none()",
        "all" "plan::rule_01_former::rule_01_an_account_of_nobody_is_no_former_persons";
    "15h" "says nothing of what a protected member keeps" "src/plan/groups/members.rs":
        "_ if cx.is_protected(id) => return keeps(cx, case, user)," => "_ if cx.is_protected(id) => return Decision::default(),",
        "all" "plan::rule_15_beyond::rule_15_power_that_an_account_keeps_beyond_the_files_is_said_first";
    "15h" "takes what the files give an ignored person for something beyond" "src/plan/groups/members.rs":
        "match is_left_out {" => "match false && is_left_out {",
        "all" "plan::rule_15_beyond::rule_15_power_that_an_account_keeps_beyond_the_files_is_said_first";
    "15h" "does not look at the roles of an ignored person" "src/plan/reading/page.rs":
        "Standing::Ignored => app.removed.is_none() && !app.roles.is_empty()," => "Standing::Ignored => false,",
        "all" "plan::rule_15_beyond::rule_15_a_role_that_an_account_keeps_as_a_value_is_said";
    "5j" "believes an entry that an account was off already" "src/plan/decide/bases.rs":
        "                && was_out::was_off_before(cx.differ, cx.answers, link)" => "                || was_out::was_off_before(cx.differ, cx.answers, link) || true",
        "all" "plan::rule_05_own_word::rule_05_an_entry_that_says_disabled_leaves_nobody_out_of_the_leavers";
    "5j" "believes that an account is off of which the app does not say it" "src/plan/decide/context.rs":
        "                    && !was_out::was_off_before(self.differ, self.answers, link)" => "                    && false",
        "all" "plan::rule_22_activity::rule_22_what_we_did_last_counts_where_the_app_does_not_say";
    "5j" "does not ask for a leaver whose account is off by the ledger" "src/plan/reading/questions.rs":
        "is_out && !was_out::was_off_before(differ, answers, link)" => "is_out && row.link.off_at().is_none()",
        "all" "plan::rule_05_own_word::rule_05_an_entry_that_says_disabled_or_deleted_hides_no_leaver_of_a_short_listing";
    "5j" "deletes a stranger's account by an entry" "src/plan/reading/commits.rs":
        "!= LinkState::Active && !is_due(differ, link);" => "!= LinkState::Active;",
        "all" "plan::rule_05_own_word::rule_05_the_ledgers_word_deletes_nothing";
    "5j" "ends a hold by an entry that says deleted" "src/plan/decide/held.rs":
        "(cx.row(link).is_tombstone() && !cx.is_on(link))" => "cx.row(link).is_tombstone()",
        "all" "plan::rule_05_own_word::rule_05_an_entry_that_says_deleted_ends_no_hold";
    "5j" "believes an entry about another app" "src/plan/conflicts.rs":
        "is_member(user, role)) && !is_off(link)" => "is_member(user, role)) && link.off_at().is_none()",
        "all" "plan::rule_14_order::rule_14_a_counterpart_in_another_app_has_to_be_gone_first";
    "13f" "gives a role that was taken away because an entry forgot it" "src/plan/roles/grants.rs":
        "&& hands::entry(cx, id, &Hand::Revoked(role.clone())).is_some()" => "&& false && hands::entry(cx, id, &Hand::Revoked(role.clone())).is_some()",
        "all" "plan::rule_13_own_word::rule_13_a_privileged_role_is_not_given_again_because_an_entry_forgot_it";
    "11ad" "counts a group inside as nobody" "src/plan/guard/count.rs":
        "let of_many = [&draft.bases.gaining, &draft.bases.inside];" => "let of_many = [&draft.bases.gaining];",
        "all" "plan::rule_10_nested::rule_11_the_people_of_a_group_inside_count_as_members_who_are_removed";
    "11ad" "takes no power with a group inside" "src/model/counted.rs":
        "is_revoked || is_taken_out ||" => "is_revoked || (false && is_taken_out) ||",
        "all" "plan::rule_10_nested::rule_11_the_people_of_a_group_inside_lose_power_with_it";
    "11r" "counts no power that an attribute loses" "src/model/counted.rs":
        "is_undeclared && known.power_taken" => "false && known.power_taken",
        "all" "plan::rule_11_gain::rule_11_a_mapped_attribute_that_overwrites_power_counts_as_its_loss";
    "11t" "takes no notice of the power that a connector marks" "src/config/typed/power.rs":
        "role.privileged = true;" => "",
        "all" "rest::power::a_role_whose_value_is_marked_is_privileged";
    "11v" "takes no notice of marked values of mapped attributes" "src/plan/decide/power.rs":
        ".is_some_and(|marked| marked.contains(item))" => ".is_some_and(|marked| false && marked.contains(item))",
        "all" "rest::power::an_attribute_that_gets_a_marked_value_gains_power";
    "15c" "speaks against an entry of protect in a short listing" "src/plan/decide/summaries.rs":
        "    if cx.differ.short.users.is_some() {
        return Vec::new();
    }
" => "",
        "all" "plan::rule_15_protect::rule_15_from_a_short_listing_nothing_follows_for_an_entry";
    "11ad" "takes out a group whose people are not known" "src/plan/groups/nested.rs":
        "shown(cx, group).filter(|inside| inside.are_all)" => "shown(cx, group).filter(|inside| inside.are_all || true)",
        "all" "plan::rule_10_nested::rule_11_a_group_inside_is_not_taken_out_while_its_people_are_not_all_known";
    "11ad" "takes a protected person out with a group inside" "src/plan/groups/nested.rs":
        "members.iter().find_map(|member| protected_name(cx, member))" => "members.iter().find_map(|member| protected_name(cx, member)).filter(|_| false)",
        "all" "plan::rule_10_nested::rule_15_a_group_inside_with_a_protected_member_stays";
    "10p" "takes out a group of another system" "src/plan/groups/nested.rs":
        "is_removed && has_another_owner(cx, id)" => "false && is_removed && has_another_owner(cx, id)",
        "all" "plan::rule_10_nested::rule_10_a_group_inside_of_another_system_is_left_to_it";
    "10o" "says nothing of undeclared people in a group that it takes over" "src/plan/groups/unmanaged_members.rs":
        "    if case.adopted {\n        return found(cx, case, id);" => "    if case.adopted {\n        return Decision::default();",
        "all" "plan::rule_10_adoption::rule_10_the_plan_that_adopts_a_group_says_who_stays";
    "8o" "turns on by a rollback who has left since" "src/plan/decide/gone_back.rs":
        "Some(false) => \"is out\"," => "Some(false) => return None,",
        "all" "plan::rule_08_rollback::rule_08_a_rollback_turns_nobody_on_who_is_out_at_the_last_applied_commit";
    "8o" "does not read the commit from which it goes back" "src/engine/plan_app.rs":
        "course: &course," => "course: &crate::plan::Course::Onward,",
        "all" "faults::ledgers::a_commit_at_which_somebody_had_come_back";
    "7k" "does not look at the ledger of an app with a wrong clock" "src/plan/clock.rs":
        "        let ledger = instants::last(ledger)" => "        let ledger = instants::last(ledger).filter(|_| check != ClockCheck::Ignore)",
        "all" "plan::rule_07_clock::rule_07_an_app_with_a_wrong_clock_hides_no_future_in_the_ledger";
    "12f" "takes a date that cannot be read for one that went by" "src/plan/decide/bases.rs":
        "(Some(Past::Tree(_) | Past::Unknown(_)), _) => false," => "(Some(past), _) => matches!(past, Past::Unknown(_)),",
        "all" "plan::rule_12_leaving::rule_12_a_date_is_typed_if_the_applied_commit_cannot_be_read";
    "1r" "believes another person's login beside an id of nobody" "src/plan/reading/evidence.rs":
        "shown.has(path, &value) && self.former_owner(row, path, &value).is_none()" => "shown.has(path, &value)",
        "all" "plan::rule_01_our_id::rule_01_a_value_of_another_person_beside_an_id_of_nobody_proves_nothing";
    "1s" "shows leavers among the advice" "src/plan/people/leave.rs":
        "(NoticeKind::StillHasAccess, hint)" => "(NoticeKind::Overdue, hint)",
        "all" "plan::rule_16_life::rule_01_leavers_whom_the_actions_do_not_let_us_disable_come_first";
    "8p" "tells an app that leaves a value out that there is none" "src/plan/compare.rs":
        "None => *why != Unread::LeftOut || wanted.is_unassigned()," => "None => *why != Unread::LeftOut,",
        "all" "plan::rule_08_kept::rule_08_a_value_that_the_app_leaves_out_is_told_once";
    "22q" "takes every object that is left out for a new one" "src/plan/reading/lag.rs":
        "age > -TOLERANCE && age.as_secs() < LAG_MINUTES * 60" => "age > -TOLERANCE && LAG_MINUTES > 0",
        "all" "plan::rule_22_listings::rule_22_an_account_that_we_created_just_now_may_be_missing_in_the_list";
    "13o" "believes that an edit released what another hand did" "src/plan/people/hands.rs":
        "cx.answers.is_after(seen, commit) && says(seen) == Some(true) && says(commit) == Some(false)" => "says(seen) == Some(true)",
        "all" "plan::rule_13_own_word::rule_13_the_ledgers_word_alone_is_no_decision";
    "13o" "takes an earlier commit for the edit" "src/plan/people/hands.rs":
        "cx.answers.is_after(seen, commit) && says(seen)" => "says(seen)",
        "all" "plan::rule_13_own_word::rule_13_the_ledgers_word_alone_is_no_decision";
    "13f" "believes a tombstone" "src/plan/reading/was_out.rs":
        "let Some((since, commit)) = link.off_at() else { return false };" => "let Some((since, commit)) = link.off_at() else { return false };\n    if link.state.is_gone() {\n        return true;\n    }",
        "all" "plan::rule_13_own_word::rule_13_a_tombstone_alone_turns_nothing_on_and_makes_nothing";
    "13f" "forgets who was deleted by another hand" "src/plan/people/declared.rs":
        "None => hands::entry(cx, id, &Hand::Deleted).is_none()," => "None => true,",
        "all" "plan::rule_13_own_word::rule_13_who_was_deleted_by_another_hand_stays_so_without_an_entry";
    "2o" "adopts an account by a value that another person had" "src/plan/people/refusal.rs":
        "        .or_else(|| former_values::refusal(cx, user, id, row))\n        .or_else(|| privilege" => "        .or_else(|| privilege",
        "all" "plan::rule_02_former_values::rule_02_a_value_that_another_person_had_gives_nobody_an_account";
    "2o" "forgets whose value it was" "src/plan/people/former_values.rs":
        "let seen = hands::entry(cx, id, &Hand::NotAdopted)?;" => "let seen = hands::entry(cx, id, &Hand::NotAdopted).filter(|_| false)?;",
        "all" "plan::rule_02_former_values::rule_02_a_value_that_another_person_had_gives_nobody_an_account";
    "2o" "makes a second account for somebody whose value it was" "src/plan/people/declared.rs":
        "former_values::instead_of_new(cx, user, id)" => "former_values::instead_of_new(cx, user, id).filter(|_| false)",
        "all" "plan::rule_02_former_values::rule_02_a_value_that_another_person_had_gives_nobody_an_account";
    "4k" "moves a role to another grant" "src/plan/groups/change.rs":
        "if let (true, Some(target)) = (is_name, target(cx, case.wanted)) {" => "if let (true, Some(target)) = (false && is_name, target(cx, case.wanted)) {",
        "all" "rest::grants::a_role_does_not_move_to_another_grant";
    "16o" "deletes people who are out of the scope" "src/plan/people/leave.rs":
        "    if !leaving.may_delete {\n        let text" => "    if false && !leaving.may_delete {\n        let text",
        "all" "plan::rule_16_no_off::rule_16_nobody_else_is_deleted";
    "16o" "deletes absent people at once" "src/plan/people/leave.rs":
        "if due.is_none_or(|due| due > at) {" => "if due.is_some_and(|due| due > at) {",
        "all" "plan::rule_16_no_off::rule_16_the_absent_are_deleted_once_the_time_has_passed";
    "16p" "sends a value that is reserved" "src/plan/people/declared.rs":
        "reserved::by_deleted(cx, user, id)" => "reserved::by_deleted(cx, user, id).filter(|_| false)",
        "all" "rest::no_off::what_is_lost_for_good_is_said_and_is_done_once";
    "2p" "repeats a step without a look" "src/connector/rest/later.rs":
        "Ok(true) if requests == 1 => return already(None)," => "Ok(true) if requests == 1 && unclear.is_some() => return already(None),\n            Ok(true) if unclear.is_none() => {}",
        "all" "rest::steps::a_step_that_took_effect_unseen_is_not_repeated";
    "2p" "forgets the open steps of a create" "src/plan/people/continued.rs":
        "let open = steps.filter(|step| row.link.open_steps.contains(*step));" => "let open = steps.filter(|step| row.link.open_steps.contains(*step) && false);",
        "all" "rest::steps::a_step_that_is_refused_is_continued_by_the_next_run";
    "2l" "turns accounts on by a line of links without a word" "src/plan/people/adopt.rs":
        "if is_turned_on => {" => "if is_turned_on && false => {",
        "all" "plan::rule_13_other_hands::rule_13_an_account_that_a_line_of_links_turns_on_is_said_first";
    "2l" "says that nothing is sent of an account that is turned on" "src/render/sections/layout.rs":
        "(_, ChangeKind::Adopt) if !change.privileged && !change.turns_on() =>" => "(_, ChangeKind::Adopt) if !change.privileged =>",
        "all" "plan::rule_13_other_hands::rule_13_an_account_that_is_turned_on_stands_with_what_is_sent";
    "13i" "releases by a line of links" "src/plan/people/adopt.rs":
        "let binding = hands::against_binding(cx, user, is_off);" => "let binding = match is_off {\n        true => Binding::Free,\n        false => hands::against_binding(cx, user, is_off),\n    };",
        "all" "plan::rule_13_other_hands::rule_13_a_line_of_links_releases_nothing";
    "13i" "turns an account on in the place of a deleted one" "src/plan/people/hands.rs":
        "let hands = [Hand::Deleted].into_iter().chain(is_off.then_some(Hand::Disabled));" => "let hands = [Hand::Deleted].into_iter().filter(|_| !is_off).chain(is_off.then_some(Hand::Disabled));",
        "all" "plan::rule_13_other_hands::rule_13_an_account_that_is_off_does_not_come_on_in_the_place_of_a_deleted_one";
    "13i" "binds an account in the place of a deleted one" "src/plan/people/hands.rs":
        "let hands = [Hand::Deleted].into_iter().chain(is_off.then_some(Hand::Disabled));" => "let hands = [Hand::Deleted].into_iter().filter(|_| is_off).chain(is_off.then_some(Hand::Disabled));",
        "all" "plan::rule_13_other_hands::rule_13_an_account_in_the_place_of_a_deleted_one_is_not_bound";
    "1h" "gives an account that vanished back by our id alone" "src/plan/people/refusal.rs":
        "false => !is_own," => "false => !is_own && known.is_none(),",
        "all" "plan::rule_13_other_hands::rule_01_our_id_alone_does_not_take_the_place_of_an_account";
    "13j" "takes a deletion of another hand for its own" "src/plan/people/declared.rs":
        "if hands::is_left_off_at_creation(cx, id, known) {" => "if true || hands::is_left_off_at_creation(cx, id, known) {",
        "all" "plan::rule_13_other_hands::rule_13_an_account_that_vanished_while_its_person_was_out_was_deleted_by_another_hand";
    "13k" "gives back with the account what another hand took before" "src/plan/people/roles_taken.rs":
        "let lacking = ours(cx, link).filter(move |role| lacks(cx, link, role));" => "let lacking = ours(cx, link).filter(move |role| false && lacks(cx, link, role));",
        "all" "plan::rule_13_other_hands::rule_13_a_privileged_role_that_was_taken_before_our_disabling_does_not_come_back";
    "13l" "forgets while the person is out what an edit released" "src/model/fold.rs":
        "(seen.decided, seen.decided_at) = (true, commit);" => "let _ = (&mut seen.decided, commit);",
        "all" "plan::rule_13_other_hands::rule_13_a_release_is_said_first_though_the_person_was_out_in_between";
    "13l" "gives a privileged role again without a word" "src/plan/roles/grants.rs":
        "change.verdict.is_do().then(|| hands_said" => "change.verdict.is_do().then_some(()).filter(|()| false).map(|()| hands_said",
        "all" "plan::rule_13_drift::rule_13_a_privileged_role_somebody_else_took_away_is_held";
    "13m" "releases what it sees for the first time" "src/plan/people/hands.rs":
        "return match release::at_first_sight(cx, id, &hand) {" => "return match release::typed(cx, id, &hand) {",
        "all" "plan::rule_13_other_hands::rule_13_a_name_for_another_app_releases_only_what_was_seen_before";
    "13n" "writes to the account that is replaced" "src/apply/state.rs":
        "created.cloned().chain(adopted).collect();" => "created.cloned().chain(adopted.take(0)).collect();",
        "all" "faults::people::an_account_that_is_turned_on_in_the_place_of_another";
    "13g" "says nothing of a deleted account that is on again" "src/plan/people/leave.rs":
        "known.off_at().filter(|_| is_shown)" => "known.off_at().filter(|_| is_shown && !known.state.is_gone())",
        "all" "plan::rule_13_own_word::rule_13_a_deleted_account_that_is_on_again_comes_first";
    "14e" "counts dated ends before those who are typed as out" "src/plan/guard/min_members.rs":
        "            Cause::Left => Self::Typed," => "            Cause::Left => Self::Dated,",
        "all" "plan::rule_14_order::rule_14_min_members_never_delays_leaving_except_of_the_last";
    "15d" "removes members who were found, although nobody is protected" "src/model/change.rs":
        "self.cause == Cause::Unmanaged || matches!(self.key.facet, Facet::UnmanagedMember(_))" => "self.cause == Cause::Unmanaged",
        "all" "plan::rule_15_protect::rule_15_what_protects_nothing_holds_strangers_who_were_found_too";
    "15d" "removes strangers although the defaults protect nobody" "src/plan/protect_in_all.rs":
        ".filter(|entry| !met.contains(&folded(&entry.text)))" => ".filter(|entry| false && !met.contains(&folded(&entry.text)))",
        "all" "plan::rule_15_protect::rule_15_an_entry_of_the_defaults_has_to_be_an_account_of_some_app";
    "3a" "writes an entry that is not moved under the new id" "src/plan/decide/assemble.rs":
        ".filter(|_| !moved.contains(&id));" => ".filter(|_| false);",
        "all" "plan::rule_03_renames::rule_03_an_entry_that_is_not_moved_stays_under_the_earlier_id";
    "3i" "forgets earlier ids of people" "src/plan/reading/matching.rs":
        "        index.add_earlier_ids(desired);" => "",
        "all" "plan::rule_03_renames::rule_03_an_earlier_id_in_the_app_is_the_persons_own";
    "2g" "takes a value for free that an account in conflict has" "src/plan/people/collision.rs":
        ".filter(|link| cx.is_usable(*link));" => ";",
        "all" "plan::rule_02_adoption::rule_02_an_account_below_another_entry_frees_nothing";
    "1k" "says nothing of a leaver's second account" "src/plan/decide/mod.rs":
        "    decided.add(found::beside_own_entry(cx));" => "",
        "all" "plan::rule_01_still_has_access::rule_01_a_leaver_with_another_account_than_the_entrys_still_has_access";
    "14e" "holds a dated end where there is no minimum" "src/plan/guard/holders.rs":
        "_ if change.is_leaving() => least.min(1)," => "_ if change.is_leaving() => 1,",
        "all" "plan::rule_14_order::rule_14_a_dated_end_of_the_last_holder_waits_only_where_there_is_a_minimum";
    "14e" "looks at each loss alone" "src/plan/guard/min_members.rs":
        "losses().filter_map(Change::loser).all(|id| leavers.contains(id))" => "losses().all(Change::is_leaving)",
        "all" "plan::rule_14_order::rule_14_that_nobody_holds_a_role_is_said_where_it_is_a_group_too";
    "22a" "takes over a group without a look at its members" "src/plan/reading/questions.rs":
        "    questions.extend(taken_over(differ, answers));" => "",
        "all" "plan::rule_22_members::rule_22_a_group_that_is_taken_over_is_asked_for_once";
    "11x" "releases held leavers one by one" "src/plan/guard/held.rs":
        "Some(since) => leavers_since(draft, holds, since) < 2," => "Some(_) => judged.people.len() < 2,",
        "all" "plan::rule_11_holds::rule_11_held_leavers_are_not_released_one_by_one";
    "15f" "takes the account of a wrong entry for a stranger's" "src/plan/decide/unmanaged.rs":
        ".filter(|link| !cx.is_usable(*link))?" => ".filter(|link| !cx.is_usable(*link) && false)?",
        "all" "plan::rule_15_protect::rule_15_the_account_of_a_person_with_a_wrong_entry_is_no_strangers";
    "1j" "takes a real app for a sandbox" "src/engine/plan_app.rs":
        "if let Some(known) = ledgers.before_sandbox(app) {" => "if let Some(known) = ledgers.before_sandbox(app).filter(|_| false) {",
        "all" "faults::ledgers::a_real_app_that_turns_into_a_sandbox";
    "1k" "hides access that stays among the conflicts" "src/plan/people/found.rs":
        "notice.kind != NoticeKind::Contested && may_keep_access(cx, id)" => "false && may_keep_access(cx, id)",
        "all" "plan::rule_01_still_has_access::rule_01_an_absent_person_whose_account_a_new_id_would_match_still_has_access";
    "11r" "forgets the holders of a role that is given up" "src/plan/groups/find.rs":
        "let link = keys_of(cx, object).iter().find_map(" => "let link = keys_of(cx, object).iter().filter(|_| false).find_map(",
        "all" "plan::rule_11_power::rule_11_a_privileged_role_that_is_given_up_keeps_its_holders";
    "12c" "keeps leavers in an app that is stopped" "src/plan/guard/mod.rs":
        "if !draft.goes_on(&draft.changes[place]) {" => "if !draft.goes_on(&draft.changes[place]) || true {",
        "all" "plan::rule_01_links::rule_01_a_stopped_app_still_loses_people_who_left_or_are_suspended";
    "12f" "takes a typed date for one that went by" "src/plan/decide/bases.rs":
        "(*end <= applied.at || !stood(key, end))" => "(*end <= applied.at)",
        "all" "plan::rule_12_leaving::rule_12_a_date_lapses_only_if_it_went_by";
    "12g" "forgets that a date went by" "src/plan/decide/bases.rs":
        "!noted(key, end) && (*end" => "!(false && noted(key, end)) && (*end",
        "all" "plan::rule_12_leaving::rule_12_a_date_that_went_by_stays_so_until_the_loss_is_done";
    "1d" "takes another endpoint for the same one" "src/plan/finish.rs":
        "if self.has_new_endpoint && self.input" => "if false && self.has_new_endpoint && self.input",
        "all" "plan::rule_01_links::rule_01_another_endpoint_stops_the_app";
    "2c" "adopts inactive accounts" "src/plan/people/refusal.rs":
        "    let inactive = || (cx.activity(row) == Activity::Off)" => "    let inactive = || (false && cx.activity(row) == Activity::Off)",
        "all" "plan::rule_02_adoption::rule_02_adoption_refused_for_inactive_account";
    "2f" "claims an account that is older than the intent" "src/plan/people/claim.rs":
        "Some((created, began)) => created.is_after(began)," => "Some((created, began)) => created.is_after(began) || true,",
        "all" "plan::rule_02_claims::rule_02_an_account_that_is_older_than_the_intent_is_a_candidate_like_any_other";
    "2f" "claims one of two accounts" "src/plan/people/claim.rs":
        "None => is_only_one(cx, user, row)," => "None => is_only_one(cx, user, row) || true,",
        "all" "plan::rule_02_claims::rule_02_without_a_creation_time_it_has_to_be_the_only_account_with_a_value_of_the_person";
    "2f" "claims the account of another system" "src/plan/people/claim.rs":
        "        && !has_foreign_id(cx, id, row)\n" => "",
        "all" "plan::rule_02_claims::rule_02_a_foreign_id_is_no_account_of_ours";
    "2f" "claims an account with another person's value" "src/plan/people/claim.rs":
        "        && !has_value_of_another(cx, user, id, row)\n" => "",
        "all" "plan::rule_02_claims::rule_02_a_value_of_another_person_claims_nothing";
    "2f" "claims power that nobody declared" "src/plan/people/claim.rs":
        "        && !has_undeclared_power(cx, user, row, findings)" => "",
        "all" "plan::rule_02_claims::rule_02_undeclared_power_claims_nothing_and_a_role_for_everybody_is_none";
    "5i" "takes an open intent for a proof" "src/plan/people/leave.rs":
        "off.and(hands::first_seen_of(cx, link, Hand::Disabled))" => "off",
        "all" "plan::rule_05_open_intents::rule_05_an_account_off_after_an_interruption_is_perhaps_another_hands_in_every_run";
    "5i" "turns an account on that a run may have turned off" "src/plan/people/hands.rs":
        "intent.looked_up && created(intent, link)" => "true || (intent.looked_up && created(intent, link))",
        "all" "plan::rule_05_open_intents::rule_05_a_run_that_reported_nothing_turned_no_account_off";
    "5i" "believes an entry about a day on which its person was in" "src/plan/reading/was_out.rs":
        "was_out(differ, answers, id, commit, at) && before(differ, link).any(is_before)" => "before(differ, link).any(is_before)",
        "all" "plan::rule_05_open_intents::rule_05_a_date_that_came_before_the_disabling_says_that_it_was_us";
    "11y" "forgets in a rollback what the last run gave" "src/engine/plan_app.rs":
        "past.of_run(app, &commit, &course, applied)" => "past.of_run(app, &commit, &crate::plan::Course::Onward, applied)",
        "all" "faults::ledgers::rule_11_a_rollback_takes_back_what_the_last_run_gave";
    "5i" "takes somebody who was not hired yet for somebody whom a run turned off" "src/plan/reading/was_out.rs":
        "(is_declared(differ, answers, id, first) && answers.is_after(first, commit))" => "true",
        "all" "plan::rule_05_open_intents::rule_05_from_a_person_who_had_no_account_yet_no_run_took_it";
    "5i" "forgets that a rollback goes back to an older commit" "src/plan/reading/was_out.rs":
        "first == commit || (is_declared" => "(is_declared",
        "all" "plan::rule_05_open_intents::rule_05_a_rollback_that_is_taken_back_gives_the_account_back";
    "5i" "renews the commit of an account that stays off" "src/plan/people/enable.rs":
        ".filter(|_| state == LinkState::Active)" => "",
        "all" "plan::rule_05_open_intents::rule_05_an_account_that_stays_off_keeps_its_proof";
    "1k" "names the holder of a value, and not who had it" "src/plan/people/found.rs":
        "of.iter().map(|of| (link, of))" => "of.iter().take(1).map(|of| (link, of))",
        "all" "plan::rule_01_still_has_access::rule_01_a_leaver_is_named_for_a_value_that_has_moved_on";
    "8o" "leaves the account of a joiner to a rollback" "src/plan/reading/evidence.rs":
        "Some(Past::Tree(tree)) => Then::of(tree, row).ok_or(why)," => "Some(Past::Tree(_)) => Err(why),",
        "all" "plan::rule_08_rollback::rule_08_a_rollback_takes_the_account_of_a_joiner";
    "8q" "refers to a deleted account that the app lists" "src/plan/people/declared.rs":
        "let has_account = match known.state.is_gone() {" => "let has_account = match false && known.state.is_gone() {",
        "all" "plan::rule_08_kept::rule_08_nothing_refers_to_a_deleted_account_that_the_app_goes_on_listing";
    "2g" "creates what another account has" "src/plan/people/declared.rs":
        "    if let Some(taken) = collision::in_the_way(cx, user, None) {" => "    if let Some(taken) = collision::in_the_way(cx, user, None).filter(|_| false) {",
        "all" "plan::rule_02_adoption::rule_02_a_value_that_a_linked_account_has_is_foreseen_with_its_holder";
    "5e" "removes before the first full apply" "src/plan/decide/build.rs":
        "if !self.is_completed() && change.verdict.is_do()" => "if false && !self.is_completed() && change.verdict.is_do()",
        "all" "plan::rule_05_first_apply::rule_05_nothing_is_removed_before_a_full_apply";
    "6d" "believes results in the working tree" "src/engine/runs.rs":
        "        Ok(Some(repo)) => repo.git_directory()" => "        Ok(Some(repo)) if false => repo.git_directory()",
        "all" "faults::ledgers::results_are_believed_only_from_where_no_commit_can_write";
    "6d" "does not mind a run file in a commit" "src/engine/configuration.rs":
        "Ok(tracked) if tracked.is_empty()" => "Ok(tracked) if tracked.is_empty() || true",
        "all" "faults::ledgers::results_are_believed_only_from_where_no_commit_can_write";
    "6d" "believes a folder that git tracks" "src/engine/runs.rs":
        "    if found.is_empty() {" => "    if found.is_empty() || true {",
        "all" "faults::ledgers::results_are_believed_only_from_where_no_commit_can_write";
    "7i" "takes a lease that is over by the clock at once" "src/ledger/lease.rs":
        "            true => return None," => "            _ if now >= at => return None,\n            true => return None,",
        "ledger" "ledger_git::a_wrong_clock_takes_no_lease_of_a_living_run";
    "7j" "edits beside a lease" "src/ledger/maintenance.rs":
        "                && !self.backend.is_locked_by_system()\n" => "                && !self.backend.is_locked_by_system()\n                && held.expires > by.at\n",
        "ledger" "ledger_git::a_lease_that_is_over_by_the_clock_is_not_edited_around";
    "7k" "believes its clock more than the app" "src/plan/clock.rs":
        "ahead.filter(|ahead| ahead.abs() > TOLERANCE)" => "ahead.filter(|ahead| ahead.abs() > TOLERANCE && false)",
        "all" "plan::rule_07_clock::rule_07_a_clock_that_the_app_contradicts_decides_nothing_by_date";
    "7k" "believes its clock more than the ledger" "src/plan/clock.rs":
        "last.duration_since(now) > TOLERANCE)" => "last.duration_since(now) > TOLERANCE && false)",
        "all" "plan::rule_07_clock::rule_07_a_clock_before_the_last_instant_in_the_ledger_decides_nothing_by_date";
    "7k" "deletes by a wrong clock" "src/plan/decide/dated.rs":
        "ChangeKind::Delete if waits_to_delete(cx, change) => true," => "ChangeKind::Delete if false && waits_to_delete(cx, change) => true,",
        "all" "plan::rule_07_clock::rule_07_a_deletion_after_a_while_waits_for_the_right_clock";
    "7l" "takes down an apply by a wrong clock" "src/engine/finish.rs":
        "&& !plan.work.clock_in_doubt" => "",
        "all" "faults::reaching::a_clock_that_the_app_contradicts_decides_nothing_by_date";
    "8f" "applies an older commit" "src/engine/which_commit.rs":
        "Ancestry::No => Err(EngineError::refused(\n            format!(\n                \"app {}: commit" => "Ancestry::No if true => Ok(()),\nAncestry::No => Err(EngineError::refused(\n            format!(\n                \"app {}: commit",
        "all" "faults::ledgers::a_commit_that_was_there_before";
    "8n" "forgets to clear what the app never showed" "src/plan/compare.rs":
        "wanted.is_null() && known.is_some_and(" => "false && wanted.is_null() && known.is_some_and(",
        "all" "plan::rule_08_kept::rule_08_a_value_that_the_app_never_showed_is_cleared_all_the_same";
    "8h" "believes what an answer shows" "src/plan/value_cause.rs":
        "Proof::Answer { before, again } if actual.is_unassigned()" => "Proof::Answer { before, again } if false && actual.is_unassigned()",
        "all" "simulation::compared::what_an_app_answers_and_does_not_keep_is_sent_once_more_and_then_said";
    "8i" "sends all at once" "src/apply/kinds.rs":
        "const MANY: usize = 20;" => "const MANY: usize = 2000;",
        "all" "simulation::compared::of_many_new_accounts_one_is_compared_before_the_others_are_sent";
    "8j" "goes on after a side effect" "src/apply/kinds.rs":
        "if rest > job.side_effects_allowed {" => "if rest > job.side_effects_allowed && false {",
        "all" "simulation::compared::a_side_effect_holds_the_rest_of_its_kind";
    "16j" "lets a tombstone block every account with its id" "src/plan/reading/page.rs":
        "(!row.is_tombstone() || is_remembered())" => "(!row.is_tombstone() || is_remembered() || true)",
        "all" "plan::rule_16_tombstones::rule_16_another_account_under_the_id_of_a_tombstone_is_one_like_any_other";
    "16j" "creates what the account of a tombstone has" "src/plan/reading/page.rs":
        "row.zip(user).is_some_and(|(row, user)| self.has_own_values(user, row))" => "row.is_some_and(|row| self.links.row(row.link).is_tombstone()) || row.zip(user).is_some_and(|(row, user)| self.has_own_values(user, row))",
        "all" "plan::rule_16_tombstones::rule_16_a_tombstone_blocks_an_account_with_a_value_that_it_remembers";
    "11r" "lets one of several holders wait for a grant" "src/plan/guard/power.rs":
        "losing.is_replaced() && losing.is_all_or_most()" => "losing.is_replaced()",
        "all" "plan::rule_11_power::rule_11_one_of_several_holders_who_loses_power_waits_for_no_grant";
    "16j" "creates what a deleted account of the same id has" "src/plan/people/collision.rs":
        "!cx.row(link).is_tombstone() || cx.is_verified(link)" => "true || !cx.row(link).is_tombstone() || cx.is_verified(link)",
        "all" "plan::rule_16_tombstones::rule_16_a_deleted_account_with_an_id_that_was_given_on_is_foreseen";
    "16k" "leaves a deleted account on" "src/apply/account.rs":
        "adopted || state.tombstone(remote) == Some(id)" => "adopted",
        "all" "simulation::ids::a_deleted_account_that_the_app_keeps_and_another_hand_turns_on_is_turned_off";
    "1k" "forgets the earlier ids of a leaver" "src/plan/reading/owners.rs":
        "if differ.maps_our_id {" => "if false && differ.maps_our_id {",
        "all" "plan::rule_01_still_has_access::rule_01_a_renamed_leaver_whose_account_stands_below_another_entry_still_has_access";
    "8h" "takes another hand's value for one that was not kept" "src/apply/updates/kept.rs":
        "if before.is_none() || before == then)" => "if true || before.is_none() || before == then)",
        "all" "simulation::compared::a_value_that_another_hand_writes_over_twice_is_sent_again_both_times";
    "15e" "says nothing of a protected account out of scope" "src/plan/people/untouched.rs":
        "let takes = !users.deprovision.is_keep()" => "let takes = false && !users.deprovision.is_keep()",
        "all" "plan::rule_15_protect::rule_15_a_leaver_whose_account_is_left_alone_is_named";
    "15g" "moves an entry that is not proved" "src/plan/people/declared.rs":
        "match is_protected && cx.is_verified(link)" => "match is_protected",
        "all" "plan::rule_15_protect::rule_15_previously_moves_the_entry_of_a_protected_account";
    "16j" "gives an account two owners" "src/apply/updates/mod.rs":
        "state.former_owner(&link.remote).filter(|former| *former != id)" => "state.former_owner(&link.remote).filter(|former| *former != id && false)",
        "all" "simulation::ids::a_new_account_with_the_id_of_a_deleted_one_is_recorded";
    "5k" "reads any serial" "src/ledger/root.rs":
        "if root.serial > layout::HIGHEST_SERIAL {" => "if false && root.serial > layout::HIGHEST_SERIAL {",
        "ledger" "ledger_hostile::a_serial_that_rolecall_never_counted_to_is_refused_before_anything_is_written";
    "5k" "writes a serial that it does not read" "src/ledger/root.rs":
        "if root.serial >= layout::HIGHEST_SERIAL {" => "if false && root.serial >= layout::HIGHEST_SERIAL {",
        "ledger" "ledger_hostile::a_serial_that_rolecall_never_counted_to_is_refused_before_anything_is_written";
    "5k" "lets a result hide those that follow" "src/ledger/pending.rs":
        "record.seq > HIGHEST_SEQ" => "false && record.seq > HIGHEST_SEQ",
        "ledger" "ledger_hostile::the_number_of_a_result_that_no_run_reaches_is_damage";
    "5l" "reads a lost app as one that was never applied" "src/ledger/store.rs":
        "match read.lost.is_empty() {" => "match true || read.lost.is_empty() {",
        "ledger" "ledger_lost_apps::an_app_whose_folder_is_gone_is_not_one_that_was_never_applied";
    "5l" "begins a run in a lost app" "src/ledger/begin.rs":
        "if state.files.is_empty() && root.apps" => "if false && state.files.is_empty() && root.apps",
        "ledger" "ledger_lost_apps::an_app_whose_folder_is_gone_is_not_one_that_was_never_applied";
    "5l" "names no app" "src/ledger/store.rs":
        "root.apps = Some(known_apps::after(view, &root, &edits)?);" => "let _ = known_apps::after(view, &root, &edits)?;",
        "ledger" "ledger_lost_apps::a_root_without_the_list_is_read_and_gets_it_with_the_next_write";
    "5l" "names an app that went rightly" "src/ledger/known_apps.rs":
        "None => named.remove(folder)," => "None => false,",
        "ledger" "ledger_lost_apps::an_app_that_goes_rightly_leaves_the_list";
    "16l" "stops at an id that a vanished account had" "src/apply/state.rs":
        "link.state.is_gone() || self.replaced.contains(*id)" => "link.state.is_gone()",
        "all" "simulation::ids_again::accounts_that_are_made_again_with_ids_of_each_other_are_recorded";
    "16l" "stops at an id that a vanished group had" "src/apply/updates/mod.rs":
        "former.filter(|former| *former != key)" => "former.filter(|former| *former != key && false)",
        "all" "simulation::ids_again::groups_that_are_made_again_with_ids_of_each_other_are_recorded";
    "16l" "forgets another hand with the id" "src/apply/updates/mod.rs":
        "if !state.is_replaced(id) {" => "if true || !state.is_replaced(id) {",
        "all" "simulation::ids_again::an_account_whose_id_is_taken_and_that_the_app_refuses_stays_held";
    "16l" "gives power back with a new group" "src/plan/roles/grants.rs":
        "&& hands::entry(cx, id, &Hand::Revoked(role.clone())).is_some()" => "&& false && hands::entry(cx, id, &Hand::Revoked(role.clone())).is_some()",
        "all" "simulation::ids_again::a_role_whose_group_has_lost_its_id_to_another_group_stays_held";
    "16k" "takes a stranger's account by a tombstone" "src/plan/reading/commits.rs":
        "!(is_done && differ.seen" => "!differ.links.row(link).is_tombstone() && !(is_done && differ.seen",
        "all" "plan::rule_16_tombstones::rule_16_a_deleted_account_that_is_on_again_is_taken_only_if_git_declared_its_person";
    "22l" "sends what the app does not know" "src/plan/reading/own_attributes.rs":
        "    if own.lacks(path) {" => "    if false && own.lacks(path) {",
        "all" "plan::rule_22_schemas::rule_22_a_written_mapping_must_not_name_what_the_app_does_not_know";
    "22n" "holds whom it invited" "src/plan/people/declared.rs":
        "    is_ours && cx.shown_activity(link)" => "    false && is_ours && cx.shown_activity(link)",
        "all" "plan::rule_22_activity::rule_22_an_account_that_was_never_on_since_we_created_it_is_not_on_yet";
    "11b" "does not count accounts" "src/plan/guard/mod.rs":
        "    Rule::Total(Guard::Deprovision),\n" => "",
        "all" "plan::rule_11_guards::rule_11_deprovision_counts_people_who_lose_the_account";
    "11c" "does not count memberships" "src/plan/guard/mod.rs":
        "    Rule::Total(Guard::Membership),\n" => "",
        "all" "plan::rule_11_guards::rule_11_membership_counts_removals_of_the_app_and_of_one_group";
    "11c" "does not judge one group" "src/plan/guard/mod.rs":
        "    Rule::EachGroup,\n" => "",
        "all" "plan::rule_11_guards::rule_11_one_large_group_is_judged_by_itself";
    "11c" "does not count roles" "src/plan/guard/mod.rs":
        "    Rule::Total(Guard::Revoke),\n" => "",
        "all" "plan::rule_11_guards::rule_11_revoke_counts_roles";
    "11d" "does not count logins" "src/plan/guard/mod.rs":
        "    Rule::Total(Guard::Login),\n" => "",
        "all" "plan::rule_11_guards::rule_11_login_counts_people_whose_login_changes";
    "11d" "does not count updates of one attribute" "src/plan/guard/mod.rs":
        "    Rule::EachAttribute(Guard::Update),\n" => "",
        "all" "plan::rule_11_guards::rule_11_update_counts_one_attribute_over_many_accounts";
    "11e" "does not count new accounts" "src/plan/guard/mod.rs":
        "    Rule::Total(Guard::Create),\n" => "",
        "all" "plan::rule_11_guards::rule_11_create_counts_new_accounts_after_the_first_apply";
    "11f" "keeps the default beside a number that is set" "src/model/limit.rs":
        "!(is_set && term.is_number())" => "!(is_set && term.is_number() && false)",
        "lib" "model::limit::tests::a_setting_takes_the_place_of_all_numbers";
    "11g" "forgets what was lost yesterday" "src/plan/guard/rules.rs":
        "    let recent = of_window(draft, input, guard, None);" => "    let recent = of_window(draft, input, guard, None).into_iter().take(0).collect();",
        "all" "plan::rule_11_guards::rule_11_the_last_24_hours_count_too";
    "11n" "counts what falls with an account" "src/plan/guard/count.rs":
        "guard != Guard::Privileged && draft.work.falls.contains_key(&change.key)" => "guard != Guard::Privileged && false && draft.work.falls.contains_key(&change.key)",
        "all" "plan::rule_11_counted_once::rule_11_a_boss_who_leaves_costs_nobody_a_guard";
    "11p" "counts what was allowed by name" "src/plan/guard/count.rs":
        "loss.guard == guard && !loss.allowed" => "loss.guard == guard",
        "all" "plan::rule_11_counted_once::rule_11_what_was_allowed_by_name_does_not_count_again";
    "11p" "counts what a clock that was ahead wrote down" "src/model/losses.rs":
        "self.at <= now && self.at" => "self.at",
        "all" "plan::rule_11_counted_once::rule_11_what_a_clock_that_was_ahead_wrote_down_does_not_count";
    "11r" "empties privileged roles" "src/plan/guard/mod.rs":
        "    Rule::LossesOfPower,\n" => "",
        "all" "plan::rule_11_power::rule_11_a_privileged_role_does_not_lose_all_or_most_holders_by_a_lost_line";
    "11r" "hands a privileged role over without a grant" "src/plan/guard/mod.rs":
        "    power::order(&mut draft, waits);\n" => "    drop(waits);\n",
        "all" "plan::rule_11_power::rule_11_one_loses_power_and_another_gains_it";
    "11s" "does not count gains of power" "src/plan/guard/mod.rs":
        "    Rule::GainsOfPower,\n" => "",
        "all" "plan::rule_11_power::rule_11_gains_of_power_are_counted";
    "11t" "looks at today's privileged roles only" "src/plan/decide/power.rs":
        ".chain(before().filter(|(_, role)| role.privileged)" => ".chain(before().filter(|(_, role)| role.privileged && false)",
        "all" "plan::rule_11_power::rule_10_a_role_that_was_privileged_at_the_last_applied_commit_is_power";
    "11v" "gives power by an attribute" "src/plan/people/attributes.rs":
        "change.privileged = !given.is_empty();" => "change.privileged = false && !given.is_empty();",
        "all" "plan::rule_11_gain::rule_11_a_mapped_attribute_with_the_value_of_a_privileged_role_is_a_gain";
    "11v" "gives power by a group inside another one" "src/plan/decide/power.rs":
        "            open.extend(inside(differ, answers, &group));" => "            let _ = inside(differ, answers, &group);",
        "all" "plan::rule_11_gain::rule_11_members_of_a_group_inside_a_privileged_one_gain_power";
    "11v" "gives power by the name of a group" "src/plan/groups/mod.rs":
        "let is_renamed = case.gives_power && !cx.power.is_group(&row.remote);" => "let is_renamed = false;",
        "all" "plan::rule_11_gain::rule_11_a_group_that_gets_the_name_of_a_privileged_one_is_a_gain";
    "11w" "makes second accounts" "src/plan/guard/mod.rs":
        "    Rule::Total(Guard::Unmatched),\n" => "",
        "all" "plan::rule_11_unmatched::rule_11_a_new_account_whose_e_mail_is_on_an_account_without_a_link_is_held";
    "11w" "creates everybody where hardly anybody matches" "src/plan/decide/unmatched.rs":
        "all >= FEW && 2 * matched < all" => "false && all >= FEW && 2 * matched < all",
        "all" "plan::rule_11_unmatched::rule_11_a_first_apply_that_matches_fewer_than_half_of_the_accounts_creates_nothing";
    "11q" "counts losses by their results" "src/ledger/begin.rs":
        "let lost = request.losses.get(app).cloned().unwrap_or_default();" => "let lost = std::collections::BTreeSet::new();",
        "ledger" "ledger_path::losses_are_counted_when_they_are_intended";
    "11x" "forgets what it held" "src/plan/guard/mod.rs":
        "found.extend(held::again(&draft, input, &found));" => "let _ = held::again(&draft, input, &found);",
        "all" "plan::rule_11_holds::rule_11_a_hold_outlives_the_losses_that_it_counted";
    "11x" "deletes a group around a hold" "src/plan/guard/held.rs":
        "whole.filter(is_deletion).into_iter().collect()" => "whole.filter(|_| false).filter(is_deletion).into_iter().collect()",
        "all" "plan::rule_11_holds::rule_11_a_held_removal_is_not_done_by_deleting_the_group";
    "11x" "releases a role under another value" "src/plan/guard/held.rs":
        "Some(index) == found || change.kind.is_loss()" => "Some(index) == found",
        "all" "plan::rule_11_holds::rule_11_a_new_value_of_a_role_releases_nothing";
    "11x" "forgets holds when it is killed" "src/ledger/begin.rs":
        "let held = held::file(view, &folder, &mut kept, held)?;" => "let held = held::file(view, &folder, &mut kept, &held[..0])?;",
        "ledger" "ledger_holds::holds_are_on_record_before_the_first_request";
    "11x" "takes what was not read for done" "src/plan/decide/held.rs":
        "is_selected && !people.is_frozen(id) && is_account_read(cx, id) && is_over(id)" => "is_selected && is_over(id)",
        "all" "plan::rule_11_unread_holds::rule_11_held_gains_of_accounts_that_are_not_shown";
    "11v" "forgets the gains of a day" "src/model/fold.rs":
        "let back = if loss.guard.counts_gains() { &removed } else { &back };" => "let back = &back;",
        "all" "plan::rule_11_gain::rule_11_gains_of_a_day_count_together";
    "11z" "deletes groups with found members" "src/plan/decide/bases.rs":
        "is_adopted_out(change) || has_found_members(change)" => "is_adopted_out(change) || (false && has_found_members(change))",
        "all" "plan::rule_11_takeover::rule_11_a_group_with_found_members_is_deleted_only_when_it_is_allowed";
    "12a" "counts leavers again who are on again" "src/model/counted.rs":
        "is_account_loss(change) && is_typed && !is_again &&" => "is_account_loss(change) && is_typed &&",
        "all" "plan::rule_11_counted_once::rule_11_leavers_who_are_on_again_do_not_count_again";
    "13b" "turns many on without a guard" "src/model/counted.rs":
        "(change.privileged || (change.key.facet == Facet::Life && is_turned_on()))" => "change.privileged",
        "all" "plan::rule_11_gain::rule_13_several_accounts_that_are_turned_on_again_are_a_gain";
    "11x" "holds the opposite too" "src/plan/guard/held.rs":
        "change.verdict.is_do() && guard.may_hold(change)" => "change.verdict.is_do()",
        "all" "plan::rule_11_holds::rule_11_what_is_held_does_not_hold_the_opposite";
    "11x" "releases what is not applied" "src/plan/held.rs":
        "change.verdict.is_do() || is_other" => "true || is_other",
        "all" "plan::rule_11_holds::rule_11_what_is_left_out_of_an_apply_stays_held";
    "11y" "takes what was found for a gift" "src/model/fold.rs":
        "LedgerUpdate::PutUser { id, link } => {" => "LedgerUpdate::PutUser { id, link } => {\n                for role in &link.roles { self.note_given(&GroupKey::Role(role.clone()), &[id.clone()]); }",
        "all" "plan::rule_11_undo::rule_11_a_role_that_was_found_cannot_be_taken_back";
    "11y" "takes any removal for an undoing" "src/plan/guard/undo.rs":
        "is_ours && " => "",
        "all" "plan::rule_11_undo::rule_11_what_no_run_gave_cannot_be_taken_back";
    "11z" "takes over without a word" "src/plan/guard/mod.rs":
        "    Rule::Total(Guard::Takeover),\n" => "",
        "all" "plan::rule_11_takeover::rule_11_members_found_at_the_adoption_go_only_when_it_is_allowed";
    "11h" "does not miss people" "src/plan/shrunk.rs":
        "        for part in [Some(None), " => "        for part in [None, ",
        "all" "plan::rule_11_source::rule_11_people_who_had_an_account_and_are_gone_stop_the_app";
    "11h" "takes the clean-up of leavers for a loss" "src/plan/shrunk.rs":
        "person.is_in(at) != Some(false)" => "person.is_in(at) != Some(false) || true",
        "all" "plan::rule_11_source::rule_11_a_clean_up_of_people_who_left_stops_nothing";
    "11h" "does not miss a file" "src/plan/shrunk.rs":
        "false => Part::GoneFile(file.to_owned())," => "false => Part::File(file.to_owned()),",
        "all" "plan::rule_11_source::rule_11_a_vanished_file_stops_the_app";
    "12c" "takes an empty tree for everybody leaving" "src/plan/shrunk.rs":
        "    if company.users.is_empty() && before > 0 {" => "    if company.users.is_empty() && before > u64::MAX - 1 {",
        "all" "plan::rule_11_source::rule_11_an_empty_tree_always_stops_the_app";
    "11k" "takes any number for consent" "src/plan/guard/report.rs":
        "one.guard == self.guard && one.count == people" => "one.guard == self.guard",
        "all" "plan::rule_11_guards::rule_11_allow_holds_for_exactly_the_planned_number";
    "12a" "ignores the budget of leavers" "src/plan/guard/mod.rs":
        "    Rule::LeaversOfEachCommit,\n" => "",
        "all" "plan::rule_12_leaving::rule_12_leavers_have_their_own_budget";
    "12a" "counts the leavers of all commits together" "src/plan/guard/leavers.rs":
        "draft.bases.typed_by.get(key).or(draft.bases.commit.as_ref())" => "draft.bases.commit.as_ref()",
        "all" "plan::rule_11_counted_once::rule_11_leavers_count_by_the_commit_that_typed_them";
    "12a" "counts the leavers of one commit by run" "src/plan/guard/leavers.rs":
        "Some(typed) if is_apart => Some(typed) == commit," => "Some(_) if is_apart => false,",
        "all" "plan::rule_11_counted_once::rule_11_leavers_of_one_commit_count_together_over_several_runs";
    "12b" "holds back declared leavers with the others" "src/model/counted.rs":
        "is_account_loss(change) && !change.cause.is_declared()" => "is_account_loss(change)",
        "all" "plan::rule_12_leaving::rule_12_a_tripped_guard_holds_implicit_removals_only";
    "22a" "takes members that are left out for none" "src/plan/reading/shown.rs":
        "            if !differ.seen.shown.members && link.is_none_or" => "            if differ.seen.shown.members || link.is_none_or",
        "all" "plan::rule_22_members::rule_22_a_list_that_is_left_out_is_none_where_nothing_says_otherwise";
    "3j" "gives a new id another account than the deleted one" "src/plan/people/undeclared.rs":
        "match renamed.get(id) {" => "match renamed.get(id).filter(|_| false) {",
        "all" "plan::rule_03_vanished::rule_03_a_new_id_ends_no_hold_of_a_deleted_account";
    "3j" "forgets which commit declared an id that vanished" "src/plan/people/vanished.rs":
        "let commit = Some(vanished.at?.clone());" => "let commit = Some(vanished.at.filter(|_| false)?.clone());",
        "all" "plan::rule_03_vanished::rule_03_a_new_id_ends_no_hold_of_a_deleted_account";
    "2m" "lets a line without effect hide an account" "src/plan/finish.rs":
        "lines::set_idle_apart(self);" => "",
        "all" "plan::rule_02_lines::rule_02_a_line_for_a_linked_person_hides_no_leaver";
    "2m" "lets a line hide a leaver" "src/plan/people/candidate.rs":
        "if let Some(notice) = named_for_another(cx, user, id, &rows)" => "if let Some(notice) = named_for_another(cx, user, id, &rows).filter(|_| false)",
        "all" "plan::rule_02_lines::rule_02_a_line_that_has_an_effect_hides_no_leaver";
    "2m" "lets a line hide a person whom no file declares" "src/plan/reading/former.rs":
        "|| differ.manual.contains_key(&row.remote))" => "&& !differ.manual.contains_key(&row.remote))",
        "all" "plan::rule_02_lines::rule_02_a_line_that_has_an_effect_hides_no_leaver";
    "10n" "says nothing of members with power whom no line declares" "src/plan/groups/members.rs":
        "match leaves_power(cx, case) {" => "match false && leaves_power(cx, case) {",
        "all" "plan::rule_13_undeclared_power::rule_13_a_member_of_a_privileged_group_whom_no_line_declares_is_said";
    "10n" "says nothing of values with power that no line gives" "src/plan/roles/revocations.rs":
        "return match cx.power.roles.contains(role) {" => "return match false && cx.power.roles.contains(role) {",
        "all" "plan::rule_13_undeclared_power::rule_13_a_privileged_value_that_no_line_gives_is_said";
    "22p" "takes roles that are left out for none" "src/plan/compare.rs":
        "Ok(roles) if left_out && with" => "Ok(roles) if false && left_out && with",
        "all" "plan::rule_22_roles::rule_22_roles_that_no_account_shows_are_unread";
    "22p" "ends what another hand did where roles are unread" "src/plan/decide/observe.rs":
        "roles.is_some_and(|roles| is_shown(cx, role, roles))" => "roles.is_none_or(|roles| is_shown(cx, role, roles))",
        "all" "plan::rule_22_roles::rule_22_what_another_hand_took_away_stays_known_while_roles_are_not_shown";
    "22p" "takes a look for the listing" "src/plan/finish.rs":
        "PageDiff { shows_roles: false, shows: Vec::new(), ..self.page(&page) }" => "self.page(&page)",
        "all" "plan::rule_22_roles::rule_22_an_account_that_the_listing_left_out_says_nothing_of_the_others";
    "22p" "reads roles that are left out as none" "src/connector/scim/decode.rs":
        "Seen::None if is_left_out(field.path) =>" => "Seen::None if false && is_left_out(field.path) =>",
        "all" "connector::reading::roles_that_an_account_leaves_out_are_unread_where_they_are_kept";
    "22b" "forgets whom it added where members are unread" "src/plan/groups/members.rs":
        "            let undeclared = lost.clone();" => "            let undeclared = Vec::new();",
        "all" "plan::rule_22_members::rule_22_somebody_who_left_is_taken_out_of_a_group_that_does_not_show_its_members";
    "22b" "takes whom a cut list does not show for removed" "src/connector/scim/members.rs":
        "(current.is_cut && !was_taken).then(" => "(false && current.is_cut && !was_taken).then(",
        "all" "connector::member_cut::whom_a_cut_list_does_not_show_is_removed_and_added_by_name";
    "22b" "forgets on the way that the list is cut" "src/plan/groups/mod.rs":
        "InGroup::Unread(Unread::Cut(_)) => MemberList::Cut," => "InGroup::Unread(Unread::Cut(_)) => MemberList::Whole,",
        "all" "plan::rule_22_members::rule_22_lists_that_may_be_cut_are_unread";
    "22c" "adopts accounts whose activity is unread" "src/plan/people/refusal.rs":
        "        Activity::Unread(why) => Some(format!(\"it cannot be said whether it is active: {why}\"))," => "        Activity::Unread(why) => Some(why.to_string()).filter(|_| false),",
        "all" "plan::rule_22_activity::rule_22_an_account_whose_activity_is_unread_is_adopted_only_by_hand";
    "22d" "concludes from a short listing" "src/plan/finish.rs":
        "        Walk::Incomplete { why } => Some(why.clone())," => "        Walk::Incomplete { why } => Some(why.clone()).filter(|_| false),",
        "all" "plan::rule_22_listings::rule_22_a_create_goes_on_if_the_look_ups_find_nobody";
    "22i" "takes what is not found for empty where something is known" "src/plan/finish.rs":
        "                _ if !self.knows_any(kind) => {}" => "                _ if !self.knows_any(kind) || self.knows_any(kind) => {}",
        "all" "plan::rule_22_listings::rule_22_a_list_that_is_not_found_is_empty_only_where_nothing_is_known";
    "13b" "releases by any number" "src/plan/release.rs":
        "number(input, hand) == Some(held_by(input, held, hand).len() as u64)" => "number(input, hand).is_some()",
        "all" "plan::rule_13_drift::rule_13_many_accounts_are_released_by_their_number";
    "17h" "forgets that an apply had nothing to do" "src/engine/apply.rs":
        "(plan.work.has_date_gone_by && " => "(false && plan.work.has_date_gone_by && ",
        "all" "cli_ledger::dates::an_apply_that_finds_nothing_to_do_counts";
    "13a" "undoes what security did" "src/plan/people/enable.rs":
        "    if ours {\n        let left" => "    if ours || !ours {\n        let left",
        "all" "plan::rule_13_drift::rule_13_an_account_somebody_else_disabled_is_held";
    "15d" "removes strangers while protection protects nobody" "src/plan/decide/mod.rs":
        "    unprotected::hold(cx, &mut decided.changes);\n" => "    let _ = unprotected::hold;\n",
        "all" "plan::rule_15_protect::rule_15_what_protects_nothing_holds_the_removal_of_strangers";
    "14d" "takes the last holders out of a role" "src/plan/guard/mod.rs":
        "    reports.extend(min_members::hold(&mut draft, input.limits));\n" => "",
        "all" "plan::rule_14_order::rule_14_min_members_holds_what_would_go_under";
    "1f" "believes an entry that has the id of another group of ours" "src/plan/groups/proof.rs":
        "if let Some(other) = another(cx, object, row) {" => "if let Some(other) = another(cx, object, row).filter(|_| false) {",
        "all" "plan::rule_04_same_group::rule_01_swapped_entries_of_groups_are_conflicts";
    "1f" "makes a group again that stands in another entry" "src/plan/groups/proof.rs":
        "(!was_named(cx, &key.object(), link, row)).then(|| (row, key.clone()))" => "(false && !was_named(cx, &key.object(), link, row)).then(|| (row, key.clone()))",
        "all" "plan::rule_04_same_group::rule_01_swapped_entries_of_groups_are_conflicts";
    "4a" "makes a second group where the first was made again" "src/plan/groups/find.rs":
        "None => group_without_link(cx, group)," => "None => Ok(None),",
        "all" "plan::rule_04_same_group::rule_04_a_group_that_was_made_again_in_the_app_is_taken_over";
    "4a" "gives a name that a group in a conflict has" "src/plan/groups/name_taken.rs":
        "|| !may_be_renamed(cx, group, link, other);" => ";",
        "all" "plan::rule_04_same_group::rule_04_a_name_that_a_group_in_a_conflict_has_is_taken";
    "4a" "says nothing of a second group of the name" "src/plan/groups/mod.rs":
        "decided.add(namesakes::notices(cx, people, &case, row));" => "let _ = namesakes::notices;",
        "all" "plan::rule_04_same_group::rule_04_a_second_group_of_the_name_shows_who_is_in_it";
    "4f" "forgets the name from before a held change" "src/plan/groups/proof.rs":
        "named_at_last_apply(cx, row).chain(by_entry).any" => "named_at_last_apply(cx, row).chain(by_entry.take(0)).any",
        "all" "plan::rule_04_same_group::rule_04_groups_whose_names_wait_for_each_other_stay_proved";
    "22i" "makes all groups again" "src/plan/groups/mod.rs":
        "None if vanished.has(place) => Decision::default()," => "None if false && vanished.has(place) => Decision::default(),",
        "all" "plan::rule_04_same_group::rule_22_groups_that_are_gone_all_at_once_are_not_made_again";
    "11v" "does not count who is in a group that is bound" "src/plan/groups/mod.rs":
        "ChangeKind::Adopt => is_bound," => "ChangeKind::Adopt => false && is_bound,",
        "all" "plan::rule_11_gain::rule_10_who_is_in_a_group_that_a_privileged_role_is_bound_to_gains_power";
    "4a" "gives a group a name that is taken" "src/plan/groups/change.rs":
        "if let (true, Value::Str(name)) = (is_name, &wanted)" => "if let (true, Value::Str(name)) = (false && is_name, &wanted)",
        "all" "plan::rule_04_same_group::rule_04_a_group_is_not_given_the_name_of_another_group_of_the_app";
    "4a" "makes a group again that has our id" "src/plan/groups/free.rs":
        "named.into_iter().chain(ours)" => "named.into_iter().chain(ours.filter(|_| false))",
        "all" "plan::rule_04_groups_and_apps::rule_04_a_group_with_our_id_is_found_and_adopted_as_a_line";
    "4a" "takes over a group that may be another one" "src/plan/groups/find.rs":
        "other.place != group.place && other.may_be(row)" => "other.place != group.place && other.may_be(row) && false",
        "all" "plan::rule_04_groups_and_apps::rule_04_a_group_that_is_found_twice_is_not_guessed";
    "8i" "sends all members at once" "src/apply/write_kind.rs":
        "Action::Members { .. } => BTreeSet::from([Self { operation, attribute: \"members\".into() }])," => "Action::Members { .. } => BTreeSet::new(),",
        "all" "simulation::compared::of_many_additions_of_members_one_group_is_compared_before_the_others_are_sent";
    "22s" "believes a look-up that was not tried" "src/connector/scim/find.rs":
        "let is_proven = |proof: Option<LookUps>| proof == Some(LookUps::Proven);" => "let is_proven = |proof: Option<LookUps>| proof.is_some();",
        "all" "connector::look_ups::from_a_list_that_does_not_add_up_a_look_up_that_finds_nobody_follows_only_if_the_app_filters";
    "22s" "takes an app for one that looks up whatever it answers" "src/connector/steps/look_ups.rs":
        "Answered::With(found) if found.is_empty() => LookUps::Proven," => "Answered::With(_) | Answered::Others => LookUps::Proven,\n        #[allow(unreachable_patterns)]",
        "all" "connector::look_ups::an_app_that_does_not_filter_is_seen_not_to";
    "2q" "forgets which account stands in the way" "src/plan/reading/questions.rs":
        ".chain(taken.take(LOOKED_UP))" => ".chain(taken.take(0))",
        "all" "simulation::hidden::a_create_that_was_refused_is_not_planned_and_refused_again";
    "8r" "turns all off at once" "src/apply/write_kind.rs":
        "Action::UpdateUser { active: Some(false), .. } => Operation::DisableUser," => "Action::UpdateUser { active: Some(false), .. } => return None,",
        "all" "simulation::lives::of_many_accounts_that_are_turned_off_one_is_compared_before_the_others_are_sent";
    "8r" "deletes all at once" "src/apply/write_kind.rs":
        "            Action::DeleteUser { .. } => Operation::DeleteUser,\n            Action::DeleteGroup { .. } => Operation::DeleteGroup,\n            Action::UpdateUser" => "            Action::DeleteUser { .. } | Action::DeleteGroup { .. } => return None,\n            Action::UpdateUser",
        "all" "simulation::lives::of_many_accounts_that_are_deleted_one_is_compared_before_the_others_are_sent";
    "8r" "believes a deletion that did something else" "src/apply/life.rs":
        "(Operation::DeleteUser, _) => After::Other(\"was deleted, and a look showed the account as before\")," => "(Operation::DeleteUser, _) => After::AsWanted,",
        "all" "simulation::lives::of_many_accounts_that_are_deleted_one_is_compared_before_the_others_are_sent";
    "8r" "holds leavers for what another one showed" "src/apply/mod.rs":
        "let mut many = if phase == Phase::Leave { BTreeSet::new() } else { Kinds::many(&step) };" => "let mut many = if phase > Phase::Delete { BTreeSet::new() } else { Kinds::many(&step) };",
        "all" "simulation::lives::declared_leavers_are_all_tried_whatever_one_of_them_shows";
    "8i" "compares nothing after a refusal" "src/apply/mod.rs":
        "step = others;" => "(step, many) = (others, Default::default());",
        "all" "simulation::compared::until_a_new_account_was_compared_the_next_one_is_sent_alone";
    "8j" "counts what was refused as written" "src/apply/carry.rs":
        "if outcome.state.is_done() {" => "if outcome.state.is_done() || task.op.changes.len() > 1 {",
        "all" "simulation::compared::what_the_app_refused_belongs_to_the_rest_that_a_side_effect_holds";
    "8j" "takes what another client wrote for a side effect" "src/connector/scim/members.rs":
        "if rounds.is_outdated {" => "if rounds.is_outdated && false {",
        "all" "connector::member_faults::what_another_client_wrote_before_our_write_is_no_side_effect_of_it";
    "8j" "does not miss members" "src/connector/scim/members.rs":
        "return Outcome { side_effects, ..written(read(after)) };" => "return Outcome { side_effects: Vec::from_iter(side_effects.into_iter().filter(|_| false)), ..written(read(after)) };",
        "all" "connector::member_faults::members_beside_the_wanted_ones_are_missed";
    "10i" "forgets the values that a killed run gave" "src/ledger/begin.rs":
        "ledger::intend_values(&mut kept.former_roles, &kept.roles, values);" => "let _ = values;",
        "ledger" "ledger_values::values_are_on_record_before_the_first_request";
    "10i" "forgets the values that it sets out to give" "src/plan/plan_type.rs":
        "let grants = self.to_do().filter(|change| change.kind == ChangeKind::RoleGrant);" => "let grants = self.to_do().filter(|_| false);",
        "all" "plan::rule_10_former_values::rule_10_a_value_that_an_unfinished_run_gave_is_known";
    "10i" "takes what another hand had given before" "src/plan/roles/former.rs":
        "MembersPolicy::Linked => is_managed_value(cx, former) || is_given()," => "MembersPolicy::Linked => true,",
        "all" "plan::rule_10_former_values::rule_10_a_new_role_that_an_unfinished_run_gave_is_taken_from_those_to_whom_it_gave_it";
    "10j" "takes a former value before its person is in the group" "src/plan/roles/other_form.rs":
        "if grants.contains(&grant) {" => "if grants.contains(&grant) || true {\n            if true { continue }",
        "all" "plan::rule_10_former_values::rule_10_a_value_that_becomes_a_group_goes_after_the_grant";
    "10j" "revokes a value for a group" "src/plan/groups/former.rs":
        "change.key.facet = Facet::FormerGroup(role.clone());" => "change.key.facet = Facet::Role(role.clone());",
        "all" "plan::rule_10_former_values::rule_10_a_group_that_becomes_a_value_goes_after_the_grant";
    "11d" "writes another value of a role over many" "src/model/counted.rs":
        "_ => gives_other_value(change)," => "_ => false && gives_other_value(change),",
        "all" "plan::rule_10_former_values::rule_11_another_value_of_a_role_is_an_update_and_no_loss";
    "11r" "gives the power of another role by its value" "src/plan/decide/power.rs":
        "today.is_some_and(|today| !is_same(before, today) && was(today))" => "today.is_some_and(|today| false && !is_same(before, today) && was(today))",
        "all" "plan::rule_10_former_values::rule_11_the_value_or_group_of_another_privileged_role_is_a_gain";
    "11r" "sees only what a role is today" "src/plan/decide/bases.rs":
        "group_holders(cx, &Object::Role(role.clone())).into_iter().chain(value_holders(cx, role)).collect()" => "value_holders(cx, role)",
        "all" "plan::rule_11_power::rule_11_a_privileged_role_that_is_given_up_keeps_its_holders";
    "10m" "takes a value that moved to another role for drift" "src/plan/role_values.rs":
        "if !wanted.contains(&role) && !account.has(role, value) =>" => "if false && !wanted.contains(&role) && !account.has(role, value) =>",
        "all" "plan::rule_10_moved_values::rule_11_a_value_that_is_given_to_another_role_releases_nothing";
    "10m" "takes a value that a wanted role has" "src/plan/role_values.rs":
        "if !wanted.contains(&role) && !account.has(role, value) =>" => "if !account.has(role, value) =>",
        "all" "plan::rule_10_moved_values::rule_10_a_person_who_is_to_have_the_other_role_keeps_the_value";
    "10l" "overwrites a former value without a revocation" "src/plan/roles/revocations.rs":
        "Some(known) if replaced && known.number.is_some_and(|number| wanted.contains(&number)) => {}" => "Some(_) if replaced => {}",
        "all" "plan::rule_10_former_values::rule_10_where_one_role_fits_a_former_value_goes_by_a_revocation";
    "10l" "makes room of what is not to be revoked" "src/plan/roles/mod.rs":
        "held.count() + others.len()" => "held.count()",
        "all" "plan::rule_10_former_values::rule_10_where_one_role_fits_a_former_value_that_stays_leaves_no_room";
    "10l" "lets no revocation go with the grant" "src/apply/roles.rs":
        "Some(revocation) => replaced.push(revocation)," => "Some(_) if !is_declared(old) => {}\n            Some(revocation) => replaced.push(revocation),",
        "all" "simulation::order::where_one_role_fits_a_former_value_goes_with_the_grant_of_another_role";
    "10e" "writes over members that were not read" "src/connector/scim/members.rs":
        "Members::Unread(Unread::LeftOut) if list == MemberList::Empty => return Ok(())," => "Members::Unread(Unread::LeftOut) => return Ok(()),",
        "all" "connector::member_faults::a_list_of_members_that_was_not_read_is_not_written";
    "22r" "takes people out of a group who may be in a group inside it" "src/plan/groups/case.rs":
        "self.is_mixed || cx.input" => "cx.input",
        "all" "plan::rule_22_mixed::rule_22_only_whom_rolecall_added_is_taken_out_of_a_mixed_group";
    "22r" "waits for a removal to show where it cannot" "src/connector/rest/members.rs":
        "was_taken && matches!(now, Members::Mixed(_))" => "was_taken && !matches!(now, Members::Mixed(_))",
        "all" "rest::inherited::a_removal_is_done_though_the_app_still_shows_the_person";
    "14i" "gives up those who wait for a seat" "src/apply/mod.rs":
        "if apply.seats.try_again() && apply.stopped().is_none() {" => "if apply.seats.try_again() && apply.stopped().is_some() {",
        "all" "simulation::seats::a_seat_that_becomes_free_last_is_taken_in_the_same_run";
    "14i" "gives up who comes after the first one without a seat" "src/apply/seats.rs":
        "Known::Full => Seat::Later," => "Known::Full => Seat::None(String::new()),",
        "all" "simulation::seats::all_who_wait_are_tried_once_more";
    "14i" "tries everybody where no seat is free" "src/apply/seats.rs":
        "if *refusals >= SHOWN_BY => {" => "if *refusals >= SHOWN_BY && false => {",
        "all" "simulation::seats::without_a_free_seat_nobody_else_is_tried";
    "14i" "gives up everybody after one refusal" "src/apply/seats.rs":
        "const SHOWN_BY: u32 = 3;" => "const SHOWN_BY: u32 = 1;",
        "all" "simulation::seats::a_refusal_that_reads_like_no_seat_stops_nobody_else";
    "22k" "believes not found of a request with names" "src/connector/scim/names.rs":
        "400 | 403 | 404 | 410 | 501" => "400 | 403 | 501",
        "all" "connector::schemas::not_found_proves_that_an_account_is_gone_only_without_the_parameter";
    "22l" "checks no mapping" "src/engine/check.rs":
        "report.findings.extend(about_mappings(" => "Vec::new().extend(about_mappings(",
        "all" "faults::listings::check_says_of_the_mapping_what_a_plan_says";
    "1p" "hides whose account comes to have power" "src/plan/decide/assemble.rs":
        "(ChangeKind::MemberAdd, _, Facet::Member(id)) if change.privileged => {" => "(ChangeKind::MemberAdd, _, Facet::Member(id)) if change.privileged && false => {",
        "all" "plan::rule_01_logins::rule_01_a_membership_that_gives_power_has_the_login";
    "7k" "checks the clock in the sandbox" "src/engine/plan_app.rs":
        "real_time: !engine.clock.is_fixed() && !app.is_sandbox()," => "real_time: !engine.clock.is_fixed(),",
        "all" "cli_apply::rule_07_the_clock_is_not_checked_in_the_sandbox";
    "8j" "takes a side effect for success" "src/cli/apply.rs":
        "|| !app.side_effects.is_empty()" => "|| (false && !app.side_effects.is_empty())",
        "all" "faults::side_effects::rule_08_a_side_effect_alone_is_status_three";
    "11aa" "does not say what more than doubles" "src/plan/widened.rs":
        "let is_wide = then > 0" => "let is_wide = false && then > 0",
        "all" "plan::rule_11_widened::rule_11_a_group_with_a_wider_rule_stands_at_the_top_with_the_rule";
    "11aa" "names a line that was there before" "src/plan/widened.rs":
        "&& !before.lines.contains(line)" => "&& before.lines.contains(line)",
        "all" "plan::rule_11_widened::rule_11_a_role_that_more_than_doubles_stands_at_the_top_with_the_line_that_widened_it";
    "11ab" "says nothing of what is held" "src/cli/held.rs":
        "printer.warn(&warning.text, None);" => "let _ = &warning.text;",
        "all" "cli_held::rule_11_what_a_guard_holds_is_one_line_on_stderr";
    "11ab" "tells the build server nothing of what is held" "src/cli/held.rs":
        "findings::annotate(printer, &self.told, &new, self.files);" => "let _ = self.files;",
        "all" "cli_held::rule_11_what_a_guard_holds_is_an_annotation_in_github";
    "11ac" "holds every value with the one that was held" "src/plan/guard/held.rs":
        "&& key.is_of(written(draft, input.key, guard, change))" => "",
        "all" "plan::rule_11_held_values::rule_11_another_value_of_one_person_is_not_held_with_the_former_one";
    "11ac" "releases what is held without a value" "src/model/holds.rs":
        "self.value.is_none() || written.is_none() || self.value == written" => "self.value == written",
        "all" "plan::rule_11_held_values::rule_11_a_hold_without_a_value_holds_every_one";
    "11ac" "counts a held value no more" "src/plan/guard/held.rs":
        "vec![others, same.collect()]" => "vec![others, same.filter(|_| false).collect()]",
        "all" "plan::rule_11_held_values::rule_11_who_gets_the_held_value_later_counts_with_those_who_are_held";
    "11ac" "counts what is held with another value" "src/plan/guard/held.rs":
        "    if held.is_empty() {" => "    if held.len() < usize::MAX {",
        "all" "plan::rule_11_held_values::rule_11_another_login_is_not_held_with_those_that_are";
    "11ac" "keeps a former value for ever" "src/plan/held.rs":
        "other_value.contains(key)" => "other_value.is_empty() && false",
        "all" "plan::rule_11_held_values::rule_11_another_value_of_many_is_held_by_its_own_number";
    "11ac" "releases references to a person with a new id" "src/plan/guard/held.rs":
        "holds::rename_references(&mut today, &renames, hash);" => "let _ = hash;",
        "all" "plan::rule_11_held_values::rule_11_a_rename_of_a_manager_releases_no_reference";
    "11ac" "believes an interrupted run of what is held" "src/plan/guard/held.rs":
        "draft.bases.begun.remove(&key.change(&draft.app));" => "let _ = key;",
        "all" "plan::rule_11_held_values::rule_11_an_interrupted_run_passes_no_other_value_of_what_is_held";
    "11ac" "hashes what is sensitive" "src/plan/guard/held_value.rs":
        "!draft.work.unhashed.contains(path)" => "!draft.work.unhashed.contains(path) || true",
        "all" "plan::rule_11_held_values::rule_11_a_sensitive_value_is_held_whatever_it_is";
    "11ac" "takes the value of a gain for the gain" "src/model/guard.rs":
        "matches!(self, Guard::Login | Guard::Update)" => "matches!(self, Guard::Login | Guard::Update | Guard::Gain)",
        "all" "plan::rule_11_held_values::rule_11_a_held_gain_has_no_value";
    "1c" "writes an account that shows nothing of its person" "src/plan/reading/evidence.rs":
        "if !was_own && shown.remembered.is_empty() {" => "if false && !was_own && shown.remembered.is_empty() {",
        "all" "plan::rule_01_links::rule_01_a_linked_account_without_any_known_value_is_a_conflict";
    "1f" "gives an account with another person's value to whom the ledger names" "src/plan/reading/evidence.rs":
        "find_map(|(path, value)| Some((path, owner(path, value)?)))" => "find_map(|(path, value)| Some((path, owner(path, value).filter(|_| false)?)))",
        "all" "plan::rule_01_links::rule_01_swapped_entries_are_conflicts";
    "1f" "takes what moved by swapped entries for what moved in the files" "src/plan/reading/evidence.rs":
        ".filter(|other| !self.is_sure(other))" => ".filter(|_| false)",
        "all" "plan::rule_01_links::rule_01_a_login_that_moves_from_one_person_to_another_is_no_conflict";
    "1i" "forgets the proof of an entry with its commit" "src/plan/reading/answers.rs":
        "named.into_iter().chain(applied)" => "named.into_iter().chain(applied.filter(|_| false))",
        "all" "plan::rule_01_links::rule_01_a_renamed_entry_keeps_a_proof";
    "1i" "names a lost commit for each entry" "src/plan/decide/summaries.rs":
        "entries.into_iter().map(notice).collect()" => "unproved.iter().map(|(why, object)| notice((why, BTreeSet::from([object.name()])))).collect()",
        "all" "cli_ledger::care::rule_01_a_lost_commit_is_named_once_with_the_command_that_mends_it";
    "1i" "leaves a renamed group with the proof of its earlier id" "src/plan/groups/change.rs":
        "let commit = cx.input.commit.map(Into::into).or(link.commit);" => "let commit = link.commit.or(cx.input.commit.map(Into::into));",
        "all" "plan::rule_03_renames::rule_03_previously_keeps_a_group_proved_and_its_members_known";
    "1i" "leaves a renamed group without a read with the proof of its earlier id" "src/plan/groups/mod.rs":
        "decided.observed.push(LedgerUpdate::PutGroup { key: key.clone(), link });" => "let _ = link;",
        "all" "plan::rule_03_renames::rule_03_previously_keeps_a_group_proved_and_its_members_known";
    "1i" "leaves a renamed person with the proof of the earlier id" "src/plan/people/found.rs":
        "state.into_iter().chain([LinkUpdate::Commit(commit)])" => "state.into_iter().chain([LinkUpdate::Commit(commit)].into_iter().filter(|_| false))",
        "all" "plan::rule_01_links::rule_01_a_renamed_entry_names_the_commit_of_the_rename";
    "2h" "gives the account of a leaver to a successor" "src/plan/people/candidate.rs":
        "contest.filter(|_| !carries_our_id(cx, user, id, row))" => "contest.filter(|_| false && !carries_our_id(cx, user, id, row))",
        "all" "plan::rule_02_adoption::rule_02_an_account_of_a_leaver_or_a_successor_is_contested";
    "2i" "believes a line of `links:` against the account" "src/plan/people/candidate.rs":
        "filter(|_| !is_own)" => "filter(|_| false && !is_own)",
        "all" "plan::rule_02_adoption::rule_02_a_line_of_links_says_who_is_meant_and_not_whether";
    "2j" "looks at no account" "src/plan/reading/questions.rs":
        "bound.take(LOOKED_AT)" => "bound.take(0)",
        "all" "plan::rule_02_adoption::rule_02_what_an_account_can_do_already_is_part_of_the_plan";
    "2j" "binds power without a word" "src/plan/decide/holdings.rs":
        "change.privileged |= is_in && " => "change.privileged |= false && is_in && ",
        "all" "plan::rule_02_adoption::rule_02_power_on_an_account_is_found_by_every_name_of_it";
    "2j" "hides what the account of a new id can do" "src/plan/decide/holdings.rs":
        "moved.chain(adopted)" => "moved.filter(|_| false).chain(adopted)",
        "all" "plan::rule_02_adoption::rule_02_every_line_that_binds_an_account_says_what_it_can_do";
    "2j" "asks the first listing for nothing" "src/plan/reading/differ.rs":
        "self.input.ledger.completed.is_none()" => "false && self.input.ledger.completed.is_none()",
        "all" "plan::rule_02_listings::rule_02_the_first_listing_shows_what_accounts_can_do";
    "2j" "takes a part of what an account can do for all" "src/plan/decide/holdings.rs":
        "Some(listed) if listed.are_whole() || listings_are_whole =>" => "Some(listed) if true || listed.are_whole() || listings_are_whole =>",
        "all" "plan::rule_02_listings::rule_02_what_the_first_listing_leaves_out_is_looked_at";
    "2j" "knows a privileged group by one name only" "src/plan/decide/power.rs":
        "name_of(id).is_some_and(|name| self.is_name(&name))" => "name_of(id).is_some_and(|name| false && self.is_name(&name))",
        "all" "plan::rule_02_adoption::rule_02_power_on_an_account_is_found_by_every_name_of_it";
    "2j" "does not know a privileged group by its id" "src/plan/decide/power.rs":
        "id.parse().is_ok_and(|id| self.is_group(&id))" => "id.parse().is_ok_and(|id| false && self.is_group(&id))",
        "all" "plan::rule_02_adoption::rule_02_power_on_an_account_is_found_by_every_name_of_it";
    "2k" "takes an account that was not looked at for one that can do nothing" "src/plan/decide/holdings.rs":
        "Some(Fact::NotLookedAt)" => "Some(Fact::NotLookedAt).filter(|_| false)",
        "all" "plan::rule_02_adoption::rule_02_an_account_that_was_not_looked_at_says_so";
    "2k" "takes a look in vain for one that showed nothing" "src/plan/decide/holdings.rs":
        "Some(Fact::LookedInVain(why.clone()))" => "Some(Fact::LookedInVain(why.clone())).filter(|_| false)",
        "all" "plan::rule_02_adoption::rule_02_an_account_that_was_not_looked_at_says_so";
    "2k" "takes lists that are left out for empty ones" "src/connector/scim/holdings.rs":
        "false => Seen::Unread(Unread::LeftOut)," => "false => Seen::None,",
        "lib" "connector::scim::holdings::tests::what_an_account_has_is_seen_or_seen_to_be_none_or_unread";
    "2k" "says nothing where no account shows what it has" "src/plan/decide/holdings.rs":
        "none.then(||" => "(false && none).then(||",
        "all" "plan::rule_02_adoption::rule_02_an_account_that_was_not_looked_at_says_so";
    "3g" "suggests one of several renames" "src/plan/people/renamed.rs":
        "of_old[old] == 1 && of_new[user] == 1" => "of_old[old] == 1 || of_new[user] == 1",
        "all" "plan::rule_03_renames::rule_03_a_rename_that_only_names_or_a_manager_show_is_suggested";
    "3g" "takes a given name for a person" "src/plan/people/renamed.rs":
        "(true, false) if same_manager =>" => "(true, false) if same_manager || !same_manager =>",
        "all" "plan::rule_03_renames::rule_03_a_rename_that_only_names_or_a_manager_show_is_suggested";
    "3g" "suggests no rename" "src/plan/decide/summaries.rs":
        "    notices.extend(renamed::suggestions(cx, decided));\n" => "    let _ = renamed::suggestions;\n",
        "all" "plan::rule_03_renames::rule_03_a_rename_that_only_names_or_a_manager_show_is_suggested";
    "4f" "writes a group that is another one" "src/plan/groups/proof.rs":
        "(!is_proved).then(|| {" => "(false && !is_proved).then(|| {",
        "all" "plan::rule_04_groups_and_apps::rule_04_a_linked_group_that_is_another_one_is_not_touched";
    "4f" "empties a group by the ledger's word" "src/plan/groups/proof.rs":
        "find_map(|key| tree.groups.get(key))).err()" => "find_map(|key| tree.groups.get(key))).err().filter(|_| false)",
        "all" "faults::ledgers::a_group_that_the_ledger_alone_knows_is_left_alone";
    "4f" "takes one member for a proof" "src/plan/groups/proof.rs":
        ".count() * 2 >= link.members.len()" => ".count() > 0",
        "all" "plan::rule_04_groups_and_apps::rule_04_a_linked_group_that_is_another_one_is_not_touched";
    "4g" "makes a group beside the one that `links:` names" "src/plan/groups/find.rs":
        "by_hand.map_or(Self::Name, " => "by_hand.filter(|_| false).map_or(Self::Name, ",
        "all" "plan::rule_04_groups_and_apps::rule_04_a_group_can_be_linked_by_hand";
    "4g" "forgets the members of a group that `links:` names" "src/plan/groups/find.rs":
        "let by = By::of(cx, &cx.input.desired.groups[group.place]);" => "let by = By::Name;",
        "all" "plan::rule_04_groups_and_apps::rule_04_members_of_a_group_that_is_bound_by_hand_or_by_our_id_count_at_an_adoption";
    "4g" "takes the group of another entry" "src/plan/groups/renamed.rs":
        "By::Hand(remote, _) => former.by_remote.get(remote).copied()," => "By::Hand(remote, _) => former.by_remote.get(remote).copied().filter(|_| false),",
        "all" "plan::rule_04_groups_and_apps::rule_04_a_group_that_links_names_and_another_entry_has_is_a_suspected_rename";
    "4g" "does not find the group with a prefix" "src/connector/scim/create.rs":
        "None if kind == Kind::Group => match" => "None if false && kind == Kind::Group => match",
        "all" "connector::writing::a_group_that_has_the_name_with_a_prefix_is_named";
    "4h" "takes over members without a word" "src/plan/groups/adoption.rs":
        "if is_same && found == 0 &&" => "if true || is_same && found == 0 &&",
        "all" "plan::rule_04_groups_and_apps::rule_04_a_group_that_is_taken_over_with_members_stands_at_the_top";
    "4h" "takes over power without a word" "src/plan/groups/adoption.rs":
        "if case.gives_power {" => "if false && case.gives_power {",
        "all" "plan::rule_04_groups_and_apps::rule_04_a_group_that_is_taken_over_with_members_stands_at_the_top";
    "4h" "takes over a group under another name without a word" "src/plan/groups/adoption.rs":
        "let is_same = wanted.name" => "let is_same = true || wanted.name",
        "all" "plan::rule_04_groups_and_apps::rule_04_a_group_that_is_taken_over_with_members_stands_at_the_top";
    "4i" "counts people of two groups inside twice" "src/plan/groups/nested.rs":
        "all.extend(people);" => "let of = all.len(); all.extend(people.into_iter().map(|one| Arc::from(format!(\"{of} {one}\"))));",
        "all" "plan::rule_22_members::rule_04_people_of_a_group_inside_are_counted_once";
    "4i" "removes groups inside though nobody said so" "src/plan/groups/nested.rs":
        "&& policy.nested == Nested::Remove" => "",
        "all" "plan::rule_22_members::rule_04_people_of_a_group_inside_are_counted_once";
    "4i" "takes a cut list of people for all" "src/plan/groups/nested.rs":
        "are_all: !has_groups && cap" => "are_all: true || !has_groups && cap",
        "all" "plan::rule_22_members::rule_04_people_of_a_group_inside_are_not_known_if_its_list_may_be_short";
    "4i" "says nothing of access by a group inside" "src/plan/groups/nested.rs":
        "groups.iter().find(is_in) else" => "groups.iter().find(is_in).filter(|_| false) else",
        "all" "plan::rule_22_members::rule_04_a_removal_that_leaves_access_by_a_group_inside_says_so";
    "8k" "sends an address again for its case" "src/catalog/scim/tables.rs":
        "stored_case: StoredCase::Ignored" => "stored_case: StoredCase::Counts",
        "all" "plan::rule_08_kept::rule_08_an_address_in_another_case_is_the_same_address";
    "8k" "sends a letter again for its form" "src/catalog/compare.rs":
        "nfc(text).into()" => "{ let _ = nfc; text.clone() }",
        "all" "plan::rule_08_kept::rule_08_a_letter_with_its_accent_apart_is_the_same_letter";
    "8l" "sends text again for its case" "src/catalog/own_schemas.rs":
        "StoredCase::Counts if is_text &&" => "StoredCase::Counts if false && is_text &&",
        "all" "plan::rule_22_schemas::rule_22_text_that_the_app_does_not_call_case_exact_may_be_stored_in_another_case";
    "8l" "forgets a declared change of case" "src/plan/compare.rs":
        "let is_owed = !actual.is_null() &&" => "let is_owed = false && !actual.is_null() &&",
        "all" "plan::rule_22_schemas::rule_22_text_that_the_app_does_not_call_case_exact_may_be_stored_in_another_case";
    "8m" "says nothing of edits that it does not apply" "src/engine/which_commit.rs":
        "name_edits(engine, &there, broken.is_some(), &commit);" => "let _ = (name_edits, &broken);",
        "all" "cli_ledger::dates::apply_names_edits_that_are_not_committed";
    "8m" "says nothing of files that are not tracked" "src/git/repo.rs":
        ".include_untracked(true)" => ".include_untracked(false)",
        "all" "cli_ledger::dates::apply_names_edits_that_are_not_committed";
    "11l" "counts one member of a group that is deleted" "src/plan/guard/count.rs":
        "deleted.into_iter().flatten().cloned()" => "deleted.into_iter().flatten().take(1).cloned()",
        "all" "plan::rule_11_guards::rule_11_a_deleted_group_counts_all_its_members";
    "11l" "counts no strangers in a group that is deleted" "src/plan/groups/former.rs":
        "text.parse().ok().map(Object::Account)" => "text.parse().ok().filter(|_| false).map(Object::Account)",
        "all" "plan::rule_11_guards::rule_11_a_deleted_group_counts_strangers_too";
    "11l" "deletes a group whose members are not known" "src/plan/groups/former.rs":
        "Seen::Unread(_) => None," => "Seen::Unread(_) => Some(&[]),",
        "all" "plan::rule_11_guards::rule_11_a_group_whose_members_cannot_be_read_is_not_deleted";
    "11m" "forgets what a group lost yesterday" "src/plan/guard/rules.rs":
        "of_window(draft, input, guard, Some(&group));" => "of_window(draft, input, guard, Some(&group)).into_iter().take(0).collect();",
        "all" "plan::rule_11_guards::rule_11_what_a_group_lost_in_the_last_24_hours_counts_too";
    "11o" "does one half of a move" "src/plan/guard/dependents.rs":
        "is_kept.then_some(" => "(false && is_kept).then_some(",
        "all" "plan::rule_11_counted_once::rule_11_the_other_half_of_a_move_is_held_with_it";
    "11o" "does one half of a move out of a privileged role" "src/plan/guard/dependents.rs":
        "&[Guard::Revoke, Guard::Privileged][..]" => "&[Guard::Revoke][..]",
        "all" "plan::rule_11_power::rule_11_the_other_half_of_a_move_out_of_a_privileged_role_is_held_with_it";
    "12e" "takes an end of long ago for the reason of a loss" "src/plan/people/lapse.rs":
        "OutReason::Lapsed if !ended.is_some_and(" => "OutReason::Lapsed if false && !ended.is_some_and(",
        "all" "plan::rule_12_leaving::rule_12_an_end_of_long_ago_declares_nothing_that_is_lost_today";
    "12e" "forgets which ends are known" "src/plan/people/lapse.rs":
        "known.is_none_or(|known| end > known)" => "known.is_none_or(|known| end > known || true)",
        "all" "plan::rule_12_leaving::rule_12_an_end_of_long_ago_declares_no_loss_of_a_role_or_membership";
    "12e" "takes an end for known before all is gone that ended with it" "src/plan/decide/observe.rs":
        "filter(|_| !owing.contains(id))" => "filter(|_| true || !owing.contains(id))",
        "all" "simulation::order::an_end_is_over_once_all_that_ended_with_it_is_gone";
    "13c" "gives back a privileged role that was taken away" "src/plan/roles/grants.rs":
        "if !change.privileged {" => "if true || !change.privileged {",
        "all" "plan::rule_13_drift::rule_13_a_privileged_role_somebody_else_took_away_is_held";
    "13c" "forgets what another hand did with a new id" "src/plan/people/hands.rs":
        "cx.ids_of(id).cloned().flat_map(of)" => "cx.ids_of(id).cloned().take(1).flat_map(of)",
        "all" "plan::rule_13_own_word::rule_13_what_another_hand_did_is_known_by_earlier_ids";
    "13c" "gives a new account what was taken from the former one" "src/plan/roles/mod.rs":
        "cx.link_of(user).filter(|link| !link.state.is_gone())" => "cx.link_of(user).filter(|link| false && !link.state.is_gone())",
        "all" "plan::rule_13_drift::rule_13_an_account_somebody_made_again_gets_back_nothing_privileged";
    "13d" "folds access that drifted" "src/render/sections/fold.rs":
        "gains && change.cause != Cause::Drift" => "gains",
        "lib" "render::tests::reading::losses_privilege_drifted_access_and_logins_are_never_folded";
    "13e" "releases what it held when a day went by" "src/plan/people/hands.rs":
        "(!says(cx, known, &names, &today(cx, user, hand)) &&" => "(known.at < cx.input.resolved.at || !says(cx, known, &names, &today(cx, user, hand)) &&",
        "all" "plan::rule_13_drift::rule_13_time_alone_gives_nothing_back";
    "13g" "says nothing of a leaver who is on again" "src/plan/people/leave.rs":
        "let again = on_again(cx, &leaving);" => "let (again, _) = (Decision::default(), on_again);",
        "all" "plan::rule_13_drift::rule_13_a_leaver_whose_account_is_on_again_comes_first";
    "13g" "remembers what was undone in the app" "src/plan/people/hands.rs":
        "known.flat_map(|entry| released(cx, entry)).collect()" => "known.flat_map(|entry| released(cx, entry)).take(0).collect()",
        "all" "plan::rule_13_drift::rule_13_an_account_that_is_on_again_is_not_held_any_more";
    "13g" "holds what an app may turn off" "src/plan/people/enable.rs":
        "if cx.input.desired.app.idle_accounts_stay_off {" => "if false && cx.input.desired.app.idle_accounts_stay_off {",
        "all" "plan::rule_13_drift::rule_13_an_app_may_turn_idle_accounts_off";
    "13h" "takes a disabling that was not kept for another hand's work" "src/plan/people/leave.rs":
        "} else if known.unconfirmed {" => "} else if false && known.unconfirmed {",
        "all" "plan::rule_22_activity::rule_13_a_disabling_that_was_not_kept_is_said_first";
    "16i" "forgets the roles that no mapping writes" "src/plan/decide/summaries.rs":
        "    notices.extend(left_in_app(cx));\n" => "    let _ = left_in_app;\n",
        "all" "plan::rule_16_life::rule_16_grants_that_no_mapping_manages_any_more_are_left_in_the_app";
    "17f" "takes the last day of the calendar for an end" "src/config/typed/date.rs":
        "if pieces.date() == NEVER {" => "if false && pieces.date() == NEVER {",
        "lib" "config::typed::date::tests::never_has_no_end";
    "17f" "begins what never begins" "src/config/typed/date.rs":
        "start.filter(|(moment, _)| moment.until.is_none())" => "start.filter(|(moment, _)| false && moment.until.is_none())",
        "all" "config_bad::every_mistake_is_reported_alone";
    "17h" "says nothing of a date that went by" "src/engine/ledgers.rs":
        "overdue::say(engine, config, &opened.read.snapshot);" => "let _ = overdue::say;",
        "all" "cli_ledger::dates::a_date_that_went_by_without_an_apply_is_said_first";
    "22e" "asks for no leaver whom a short listing left out" "src/plan/reading/questions.rs":
        "true => is_leaver(differ, answers, *link)," => "true => false,",
        "all" "plan::rule_22_listings::rule_22_leavers_whom_a_short_listing_did_not_show_are_asked_for_and_disabled";
    "22e" "asks for everybody whom a short listing left out" "src/plan/reading/questions.rs":
        "true => is_leaver(differ, answers, *link)," => "true => !differ.links.row(*link).is_tombstone(),",
        "all" "plan::rule_22_listings::rule_22_others_whom_a_short_listing_did_not_show_are_left_alone";
    "22e" "does not name whom a short listing left out" "src/plan/decide/summaries.rs":
        "if !decided.unlisted.is_empty() {" => "if false && !decided.unlisted.is_empty() {",
        "all" "plan::rule_22_listings::rule_22_others_whom_a_short_listing_did_not_show_are_left_alone";
    "22e" "hides access of whom a short listing left out" "src/plan/people/found.rs":
        "    if !is_on_but_for_word(cx, link) {" => "    if true || !is_on_but_for_word(cx, link) {",
        "all" "plan::rule_22_listings::rule_22_others_whom_a_short_listing_did_not_show_are_left_alone";
    "22f" "takes an id in another spelling for a stranger's" "src/plan/decide/context.rs":
        "known.get(&folded(id))?.as_ref()" => "known.get(&folded(id))?.as_ref().filter(|_| false)",
        "all" "plan::rule_22_members::rule_22_an_id_in_another_spelling_is_the_same_account";
    "22f" "takes one of two spellings for the account" "src/plan/decide/context.rs":
        "same.and_modify(|one| *one = None).or_insert_with(" => "same.or_insert_with(",
        "all" "plan::rule_22_members::rule_22_an_id_in_another_spelling_is_the_same_account";
    "22f" "takes a group for a stranger" "src/plan/groups/find.rs":
        "cx.differ.seen.shown.group(member).is_some() && !is_account()" => "false && cx.differ.seen.shown.group(member).is_some() && !is_account()",
        "all" "plan::rule_22_members::rule_22_a_group_inside_a_group_is_called_a_group";
    "22g" "loses a page with one odd id" "src/connector/scim/json.rs":
        "found = map.next_value_seed(As(Text))?;" => "found = Some(map.next_value::<String>()?.into());",
        "lib" "connector::scim::json::tests::an_odd_row_has_no_id_and_hides_no_other";
    "22h" "believes a total that a full page equals" "src/connector/steps/tally.rs":
        "let asks = is_full &&" => "let asks = false && is_full &&",
        "all" "connector::odd::a_total_that_a_full_page_equals_is_asked_beyond";
    "22h" "takes a total that counts the page for one that is wrong" "src/connector/steps/tally.rs":
        "self.beyond = Beyond::Uncounted," => "self.beyond = Beyond::Denied,",
        "all" "connector::odd::a_total_that_counts_the_page_is_read_to_the_end";
    "22h" "believes a total that leaves out rows" "src/connector/steps/tally.rs":
        "Some(total) if total != seen =>" => "Some(total) if total > seen =>",
        "all" "connector::odd::a_total_that_denies_rows_makes_the_list_short";
    "22h" "ends a list without a total at one empty answer" "src/connector/steps/tally.rs":
        "self.empty_pages >= 2" => "self.empty_pages >= 1",
        "lib" "connector::steps::tally::tests::a_total_that_counts_the_page_is_none";
    "22j" "lets a rule compare what nobody can see" "src/engine/configuration.rs":
        "findings.extend(resolve::invisible_texts(&company, &programs));" => "let _ = resolve::invisible_texts;",
        "all" "invisible::a_text_that_a_rule_compares_is_an_error";
    "22j" "lets a filter compare what nobody can see" "src/resolve/compared.rs":
        "rules.chain(filters)" => "rules.chain(filters.filter(|_| false))",
        "all" "invisible::a_filter_compares_too";
    "22j" "makes a second account by what nobody can see" "src/resolve/compared.rs":
        "of_condition.or_else(of_account)" => "of_condition.or_else(|| of_account().filter(|_| false))",
        "all" "invisible::what_tells_accounts_apart_is_compared";
    "22j" "compares with what nobody can see" "src/resolve/compared.rs":
        "found.extend(in_source(program, &name));" => "let _ = in_source(program, &name);",
        "all" "invisible::a_text_in_a_rule_may_not_hold_one_either";
    "22j" "takes an address with what nobody can see" "src/config/typed/invisible.rs":
        "reader.found.push(invisible.error(span, &whose()));" => "let _ = invisible.error(span, &whose());",
        "all" "config_bad::every_mistake_is_reported_alone";
    "22j" "takes a word of two alphabets for a word" "src/config/typed/user.rs":
        "invisible::warn_of_mixed(reader, node, \"email\");" => "let _ = invisible::warn_of_mixed;",
        "all" "config_bad::every_mistake_is_reported_alone";
    "22j" "takes a blank at the end for nothing" "src/model/invisible.rs":
        "(!matches!(place, Place::Inside(_)) && character.is_whitespace())" => "(false && !matches!(place, Place::Inside(_)) && character.is_whitespace())",
        "lib" "model::invisible::tests::an_invisible_character_is_named";
    "22m" "takes activity that the app does not know for unread" "src/connector/scim/session.rs":
        "self.settings.absent_is_active || self.schemas" => "self.settings.absent_is_active || false && self.schemas",
        "all" "connector::schemas::a_schema_without_activity_means_that_accounts_are_on";
    "22m" "forgets that an app leaves activity out" "src/connector/scim/session.rs":
        "self.settings.absent_is_active || self.schemas" => "(false && self.settings.absent_is_active) || self.schemas",
        "all" "connector::schemas::a_schema_without_activity_means_that_accounts_are_on";
    "22o" "takes activity that is unread for none" "src/plan/people/refusal.rs":
        "Activity::Unread(why) => Some(format!(\"it cannot be said whether it is active: {why}\"))," => "Activity::Unread(_) => None,",
        "architecture" "what_was_read_is_not_taken_for_none";
    "9h" "leaves a suspended person the account while the scope is undecided" "src/resolve/desired.rs":
        "Life::Suspended if self.unknown.contains_key(&user) =>" => "Life::Suspended if false && self.unknown.contains_key(&user) =>",
        "all" "plan::rule_09_unknown::rule_09_a_suspended_person_loses_the_account_while_the_scope_is_undecided";
    "9h" "takes an end that passed for undecided" "src/resolve/past.rs":
        "if self.end.is_some_and(|end| end <= at) {" => "if false && self.end.is_some_and(|end| end <= at) {",
        "all" "plan::rule_09_unknown::rule_09_an_end_that_passed_is_known_of_earlier_commits_too";
    "13r" "forgets the role of a person who is left out by hand" "src/plan/groups/members.rs":
        "&& !is_ignored(cx, id);" => "&& (true || !is_ignored(cx, id));",
        "all" "plan::rule_13_not_judged::rule_13_the_ledger_does_not_forget_the_role_of_a_person_who_is_not_judged";
    "13r" "forgets a membership that is undecided" "src/plan/groups/members.rs":
        "let gone = known - present - wanted - &case.wanted.holders.unknown;" => "let gone = known - present - wanted;",
        "all" "plan::rule_13_not_judged::rule_13_the_ledger_does_not_forget_a_role_that_is_undecided";
    "13r" "forgets a role that is undecided" "src/plan/roles/mod.rs":
        "wanted.contains(&role) || is_undecided ||" => "wanted.contains(&role) || (false && is_undecided) ||",
        "all" "plan::rule_13_not_judged::rule_13_the_ledger_does_not_forget_a_role_that_is_undecided";
    "13p" "forgets what another hand did with the entry" "src/model/fold.rs":
        "// What another hand did is released by name only (safety.md 5, 13).
                self.interventions.remove(&(id.clone(), Hand::Remains));" => "self.interventions.retain(|(user, _), _| *user != id);",
        "all" "plan::rule_13_given_up::rule_13_an_app_that_is_taken_up_again_gives_back_no_role_that_was_taken";
    "13p" "takes an app that is given up for an edit of its people's lines" "src/plan/people/hands.rs":
        "if desired.app.removed.is_some() {" => "if false && desired.app.removed.is_some() {",
        "all" "plan::rule_13_given_up::rule_13_an_app_that_is_taken_up_again_gives_back_no_role_that_was_taken";
    "13p" "does not look before it forgets" "src/plan/people/given_up.rs":
        "stays.and(by_another_hand(cx, id, link))" => "stays",
        "all" "plan::rule_13_given_up::rule_13_an_app_that_is_taken_up_again_makes_no_account_again";
    "4j" "forgets leavers in silence" "src/plan/people/given_up.rs":
        "untouched::given_up(cx, id, link)," => "Decision::default(),",
        "all" "plan::rule_04_given_up::rule_04_an_app_that_keeps_its_accounts_names_the_leavers_it_forgets";
    "4j" "holds leavers with an app that is given up" "src/plan/people/given_up.rs":
        "let Some((user, Standing::Out(out))) = leaver else {" => "let Some((user, Standing::Out(out))) = leaver.filter(|_| false) else {",
        "all" "plan::rule_04_given_up::rule_04_what_holds_the_disabling_of_an_app_that_is_given_up_holds_no_leaver";
    "1k" "hides people out of the scope who are left out by hand" "src/plan/people/untouched.rs":
        "cx.input.desired.is_out_but_for_ignore(user)" => "super::found::loses(cx, Some(user))",
        "all" "plan::rule_02_not_linked::rule_01_an_account_that_is_left_alone_hides_nobody_who_is_out";
    "1q" "does not ask whom an interrupted run created an account for" "src/plan/people/former.rs":
        "let begun = cx.interrupted_people().filter(|id| is_absent(id));" => "let begun = cx.interrupted_people().filter(|id| false && is_absent(id));",
        "all" "plan::rule_01_former::rule_01_an_account_that_an_interrupted_run_created_is_the_persons_whom_it_was_for";
    "2n" "takes the account of somebody out of the scope for nobody's" "src/plan/people/not_linked.rs":
        "if out != OutReason::AppGivenUp);" => "if false && out != OutReason::AppGivenUp);",
        "all" "plan::rule_02_not_linked::rule_02_an_account_of_somebody_out_of_the_scope_is_theirs";
    "10b" "leaves out members about whom a person has to decide" "src/plan/groups/unmanaged_members.rs":
        "let removed = removed.and(in_question(cx, people, case, &members));" => "",
        "all" "plan::rule_02_not_linked::rule_10_an_account_in_question_is_named_as_a_member_nobody_declared";
    "15f" "turns off the account of a protected person" "src/plan/decide/unmanaged.rs":
        "|| cx.differ.protection.names_user(id)" => "",
        "all" "plan::rule_02_not_linked::rule_15_an_account_that_matches_a_protected_person_is_not_unmanaged";
    "16m" "turns off the account of somebody who starts tomorrow" "src/plan/decide/unmanaged.rs":
        "rows.filter(|row| !is_before_start(cx, row)).collect();" => "rows.filter(|row| true || !is_before_start(cx, row)).collect();",
        "all" "plan::rule_02_not_linked::rule_16_an_account_of_a_declared_person_is_not_unmanaged";
    "16m" "deletes the account of somebody out of the scope" "src/plan/decide/unmanaged.rs":
        "partition(|row| !row.candidates.is_empty());" => "partition(|row| false && !row.candidates.is_empty());",
        "all" "plan::rule_02_not_linked::rule_16_an_account_of_a_declared_person_is_not_unmanaged";
    "13q" "takes our own revocation for another hand's" "src/plan/roles/grants.rs":
        "&& interrupted::took(cx, user, role)" => "&& interrupted::took(cx, user, role) && false",
        "all" "plan::rule_13_interrupted::rule_13_a_role_that_an_interrupted_run_took_is_given_back";
    "11ae" "counts a loss that the plan takes back" "src/plan/guard/count.rs":
        "let is_lost = |loss: &&Loss| !back" => "let is_lost = |loss: &&Loss| true || !back",
        "all" "plan::rule_11_counted_once::rule_11_a_loss_that_this_plan_takes_back_leaves_the_window";
    "16n" "says nothing of roles in the former attribute" "src/plan/decide/summaries.rs":
        "return moved::left_in_app(cx);" => "return Vec::new();",
        "all" "plan::rule_16_moved_roles::rule_16_roles_that_move_to_another_attribute_are_left_in_the_former_one";
    "16n" "takes a role that stands in the former attribute for taken away" "src/plan/roles/mod.rs":
        "revalued.is_none() && !moved::is_new(cx, &roles.attribute.path) && is_given();" => "revalued.is_none() && is_given();",
        "all" "plan::rule_16_moved_roles::rule_16_roles_that_move_to_another_attribute_are_left_in_the_former_one";
}
