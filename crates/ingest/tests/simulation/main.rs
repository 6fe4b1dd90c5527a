//! A seeded simulation of everything between FREG's feed and ours: the pure halves of collecting
//! and applying, with a source, a broker and a store in memory, and whatever can go wrong between
//! two steps. A seed that fails is printed; `SIMULATION_SEED=17 cargo test -p ingest --test
//! simulation` plays it again, `SIMULATION_SEEDS=1000000` plays more of them.

mod check;
mod freg;
mod log;
mod process;
mod store;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};

use testkit::dice::Dice;

use self::check::{Reader, check};
use self::freg::Freg;
use self::process::{Applier, Bulk, Collector, World, retry};

/// How many seeds one run plays.
const SEEDS: u64 = 10_000;
/// Steps in which things happen and fail.
const STEPS: usize = 150;
/// Steps after which everything must have come to rest.
const REST_MAX: usize = 20_000;

/// One history from a seed: something happens, processes go on by one step, die, believe to be what
/// they no longer are, and a backup is restored; then everything comes to rest and is checked.
fn play(seed: u64, fenced: bool) {
    let mut dice = Dice::new(seed);
    let mut world = World { freg: Freg::new(1 + dice.below(4)), fenced, ..World::default() };
    let mut collectors = [Collector::default(), Collector::default()];
    let mut appliers = [Applier::default(), Applier::default()];
    let mut bulk = Some(Bulk::order(&world.freg));
    let mut backup = world.store.clone();
    let (mut reader, mut decided) = (Reader::default(), Vec::new());
    for _ in 0..STEPS {
        let which = dice.below(2);
        match dice.below(100) {
            0..20 => world.freg.happen(&mut dice),
            20..45 => collectors[which].step(&mut world, &mut dice),
            45..80 => appliers[which].step(&mut world, &mut decided, &mut dice),
            80..90 => step_bulk(&mut bulk, &mut world, &mut dice),
            90 => collectors[which] = Collector::default(),
            91 => appliers[which] = Applier::default(),
            92 => backup = world.store.clone(),
            93 if dice.percent(20) => {
                reader.restored(&mut world.store, &backup);
                appliers = Default::default();
                // A load that the backup does not know of is begun again.
                if world.store.cursor.is_none() {
                    bulk = Some(Bulk::order(&world.freg));
                }
            }
            94 => retry(&mut world, &mut decided),
            95 if bulk.is_none() && dice.percent(30) => bulk = Some(Bulk::order(&world.freg)),
            _ => reader.read(&world.store),
        }
    }
    world.freg.mend();
    for _ in 0..REST_MAX {
        step_bulk(&mut bulk, &mut world, &mut dice);
        collectors[0].step(&mut world, &mut dice);
        appliers[0].step(&mut world, &mut decided, &mut dice);
        if bulk.is_none() && check::is_at_rest(&world) {
            if world.store.park.is_empty() {
                reader.read(&world.store);
                return check(&world, &reader);
            }
            if decided.is_empty() {
                retry(&mut world, &mut decided);
            }
        }
    }
    panic!("it does not come to rest");
}

fn step_bulk(bulk: &mut Option<Bulk>, world: &mut World, dice: &mut Dice) {
    if let Some(load) = bulk
        && load.step(world, dice)
    {
        *bulk = None;
    }
}

/// The first of these seeds that fails.
fn first_failure(seeds: std::ops::Range<u64>, fenced: bool) -> Option<u64> {
    let (next, failed) = (AtomicU64::new(seeds.start), AtomicU64::new(u64::MAX));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while failed.load(Ordering::Relaxed) == u64::MAX {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end {
                        break;
                    }
                    if catch_unwind(AssertUnwindSafe(|| play(seed, fenced))).is_err() {
                        failed.fetch_min(seed, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    let failed = failed.into_inner();
    (failed != u64::MAX).then_some(failed)
}

fn asked(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("a seed is a number"))
}

#[test]
fn whatever_fails_nothing_is_lost_doubled_or_out_of_order() {
    if let Some(seed) = asked("SIMULATION_SEED") {
        return play(seed, true);
    }
    let seeds = 0..asked("SIMULATION_SEEDS").unwrap_or(SEEDS);
    if let Some(seed) = first_failure(seeds, true) {
        panic!("SIMULATION_SEED={seed} fails");
    }
}

/// Without the fence two processes write what only one may: the checker must see it.
#[test]
fn a_register_without_a_fence_is_caught() {
    std::panic::set_hook(Box::new(|_| {}));
    let failure = first_failure(0..200, false);
    drop(std::panic::take_hook());
    assert!(failure.is_some(), "two hundred histories without a fence, and nothing is noticed");
}
