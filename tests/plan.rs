//! The plan, as a specification: given this repository, this app and this ledger, the plan is exactly this one.
//!
//! The name of a test begins with its rule of `docs/safety.md`, or with `design_1` for declarations. `plan/world.rs`
//! says how a test is written.

mod act;
mod notation;
mod outcome;
mod world;

mod design_1_people;
mod design_1_scope;
mod rule_01_again;
mod rule_01_creation;
mod rule_01_former;
mod rule_01_links;
mod rule_01_logins;
mod rule_01_our_id;
mod rule_01_reset;
mod rule_01_still_has_access;
mod rule_02_adoption;
mod rule_02_claims;
mod rule_02_former_values;
mod rule_02_lines;
mod rule_02_listings;
mod rule_02_not_linked;
mod rule_03_renames;
mod rule_03_vanished;
mod rule_04_given_up;
mod rule_04_groups_and_apps;
mod rule_04_same_group;
mod rule_05_first_apply;
mod rule_05_open_intents;
mod rule_05_own_word;
mod rule_07_clock;
mod rule_08_kept;
mod rule_08_rollback;
mod rule_09_unknown;
mod rule_10_adoption;
mod rule_10_former_values;
mod rule_10_membership;
mod rule_10_moved_values;
mod rule_10_nested;
mod rule_11_counted_once;
mod rule_11_gain;
mod rule_11_guards;
mod rule_11_held_values;
mod rule_11_holds;
mod rule_11_power;
mod rule_11_source;
mod rule_11_takeover;
mod rule_11_undo;
mod rule_11_unmatched;
mod rule_11_unread_holds;
mod rule_11_widened;
mod rule_12_leaving;
mod rule_13_drift;
mod rule_13_given_up;
mod rule_13_interrupted;
mod rule_13_not_judged;
mod rule_13_other_hands;
mod rule_13_own_word;
mod rule_13_undeclared_power;
mod rule_14_enable;
mod rule_14_order;
mod rule_15_beyond;
mod rule_15_protect;
mod rule_16_life;
mod rule_16_moved_roles;
mod rule_16_tombstones;
mod rule_17_time;
mod rule_22_activity;
mod rule_22_listings;
mod rule_22_members;
mod rule_22_roles;
mod rule_22_schemas;

mod order_free;
