//! Kills at random moments leave the register as if nothing had happened.
//!
//! `FAULT_KILLS=200` asks for more of them, `FAULT_SEED=17` for the moments of an earlier run.

use std::time::{Duration, SystemTime};

use crate::checker::Model;
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
    let mut dice = Dice::from_environment();
    let sandbox = sandbox(PERSONS, 42).await;
    let register = Register::of(&sandbox).await;
    let mut halves = HALVES.map(|half| register.start(half));
    let mut bulk = register.start(&["bulk", "--publish-only"]);
    for kill in 0..kills {
        happen(&sandbox, &mut dice).await;
        tokio::time::sleep(Duration::from_millis(dice.below(700))).await;
        let which = dice.below(2) as usize;
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
    register.await_sequence(sandbox.last_sequence().await).await;
    let mut model = Model::of(&sandbox, &register.database).await;
    // FREG may answer for a number newer than for its neighbour, as when a split lies where lookups
    // by number end: then an operator has to try again.
    let parked = register.database.fetch_text("select id::text from parked").await.len();
    if parked > 0 {
        let (status, said) = register.said(&["ingest", "parked", "retry", "--all", "--fetch"]);
        assert!(status.success(), "{parked} were parked, and stay: {said}");
        println!("{parked} records were parked, and tried again");
        model.drained = true;
    }
    let verdict = model.check(&register.database).await;
    verdict.must_be_clean(&format!("{kills} kills with FAULT_SEED={}", dice.seed));
    halves.into_iter().for_each(Process::kill);
}

/// A few things happen, now and then many.
async fn happen(sandbox: &RunningSandbox, dice: &mut Dice) {
    let count = if dice.below(10) == 0 { 40 } else { 4 };
    for _ in 0..count {
        sandbox.change(CHANGES[dice.below(CHANGES.len() as u64) as usize]).await;
    }
}

/// What the environment asks for instead of the usual.
pub fn asked(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("a number"))
}

/// Chance from a seed that is told, so that it can be given.
pub struct Dice {
    pub seed: u64,
    state: u64,
}

impl Dice {
    pub fn from_environment() -> Dice {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
        let seed = asked("FAULT_SEED").unwrap_or(u64::from(now.subsec_nanos()));
        println!("FAULT_SEED={seed}");
        Dice { seed, state: seed }
    }

    /// From 0 to below `end`, which is not 0.
    pub fn below(&mut self, end: u64) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }
}
