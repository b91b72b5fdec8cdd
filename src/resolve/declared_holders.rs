//! Holders by declaration: the people whom lines of the repository lead to, with the times at which they do. Time alone
//! never changes it (safety.md 13); who holds something at one instant is [`Holders`](super::Holders).

use std::collections::{BTreeMap, BTreeSet};

use roaring::RoaringBitmap;

use crate::model::UserNo;
use crate::model::member::{Member, Principal};
use crate::model::time::{Timestamp, Window};

/// People, and the windows in which lines lead to them. Cheap where no line has a window.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DeclaredHolders {
    /// By some chain without a window.
    always: RoaringBitmap,
    /// By chains of which every line has to hold.
    bounded: BTreeMap<UserNo, BTreeSet<Window>>,
}

impl DeclaredHolders {
    /// Of member lines, given those of all groups they may name, and whom a rule leads to.
    pub fn of(members: &[Member], groups: &[DeclaredHolders], rule: RoaringBitmap) -> Self {
        let mut lines = Self { always: rule, ..Self::default() };
        for member in members {
            let window = member.window();
            match member.principal {
                Principal::User(user) => lines.add(user, window),
                Principal::Group(group) => {
                    let inner = &groups[group.index()];
                    if window == Window::ALWAYS {
                        lines.always |= &inner.always;
                    } else {
                        inner.always.iter().for_each(|user| lines.add(UserNo(user), window));
                    }
                    for (user, windows) in &inner.bounded {
                        windows.iter().for_each(|one| lines.add(*user, one.within(window)));
                    }
                }
            }
        }
        lines
    }

    /// Takes in the lines of another assignment of the same role.
    pub fn merge(&mut self, other: DeclaredHolders) {
        self.always |= other.always;
        for (user, windows) in other.bounded {
            windows.into_iter().for_each(|window| self.add(user, window));
        }
    }

    fn add(&mut self, user: UserNo, window: Window) {
        if window == Window::ALWAYS {
            self.always.insert(user.0);
        } else if !window.is_empty() {
            self.bounded.entry(user).or_default().insert(window);
        }
    }

    /// When lines that lead to this person end, in any order.
    pub fn ends(&self, user: UserNo) -> impl Iterator<Item = Timestamp> {
        self.bounded.get(&user).into_iter().flatten().filter_map(|window| window.end)
    }

    /// The windows in which the lines lead to this person; windows that meet are one.
    pub fn windows(&self, user: UserNo) -> Vec<Window> {
        if self.always.contains(user.0) {
            return vec![Window::ALWAYS];
        }
        let mut joined: Vec<Window> = Vec::new();
        // In order of their starts.
        for window in self.bounded.get(&user).into_iter().flatten() {
            match joined.last_mut() {
                Some(last) if last.end.is_none_or(|end| window.start <= Some(end)) => {
                    last.end = last.end.zip(window.end).map(|(one, other)| one.max(other));
                }
                _ => joined.push(*window),
            }
        }
        joined
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_that_meet_are_one_however_they_are_written() {
        let at = |second| Timestamp::from_second(second).ok();
        let window = |start, end| Window { start: at(start), end: at(end) };
        let mut lines = DeclaredHolders::default();
        let user = UserNo(1);
        for one in [window(20, 30), window(0, 10), window(10, 20), window(40, 50), window(60, 55)] {
            lines.add(user, one);
        }
        assert_eq!(lines.windows(user), [window(0, 30), window(40, 50)]);
        lines.add(user, Window::ALWAYS);
        assert_eq!(lines.windows(user), [Window::ALWAYS]);
        assert_eq!(lines.windows(UserNo(2)), []);
    }
}
