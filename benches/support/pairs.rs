//! Two programs run in turn; what is reported is the median of the ratios of the pairs, and both figures.

use std::time::Duration;

use super::measure::Run;

/// The figures of one comparison.
pub struct Pairs {
    ours: Vec<Run>,
    floor: Vec<Run>,
}

impl Pairs {
    /// Runs both once unmeasured, then `count` times in turn, each first as often as second.
    pub fn measure(count: usize, mut ours: impl FnMut() -> Run, mut floor: impl FnMut() -> Run) -> Pairs {
        let mut pairs = Pairs { ours: Vec::new(), floor: Vec::new() };
        ours();
        floor();
        for number in 0..count {
            let first = number % 2 == 0;
            if first {
                pairs.ours.push(ours());
            }
            pairs.floor.push(floor());
            if !first {
                pairs.ours.push(ours());
            }
        }
        pairs
    }

    /// Prints a line for wall and CPU time and for memory; `aims` are what the ratios are meant to stay below.
    pub fn report(&self, name: &str, aims: [Option<f64>; 2]) {
        let wall: fn(&Run) -> f64 = |run| millis(run.wall);
        let cpu: fn(&Run) -> f64 = |run| millis(run.cpu);
        let memory: fn(&Run) -> f64 = |run| run.peak as f64 / 1024.0;
        for (what, of, unit, aim) in
            [("wall", wall, "ms", aims[0]), ("cpu", cpu, "ms", aims[1]), ("peak", memory, "MiB", None)]
        {
            let ratios: Vec<f64> =
                self.ours.iter().zip(&self.floor).map(|(a, b)| of(a) / of(b).max(0.001)).collect();
            let [mine, floor] = [&self.ours, &self.floor].map(|runs| median(runs.iter().map(of).collect()));
            let aim = aim.map_or(String::new(), |aim| format!("  (aim: {aim:.1})"));
            println!(
                "{name:<28} {what:<5} {mine:>9.1} {unit:<3}  floor {floor:>9.1} {unit:<3}  ratio {:>6.2}{aim}",
                median(ratios)
            );
        }
    }
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The one in the middle.
pub fn median(mut of: Vec<f64>) -> f64 {
    of.sort_by(f64::total_cmp);
    let middle = of.len() / 2;
    if of.len() % 2 == 1 { of[middle] } else { (of[middle - 1] + of[middle]) / 2.0 }
}
