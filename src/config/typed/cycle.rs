//! Groups that are members of themselves, at any depth.

use crate::model::member::Principal;
use crate::model::{Diagnostic, Group, Span};

/// More cycles than this, or more steps of one, help nobody.
const MOST: usize = 20;

const CODE: &str = "group-cycle";

/// Reports every cycle of nested groups once, with the line of each step. Depth does not use the stack.
pub fn check(groups: &[Group], found: &mut Vec<Diagnostic>) {
    let edges: Vec<Vec<(usize, Span)>> = groups
        .iter()
        .map(|group| {
            let nested = group.members.iter().filter_map(|member| match member.principal {
                Principal::Group(number) => Some((number.index(), member.span)),
                Principal::User(_) => None,
            });
            nested.collect()
        })
        .collect();
    let mut state = vec![State::New; groups.len()];
    for start in 0..groups.len() {
        if state[start] == State::New {
            walk(start, groups, &edges, &mut state, found);
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    Open,
    Done,
}

fn walk(
    start: usize,
    groups: &[Group],
    edges: &[Vec<(usize, Span)>],
    state: &mut [State],
    found: &mut Vec<Diagnostic>,
) {
    // The way from `start`, and for each step the next edge to follow.
    let mut way: Vec<(usize, usize)> = vec![(start, 0)];
    state[start] = State::Open;
    while let Some((group, edge)) = way.last_mut() {
        let Some((next, _)) = edges[*group].get(*edge).copied() else {
            state[*group] = State::Done;
            way.pop();
            continue;
        };
        *edge += 1;
        match state[next] {
            State::New => {
                state[next] = State::Open;
                way.push((next, 0));
            }
            State::Open if found.iter().filter(|d| d.code == CODE).count() < MOST => {
                let from = way.iter().position(|(group, _)| *group == next).unwrap_or(0);
                found.push(cycle(&way[from..], groups, edges));
            }
            State::Open | State::Done => {}
        }
    }
}

fn cycle(way: &[(usize, usize)], groups: &[Group], edges: &[Vec<(usize, Span)>]) -> Diagnostic {
    let mut names: Vec<&str> = way.iter().map(|(group, _)| groups[*group].id.as_str()).collect();
    names.push(names[0]);
    let shown = if names.len() <= MOST {
        names.join(" -> ")
    } else {
        let (first, last) = (&names[..MOST / 2], &names[names.len() - MOST / 2..]);
        format!("{} -> … -> {}", first.join(" -> "), last.join(" -> "))
    };
    let lines: Vec<Span> = way.iter().map(|(group, edge)| edges[*group][edge - 1].1).collect();
    let mut diagnostic =
        Diagnostic::error(CODE, lines.last().copied(), format!("groups contain each other: {shown}"))
            .with_hint("remove one of these lines");
    for (step, line) in lines.iter().enumerate() {
        let text = format!("{} -> {}", names[step], names[step + 1]);
        if step + 1 == lines.len() {
            diagnostic = diagnostic.with_label(text);
        } else if step < MOST {
            diagnostic = diagnostic.with_related(*line, text);
        }
    }
    diagnostic
}
