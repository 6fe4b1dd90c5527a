//! Prints how many person documents a second one core makes, how large they are, and the memory.
//!
//! `cargo run --example throughput -p sandbox -- 100000`

use std::time::Instant;

use sandbox::population::Population;

fn main() {
    let persons = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(50_000);
    let population = Population::new(1, persons);
    let start = Instant::now();
    let bytes: usize = (0..persons).map(|index| population.document(index).len()).sum();
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{persons} documents in {seconds:.2} s: {:.0} a second, {} bytes on average",
        persons as f64 / seconds,
        bytes as u64 / persons.max(1),
    );
    // On Linux alone.
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    for line in status.lines().filter(|line| line.starts_with("VmHWM")) {
        println!("{line} at most, for everything");
    }
}
