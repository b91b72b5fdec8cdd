//! A company of a given size, the same for the same seed.

use super::random::Random;

/// How large a company is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    pub users: usize,
    pub groups: usize,
    pub memberships: usize,
    /// YAML files besides rolecall.yaml.
    pub files: usize,
}

impl Size {
    /// A company of so many people, in the proportions of the largest: 100,000 people, 2,000 groups, 484,000
    /// memberships, 250 files.
    pub fn of(users: usize) -> Size {
        Size {
            users,
            groups: (users / 50).max(4),
            memberships: users * 484 / 100,
            files: (users / 400).max(5),
        }
    }
}

pub struct Person {
    pub id: String,
    pub given: &'static str,
    pub family: String,
    pub email: String,
    pub title: String,
    pub department: &'static str,
    /// Number of the manager; the first person has none.
    pub manager: Option<usize>,
    pub start: String,
    pub number: String,
    pub cost_center: String,
    pub location: &'static str,
    pub contractor: bool,
}

pub struct Group {
    pub id: String,
    pub name: String,
    /// Numbers of people, each once.
    pub members: Vec<usize>,
}

pub struct Company {
    pub size: Size,
    pub people: Vec<Person>,
    pub groups: Vec<Group>,
}

const GIVEN: [&str; 24] = [
    "Ada", "Bruno", "Chiara", "Dmitri", "Elif", "Farah", "Grace", "Hiro", "Inês", "Jonas", "Kofi", "Lena",
    "Maya", "Noor", "Omar", "Priya", "Quentin", "Ruth", "Søren", "Tomás", "Uma", "Victor", "Wanda", "Zoë",
];
const FAMILY: [&str; 20] = [
    "Adeyemi",
    "Becker",
    "Cohen",
    "Duarte",
    "Eriksen",
    "Fischer",
    "García",
    "Haddad",
    "Ivanova",
    "Jensen",
    "Kaya",
    "Lindqvist",
    "Martin",
    "Nair",
    "Okafor",
    "Petrov",
    "Rossi",
    "Silva",
    "Tanaka",
    "Weber",
];
const DEPARTMENTS: [&str; 12] = [
    "Engineering",
    "Sales",
    "Finance",
    "Marketing",
    "Operations",
    "Support",
    "Legal",
    "Research",
    "Facilities",
    "Procurement",
    "Security",
    "People",
];
const LEVELS: [&str; 5] = ["Junior", "Associate", "Senior", "Principal", "Lead"];
const TITLES: [&str; 8] =
    ["Analyst", "Engineer", "Accountant", "Consultant", "Specialist", "Planner", "Coordinator", "Architect"];
const LOCATIONS: [&str; 6] = ["Berlin", "Lisbon", "Lagos", "Osaka", "Toronto", "Pune"];

impl Company {
    pub fn generate(size: Size, seed: u64) -> Company {
        let mut random = Random::new(seed);
        let people = (0..size.users).map(|number| person(number, &mut random)).collect();
        let groups = groups(size, &mut random);
        Company { size, people, groups }
    }

    /// Gives every n-th person another title.
    pub fn promote(&mut self, every: usize) {
        for person in self.people.iter_mut().step_by(every) {
            person.title = format!("Chief {}", person.title);
        }
    }
}

fn person(number: usize, random: &mut Random) -> Person {
    let given = random.pick(&GIVEN);
    let family = random.pick(&FAMILY).to_owned();
    let id = format!("u{number:06}");
    Person {
        email: format!("{id}.{}@acme.example", ascii(&family)),
        given,
        title: format!("{} {}", random.pick(&LEVELS), random.pick(&TITLES)),
        department: random.pick(&DEPARTMENTS),
        manager: (number > 0).then_some(number / 8),
        start: format!(
            "20{:02}-{:02}-{:02}",
            10 + random.below(16),
            1 + random.below(12),
            1 + random.below(28)
        ),
        number: format!("{:07}", 1_000_000 + number),
        cost_center: format!("C-{:03}", random.below(1000)),
        location: random.pick(&LOCATIONS),
        contractor: random.below(10) == 0,
        family,
        id,
    }
}

fn ascii(text: &str) -> String {
    text.chars().filter(char::is_ascii).collect::<String>().to_lowercase()
}

/// Groups of many sizes: some hold thousands, most a few.
fn groups(size: Size, random: &mut Random) -> Vec<Group> {
    let weights: Vec<f64> = (0..size.groups).map(|number| 1.0 / (number as f64 + 20.0).sqrt()).collect();
    let whole: f64 = weights.iter().sum();
    let mut groups = Vec::with_capacity(size.groups);
    for (number, weight) in weights.iter().enumerate() {
        let count = (size.memberships as f64 * weight / whole).round() as usize;
        groups.push(Group {
            id: format!("g{number:05}"),
            name: format!("{} {number:05}", random.pick(&DEPARTMENTS)),
            members: spread(count.clamp(1, size.users), size.users, random),
        });
    }
    groups
}

/// `count` different numbers below `limit`: steps of a length that has no divisor in common with it.
fn spread(count: usize, limit: usize, random: &mut Random) -> Vec<usize> {
    let first = random.below(limit);
    let mut step = 1 + random.below(limit);
    while divisor(step, limit) != 1 {
        step += 1;
    }
    let mut members: Vec<usize> = (0..count).map(|at| (first + at * step) % limit).collect();
    members.sort_unstable();
    members
}

fn divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { divisor(b, a % b) }
}
