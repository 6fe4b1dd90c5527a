//! Kills at random moments leave the register as if nothing had happened.
//!
//! `FAULT_KILLS=200` asks for more of them, `FAULT_SEED=17` for the moments of an earlier run.

use std::time::{Duration, SystemTime};

use testkit::dice::Dice;

use crate::checker::check;
use crate::register::{Process, Register, RunningSandbox, sandbox};

const KILLS: u64 = 10;
const PERSONS: u64 = 3_000;
/// What happens in FREG meanwhile.
const CHANGES: [&str; 8] = [
    "move",
    "marriage",
    "d-number-to-foedselsnummer",
    "merge",
    "name",
    "split",
    "birth",
    "protection",
];

/// The halves of ingest, each a process of its own.
const HALVES: [&[&str]; 2] = [&["ingest", "collect"], &["ingest", "apply"]];

#[tokio::test(flavor = "multi_thread")]
async fn kills_at_random_moments_leave_no_trace() {
    let kills = asked("FAULT_KILLS").unwrap_or(KILLS);
    let mut dice = dice();
    let sandbox = sandbox(PERSONS, 42).await;
    let register = Register::of(&sandbox).await;
    let mut halves = HALVES.map(|half| register.start(half));
    let mut bulk = register.start(&["bulk", "--publish-only"]);
    for kill in 0..kills {
        happen(&sandbox, &mut dice).await;
        tokio::time::sleep(Duration::from_millis(dice.below(700) as u64)).await;
        let which = dice.below(2);
        let next = register.start(HALVES[which]);
        std::mem::replace(&mut halves[which], next).kill();
        // The load itself is killed too, once; later kills meet the change feed.
        if kill == 2 {
            bulk.kill();
            bulk = register.start(&["bulk", "--publish-only"]);
        }
        if kill == kills / 2 {
            bulk.finish().await;
            bulk = register.start(&["bulk", "--publish-only"]);
        }
    }
    bulk.finish().await;
    // Finds nothing left to publish, and ends when all that was published is applied.
    register.start(&["bulk"]).finish().await;
    let after = format!("{kills} kills with FAULT_SEED={}", dice.seed);
    check(&register, &sandbox, &after).await;
    halves.into_iter().for_each(Process::kill);
}

/// A few things happen, now and then many.
async fn happen(sandbox: &RunningSandbox, dice: &mut Dice) {
    let count = if dice.below(10) == 0 { 40 } else { 4 };
    for _ in 0..count {
        sandbox.change(CHANGES[dice.below(CHANGES.len())]).await;
    }
}

/// What the environment asks for instead of the usual.
pub fn asked(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("a number"))
}

/// Chance from a seed that is told, so that it can be given.
pub fn dice() -> Dice {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let seed = asked("FAULT_SEED").unwrap_or(u64::from(now.subsec_nanos()));
    println!("FAULT_SEED={seed}");
    Dice::new(seed)
}
