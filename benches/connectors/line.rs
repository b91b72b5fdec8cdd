//! One line for each measurement.

/// A figure beside what it is compared with.
pub struct Line<'l> {
    pub name: &'l str,
    pub figure: f64,
    pub unit: &'l str,
    /// What it is compared with, in words.
    pub beside: &'l str,
    pub other: f64,
    /// The most that the figure may be, as a multiple of the other one.
    pub aim: f64,
}

impl Line<'_> {
    pub fn print(&self) {
        let Line { name, figure, unit, beside, other, aim } = self;
        let ratio = figure / other.max(f64::MIN_POSITIVE);
        let told = told(ratio <= *aim);
        println!(
            "{name:<34} {figure:>9.2} {unit:<8} {beside} {other:.2}, ratio {ratio:.3} (aim: at most {aim})  {told}"
        );
    }
}

/// A number that has a limit of its own.
pub fn count(name: &str, figure: u64, most: u64, what: &str) {
    println!("{name:<34} {figure:>9} {what} (aim: at most {most})  {}", told(figure <= most));
}

fn told(is_met: bool) -> &'static str {
    if is_met { "met" } else { "MISSED" }
}
